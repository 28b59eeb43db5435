"""Pages out of the tables give what the plain evaluator says: each event once, in order, of one organisation only."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback import prove, store
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.hashing import hash_uri
from takeback.prove.epcis.query import Found, Query, candidates, matches, page, parse
from takeback.prove.epcis.query.conditions.fields import scalars
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.sorting import sort_key
from takeback.prove.epcis.query.tokens import Token
from tests.prove.epcis import events
from tests.prove.epcis.query import harvest, samples

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MANY = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck]
)  # the database is one for all examples; each has organisations of its own


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def put(org: UUID, given: Sequence[dict[str, Any]]) -> None:
    with store.transaction(org) as connection:
        capture(connection, org, given, actor="test")


def stored(org: UUID) -> list[Found]:
    """Read all events of an organisation, without the query language."""
    with store.transaction(org) as connection:
        rows = connection.execute(sa.text("select * from entry where event_key is not null")).all()
    return [Found(r.id, bodies.load(r.body), r.event_time, r.record_time, hash_uri(r.event_hash)) for r in rows]


def expected(query: Query, held: Sequence[Found]) -> set[int]:
    return {one.id for one in held if matches(query, one.event, record_time=one.record_time, event_id=one.event_id)}


def pages(org: UUID, query: Query, **more: Any) -> list[list[Found]]:
    found, token = [], None
    while True:
        with store.transaction(org) as connection:
            one = page(connection, org, query, token=token, now=NOW, **more)
        found.append(list(one.events))
        if one.next is None:
            return found
        assert one.expires == NOW + timedelta(hours=1)
        assert len(found) < 1000
        token = one.next


def answer(org: UUID, query: Query, **more: Any) -> list[Found]:
    return [one for part in pages(org, query, **more) for one in part]


def place(query: Query, one: Found) -> Any:
    """Return where an event stands in the query's order; fields that are missing stand anywhere."""
    by = query.order.by
    if not isinstance(by, FieldName):
        return (one.event_time if by == "eventTime" else one.record_time, one.id)
    context = one.event.get("@context", {})
    values = [value for key, value in one.event.items() if by.names(key, context)]
    return next((sort_key(scalar) for value in values for scalar in scalars(value)), None)


@MANY
@given(data=st.data())
def test_pages_are_what_the_evaluator_says(database: store.Database, data: st.DataObject) -> None:
    """Random events and queries: all pages together are the oracle's events, once each, in order, cut at the limit."""
    org, other = uuid4(), uuid4()
    drawn = data.draw(st.lists(events.events(), min_size=3, max_size=10))
    put(org, drawn[: len(drawn) // 2])
    put(other, drawn)
    put(org, drawn[len(drawn) // 2 :])
    held = stored(org)
    for _ in range(4):
        query = parse(data.draw(harvest.queries(drawn)))
        with patch.object(candidates, "FEW", data.draw(st.sampled_from([0, 1, 5000]))):
            found = answer(org, query)
        ids = [one.id for one in found]
        oracle = expected(query, held)
        assert len(ids) == len(set(ids)) == min(len(oracle), query.limit or len(oracle))
        assert set(ids) <= oracle
        assert all(len(part) <= (query.per_page or 30) for part in pages(org, query))
        places = [at for one in found if (at := place(query, one)) is not None]
        assert places == sorted(places, reverse=not query.order.ascending)
        if query.limit is not None and not isinstance(query.order.by, FieldName):
            best = sorted((place(query, one) for one in held if one.id in oracle), reverse=not query.order.ascending)
            assert places == best[: query.limit]


@MANY
@given(data=st.data())
def test_no_parameter_shows_another_organisation(database: store.Database, data: st.DataObject) -> None:
    """Alice asks for everything that Bob's events hold, by every family: she gets her own events only, Bob his."""
    alice, bob = uuid4(), uuid4()
    hers, his = (data.draw(st.lists(events.events(), min_size=1, max_size=3)) for _ in range(2))
    put(alice, hers)
    put(bob, [*his, hers[0]])
    held = {one.id for one in stored(alice)}
    assert not held & {one.id for one in stored(bob)}
    for name, value in harvest.parameters(data.draw(st.sampled_from(his)))[:80]:
        query = parse([(name, value), ("perPage", "1000")])
        with store.transaction(alice) as connection:
            ours = page(connection, alice, query).events
            theirs = page(connection, bob, query).events
        assert {one.id for one in ours} <= held
        assert theirs == ()


@pytest.mark.parametrize("few", [0, 5000])
def test_every_family_is_answered_from_the_tables(org: UUID, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Each parameter of the sample events finds by SQL what it finds by itself, by ids or by conditions."""
    monkeypatch.setattr(candidates, "FEW", few)
    put(org, list(samples.EVENTS.values()))
    with store.transaction(org) as connection:
        appended = prove.append(connection, org, [prove.Entry("takeback:note", {"type": "x"}, NOW)], actor="x")
        prove.seal(connection, org, appended)
    held = stored(org)
    assert len(held) == len(samples.EVENTS)
    asked = {pair for event in samples.EVENTS.values() for pair in harvest.parameters(event)}
    for pair in sorted(asked | {("EQ_eventID", held[0].event_id), ("eventType", "https://example.com/Mine")}):
        query = parse([pair])
        assert {one.id for one in answer(org, query)} == expected(query, held), pair


def numbered(count: int, *, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "type": "ObjectEvent",
            "eventTime": f"2026-03-01T10:{n % 60:02d}:00Z",
            "eventTimeZoneOffset": "+00:00",
            "action": "OBSERVE",
            "epcList": [f"urn:epc:id:sgtin:4012345.011111.{n}"],
            "ex:n": n,
            "@context": {"ex": samples.NAMESPACE},
        }
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize("order", ["eventTime", "recordTime", "ex:n"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_paging_while_others_capture_loses_and_doubles_nothing(org: UUID, order: str, direction: str) -> None:
    """Events captured between the pages, before and behind the place: those of the beginning come once each."""
    put(org, numbered(40))
    before = {one.id for one in stored(org)}
    query = parse([("orderBy", order), ("orderDirection", direction), ("perPage", "7")])
    found: list[int] = []
    token, more = None, 1000
    while True:
        with store.transaction(org) as connection:
            one = page(connection, org, query, token=token)
        found += [event.id for event in one.events]
        if one.next is None:
            break
        token, more = one.next, more + 3
        put(org, numbered(3, first=more) + numbered(1, first=-more))
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_limit_and_greatest_count(org: UUID) -> None:
    """eventCountLimit cuts across pages; maxEventCount refuses one event too many, and only that."""
    put(org, numbered(25))
    asked = [("orderBy", "eventTime"), ("orderDirection", "ASC"), ("perPage", "4")]
    assert [len(part) for part in pages(org, parse([*asked, ("eventCountLimit", "10")]))] == [4, 4, 2]
    assert [len(part) for part in pages(org, parse([*asked, ("eventCountLimit", "8")]))] == [4, 4]
    assert len(answer(org, parse([*asked, ("maxEventCount", "25")]))) == 25
    with pytest.raises(Problem) as caught:
        pages(org, parse([*asked, ("maxEventCount", "24")]))
    assert (caught.value.kind, caught.value.status) == ("epcis.query-too-large", 413)
    narrowed = [*asked, ("maxEventCount", "5"), ("LT_eventTime", "2026-03-01T10:05:00Z")]
    assert len(answer(org, parse(narrowed))) == 5


def test_a_query_that_looks_at_too_much_is_refused_with_the_remedy(org: UUID) -> None:
    """Conditions outside the tables look at so many entries and no more; time or EPC makes it possible again."""
    put(org, numbered(25))
    asked = [("EQ_ex:n", "3")]
    assert len(answer(org, parse(asked), scanned=25)) == 1
    with pytest.raises(Problem) as caught:
        answer(org, parse([("EQ_ex:n", "99")]), scanned=24)
    assert (caught.value.kind, caught.value.status) == ("epcis.query-too-complex", 413)
    assert "time" in str(caught.value.remedy)
    narrowed = [*asked, ("MATCH_epc", "urn:epc:id:sgtin:4012345.011111.3")]
    assert len(answer(org, parse(narrowed), scanned=5)) == 1


def test_a_token_is_of_its_query_and_its_hour(org: UUID) -> None:
    """Another query, another organisation, an hour later, a bent or invented text: refused by name."""
    put(org, numbered(5))
    query = parse([("perPage", "2"), ("EQ_action", "OBSERVE")])
    with store.transaction(org) as connection:
        token = page(connection, org, query, now=NOW).next
        assert token is not None
        late = NOW + timedelta(hours=1)
        assert len(page(connection, org, query, token=token, now=late).events) == 2
        assert len(page(connection, org, parse([("EQ_action", "OBSERVE")]), token=token, now=NOW).events) == 3
        spoilt = [
            token[:-2],
            token + "A",
            token[:9] + ("A" if token[9] != "A" else "B") + token[10:],
            "x",
            "é",
            "=" * 8,
        ]
        forged = base64.urlsafe_b64encode(b'[1,1,"00",0,[1,2]]').decode()
        for text in [*spoilt, forged, "A" * 5000]:
            with pytest.raises(Problem) as caught:
                page(connection, org, query, token=text, now=NOW)
            assert (caught.value.kind, caught.value.where) == ("epcis.query-parameter", "nextPageToken")
        for asked, where, now in [
            (parse([("EQ_action", "ADD")]), org, NOW),
            (parse([("EQ_action", "OBSERVE"), ("orderDirection", "ASC")]), org, NOW),
            (query, uuid4(), NOW),
            (query, org, late + timedelta(seconds=1)),
        ]:
            with pytest.raises(Problem) as caught:
                page(connection, where, asked, token=token, now=now)
            assert caught.value.kind == "epcis.query-parameter"


@MANY
@given(data=st.data())
def test_a_bent_token_is_refused_or_pages_on(database: store.Database, data: st.DataObject) -> None:
    """Any character of a token changed: a problem of status 400, never another exception."""
    org = uuid4()
    put(org, numbered(4))
    query = parse([("perPage", "1"), ("orderBy", data.draw(st.sampled_from(["eventTime", "ex:n"])))])
    with store.transaction(org) as connection:
        token = page(connection, org, query, now=NOW).next
        assert token
        at = data.draw(st.integers(0, 1000)) % len(token)
        bent = token[:at] + data.draw(st.characters()) + token[at + 1 :]
        try:
            page(connection, org, query, token=bent, now=NOW)
        except Problem as problem:
            assert problem.status == 400


@pytest.mark.parametrize("order", ["eventTime", "recordTime", "ex:n"])
@pytest.mark.parametrize(
    "place",
    [
        [2**57, 1],
        [-(2**57), 1],
        [2**70, 1],
        [1, 2**70],
        [0, 0, "1/0", 5],
        [0, 0, "\x00", 5],
        [0, 7, "text", 5],
        [9, 2, "x", -5],
        ["1", "2"],
        [None, None],
        [],
    ],
)
def test_a_forged_token_is_refused_or_pages_on(org: UUID, order: str, place: list[Any]) -> None:
    """Who can write tokens gets a page of the own events or a problem of status 400, whatever stands in them."""
    put(org, numbered(4))
    query = parse([("orderBy", order)])
    forged = Token(query.digest(str(org)), 0, tuple(place)).write(NOW)
    with store.transaction(org) as connection:
        try:
            assert len(page(connection, org, query, token=forged, now=NOW).events) <= 4
        except Problem as problem:
            assert problem.status == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATCH_anyEPC", "https://example.com/01/04012345111118/21/\U0010ffff*"),
        ("MATCH_anyEPC", "https://example.com/01/04012345111118/21/\ud7ff*"),
        ("MATCH_anyEPC", "urn:epc:idpat:gid:\U0010ffff.*"),
        ("MATCH_anyEPC", "urn:x:\x00"),
        ("eventType", "urn:x:\x00"),
        ("EQ_bizStep", "urn:x:\x7f"),
        ("EQ_readPoint", "urn:x:" + "a" * 5000),
        ("EQ_stringValue", "\x00"),
        ("EQ_ex:n", "9" * 5000),
        ("GE_ex:n", "9" * 5000),
        ("EQ_eventID", "ni:///sha-256;zz?ver=CBV2.0"),
        ("MATCH_anyEPC", "|".join(f"urn:epc:id:sgtin:4012345.011111.{n}" for n in range(5000))),
        ("MATCH_anyEPC", "|".join(f"urn:epc:idpat:sgtin:4012345.0{n}.*" for n in range(11111, 11311))),
        ("MATCH_anyEPC", "|".join(f"urn:epc:idpat:sgtin:4012345.0{n}.*" for n in range(11111, 11411))),
        ("MATCH_anyEPC", "|".join(["urn:epc:idpat:sgtin:4012345.*.*"] * 200)),
    ],
)
@pytest.mark.parametrize("few", [0, 5000])
def test_strange_values_do_no_harm(org: UUID, monkeypatch: pytest.MonkeyPatch, name: str, value: str, few: int) -> None:
    """Control characters, ends of Unicode, very long and very many values: an answer, or a problem of status 400."""
    monkeypatch.setattr(candidates, "FEW", few)
    put(org, [*numbered(3), {**numbered(1, first=7)[0], "ex:n": "9" * 5000}])
    try:
        query = parse([(name, value)])
    except Problem as problem:
        assert problem.status == 400
    else:
        assert {one.id for one in answer(org, query)} == expected(query, stored(org))


def test_a_page_holds_at_most_a_thousand(org: UUID) -> None:
    """Without perPage a page has 30 events; more than 1000 are never given."""
    put(org, numbered(1001))
    assert [len(part) for part in pages(org, parse([("perPage", "5000")]))] == [1000, 1]
    with store.transaction(org) as connection:
        assert len(page(connection, org, parse([])).events) == 30
        assert len(page(connection, org, parse([]), per_page=5000).events) == 1000


def test_a_query_is_narrowed_by_another(org: UUID) -> None:
    """`also` joins conditions, `recorded` a window of record time, as subscriptions need it."""
    put(org, numbered(3))
    [at] = {one.record_time for one in stored(org)}
    query = parse([("EQ_action", "OBSERVE")])
    assert len(answer(org, query.also(parse([("MATCH_epc", "urn:epc:id:sgtin:4012345.011111.1")])))) == 1
    assert len(answer(org, query.recorded(since=at))) == 3
    assert answer(org, query.recorded(before=at)) == []
    assert len(answer(org, query.recorded(since=at, before=at + timedelta(microseconds=1)))) == 3
