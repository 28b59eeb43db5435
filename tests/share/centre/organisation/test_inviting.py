"""Persons are invited by a link; the account that accepts is the person's from the first visit on."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate.identity.inviting import accept_new, offered
from takeback.operate.identity.memberships import actor_of
from takeback.share.centre.acting import CentreActor, acting
from takeback.share.centre.organisation import invite_person, leave, open_invitations, set_roles, take_back
from takeback.share.centre.people import PersonFields, enter_person, people, withdraw_person
from takeback.share.centre.records import move
from tests.share.centre.centre_world import CentreWorld, new_centre

PASSWORD = "a-long-password-7"


def owner_of(centre: CentreWorld) -> CentreActor:
    """The centre's first manager, as the account that founded it."""
    with store.transaction(centre.org) as connection:
        user = connection.execute(sa.text("select user_id from membership where role = 'owner'")).scalar_one()
    return visit(centre, user)


def visit(centre: CentreWorld, user_id: UUID) -> CentreActor:
    actor = actor_of(user_id, centre.org)
    with store.transaction(centre.org) as connection:
        return acting(connection, actor)


def invited(centre: CentreWorld, name: str) -> str:
    with store.transaction(centre.org) as connection:
        return invite_person(connection, OWNER[centre.org], centre.people[name].id)[1]


OWNER: dict[UUID, CentreActor] = {}


@pytest.fixture(autouse=True)
def _owner(centre: CentreWorld) -> None:
    OWNER[centre.org] = owner_of(centre)


def joined(centre: CentreWorld, name: str) -> UUID:
    """Let a person accept; return the account."""
    return accept_new(invited(centre, name), display_name=name, password=PASSWORD).id


def test_the_account_that_accepts_is_the_person_that_was_entered(centre: CentreWorld) -> None:
    """The first visit links account and person by the e-mail; the roles are those of the person, in this centre."""
    centre.enter("Bob", "maker", "delegate", email="Bob@Example.org")
    token = invited(centre, "Bob")
    assert (offered(token).role, offered(token).email) == ("participant", "bob@example.org")
    me = visit(centre, accept_new(token, display_name="Bob", password=PASSWORD).id)
    assert (me.person_id, me.member_id, me.roles) == (
        centre.people["Bob"].id, centre.members["maker"], frozenset({"delegate"})
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        assert [one.user_id for one in people(connection) if one.name == "Bob"] == [me_account(connection, "bob")]
        with pytest.raises(Problem) as refused:
            invite_person(connection, OWNER[centre.org], centre.people["Bob"].id)
    assert refused.value.kind == "centre.has-account"


def me_account(connection: sa.Connection, name: str) -> UUID:
    sql = sa.text("select id from user_account where email = :email")
    found: UUID = connection.execute(sql, {"email": f"{name}@example.org"}).scalar_one()
    return found


def test_who_is_no_manager_cannot_invite_and_without_an_email_nobody_is(centre: CentreWorld) -> None:
    """Alice manages; Bob, a delegate, may not invite; Charlie manages another centre and finds nobody of this one."""
    bob = centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    silent = centre.enter("Silent", "maker", "researcher")
    charlie = new_centre("other")
    with store.transaction(centre.org) as connection:
        for actor, person, kind in (
            (bob, silent.person(), "centre.forbidden"),
            (OWNER[centre.org], silent.person(), "centre.no-email"),
        ):
            with pytest.raises(Problem) as refused:
                invite_person(connection, actor, person)
            assert refused.value.kind == kind
    with store.transaction(charlie.org) as connection, pytest.raises(Problem) as refused:
        invite_person(connection, charlie.manager, bob.person())
    assert refused.value.status == 404


def test_who_withdrew_before_the_first_visit_is_not_found_again(centre: CentreWorld) -> None:
    """An account whose person withdrew has no role: the e-mail went with the name."""
    bob = centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    user = joined(centre, "Bob")
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, bob, bob.person())
    me = visit(centre, user)
    assert (me.person_id, me.roles) == (None, frozenset())


def test_an_account_is_one_person_and_a_person_one_account(centre: CentreWorld) -> None:
    """Two persons with the same e-mail: the first is linked, the other stays without account, at every visit."""
    first = centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    centre.enter("Bob twice", "shop", "researcher", email="bob@example.org")
    user = joined(centre, "Bob")
    assert {visit(centre, user).person_id for _ in range(3)} == {first.person_id}


@pytest.mark.parametrize("way", ["leave", "move"])
def test_when_a_member_leaves_its_persons_roles_end(centre: CentreWorld, way: str) -> None:
    """Whether by the command or by a bare move of the record: whoever belongs to it may nothing any more."""
    centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    user = joined(centre, "Bob")
    assert visit(centre, user).roles
    with store.transaction(centre.org) as connection:
        if way == "leave":
            leave(connection, centre.manager, centre.members["maker"], reason="sold")
        else:
            move(connection, centre.manager, centre.members["maker"], "left")
    assert not visit(centre, user).roles


def test_roles_are_given_per_centre_and_the_last_manager_stays(centre: CentreWorld) -> None:
    """Bob becomes an expert here and nowhere else; the only manager cannot be made something else."""
    bob = centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    with store.transaction(centre.org) as connection:
        assert set_roles(connection, centre.manager, bob.person(), ["expert"]).roles == ["expert"]
        with pytest.raises(Problem) as refused:
            set_roles(connection, bob, bob.person(), ["manager"])
        assert refused.value.kind == "centre.forbidden"
        with pytest.raises(Problem) as refused:
            set_roles(connection, centre.manager, centre.manager.person(), ["expert"])
        assert refused.value.kind == "centre.last-manager"


def test_an_invitation_that_is_taken_back_lets_nobody_in(centre: CentreWorld) -> None:
    """Who edits people sees it and takes it back, once; Bob may neither; Charlie elsewhere finds none."""
    bob = centre.enter("Bob", "maker", "delegate", email="bob@example.org")
    token = invited(centre, "Bob")
    other = new_centre("other")
    with store.transaction(other.org) as connection:
        assert open_invitations(connection, other.manager) == []
    with store.transaction(centre.org) as connection:
        (mine,) = open_invitations(connection, OWNER[centre.org])
        for attempt in (lambda: open_invitations(connection, bob), lambda: take_back(connection, bob, mine.id)):
            with pytest.raises(Problem) as refused:
                attempt()
            assert refused.value.status == 403
        take_back(connection, OWNER[centre.org], mine.id)
        with pytest.raises(Problem) as refused:
            take_back(connection, OWNER[centre.org], mine.id)
        assert refused.value.status == 404
    with pytest.raises(Problem):
        offered(token)


def test_an_invitation_keeps_no_email_longer_than_it_is_open(centre: CentreWorld) -> None:
    """Accepted, taken back, of who withdrew, of who has another e-mail now: no row is left, no link leads anywhere."""
    for name in ("Accepts", "Refused", "Leaves", "Changes"):
        centre.enter(name, "maker", "delegate", email=f"{name}@example.org")
    tokens = {name: invited(centre, name) for name in centre.people}
    accept_new(tokens["Accepts"], display_name="A", password=PASSWORD)
    with store.transaction(centre.org) as connection:
        by_email = {one.email: one.id for one in open_invitations(connection, OWNER[centre.org])}
        take_back(connection, OWNER[centre.org], by_email["refused@example.org"])
        withdraw_person(connection, centre.manager, centre.people["Leaves"].id)
        fields = PersonFields(name="Changes", email="new@example.org", member_id=centre.members["maker"])
        enter_person(connection, centre.manager, fields, id=centre.people["Changes"].id)
        assert connection.execute(sa.text("select email from invitation")).all() == []
    for token in tokens.values():
        with pytest.raises(Problem):
            offered(token)
