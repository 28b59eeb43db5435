"""What the database itself lets a tenant, or the holder of a credential, see of identity."""

from __future__ import annotations

from hashlib import sha256

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import identity
from tests.support.people import People

TABLES = ("membership", "invitation", "api_key", "stored_answer")


@pytest.fixture
def credentials(people: People) -> dict[str, str]:
    """Alice's organisation has one row of each kind more; return what presents each."""
    with store.transaction(people.alice.org_id) as connection:
        _, token = identity.invite(connection, people.alice.actor, email="dora@example.org", role="viewer")
        key, _ = identity.create_key(connection, people.alice.actor, name="scales", scopes=["read"])
        answer = identity.Answer(201, b"{}")
        identity.store_answer(connection, people.alice.actor, "k", b"request", answer)
    presented = sha256(token.encode()).hexdigest()
    return {"user": str(people.alice.id), "invitation": presented, "key": str(key.id)}


def _count(connection: sa.Connection, table: str) -> int:
    return int(connection.scalar(sa.text(f"select count(*) from {table}")) or 0)


@pytest.mark.parametrize("table", TABLES)
def test_a_tenant_sees_its_own_rows_only(people: People, credentials: dict[str, str], table: str) -> None:
    """Without any condition in the query Charlie's organisation sees none of Alice's rows, and no tenant sees none."""
    own = 1 if table == "membership" else 0
    with store.transaction(people.charlie.org_id) as connection:
        assert _count(connection, table) == own
    with store.admin() as connection:
        assert _count(connection, table) == 0
    with store.transaction(people.alice.org_id) as connection:
        assert _count(connection, table) > 0


@pytest.mark.parametrize(
    ("credential", "table"), [("user", "membership"), ("invitation", "invitation"), ("key", "api_key")]
)
def test_who_presents_a_credential_sees_its_rows_and_changes_none(
    people: People, credentials: dict[str, str], credential: str, table: str
) -> None:
    """The holder finds the one row, nothing in other tables, and can neither change nor delete it."""
    with store.presenting(credential, credentials[credential]) as connection:
        assert {name: _count(connection, name) for name in TABLES} == {name: int(name == table) for name in TABLES}
    change = {
        "membership": "update membership set role = 'owner'",
        "invitation": "update invitation set accepted_at = now()",
        "api_key": "update api_key set used_at = now()",
    }[table]
    with store.presenting(credential, credentials[credential]) as connection:
        assert connection.execute(sa.text(change)).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "insert into membership (org_id, user_id, role) values (:other, :user, 'owner')",
        "insert into api_key (org_id, id, name, secret_hash, permissions, created_by, expires_at) "
        "values (:other, gen_random_uuid(), 'k', sha256('k'), '{}', :user, now())",
        "insert into invitation (org_id, id, token_hash, email, role, invited_by, expires_at) "
        "values (:other, gen_random_uuid(), sha256('t'), 'x@y.z', 'owner', :user, now())",
    ],
)
def test_a_tenant_cannot_write_into_another(people: People, statement: str) -> None:
    """The policy holds for what is written, too."""
    row = {"other": people.alice.org_id, "user": people.charlie.id}
    refused = pytest.raises(sa.exc.ProgrammingError, match="row-level security")
    with refused, store.transaction(people.charlie.org_id) as connection:
        connection.execute(sa.text(statement), row)


@pytest.mark.parametrize(
    "statement",
    [
        "update membership set org_id = :other",
        "update session set user_id = :user",
        "update session set expires_at = now() + interval '1 year'",
        "update api_key set permissions = '{key.edit}'",
        "update api_key set expires_at = now() + interval '9 years'",
        "update invitation set role = 'owner'",
        "update organisation set kind = 'authority'",
        "delete from user_account",
        "delete from organisation",
    ],
)
def test_the_application_cannot_change_what_never_changes(people: People, statement: str) -> None:
    """No privilege: not even a mistake of ours can turn one person's session into another's."""
    row = {"other": people.alice.org_id, "user": people.alice.id}
    refused = pytest.raises(sa.exc.ProgrammingError, match="permission denied")
    with refused, store.transaction(people.charlie.org_id) as connection:
        connection.execute(sa.text(statement), row)
