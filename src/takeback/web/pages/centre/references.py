"""References in: /centre/sources/import. BibTeX, RIS, CSL JSON, lists of DOIs, standards and laws.

A file is sent, each entry is looked at (new, known already, completed, refused with line and field), then entered.
"""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import frontier, tables
from takeback.share.centre.files import LARGEST
from takeback.share.centre.frontier import Form as Format
from takeback.share.centre.frontier import Imported, ImportReport
from takeback.share.centre.tables import Waiting
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactRow,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    Send,
    Shown,
    Tab,
    Tone,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.keeping import Upload, sent_file
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/sources/import"
ONE = f"{URL}/{{list_id:uuid}}"
SHOWN = 300
FORMS: dict[str, Message | str] = {
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL JSON",
    "doi": msg("a list of DOIs"),
    "standards": msg("a list of standards"),
    "law": msg("a list of laws"),
}
_OUTCOMES: dict[str, tuple[Message, Tone]] = {
    "added": (msg("new"), "good"),
    "completed": (msg("completes one that is listed"), "good"),
    "double": (msg("is listed already"), "plain"),
    "refused": (msg("cannot be read"), "bad"),
}
_WHY = (msg("Where"), msg("Found"), msg("What would be right"))
_HEADS = (
    msg("Line"),
    msg("Entry"),
    msg("What becomes of it"),
    msg("What is wrong"),
    msg("Found"),
    msg("What would be right"),
)


def reference_action(visit: Visit, kind: str) -> tuple[Action, ...]:
    """Return the button that leads from the list of sources to the entering of a file, for who may."""
    if kind != tables.REFERENCES or not visit.me.may("source.edit"):
        return ()
    return (Action(label=msg("Enter references"), href=URL, method="get"),)


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("source.edit")
        view = CentreSheetPage(
            title=msg("Enter references"),
            note=msg("Nothing is written before you have seen what each entry becomes."),
            above=(Tab(label=msg("Frontier watch"), href="/centre/source"),),
            blocks=(Block(title=msg("Send a file"), form=_upload()),),
        )
        return page(view, here.around.shell)


def _upload() -> FormPart:
    options = tuple(FilterOption(value=name, label=label) for name, label in FORMS.items())
    fields = (
        Field(name="file", label=msg("A file of references"), sort="file", required=True),
        Field(name="form", label=msg("Its form, if its ending does not tell"), sort="choice", options=options),
    )
    return FormPart(
        action=f"{URL}/file", fields=fields, sends=(Send(label=msg("Look at it"), primary=True),), files=True
    )


@post(f"{URL}/file", sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST + 100_000)
def send(request: AnyRequest, actor: Actor, data: Upload) -> Redirect:
    with visit(request, actor) as here:
        name, _, content = sent_file(data)
        form = one(data, "form") or guessed_form(name, content)
        _known(form)
        kept = tables.receive(here.connection, here.me, tables.REFERENCES, name, content, sheet=form)
    return see_other(f"{URL}/{kept.id}")


def guessed_form(name: str, content: bytes) -> str:
    """Return the form that a file of references seems to have, by its ending, else by how it begins."""
    ending = name.rpartition(".")[2].casefold()
    known = {"bib": "bibtex", "bibtex": "bibtex", "ris": "ris", "json": "csl-json", "csljson": "csl-json"}
    if ending in known:
        return known[ending]
    begin = content[:4000].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if begin.startswith("@"):
        return "bibtex"
    if begin.startswith("TY  -"):
        return "ris"
    return "csl-json" if begin.startswith(("[", "{")) else "doi"


def _known(form: str) -> None:
    if form not in get_args(Format):
        raise Problem(
            "centre.bad-form", msg("This form is not known."), found=form, expected=", ".join(get_args(Format))
        )


@get(ONE, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, list_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id)
        return page(_page(here, kept), here.around.shell)


def _page(visit: Visit, kept: Waiting) -> CentreSheetPage:
    href = f"{URL}/{kept.id}"
    drop = Action(
        label=msg("Forget this file"), href=f"{href}/drop", confirm=msg("Forget {file}?", file=kept.file_name)
    )
    try:
        blocks: tuple[Block, ...] = (_report(kept, _looked_at(visit, kept)),)
    except Problem as problem:
        if problem.status in {401, 403, 404, 409}:
            raise
        blocks = (_refused(problem),)
    return CentreSheetPage(
        title=kept.file_name,
        note=FORMS.get(kept.sheet or "", ""),
        above=(Tab(label=msg("Enter references"), href=URL),),
        actions=(drop,),
        blocks=blocks,
        aside=(Block(title=msg("Its form"), form=_form(kept)), Block(title=msg("Enter them"), form=_enter(href))),
    )


def _refused(problem: Problem) -> Block:
    """Return why a file is not read at all: where it ends, what was expected there, and what to do."""
    found = problem.found if isinstance(problem.found, Message | None) else str(problem.found)[:120]
    words = zip(_WHY, (problem.where, found, problem.expected), strict=True)
    return Block(
        title=msg("Row report"),
        text=Message("{title} {remedy}", {"title": problem.title, "remedy": problem.remedy or ""}),
        facts=tuple(FactRow(label=label, values=(Shown(text=said),)) for label, said in words if said),
    )


def _looked_at(visit: Visit, kept: Waiting) -> ImportReport:
    """Return what would become of each entry; nothing of it stays."""
    trial = visit.connection.begin_nested()
    try:
        return frontier.import_sources(visit.connection, visit.me, _text(visit, kept), kept.sheet)  # type: ignore[arg-type]
    finally:
        trial.rollback()


def _text(visit: Visit, kept: Waiting) -> str:
    content = tables.content_of_list(visit.connection, kept)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _report(kept: Waiting, found: ImportReport) -> Block:
    told = msg(
        "{added} new, {completed} complete one that is listed, {double} are listed already, {refused} cannot be read.",
        **{name: found.count(name) for name in _OUTCOMES},  # type: ignore[arg-type]
    )
    rows = tuple(map(_row, sorted(found.rows, key=lambda row: row.outcome != "refused")[:SHOWN]))
    return Block(title=msg("Row report"), text=told, table=FactTable(heads=_HEADS, rows=rows))


def _row(row: Imported) -> tuple[tuple[Shown, ...], ...]:
    label, tone = _OUTCOMES[row.outcome]
    problem = row.problem
    return (
        (Shown(number=row.line),),
        (Shown(text=row.title or row.key),),
        (Shown(chip=Chip(label=label, tone=tone)),),
        (Shown(text=problem.where or problem.title) if problem else Shown(),),
        (Shown(text=str(problem.found)[:120]) if problem and problem.found is not None else Shown(),),
        (Shown(text=problem.expected) if problem and problem.expected else Shown(),),
    )


def _form(kept: Waiting) -> FormPart:
    options = tuple(FilterOption(value=name, label=label) for name, label in FORMS.items())
    field = Field(
        name="form", label=msg("Form"), sort="choice", options=options, values=(kept.sheet or "",), required=True
    )
    return FormPart(action=f"{URL}/{kept.id}/form", fields=(field,), sends=(Send(label=msg("Read it as this")),))


def _enter(href: str) -> FormPart:
    tags = Field(name="tags", label=msg("Tags for all of them"), sort="lines", hint=msg("one on each line"))
    return FormPart(
        action=f"{href}/enter", fields=(tags,), sends=(Send(label=msg("Enter what can be read"), primary=True),)
    )


@post(f"{ONE}/form", sync_to_thread=True, include_in_schema=False)
def turn(request: AnyRequest, actor: Actor, list_id: UUID, data: Form) -> Redirect:
    form = one(data, "form")
    with visit(request, actor) as here:
        tables.waiting_list(here.connection, here.me, list_id)
        _known(form)
        tables.read_as(here.connection, list_id, form)
    return see_other(f"{URL}/{list_id}")


@post(f"{ONE}/enter", sync_to_thread=True, include_in_schema=False)
def enter(request: AnyRequest, actor: Actor, list_id: UUID, data: Form) -> Redirect:
    tags = [line.strip()[:200] for line in one(data, "tags").splitlines() if line.strip()]
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id, lock=True)
        found = frontier.import_sources(here.connection, here.me, _text(here, kept), kept.sheet, tags=tags)  # type: ignore[arg-type]
        tables.end(here.connection, list_id, found.count("added") + found.count("completed"))
    return see_other("/centre/source")


@post(f"{ONE}/drop", sync_to_thread=True, include_in_schema=False)
def drop(request: AnyRequest, actor: Actor, list_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        tables.drop(here.connection, here.me, list_id)
    return see_other(URL)


HANDLERS = [index, send, show, turn, enter, drop]
