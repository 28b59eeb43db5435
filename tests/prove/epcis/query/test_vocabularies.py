"""Master data of documents is kept once, in the ledger, and answers WD_, HASATTR_ and EQATTR_."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.query import StoredMaster, keep_master, page, parse
from takeback.prove.epcis.query.vocabularies import rebuild
from tests.prove.epcis.query.samples import EVENTS

SITE, HALL, WAREHOUSE = "https://example.com/site", "https://example.com/hall", "urn:epc:id:sgln:4012345.00001.0"


def header(*elements: dict[str, Any]) -> dict[str, Any]:
    listed = [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": list(elements)}]
    return {"epcisMasterData": {"vocabularyList": listed}}


MASTER = header(
    {"id": SITE, "children": [HALL], "attributes": [{"id": "urn:epcglobal:cbv:mda#city", "attribute": "Aachen"}]},
    {"id": HALL, "children": [WAREHOUSE, SITE]},
    {
        "id": WAREHOUSE,
        "attributes": [
            {"id": "cbvmda:city", "attribute": "Bonn"},
            {"id": "ex:docks", "attribute": 4},
            {"id": "ex:docks", "attribute": "many"},
        ],
    },
)


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def found(org: UUID, name: str, value: str) -> int:
    context = {"ex": "https://ns.example.com/"}
    with store.transaction(org) as connection:
        query = parse([(name, value)], context=context)
        return len(page(connection, org, query, master=StoredMaster(connection, org)).events)


def kept(org: UUID, given: dict[str, Any] | None) -> int:
    with store.transaction(org) as connection:
        return keep_master(connection, org, given, actor="test", prefixes={"ex": "https://ns.example.com/"})


def test_descendants_and_attributes_are_found(org: UUID) -> None:
    """Children of children count, rings do no harm, attributes are found by any spelling of their names."""
    with store.transaction(org) as connection:
        capture(connection, org, list(EVENTS.values()), actor="test")
    assert found(org, "WD_readPoint", SITE) == 0
    assert kept(org, MASTER) == 3
    for name, value, count in [
        ("WD_readPoint", SITE, 2),
        ("WD_readPoint", HALL, 2),
        ("WD_readPoint", WAREHOUSE, 2),
        ("WD_bizLocation", SITE, 0),
        ("EQ_readPoint", SITE, 0),
        ("HASATTR_readPoint", "cbvmda:city", 2),
        ("HASATTR_readPoint", "urn:epcglobal:cbv:mda#street|ex:docks", 2),
        ("HASATTR_readPoint", "cbvmda:street", 0),
        ("EQATTR_readPoint_cbvmda:city", "Bonn", 2),
        ("EQATTR_readPoint_urn:epcglobal:cbv:mda:city", "Aachen", 0),
        ("EQATTR_readPoint_https://ns.example.com/docks", "many", 2),
        ("EQATTR_readPoint_ex:docks", "4", 2),
    ]:
        assert found(org, name, value) == count, (name, value)


def test_master_data_is_kept_once_and_replaced(org: UUID) -> None:
    """The same header again adds no entry; another one replaces what it names and leaves the rest."""
    assert [kept(org, MASTER), kept(org, MASTER), kept(org, {}), kept(org, None)] == [3, 0, 0, 0]
    assert kept(org, header({"id": WAREHOUSE, "attributes": []}, {"id": HALL, "children": []})) == 2
    with store.transaction(org) as connection:
        assert connection.scalar(sa.text("select count(*) from entry where kind = 'takeback:MasterData'")) == 2
        assert connection.scalar(sa.text("select sum(count) from number_run")) == 2
        master = StoredMaster(connection, org)
        assert (set(master.descendants(SITE)), dict(master.attributes("https://id.gs1.org/414/4012345000016"))) == (
            {HALL},
            {},
        )
        assert master.attributes(SITE) == {"urn:epcglobal:cbv:mda#city": ["Aachen"]}


def test_master_data_is_rebuilt_from_the_ledger(org: UUID) -> None:
    """Dropped and made anew, the tables say what they said."""
    kept(org, MASTER)
    kept(org, header({"id": HALL, "children": [WAREHOUSE]}, {"id": WAREHOUSE, "attributes": [{"id": "ex:a"}]}))
    with store.transaction(org) as connection:

        def held() -> list[Any]:
            statements = (
                "select * from vocabulary_element order by key",
                "select * from vocabulary_child order by 2, 3",
            )
            return [tuple(row) for text in statements for row in connection.execute(sa.text(text))]

        before = held()
        assert rebuild(connection, org) == 2
        assert held() == before
        assert len(before) == 3 + 2


def test_another_organisation_knows_nothing_of_it(org: UUID) -> None:
    """Bob's queries do not see Alice's master data."""
    kept(org, MASTER)
    bob = uuid4()
    with store.transaction(bob) as connection:
        for asked in (bob, org):
            master = StoredMaster(connection, asked)
            assert (list(master.descendants(SITE)), dict(master.attributes(SITE))) == ([], {})


@pytest.mark.parametrize(
    "broken",
    [
        {"epcisMasterData": None},
        {"epcisMasterData": {"vocabularyList": "x"}},
        {"epcisMasterData": {"vocabularyList": [None, {"type": 5}, {"vocabularyElementList": [{"id": 5}, "x"]}]}},
    ],
)
def test_what_is_no_master_data_is_passed_over(org: UUID, broken: dict[str, Any]) -> None:
    """Headers without elements keep nothing."""
    assert kept(org, broken) == 0
