"""Organisations, users, memberships, invitations, API keys, sessions, rate counters and stored answers."""

from alembic import op

revision = "operate_0001_identity"
down_revision = None
branch_labels = ("operate",)
depends_on = ("store_0001",)

# Known before a tenant is known, and without tenant content: no row-level security. The application role gets
# no more on them than it needs; a test keeps the list of such tables, each with its reason.
IDENTITY = """
create table organisation (
    id uuid primary key,
    slug text not null unique collate "C" check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    kind text not null check (kind in ('enterprise', 'university', 'institute', 'authority')),
    name text not null check (name <> ''),
    name_zh text not null check (name_zh <> ''),
    country char(2) not null check (country ~ '^[A-Z]{2}$'),
    company_prefix text unique collate "C" check (company_prefix ~ '^[0-9]{4,12}$'),
    time_zone text not null,
    currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now()
);

create table user_account (
    id uuid primary key,
    email text not null unique collate "C" check (email = lower(email)),
    display_name text not null check (display_name <> ''),
    password_hash text not null,
    locale text not null check (locale in ('en', 'zh_Hans')),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    password_changed_at timestamptz not null default now()
);

create table session (
    id uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    user_id uuid not null references user_account on delete cascade,
    organisation_id uuid references organisation,
    address text,
    agent text,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_by_user on session (user_id, created_at desc);

create unlogged table rate_counter (
    key bytea primary key,
    full_at timestamptz not null
);
create index rate_counter_spent on rate_counter (full_at);
"""

TENANT = """
create table membership (
    org_id uuid not null references organisation,
    user_id uuid not null references user_account,
    role text not null check (role in ('owner', 'manager', 'operator', 'auditor', 'viewer')),
    since timestamptz not null default now(),
    primary key (org_id, user_id)
);
create index membership_by_user on membership (user_id);

create table invitation (
    org_id uuid not null references organisation,
    id uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    email text not null collate "C" check (email = lower(email)),
    role text not null check (role in ('owner', 'manager', 'operator', 'auditor', 'viewer')),
    invited_by uuid not null references user_account,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz
);
create index invitation_by_org on invitation (org_id, created_at desc);

create table api_key (
    org_id uuid not null references organisation,
    id uuid primary key,
    name text not null check (name <> ''),
    secret_hash bytea not null check (length(secret_hash) = 32),
    permissions text[] not null,
    created_by uuid not null references user_account,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    used_at timestamptz
);
create index api_key_by_org on api_key (org_id, created_at desc);

create table stored_answer (
    org_id uuid not null,
    caller text not null collate "C",
    key text not null collate "C" check (length(key) between 1 and 255),
    request_hash bytea not null check (length(request_hash) = 32),
    status smallint not null,
    body bytea,
    stored_at timestamptz not null default now(),
    primary key (org_id, caller, key)
);
create index stored_answer_by_time on stored_answer (org_id, stored_at);
"""

OF_TENANT = "org_id = nullif(current_setting('takeback.org', true), '')::uuid"
TENANTS = ("membership", "invitation", "api_key", "stored_answer")

# Who presents a credential sees its own rows before the organisation is known; changes need the organisation.
PRESENTED = {
    "membership": "user_id = nullif(current_setting('takeback.user', true), '')::uuid",
    "invitation": "token_hash = decode(nullif(current_setting('takeback.invitation', true), ''), 'hex')",
    "api_key": "id = nullif(current_setting('takeback.key', true), '')::uuid",
}

GRANTS = """
grant select, insert on organisation to takeback_app;
grant update (name, name_zh, country, company_prefix, time_zone, currency) on organisation to takeback_app;
grant select, insert on user_account to takeback_app;
grant update (email, display_name, password_hash, locale, active, password_changed_at)
    on user_account to takeback_app;
grant select, insert, delete on session to takeback_app;
grant update (organisation_id, seen_at) on session to takeback_app;
grant select, insert, update, delete on rate_counter to takeback_app;
grant select, insert, delete on membership to takeback_app;
grant update (role) on membership to takeback_app;
grant select, insert on invitation to takeback_app;
grant update (accepted_at, revoked_at) on invitation to takeback_app;
grant select, insert on api_key to takeback_app;
grant update (revoked_at, used_at) on api_key to takeback_app;
grant select, insert, delete on stored_answer to takeback_app
"""


def upgrade() -> None:
    """Create the tables of identity."""
    for statement in filter(str.strip, (IDENTITY + TENANT).split(";")):
        op.execute(statement)
    for table in TENANTS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({OF_TENANT})")
    for table, presented in PRESENTED.items():
        op.execute(f"create policy presented on {table} for select using ({presented})")
    for statement in filter(str.strip, GRANTS.split(";")):
        op.execute(statement)
