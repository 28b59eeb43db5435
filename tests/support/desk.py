"""A workshop with a catalogue to import into, and how tests look at what an import did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.operate import master
from takeback.operate.identity import Actor
from takeback.operate.imports import Options, Outcome, Report, examine, run, survey

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIMIT = 10**9
LAMP_GTIN, KETTLE_GTIN = "06901234000016", "06901234000023"


@dataclass(frozen=True, slots=True)
class Desk:
    """Alice at her desk: a catalogue of two products and a battery, two sites, a dealer; files in `folder`."""

    actor: Actor
    folder: Path

    def examine(self, path: Path, subject: str = "returns", **options: Any) -> Report:
        """Make a dry run."""
        sheet = options.pop("sheet", None)
        known = survey(path, limit=LIMIT, sheet=sheet)
        return examine(self.actor, path, known, Options(subject=subject, **options), now=NOW)

    def run(self, path: Path, subject: str = "returns", which: Any = "all", **options: Any) -> Outcome:
        """Import."""
        known = survey(path, limit=LIMIT)
        return run(self.actor, path, known, Options(subject=subject, **options), which=which, now=NOW)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds in Alice's organisation."""
        with store.transaction(self.actor.org_id) as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.rows(f"select count(*) from {table}")[0][0])


def furnish(actor: Actor) -> None:
    """Enter the catalogue, the sites and the partners."""
    pack = uuid7()
    rows: list[master.Row] = [
        _site("WH-1", "Kunshan returns", "昆山退货中心"),
        _site("WH-2", "Jiaxing returns", "嘉兴退货中心"),
        _partner("D-1", "Blue Heron", "青鹭", gln="6901234000016"),
        _partner("D-2", "Tide Motors", "潮声"),
        _product("LAMP", "lamp", "台灯", gtin=LAMP_GTIN, mass_g=400),
        _product("KETTLE", "kettle", "水壶", gtin=KETTLE_GTIN, mass_g=1200),
        _product("SHIRT", "shirt", "衬衫", gtin=None, mass_g=200),
        _product("PACK-50", "pack", "电池包", gtin=None, mass_g=320_000, id=pack, vertical="batteries", level="pack"),
        master.BatteryModel(product_id=pack, chemistry="LFP", energy_wh=50_000, rated_capacity_mah=140_000),
    ]
    with store.transaction(actor.org_id) as connection:
        master.register(connection, actor, rows)


def _site(code: str, name: str, name_zh: str) -> master.Site:
    return master.Site(id=uuid7(), code=code, name=name, name_zh=name_zh, kind="return_centre")


def _partner(code: str, name: str, name_zh: str, gln: str | None = None) -> master.Partner:
    return master.Partner(id=uuid7(), code=code, name=name, name_zh=name_zh, kind="dealer", gln=gln)


def _product(code: str, name: str, name_zh: str, **fields: Any) -> master.Product:
    usual = {"id": uuid7(), "vertical": "returns", "level": "unit", "category": "home"}
    return master.Product(
        **{**usual, **fields},
        code=code,
        name=name,
        name_zh=name_zh,
        value_minor=19_900,
        currency="CNY",
        decay_per_day=0.01,
        provenance={"mass": "real", "value": "real"},
    )
