"""The centre: persons and their roles, records of every kind, money, bookings, files; each centre sees its own rows."""

from alembic import op

revision = "share_0001_centre"
down_revision = None
branch_labels = ("share",)
depends_on = ("operate_0008_collection_day", "prove_0009")

IDENTITY = """
alter table organisation drop constraint organisation_kind_check;
alter table organisation add constraint organisation_kind_check
    check (kind in ('enterprise', 'university', 'institute', 'authority', 'centre'));
alter table membership drop constraint membership_role_check;
alter table membership add constraint membership_role_check
    check (role in ('owner', 'manager', 'operator', 'auditor', 'viewer', 'participant'));
alter table invitation drop constraint invitation_role_check;
alter table invitation add constraint invitation_role_check
    check (role in ('owner', 'manager', 'operator', 'auditor', 'viewer', 'participant'))
"""

# A person's name and address stand in centre_person_name alone, which is not in the ledger and can be erased.
TABLES = """
create table centre_person (
    org_id uuid not null,
    id uuid not null,
    member_id uuid,
    roles text[] not null,
    consents text[] not null default '{}',
    withdrawn_at timestamptz,
    entry_id bigint not null,
    primary key (org_id, id)
);

create table centre_person_name (
    org_id uuid not null,
    id uuid not null,
    user_id uuid references user_account,
    name text not null check (name <> ''),
    name_zh text not null default '',
    email text collate "C",
    primary key (org_id, id),
    unique (org_id, user_id)
);

create table centre_record (
    org_id uuid not null,
    id uuid not null,
    kind text not null collate "C",
    version integer not null check (version > 0),
    state text not null collate "C",
    title text not null,
    parent_id uuid,
    person_id uuid,
    member_id uuid,
    year integer,
    facts jsonb not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    first_entry bigint not null,
    entry_id bigint not null,
    primary key (org_id, id)
);
create index centre_record_by_kind on centre_record (org_id, kind, state, changed_at desc);
create index centre_record_by_parent on centre_record (org_id, parent_id, kind);
create index centre_record_by_person on centre_record (org_id, person_id, kind);
create index centre_record_by_year on centre_record (org_id, kind, year);

create table centre_posting (
    org_id uuid not null,
    entry_id bigint not null,
    place integer not null,
    account text not null collate "C",
    fund_id uuid not null,
    project_id uuid,
    record_id uuid not null,
    amount bigint not null check (amount <> 0),
    at timestamptz not null,
    primary key (org_id, entry_id, place)
);
create index centre_posting_by_fund on centre_posting (org_id, fund_id, account);
create index centre_posting_by_project on centre_posting (org_id, project_id, account);

create table centre_balance (
    org_id uuid not null,
    fund_id uuid not null,
    account text not null collate "C",
    amount bigint not null,
    primary key (org_id, fund_id, account)
);

create table centre_booking (
    org_id uuid not null,
    id uuid not null,
    resource_id uuid not null,
    lane bigint not null check (lane between 0 and 4503599627370495),
    person_id uuid not null,
    project_id uuid,
    begins timestamptz not null,
    ends timestamptz not null,
    begin_s bigint not null,
    end_s bigint not null,
    state text not null check (state in ('booked', 'used', 'cancelled')),
    entry_id bigint not null,
    primary key (org_id, id),
    check (begins < ends and begin_s < end_s),
    -- Two bookings of a lane that overlap are two boxes that do: core PostgreSQL, without an extension. A lane is a
    -- place of a resource, as a number that a double holds exactly. Seconds are those since 1970.
    constraint centre_booking_no_clash exclude using gist (
        box(point(lane::float8, begin_s::float8), point(lane::float8, end_s::float8 - 0.5)) with &&
    ) where (state <> 'cancelled')
);
create index centre_booking_by_resource on centre_booking (org_id, resource_id, begins);

create table centre_file (
    org_id uuid not null,
    id uuid not null,
    record_id uuid not null,
    name text not null check (name <> ''),
    media_type text not null,
    sha256 bytea not null check (length(sha256) = 32),
    size integer not null check (size >= 0),
    content bytea not null,
    added_at timestamptz not null,
    person_id uuid not null,
    primary key (org_id, id)
);
create index centre_file_by_record on centre_file (org_id, record_id)
"""

TENANTS = (
    "centre_person", "centre_person_name", "centre_record", "centre_posting", "centre_balance", "centre_booking",
    "centre_file",
)  # fmt: skip
OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"


def upgrade() -> None:
    """Create the tables."""
    for statement in filter(str.strip, (IDENTITY + ";" + TABLES).split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
        op.execute(f"grant select, insert, update, delete on {table} to takeback_app")
