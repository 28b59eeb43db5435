"""GET /boards/{slug}: the problem board of a centre that opened it, for anybody, without sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from litestar import Response, get

from takeback.core.currencies import shown_currency
from takeback.core.money import Money
from takeback.share.centre.problems import PublicProblem
from takeback.web.api.centre_board import LONGEST, looked_at
from takeback.web.console.centre_words import field_word
from takeback.web.console.views import FactRow, PublicBoardPage, PublicCard, Shown
from takeback.web.pages.answers import page
from takeback.web.pages.centre.rows import state_chip
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.security import PUBLIC, Caller
from takeback.web.shell import plain_shell

T = TypeVar("T", str, tuple[str, ...])


@get("/boards/{slug:str}", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, caller: Caller, slug: str, q: str = "") -> Response[Any]:
    board, chinese = looked_at(caller, slug, q), locale_of(request) == "zh_Hans"
    view = PublicBoardPage(
        slug=board.slug,
        name=board.name_zh if chinese else board.name,
        query=q[:LONGEST],
        cards=tuple(_card(board.currency, one, chinese) for one in board.problems),
        more=board.total - len(board.problems),
    )
    return page(view, plain_shell(request))


def _card(currency: str, one: PublicProblem, chinese: bool) -> PublicCard:
    rows = (
        _texts("fields", one.fields),
        FactRow(label=field_word("problem", "prize"), values=_prize(currency, one.prize)),
        _texts("details", [text] if (text := _in(chinese, one.details, one.details_zh)) else [], long=True),
        _texts("constraints", _in(chinese, one.constraints, one.constraints_zh), long=True),
        _texts("criteria", _in(chinese, one.criteria, one.criteria_zh), long=True),
    )
    return PublicCard(
        title=_in(chinese, one.title, one.title_zh),
        state=state_chip(one.state, "problem"),
        facts=tuple(row for row in rows if row.values),
    )


def _in(chinese: bool, text: T, text_zh: T) -> T:
    """Return a text in the language of the page, where it has one."""
    return (text_zh or text) if chinese else text


def _texts(name: str, texts: Sequence[str], *, long: bool = False) -> FactRow:
    return FactRow(label=field_word("problem", name), values=tuple(Shown(text=one) for one in texts), long=long)


def _prize(currency: str, minor: int | None) -> tuple[Shown, ...]:
    return (Shown(money=Money(minor, shown_currency(currency))),) if minor else ()


HANDLERS = [show]
