"""GET /centre/search: records and people by a few letters, under the search box or as a page."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from litestar import Response, get

from takeback.core.message import msg
from takeback.operate.identity import Actor
from takeback.share.centre.people import people
from takeback.share.centre.records import HOLDS, TITLE_ZH
from takeback.share.centre.seeing import visible
from takeback.web.console.centre_words import kind_word, state_word
from takeback.web.console.views import (
    Address,
    CentreListPage,
    Paging,
    RecordRow,
    SearchHit,
    SearchResults,
    Shown,
)
from takeback.web.pages.answers import page
from takeback.web.pages.centre.rows import day_of, state_chip
from takeback.web.pages.centre.visit import Visit, seen_kinds, visit
from takeback.web.preferences import AnyRequest

FEW, MOST = 8, 100
_FOUND = sa.text(f"""
    select id, kind, title, state, changed_at,
           {TITLE_ZH} as title_zh
    from centre_record
    where kind = any(:kinds) and {HOLDS}
    order by strpos(lower(title || ' ' || {TITLE_ZH}), lower(:first)) = 0, changed_at desc limit :most
""")


@get("/centre/search", sync_to_thread=True, include_in_schema=False)
def search(request: AnyRequest, actor: Actor, q: str = "") -> Response[Any]:
    text = q.strip()[:100]
    with visit(request, actor) as here:
        if request.headers.get("hx-request") == "true":
            return page(SearchResults(query=text, hits=_hits(here, text) if text else ()), here.around.shell)
        rows = _rows(here, text) if text else ()
        view = CentreListPage(
            title=msg("Search"),
            heads=(msg("Kind"), msg("Changed")),
            rows=rows,
            paging=Paging(number=1, size=MOST, total=len(rows)),
            address=Address(path="/centre/search", params={"q": text} if text else {}),
            query=text,
        )
        return page(view, here.around.shell)


def _found(visit: Visit, text: str, most: int) -> list[Any]:
    seen = [one.name for one in seen_kinds(visit)]
    return list(visit.connection.execute(_FOUND, {"kinds": seen, "text": text.split(), "first": text, "most": most}))


def _hits(visit: Visit, text: str) -> tuple[SearchHit, ...]:
    persons = [one for one in people(visit.connection, text=text) if visible(one, visit.me)][:3]
    records = _found(visit, text, FEW - len(persons))
    return (
        *(
            SearchHit(href=f"/centre/people/{one.id}", title=str(visit.person(one)), detail="", kind=msg("Person"))
            for one in persons
        ),
        *(
            SearchHit(
                href=f"/centre/{row.kind}/{row.id}",
                title=_title(visit, row),
                detail=state_word(row.state, row.kind),
                kind=kind_word(row.kind),
            )
            for row in records
        ),
    )


def _title(visit: Visit, row: Any) -> str:
    return visit.around.name(row.title, row.title_zh or row.title)


def _rows(visit: Visit, text: str) -> tuple[RecordRow, ...]:
    return tuple(
        RecordRow(
            href=f"/centre/{row.kind}/{row.id}",
            title=_title(visit, row),
            state=state_chip(row.state, row.kind),
            cells=(Shown(text=kind_word(row.kind)), Shown(day=day_of(visit, row.changed_at))),
        )
        for row in _found(visit, text, MOST)
    )


HANDLERS = [search]
