"""The problem board as anybody sees it, without sign-in, where the centre opened it.

Only what a member stated for everybody stands on it: no person, no member, no id, no file, and nothing of the
problems that are for the centre alone, not even that there are any.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Organisation, organisation_by_slug
from takeback.share.centre.records import Record, find

MOST = 200  # problems that are shown, the latest changed first; a search finds the others
STATES = ("stated", "merged", "called", "solved")


class PublicProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem as anybody may read it; `prize` in minor units of the centre's currency."""

    title: str
    title_zh: str
    state: str
    details: str
    details_zh: str
    fields: tuple[str, ...]
    constraints: tuple[str, ...]
    constraints_zh: tuple[str, ...]
    criteria: tuple[str, ...]
    criteria_zh: tuple[str, ...]
    prize: int | None


class PublicBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A centre's board; `problems`: the first `MOST` of `total`."""

    slug: str
    name: str
    name_zh: str
    currency: str
    total: int
    problems: list[PublicProblem]


def public_board_of(slug: str, *, text: str = "") -> PublicBoard:
    """Return the public board of a centre by its short name.

    Raises
    ------
    Problem
        ``centre.no-board`` (404), alike for a centre that did not open it and for one that there is not.
    """
    with store.admin() as connection:
        of = _organisation(connection, slug)
    with store.transaction(of.id) as connection:
        shown = public_board(connection, text=text)
    return PublicBoard(
        slug=of.slug, name=of.name, name_zh=of.name_zh, currency=of.currency, total=len(shown), problems=shown[:MOST]
    )


def public_board(connection: sa.Connection, *, text: str = "") -> list[PublicProblem]:
    """Return what anybody sees; a search looks at what is shown and at nothing else.

    Raises
    ------
    Problem
        ``centre.no-board`` (404) where the centre did not open it.
    """
    if not is_public(connection):
        raise _no_board()
    found = find(connection, "problem", state=STATES)
    shown = [_public(one) for one in found if one.facts.confidentiality == "open"]
    asked = text.casefold().strip()
    return [one for one in shown if asked in _words(one).casefold()]


def is_public(connection: sa.Connection) -> bool:
    """Whether the centre opened its board to anybody, and still works."""
    return any(one.facts.public_board and one.state != "closed" for one in find(connection, "centre", limit=1))


def _public(record: Record) -> PublicProblem:
    return PublicProblem(
        state=record.state,
        **{name: getattr(record.facts, name) for name in PublicProblem.__struct_fields__ if name != "state"},
    )


def _words(one: PublicProblem) -> str:
    lines = (*one.fields, *one.constraints, *one.constraints_zh, *one.criteria, *one.criteria_zh)
    return "\n".join([one.title, one.title_zh, one.details, one.details_zh, *lines])


def _organisation(connection: sa.Connection, slug: str) -> Organisation:
    try:
        return organisation_by_slug(connection, slug)
    except Problem:
        raise _no_board() from None


def _no_board() -> Problem:
    return Problem(
        "centre.no-board",
        msg("There is no public problem board here."),
        remedy=msg("Sign in, if you are one of the centre's people."),
        status=404,
    )
