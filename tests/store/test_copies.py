"""A copy of a process (fork) leaves the connections of the first one alone."""

from __future__ import annotations

import multiprocessing
from uuid import uuid4

import sqlalchemy as sa

from takeback import store


def backend() -> int:
    with store.transaction(uuid4()) as connection:
        return int(connection.scalar(sa.text("select pg_backend_pid()")) or 0)


def in_a_copy(urls: tuple[str, str], sent: multiprocessing.SimpleQueue[int]) -> None:
    store.open_database(*urls)
    sent.put(backend())
    store.close()


def test_a_copy_works_by_a_connection_of_its_own_and_the_first_one_keeps_its_own(database: store.Database) -> None:
    before = backend()
    context = multiprocessing.get_context("fork")
    sent = context.SimpleQueue()
    copy = context.Process(target=in_a_copy, args=((database.application_url, database.owner_url), sent))
    copy.start()
    copied = sent.get()
    copy.join()
    assert copy.exitcode == 0
    assert copied != before
    assert backend() == before
