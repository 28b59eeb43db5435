"""Physical steps of the spine as EPCIS 2.0 events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from takeback import prove
from takeback.core.items import item_key
from takeback.prove.personal import NAMESPACE

# What the prefix of step and facts stands for: the body is an EPCIS event that others can read without us.
_CONTEXT = {"takeback": NAMESPACE}


def object_event(
    *,
    step: str,
    at: datetime,
    epcs: Sequence[str],
    biz_step: str,
    disposition: str,
    place: str,
    action: str = "OBSERVE",
    transactions: Sequence[tuple[str, str]] = (),
    facts: dict[str, Any],
) -> prove.Entry:
    """Return an ObjectEvent (EPCIS 2.0, 7.4.2) of one step; ``facts`` are the step's own data, kept as an extension."""
    body: dict[str, Any] = {
        "@context": _CONTEXT,
        "type": "ObjectEvent",
        **_when(at),
        "epcList": list(epcs),
        "action": action,
        "bizStep": biz_step,
        "disposition": disposition,
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
        "takeback:step": step,
        "takeback:facts": facts,
    }
    if transactions:
        body["bizTransactionList"] = [{"type": kind, "bizTransaction": name} for kind, name in transactions]
    return prove.Entry("ObjectEvent", body, at, [item_key(epc) for epc in epcs])


def transformation_event(
    *,
    step: str,
    at: datetime,
    epcs: Sequence[str],
    outputs: dict[str, int],
    place: str,
    facts: dict[str, Any],
) -> prove.Entry:
    """Return a TransformationEvent (EPCIS 2.0, 7.4.6): things go in, ``outputs`` (material -> grams) come out."""
    body = {
        "@context": _CONTEXT,
        "type": "TransformationEvent",
        **_when(at),
        "inputEPCList": list(epcs),
        "outputQuantityList": [
            {"epcClass": f"urn:takeback:material:{quote(name, safe='')}", "quantity": grams / 1000, "uom": "KGM"}
            for name, grams in outputs.items()
        ],
        "bizStep": "disassembling",
        "disposition": "destroyed",
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
        "takeback:step": step,
        "takeback:facts": facts,
    }
    return prove.Entry("TransformationEvent", body, at, [item_key(epc) for epc in epcs])


def domain_event(kind: str, *, step: str, at: datetime, epcs: Sequence[str], facts: dict[str, Any]) -> prove.Entry:
    """Return a commercial fact or a decision about things: an event of our own kind in the same ledger."""
    body = {"type": kind, **_when(at), "epcList": list(epcs), "takeback:step": step, "takeback:facts": facts}
    return prove.Entry(kind, body, at, [item_key(epc) for epc in epcs])


def _when(at: datetime) -> dict[str, str]:
    offset = at.strftime("%z")
    return {
        "eventTime": at.isoformat(timespec="milliseconds"),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
    }
