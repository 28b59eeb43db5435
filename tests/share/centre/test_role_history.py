"""What somebody could do when, and who decided it: read from the ledger."""

from __future__ import annotations

import pytest

from takeback import prove, store
from takeback.core.problem import Problem
from takeback.share.centre.organisation import leave, set_roles
from takeback.share.centre.people import person_key, set_consents
from takeback.share.centre.role_history import role_history
from tests.share.centre.centre_world import CentreWorld, new_centre


def test_each_role_given_or_taken_stands_there_with_who_did_it(centre: CentreWorld) -> None:
    """Alice is entered as researcher, becomes mentor instead, agrees to something, and loses all when her member goes:
    three changes, each the entry that the ledger has of it."""
    alice = centre.enter("Alice", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        set_roles(connection, centre.manager, alice.person(), ["mentor", "student"])
        set_consents(connection, alice, ["profile"])
        leave(connection, centre.manager, centre.members["maker"], reason="sold")
        told = role_history(connection, centre.manager, alice.person())
        assert [(one.given, one.taken) for one in told] == [
            (("researcher",), ()), (("mentor", "student"), ("researcher",)), ((), ("mentor", "student")),
        ]  # fmt: skip
        assert [one.roles for one in told] == [("researcher",), ("mentor", "student"), ()]
        assert told[1].actor == f"person:{centre.manager.person_id}"
        entries = [one.id for one in prove.trace(connection, centre.org, person_key(alice.person()))]
        assert [one.entry_id for one in told] == [entries[0], entries[2], entries[4]]


def test_alice_reads_her_own_the_manager_all_bob_and_charlie_nothing(centre: CentreWorld) -> None:
    """Bob, a colleague, is refused; for the manager of another centre there is no such history."""
    alice, bob = centre.enter("Alice", "maker", "researcher"), centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        assert role_history(connection, alice, alice.person()) == role_history(
            connection, centre.manager, alice.person()
        )
        with pytest.raises(Problem, match="not allowed"):
            role_history(connection, bob, alice.person())
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert role_history(connection, charlie.manager, alice.person()) == []
