"""Lists in: /centre/lists. A file is sent, its columns become fields, all rows are looked at, then they are entered.

GET and POST /centre/lists, GET /centre/lists/{id}, POST /centre/lists/{id}/mapping, /sheet, /enter and /drop,
GET /centre/lists/{id}/report/{ending}: the row report as a file.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import tables
from takeback.share.centre.files import LARGEST
from takeback.share.centre.tables import LISTS, Examined, Sheet, Waiting
from takeback.share.centre.tables import Field as ListField
from takeback.web.api.centre_files import downloaded
from takeback.web.console import translations
from takeback.web.console.centre_words import choice_word, field_word, kind_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactTable,
    Field,
    FilterOption,
    Flash,
    FormPart,
    LinkRow,
    Send,
    Shown,
    Tab,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.keeping import Upload, sent_file
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/lists"
ONE = f"{URL}/{{list_id:uuid}}"
SAMPLES, SHOWN = 3, 200  # values of a column that are shown, faults on the page; the report has a thousand
_FLASHES = {"dropped": msg("Forgotten.")}
_FAULTS = (msg("Row"), msg("Column"), msg("Field"), msg("What is wrong"), msg("Found"), msg("What would be right"))


def list_word(kind: str) -> Message | str:
    """Return what the rows of a list are called."""
    return msg("People") if kind == "person" else kind_word(kind, many=True)


def list_action(visit: Visit, kind: str) -> tuple[Action, ...]:
    """Return the button that leads from the list of a kind to the entering of one, for who may."""
    if kind not in LISTS or not visit.me.may("import.run"):
        return ()
    return (Action(label=msg("Enter a list"), href=f"{URL}?kind={kind}", method="get"),)


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, kind: str = "", done: str = "") -> Response[Any]:
    flashes = (Flash(text=_FLASHES[done]),) if done in _FLASHES else ()
    with visit(request, actor, *flashes) as here:
        waiting = tables.lists_waiting(here.connection, here.me)
        view = CentreSheetPage(
            title=msg("Enter a list"),
            note=msg("Word, Excel or CSV. Nothing is written before you have seen what each row becomes."),
            blocks=(Block(title=msg("Send a file"), form=_upload(kind)),),
            aside=(
                Block(
                    title=msg("Lists that wait"),
                    links=tuple(map(_waiting, waiting)),
                    nothing=msg("No list waits to be entered."),
                ),
                Block(title=msg("What a list can hold"), table=_fields_of(kind)) if kind in LISTS else _kinds(),
            ),
        )
        return page(view, here.around.shell)


def _upload(kind: str) -> FormPart:
    options = tuple(FilterOption(value=name, label=list_word(name)) for name in LISTS)
    fields = (
        Field(
            name="kind", label=msg("What its rows are"), sort="choice", options=options, values=(kind,), required=True
        ),
        Field(name="file", label=msg("Excel, CSV or a Word document with a table"), sort="file", required=True),
    )
    return FormPart(
        action=f"{URL}/file", fields=fields, sends=(Send(label=msg("Look at it"), primary=True),), files=True
    )


def _waiting(one: Waiting) -> LinkRow:
    state = Chip(label=msg("looked at"), tone="good") if one.examined else Chip(label=msg("to map"), tone="warn")
    return LinkRow(href=f"{URL}/{one.id}", title=one.file_name, detail=list_word(one.kind), badge=state)


def _kinds() -> Block:
    links = tuple(LinkRow(href=f"{URL}?kind={name}", title=list_word(name)) for name in LISTS)
    return Block(title=msg("What a list can hold"), links=links)


def _named(kind: str, name: str) -> Message | str:
    """Return a field's label; of a text in two languages, which one."""
    label = field_word(kind, name)
    return msg("{field}, in Chinese", field=label) if name.endswith("_zh") else label


def _fields_of(kind: str) -> FactTable:
    rows = tuple(
        ((Shown(text=_named(kind, one.name)),), (Shown(text=msg("needed")) if one.required else Shown(),))
        for one in tables.fields_for(kind)
    )
    return FactTable(heads=(msg("Field"), msg("Needed")), rows=rows)


@post(f"{URL}/file", sync_to_thread=True, include_in_schema=False, request_max_body_size=LARGEST + 100_000)
def send(request: AnyRequest, actor: Actor, data: Upload) -> Redirect:
    with visit(request, actor) as here:
        name, _, content = sent_file(data)
        kept = tables.receive(here.connection, here.me, one(data, "kind"), name, content)
    return see_other(f"{URL}/{kept.id}")


@get(ONE, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, list_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id)
        sheet = tables.sheet_of(here.connection, kept)
        return page(_page(here, kept, sheet), here.around.shell)


def _page(visit: Visit, kept: Waiting, sheet: Sheet) -> CentreSheetPage:
    href = f"{URL}/{kept.id}"
    drop = Action(
        label=msg("Forget this file"), href=f"{href}/drop", confirm=msg("Forget {file}?", file=kept.file_name)
    )
    return CentreSheetPage(
        title=kept.file_name,
        note=msg("{kind}: {n} rows", kind=list_word(kept.kind), n=len(sheet.rows)),
        above=(Tab(label=msg("Enter a list"), href=URL),),
        actions=(drop,),
        blocks=(*(_report(visit, kept, kept.examined) if kept.examined else ()), _mapping(visit, kept, sheet)),
        aside=_sheets(href, sheet),
    )


def _mapping(visit: Visit, kept: Waiting, sheet: Sheet) -> Block:
    chosen = kept.mapping
    if chosen is None:
        chosen = tables.suggested(visit.connection, kept.kind, sheet.columns)
    fields = tables.fields_for(kept.kind)
    lacking = [one for one in fields if one.required and one.name not in chosen.values()]
    words = Message(", ".join(f"{{f{n}}}" for n in range(len(lacking))), {
        f"f{n}": field_word(kept.kind, one.name) for n, one in enumerate(lacking)
    })  # fmt: skip
    form = FormPart(
        action=f"{URL}/{kept.id}/mapping",
        fields=tuple(_column(kept.kind, sheet, n, chosen.get(column, "")) for n, column in enumerate(sheet.columns)),
        sends=(Send(label=msg("Look at all rows"), primary=kept.examined is None),),
    )
    note = msg("What each column means. What you choose is remembered for the next list with the same headers.")
    text = msg("No column means this yet, and each row needs it: {fields}.", fields=words) if lacking else ""
    return Block(title=msg("Columns"), note=note, text=text, form=form)


def _column(kind: str, sheet: Sheet, number: int, chosen: str) -> Field:
    options = tuple(
        FilterOption(
            value=one.name,
            label=msg("{field} (needed)", field=field_word(kind, one.name))
            if one.required
            else field_word(kind, one.name),
        )
        for one in tables.fields_for(kind)
    )
    values = list(dict.fromkeys(row.cells[number] for row in sheet.rows if row.problem is None and row.cells[number]))
    hint = (
        msg("for example {values}", values="; ".join(text[:40] for text in values[:SAMPLES]))
        if values
        else msg("empty")
    )
    label = sheet.columns[number] or msg("Column {n}", n=number + 1)
    return Field(
        name=f"column-{number}",
        label=label,
        sort="choice",
        options=options,
        values=(chosen,) if chosen else (),
        hint=hint,
    )


def _sheets(href: str, sheet: Sheet) -> tuple[Block, ...]:
    if len(sheet.names) < 2:
        return ()
    options = tuple(FilterOption(value=name, label=name) for name in sheet.names)
    field = Field(
        name="sheet", label=msg("Sheet or table"), sort="choice", options=options, values=(sheet.name,), required=True
    )
    form = FormPart(action=f"{href}/sheet", fields=(field,), sends=(Send(label=msg("Take this one")),))
    return (Block(title=msg("The file has several"), form=form),)


def _report(visit: Visit, kept: Waiting, found: Examined) -> tuple[Block, ...]:
    href = f"{URL}/{kept.id}"
    bad = found.rows - found.good
    enter = Action(label=msg("Enter all {n} rows", n=found.good), href=f"{href}/enter", primary=True)
    files = tuple(
        Action(label=msg("Report as {form}", form=name), href=f"{href}/report/{ending}", method="get")
        for ending, name in (("xlsx", "Excel"), ("csv", "CSV"))
    )
    told = (
        msg("{bad} of {rows} rows cannot be entered. Correct the file and send it again.", bad=bad, rows=found.rows)
        if found.fault_count
        else msg("All {n} rows can be entered.", n=found.rows)
    )
    faults = Block(
        title=msg("Row report"),
        text=told,
        table=FactTable(heads=_FAULTS, rows=_faults(kept.kind, found)) if found.faults else None,
        actions=files if found.fault_count else (enter,) if found.good else (),
    )
    return (faults, Block(title=msg("The first rows, as they will be"), table=_preview(visit, kept.kind, found)))


def _faults(kind: str, found: Examined) -> tuple[tuple[tuple[Shown, ...], ...], ...]:
    return tuple(
        (
            (Shown(number=fault.row),),
            (Shown(text=fault.column),),
            (Shown(text=field_word(kind, name)) if (name := found.mapping.get(fault.column)) else Shown(),),
            (Shown(text=fault.title),),
            (Shown(text=fault.found),),
            (Shown(text=fault.expected),),
        )
        for fault in found.faults[:SHOWN]
    )


def _preview(visit: Visit, kind: str, found: Examined) -> FactTable:
    fields = {one.name: one for one in tables.fields_for(kind)}
    names = [*found.mapping.values()]
    ids = {UUID(one) for row in found.preview for name in names for one in _ids(fields[name], row.get(name))}
    known = Known.of_ids(visit, [*ids])
    rows = tuple(
        tuple(tuple(_value(visit, known, fields[name], one) for one in _several(row.get(name))) for name in names)
        for row in found.preview
    )
    return FactTable(heads=tuple(field_word(kind, name) for name in names), rows=rows)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _ids(field: ListField, value: Any) -> list[str]:
    if field.sort == "author":
        return [one["person"] for one in _several(value) if one and "person" in one]
    return [one for one in _several(value) if one] if field.sort == "record" else []


def _value(visit: Visit, known: Known, field: ListField, value: Any) -> Shown:
    """Return a value of a row as it will be: what it names by its name, an amount as money."""
    if value is None:
        return Shown()
    if field.sort == "author":
        value, named = value.get("name"), value.get("person")
        return (known.shown(UUID(named)) if named else None) or Shown(text=value)
    if field.sort == "record":
        return known.shown(UUID(value)) or Shown()
    if field.sort == "money":
        return Shown(money=visit.around.money(value))
    return Shown(text=choice_word(value) if field.sort == "choice" else str(value))


@post(f"{ONE}/mapping", sync_to_thread=True, include_in_schema=False)
def choose(request: AnyRequest, actor: Actor, list_id: UUID, data: Form) -> Redirect:
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id)
        columns = tables.sheet_of(here.connection, kept).columns
        mapping = {column: name for n, column in enumerate(columns) if (name := one(data, f"column-{n}"))}
        tables.look_at(here.connection, here.me, list_id, mapping=mapping)
    return see_other(f"{URL}/{list_id}")


@post(f"{ONE}/sheet", sync_to_thread=True, include_in_schema=False)
def turn(request: AnyRequest, actor: Actor, list_id: UUID, data: Form) -> Redirect:
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id)
        if (sheet := one(data, "sheet")) != kept.sheet:
            tables.look_at(here.connection, here.me, list_id, sheet=sheet)
    return see_other(f"{URL}/{list_id}")


@post(f"{ONE}/enter", sync_to_thread=True, include_in_schema=False)
def enter(request: AnyRequest, actor: Actor, list_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        kind = tables.waiting_list(here.connection, here.me, list_id).kind
        tables.enter_waiting(here.connection, here.me, list_id)
    return see_other("/centre/people" if kind == "person" else f"/centre/{kind}")


@post(f"{ONE}/drop", sync_to_thread=True, include_in_schema=False)
def drop(request: AnyRequest, actor: Actor, list_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        tables.drop(here.connection, here.me, list_id)
    return see_other(f"{URL}?done=dropped")


@get(f"{ONE}/report/{{ending:str}}", sync_to_thread=True, include_in_schema=False)
def report(request: AnyRequest, actor: Actor, list_id: UUID, ending: str) -> Response[bytes]:
    """Hand over the row report, in the reader's language."""
    form: Literal["csv", "xlsx"] = "xlsx" if ending == "xlsx" else "csv"
    with visit(request, actor) as here:
        kept = tables.waiting_list(here.connection, here.me, list_id)
        found = kept.examined or tables.look_at(here.connection, here.me, list_id, mapping=kept.mapping)
        say = translations(here.around.shell.locale).gettext
        content = tables.written([tables.row_report(found, say)], form, say) if found else b""
    return downloaded(content, f"{kept.file_name}-report.{form}", tables.MEDIA_TYPES[form])


HANDLERS = [index, send, show, choose, turn, enter, drop, report]
