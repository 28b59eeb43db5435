"""Cosignatures of witnesses, personal data that can be erased, maps of what is complete."""

from alembic import op

revision = "prove_0003"
down_revision = "prove_0002"
branch_labels = None
depends_on = None

TABLES = """
create table cosignature (
    size bigint not null,
    witness text not null,
    seconds bigint not null,
    line text not null,
    primary key (size, witness)
);

create table personal (
    org_id uuid not null,
    digest bytea not null check (length(digest) = 32),
    entry_id bigint not null,
    salt bytea not null check (length(salt) = 16),
    content bytea not null,
    primary key (org_id, digest)
);
create index personal_by_entry on personal (org_id, entry_id);

create table completeness_map (
    org_id uuid not null,
    entry_id bigint not null,
    made_at timestamptz not null,
    size bigint not null,
    items bigint not null,
    root bytea not null check (length(root) = 32),
    whole boolean not null,
    content bytea not null,
    primary key (org_id, entry_id)
);

create table completeness_frontier (
    org_id uuid primary key,
    entry_id bigint not null,
    depth smallint not null,
    hashes bytea not null
);

alter table completeness_map alter column content set storage external;
alter table completeness_frontier alter column hashes set storage external
"""

TENANTS = ("personal", "completeness_map", "completeness_frontier")
APPEND_ONLY = ("cosignature", "completeness_map")

GRANTS = """
grant select, insert on cosignature, completeness_map to takeback_app;
grant select, insert, delete on personal to takeback_app;
grant select, insert, update on completeness_frontier to takeback_app
"""


def upgrade() -> None:
    """Create the tables, each of a tenant behind its policy."""
    _run(TABLES)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
        )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table} "
            "for each statement execute function takeback_refuse_change()"
        )
    _run(GRANTS)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
