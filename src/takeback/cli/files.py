"""`takeback prove`: whole files of events into the ledger, and out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from takeback import store
from takeback.cli.answer import Answer
from takeback.cli.progress import Step, bar
from takeback.cli.session import database
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import organisation_by_slug
from takeback.prove.bulk.batch import Refusal
from takeback.prove.bulk.load import Loaded
from takeback.prove.bulk.load import load as load_file
from takeback.prove.bulk.source import Source, source

SHOWN = 20  # refused events that are shown to people; all stand in the file of the refused
ACTOR = "cli:load"


def load(*files: Path, org: str, refused: Path | None = None, processes: int = 2) -> Answer:
    """Load files of EPCIS events; each event passes the validator or is refused, and the rest lands.

    A load that was cut off goes on where it ended when the same file is loaded again; an event that is in the ledger
    already is not doubled. Exit code 1 where events were refused.

    Parameters
    ----------
    files:
        One event a line (NDJSON), or EPCIS documents in JSON or XML; also packed by gzip. The kind is found by content.
    org:
        The organisation that records them, by its short name.
    refused:
        Where to write the refused events' numbers and findings, one a line.
    processes:
        How many read and check beside each other.
    """
    if not files:
        raise Problem("cli.no-files", msg("No file is named"), remedy=msg("Name the files to load."), exit_code=2)
    sources = [source(path) for path in files]
    with database():
        party = _party(org)
        loaded = [_load(file, party, processes) for file in sources]
    told = [(file, refusal) for file, one in zip(sources, loaded, strict=True) for refusal in one.refusals]
    if refused is not None:
        _write(refused, told)
    data = [
        {
            "file": str(file.path),
            "events": one.events,
            "captured": one.captured,
            "refused": one.refused,
            "findings": one.findings,
        }
        for file, one in zip(sources, loaded, strict=True)
    ]
    return Answer(data, _said(data, told), exit_code=int(any(one.refused for one in loaded)))


def export(
    folder: Path,
    /,
    *,
    org: str,
    form: Literal["ndjson", "parquet"] = "parquet",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    """Write an organisation's events into a folder, a folder a day, for DuckDB, Spark or pandas.

    Parameters
    ----------
    folder:
        A new or an empty folder.
    org:
        The organisation, by its short name.
    form:
        Parquet, or one EPCIS event a line.
    since:
        Only events that happened from this time on.
    until:
        Only events that happened before this time.
    """
    from takeback.prove.bulk.export import export as export_events

    with database():
        party = _party(org)
        with bar("Exporting") as step:
            done = export_events(
                party,
                folder,
                form=form,
                since=_aware(since),
                until=_aware(until),
                on_progress=lambda events, total: step(events / max(total, 1), f"{events:,} of {total:,} events"),
            )
    return Answer(done, (f"{done.events:,} events of {done.days:,} days are in {folder}.",))


def _party(org: str) -> UUID:
    with store.admin() as connection:
        return organisation_by_slug(connection, org).id


def _load(file: Source, party: UUID, processes: int) -> Loaded:
    with bar(f"Loading {file.path.name}") as step:
        return load_file(
            file, party, actor=ACTOR, processes=processes, on_progress=lambda so_far: _step(step, file, so_far)
        )


def _step(step: Step, file: Source, so_far: Loaded) -> None:
    known = file.kind == "ndjson" and not file.packed
    step(so_far.done / max(file.size, 1) if known else 0.5, f"{so_far.events:,} events, {so_far.refused:,} refused")


def _aware(moment: datetime | None) -> datetime | None:
    """Return the moment in this machine's zone where none was written."""
    return moment.astimezone() if moment is not None and moment.tzinfo is None else moment


def _write(path: Path, told: Sequence[tuple[Source, Refusal]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for file, refusal in told:
            line = {"file": str(file.path), "event": refusal.number, "findings": refusal.findings}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def _said(data: Sequence[dict[str, object]], told: Sequence[tuple[Source, Refusal]]) -> list[str]:
    lines = [
        f"{file.path}, event {refusal.number}: {_first(refusal)}" for file, refusal in told[:SHOWN]
    ]  # the place in the file first, as editors read it
    if len(told) > SHOWN:
        lines.append(f"... and {len(told) - SHOWN} more; --refused FILE and --json give all.")
    lines += [
        f"{one['file']}: {one['events']:,} events read, {one['captured']:,} new, {one['refused']:,} refused, "
        f"{one['findings']:,} findings."
        for one in data
    ]
    return lines


def _first(refusal: Refusal) -> str:
    finding = refusal.findings[0]
    said = [str(finding[name]) for name in ("where", "message", "title", "mend", "detail") if finding.get(name)]
    return " ".join(said) + (f" (and {len(refusal.findings) - 1} more)" if len(refusal.findings) > 1 else "")
