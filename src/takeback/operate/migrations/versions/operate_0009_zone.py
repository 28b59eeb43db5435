"""Zones that are closed to vehicles at times, and who has a pass."""

from alembic import op

revision = "operate_0009_zone"
down_revision = "operate_0008_collection_day"
branch_labels = None
depends_on = None

TABLE = """
create table zone (
    org_id uuid not null,
    id uuid not null,
    code text not null collate "C",
    name text not null,
    name_zh text not null,
    ring json not null,
    closed json not null,
    passes json not null,
    primary key (org_id, id),
    unique (org_id, code)
)
"""
OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"


def upgrade() -> None:
    """Create the table; each organisation sees its own rows."""
    op.execute(TABLE)
    op.execute("alter table zone enable row level security")
    op.execute("alter table zone force row level security")
    op.execute(f"create policy tenant on zone using ({OF_TENANT})")
    op.execute("grant select, insert, update, delete on zone to takeback_app")
