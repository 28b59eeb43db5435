"""Page tokens that were given back before their time: kept until they would have ended by themselves."""

from alembic import op

revision = "operate_0007_page_tokens"
down_revision = "operate_0006_epcis"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; each organisation sees its own rows."""
    op.execute(
        """
        create table epcis_spent_token (
            org_id uuid not null,
            digest bytea not null check (length(digest) = 32),
            at timestamptz not null,
            primary key (org_id, digest)
        )
        """
    )
    op.execute("alter table epcis_spent_token enable row level security")
    op.execute("alter table epcis_spent_token force row level security")
    op.execute(
        "create policy tenant on epcis_spent_token "
        "using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
    )
    op.execute("grant select, insert, delete on epcis_spent_token to takeback_app")
