"""Answers kept under an idempotency key."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import Answer, answers
from tests.support.people import People, Person


def _store(person: Person, key: str, request: bytes = b"request", body: bytes | None = b'{"n":1}') -> None:
    with store.transaction(person.org_id) as connection:
        assert identity.stored_answer(connection, person.actor, key, request) is None
        identity.store_answer(connection, person.actor, key, request, Answer(201, body))


def _find(person: Person, key: str, request: bytes = b"request") -> Answer | None:
    with store.transaction(person.org_id) as connection:
        return identity.stored_answer(connection, person.actor, key, request)


def test_a_stored_answer_is_found_by_its_caller_only(people: People) -> None:
    """Neither a colleague's nor an outsider's request with the same key gets Alice's answer."""
    _store(people.alice, "key-1")
    assert _find(people.alice, "key-1") == Answer(201, b'{"n":1}')
    assert _find(people.alice, "key-2") is None
    assert _find(people.bob, "key-1") is None
    assert _find(people.charlie, "key-1") is None


def test_another_request_with_the_key_is_refused(people: People) -> None:
    """The key stands for one request; a second one under it is a mistake of the caller."""
    _store(people.alice, "key-1")
    with pytest.raises(Problem) as refused:
        _find(people.alice, "key-1", b"another request")
    assert (refused.value.kind, refused.value.status) == ("request.key-reused", 422)


def test_an_effect_that_fails_leaves_no_answer(people: People) -> None:
    """The answer goes with the transaction: what was rolled back may be tried again."""
    with pytest.raises(RuntimeError), store.transaction(people.alice.org_id) as connection:
        identity.store_answer(connection, people.alice.actor, "key-1", b"request", Answer(201, b"{}"))
        raise RuntimeError
    assert _find(people.alice, "key-1") is None


def test_while_one_works_the_other_is_told(people: People) -> None:
    """A repeated request that comes too early gets 409 at once; a request with another key does not wait."""
    working, done = threading.Event(), threading.Event()

    def work() -> None:
        with store.transaction(people.alice.org_id) as connection:
            identity.stored_answer(connection, people.alice.actor, "key-1", b"request")
            working.set()
            done.wait(30)
            identity.store_answer(connection, people.alice.actor, "key-1", b"request", Answer(201, b"{}"))

    thread = threading.Thread(target=work)
    thread.start()
    assert working.wait(30)
    with pytest.raises(Problem) as refused:
        _find(people.alice, "key-1")
    assert (refused.value.kind, refused.value.status) == ("request.in-flight", 409)
    assert _find(people.alice, "key-2") is None
    done.set()
    thread.join()
    assert _find(people.alice, "key-1") == Answer(201, b"{}")


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "two\nlines"])
def test_a_bad_key_is_refused(people: People, key: str) -> None:
    """1 to 255 printable ASCII characters."""
    with pytest.raises(Problem) as refused:
        _find(people.alice, key)
    assert refused.value.status == 400


def test_old_answers_go(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a new one is stored, those past their time are forgotten: the key may be used again."""
    _store(people.alice, "old")
    monkeypatch.setattr(answers, "KEPT", timedelta(seconds=-1))
    _store(people.alice, "new")
    assert _find(people.alice, "old") is None
