"""What pages find by range and what lists show of a plan; what the static rule did with an item that waits."""

from alembic import op

revision = "operate_0003_ranges"
down_revision = "operate_0002_spine"
branch_labels = None
depends_on = None

COLUMNS = """
alter table item add column order_number text collate "C", add column rule_disposition text;
alter table plan add column same_stops_m bigint, add column unserved integer, add column routes integer,
    add column mass_kg bigint
"""

VALUES = """
update item set order_number = o.number from takeback_order o where o.id = item.order_id and o.org_id = item.org_id;
update plan set
    same_stops_m = (solution ->> 'same_stops_m')::bigint,
    unserved = json_array_length(solution -> 'unserved'),
    routes = json_array_length(solution -> 'routes'),
    mass_kg = coalesce((
        select sum((stop ->> 'pickup_kg')::bigint)
        from json_array_elements(solution -> 'routes') as route, json_array_elements(route -> 'stops') as stop
    ), 0)
"""

RULES = """
alter table item alter column order_number set not null;
alter table plan alter column same_stops_m set not null, alter column unserved set not null,
    alter column routes set not null, alter column mass_kg set not null;
drop index item_by_order;
create index item_by_order on item (org_id, order_number)
"""

READ = ("takeback_order", "item", "plan")
COUNTED = "alter table item {} trigger count_changed"


def upgrade() -> None:
    """Add the columns and fill them from what is stored; the owner sees all tenants' rows while it does."""
    _run(COLUMNS)
    for table in READ:
        op.execute(f"alter table {table} no force row level security")
    op.execute(COUNTED.format("disable"))
    _run(VALUES)
    op.execute(COUNTED.format("enable"))
    for table in READ:
        op.execute(f"alter table {table} force row level security")
    _run(RULES)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
