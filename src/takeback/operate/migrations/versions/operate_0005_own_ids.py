"""Ids that organisations give themselves are theirs alone: what another one has of the same id neither hinders nor
shows."""

from alembic import op

revision = "operate_0005_own_ids"
down_revision = "operate_0004_verification"
branch_labels = None
depends_on = None

KEYS = {
    "site": "id",
    "partner": "id",
    "product": "id",
    "battery_model": "product_id",
    "vehicle": "id",
    "takeback_order": "id",
}


def upgrade() -> None:
    """Put the organisation before the id in the primary keys."""
    for table, column in KEYS.items():
        op.execute(f"alter table {table} drop constraint {table}_pkey, add primary key (org_id, {column})")
