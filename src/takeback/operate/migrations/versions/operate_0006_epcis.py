"""Named queries of EPCIS 2.0, subscriptions to them, and what was or is to be delivered to their destinations."""

from alembic import op

revision = "operate_0006_epcis"
down_revision = "operate_0005_own_ids"
branch_labels = None
depends_on = "prove_0002"

TABLES = """
create table epcis_query (
    org_id uuid not null,
    name text not null collate "C" check (length(name) between 1 and 200),
    query json not null,
    created_at timestamptz not null,
    created_by text not null,
    primary key (org_id, name)
);

create table epcis_subscription (
    org_id uuid not null,
    id uuid not null,
    query_name text not null collate "C",
    dest text not null,
    token text,
    schedule json,
    report_if_empty boolean not null,
    initial_record_time timestamptz,
    epc_format text not null,
    created_at timestamptz not null,
    created_by text not null,
    cursor bigint not null,
    batch int not null check (batch > 0),
    next_run timestamptz,
    last_notified_at timestamptz,
    rests text,
    primary key (org_id, id),
    foreign key (org_id, query_name) references epcis_query on delete cascade
);
create index epcis_subscription_by_query on epcis_subscription (org_id, query_name, id);

create table epcis_delivery (
    org_id uuid not null,
    id uuid not null,
    subscription_id uuid not null,
    number bigint not null,
    entries bigint[] not null,
    created_at timestamptz not null,
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    attempts int not null default 0,
    next_try_at timestamptz not null,
    delivered_at timestamptz,
    status int,
    reason text,
    primary key (org_id, id),
    foreign key (org_id, subscription_id) references epcis_subscription on delete cascade
);
create index epcis_delivery_in_order on epcis_delivery (org_id, subscription_id, number, id);
create index epcis_delivery_waiting on epcis_delivery (org_id, subscription_id, number, id) where state = 'waiting';

grant select, insert, update, delete on epcis_query, epcis_subscription, epcis_delivery to takeback_app
"""


def upgrade() -> None:
    """Create the tables; each organisation sees its own rows."""
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in ("epcis_query", "epcis_subscription", "epcis_delivery"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
        )
