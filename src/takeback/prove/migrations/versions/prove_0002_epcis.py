"""Entries as EPCIS 2.0 events: packed bodies, what queries find them by, roles of things, findings, capture jobs."""

from alembic import op

from takeback.store import bulk

revision = "prove_0002"
down_revision = "prove_0001"
branch_labels = None
depends_on = None

TABLES = """
alter table entry
    add column packed bytea,
    add column version smallint not null default 1,
    add column captured boolean not null default false,
    add column action smallint,
    add column biz_step bigint,
    add column disposition bigint,
    add column read_point bigint,
    add column biz_location bigint,
    add column event_hash bytea check (length(event_hash) = 32),
    add column event_key bigint,
    add column error_declared_at timestamptz;
alter table entry_item add column roles smallint not null default 1;

create table identifier (
    org_id uuid not null,
    key bigint not null,
    uri text not null collate "C",
    primary key (org_id, key)
);
create index identifier_by_uri on identifier (org_id, uri);

create table term (
    org_id uuid not null,
    field smallint not null,
    key bigint not null,
    uri text not null collate "C",
    primary key (org_id, field, key)
);

create table entry_mark (
    org_id uuid not null,
    mark bigint not null,
    entry_id bigint not null,
    primary key (org_id, mark, entry_id)
);

create table voided (
    org_id uuid not null,
    entry_id bigint not null,
    by_entry bigint not null,
    primary key (org_id, entry_id, by_entry)
);

create table item_end (
    org_id uuid not null,
    item_key bigint not null,
    entry_id bigint not null,
    at timestamptz not null,
    primary key (org_id, item_key, entry_id)
);

create table containment (
    org_id uuid not null,
    child_key bigint not null,
    parent_key bigint not null,
    kind smallint not null check (kind in (1, 2)),
    since timestamptz not null,
    entry_id bigint not null,
    primary key (org_id, child_key, parent_key, kind)
);
create index containment_by_parent on containment (org_id, parent_key);

create table finding (
    org_id uuid not null,
    entry_id bigint not null,
    place smallint not null,
    stage smallint not null check (stage in (1, 2, 3)),
    rule text not null,
    severity text not null check (severity in ('error', 'warning')),
    pointer text not null,
    body json not null,
    primary key (org_id, entry_id, place)
);

create table capture_job (
    org_id uuid not null,
    id uuid not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    behaviour text not null check (behaviour in ('rollback', 'proceed')),
    success boolean,
    events bigint not null default 0,
    captured bigint not null default 0,
    errors json not null default '[]',
    primary key (org_id, id)
);
create index capture_job_by_time on capture_job (org_id, created_at desc, id);
"""

INDEXES = """
alter table entry drop column body;
alter table entry rename column packed to body;
alter table entry alter column body set not null, alter column body set storage main, alter column version set default 2;
alter table entry_item alter column roles drop default;
alter table entry_item drop constraint entry_item_pkey;
alter table entry_item add primary key (org_id, item_key, entry_id) include (roles);
create index entry_item_by_entry on entry_item (entry_id);
create index entry_by_event on entry (org_id, event_key) where event_key is not null;
create index entry_by_kind on entry (org_id, kind);
create index entry_by_step on entry (org_id, biz_step) where biz_step is not null;
create index entry_by_disposition on entry (org_id, disposition) where disposition is not null;
create index entry_by_read_point on entry (org_id, read_point) where read_point is not null;
create index entry_by_location on entry (org_id, biz_location) where biz_location is not null
"""

TENANTS = (
    "identifier", "term", "entry_mark", "voided", "item_end", "containment", "finding", "capture_job",
)  # fmt: skip
APPEND_ONLY = ("identifier", "term", "entry_mark", "voided", "item_end", "finding")

GRANTS = """
grant select, insert on identifier, term, entry_mark, voided, item_end, finding to takeback_app;
grant select, insert, update, delete on containment to takeback_app;
grant select, insert, update on capture_job to takeback_app
"""

FILLED = ("entry", "entry_item")  # tables of prove_0001 whose rows are filled up here


def upgrade() -> None:
    """Create the tables; fill the new columns of what is stored, for all tenants, as the owner."""
    _run(TABLES)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy tenant on {table} using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
        )
    for table in FILLED:
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"alter table {table} disable trigger append_only")
    _fill()
    _run(INDEXES)
    for table in FILLED:
        op.execute(f"alter table {table} enable trigger append_only")
    for table in (*FILLED, *TENANTS):
        op.execute(f"alter table {table} force row level security")
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table} "
            "for each statement execute function takeback_refuse_change()"
        )
    for table in (*FILLED, "entry_number", *TENANTS):
        # Of a party that the last ANALYZE did not see, the planner would expect one row and read all of them instead
        # of looking up keys. Without statistics of the column it expects a two hundredth of the table.
        op.execute(f"alter table {table} alter column org_id set statistics 0")
    _run(GRANTS)


def _fill() -> None:
    """Pack the bodies and derive what `takeback.prove.epcis.prepare` derives of physical events."""
    from takeback.prove.refill import refill  # noqa: PLC0415 - needed where rows of before are there only

    connection = bulk.driver(op.get_bind())
    if connection.execute("select exists(select 1 from entry)").fetchone() == (True,):
        refill(connection)


def _run(statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        op.execute(statement)
