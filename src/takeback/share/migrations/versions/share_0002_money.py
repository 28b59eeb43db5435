"""Books that balance: postings sum to zero, no account is below nothing; no invoice and no hour is claimed twice."""

from alembic import op

revision = "share_0002_money"
down_revision = "share_0001_centre"
branch_labels = None
depends_on = None

OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"
NOBODY = "00000000-0000-0000-0000-000000000000"  # the project of money that no project has

# Money moved by nobody before this revision: there are no balances to keep.
BALANCE = f"""
drop table centre_balance;
create table centre_balance (
    org_id uuid not null,
    fund_id uuid not null,
    account text not null collate "C",
    project_id uuid not null default '{NOBODY}',
    amount bigint not null,
    primary key (org_id, fund_id, account, project_id),
    constraint centre_balance_not_negative check (case when account like 'source:%' then amount <= 0 else amount >= 0 end)
);
create index centre_balance_by_project on centre_balance (org_id, project_id);

create table centre_invoice (
    org_id uuid not null,
    supplier text not null collate "C",
    number text not null collate "C",
    record_id uuid not null,
    entry_id bigint not null,
    primary key (org_id, supplier, number)
);
create index centre_invoice_by_record on centre_invoice (org_id, record_id);

create table centre_hours (
    org_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    project_id uuid not null,
    lane bigint not null check (lane between 0 and 4503599627370495),
    begin_s bigint not null,
    end_s bigint not null,
    entry_id bigint not null,
    primary key (org_id, id),
    check (begin_s < end_s),
    -- A person's time is a lane, as a place of a resource is in centre_booking.
    constraint centre_hours_once exclude using gist (
        box(point(lane::float8, begin_s::float8), point(lane::float8, end_s::float8 - 0.5)) with &&
    )
);
create index centre_hours_by_person on centre_hours (org_id, person_id, begin_s)
"""

TRIGGER = f"""
create function centre_balance_postings() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select entry_id, fund_id, sum(amount) as off into wrong
    from added group by org_id, entry_id, fund_id having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'entry %: its postings in fund % are off by %', wrong.entry_id, wrong.fund_id, wrong.off
            using errcode = 'check_violation';
    end if;
    -- A check sees the row that is proposed, not what it is added to: so first the row, then the sum.
    insert into centre_balance (org_id, fund_id, account, project_id, amount)
    select distinct org_id, fund_id, account, coalesce(project_id, '{NOBODY}'::uuid), 0 from added
    on conflict do nothing;
    update centre_balance b set amount = b.amount + a.amount from (
        select org_id, fund_id, account, coalesce(project_id, '{NOBODY}'::uuid) as project_id, sum(amount) as amount
        from added group by 1, 2, 3, 4
    ) a where (b.org_id, b.fund_id, b.account, b.project_id) = (a.org_id, a.fund_id, a.account, a.project_id);
    return null;
end $$
"""

TRIGGERS = """
create trigger balanced after insert on centre_posting referencing new table as added
    for each statement execute function centre_balance_postings();
create trigger append_only before update on centre_posting for each statement execute function takeback_refuse_change()
"""


def upgrade() -> None:
    """Create the tables and what keeps them right."""
    for statement in filter(str.strip, BALANCE.split(";")):
        op.execute(statement)
    op.execute(TRIGGER)
    for statement in TRIGGERS.split(";"):
        op.execute(statement)
    for table in ("centre_balance", "centre_invoice", "centre_hours"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
        op.execute(f"grant select, insert, update, delete on {table} to takeback_app")
