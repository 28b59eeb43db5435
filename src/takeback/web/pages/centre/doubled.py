"""GET /centre/results/doubles: results that may be stated twice, for who accepts them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import results
from takeback.share.centre.records import Record
from takeback.web.console.views import Action, Block, CentreSheetPage, Chip, FactTable, Shown, Tab
from takeback.web.pages.answers import page
from takeback.web.pages.centre.rows import state_chip, title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/results/doubles"
WHY: dict[str, Message] = {
    "doi": msg("the same DOI"),
    "number": msg("the same number"),
    "title": msg("nearly the same title"),
}


def doubles_action(visit: Visit, kind: str) -> tuple[Action, ...]:
    """Return the button that leads from the list of results to those that may be stated twice."""
    if kind != "result" or not visit.me.may("result.accept"):
        return ()
    return (Action(label=msg("Stated twice?"), href=URL, method="get"),)


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        pairs = results.same_results(here.connection, here.me)
        rows = tuple(
            (
                _shown(here, pair.later),
                _shown(here, pair.earlier),
                (Shown(chip=Chip(label=WHY[pair.why], tone="bad" if pair.sure else "warn")),),
            )
            for pair in pairs
        )
        heads = (msg("Stated later"), msg("Stated before"), msg("Why"))
        view = CentreSheetPage(
            title=msg("Stated twice?"),
            note=msg("Return the later one, or withdraw it where it is accepted already; who stated it is told why."),
            above=(Tab(label=msg("Results"), href="/centre/result"),),
            blocks=(
                Block(
                    title=msg("Pairs that may be the same result"),
                    table=FactTable(heads=heads, rows=rows) if rows else None,
                    nothing=msg("No two results are alike."),
                ),
            ),
        )
        return page(view, here.around.shell)


def _shown(visit: Visit, record: Record) -> tuple[Shown, ...]:
    title = Shown(text=title_of(visit, record), href=f"/centre/result/{record.id}")
    return (title, Shown(chip=state_chip(record.state, "result")))


HANDLERS = [index]
