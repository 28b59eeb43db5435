"""Signing in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import passwords, rate, sessions
from tests.support.people import PASSWORD, People, Person, new_organisation, new_user


def _signed_in(person: Person) -> identity.SignedIn:
    found = identity.signed_in(identity.sign_in(person.email, PASSWORD))
    assert found is not None
    return found


@contextmanager
def _at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Iterator[None]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return moment

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "datetime", Clock)
        yield


def test_the_right_password_opens_a_session(people: People) -> None:
    """It knows the person, the organisation and the role; the e-mail is found however it is written."""
    found = identity.signed_in(identity.sign_in(f" {people.bob.email.upper()} ", PASSWORD, agent="x" * 900))
    assert found is not None
    assert found.actor is not None
    assert (found.user.id, found.actor.org_id, found.actor.role) == (people.bob.id, people.bob.org_id, "operator")


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 10_000])
def test_a_wrong_password_opens_none(people: People, password: str) -> None:
    """With the words for an unknown e-mail."""
    said = set()
    for email in (people.alice.email, "nobody@example.org", "no e-mail", ""):
        with pytest.raises(Problem) as refused:
            identity.sign_in(email, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_an_unknown_email_takes_the_same_work(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the e-mail exists or not, exactly one hash of the same costs is computed."""
    hashed: list[str] = []
    real = passwords.verify_password
    monkeypatch.setattr(sessions, "verify_password", lambda stored, given: hashed.append(stored) or real(stored, given))
    for email in (people.alice.email, "nobody@example.org", "no e-mail"):
        with pytest.raises(Problem):
            identity.sign_in(email, "wrong password here")
    assert len(hashed) == 3
    assert len({stored.rsplit("$", 2)[0] for stored in hashed}) == 1
    assert hashed[1] == hashed[2] == passwords.NOBODY


def test_a_session_token_is_always_new_and_replaces_the_old(people: People) -> None:
    """No fixation: a token that was there before signing in is worth nothing after it, known or not."""
    planted = "a" * 43
    token = identity.sign_in(people.alice.email, PASSWORD, replacing=planted)
    assert token != planted
    assert identity.signed_in(planted) is None
    second = identity.sign_in(people.alice.email, PASSWORD, replacing=token)
    assert second != token
    assert identity.signed_in(token) is None
    assert len(identity.sessions_of(people.alice.id)) == 1


def test_the_token_is_not_kept(people: People) -> None:
    """Who reads the table cannot use the session."""
    token = identity.sign_in(people.alice.email, PASSWORD)
    with store.admin() as connection:
        rows = connection.execute(sa.text("select row_to_json(s)::text from session s")).scalars().all()
    assert len(rows) == 1
    assert token not in rows[0]


def test_a_session_ends_when_idle_and_when_old(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight hours without a request end it; with requests it ends after seven days all the same."""
    token, begin = identity.sign_in(people.alice.email, PASSWORD), datetime.now(UTC)
    with _at(monkeypatch, begin + sessions.IDLE + timedelta(minutes=1)):
        assert identity.signed_in(token) is None
        assert identity.sessions_of(people.alice.id) == []
    token, moment = identity.sign_in(people.alice.email, PASSWORD), datetime.now(UTC)
    while moment < begin + sessions.ABSOLUTE - timedelta(hours=7):
        moment += timedelta(hours=7)
        with _at(monkeypatch, moment):
            assert identity.signed_in(token) is not None
    with _at(monkeypatch, begin + sessions.ABSOLUTE + timedelta(minutes=1)):
        assert identity.signed_in(token) is None


def test_signing_out_here_and_everywhere(people: People) -> None:
    """Here ends one session, everywhere ends all of that person, and nobody else's."""
    first, second, third = (identity.sign_in(people.alice.email, PASSWORD) for _ in range(3))
    bob = identity.sign_in(people.bob.email, PASSWORD)
    found = identity.signed_in(first)
    assert found is not None
    identity.sign_out(people.alice.id, found.session.id)
    assert identity.signed_in(first) is None
    assert identity.signed_in(second) is not None
    assert identity.sign_out_everywhere(people.alice.id) == 2
    assert identity.signed_in(third) is None
    assert identity.signed_in(bob) is not None


def test_nobody_ends_the_session_of_another(people: People) -> None:
    """Not even a colleague who knows its id."""
    session = _signed_in(people.alice).session
    for other in (people.bob, people.charlie):
        with pytest.raises(Problem) as refused:
            identity.sign_out(other.id, session.id)
        assert refused.value.status == 404


def test_a_changed_password_ends_all_sessions(people: People) -> None:
    """Whoever had one must show the new password; the old one must be shown to change it."""
    token = identity.sign_in(people.alice.email, PASSWORD)
    with pytest.raises(Problem) as refused, store.admin() as connection:
        identity.change_password(connection, people.alice.id, current="wrong", new="other words for the new year")
    assert refused.value.kind == "identity.wrong-password"
    assert identity.signed_in(token) is not None
    with store.admin() as connection:
        identity.change_password(connection, people.alice.id, current=PASSWORD, new="other words for the new year")
    assert identity.signed_in(token) is None
    with pytest.raises(Problem):
        identity.sign_in(people.alice.email, PASSWORD)
    assert identity.sign_in(people.alice.email, "other words for the new year")


def test_who_is_shut_out_is_out_at_once(people: People) -> None:
    """Sessions end, signing in fails with the words for a wrong password; afterwards it works again."""
    token = identity.sign_in(people.bob.email, PASSWORD)
    with store.admin() as connection:
        identity.set_active(connection, people.bob.id, active=False)
    assert identity.signed_in(token) is None
    with pytest.raises(Problem) as refused:
        identity.sign_in(people.bob.email, PASSWORD)
    assert refused.value.kind == "identity.bad-credentials"
    with store.admin() as connection:
        identity.set_active(connection, people.bob.id, active=True)
    assert identity.sign_in(people.bob.email, PASSWORD)


def test_a_lost_membership_is_lost_in_open_sessions(people: People) -> None:
    """The role is read at each request: the next one of a removed person has no organisation."""
    token = identity.sign_in(people.bob.email, PASSWORD)
    with store.transaction(people.alice.org_id) as connection:
        identity.remove_member(connection, people.alice.actor, people.bob.id)
    found = identity.signed_in(token)
    assert found is not None
    assert found.actor is None


def test_one_works_for_one_organisation_at_a_time(people: People) -> None:
    """Charlie chooses between his two; Alice's he cannot choose."""
    second = new_organisation(people.charlie.id, "a-second-one")
    token = identity.sign_in(people.charlie.email, PASSWORD)
    for org_id in (people.charlie.org_id, second):
        found = identity.signed_in(token)
        assert found is not None
        identity.choose_organisation(found, org_id)
        again = identity.signed_in(token)
        assert again is not None
        assert again.actor is not None
        assert again.actor.org_id == org_id
        with pytest.raises(Problem) as refused:
            identity.choose_organisation(found, people.alice.org_id)
        assert refused.value.status == 404


def test_somebody_without_organisation_signs_in(people: People) -> None:
    """As a person, and as no actor."""
    new_user("dora@example.org", "Dora")
    found = identity.signed_in(identity.sign_in("dora@example.org", PASSWORD))
    assert found is not None
    assert (found.user.display_name, found.actor, found.memberships) == ("Dora", None, ())


def test_guessing_is_slowed_down_and_the_owner_gets_in(people: People) -> None:
    """After the burst even the right password is refused from that address; from another address it is not."""
    for _ in range(rate.SIGN_IN_BY_BOTH.burst):
        with pytest.raises(Problem) as refused:
            identity.sign_in(people.alice.email, "wrong", address="192.0.2.1")
        assert refused.value.kind == "identity.bad-credentials"
    with pytest.raises(identity.TooManyRequests):
        identity.sign_in(people.alice.email, PASSWORD, address="192.0.2.1")
    assert identity.sign_in(people.alice.email, PASSWORD, address="192.0.2.2")
    assert identity.sign_in(people.bob.email, PASSWORD, address="192.0.2.1")


def test_many_accounts_from_one_address_are_slowed_down(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying one password on many e-mails is guessing, too."""
    monkeypatch.setattr(rate, "SIGN_IN_BY_ADDRESS", rate.Limit("address", 3, 60))
    for number in range(3):
        with pytest.raises(Problem) as refused:
            identity.sign_in(f"p{number}@example.org", "wrong", address="192.0.2.1")
        assert refused.value.status == 401
    with pytest.raises(identity.TooManyRequests):
        identity.sign_in("p3@example.org", "wrong", address="192.0.2.1")


def test_a_success_gives_the_tries_back(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who slips now and then is not shut out by the slips of yesterday."""
    monkeypatch.setattr(rate, "SIGN_IN_BY_BOTH", rate.Limit("both", 3, 60))
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(Problem):
                identity.sign_in(people.alice.email, "wrong", address="192.0.2.1")
        assert identity.sign_in(people.alice.email, PASSWORD, address="192.0.2.1")


def test_an_old_hash_is_renewed_at_sign_in(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the costs rise, hashes follow as people come by."""
    read = sa.text("select password_hash from user_account where id = :id")
    with store.admin() as connection:
        before = connection.execute(read, {"id": people.alice.id}).scalar_one()
    monkeypatch.setattr(sessions, "outdated", lambda stored: True)
    identity.sign_in(people.alice.email, PASSWORD)
    with store.admin() as connection:
        after = connection.execute(read, {"id": people.alice.id}).scalar_one()
    assert after != before
    assert identity.sign_in(people.alice.email, PASSWORD)
