"""The collections hold what an organisation's events name, and nothing of another's."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.query import events_of, exists, members, page, parse
from takeback.prove.epcis.query.resources import Collection
from tests.prove.epcis.query.samples import EVENTS
from tests.prove.epcis.query.test_page import numbered

SGTIN = "https://id.gs1.org/01/04012345111118/21/9876"
WAREHOUSE = "https://id.gs1.org/414/4012345000016"
KNOWN: list[tuple[Collection, str, str]] = [
    ("bizSteps", "shipping", "urn:epcglobal:cbv:bizstep:shipping"),
    ("dispositions", "in_transit", "https://ref.gs1.org/cbv/Disp-in_transit"),
    ("readPoints", WAREHOUSE, "urn:epc:id:sgln:4012345.00001.0"),
    ("bizLocations", "https://example.com/place/7", "https://example.com/place/7"),
    ("epcs", SGTIN, "urn:epc:id:sgtin:4012345.011111.9876"),
    ("epcs", "https://id.gs1.org/00/140123452345678902", "urn:epc:id:sscc:4012345.1234567890"),
    ("eventTypes", "ObjectEvent", "ObjectEvent"),
]


@pytest.fixture
def org(database: store.Database) -> UUID:
    org = uuid4()
    with store.transaction(org) as connection:
        capture(connection, org, list(EVENTS.values()), actor="test")
    return org


def everything(org: UUID, collection: Collection, size: int) -> list[str]:
    found, token = [], None
    while True:
        with store.transaction(org) as connection:
            one = members(connection, org, collection, per_page=size, token=token)
        found += one.members
        if (token := one.next) is None:
            return found


@pytest.mark.parametrize(("collection", "value", "spelled"), KNOWN)
def test_what_events_name_is_a_member(org: UUID, collection: Collection, value: str, spelled: str) -> None:
    """A value is listed canonically, exists in every spelling and leads to its events; not so for a stranger."""
    stranger = uuid4()
    assert value in everything(org, collection, 2)
    with store.transaction(org) as connection:
        assert exists(connection, org, collection, value)
        assert exists(connection, org, collection, spelled)
        assert page(connection, org, events_of(collection, spelled)).events
    with store.transaction(stranger) as connection:
        assert value not in members(connection, stranger, collection).members or collection == "eventTypes"
        assert exists(connection, stranger, collection, value) is (collection == "eventTypes")
        assert not exists(connection, org, collection, value) or collection == "eventTypes"
        assert page(connection, org, events_of(collection, spelled)).events == ()


@pytest.mark.parametrize("collection", ["eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions"])
def test_what_cannot_be_a_member_does_not_exist(org: UUID, collection: Collection) -> None:
    """Strange texts do not exist, and ask for no events but a problem or none."""
    with store.transaction(org) as connection:
        for text in ("", "x", "https://example.com/unknown", "urn:epc:id:sgtin:1.2.3", "'; drop table entry", "\x00"):
            assert not exists(connection, org, collection, text)
            try:
                assert page(connection, org, events_of(collection, text)).events == ()
            except Problem as problem:
                assert problem.status == 400


def test_a_collection_is_paged_in_order(org: UUID) -> None:
    """Pages of any size give each member once, in the order of the alphabet, while others come in."""
    for size in (1, 3, 1000):
        found = everything(org, "epcs", size)
        assert found == sorted(set(found))
        assert len(found) == 12
    assert everything(org, "eventTypes", 2) == sorted(
        ["AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"]
    )
    with store.transaction(org) as connection:
        first = members(connection, org, "epcs", per_page=5)
        capture(connection, org, numbered(5), actor="test")
        rest = members(connection, org, "epcs", per_page=1000, token=first.next)
        assert not set(first.members) & set(rest.members)
        with pytest.raises(Problem):
            members(connection, org, "readPoints", token=first.next)


def test_the_events_of_a_resource_are_narrowed(org: UUID) -> None:
    """The query of a resource joins with the parameters of the address, also where they name the same field."""
    with store.transaction(org) as connection:

        def count(collection: Collection, value: str, *pairs: tuple[str, str]) -> int:
            query: Any = events_of(collection, value).also(parse(pairs))
            return len(page(connection, org, query).events)

        assert count("bizSteps", "shipping") == 2
        assert count("bizSteps", "shipping", ("EXISTS_errorDeclaration", "true")) == 1
        assert count("bizSteps", "shipping", ("EQ_bizStep", "receiving")) == 0
        assert count("epcs", "https://example.org/01/04012345111118") == 2
        assert count("epcs", "urn:epc:class:lgtin:4012345.011111.IN") == 1
