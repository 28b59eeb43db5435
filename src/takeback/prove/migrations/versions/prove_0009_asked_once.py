"""Whose rows a statement may touch is asked once for the statement, no longer for each row (some 5 us an event)."""

from alembic import op

revision = "prove_0009"
down_revision = "prove_0008"
branch_labels = None
depends_on = None

TABLES = (
    "entry", "entry_item", "entry_mark", "entry_number", "identifier", "item_end", "containment", "term", "voided",
    "transformation_part", "finding",
)  # fmt: skip


def upgrade() -> None:
    """Put the setting of the connection behind a sub-select, which a plan computes before its first row."""
    for table in TABLES:
        op.execute(
            f"alter policy tenant on {table} "
            "using (org_id = (select nullif(current_setting('takeback.org', true), '')::uuid))"
        )
