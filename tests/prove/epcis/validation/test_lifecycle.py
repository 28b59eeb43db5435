"""Stage 3: what the life cycle of things forbids is found, in the order of the events; what it allows is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from takeback.prove.epcis.validation import lifecycle
from takeback.prove.epcis.validation.known import AGGREGATION, Known
from takeback.prove.epcis.validation.lives import Keys
from takeback.prove.epcis.validation.rules import RULES
from tests.prove.epcis.validation.events import CELL, PACK, PALLET, event

LOT = "urn:epc:class:lgtin:4012345.012345.L1"
A, B = f"{CELL}1", f"{CELL}2"
P, Q = f"{PALLET}1", f"{PALLET}2"


def at(minute: int, kind: str = "ObjectEvent", **changes: object) -> dict[str, Any]:
    return event(kind, eventTime=f"2026-04-03T20:{minute:02d}:00Z", **changes)


def begins(minute: int, *epcs: str) -> dict[str, Any]:
    return at(minute, action="ADD", bizStep="commissioning", epcList=list(epcs))


def ends(minute: int, *epcs: str, **changes: object) -> dict[str, Any]:
    return at(minute, **{"action": "DELETE", "bizStep": "destroying", "epcList": list(epcs), **changes})


def packs(minute: int, action: str, parent: str | None, *epcs: str, kind: str = "AggregationEvent") -> dict[str, Any]:
    return at(minute, kind, action=action, parentID=parent, childEPCs=list(epcs) or None)


def turns(minute: int, **changes: object) -> dict[str, Any]:
    return at(minute, "TransformationEvent", **changes)


def kilograms(quantity: float, uom: str = "KGM") -> list[dict[str, object]]:
    return [{"epcClass": LOT, "quantity": quantity, "uom": uom}]


def rules(*events: dict[str, Any], known: Known | None = None) -> list[tuple[int | None, str]]:
    return [(f.event, f.rule) for f in lifecycle.check(events, known or Known())]


def key(epc: str) -> int:
    return lifecycle.key_of(epc)


MOMENT = datetime(2026, 4, 3, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([begins(1, A), ends(2, A), at(3, epcList=[A])], [(2, "lifecycle.after-end")]),
        ([begins(1, A), ends(2, A), at(2, epcList=[A])], []),
        (
            [begins(1, A), ends(2, A, action="OBSERVE", bizStep="decommissioning"), begins(3, A)],
            [(2, "lifecycle.after-end")],
        ),
        ([begins(1, A), at(2, disposition="destroyed"), packs(3, "ADD", P, A)], [(2, "lifecycle.after-end")]),
        ([turns(1, inputEPCList=[A], outputEPCList=[B]), at(2, epcList=[A])], [(1, "lifecycle.after-end")]),
        ([turns(1, inputEPCList=[A], outputEPCList=[A]), at(2, epcList=[A])], []),
        ([packs(1, "ADD", P, A), packs(2, "ADD", Q, A)], [(1, "lifecycle.two-parents")]),
        ([packs(1, "ADD", P, A), packs(2, "OBSERVE", P, A), packs(3, "DELETE", P, A), packs(4, "ADD", Q, A)], []),
        ([packs(1, "ADD", P, A), packs(2, "DELETE", P), packs(3, "ADD", Q, A)], []),
        ([packs(1, "DELETE", P), packs(2, "ADD", P, A), packs(3, "ADD", Q, A)], [(2, "lifecycle.two-parents")]),
        ([packs(1, "ADD", P, A), packs(2, "DELETE", Q, A)], [(1, "lifecycle.elsewhere")]),
        ([packs(1, "DELETE", P, A)], [(0, "lifecycle.not-inside")]),
        ([packs(1, "ADD", PACK, A, kind="AssociationEvent"), packs(2, "ADD", P, A)], []),
        (
            [packs(1, "ADD", PACK, A, kind="AssociationEvent"), packs(2, "DELETE", PACK, A)],
            [(1, "lifecycle.not-inside")],
        ),
        ([packs(1, "ADD", P, Q), packs(2, "ADD", Q, P)], [(1, "lifecycle.cycle")]),
        ([begins(1, A), begins(2, A)], [(1, "lifecycle.commissioned-twice")]),
        ([begins(1, A, B), at(2, action="ADD", epcList=[B])], [(1, "lifecycle.commissioned-twice")]),
        ([ends(1, A)], [(0, "lifecycle.unknown-item")]),
        ([at(1), ends(2, A)], []),
        ([at(5), at(4)], [(1, "lifecycle.time-backwards")]),
        (
            [
                turns(
                    1,
                    inputQuantityList=kilograms(100),
                    outputQuantityList=kilograms(101),
                    inputEPCList=None,
                    outputEPCList=None,
                )
            ],
            [(0, "lifecycle.mass")],
        ),
        ([turns(1, inputQuantityList=kilograms(0.1, "TNE"), outputQuantityList=kilograms(100_000, "GRM"))], []),
        ([turns(1, inputQuantityList=kilograms(1), outputQuantityList=kilograms(3, "LBR"))], [(0, "lifecycle.mass")]),
        (
            [
                turns(1, transformationID="urn:x:t", inputQuantityList=kilograms(60), outputEPCList=None),
                turns(
                    2, transformationID="urn:x:t", inputEPCList=[B], inputQuantityList=kilograms(60), outputEPCList=None
                ),
                turns(
                    3,
                    transformationID="urn:x:t",
                    inputEPCList=None,
                    outputEPCList=None,
                    outputQuantityList=kilograms(110),
                ),
            ],
            [],
        ),
        (
            [
                turns(1, transformationID="urn:x:t", inputQuantityList=kilograms(60), outputEPCList=None),
                turns(
                    2,
                    transformationID="urn:x:t",
                    inputEPCList=None,
                    outputEPCList=None,
                    outputQuantityList=kilograms(61),
                ),
            ],
            [(1, "lifecycle.mass")],
        ),
        ([turns(1, transformationID="urn:x:t", inputEPCList=None)], [(0, "lifecycle.no-inputs")]),
    ],
)
def test_events_of_a_document_see_each_other(events: list[dict[str, Any]], found: list[tuple[int, str]]) -> None:
    """What earlier events of a document did counts for the later ones, and for those alone."""
    assert rules(*events) == found


def test_what_the_ledger_knows_counts() -> None:
    """Ends, containers, last times and begins from the ledger are taken as if events had told them."""
    known = Known(
        ended={key(A): (MOMENT, 7)},
        parents={key(B): [(key(P), AGGREGATION)]},
        last={key(B): MOMENT},
        begun={key(B)},
    )
    assert rules(at(31, epcList=[A]), known=known) == [(0, "lifecycle.after-end")]
    assert rules(at(29, epcList=[A]), known=known) == []
    assert rules(packs(31, "ADD", Q, B), known=known) == [(0, "lifecycle.two-parents")]
    assert rules(packs(31, "DELETE", P), packs(32, "ADD", Q, B), known=known) == []
    assert rules(packs(31, "DELETE", P, B), known=known) == []
    assert rules(at(29, epcList=[B]), known=known) == [(0, "lifecycle.time-backwards")]
    assert rules(begins(31, B), known=known) == [(0, "lifecycle.commissioned-twice")]
    assert rules(ends(31, B), known=known) == []


def test_both_spellings_of_a_thing_are_one_thing() -> None:
    """A URN and a Digital Link, in upper or lower spelling of the host's choice, live one life."""
    link = "https://example.com/01/04012345111118/21/1"
    assert rules(begins(1, A), ends(2, link), at(3, epcList=[A])) == [(2, "lifecycle.after-end")]


def test_a_declared_error_did_not_happen() -> None:
    """The copy of an event that declares an error neither ends anything nor is blamed."""
    declared = ends(2, A, errorDeclaration={"declarationTime": "2026-04-04T00:00:00Z"})
    assert rules(begins(1, A), declared, at(3, epcList=[A])) == []


def test_one_rule_and_event_is_one_finding() -> None:
    """A thousand things that ended are told with the first of them and their number."""
    things = [f"{CELL}{number}" for number in range(1000)]
    (finding,) = lifecycle.check([begins(1, *things), ends(2, *things), at(3, epcList=things)])
    assert finding.found == things[0]
    assert "999" in str(finding.message)
    assert finding.where == "/epcisBody/eventList/2"


def test_keys_computed_before_are_used() -> None:
    """A caller's own keys are asked once for each spelling."""
    asked: list[str] = []

    def look_up(epc: str) -> int:
        asked.append(epc)
        return 1

    lifecycle.check([at(1), at(2), packs(3, "ADD", A, A)], Known(), Keys(look_up))
    assert asked == [A]


def test_every_rule_of_stage_3_is_in_the_table_once() -> None:
    """The rules of the life cycle are those that the tests above break."""
    assert sum(rule.startswith("lifecycle.") for rule in RULES) == 10
