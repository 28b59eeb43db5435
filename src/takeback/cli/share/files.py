"""`takeback share centre`: lists in and out, reports and centres side by side; reports and credentials checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import read, write
from takeback.cli.progress import bar
from takeback.cli.session import database
from takeback.cli.share.whose import centre_of


def export(
    kind: str,
    file: Path,
    /,
    *,
    centre: str,
    form: Annotated[Literal["csv", "xlsx", "json"], Parameter(name="--as")] = "xlsx",
    year: int | None = None,
) -> Answer:
    """Take the records of a kind out of a centre as Excel, CSV or JSON.

    Parameters
    ----------
    kind:
        A kind of record, such as member or result.
    file:
        The file to write.
    centre:
        The centre, by its short name.
    form:
        Excel, CSV or JSON.
    year:
        Only records of this year.
    """
    from takeback.share.centre import tables

    with database(), centre_of(centre) as (connection, actor):
        content = tables.export(connection, actor, kind, form, year=year)
    write(file, content)
    return Answer({"file": file, "bytes": len(content)}, [f"{file}: {len(content):,} bytes."])


def import_(
    kind: str,
    file: Path,
    /,
    *,
    centre: str,
    column: Annotated[tuple[str, ...], Parameter(name="--map", negative=())] = (),
    sheet: str | None = None,
    dry_run: bool = False,
    report: Path | None = None,
) -> Answer:
    """Enter a list from Word, Excel or CSV: all rows, or none with the faults.

    The exit code is 1 where a row is refused.

    Parameters
    ----------
    kind:
        What a row is, such as person, member or result.
    file:
        The list.
    centre:
        The centre, by its short name.
    column:
        What a column means where its header does not say it, `--map "Name of firm=name"`; as often as needed. What is
        not said here means what it meant last.
    sheet:
        The sheet of a workbook, or the number of a table in a document; the first if not given.
    dry_run:
        Only say what would happen.
    report:
        A file for the row report: row, column, field, what stands there, what would be right.
    """
    from takeback.share.centre import tables

    content = read(file)
    with database(), centre_of(centre) as (connection, actor):
        rows = tables.read_sheet(str(file), content, sheet=sheet)
        mapping = tables.said_mapping(connection, kind, rows.columns, column)
        found = tables.examine(connection, actor, kind, rows, mapping=mapping)
        entered = 0 if dry_run or found.fault_count else tables.enter(connection, actor, kind, rows, mapping=mapping)
        if entered:
            tables.remember(connection, actor.org_id, kind, rows.columns, mapping)
    if report is not None:
        write(report, tables.to_csv(tables.row_report(found)))
    faults = [
        {"row": one.row, "column": one.column, "what": one.title, "found": one.found} for one in found.faults[:20]
    ]
    done = f"{entered:,} rows are entered." if entered else f"{found.good:,} of {found.rows:,} rows are good."
    shown: list[Shown] = [*([table(faults)] if faults else []), done]
    return Answer({"examined": found, "entered": entered}, shown, exit_code=int(found.fault_count > 0))


def report(
    *,
    centre: str,
    year: int,
    into: Path,
    sort: Literal["annual", "evaluation", "application"] = "annual",
    first: int | None = None,
    link: str = "",
) -> Answer:
    """Make a report as PDF and Excel in both languages and as data; it is kept in the centre, too.

    Parameters
    ----------
    centre:
        The centre, by its short name.
    year:
        The year that it tells of, the last one of several.
    into:
        The folder for its files.
    sort:
        The annual report, that of an evaluation, or that of an application.
    first:
        The first of several years, as a report for an evaluation has.
    link:
        The address of the console, to which figures in the PDF lead.
    """
    from takeback.share.centre import files, reporting

    into.mkdir(parents=True, exist_ok=True)
    with database(), centre_of(centre) as (connection, actor), bar("Report") as step:
        made = reporting.make_report(
            connection, actor, sort, year, first=first, link=link,
            progress=lambda share, what: step(share, str(what)),
        )  # fmt: skip
        kept = files.files_of(connection, made.id)
        for file in kept:
            write(into / file.name, files.content_of(connection, file.id))
    return Answer(made, [*(f"{into / file.name}: {file.size:,} bytes" for file in kept), f"Kept as {made.id}."])


def compare(
    file: Path,
    /,
    *,
    centre: Annotated[tuple[str, ...], Parameter(negative=())],
    year: int,
    form: Annotated[Literal["pdf", "xlsx", "csv", "json"], Parameter(name="--as")] = "pdf",
    language: Literal["en", "zh_Hans"] = "en",
) -> Answer:
    """Put the figures of several centres side by side, as PDF, Excel, CSV or JSON.

    Parameters
    ----------
    file:
        The file to write.
    centre:
        A centre, by its short name; as often as there are candidates.
    year:
        The year of the figures.
    form:
        PDF, Excel, CSV or JSON.
    language:
        The language of the file.
    """
    from takeback.cli.share.whose import ids_of
    from takeback.share.centre import reporting

    with database():
        found, spoken = reporting.compare_here(ids_of(*centre), year), reporting.language(language)
    if form == "pdf":
        content = reporting.comparison_pdf(found, spoken)
    else:
        content = reporting.comparison_file(found, form, spoken)
    write(file, content)
    told = f"{file}: {len(found.rows):,} figures of {len(found.centres)} centres, {len(content):,} bytes."
    return Answer({"file": file, "bytes": len(content), "figures": len(found.rows)}, [told])


def check(file: Path, /, *, key: str) -> Answer:
    """Check the data of a report, offline: exit code 1 where something in it does not hold.

    Parameters
    ----------
    file:
        The report's file of data, whose name ends with .json.
    key:
        The log's public key, NAME+HASH+KEY, from a source that you trust: not from the file.
    """
    from takeback.prove.verifier import Verifier
    from takeback.share.centre import reporting

    log = Verifier.parse(key)
    try:
        said = json.loads(read(file))
    except (ValueError, RecursionError):
        said = None
    findings = [str(one) for one in reporting.check_report(said, origin=log.origin, public=log.public)]
    figures = 0 if findings else len(said["figures"])
    holds = f"All {figures:,} figures rest on entries of the log, and every path holds."
    return Answer(
        {"figures": figures, "findings": findings},
        [*(f"NO   {one}" for one in findings)] or [holds],
        exit_code=int(bool(findings)),
    )


def credential(
    file: Path, /, *, key: str, status: Path | None = None, name: str | None = None, salt: str | None = None
) -> Answer:
    """Check a credential of a centre, offline. The exit code says what is wrong with it.

    Parameters
    ----------
    file:
        The credential.
    key:
        The centre's public key, did:key:z6Mk..., that you trust.
    status:
        The centre's latest status list.
    name:
        The name that the holder gives.
    salt:
        The salt that the holder gives with it.
    """
    from takeback.share.centre.talent.standalone import takeback_credential as alone

    text = read(file).decode("utf-8", "replace")
    try:
        listed = alone.parsed(read(status).decode("utf-8", "replace")) if status else None
        done = alone.Check(alone.parsed(text), key.strip(), status=listed, name=name, salt=salt)
    except (alone.UnreadableError, ValueError, TypeError, AttributeError, RecursionError) as error:
        said = f"NO   This cannot be read as a credential: {error}"
        return Answer({"facts": [], "problems": [str(error)]}, [said], exit_code=alone.UNREADABLE)
    lines = [fact if fact.startswith("NOTE") else f"OK   {fact}" for fact in done.facts]
    lines += [f"NO   {problem}" for problem in done.problems]
    return Answer({"facts": done.facts, "problems": done.problems}, lines, exit_code=done.code)
