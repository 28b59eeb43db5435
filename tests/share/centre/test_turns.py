"""Commands that write at once in a centre wait for each other in a row, never in a ring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.share.centre import calls, organisation, people, records
from takeback.share.centre.organisation import Seat
from takeback.share.centre.people import PersonFields
from tests.share.centre.calls.call_world import CLOSES, new_call
from tests.share.centre.centre_world import CentreWorld

Work = Callable[[sa.Connection], Any]


def at_once(world: CentreWorld, first: Work, meanwhile: Work, then: Work) -> list[BaseException]:
    """Let one transaction do `first`, another begin `meanwhile` and wait, then the first do `then`; return errors."""
    wrong, begun = list[BaseException](), threading.Event()

    def other() -> None:
        try:
            with store.transaction(world.org) as connection:
                begun.set()
                meanwhile(connection)
        except BaseException as error:
            wrong.append(error)

    thread = threading.Thread(target=other)
    try:
        with store.transaction(world.org) as connection:
            first(connection)
            thread.start()
            assert begun.wait(10)
            _until_one_waits()
            then(connection)
    except BaseException as error:
        wrong.append(error)
    thread.join()
    return wrong


def _until_one_waits() -> None:
    with store.admin() as connection:
        for _ in range(2_000):
            if connection.execute(_WAITING).scalar_one():
                return
            connection.execute(sa.text("select pg_sleep(0.005)"))
    raise AssertionError("nobody waits")


_WAITING = sa.text("select count(*) from pg_locks where not granted")


def test_a_member_leaves_while_a_body_of_its_people_is_changed(centre: CentreWorld) -> None:
    """One has the body and wants to write; the other has written and wants the body: both end well."""
    person = centre.enter("Bob", "maker", "council").person()
    with store.transaction(centre.org) as connection:
        facts = organisation.Body(sort="council", name="Council", name_zh="理事会")
        body = organisation.put_body(connection, centre.manager, facts).id
        organisation.take_seat(connection, centre.manager, body, Seat(person=person, begins=date(2026, 1, 1)))

    def change(connection: sa.Connection) -> None:
        old = records.get(connection, body, kind="body").facts
        records.change(connection, centre.manager, body, replace_name(old), allowed=True)

    wrong = at_once(
        centre,
        lambda connection: records.get(connection, body, kind="body", lock=True),
        lambda connection: organisation.leave(connection, centre.manager, centre.members["maker"]),
        change,
    )
    assert wrong == []


def replace_name(body: Any) -> Any:
    return msgspec.structs.replace(body, name="Another name")


def test_eligibility_is_said_while_a_proposal_is_taken_back(centre: CentreWorld) -> None:
    """All proposals are looked at one after the other, and one of them is just being withdrawn."""
    call = new_call(centre, authors=3)
    for place in range(3):
        call.submit(place)
    with store.transaction(call.org) as connection:
        calls.close_call(connection, call.manager, call.call, at=CLOSES)
    last = call.proposals[0]
    wrong = at_once(
        centre,
        lambda connection: records.get(connection, last, lock=True),
        lambda connection: _after_one(connection, call),
        lambda connection: calls.withdraw_proposal(connection, call.authors[0], last, at=CLOSES),
    )
    assert [getattr(one, "kind", one) for one in wrong] in ([], ["centre.bad-move"])


def _after_one(connection: sa.Connection, call: Any) -> None:
    calls.check_eligibility(connection, call.manager, call.call, at=CLOSES)


def test_a_person_is_changed_while_the_member_leaves(centre: CentreWorld) -> None:
    """A person's name and roles are written by both."""
    person = centre.enter("Bob", "maker", "researcher").person()
    other = centre.enter("Ann", "maker", "researcher").person()
    fields = PersonFields(name="Bob", member_id=centre.members["maker"], roles=["student"])
    manager = replace(centre.manager)

    def leave_others(connection: sa.Connection) -> None:
        organisation.set_roles(connection, manager, other, [])
        organisation.set_roles(connection, manager, person, [])

    with store.transaction(centre.org) as connection:
        assert people.person_by_id(connection, person).roles == ["researcher"]
    wrong = at_once(
        centre,
        lambda connection: people.enter_person(connection, manager, fields, id=person),
        leave_others,
        lambda connection: people.enter_person(connection, manager, fields, id=other),
    )
    assert wrong == []


@pytest.mark.parametrize("turns", [8])
def test_many_managers_at_once_write_one_after_the_other(centre: CentreWorld, turns: int) -> None:
    """Each moves records in another order; all come through."""
    with store.transaction(centre.org) as connection:
        bodies = [
            organisation.put_body(
                connection, centre.manager, organisation.Body(sort="other", name=f"B{n}", name_zh="组")
            ).id
            for n in range(4)
        ]
    wrong = list[BaseException]()

    def work(turn: int) -> None:
        try:
            with store.transaction(centre.org) as connection:
                for body in bodies[turn % 4 :] + bodies[: turn % 4]:
                    old = records.get(connection, body, lock=True)
                    records.change(connection, centre.manager, body, replace_name(old.facts), allowed=True)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(turns)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with store.transaction(centre.org) as connection:
        assert {records.get(connection, body).version for body in bodies} == {turns + 1}
