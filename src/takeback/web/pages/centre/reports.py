"""GET /centre/reports: reports made in one click, their files in both languages, checked; centres that are guided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import jobs
from takeback.operate.identity import Actor
from takeback.share.centre import organisation, reporting
from takeback.share.centre.figures import Figure
from takeback.share.centre.figures import rooms as rooms_known
from takeback.share.centre.records import Record
from takeback.share.centre.records import get as record_by_id
from takeback.share.centre.reporting.jobs import KIND
from takeback.web.api.centre_reporting import check as check_report
from takeback.web.console.centre_words import choice_word, room_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    LinkRow,
    MakingPart,
    Send,
    Shown,
    Tab,
    Text,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.evidence import figure_value, figures_of_room, year_actions, year_asked
from takeback.web.pages.centre.rows import state_chip, title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.pages.progress import progress_of
from takeback.web.preferences import AnyRequest

REPORTS = "/centre/reports"
SORTS = ("annual", "evaluation", "application")


@get(REPORTS, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    beside = _beside(actor)
    with visit(request, actor) as here:
        found = reporting.reports(here.connection, here.me)
        running = jobs.running(here.connection, KIND)
        making = MakingPart(job=progress_of(running, actor)) if running else None
        make = here.me.may("report.make") and running is None
        view = CentreSheetPage(
            title=msg("Reports"),
            actions=beside,
            making=making,
            blocks=(
                Block(
                    title=msg("Reports that were made"),
                    links=tuple(_report(here, report) for report in found),
                    nothing=msg("No report yet."),
                ),
            ),
            aside=(Block(title=msg("Make a report"), form=_form(here)),) if make else (),
        )
        return page(view, here.around.shell)


def _beside(actor: Actor) -> tuple[Action, ...]:
    """Return the way to candidate centres side by side, for who may read the reports of several."""
    readable = [one for one in organisation.centres_of(actor.person()) if one.actor.may("report.read")]
    action = Action(label=msg("Candidates side by side"), href="/centre/candidates", method="get")
    return (action,) if len(readable) > 1 else ()


def _report(visit: Visit, report: Record) -> LinkRow:
    facts = report.facts
    years = str(facts.year) if facts.first_year == facts.year else f"{facts.first_year}–{facts.year}"
    told = msg("{sort}, {years}, {files} files", sort=choice_word(facts.sort), years=years, files=len(facts.files))
    href = f"/centre/report/{report.id}"
    return LinkRow(href=href, title=title_of(visit, report), badge=state_chip(report.state), detail=told)


def _form(visit: Visit) -> FormPart:
    year = visit.today.year
    sorts = tuple(FilterOption(value=sort, label=choice_word(sort)) for sort in SORTS)
    fields = (
        Field(name="sort", label=msg("Report"), sort="choice", options=sorts, values=("annual",), required=True),
        Field(name="year", label=msg("Year"), sort="number", value=str(year), required=True),
        Field(name="first", label=msg("From the year, for an evaluation"), sort="number"),
    )
    return FormPart(action=REPORTS, fields=fields, sends=(Send(label=msg("Make it"), primary=True),))


@post(REPORTS, sync_to_thread=True, include_in_schema=False)
def make(request: AnyRequest, actor: Actor, data: Form) -> Redirect:
    with visit(request, actor) as here:
        sort, year, first = one(data, "sort"), one(data, "year").strip(), one(data, "first").strip()
        if sort not in SORTS or not _is_year(year) or (first and not _is_year(first)):
            raise Problem(
                "centre.bad-report", msg("There is no such report."), where="year",
                found=f"{sort} {first} {year}".strip(),
                expected=msg("a kind of report and a year, such as {year}", year=str(here.today.year)),
            )  # fmt: skip
        link = str(request.base_url).rstrip("/")
        reporting.ask_for_report(
            here.connection, here.me, sort,  # type: ignore[arg-type]
            int(year), first=int(first) if first else None, link=link, created_by=actor.user_id,
        )  # fmt: skip
    return see_other(REPORTS)


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and 1950 <= int(text) <= 2200


@get(f"{REPORTS}/making/{{job_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def making(request: AnyRequest, actor: Actor, job_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("report.read")
        job = jobs.one(here.connection, job_id)
        if job.kind != KIND:
            raise Problem("jobs.unknown", msg("There is no such job."), found=job_id, status=404)
        view = MakingPart(job=progress_of(job, actor))
        answer = page(view, here.around.shell)
    if not view.job.live:
        answer.headers["HX-Refresh"] = "true"
    return answer


@get(f"{REPORTS}/{{report_id:uuid}}/check", sync_to_thread=True, include_in_schema=False)
def check(request: AnyRequest, actor: Actor, report_id: UUID) -> Response[Any]:
    """Show whether a report's files are those that were recorded, and whether its proofs hold."""
    with visit(request, actor) as here:
        checked = check_report(here.connection, here.me, report_id)
        record = record_by_id(here.connection, report_id, kind="report")
        holds = not checked.findings
        word = Chip(label=msg("it holds"), tone="good") if holds else Chip(label=msg("it does not hold"), tone="bad")
        told = msg(
            "{files} files are those that were recorded; {figures} figures rest on {entries} entries, each in the "
            "signed log.", files=checked.files, figures=checked.figures, entries=checked.entries,
        )  # fmt: skip
        wrong = _wrong(here, record, checked.findings)
        view = CentreSheetPage(
            title=msg("Check of: {title}", title=title_of(here, record)),
            state=word,
            above=(Tab(label=title_of(here, record), href=f"/centre/report/{report_id}"),),
            blocks=(Block(title=msg("What was found"), text=told if holds else "", table=wrong),),
        )
        return page(view, here.around.shell)


def _wrong(visit: Visit, report: Record, findings: Sequence[Message]) -> FactTable | None:
    """Return what does not hold of a report, its figures by their names."""
    facts: reporting.Report = report.facts
    rooms = {str(one.params["figure"]).partition(".")[0] for one in findings if "figure" in one.params} & {
        *rooms_known()
    }
    labels = {figure.code: figure.label for room in rooms for figure in figures_of_room(visit, room, facts.year)}

    def named(one: Message) -> Message:
        code = str(one.params.get("figure", ""))
        return Message(one.msgid, {**one.params, "figure": labels.get(code, code)}) if code else one

    rows = tuple(((Shown(text=named(one)),),) for one in findings)
    return FactTable(heads=(msg("What does not hold"),), rows=rows) if rows else None


def figures_line(
    label: Any, figures: tuple[Figure | None, ...], *, room: str = "", here: Sequence[bool] = ()
) -> tuple[tuple[Shown, ...], ...]:
    """Return a line of a table in which centres stand side by side; the one worked in leads to its evidence.

    `here`: which of the centres that is; what a figure of another rests on is seen by who works there.
    """
    what = (Shown(text=label), *((Shown(text=room_word(room)),) if room else ()))
    own = here or (False,) * len(figures)
    return (what, *((_figure(one, here=is_own),) for one, is_own in zip(figures, own, strict=True)))


def _figure(figure: Figure | None, *, here: bool) -> Shown:
    if figure is None:
        return Shown()
    value = figure_value(figure)
    return replace(value, href=f"/centre/figures/{figure.code}?year={figure.year}") if here else value


def told_evidence(seen: Sequence[organisation.CentreSeen], actor: Actor) -> Message | str:
    """Return what the figures of centres side by side lead to, and how to come to the evidence of the others."""
    if not seen:
        return ""
    if all(one.org_id == actor.org_id for one in seen):
        return msg("Each leads to the records that it rests on, and to their proofs.")
    return msg(
        "Figures of the centre in which you work lead to their evidence. To see that of another, choose it under "
        "“Work for” in the menu of your account."
    )


@get("/centre/guided", sync_to_thread=True, include_in_schema=False)
def guided(request: AnyRequest, actor: Actor, year: str = "") -> Response[Any]:
    """Show an authority all centres that it guides; each is read with its rights there, nothing else is."""
    with visit(request, actor) as here:
        asked, user, around = year_asked(here, year), actor.person(), here.around
    seen = organisation.guided_by(user, asked)
    named = (around.name(centre.name, centre.name_zh) for centre in seen)
    heads: tuple[Text, ...] = (msg("Figure"), *named)
    own = [centre.org_id == actor.org_id for centre in seen]
    lines = tuple(
        figures_line(figure.label, tuple(values), here=own) for figure, values in organisation.side_by_side(seen)
    )
    states = tuple(
        (
            (Shown(text=around.name(centre.name, centre.name_zh)),),
            (Shown(chip=state_chip(centre.state)),) if centre.state else (),
            (Shown(number=centre.members),),
        )
        for centre in seen
    )
    centres = FactTable(heads=(msg("Centre"), msg("Stage of the plan"), msg("Members")), rows=states)
    view = CentreSheetPage(
        title=msg("Centres that I guide"),
        actions=year_actions("/centre/guided", asked),
        blocks=(
            Block(title=msg("Centres"), table=centres if seen else None, nothing=msg("You guide no centre.")),
            Block(
                title=msg("Figures of {year}", year=str(asked)),
                note=told_evidence(seen, actor),
                table=FactTable(heads=heads, rows=lines) if lines else None,
            ),
        ),
    )
    return page(view, around.shell)


HANDLERS = [index, make, making, check, guided]
