"""Invitations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import User, inviting
from tests.support.people import PASSWORD, People


def _invite(people: People, email: str, role: str = "operator") -> tuple[identity.Invitation, str]:
    with store.transaction(people.alice.org_id) as connection:
        return identity.invite(connection, people.alice.actor, email=email, role=role)


def _user(people: People, email: str) -> User:
    with store.admin() as connection:
        found = identity.find_user(connection, email)
    assert found is not None
    return found


def test_a_new_person_joins_with_the_invited_email(people: People) -> None:
    """The link makes an account and a membership in the promised role; then the link is spent."""
    _, token = _invite(people, "Dora@Example.org", "auditor")
    offer = identity.offered(token)
    assert (offer.email, offer.role, offer.registered) == ("dora@example.org", "auditor", False)
    dora = identity.accept_new(token, display_name="Dora", password=PASSWORD, locale="zh_Hans")
    assert identity.actor_of(dora.id, people.alice.org_id).role == "auditor"
    assert identity.sign_in("dora@example.org", PASSWORD)
    with pytest.raises(Problem) as refused:
        identity.accept_new(token, display_name="Eve", password=PASSWORD)
    assert refused.value.kind == "identity.bad-invitation"


def test_a_registered_person_joins_after_signing_in_only(people: People) -> None:
    """The link alone does not let anyone into Charlie's account; Charlie himself joins beside his own organisation."""
    _, token = _invite(people, people.charlie.email, "viewer")
    assert identity.offered(token).registered
    with pytest.raises(Problem) as refused:
        identity.accept_new(token, display_name="Eve", password=PASSWORD)
    assert refused.value.kind == "identity.sign-in-first"
    with pytest.raises(Problem) as refused:
        identity.accept_as(token, _user(people, people.bob.email))
    assert refused.value.kind == "identity.other-email"
    identity.accept_as(token, _user(people, people.charlie.email))
    assert {m.role for m in identity.memberships_of(people.charlie.id)} == {"owner", "viewer"}


def test_only_an_owner_invites_and_revokes(people: People) -> None:
    """Bob may not; Charlie does not find Alice's invitation; a revoked link is worthless."""
    with pytest.raises(Problem) as refused, store.transaction(people.bob.org_id) as connection:
        identity.invite(connection, people.bob.actor, email="eve@example.org", role="owner")
    assert refused.value.kind == "identity.forbidden"
    invitation, token = _invite(people, "dora@example.org")
    with pytest.raises(Problem) as refused, store.transaction(people.charlie.org_id) as connection:
        identity.revoke_invitation(connection, people.charlie.actor, invitation.id)
    assert refused.value.status == 404
    with store.transaction(people.charlie.org_id) as connection:
        assert identity.invitations(connection, people.charlie.actor) == []
    with store.transaction(people.alice.org_id) as connection:
        identity.revoke_invitation(connection, people.alice.actor, invitation.id)
    with pytest.raises(Problem) as refused:
        identity.offered(token)
    assert refused.value.kind == "identity.bad-invitation"


def test_a_link_expires(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invitation whose time has passed offers nothing."""
    monkeypatch.setattr(inviting, "VALID_FOR", timedelta(seconds=-1))
    _, token = _invite(people, "dora@example.org")
    with pytest.raises(Problem):
        identity.offered(token)


def test_the_token_is_not_kept(people: People) -> None:
    """The database holds its hash; nobody who reads the table can use the link."""
    invitation, token = _invite(people, "dora@example.org")
    with store.transaction(people.alice.org_id) as connection:
        row = connection.execute(sa.text("select row_to_json(i)::text from invitation i")).scalar_one()
    assert str(invitation.id) in row
    assert token not in row


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "a" * 5000])
def test_a_wrong_token_offers_nothing(people: People, token: str) -> None:
    """Whatever it is made of."""
    with pytest.raises(Problem) as refused:
        identity.offered(token)
    assert refused.value.status == 404


def test_a_link_is_used_once(people: People) -> None:
    """Of several simultaneous acceptances one makes an account."""
    _, token = _invite(people, "dora@example.org")

    def accept(_: int) -> bool:
        try:
            identity.accept_new(token, display_name="Dora", password=PASSWORD)
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1


def test_a_member_is_not_taken_in_twice(people: People) -> None:
    """An invitation cannot change the role of somebody who belongs already, and stays open."""
    _, token = _invite(people, people.bob.email, "owner")
    with pytest.raises(Problem) as refused:
        identity.accept_as(token, _user(people, people.bob.email))
    assert refused.value.kind == "identity.is-member"
    assert identity.actor_of(people.bob.id, people.bob.org_id).role == "operator"
    assert identity.offered(token).email == people.bob.email


def test_a_weak_password_spends_nothing(people: People) -> None:
    """After a refused password the link still works, and no account is left behind."""
    _, token = _invite(people, "dora@example.org")
    with pytest.raises(Problem) as refused:
        identity.accept_new(token, display_name="Dora", password="password1234")
    assert refused.value.kind == "identity.weak-password"
    assert not identity.offered(token).registered
    assert datetime.now(UTC) < _invite(people, "x@example.org")[0].expires_at
