"""Figures with their evidence, reports in one call, candidate centres side by side; lists in and out; the frontier."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import QueryParameter

from takeback.operate.identity import Actor
from takeback.prove.checkpoint import LogKey
from takeback.share.centre import files, frontier, reporting, tables
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.figures import Figure, all_figures
from takeback.share.centre.files import LARGEST, File
from takeback.share.centre.tables import Examined
from takeback.store.settings import Settings
from takeback.web.api.centre_answers import plain, speaker
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.centre_commands import command, question
from takeback.web.api.centre_files import FILE, Uploaded, downloaded
from takeback.web.api.centre_kinds import readable
from takeback.web.api.idempotency import Once
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.security import PERSON, Caller

TAGS, LISTS, FRONTIER = ["Centre: reports"], ["Centre: lists"], ["Centre: frontier"]
REPORT, SOURCE = "/reports/{report_id:uuid}", "/sources/{source_id:uuid}"
Link = Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s<>\"]{1,500})?$")]
"""What the links in a report begin with."""
Ending = Literal["pdf", "xlsx", "csv", "json"]
"""The files in which centres stand side by side."""
Columns = Annotated[
    list[str] | None,
    QueryParameter(
        name="column",
        description="What a column means, `Name of firm=name`, for each whose header does not say it; `Notes=` leaves "
        "one out. What is not said here means what it meant last, or what its header says.",
    ),
]


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a list were entered."""

    rows: int


def figures(connection: sa.Connection, actor: CentreActor, year: int) -> list[Figure]:
    """Return all figures of a year, for those who read reports."""
    actor.require("report.read")
    return all_figures(connection, year)


def ask_for_report(
    connection: sa.Connection,
    actor: CentreActor,
    sort: reporting.Sort,
    year: int,
    first: int | None = None,
    link: Link = "",
) -> UUID:
    """Ask for a report as a job."""
    return reporting.ask_for_report(connection, actor, sort, year, first=first, link=link)


@get(f"{URL}/compared", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Figures of several centres side by side")
def compared(request: AnyRequest, caller: Caller, year: int, centres: list[UUID] | None = None) -> reporting.Comparison:
    found: reporting.Comparison = plain(
        reporting.compare(caller.person().user.id, centres or [], year), speaker(request)
    )
    return found


@get(
    f"{URL}/compared/file",
    opt=PERSON,
    sync_to_thread=True,
    tags=TAGS,
    summary="Figures of several centres side by side as PDF, Excel, CSV or JSON, in your language",
    responses={200: FILE},
)
def compared_file(
    request: AnyRequest,
    caller: Caller,
    year: int,
    centres: list[UUID] | None = None,
    ending: Ending = "pdf",
) -> Response[bytes]:
    found = reporting.compare(caller.person().user.id, centres or [], year)
    return side_by_side(found, ending, reporting.language(locale_of(request)))


def side_by_side(found: reporting.Comparison, ending: Ending, spoken: reporting.Language) -> Response[bytes]:
    """Return a comparison as a file that a browser saves."""
    name = f"candidates-{found.year}.{ending}"
    if ending == "pdf":
        return downloaded(reporting.comparison_pdf(found, spoken), name, "application/pdf")
    return downloaded(reporting.comparison_file(found, ending, spoken), name, tables.MEDIA_TYPES[ending])


def check(connection: sa.Connection, actor: CentreActor, report_id: UUID) -> reporting.ReportCheck:
    """Check a kept report with the key of this installation's log."""
    key = LogKey.kept_in(Settings.from_environment().home)
    return reporting.recheck(connection, actor, report_id, origin=key.origin, public=key.public)


@get(
    f"{URL}{REPORT}/files/{{file_id:uuid}}",
    sync_to_thread=True,
    tags=TAGS,
    summary="A file of a report",
    responses={200: FILE},
)
def report_file(actor: Actor, report_id: UUID, file_id: UUID) -> Response[bytes]:
    def content(connection: sa.Connection, who: CentreActor) -> tuple[File, bytes]:
        kept = reporting.report_files(connection, who, report_id)
        return files.one_of(kept, file_id), files.content_of(connection, file_id)

    file, read = within(actor, content)
    return downloaded(read, file.name, file.media_type)


@get(
    f"{URL}/lists/{{kind:str}}",
    sync_to_thread=True,
    tags=LISTS,
    summary="Records of a kind as Excel, CSV or JSON",
    responses={200: FILE},
)
def export(
    request: AnyRequest,
    actor: Actor,
    kind: str,
    ending: Literal["csv", "xlsx", "json"] = "csv",
    year: int | None = None,
) -> Response[bytes]:
    def content(connection: sa.Connection, who: CentreActor) -> bytes:
        name = readable(who, kind).name
        return tables.export(connection, who, name, ending, year=year, gettext=speaker(request))

    return downloaded(within(actor, content), f"{kind}.{ending}", tables.MEDIA_TYPES[ending])


def _sent_list(
    connection: sa.Connection, who: CentreActor, kind: str, data: Uploaded, sheet: str | None, columns: Columns
) -> tuple[tables.Sheet, dict[str, str]]:
    """Return a list that was sent by who may enter lists, and what its columns mean."""
    who.require("import.run")
    read = tables.read_sheet(data.filename, data.file.read(), sheet=sheet)
    return read, tables.said_mapping(connection, kind, read.columns, columns or ())


@post(
    f"{URL}/lists/{{kind:str}}/examine",
    sync_to_thread=True,
    status_code=200,
    request_max_body_size=LARGEST + 100_000,
    tags=LISTS,
    summary="Look at a list from Word, Excel or CSV: every row and its faults; nothing is written",
)
def examine(
    request: AnyRequest, actor: Actor, kind: str, data: Uploaded, sheet: str | None = None, columns: Columns = None
) -> Examined:
    def looked_at(connection: sa.Connection, who: CentreActor) -> Examined:
        read, mapping = _sent_list(connection, who, kind, data, sheet, columns)
        return tables.examine(connection, who, kind, read, mapping=mapping)

    found: Examined = plain(within(actor, looked_at), speaker(request))
    return found


@post(
    f"{URL}/lists/{{kind:str}}",
    sync_to_thread=True,
    request_max_body_size=LARGEST + 100_000,
    tags=LISTS,
    summary="Enter a list: all rows, or none with the faults",
)
def enter(
    actor: Actor, once: Once, kind: str, data: Uploaded, sheet: str | None = None, columns: Columns = None
) -> Response[Entered]:
    def effect(connection: sa.Connection, who: CentreActor) -> Entered:
        read, mapping = _sent_list(connection, who, kind, data, sheet, columns)
        rows = tables.enter(connection, who, kind, read, mapping=mapping)
        tables.remember(connection, who.org_id, kind, read.columns, mapping)
        return Entered(rows=rows)

    return once_within(actor, once, effect)


HANDLERS: list[Any] = [
    compared,
    compared_file,
    report_file,
    export,
    examine,
    enter,
    question("/figures", figures, "All figures of a year, with evidence", tags=TAGS),
    question("/figures/{code:str}", reporting.figure_evidence, "A figure's evidence and its proofs", tags=TAGS),
    question("/reports", reporting.reports, "Reports that were made, the latest first", tags=TAGS),
    command("/reports", ask_for_report, "Make a report as a job; the report gets the job's id", tags=TAGS),
    question(f"{REPORT}/files", reporting.report_files, "The files of a report", tags=TAGS),
    question(f"{REPORT}/check", check, "Whether a report's files and proofs hold", tags=TAGS),
    command(f"{REPORT}/publish", reporting.publish_report, "Publish a report of a closed period", tags=TAGS),
    command(f"{REPORT}/withdraw", reporting.withdraw_report, "Withdraw a report that was wrong", tags=TAGS),
    question("/sources", frontier.sources, "Sources that are listed, narrowed", tags=FRONTIER),
    command("/sources", frontier.import_sources, "Enter BibTeX, RIS, CSL JSON or DOIs", tags=FRONTIER),
    command(f"{SOURCE}/tags", frontier.tag_source, "Add tags and problems to a source", tags=FRONTIER),
    question("/best-known", frontier.best_known_values, "The best value of each instance", tags=FRONTIER),
    command("/best-known", frontier.state_best_known, "State a value that beats the best one", tags=FRONTIER),
    question("/news", frontier.my_news, "Your news", tags=FRONTIER),
    command("/news/read", frontier.read_news, "Say that news were read", tags=FRONTIER),
    question("/results/{result_id:uuid}/citation", frontier.cff_of_result, "CITATION.cff of a result", tags=FRONTIER),
]
