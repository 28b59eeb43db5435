"""Whoever is on a side of an open call is given no role or key that reads the ledger, in whatever way it is tried.

Alice owns the centre's organisation, Bob reviews (or applies), Charlie does neither.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import Actor
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.permissions import PERMISSIONS
from takeback.operate.identity.users import create_user
from takeback.share.centre import calls
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import PersonFields, enter_person, person_by_id
from tests.share.centre.calls.call_world import CLOSES, TELLING, CallWorld


def account(call: CallWorld, email: str, role: str | None = "participant") -> UUID:
    """Return a new account, a member of the organisation in a role (none: of no organisation)."""
    with store.transaction(call.org) as connection:
        password = "a-long-password-3"
        user = create_user(connection, email=email, display_name="A", password=password, locale="en").id
        if role:
            insert_member(connection, call.org, user, role)  # type: ignore[arg-type]
    return user


def linked(call: CallWorld, actor: CentreActor, user: UUID | None) -> None:
    """Make an account a person's."""
    with store.transaction(call.org) as connection:
        sql = sa.text("update centre_person_name set user_id = :user where id = :id")
        connection.execute(sql, {"user": user, "id": actor.person_id})


def alice(call: CallWorld, user: UUID | None = None) -> Actor:
    """Return the owner of the organisation, or another account with all that an owner may."""
    with store.transaction(call.org) as connection:
        owner = connection.execute(sa.text("select user_id from membership where role = 'owner'")).scalars().first()
    return Actor(org_id=call.org, permissions=frozenset(PERMISSIONS), role="owner", user_id=user or owner)


def in_review(call: CallWorld) -> None:
    call.submit(0)
    call.submit(1)
    call.close()
    call.assign((0, 0), (1, 1))


def refused(call: CallWorld, *words: str) -> pytest.RaisesExc[Problem]:
    """Expect the refusal: it names the call, the side and until when."""

    def told(problem: Problem) -> bool:
        said = f"{problem.where} {problem.found} {problem.expected}"
        return problem.kind == "centre.on-a-side" and all(word in said for word in ("CALL-1", "closed", *words))

    return pytest.RaisesExc(Problem, check=told)


@pytest.mark.parametrize("side", ["reviews", "applies"])
@pytest.mark.parametrize("role", ["auditor", "viewer", "owner"])
def test_a_role_that_reads_the_ledger_is_refused_until_the_call_is_closed(
    call: CallWorld, side: str, role: str
) -> None:
    """Bob is refused, Charlie is not; Bob is not either once nobody can appeal any more."""
    in_review(call)
    bob, charlie = account(call, "bob@b.example"), account(call, "charlie@b.example")
    linked(call, call.experts[0] if side == "reviews" else call.authors[0], bob)
    linked(call, call.experts[5], charlie)
    owner = alice(call)
    with store.transaction(call.org) as connection, refused(call, side, "2026-05-10"):
        identity.change_role(connection, owner, bob, role)
    with store.transaction(call.org) as connection:
        assert identity.change_role(connection, owner, charlie, role).role == role
        assert identity.change_role(connection, owner, bob, "participant").role == "participant"
    call.review(0, 0, 5, 5, 5)
    call.review(1, 1, 5, 5, 5)
    for proposal in (0, 1):
        call.decide(proposal, "declined")
    call.announce()
    with store.transaction(call.org) as connection, refused(call, side, "after 2026-05-30"):
        identity.change_role(connection, owner, bob, role)
    with store.transaction(call.org) as connection:
        calls.finish_call(connection, call.manager, call.call, at=TELLING + timedelta(days=11))
        assert identity.change_role(connection, owner, bob, role).role == role


def test_an_invitation_or_an_address_is_no_way_round(call: CallWorld) -> None:
    """Bob, known by his e-mail alone or gone and come again, does not join as auditor; nor is his e-mail made hers."""
    in_review(call)
    bob = account(call, "exp0@hidden.example", None)
    owner = alice(call)
    with store.transaction(call.org) as connection:
        _, token = identity.invite(connection, owner, email="exp0@hidden.example", role="auditor")
        user = identity.find_user(connection, "exp0@hidden.example")
    assert user is not None and user.id == bob
    with refused(call, "reviews"):
        identity.accept_as(token, user)
    linked(call, call.experts[0], bob)
    with refused(call, "reviews"):
        identity.accept_as(token, user)
    account(call, "auditor@b.example", "auditor")
    for place in (1, 5):  # on a side or on none: whoever asks may be on the other one, and learns nothing
        expert = call.experts[place].person()
        fields = PersonFields(name="Exodia", email="auditor@b.example", roles=["expert"])
        with pytest.raises(Problem) as same, store.transaction(call.org) as connection:
            enter_person(connection, call.manager, fields, id=expert, at=CLOSES)
        assert (same.value.kind, same.value.where, same.value.found) == ("centre.on-a-side", "CALL-1", None)
    with store.transaction(call.org) as connection:  # who was entered so is no reviewer
        new = enter_person(connection, call.manager, fields, at=CLOSES)
    call.experts.append(replace(call.experts[1], person_id=new.id))
    with pytest.raises(Problem) as conflict:
        call.assign((0, -1))
    assert conflict.value.kind == "centre.reviewer-conflict"


def test_an_api_key_is_neither_made_nor_kept_by_somebody_on_a_side(call: CallWorld) -> None:
    """Bob makes none; Charlie, who made one when she was owner, reviews and applies only when it is revoked."""
    charlie = account(call, "charlie@b.example", "owner")
    with store.transaction(call.org) as connection:
        key, _ = identity.create_key(connection, alice(call, charlie), name="k", scopes=["prove"])
        identity.change_role(connection, alice(call), charlie, "participant")
    linked(call, call.authors[2], charlie)
    call.submit(0)
    with pytest.raises(Problem) as applies:
        call.submit(2)
    assert applies.value.kind == "centre.runs-the-calls"
    linked(call, call.authors[2], None)
    linked(call, call.experts[1], charlie)
    call.close()
    with pytest.raises(Problem) as reviews:
        call.assign((0, 1))
    assert reviews.value.kind == "centre.reviewer-conflict"
    with store.transaction(call.org) as connection:
        identity.revoke_key(connection, alice(call), key.id)
    call.assign((0, 1))
    bob = account(call, "bob@b.example")
    linked(call, call.experts[1], bob)
    with store.transaction(call.org) as connection, refused(call, "reviews"):
        identity.create_key(connection, alice(call, bob), name="k", scopes=["prove"])


def test_of_a_role_and_an_assignment_at_once_one_is_refused(call: CallWorld) -> None:
    """Whichever comes second sees the first: nobody ends up with both."""
    call.submit(0)
    call.close()
    bob, owner = account(call, "bob@b.example"), alice(call)
    linked(call, call.experts[0], bob)

    def give() -> bool:
        with store.transaction(call.org) as connection:
            identity.change_role(connection, owner, bob, "auditor")
        return True

    def tried(step: object) -> bool:
        try:
            return bool(step() or True)  # type: ignore[operator]
        except Problem:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = [*pool.map(tried, (give, lambda: call.assign((0, 0))))]
    assert sorted(done) == [False, True]
    with store.transaction(call.org) as connection:
        assert person_by_id(connection, call.experts[0].person()).user_id == bob
