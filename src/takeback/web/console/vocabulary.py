"""The words for codes: stages, dispositions, verticals, roles. One table, so that one thing has one name."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.web.console.phrases import PARTNERS

WORDS: dict[str, dict[str, Message]] = {
    "stage": {
        "ordered": msg("Ordered"),
        "collected": msg("Collected"),
        "received": msg("Received"),
        "graded": msg("Graded"),
        "decided": msg("Decided"),
        "recovered": msg("Recovered"),
    },
    "disposition": {
        "restock": msg("Restock"),
        "open_box": msg("Open box"),
        "refurbish": msg("Refurbish"),
        "liquidate": msg("Liquidate"),
        "parts": msg("Parts"),
        "recycle": msg("Recycle"),
        "donate": msg("Donate"),
        "destroy": msg("Destroy"),
        "reuse": msg("Reuse"),
        "remanufacture": msg("Remanufacture"),
        "repurpose": msg("Repurpose"),
        "hold": msg("Decide later"),
        "other": msg("Other"),
    },
    "vertical": {
        "batteries": msg("Batteries"),
        "returns": msg("Returns"),
        "": msg("Batteries and returns"),
    },
    "level": {
        "pack": msg("Battery pack"),
        "module": msg("Battery module"),
        "cell": msg("Battery cell"),
        "unit": msg("Unit"),
    },
    "provenance": {
        "real": msg("real"),
        "simulated": msg("simulated"),
        "estimated": msg("estimated"),
        "declared": msg("declared"),
    },
    "provenance_long": {
        "real": msg("Measured or recorded on the thing itself"),
        "simulated": msg("Comes from a simulated world"),
        "estimated": msg("Computed by a model from other values"),
        "declared": msg("An assumption from a table with its source, not measured"),
    },
    "role": {
        "owner": msg("Owner"),
        "manager": msg("Manager"),
        "operator": msg("Operator"),
        "auditor": msg("Auditor"),
        "viewer": msg("Viewer"),
        "centre manager": msg("Centre manager"),
        "authority": msg("Authority"),
        "company": msg("Company"),
        "professor": msg("Professor"),
        "expert": msg("Expert"),
        "student": msg("Student"),
    },
    "organisation": {
        "enterprise": msg("Enterprise"),
        "university": msg("University"),
        "institute": msg("Institute"),
        "authority": msg("Authority"),
        "centre": msg("Centre"),
    },
    "scope": {
        "read": msg("Read"),
        "write": msg("Write"),
        "import": msg("Import"),
        "prove": msg("Prove"),
    },
    "window": {
        "day": msg("today"),
        "week": msg("this week"),
        "month": msg("this month"),
        "all": msg("all time"),
    },
    "job": {
        "waiting": msg("waiting"),
        "running": msg("running"),
        "done": msg("done"),
        "failed": msg("failed"),
        "cancelled": msg("cancelled"),
    },
    "import": {
        "committed": msg("committed"),
        "refused": msg("refused"),
        "waiting": msg("not committed"),
    },
    "entry": {
        "takeback:Ordered": msg("Announcement"),
        "takeback:Decided": msg("Decision"),
        "takeback:DecisionRun": msg("Decision run"),
        "takeback:Planned": msg("Collection plan"),
        "takeback:Forecast": msg("Forecast"),
        "takeback:Registered": msg("Master data"),
        "ObjectEvent": msg("Object event"),
        "AggregationEvent": msg("Aggregation event"),
        "AssociationEvent": msg("Association event"),
        "TransactionEvent": msg("Transaction event"),
        "TransformationEvent": msg("Transformation event"),
    },
    "grade": {
        "batteries": msg(
            "A to E: by state of health, best first. M: one bad module, the pack can be repaired. "
            "X: unsafe, to be isolated and recycled."
        ),
        "returns": msg("A to E, from like new to worthless, by what the inspection finds."),
    },
    "plan": {
        "proposed": msg("proposed"),
        "accepted": msg("accepted"),
        "dispatched": msg("sent to the drivers"),
        "driving": msg("on the road"),
        "done": msg("done"),
        "replaced": msg("replaced"),
        "stored": msg("stored"),
    },
    "site": {
        "return_centre": msg("Return centre"),
        "test_centre": msg("Test centre"),
        "collection_point": msg("Collection point"),
        "works": msg("Works"),
        "recycler": msg("Recycling works"),
        "second_life_maker": msg("Second-life works"),
    },
    "stop": {
        "depot": msg("Depot"),
        "pickup": msg("Pick-up"),
        "delivery": msg("Delivery"),
        "site": msg("Unloading"),
    },
    "bar": {
        "drive": msg("drives"),
        "wait": msg("waits"),
        "serve": msg("loads"),
        "unload": msg("unloads"),
        "break": msg("break"),
    },
    "cost": {
        "vehicle": msg("fixed"),
        "distance": msg("by km"),
        "time": msg("by hour"),
        "overtime": msg("overtime"),
    },
}

TONES: dict[str, str] = {
    "restock": "good",
    "open_box": "good",
    "reuse": "good",
    "donate": "good",
    "refurbish": "advice",
    "remanufacture": "advice",
    "repurpose": "advice",
    "liquidate": "plain",
    "other": "plain",
    "parts": "recycling",
    "recycle": "recycling",
    "destroy": "bad",
}
"""The colour of each disposition."""

RECYCLE = "recycle_"


def word(table: str, code: str) -> Message | str:
    """Return the word for `code`; where the table does not know it, the code as one would write it by hand.

    `recycle_` and a partner's code is recycling by that partner.
    """
    known = WORDS[table].get(code)
    if known is not None:
        return known
    if table == "disposition" and code.startswith(RECYCLE):
        partner = code.removeprefix(RECYCLE)
        return msg("Recycle ({partner})", partner=PARTNERS.get(partner) or _by_hand(partner))
    return _by_hand(code)


def tone(disposition: str) -> str:
    """Return the colour of a disposition."""
    return TONES["recycle"] if disposition.startswith(RECYCLE) else TONES.get(disposition, "plain")


def _by_hand(code: str) -> str:
    text = code.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
