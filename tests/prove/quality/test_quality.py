"""Trace quality: a perfect history has 100, each fault costs marks of its own part, and says why and where."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.items import item_key
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import capture
from takeback.prove.quality import PARTS, Score, item_quality, place_quality, rules
from takeback.prove.quality.happening import Happening, happening
from takeback.prove.quality.marks import marks_of
from takeback.prove.quality.score import scored

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SHOP, HALL, YARD = (f"urn:epc:id:sgln:6901234.0000{n}.0" for n in (1, 2, 3))
HALL_DOOR = "urn:epc:id:sgln:6901234.00002.7"
ITEM = "urn:epc:id:sgtin:6901234.010001.7"


def happened(hour: int, step: str, place: str | None, late: float = 0.1, **more: Any) -> Happening:
    at = START + timedelta(hours=hour)
    body = {"bizStep": step, **({"readPoint": {"id": place}} if place else {}), **more.pop("body", {})}
    return happening(hour, at, at + timedelta(hours=late), body, **more)


PERFECT = [
    happened(1, "commissioning", SHOP),
    happened(2, "shipping", SHOP),
    happened(3, "receiving", HALL),
    happened(4, "inspecting", HALL_DOOR),
    happened(5, "shipping", HALL),
    happened(6, "receiving", YARD),
    happened(7, "destroying", YARD),
]


def judged(history: list[Happening]) -> Score:
    return scored(marks_of(history, rules(), NOW), rules(), events=len(history))


def part(score: Score, name: str) -> float | None:
    return next(one.score for one in score.parts if one.part == name)


def test_the_weights_are_of_a_hundred() -> None:
    """Every part has a weight, and together they are 100."""
    assert sum(rules().weights.values()) == 100
    assert set(rules().weights) == set(PARTS)


def test_a_perfect_history_has_a_hundred() -> None:
    """Dispatched and received at each move, told at once, nothing claimed; a door of a site is no other place."""
    score = judged(PERFECT)
    assert (score.score, score.faults) == (100.0, ())
    assert {one.part: one.judged for one in score.parts} == {
        "gaps": 4, "matches": 4, "lateness": 7, "claims": 0, "findings": 7,
    }  # fmt: skip
    assert part(score, "claims") is None


@pytest.mark.parametrize(
    ("history", "costs", "why"),
    [
        (PERFECT[:1] + PERFECT[2:], {"gaps", "matches"}, "turned up elsewhere"),
        (PERFECT[:2] + PERFECT[3:], {"gaps", "matches"}, "turned up without a receipt"),
        (PERFECT[:5], {"matches"}, "nobody received"),
        ([*PERFECT, happened(8, "storing", YARD, late=90)], {"lateness"}, "reported 90 hours"),
        ([*PERFECT, happened(8, "storing", YARD, late=-1)], {"lateness"}, "a clock is wrong"),
        ([*PERFECT, happened(8, "storing", YARD, errors=1)], {"findings"}, "1 errors"),
        ([*PERFECT, happened(8, "inspecting", YARD, body={"disposition": "conformant"})], {"claims"}, "verdict"),
        ([*PERFECT, happened(8, "inspecting", YARD, body={"certificationInfo": ["seen"]})], {"claims"}, "looked up"),
        ([*PERFECT, happened(8, "inspecting", YARD, body={"sensorElementList": [{}]})], {"claims"}, "measured it"),
    ],
)
def test_a_fault_costs_its_own_parts(history: list[Happening], costs: set[str], why: str) -> None:
    """Only the parts concerned are below 100, and the fault says why."""
    score = judged(history)
    assert {one.part for one in score.parts if one.score is not None and one.score < 100} == costs
    assert any(why in str(fault.why) for fault in score.faults)
    assert score.score is not None and score.score < 100


def test_evidence_makes_a_claim_whole() -> None:
    """A verdict with its test result, a certificate with an address, a measurement with its device cost nothing."""
    test = {"disposition": "conformant", "bizTransactionList": [{"type": "testres", "bizTransaction": "urn:x:1"}]}
    bodies = [
        test,
        {"certificationInfo": "https://certificates.example/7"},
        {"sensorElementList": [{"sensorReport": [{"deviceID": "urn:x:2"}]}]},
    ]
    score = judged([*PERFECT, *(happened(8 + n, "inspecting", YARD, body=body) for n, body in enumerate(bodies))])
    assert (score.score, part(score, "claims")) == (100.0, 100.0)


def test_a_dispatch_on_its_way_is_no_fault_yet() -> None:
    """What was sent a week ago may still come; after the open days it is missing."""
    history = PERFECT[:5]
    soon = history[-1].at + timedelta(days=7)
    assert scored(marks_of(history, rules(), soon), rules(), events=5).score == 100.0
    assert judged(history).score != 100.0


STEPS = st.sampled_from(["shipping", "receiving", "inspecting", "storing", "collecting", "departing", "commissioning"])
HAPPENINGS = st.builds(
    happened,
    hour=st.integers(0, 500),
    step=STEPS,
    place=st.sampled_from([None, SHOP, HALL, HALL_DOOR, YARD]),
    late=st.floats(-2, 1000),
    errors=st.integers(0, 3),
    warnings=st.integers(0, 9),
)


@given(st.lists(HAPPENINGS, max_size=12))
def test_a_score_is_between_zero_and_a_hundred(history: list[Happening]) -> None:
    """Whatever happened: the score and each part are from 0 to 100, the score between the worst and the best part."""
    score = judged(sorted(history, key=lambda one: one.at))
    known = [one.score for one in score.parts if one.score is not None]
    assert all(0 <= value <= 100 for value in known)
    if known:
        assert score.score is not None
        assert min(known) - 0.1 <= score.score <= max(known) + 0.1
    else:
        assert score.score is None


@given(st.lists(HAPPENINGS, min_size=1, max_size=8), st.data())
def test_a_finding_never_raises_the_score(history: list[Happening], data: st.DataObject) -> None:
    """One error more at any event gives no better score."""
    history = sorted(history, key=lambda one: one.at)
    place = data.draw(st.integers(0, len(history) - 1))
    worse = [*history]
    worse[place] = dataclasses.replace(worse[place], errors=worse[place].errors + 1)
    before, after = judged(history).score, judged(worse).score
    assert before is not None and after is not None
    assert after <= before


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def event(minute: int, step: str, place: str) -> dict[str, Any]:
    now = datetime.now(UTC) - timedelta(minutes=60 - minute)
    return {
        "type": "ObjectEvent", "eventTime": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "eventTimeZoneOffset": "+00:00", "action": "OBSERVE", "bizStep": step, "epcList": [ITEM],
        "readPoint": {"id": place},
    }  # fmt: skip


def test_items_and_places_of_the_ledger(org: UUID) -> None:
    """From captured events: the item's score, and the place that forgot its receipt behind the one that did not."""
    batch = [event(1, "shipping", SHOP), event(2, "inspecting", HALL), event(3, "shipping", HALL)]
    with store.transaction(org) as connection:
        capture(connection, org, [*batch, event(4, "receiving", YARD)], actor="test")
    with store.transaction(org) as connection:
        now = datetime.now(UTC)
        score = item_quality(connection, org, item_key(canonical_uri(ITEM)), now=now)
        places = place_quality(connection, org, now=now)
        assert item_quality(connection, org, 5, now=now).score is None
    assert part(score, "gaps") == 75.0
    assert [str(fault.why) for fault in score.faults if fault.part == "gaps"] == ["turned up without a receipt"]
    by_place = {one.place: one.score.score for one in places}
    assert by_place[canonical_uri(YARD)] == 100.0
    hall = by_place[canonical_uri(HALL)]
    assert hall is not None and hall < 100.0
    with store.transaction(uuid4()) as connection:
        assert place_quality(connection, org, now=now) == []
