"""Events by the time at which they were recorded: GE_recordTime, subscriptions, orderBy=recordTime."""

from alembic import op

revision = "prove_0005"
down_revision = "prove_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index; equal times of a capture are stored once in it (7 bytes an event)."""
    op.execute("create index entry_by_record on entry (org_id, record_time)")
