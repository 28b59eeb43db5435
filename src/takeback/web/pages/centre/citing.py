"""Citations: /centre/citations, of what the centre watches and of its own results, in the styles that people use."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import frontier
from takeback.share.centre.frontier import CITABLE, Source
from takeback.share.centre.records import find
from takeback.web.api.centre_files import downloaded
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    FactRow,
    Field,
    FilterOption,
    FormPart,
    Send,
    Shown,
    Tab,
)
from takeback.web.pages.answers import page
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/citations"
MOST = 300  # that are shown; a file has all
STYLES: dict[str, Message | str] = {
    "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL JSON", "gbt7714": "GB/T 7714-2015", "apa": "APA",
}  # fmt: skip
WHAT: dict[str, Message] = {"sources": msg("Frontier watch"), "results": msg("Our results")}


def citation_action(kind: str) -> tuple[Action, ...]:
    """Return the button that leads from the lists of sources and of results to their citations."""
    known = {"source": "sources", "result": "results"}
    if kind not in known:
        return ()
    return (Action(label=msg("Citations"), href=f"{URL}?of={known[kind]}", method="get"),)


def cited(visit: Visit, of: str, text: str) -> list[Source]:
    """Return what is to be cited: sources that are listed, or accepted results without those who are not named."""
    if of != "results":
        return [one.facts for one in frontier.sources(visit.connection, visit.me, text=text)]
    found = find(visit.connection, "result", state="accepted", text=text)
    return frontier.cited_results(visit.connection, visit.me, [one.id for one in found if one.facts.sort in CITABLE])


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, of: str = "sources", style: str = "", q: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        of = of if of in WHAT else "sources"
        text, shown = q.strip()[:100], _style(here, style)
        found = cited(here, of, text)
        lines = tuple(
            FactRow(label=str(one.year or ""), values=(Shown(text=frontier.export([one], shown).strip()),), long=True)  # type: ignore[arg-type]
            for one in found[:MOST]
        )
        view = CentreSheetPage(
            title=msg("Citations"),
            tabs=tuple(Tab(label=label, href=f"{URL}?of={name}", here=name == of) for name, label in WHAT.items()),
            actions=tuple(_download(of, name, label, text) for name, label in STYLES.items()) if found else (),
            blocks=(
                Block(
                    title=msg("{n} references", n=len(found)),
                    facts=lines,
                    nothing=msg("There is nothing to cite here."),
                ),
            ),
            aside=(Block(title=msg("Which, and how"), form=_form(of, shown, text)), *_software(here, of)),
        )
        return page(view, here.around.shell)


def _style(visit: Visit, asked: str) -> str:
    """Return the style in which references are shown: as asked, else what is usual in the reader's language."""
    if asked in STYLES:
        return asked
    return "gbt7714" if visit.around.shell.locale == "zh_Hans" else "apa"


def _download(of: str, style: str, label: Message | str, text: str) -> Action:
    query = urlencode({"of": of, **({"q": text} if text else {})})
    return Action(label=label, href=f"{URL}/{style}?{query}", method="get")


def _form(of: str, style: str, text: str) -> FormPart:
    styles = tuple(FilterOption(value=name, label=label) for name, label in STYLES.items())
    kinds = tuple(FilterOption(value=name, label=label) for name, label in WHAT.items())
    fields = (
        Field(name="of", label=msg("What is cited"), sort="choice", options=kinds, values=(of,), required=True),
        Field(name="style", label=msg("Style"), sort="choice", options=styles, values=(style,), required=True),
        Field(name="q", label=msg("With these words"), sort="line", value=text, most=100),
    )
    return FormPart(action=URL, fields=fields, sends=(Send(label=msg("Show"), primary=True),), method="get")


def _software(visit: Visit, of: str) -> tuple[Block, ...]:
    """Return the ways to the `CITATION.cff` of software and data sets."""
    if of != "results":
        return ()
    found = [
        one for one in find(visit.connection, "result", state="accepted") if one.facts.sort in ("software", "data-set")
    ]
    actions = tuple(
        Action(
            label=visit.around.name(one.title, one.facts.title_zh or one.title),
            href=f"{URL}/cff/{one.id}",
            method="get",
        )
        for one in found[:MOST]
    )
    return (Block(title="CITATION.cff", text=msg("For software and data sets.") if actions else "", actions=actions),)


@get(f"{URL}/{{style:str}}", sync_to_thread=True, include_in_schema=False)
def cite(request: AnyRequest, actor: Actor, style: str, of: str = "sources", q: str = "") -> Response[bytes]:
    with visit(request, actor) as here:
        if style not in frontier.WRITERS:
            raise Problem(
                "centre.bad-form",
                msg("There is no such form of a file."),
                found=style,
                expected=", ".join(frontier.WRITERS),
                status=404,
            )
        text = frontier.export(cited(here, of, q.strip()[:100]), style)  # type: ignore[arg-type]
    media_type, ending = frontier.MEDIA_TYPES[style]
    name = of if of in WHAT else "sources"
    return downloaded(text.encode(), f"{name}.{ending}", _in_utf8(media_type))


@get(f"{URL}/cff/{{record_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def cff(request: AnyRequest, actor: Actor, record_id: UUID) -> Response[bytes]:
    """Hand over the `CITATION.cff` of a piece of software or a data set."""
    with visit(request, actor) as here:
        text = frontier.cff_of_result(here.connection, here.me, record_id)
    return downloaded(text.encode(), "CITATION.cff", "text/yaml")


def _in_utf8(media_type: str) -> str:
    """Return a media type with its encoding; to texts it is added by the framework."""
    return media_type if media_type.startswith("text/") else f"{media_type}; charset=utf-8"


HANDLERS = [index, cite, cff]
