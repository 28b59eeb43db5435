"""The tamper drill: whatever is changed in the tables behind the ledger's back, somebody notices.

Bytes are flipped in every column of every table of the ledger, rows are dropped; by whom it is noticed stands in
`docs/explanation/ledger.md`. The attacker has the owner's rights: no trigger, no policy holds him.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bench.events import events
from takeback import store
from takeback.prove.bundle_check import verify_bundle
from takeback.prove.completeness import make_map, state
from takeback.prove.epcis.capture import capture
from takeback.prove.erasure import erase
from takeback.prove.personal import MARK
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import check_total, verify_log, verify_party
from tests.drill import count
from tests.prove import bundles
from tests.prove.bundles import BATTERY, NOW, World, item_key, say
from tests.store import servers

LEDGER = (
    "entry", "entry_item", "number_run", "party_counter", "identifier", "term", "entry_mark", "voided", "item_end",
    "containment", "leaf", "log_node", "checkpoint", "leaf_queue", "personal", "completeness_map",
    "completeness_frontier",
)  # fmt: skip
NO_EVIDENCE = {
    ("leaf_queue", "id"): "the order of what waits: whatever it becomes, the leaves stand in it",
    ("leaf_queue", "queued_at"): "when something began to wait",
    ("completeness_map", "whole"): "the first map is both, whole and all changes",
    ("voided", "by_entry"): "checked to be a declaration of the same event",
}
FLIP = {
    "uuid": "overlay({c}::text placing translate(substr({c}::text, 36), '0123456789abcdef', '1032547698badcfe') "
    "from 36)::uuid",
    "bigint": "{c} # 1", "integer": "{c} # 1", "smallint": "{c} # 1::smallint", "boolean": "not {c}",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
    "bytea": "set_byte({c}, {at} % length({c}), get_byte({c}, {at} % length({c})) # 1)",
    "ARRAY": "(coalesce({c}[1], 6) # 1) || {c}[2:]",
    "text": "overlay({c} placing chr(ascii(substr({c}, 1 + {at} % length({c}), 1)) # 1) "
    "from 1 + {at} % length({c}) for 1)",
}  # fmt: skip
_COLUMNS = sa.text(
    "select column_name, data_type from information_schema.columns "
    "where table_schema = 'public' and table_name = :table order by ordinal_position"
)


@dataclass(slots=True)
class Attacked:
    """A ledger with events of all kinds, and an attacker at its tables."""

    world: World
    owner: sa.Engine

    def findings(self) -> list[str]:
        state._kept.clear()
        with store.admin() as connection:
            result = verify_log(connection, self.world.key.origin, self.world.key.public)
        for org in self.parties():
            with store.transaction(org) as connection:
                verify_party(connection, org, result)
        check_total(result)
        return result.findings

    def parties(self) -> list[Any]:
        return self.run("select org_id from party_counter order by org_id").scalars().all()  # type: ignore[no-any-return]

    def run(self, statement: str, **values: Any) -> Any:
        with self.owner.begin() as connection:
            return connection.execute(sa.text(statement), values)

    def columns(self, table: str) -> list[tuple[str, str]]:
        with self.owner.begin() as connection:
            return [tuple(row) for row in connection.execute(_COLUMNS, {"table": table})]

    def places(self, table: str, sample: random.Random, limit: int, column: str = "ctid") -> list[str]:
        """Return where some rows with a value in the column are."""
        rows = list(self.run(f"select ctid::text from {table} where {column} is not null").scalars())
        return sample.sample(rows, min(limit, len(rows)))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    with servers.opened() as database:
        world = bundles.world(tmp_path_factory.mktemp("keys"))
        populate(world)
        owner = sa.create_engine(database.owner_url)
        with owner.begin() as connection:
            for table in LEDGER:
                connection.execute(sa.text(f"alter table {table} disable trigger all"))
                connection.execute(sa.text(f"alter table {table} no force row level security"))
        yield Attacked(world, owner)
        owner.dispose()


def populate(world: World) -> None:
    """Fill each table of the ledger: captured events, ends and containments, an erasure, a second map, leaves that
    wait."""
    declared = {"declarationTime": "2026-03-02T00:00:00.000Z", "reason": "incorrect_data"}
    at = {"eventTime": "2026-03-01T08:00:00.000Z", "eventTimeZoneOffset": "+08:00"}
    module, pack = "urn:epc:id:sgtin:6901234.010001.7", "urn:epc:id:giai:6901234.P1"
    ended = {"type": "ObjectEvent", **at, "action": "OBSERVE", "bizStep": "destroying", "epcList": [module]}
    inside = {"type": "AssociationEvent", **at, "action": "ADD", "parentID": pack, "childEPCs": [module]}
    with store.transaction(world.org) as connection:
        capture(connection, world.org, [*events(280, seed=2, items=60), inside, ended], actor="test")
    with store.transaction(world.org) as connection:
        capture(connection, world.org, [{**ended, "errorDeclaration": declared}], actor="test")
    [gone] = say(world.org, **{MARK: {"name": "Somebody"}})
    with store.transaction(world.org) as connection:
        erase(connection, world.org, [gone], actor="test", at=NOW, ground="GDPR Art. 17(1)(b)")
    sequence_all(world.key)
    with store.transaction(world.org) as connection:
        make_map(connection, world.org, actor="test", at=NOW)
    sequence_all(world.key)
    say(world.org)


def test_the_ledger_is_sound_before_anybody_touches_it(attacked: Attacked) -> None:
    """No false alarm, and no table without a row to attack."""
    assert attacked.findings() == []
    assert [t for t in LEDGER if not attacked.run(f"select count(*) from {t}").scalar()] == []


@pytest.mark.drill
@pytest.mark.parametrize("table", LEDGER)
def test_a_flipped_byte_is_noticed_in_every_column(attacked: Attacked, table: str) -> None:
    """One bit of one value changed, in any column of any row: verification names it, or the database refuses it."""
    sample, missed = random.Random(7), []
    for column, kind in attacked.columns(table):
        for place in attacked.places(table, sample, count(1, 12), column):
            flip = FLIP[kind].format(c=column, at=sample.randrange(10_000))
            if (table, column) not in NO_EVIDENCE and not noticed(attacked, table, place, f"{column} = {flip}"):
                missed.append(column)
    assert missed == []
    assert attacked.findings() == [], "all is as it was"


@pytest.mark.drill
@pytest.mark.parametrize("table", LEDGER)
def test_a_dropped_row_is_noticed(attacked: Attacked, table: str) -> None:
    """Any row of any table of the ledger taken out: verification names it."""
    missed = [
        place
        for place in attacked.places(table, random.Random(11), count(2, 40))
        if not noticed(attacked, table, place, None)
    ]
    assert missed == []
    assert attacked.findings() == [], "all is as it was"


def noticed(attacked: Attacked, table: str, place: str, change: str | None) -> bool:
    """Change one row (None drops it), let everything be verified, and put the table back as it was."""
    attacked.run(f"create table kept_row as select * from {table} where ctid = cast(:place as tid)", place=place)
    try:
        statement = f"delete from {table}" if change is None else f"update {table} set {change}"
        try:
            changed = attacked.run(f"{statement} where ctid = cast(:place as tid) returning ctid::text", place=place)
        except DBAPIError:
            return True  # a constraint of the table
        now = changed.scalar_one()
        found = attacked.findings()
        if change is not None:
            attacked.run(f"delete from {table} where ctid = cast(:now as tid)", now=now)
        attacked.run(f"insert into {table} overriding system value select * from kept_row")
        return bool(found)
    finally:
        attacked.run("drop table kept_row")


def test_a_withheld_event_is_noticed_by_who_gets_the_bundle(attacked: Attacked) -> None:
    """A party that leaves out any of its entries about a thing, or any of a run of numbers, is found out."""
    world = attacked.world
    for asked in ({"item": item_key(BATTERY)}, {"numbers": (1, 40)}):
        whole = world.bundle(**asked)
        assert verify_bundle(encoded(whole), world.key.verifier) == []
        for at in range(len(whole["entries"])):
            less = {**whole, "entries": whole["entries"][:at] + whole["entries"][at + 1 :]}
            assert verify_bundle(encoded(less), world.key.verifier)


def encoded(bundle: dict[str, Any]) -> bytes:
    return json.dumps(bundle).encode()
