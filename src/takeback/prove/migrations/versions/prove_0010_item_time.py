"""When a thing was in an event stands beside the thing: the last time of each is one look, without the entry."""

from alembic import op

revision = "prove_0010"
down_revision = "prove_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and fill it for all tenants, as the owner."""
    op.execute("alter table entry_item add column event_time timestamptz")
    for table in ("entry", "entry_item"):
        op.execute(f"alter table {table} no force row level security")
    op.execute("alter table entry_item disable trigger append_only")
    op.execute("update entry_item i set event_time = e.event_time from entry e where e.id = i.entry_id")
    op.execute("alter table entry_item enable trigger append_only")
    for table in ("entry", "entry_item"):
        op.execute(f"alter table {table} force row level security")
    op.execute("alter table entry_item alter column event_time set not null")
