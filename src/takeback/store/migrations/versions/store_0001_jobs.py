"""Jobs: procrastinate's own tables, and the row that people see of each job."""

from alembic import op
from procrastinate.schema import SchemaManager

from takeback.store.bulk import driver

revision = "store_0001"
down_revision = None
branch_labels = ("store",)
depends_on = None

JOB = """
create function takeback_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;

create table job (
    org_id uuid not null,
    id uuid primary key,
    kind text not null,
    title jsonb not null,
    arguments jsonb not null default '{}',
    state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    done bigint not null default 0,
    total bigint,
    message jsonb,
    result jsonb,
    problem jsonb,
    cancel_requested boolean not null default false,
    created_by uuid,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    beaten_at timestamptz,
    finished_at timestamptz
);
create index job_by_time on job (org_id, created_at desc);
alter table job enable row level security;
alter table job force row level security;
create policy tenant on job using (org_id = nullif(current_setting('takeback.org', true), '')::uuid);
create policy worker on job for select using (id = nullif(current_setting('takeback.job', true), '')::uuid);
grant select, insert, update on job to takeback_app;
"""

GRANTS = """
do $$
declare thing record;
begin
    for thing in select tablename as name from pg_tables where schemaname = 'public' and tablename like 'procrastinate%' loop
        execute format('grant select, insert, update, delete on %I to takeback_app', thing.name);
    end loop;
    for thing in select sequencename as name from pg_sequences where schemaname = 'public' and sequencename like 'procrastinate%' loop
        execute format('grant usage, select on sequence %I to takeback_app', thing.name);
    end loop;
end $$;
"""


def upgrade() -> None:
    """Create the job machinery."""
    connection = driver(op.get_bind())
    connection.execute(SchemaManager.get_schema().encode())
    op.execute(GRANTS)
    connection.execute(JOB.encode())
