"""Sites, partners, catalogue, orders, items, statements, decisions, postings, plans and imports."""

from alembic import op

from takeback.store import bulk

revision = "operate_0002_spine"
down_revision = "operate_0001_identity"
branch_labels = None
depends_on = ("prove_0001",)

TABLES = """
alter table organisation add column simulated boolean not null default false;

create table site (
    org_id uuid not null,
    id uuid primary key,
    code text not null collate "C",
    name text not null,
    name_zh text not null,
    kind text not null,
    gln text,
    lat double precision,
    lon double precision,
    provenance text not null check (provenance in ('real', 'simulated', 'estimated', 'declared')),
    unique (org_id, code)
);

create table partner (
    org_id uuid not null,
    id uuid primary key,
    code text not null collate "C",
    name text not null,
    name_zh text not null,
    kind text not null,
    gln text,
    lat double precision,
    lon double precision,
    tenant_id uuid,
    provenance text not null check (provenance in ('real', 'simulated', 'estimated', 'declared')),
    unique (org_id, code)
);

create table product (
    org_id uuid not null,
    id uuid primary key,
    code text not null collate "C",
    gtin text,
    name text not null,
    name_zh text not null,
    vertical text not null check (vertical in ('batteries', 'returns')),
    level text not null check (level in ('pack', 'module', 'cell', 'unit')),
    category text not null,
    mass_g bigint check (mass_g > 0),
    value_minor bigint not null check (value_minor >= 0),
    currency char(3) not null,
    decay_per_day double precision not null check (decay_per_day >= 0 and decay_per_day < 1),
    provenance jsonb not null,
    unique (org_id, code)
);

create table battery_model (
    org_id uuid not null,
    product_id uuid primary key,
    chemistry text not null,
    energy_wh bigint not null check (energy_wh > 0),
    rated_capacity_mah bigint not null check (rated_capacity_mah > 0),
    nominal_voltage_mv bigint
);

create table takeback_order (
    org_id uuid not null,
    id uuid primary key,
    number text not null collate "C",
    kind text not null check (kind in ('return', 'collection')),
    partner_id uuid,
    site_id uuid not null,
    reason text,
    ordered_at timestamptz not null,
    window_begin timestamptz,
    window_end timestamptz,
    provenance text not null check (provenance in ('real', 'simulated', 'estimated', 'declared')),
    unique (org_id, number),
    check (window_end is null or window_begin <= window_end)
);
create index order_by_partner on takeback_order (org_id, partner_id, ordered_at desc);

create table item (
    org_id uuid not null,
    key bigint not null check (key >= 0),
    epc text not null collate "C",
    code text not null collate "C",
    vertical text not null check (vertical in ('batteries', 'returns')),
    level text not null check (level in ('pack', 'module', 'cell', 'unit')),
    product_id uuid not null,
    category text not null,
    size double precision not null check (size > 0),
    order_id uuid not null,
    stage text not null check (stage in ('ordered', 'collected', 'received', 'graded', 'decided', 'recovered')),
    stage_since timestamptz not null,
    ordered_at timestamptz not null,
    authorisation text not null check (authorisation in ('authorised', 'refused')),
    custody text not null check (custody in ('customer', 'carrier', 'site', 'partner', 'gone')),
    site_id uuid not null,
    partner_id uuid,
    grade text,
    soh double precision check (soh > 0 and soh <= 1.5),
    soh_low double precision,
    soh_high double precision,
    belief json,
    disposition text,
    settlement text not null default 'none' check (settlement in ('none', 'owed', 'settled')),
    mass_g bigint not null check (mass_g >= 0),
    value_minor bigint not null,
    currency char(3) not null,
    decay_per_day double precision not null,
    provenance jsonb not null,
    primary key (org_id, key),
    check (stage in ('ordered', 'collected') or custody in ('site', 'partner', 'gone')),
    check (custody <> 'partner' or partner_id is not null),
    check (stage not in ('decided', 'recovered') or disposition is not null),
    check (soh is null or (soh_low <= soh and soh <= soh_high))
);
create unique index item_by_code on item (org_id, code);
create index item_by_stage on item (org_id, stage, site_id, stage_since);
create index item_by_loss on item (org_id, stage, (value_minor * decay_per_day) desc);
create index item_by_time on item (org_id, stage_since desc, key);
create index item_by_order on item (org_id, order_id);

create table stage_total (
    org_id uuid not null,
    vertical text not null,
    site_id uuid not null,
    stage text not null,
    disposition text not null,
    items bigint not null,
    value_minor numeric not null,
    mass_g numeric not null,
    loss_minor_per_day double precision not null,
    since_seconds numeric not null,
    primary key (org_id, vertical, site_id, stage, disposition)
);

create table stage_flow (
    org_id uuid not null,
    day date not null,
    vertical text not null,
    site_id uuid not null,
    stage text not null,
    items bigint not null,
    value_minor numeric not null,
    primary key (org_id, day, vertical, site_id, stage)
);

create table statement (
    org_id uuid not null,
    entry_id bigint not null,
    item_key bigint not null,
    property text not null,
    value double precision,
    text text,
    unit text,
    low double precision,
    high double precision,
    method text not null,
    originator text not null,
    at timestamptz not null,
    provenance text not null check (provenance in ('real', 'simulated', 'estimated', 'declared')),
    primary key (org_id, item_key, property, entry_id)
);

create index graded_lately on statement (org_id, at desc) where property = 'grade';

create table decision (
    org_id uuid not null,
    entry_id bigint not null,
    item_key bigint not null,
    at timestamptz not null,
    by_kind text not null check (by_kind in ('model', 'rule', 'person')),
    by_name text not null,
    disposition text not null,
    expected_minor bigint not null,
    low_minor bigint not null,
    high_minor bigint not null,
    currency char(3) not null,
    rule_disposition text,
    rule_expected_minor bigint,
    options json not null,
    why json not null,
    evidence bigint[] not null,
    realised_minor bigint,
    realised_at timestamptz,
    realised_counts boolean not null default true,
    primary key (org_id, entry_id, item_key),
    check (low_minor <= expected_minor and expected_minor <= high_minor)
);
create index decision_by_time on decision (org_id, at desc);
create index decision_by_item on decision (org_id, item_key, at desc);
create index decision_realised on decision (org_id, realised_at desc) where realised_minor is not null;

create table posting (
    org_id uuid not null,
    entry_id bigint not null,
    line integer not null,
    book text not null check (book in ('mass', 'money')),
    account text not null,
    site_id uuid not null,
    item_key bigint,
    amount bigint not null check (amount <> 0),
    unit text not null,
    at timestamptz not null,
    primary key (org_id, entry_id, line)
);
create index posting_by_time on posting (org_id, book, at);

create table balance (
    org_id uuid not null,
    book text not null,
    site_id uuid not null,
    account text not null,
    unit text not null,
    amount numeric not null,
    primary key (org_id, book, site_id, account, unit)
);

create table price (
    org_id uuid not null,
    vertical text not null,
    category text not null,
    condition text not null,
    disposition text not null,
    price double precision not null check (price >= 0),
    price_sd double precision not null,
    decay_per_day double precision not null,
    days double precision not null,
    cost double precision not null,
    size_cost double precision not null,
    load double precision not null,
    currency char(3) not null,
    source text not null,
    primary key (org_id, vertical, category, condition, disposition)
);

create table outlet (
    org_id uuid not null,
    vertical text not null,
    disposition text not null,
    place smallint not null,
    resource text,
    primary key (org_id, vertical, disposition)
);

create table resource (
    org_id uuid not null,
    vertical text not null,
    name text not null,
    per_day double precision not null,
    unit text not null,
    source text not null,
    primary key (org_id, vertical, name)
);

create table condition (
    org_id uuid not null,
    vertical text not null,
    name text not null,
    place smallint not null,
    value double precision,
    primary key (org_id, vertical, name)
);

create table holding (
    org_id uuid not null,
    vertical text not null,
    cost_per_day double precision not null,
    longest_days double precision not null,
    primary key (org_id, vertical)
);

create table vehicle (
    org_id uuid not null,
    id uuid primary key,
    code text not null collate "C",
    site_id uuid not null,
    count integer not null check (count > 0),
    capacity_kg integer not null check (capacity_kg > 0),
    shift_begin_s integer not null,
    shift_end_s integer not null,
    cost_fixed integer not null,
    cost_per_km integer not null,
    cost_per_hour integer not null,
    unique (org_id, code),
    check (shift_begin_s < shift_end_s)
);

create table static_rule (
    org_id uuid not null,
    vertical text not null,
    category text not null,
    grade text not null,
    preferences json not null,
    primary key (org_id, vertical, category, grade)
);

create table decision_run (
    org_id uuid not null,
    entry_id bigint not null,
    vertical text not null,
    at timestamptz not null,
    items integer not null,
    held integer not null,
    objective double precision not null,
    bound double precision not null,
    shadow_price json not null,
    future_price json not null,
    version text not null,
    primary key (org_id, entry_id)
);
create index decision_run_by_time on decision_run (org_id, vertical, at desc);

create table forecast_run (
    org_id uuid not null,
    entry_id bigint not null,
    vertical text not null,
    at timestamptz not null,
    forecast json not null,
    primary key (org_id, entry_id)
);
create index forecast_run_by_time on forecast_run (org_id, vertical, at desc);

create table plan (
    org_id uuid not null,
    id uuid primary key,
    kind text not null,
    day date not null,
    site_id uuid not null,
    made_at timestamptz not null,
    distance_m bigint not null,
    baseline_m bigint not null,
    tasks integer not null,
    provenance text not null,
    solution json not null
);
create index plan_by_day on plan (org_id, kind, day desc);

create table import_run (
    org_id uuid not null,
    id uuid primary key,
    subject text not null,
    file_name text not null,
    sha256 bytea not null check (length(sha256) = 32),
    survey json not null,
    options json not null,
    state text not null check (state in ('waiting', 'examined', 'imported')),
    which text check (which in ('all', 'good')),
    rows bigint,
    accepted bigint,
    refused bigint,
    written bigint,
    report json,
    job_id uuid,
    created_by text not null,
    created_at timestamptz not null,
    examined_at timestamptz,
    imported_at timestamptz,
    check (state = 'waiting' or report is not null)
);
create index import_by_time on import_run (org_id, created_at desc);
create unique index import_once on import_run (org_id, subject, sha256) where state = 'imported'
"""

TENANTS = (
    "site",
    "partner",
    "product",
    "battery_model",
    "takeback_order",
    "item",
    "stage_total",
    "stage_flow",
    "statement",
    "decision",
    "posting",
    "balance",
    "price",
    "outlet",
    "resource",
    "condition",
    "holding",
    "vehicle",
    "static_rule",
    "decision_run",
    "forecast_run",
    "plan",
    "import_run",
)

FUNCTIONS = """
create function count_stage() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into stage_total as t
        select org_id, vertical, site_id, stage, coalesce(disposition, ''), count(*), sum(value_minor), sum(mass_g),
               sum(value_minor * decay_per_day), sum(extract(epoch from stage_since))
        from added group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        on conflict (org_id, vertical, site_id, stage, disposition) do update set
            items = t.items + excluded.items, value_minor = t.value_minor + excluded.value_minor,
            mass_g = t.mass_g + excluded.mass_g, loss_minor_per_day = t.loss_minor_per_day + excluded.loss_minor_per_day,
            since_seconds = t.since_seconds + excluded.since_seconds;
        insert into stage_flow as f
        select org_id, (stage_since at time zone 'UTC')::date, vertical, site_id, stage, count(*), sum(value_minor)
        from added group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        on conflict (org_id, day, vertical, site_id, stage) do update set
            items = f.items + excluded.items, value_minor = f.value_minor + excluded.value_minor;
    else
        insert into stage_flow as f
        select a.org_id, (a.stage_since at time zone 'UTC')::date, a.vertical, a.site_id, a.stage, count(*), sum(a.value_minor)
        from added a join removed r on r.org_id = a.org_id and r.key = a.key where a.stage <> r.stage
        group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        on conflict (org_id, day, vertical, site_id, stage) do update set
            items = f.items + excluded.items, value_minor = f.value_minor + excluded.value_minor;
        insert into stage_total as t
        select org_id, vertical, site_id, stage, coalesce(disposition, ''), sum(sign), sum(sign * value_minor),
               sum(sign * mass_g), sum(sign * value_minor * decay_per_day), sum(sign * extract(epoch from stage_since))
        from (select 1 as sign, added.* from added union all select -1, removed.* from removed) change
        group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
        on conflict (org_id, vertical, site_id, stage, disposition) do update set
            items = t.items + excluded.items, value_minor = t.value_minor + excluded.value_minor,
            mass_g = t.mass_g + excluded.mass_g, loss_minor_per_day = t.loss_minor_per_day + excluded.loss_minor_per_day,
            since_seconds = t.since_seconds + excluded.since_seconds;
    end if;
    return null;
end $$;

create trigger count_added after insert on item referencing new table as added
    for each statement execute function count_stage();
create trigger count_changed after update on item referencing new table as added old table as removed
    for each statement execute function count_stage();

create function balance_postings() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select entry_id, book, unit, sum(amount) as off into wrong
    from added group by org_id, entry_id, book, unit having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'entry %: its % postings are off by % %', wrong.entry_id, wrong.book, wrong.off, wrong.unit
            using errcode = 'check_violation';
    end if;
    insert into balance as b
    select org_id, book, site_id, account, unit, sum(amount) from added group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (org_id, book, site_id, account, unit) do update set amount = b.amount + excluded.amount;
    return null;
end $$;

create trigger balanced after insert on posting referencing new table as added
    for each statement execute function balance_postings();
create trigger append_only before update on posting for each statement execute function takeback_refuse_change();
"""

GRANTS = """
grant select, insert, update, delete on site, partner, product, battery_model, takeback_order, item, stage_total, stage_flow,
    statement, decision, balance, price, outlet, resource, condition, holding,
    vehicle, static_rule, decision_run, forecast_run, plan, import_run to takeback_app;
grant select, insert, delete on posting to takeback_app;
grant update (simulated) on organisation to takeback_app
"""


def upgrade() -> None:
    """Create the tables of the spine."""
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (org_id = nullif(current_setting('takeback.org', true), '')::uuid)"
        )
    bulk.driver(op.get_bind()).execute(FUNCTIONS.encode())
    for statement in filter(str.strip, GRANTS.split(";")):
        op.execute(statement)
