"""A report as data: JSON with every proof, and an Excel workbook with a sheet for each part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from takeback.core.message import Message, msg
from takeback.share.centre.figures import NOBODY, Evidence, Figure, records_behind
from takeback.share.centre.records import Record, title_zh
from takeback.share.centre.reporting.contents import Contents, Line
from takeback.share.centre.reporting.languages import LISTS, LOCALES, Language, language, room_title
from takeback.share.centre.tables.writing import Cell, Table, to_xlsx

FORMAT = "takeback-centre-report-v1"


def to_json(contents: Contents) -> bytes:
    """Return a report as JSON: figures with their evidence, lists, and the proofs of all entries behind them."""
    return msgspec.json.format(msgspec.json.encode(as_data(contents)), indent=1)


def as_data(contents: Contents) -> dict[str, Any]:
    """Return a report as plain data, its words in both languages."""
    found = contents.organisation
    return {
        "format": FORMAT,
        "report": contents.sort,
        "centre": {"id": found.id, "name": found.name, "name_zh": found.name_zh},
        "years": list(contents.told),
        "provisional": bool(contents.provisional),
        "why_provisional": [_said(why) for why in contents.provisional],
        "made_at": contents.made_at,
        "figures": [
            _figure(contents, line, one)
            for lines in contents.rooms.values()
            for line in lines
            for year, one in line.by_year
            if one and year in contents.told
        ],
        "indicators": [_indicator(contents, one) for one in contents.standings],
        "lists": {kind: [_record(record) for record in found] for kind, found in contents.lists.items()},
        "ledger": contents.proofs.as_json(),
    }


def to_workbook(contents: Contents, spoken: Language) -> bytes:
    """Return a report as an Excel workbook in a language."""
    return to_xlsx([*_tables(contents, spoken)], spoken.gettext)


def _tables(contents: Contents, spoken: Language) -> Iterator[Table]:
    yield _about(contents, spoken)
    yield _figures(contents, spoken)
    yield _evidence(contents, spoken)
    if contents.standings:
        yield _indicators(contents, spoken)
    for kind, records in contents.lists.items():
        if records:
            yield _list(LISTS[kind], records)
    yield _ledger(contents)


def _about(contents: Contents, spoken: Language) -> Table:
    found = contents.organisation
    rows: list[tuple[Cell, Cell]] = [
        (spoken.say(msg("Report")), spoken.say(contents.title)),
        (spoken.say(msg("Centre")), spoken.named(found.name, found.name_zh)),
        (spoken.say(msg("Years")), contents.span),
        (spoken.say(msg("Made on")), contents.made_at.isoformat()),
        *((spoken.say(msg("Provisional")), spoken.say(why)) for why in contents.provisional),
    ]
    return Table(msg("Report"), ("what", "said"), (msg("What"), msg("Value")), rows)


def _figures(contents: Contents, spoken: Language) -> Table:
    years = [str(year) for year in contents.years]
    fields = ("room", "code", "figure", "unit", *years, "records", "page", "note")
    header: tuple[Message | str, ...] = (
        msg("Part"), msg("Code"), msg("Figure"), msg("Unit"), *years, msg("Records"), msg("Page"), msg("Note"),
    )  # fmt: skip
    rows = [
        (
            spoken.say(room_title(room)), line.figure.code, spoken.say(line.figure.label), line.figure.unit,
            *(value for _, value in line.trend), records_behind(line.figure),
            contents.page_of(line.figure), spoken.say(line.figure.note),
        )
        for room, lines in contents.rooms.items()
        for line in lines
    ]  # fmt: skip
    return Table(msg("Figures"), fields, header, rows)


def _evidence(contents: Contents, spoken: Language) -> Table:
    leaves = contents.proofs.leaves
    rows = [
        (
            figure.code,
            figure.year,
            spoken.say(figure.label),
            spoken.named(one.title, one.title_zh),
            "" if one.record_id == NOBODY else str(one.record_id),
            one.entry_id,
            _leaf(leaves, one.entry_id),
        )
        for figure in contents.figures
        for one in figure.evidence
        if one.entry_id
    ]
    fields = ("code", "year", "figure", "title", "record", "entry", "leaf")
    header = (msg("Code"), msg("Year"), msg("Figure"), msg("Title"), msg("Record"), msg("Entry"), msg("Leaf"))
    return Table(msg("Evidence"), fields, header, rows)


_STANDS = ("value", "target", "light")


def _indicators(contents: Contents, spoken: Language) -> Table:
    fields = ("code", "indicator", "unit", *_STANDS, *(f"plan_{key}" for key in _STANDS), "source")
    header = (
        msg("Code"), msg("Indicator"), msg("Unit"), msg("Value"), msg("Target"), msg("State"),
        msg("Plan so far"), msg("Target so far"), msg("State so far"), msg("Source"),
    )  # fmt: skip
    rows = []
    for one in contents.standings:
        said = _indicator(contents, one)
        name = spoken.named(said["name"], said["name_zh"])
        stands = [part[key] for part in (said, said["plan"]) for key in _STANDS]
        rows.append((said["code"], name, said["unit"], *stands, said["source"]))
    return Table(msg("Indicators"), fields, header, rows)


def _list(title: Message, records: tuple[Record, ...]) -> Table:
    fields = ("title", "title_zh", "sort", "year", "state", "record", "entry")
    header = (msg("Title"), msg("Title, Chinese"), msg("Sort"), msg("Year"), msg("State"), msg("Record"), msg("Entry"))
    return Table(title, fields, header, [tuple(_record(record)[field] for field in fields) for record in records])


def _ledger(contents: Contents) -> Table:
    leaves = contents.proofs.leaves
    rows: list[tuple[Cell, ...]] = [
        (entry, _leaf(leaves, entry), leaves[entry].hash.hex() if entry in leaves else "") for entry in contents.entries
    ]
    rows += [(None, None, line) for line in contents.proofs.note.splitlines()]
    return Table(
        msg("Ledger"), ("entry", "leaf", "hash"), (msg("Entry"), msg("Leaf"), msg("Leaf hash; checkpoint")), rows
    )


def _leaf(leaves: Any, entry: int) -> int | None:
    return leaves[entry].index if entry in leaves else None


def _figure(contents: Contents, line: Line, figure: Figure) -> dict[str, Any]:
    return {
        "code": figure.code,
        "label": _said(figure.label),
        "unit": figure.unit,
        "year": figure.year,
        "value": figure.value,
        "trend": {str(year): value for year, value in line.trend},
        "note": _said(figure.note) if figure.note else None,
        "page": contents.page_of(figure),
        "records": records_behind(figure),
        "evidence": [_behind(e) for e in figure.evidence if e.entry_id],
    }


def _indicator(contents: Contents, one: Any) -> dict[str, Any]:
    facts = one.indicator.facts
    return {
        "code": facts.code, "name": facts.name, "name_zh": facts.name_zh, "unit": facts.unit,
        "source": facts.source, "source_zh": facts.source_zh,
        **_stands(one.years[contents.year]),
        "plan": _stands(one.plan),
    }  # fmt: skip


def _stands(standing: Any) -> dict[str, Any]:
    value, target = (None if v is None else float(v) for v in (standing.value, standing.target))
    shown = [_behind(e) for e in standing.evidence if e.entry_id]
    return {"value": value, "target": target, "light": standing.light, "evidence": shown}


def _behind(one: Evidence) -> dict[str, Any]:
    record = None if one.record_id == NOBODY else one.record_id
    return {"record": record, "entry": one.entry_id, "title": one.title}


def _record(record: Record) -> dict[str, Any]:
    facts = record.facts
    return {
        "title": record.title,
        "title_zh": title_zh(record),
        "sort": getattr(facts, "sort", ""),
        "year": record.year,
        "state": record.state,
        "record": str(record.id),
        "entry": record.entry_id,
    }


def _said(message: Message) -> dict[str, str]:
    return {locale: language(locale).say(message) for locale in LOCALES}
