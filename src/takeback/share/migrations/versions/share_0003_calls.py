"""A secret of each call, beside the ledger: the names by which reviewers know proposals are made with it."""

from alembic import op

revision = "share_0003_calls"
down_revision = "share_0002_money"
branch_labels = None
depends_on = None

OF_TENANT = "org_id = (select nullif(current_setting('takeback.org', true), '')::uuid)"


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        create table centre_call_secret (
            org_id uuid not null,
            call_id uuid not null,
            secret bytea not null check (length(secret) = 32),
            primary key (org_id, call_id)
        )
        """
    )
    op.execute("alter table centre_call_secret enable row level security")
    op.execute("alter table centre_call_secret force row level security")
    op.execute(f"create policy tenant on centre_call_secret using ({OF_TENANT})")
    op.execute("grant select, insert on centre_call_secret to takeback_app")
