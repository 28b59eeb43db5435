"""Memberships."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import Actor, Role
from tests.support.people import People, new_user


def _roles(people: People) -> dict[UUID, str]:
    with store.transaction(people.alice.org_id) as connection:
        return {m.user_id: m.role for m in identity.members(connection, people.alice.actor)}


def _change(actor: Actor, user: UUID, role: str) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.change_role(connection, actor, user, role)


def _remove(actor: Actor, user: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.remove_member(connection, actor, user)


def test_an_owner_changes_roles_and_removes_people(people: People) -> None:
    """Bob becomes a manager, acts as one, and is gone after Alice has removed him."""
    _change(people.alice.actor, people.bob.id, "manager")
    assert identity.actor_of(people.bob.id, people.alice.org_id).may("master.edit")
    _remove(people.alice.actor, people.bob.id)
    assert _roles(people) == {people.alice.id: "owner"}
    with pytest.raises(Problem) as refused:
        identity.actor_of(people.bob.id, people.alice.org_id)
    assert refused.value.status == 404


@pytest.mark.parametrize("role", ["manager", "operator", "auditor", "viewer"])
def test_nobody_but_an_owner_touches_memberships(people: People, role: Role) -> None:
    """Bob in any other role can neither promote himself nor remove Alice nor take in Charlie."""
    _change(people.alice.actor, people.bob.id, role)
    bob = identity.actor_of(people.bob.id, people.alice.org_id)
    for attempt in (
        lambda: _change(bob, people.bob.id, "owner"),
        lambda: _remove(bob, people.alice.id),
        lambda: _add(bob, people.charlie.id),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.kind == "identity.forbidden"
    assert _roles(people) == {people.alice.id: "owner", people.bob.id: role}


def _add(actor: Actor, user: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.add_member(connection, actor, user, "viewer")


def test_an_outsider_reaches_nobody(people: People) -> None:
    """Charlie, owner elsewhere, finds neither Alice nor Bob in his organisation, and is no actor in hers."""
    for attempt in (
        lambda: _change(people.charlie.actor, people.bob.id, "viewer"),
        lambda: _remove(people.charlie.actor, people.bob.id),
        lambda: identity.actor_of(people.charlie.id, people.alice.org_id),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.status == 404
    with store.transaction(people.charlie.org_id) as connection:
        assert [m.user_id for m in identity.members(connection, people.charlie.actor)] == [people.charlie.id]


def test_the_last_owner_stays(people: People) -> None:
    """Neither demoted nor removed, also not by herself; with a second owner she may go."""
    for attempt in (
        lambda: _change(people.alice.actor, people.alice.id, "viewer"),
        lambda: _remove(people.alice.actor, people.alice.id),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.kind == "identity.last-owner"
    _change(people.alice.actor, people.bob.id, "owner")
    _remove(people.alice.actor, people.alice.id)
    with store.transaction(people.bob.org_id) as connection:
        bob = identity.actor_of(people.bob.id, people.bob.org_id)
        assert [m.role for m in identity.members(connection, bob)] == ["owner"]


def test_two_owners_cannot_leave_at_the_same_moment(people: People) -> None:
    """Of two simultaneous departures one is refused: an organisation without owner could never be repaired."""
    for _ in range(5):
        org_id = uuid4()
        first, second = new_user(f"{org_id}@one.example", "One"), new_user(f"{org_id}@two.example", "Two")
        fields = identity.OrganisationFields(slug=str(org_id), kind="institute", name="I", name_zh="所")
        with store.transaction(org_id) as connection:
            identity.create_organisation(connection, org_id, fields, owner_id=first)
            one = Actor(org_id=org_id, permissions=identity.permissions_of("owner"), role="owner", user_id=first)
            identity.add_member(connection, one, second, "owner")
        with ThreadPoolExecutor(2) as pool:
            gone = list(pool.map(_left, (org_id, org_id), (first, second)))
        assert sorted(gone) == [False, True]


def _left(org_id: UUID, user: UUID) -> bool:
    try:
        _remove(identity.actor_of(user, org_id), user)
    except Problem as problem:
        assert problem.kind == "identity.last-owner"
        return False
    return True


def test_anybody_may_leave(people: People) -> None:
    """Bob goes without asking Alice; a second time he is not found."""
    _remove(people.bob.actor, people.bob.id)
    with pytest.raises(Problem) as refused:
        _remove(people.bob.actor, people.bob.id)
    assert refused.value.kind == "identity.no-member"


def test_an_unknown_role_is_refused(people: People) -> None:
    """With the roles there are."""
    with pytest.raises(Problem) as refused:
        _change(people.alice.actor, people.bob.id, "king")
    assert refused.value.kind == "identity.bad-role"
    assert "operator" in str(refused.value.expected)
