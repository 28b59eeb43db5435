"""A centre's desk: lists that wait to be entered, what their columns meant before, notices to people; quick search."""

from alembic import op

revision = "share_0005_desk"
down_revision = "share_0004_talent"
branch_labels = None
depends_on = None

# What is searched: the words and numbers of a record, not the names of its fields. The values of a record are read
# once, when it is written: at each search only a column of small letters is looked through.
SEARCH = """
create function centre_record_words(title text, facts jsonb) returns text language sql immutable parallel safe as $$
    select lower(title || ' ' || coalesce(string_agg(value #>> '{}', ' '), ''))
    from jsonb_path_query(facts, 'strict $.** ? (@.type() == "string" || @.type() == "number")') value
$$
"""
WORDS = """
alter table centre_record add column words text collate "C" generated always as (centre_record_words(title, facts))
    stored
"""

# The content of a list may name people: it stays until the list is entered, or a day.
TABLES = """
create table centre_list (
    org_id uuid not null,
    id uuid not null,
    kind text not null collate "C",
    file_name text not null,
    sheet text,
    mapping jsonb,
    examined jsonb,
    content bytea,
    person_id uuid,
    added_at timestamptz not null default now(),
    entered integer,
    primary key (org_id, id)
);
create index centre_list_by_time on centre_list (org_id, added_at);

create table centre_list_column (
    org_id uuid not null,
    kind text not null collate "C",
    header text not null collate "C",
    field text not null collate "C",
    primary key (org_id, kind, header)
);

create table centre_notice (
    org_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    code text not null collate "C",
    about text not null collate "C",
    once text not null collate "C",
    said jsonb not null,
    at timestamptz not null,
    read_at timestamptz,
    primary key (org_id, id),
    unique (org_id, person_id, code, about, once),
    foreign key (org_id, person_id) references centre_person_name (org_id, id) on delete cascade
);
create index centre_notice_by_person on centre_notice (org_id, person_id, at desc);
create index centre_notice_unread on centre_notice (org_id, person_id) where read_at is null
"""

TENANTS = ("centre_list", "centre_list_column", "centre_notice")
OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"


def upgrade() -> None:
    """Create the tables and the column that is searched."""
    op.execute(SEARCH)
    op.execute(WORDS)
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
        op.execute(f"grant select, insert, update, delete on {table} to takeback_app")
