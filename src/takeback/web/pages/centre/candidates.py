"""GET /centre/candidates: candidate centres of an application round side by side, as a page, PDF, Excel, CSV, JSON."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import organisation, reporting
from takeback.share.centre.reporting.comparing import MOST
from takeback.share.centre.reporting.languages import Locale
from takeback.web.api.centre_reporting import Ending, side_by_side
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    Send,
    Tab,
    Text,
)
from takeback.web.frame import Frame
from takeback.web.pages.answers import page
from takeback.web.pages.centre.evidence import year_asked
from takeback.web.pages.centre.reports import REPORTS, figures_line, told_evidence
from takeback.web.pages.centre.visit import visit
from takeback.web.preferences import AnyRequest

URL = "/centre/candidates"
FILES: tuple[tuple[Ending, Locale | None, Text], ...] = (
    ("pdf", "en", msg("PDF in English")), ("pdf", "zh_Hans", msg("PDF in Chinese")), ("xlsx", None, "Excel"),
    ("csv", None, "CSV"), ("json", None, "JSON"),
)  # fmt: skip
"""What the page can be taken along as; None: in the language of the page."""
Seen = list[organisation.CentreSeen]


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, year: str = "") -> Response[Any]:
    """Show the centres whose reports the person may read, all or those that were ticked, beside each other."""
    asked, around = _asked(request, actor, year)
    seen = _readable(actor)
    chosen = _chosen(request, seen)
    few = msg("There is no second centre whose reports you may read.")
    block, files = Block(title=msg("Figures"), nothing=few), tuple[Action, ...]()
    if len(chosen) > 1:
        found = reporting.compare(actor.person(), chosen, asked)
        note = told_evidence([one for one in seen if one.org_id in chosen], actor)
        table = _table(around, found, [one == actor.org_id for one in chosen])
        block = Block(title=msg("Figures of {year}", year=str(asked)), note=note, table=table)
        files = _files(asked, chosen, around.shell.locale)
    view = CentreSheetPage(
        title=msg("Candidates side by side"),
        above=(Tab(label=msg("Reports"), href=REPORTS),),
        actions=files,
        blocks=(block,),
        aside=(Block(title=msg("Which centres"), form=_form(around, seen, chosen, asked)),) if len(seen) > 1 else (),
    )
    return page(view, around.shell)


@get(f"{URL}/{{ending:str}}", sync_to_thread=True, include_in_schema=False)
def file(request: AnyRequest, actor: Actor, ending: str, year: str = "", language: str = "") -> Response[bytes]:
    """Hand over the page as a file."""
    asked, around = _asked(request, actor, year)
    if ending not in get_args(Ending):
        raise Problem(
            "centre.bad-form", msg("There is no such form of a file."), found=ending,
            expected=", ".join(get_args(Ending)), status=404,
        )  # fmt: skip
    spoken = language if language in reporting.LOCALES else around.shell.locale
    found = reporting.compare(actor.person(), _chosen(request, _readable(actor)), asked)
    return side_by_side(found, ending, reporting.language(spoken))  # type: ignore[arg-type]


def _asked(request: AnyRequest, actor: Actor, year: str) -> tuple[int, Frame]:
    with visit(request, actor) as here:
        here.me.require("report.read")
        return year_asked(here, year), here.around


def _readable(actor: Actor) -> Seen:
    return [one for one in organisation.centres_of(actor.person()) if one.actor.may("report.read")]


def _chosen(request: AnyRequest, seen: Seen) -> list[UUID]:
    """Return the centres that are ticked of those that may be read, all where fewer than two are."""
    ticked = {*request.query_params.getall("centre", [])}
    chosen = [one.org_id for one in seen if str(one.org_id) in ticked]
    return (chosen if len(chosen) > 1 else [one.org_id for one in seen])[:MOST]


def _table(around: Frame, found: reporting.Comparison, own: list[bool]) -> FactTable:
    """Return the table; `own`: which centre is the one worked in, whose figures lead to their evidence."""
    named = tuple(
        msg("{centre} (provisional)", centre=around.name(one.name, one.name_zh))
        if open_
        else around.name(one.name, one.name_zh)
        for one, open_ in zip(found.centres, found.provisional, strict=True)
    )
    rows = tuple(figures_line(row.label, row.figures, room=row.room, here=own) for row in found.rows)
    return FactTable(heads=(msg("Figure"), *named), rows=rows)


def _files(year: int, chosen: list[UUID], mine: str) -> tuple[Action, ...]:
    """Return the ways to take the page along, first as PDF in the language of the page."""
    shared = [("year", str(year)), *(("centre", str(one)) for one in chosen)]
    return tuple(
        Action(
            label=label, method="get", primary=locale == mine,
            href=f"{URL}/{ending}?" + urlencode([*shared, *((("language", locale),) if locale else ())]),
        )
        for ending, locale, label in sorted(FILES, key=lambda one: one[1] != mine)
    )  # fmt: skip


def _form(around: Frame, seen: Seen, chosen: list[UUID], year: int) -> FormPart:
    options = tuple(
        FilterOption(value=str(one.org_id), label=around.name(one.name, one.name_zh or one.name)) for one in seen
    )
    fields = (
        Field(name="year", label=msg("Year"), sort="number", value=str(year), required=True),
        Field(
            name="centre", label=msg("Centres"), sort="ticks", options=options, values=tuple(map(str, chosen)),
        ),
    )  # fmt: skip
    return FormPart(action=URL, fields=fields, sends=(Send(label=msg("Show"), primary=True),), method="get")


HANDLERS = [index, file]
