"""What is known of people beside the ledger: traits for statistics, salts of credentials. Both go with the name."""

from alembic import op

revision = "share_0004_talent"
down_revision = "share_0003_calls"
branch_labels = None
depends_on = None

TABLES = """
create table centre_trait (
    org_id uuid not null,
    person_id uuid not null,
    trait text not null collate "C",
    value text not null collate "C",
    primary key (org_id, person_id, trait),
    foreign key (org_id, person_id) references centre_person_name (org_id, id) on delete cascade
);

create table centre_credential_salt (
    org_id uuid not null,
    id uuid not null,
    person_id uuid not null,
    salt text not null check (salt <> ''),
    primary key (org_id, id),
    foreign key (org_id, person_id) references centre_person_name (org_id, id) on delete cascade
);
create index centre_credential_salt_by_person on centre_credential_salt (org_id, person_id)
"""

TENANTS = ("centre_trait", "centre_credential_salt")
OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"


def upgrade() -> None:
    """Create the tables."""
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
        op.execute(f"grant select, insert, update, delete on {table} to takeback_app")
