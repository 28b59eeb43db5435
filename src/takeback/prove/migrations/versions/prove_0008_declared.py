"""Events that declare another one wrong: few among many, asked for by themselves."""

from alembic import op

revision = "prove_0008"
down_revision = "prove_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index; it holds error declarations only."""
    op.execute(
        "create index entry_declared on entry (org_id, error_declared_at, id) where error_declared_at is not null"
    )
