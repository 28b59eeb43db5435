"""When each organisation last had the log and its own entries recomputed, up to which size, and whether all agreed."""

from alembic import op

revision = "operate_0004_verification"
down_revision = "operate_0003_ranges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table: one row an organisation, its last verification."""
    op.execute(
        """
        create table verification (
            org_id uuid primary key,
            at timestamptz not null,
            size bigint not null check (size >= 0),
            passed boolean not null
        )
        """
    )
    op.execute("alter table verification enable row level security")
    op.execute("alter table verification force row level security")
    op.execute(
        "create policy tenant on verification using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
    )
    op.execute("grant select, insert, update on verification to takeback_app")
