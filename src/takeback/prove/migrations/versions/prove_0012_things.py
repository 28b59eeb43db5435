"""The things of an entry stand in the entry as well: asking for them needs no index of things by entry."""

from alembic import op

revision = "prove_0012"
down_revision = "prove_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, fill them for all tenants, as the owner, and drop the index."""
    op.execute(
        "alter table entry add column thing_keys bigint[] not null default '{}', "
        "add column thing_roles smallint[] not null default '{}'"
    )
    for table in ("entry", "entry_item"):
        op.execute(f"alter table {table} no force row level security")
    op.execute("alter table entry disable trigger append_only")
    op.execute(
        """
        update entry e set thing_keys = i.keys, thing_roles = i.roles
        from (
            select entry_id, array_agg(item_key order by item_key) as keys, array_agg(roles order by item_key) as roles
            from entry_item group by entry_id
        ) i
        where i.entry_id = e.id
        """
    )
    op.execute("alter table entry enable trigger append_only")
    for table in ("entry", "entry_item"):
        op.execute(f"alter table {table} force row level security")
    op.execute("drop index entry_item_by_entry")
