"""No query and no table steps around the tenant."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.store.urls import Urls
from tests.store import servers

ROOT = Path(__file__).resolve().parent.parent
POLICY = re.compile(r"org_id = [\s(]*(?:SELECT[\s(]*)?NULLIF\(current_setting\('takeback\.org'", re.IGNORECASE)

_TABLES = sa.text(
    """
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
        exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') as of_tenant,
        coalesce((select array_agg(pg_get_expr(p.polqual, p.polrelid)) from pg_policy p where p.polrelid = c.oid), '{}')
            as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname = 'public' order by c.relname
    """
)

OF_NOBODY = {
    "alembic_version": "revisions",
    "checkpoint": "sizes, roots and signatures of the log, public by nature",
    "cosignature": "what witnesses signed of the log, public by nature",
    "leaf": "hashes",
    "leaf_queue": "hashes",
    "log_node": "hashes",
    "organisation": "the tenants themselves; a name is known to whoever deals with it",
    "rate_counter": "keyed by a hash of what is counted",
    "session": "found by the hash of a secret",
    "user_account": "people, who may belong to several organisations",
}

Findings = Callable[[str, str], Iterator[tuple[int, str]]]


@pytest.fixture(scope="module")
def findings() -> Findings:
    """The function of the lint that looks at one text."""
    found: Findings = runpy.run_path(str(ROOT / "tools" / "tenant_lint.py"))["findings"]
    return found


@pytest.fixture(scope="module")
def tables() -> list[sa.Row[tuple[str, bool, bool, list[str]]]]:
    """All tables of a database at its newest version."""
    with servers.migrated() as urls:
        return _tables(urls)


def _tables(urls: Urls) -> list[sa.Row[tuple[str, bool, bool, list[str]]]]:
    database = store.Database(urls.application, urls.owner)
    try:
        with database.transaction({}) as connection:
            return list(connection.execute(_TABLES))
    finally:
        database.close()


def test_every_table_of_a_tenant_forces_its_policy(tables: list[sa.Row[tuple[str, bool, bool, list[str]]]]) -> None:
    """A table with an organisation in it has row-level security, forced and tied to the transaction's tenant."""
    of_tenant = [table for table in tables if table.of_tenant]
    assert len(of_tenant) > 10
    assert [table.name for table in of_tenant if not table.forced] == []
    assert [table.name for table in of_tenant if not any(POLICY.search(p or "") for p in table.policies)] == []


def test_a_table_without_tenant_is_known_with_its_reason(
    tables: list[sa.Row[tuple[str, bool, bool, list[str]]]],
) -> None:
    """A new table carries an organisation, or is named here with why it need not; job queues hold ids only."""
    others = {table.name for table in tables if not table.of_tenant and not table.name.startswith("procrastinate_")}
    assert others == set(OF_NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        'engine = sa.create_engine("postgresql://")',
        "connection = psycopg.connect(url)",
        "connection.execute(sa.text(\"select set_config('takeback.org', :org, true)\"))",
        'connection.execute(sa.text("set local role takeback_owner"))',
        'connection.execute(sa.text("RESET ROLE"))',
        'cursor.execute("set row_security = off")',
        'op.execute("alter table item disable row level security")',
        'op.execute("create function f() returns int security definer as $$ $$")',
    ],
)
def test_the_lint_sees(text: str, findings: Findings) -> None:
    """Each way around the tenant is found, on its line."""
    assert [line for line, _ in findings(f"import x\n{text}\n", "src/takeback/operate/example.py")] == [2]


@pytest.mark.parametrize(
    "text",
    [
        '"""A module that speaks of set local role in its description."""',
        'connection.execute(sa.text("update membership set role = :role where org_id = :org"))',
        "with store.transaction(org) as connection:\n    pass",
    ],
)
def test_the_lint_leaves_in_peace(text: str, findings: Findings) -> None:
    """What only looks alike is no finding."""
    assert list(findings(text, "src/takeback/operate/example.py")) == []
