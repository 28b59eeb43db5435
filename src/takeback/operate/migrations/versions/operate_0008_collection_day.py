"""Collection days as they are driven: what vehicles may do, accepted plans, dispatched routes, confirmed stops."""

from alembic import op

revision = "operate_0008_collection_day"
down_revision = "operate_0007_page_tokens"
branch_labels = None
depends_on = None

TABLES = """
alter table vehicle
    add column adr boolean not null default false,
    add column carries json,
    add column pallet_places integer check (pallet_places > 0),
    add column max_duration_s integer check (max_duration_s > 0),
    add column max_overtime_s integer not null default 0 check (max_overtime_s >= 0),
    add column cost_per_overtime_hour integer not null default 0 check (cost_per_overtime_hour >= 0),
    add column breaks json not null default '[]',
    add column co2_g_per_km integer not null default 620 check (co2_g_per_km >= 0);

create table accepted_plan (
    org_id uuid not null,
    site_id uuid not null,
    day date not null,
    plan_id uuid not null,
    accepted_at timestamptz not null,
    accepted_by text not null,
    primary key (org_id, site_id, day)
);

create table dispatched_route (
    org_id uuid not null,
    id uuid not null,
    site_id uuid not null,
    day date not null,
    vehicle text not null collate "C",
    number integer not null check (number > 0),
    driver text,
    plate text,
    dispatched_at timestamptz not null,
    dispatched_by text not null,
    broken_at timestamptz,
    primary key (org_id, id),
    unique (org_id, site_id, day, vehicle, number)
);

create table stop_confirmation (
    org_id uuid not null,
    id uuid not null,
    entry_id bigint not null,
    route_id uuid not null,
    plan_id uuid not null,
    site_id uuid not null,
    day date not null,
    task text not null collate "C",
    outcome text not null check (outcome in ('done', 'partly', 'failed')),
    reason text,
    note text,
    at timestamptz not null,
    weight_g bigint check (weight_g >= 0),
    declared_g bigint not null,
    fetched_g bigint not null,
    collected integer not null,
    remaining integer not null,
    out_of_order boolean not null,
    elsewhere boolean not null,
    evidence json not null,
    request_hash bytea not null check (length(request_hash) = 32),
    primary key (org_id, id),
    check (outcome = 'done' or reason is not null)
);
create index stop_confirmation_by_route on stop_confirmation (org_id, route_id, at);
create index stop_confirmation_by_day on stop_confirmation (org_id, site_id, day, at);

create table route_token (
    org_id uuid not null,
    id uuid not null,
    route_id uuid not null,
    token_hash bytea not null check (length(token_hash) = 32),
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (org_id, id)
);
create unique index route_token_by_hash on route_token (token_hash);
create index route_token_by_route on route_token (org_id, route_id);

create table planning_run (
    org_id uuid not null,
    job_id uuid not null,
    site_id uuid not null,
    day date not null,
    seconds double precision not null check (seconds > 0),
    options json not null,
    revises uuid,
    created_at timestamptz not null,
    created_by text not null,
    tasks integer,
    baseline_m bigint,
    baseline_cost bigint,
    best_cost bigint,
    bound bigint,
    distance_m bigint,
    curve json not null default '[]',
    plan_id uuid,
    primary key (org_id, job_id)
);
create index planning_run_by_day on planning_run (org_id, site_id, day, created_at desc)
"""

TENANTS = ("accepted_plan", "dispatched_route", "stop_confirmation", "route_token", "planning_run")
OF_TENANT = "org_id = nullif(current_setting('takeback.org', true), '')::uuid"
# A phone presents a token before its organisation is known; it sees that row alone, and changes nothing.
PRESENTED = "token_hash = decode(nullif(current_setting('takeback.route', true), ''), 'hex')"

GRANTS = """
grant select, insert, update, delete on accepted_plan, dispatched_route, stop_confirmation to takeback_app;
grant select, insert on route_token to takeback_app;
grant update (revoked_at) on route_token to takeback_app;
grant select, insert, update on planning_run to takeback_app
"""


def upgrade() -> None:
    """Add the columns and create the tables; each organisation sees its own rows."""
    for statement in filter(str.strip, TABLES.split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
    op.execute(f"create policy presented on route_token for select using ({PRESENTED})")
    for statement in filter(str.strip, GRANTS.split(";")):
        op.execute(statement)
