"""Invitations of participants are deleted once they are spent: the e-mail in them is kept for nothing else."""

from alembic import op

revision = "operate_0010_spent_invitations"
down_revision = "operate_0009_zone"
branch_labels = None
depends_on = None

SPENT = "role = 'participant' and (accepted_at is not null or revoked_at is not null)"


def upgrade() -> None:
    """Allow it, and delete those of all organisations that are spent already."""
    op.execute("grant delete on invitation to takeback_app")
    op.execute("alter table invitation no force row level security")
    op.execute(f"delete from invitation where {SPENT}")
    op.execute("alter table invitation force row level security")
