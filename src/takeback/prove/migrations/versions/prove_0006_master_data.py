"""Master data that came with EPCIS documents: attributes and children of vocabulary elements."""

from alembic import op

revision = "prove_0006"
down_revision = "prove_0005"
branch_labels = None
depends_on = None

TABLES = """
create table vocabulary_element (
    org_id uuid not null,
    key bigint not null,
    uri text not null collate "C",
    type text not null,
    attributes json not null,
    entry_id bigint not null,
    primary key (org_id, key)
);

create table vocabulary_child (
    org_id uuid not null,
    parent bigint not null,
    child bigint not null,
    uri text not null,
    primary key (org_id, parent, child)
);

grant select, insert, update, delete on vocabulary_element, vocabulary_child to takeback_app
"""


def upgrade() -> None:
    """Create the tables; each organisation sees its own rows."""
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in ("vocabulary_element", "vocabulary_child"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
        )
