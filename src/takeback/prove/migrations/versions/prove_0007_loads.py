"""How far the files have come that are loaded."""

from alembic import op

revision = "prove_0007"
down_revision = "prove_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        create table load_run (
            org_id uuid not null,
            fingerprint bytea not null check (length(fingerprint) = 32),
            path text not null,
            done bigint not null,
            events bigint not null,
            captured bigint not null,
            refused bigint not null,
            updated_at timestamptz not null,
            primary key (org_id, fingerprint)
        )
        """
    )
    op.execute("alter table load_run enable row level security")
    op.execute("alter table load_run force row level security")
    op.execute(
        "create policy tenant on load_run using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
    )
    op.execute("grant select, insert, update on load_run to takeback_app")
