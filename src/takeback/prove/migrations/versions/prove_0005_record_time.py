"""Events by the time at which they were recorded: GE_recordTime, subscriptions, orderBy=recordTime."""

from alembic import op

revision = "prove_0005"
down_revision = None  # beside the ledger's own line: it needs the events, and nothing that comes after them
branch_labels = ("query",)
depends_on = ("prove_0002",)


def upgrade() -> None:
    """Create the index; equal times of a capture are stored once in it (7 bytes an event)."""
    op.execute("create index entry_by_record on entry (org_id, record_time)")
