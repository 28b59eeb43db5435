"""Parts of one transformation, and which parties let which others follow a thing through their events."""

from alembic import op

revision = "prove_0004"
down_revision = "prove_0003"
branch_labels = None
depends_on = None

# trace_grant.item_key: -1 all things, else the events that name this thing.
TABLES = """
create table transformation_part (
    org_id uuid not null,
    entry_id bigint not null,
    mark bigint not null,
    primary key (org_id, entry_id)
);
create index transformation_part_by_mark on transformation_part (org_id, mark, entry_id);

create table trace_grant (
    org_id uuid not null,
    grantee uuid not null,
    item_key bigint not null default -1,
    since timestamptz not null default now(),
    primary key (org_id, grantee, item_key),
    check (item_key >= -1),
    check (org_id <> grantee)
);
create index trace_grant_by_grantee on trace_grant (grantee, org_id);
"""

OWN = "org_id = nullif(current_setting('takeback.org', true), '')::uuid"
GIVEN = "grantee = nullif(current_setting('takeback.org', true), '')::uuid"

POLICIES = f"""
create policy tenant on transformation_part using ({OWN});
create policy tenant on trace_grant using ({OWN});
create policy grantee on trace_grant for select using ({GIVEN});
"""

GRANTS = """
grant select, insert on transformation_part to takeback_app;
grant select, insert, delete on trace_grant to takeback_app
"""


def upgrade() -> None:
    """Create both tables."""
    _run(TABLES.split(";"))
    for table in ("transformation_part", "trace_grant"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
    _run(POLICIES.split(";"))
    _run(GRANTS.split(";"))
    op.execute(
        "create trigger append_only before update or delete or truncate on transformation_part "
        "for each statement execute function takeback_refuse_change()"
    )


def _run(statements: list[str]) -> None:
    for statement in filter(str.strip, statements):
        op.execute(statement)
