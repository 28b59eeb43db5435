"""The fast paths say what the Python that defines them says, or nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from bench import events as everyday
from takeback.core.problem import Problem
from takeback.native import quick
from takeback.prove.epcis import canonical
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.json_event import standard_event
from takeback.prove.epcis.validation import levels
from takeback.prove.epcis.validation.levels import level
from tests.drill import count
from tests.native.both import Tally, cases, of_standard, python_only
from tests.native.odd import _urn, spoilt
from tests.prove.epcis.events import NAMESPACES, events
from tests.reference import reference_data

FUNCTIONS = ["standard", "formed", "fine", "prehash", "prepared", "is_plain", "opening", "moment"]
pytestmark = pytest.mark.skipif(quick is None, reason="the fast paths are not built (tools/native.py)")


def _everyday(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    for event in everyday.events(number, seed=seed):
        yield {"@context": {"rl": everyday.NAMESPACE}, **event}


def test_everyday_events() -> None:
    """Of the events of the bench at least 95 in 100 are answered by each fast path, as Python answers them."""
    tally, context = Tally(), Context().extended(everyday.CONTEXT)
    for event in _everyday(2000):
        with python_only():
            whole = standard_event(event, context)
        tally.compare({**of_standard(quick, whole), "standard": cases(quick, event, context)["standard"]})
    # The names of a context are learnt by Python, in the first event; here each event has a context of its own.
    for event in everyday.events(2000, seed=1):
        tally.compare({"standard": cases(quick, event, context)["standard"]})
    assert {name: tally.share(name) for name in FUNCTIONS if tally.share(name) < 0.95} == {}


@pytest.mark.parametrize("forget_one", [canonical._heads.clear, levels.forget], ids=["identifiers", "levels"])
def test_fast_paths_come_back_after_beginnings_are_forgotten(forget_one: Callable[[], None]) -> None:
    """A ledger of more kinds of goods than are remembered forgets all of them at times: Python learns them again."""
    given = list(_everyday(200))

    def answered() -> list[str]:
        pairs = [pair for event in given for pair in cases(quick, event).items()]
        for _, (_, definition) in pairs:
            definition()
        return [name for name, (fast, _) in pairs if fast() is not None]

    before = answered()
    forget_one()
    assert answered() == before


@given(event=events())
@settings(max_examples=count(150, 5000), deadline=None)
def test_random_events(event: dict[str, Any]) -> None:
    """Valid events of all types, with every field and with extensions at every place."""
    tally = Tally()
    tally.compare(of_standard(quick, event))
    context = Context().extended(NAMESPACES)
    tally.compare(cases(quick, {name: value for name, value in event.items() if name != "@context"}, context))
    tally.compare(cases(quick, event))


@pytest.mark.drill
def test_spoilt_events() -> None:
    """Events with odd values at odd places: subclasses, half characters, deep, huge and empty things."""
    tally, chance = Tally(), random.Random("spoilt")
    context = Context().extended(everyday.CONTEXT)
    for event in _everyday(count(1000, 100_000), seed=3):
        changed = spoilt(event, chance)
        tally.compare(cases(quick, changed, context))
        if type(changed) is dict and type(changed.get("@context")) is dict:
            with python_only():
                try:
                    changed = standard_event(changed, context)
                except (Problem, TypeError, AttributeError, RecursionError):
                    continue
            tally.compare(of_standard(quick, changed))
    assert all(tally.answered.values()) and tally.share("prehash") > 0.1


@pytest.mark.parametrize("folder", ["prove/gs1-epcis", "prove/epcis-event-hash-vectors"])
def test_published_documents(folder: str) -> None:
    """All events of GS1's examples and of the vectors of the event hash."""
    tally = Tally()
    for path in sorted(reference_data(folder).rglob("*.json*")):
        try:
            document = json.loads(path.read_bytes())
        except ValueError:
            continue
        for context, event in _events(document):
            tally.compare(cases(quick, event, context))
            try:
                whole = standard_event(event, context)
            except Problem:
                continue
            tally.compare(of_standard(quick, whole))
    assert min(tally.asked[name] for name in FUNCTIONS) > 40 and all(tally.answered[name] for name in FUNCTIONS)


def _events(document: Any) -> Iterator[tuple[Context, dict[str, Any]]]:
    if not isinstance(document, dict):
        return
    context = Context().extended(document.get("@context"))
    body = document.get("epcisBody", {})
    body = body.get("queryResults", {}).get("resultsBody", body) if isinstance(body, dict) else {}
    found = body.get("eventList", body.get("event", []))
    for event in (found if isinstance(found, list) else [found]) or [document]:
        if isinstance(event, dict) and isinstance(event.get("type"), str):
            yield context, event


def test_identifiers() -> None:
    """Identifiers of all schemes, right and wrong, are the same things and of the same level."""
    tally, chance = Tally(), random.Random("identifiers")
    for _ in range(count(1500, 100_000)):
        urn = _urn(chance)
        canonical_uri(urn), level(urn)  # what Python learns of its beginning
        head = {"@context": {"rl": everyday.NAMESPACE}, "type": "ObjectEvent", "action": "OBSERVE"}
        head |= {"eventTime": "2026-03-01T10:00:00.000Z", "eventTimeZoneOffset": "+08:00"}
        thing = head | {"epcList": [urn], "rl:x": {"rl:y": urn, "rl:z": [urn]}}
        kind = head | {
            "quantityList": [{"epcClass": urn, "quantity": 2}],
            "bizTransactionList": [{"bizTransaction": urn}],
        }
        party = thing | {"sourceList": [{"type": chance.choice(["location", "owning_party"]), "source": urn}]}
        for event in (thing, kind, party, thing | {"readPoint": {"id": urn}}, thing | {"parentID": urn + "1"}):
            tally.compare(of_standard(quick, event))
    assert all(tally.answered[name] for name in FUNCTIONS if name != "standard")


def test_the_given_event_stays() -> None:
    """No function changes what it is given."""
    for event in _everyday(50):
        before = json.dumps(event)
        for fast, _ in cases(quick, event).values():
            fast()
        assert json.dumps(event) == before


def test_wrong_arguments_are_refused() -> None:
    """A wrong call is a `TypeError`, never a crash."""
    for name in ("standard", "formed", "fine", "prehash", "prepared", "opening", "leaves", "numbers", "uneventful"):
        for arguments in ((), (1,), (None,) * 6, ({}, 1, 2, 3), ({}, b"", 3), ({}, {}, {}, (1, 2, 3, 4, 5))):
            try:
                found = getattr(quick, name)(*arguments)
            except TypeError:
                continue
            assert found is None


@pytest.mark.parametrize("quantity", [float("nan"), float("inf"), -float("inf")])
def test_a_quantity_that_is_no_number(quantity: float) -> None:
    """What no JSON can hold, but a caller in Python can, is left to the definition."""
    event = next(one for one in _everyday(200) if one.get("outputQuantityList"))
    event["outputQuantityList"] = [{**event["outputQuantityList"][0], "quantity": quantity}]
    tally = Tally()
    tally.compare({"prehash": cases(quick, event)["prehash"]})
    assert not tally.answered["prehash"]
