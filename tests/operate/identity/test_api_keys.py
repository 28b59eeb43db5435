"""API keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import SCOPES, api_keys
from tests.support.people import People, Person


def _create(person: Person, **options: object) -> tuple[identity.ApiKey, str]:
    given = {"name": "scales", "scopes": ["read"], **options}
    with store.transaction(person.org_id) as connection:
        return identity.create_key(connection, person.actor, **given)


def test_a_key_acts_for_its_organisation_with_its_permissions(people: People) -> None:
    """Its text makes an actor without a person or a role, for Alice's organisation, that may read and nothing else."""
    key, text = _create(people.alice)
    actor = identity.actor_of_key(text)
    assert actor is not None
    assert (actor.org_id, actor.key_id, actor.user_id, actor.role) == (people.alice.org_id, key.id, None, None)
    assert actor.permissions == SCOPES["read"]
    assert text.startswith(key.prefix)


def test_a_wrong_key_is_nobody(people: People) -> None:
    """Another secret, another id, cut, with blanks, or not of the form at all."""
    key, text = _create(people.alice)
    other = _create(people.charlie)[1]
    mixed = f"{key.prefix}.{other.partition('.')[2]}"
    for wrong in (mixed, text[:-1], text + "A", f" {text}", text.upper(), "tb_.x", "", "x" * 5000):
        assert identity.actor_of_key(wrong) is None


def test_a_revoked_key_is_nobody(people: People) -> None:
    """From that moment on; it cannot be revoked twice."""
    key, text = _create(people.alice)
    with store.transaction(people.alice.org_id) as connection:
        identity.revoke_key(connection, people.alice.actor, key.id)
    assert identity.actor_of_key(text) is None
    with pytest.raises(Problem) as refused, store.transaction(people.alice.org_id) as connection:
        identity.revoke_key(connection, people.alice.actor, key.id)
    assert refused.value.kind == "identity.no-key"


def test_a_key_expires(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key whose time has passed is nobody."""
    now = datetime.now(UTC)
    _, text = _create(people.alice, expires_at=now + timedelta(hours=1))

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return now + timedelta(hours=2)

    monkeypatch.setattr(api_keys, "datetime", Later)
    assert identity.actor_of_key(text) is None


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_key_lives_at_most_a_year(people: People, days: int) -> None:
    """No key for ever, none that is dead on arrival."""
    with pytest.raises(Problem) as refused:
        _create(people.alice, expires_at=datetime.now(UTC) + timedelta(days=days))
    assert refused.value.kind == "identity.bad-expiry"


def test_only_an_owner_makes_and_revokes_keys(people: People) -> None:
    """Bob may not even see them; Charlie does not find Alice's."""
    with pytest.raises(Problem) as refused:
        _create(people.bob)
    assert refused.value.kind == "identity.forbidden"
    with pytest.raises(Problem), store.transaction(people.bob.org_id) as connection:
        identity.keys(connection, people.bob.actor)
    key, text = _create(people.alice)
    with pytest.raises(Problem) as refused, store.transaction(people.charlie.org_id) as connection:
        identity.revoke_key(connection, people.charlie.actor, key.id)
    assert refused.value.status == 404
    assert identity.actor_of_key(text) is not None


def test_a_key_makes_no_key(people: People) -> None:
    """What signs in with a key cannot give itself more."""
    _, text = _create(people.alice, scopes=["read", "write", "import", "prove"])
    actor = identity.actor_of_key(text)
    assert actor is not None
    with pytest.raises(Problem) as refused, store.transaction(actor.org_id) as connection:
        identity.create_key(connection, actor, name="more", scopes=["read"])
    assert refused.value.kind == "identity.forbidden"


def test_a_key_needs_a_permission(people: People) -> None:
    """An empty list is a mistake."""
    with pytest.raises(Problem) as refused:
        _create(people.alice, scopes=[])
    assert refused.value.kind == "identity.bad-scope"


def test_the_secret_is_not_kept_and_use_is_noted(people: People) -> None:
    """The row holds a hash; after the first use it says when that was."""
    _, text = _create(people.alice)
    with store.transaction(people.alice.org_id) as connection:
        (before,) = identity.keys(connection, people.alice.actor)
        row = connection.execute(sa.text("select row_to_json(k)::text from api_key k")).scalar_one()
    assert before.used_at is None
    assert text.partition(".")[2] not in row
    identity.actor_of_key(text)
    with store.transaction(people.alice.org_id) as connection:
        (after,) = identity.keys(connection, people.alice.actor)
    assert after.used_at is not None
