"""Running numbers as runs: a row for what a transaction numbers together, no longer one for each entry."""

from alembic import op

revision = "prove_0011"
down_revision = "prove_0010"
branch_labels = None
depends_on = None

TABLE = """
create table number_run (
    org_id uuid not null,
    number bigint not null,
    entry_id bigint not null,
    count bigint not null check (count > 0),
    primary key (org_id, number),
    unique (org_id, entry_id)
)
"""
# A run ends where the next number belongs to another id than the next one.
FILL = """
insert into number_run (org_id, number, entry_id, count)
select org_id, min(number), min(entry_id), count(*)
from (
    select org_id, number, entry_id, count(*) filter (where begins) over (partition by org_id order by number) as run
    from (
        select org_id, number, entry_id,
               (lag(number) over w, lag(entry_id) over w) is distinct from (number - 1, entry_id - 1) as begins
        from entry_number window w as (partition by org_id order by number)
    ) each
) numbered
group by org_id, run
"""


def upgrade() -> None:
    """Make the runs of all tenants, as the owner; the rows of before go."""
    op.execute(TABLE)
    op.execute("alter table entry_number no force row level security")
    op.execute(FILL)
    op.execute("drop table entry_number")
    op.execute("alter table number_run enable row level security")
    op.execute("alter table number_run force row level security")
    op.execute(
        "create policy tenant on number_run "
        "using (org_id = (select nullif(current_setting('takeback.org', true), '')::uuid))"
    )
    op.execute(
        "create trigger append_only before update or delete or truncate on number_run "
        "for each statement execute function takeback_refuse_change()"
    )
    op.execute("alter table number_run alter column org_id set statistics 0")
    op.execute("grant select, insert on number_run to takeback_app")
