"""Master data in the header of a captured document: kept, and asked by queries."""

from __future__ import annotations

import json

import pytest

from tests.web.conftest import Client
from tests.web.epcis.documents import document, event, listed

HALL, GATE = "urn:epc:id:sgln:6901234.00001.0", "urn:epc:id:sgln:6901234.00001.7"
HEADER = {
    "epcisMasterData": {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                "vocabularyElementList": [{"id": HALL, "attributes": [], "children": [GATE]}],
            }
        ]
    }
}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("spelt", ["plain", "escaped", "behind"])
def test_places_below_a_place_are_known(
    alice: Client, monkeypatch: pytest.MonkeyPatch, at_once: bool, spelt: str
) -> None:
    """Wherever the header stands in the document, and however its name is written."""
    if not at_once:
        monkeypatch.setattr("takeback.web.epcis.receiving.IN_MEMORY", 0)
    inside = document(event(1, bizLocation={"id": GATE}))
    body = {"epcisHeader": HEADER, **inside} if spelt == "plain" else {**inside, "epcisHeader": HEADER}
    content = json.dumps(body)
    if spelt == "escaped":
        content = content.replace("epcisMasterData", "epcisM\\u0061sterData")
    answer = alice.post("/epcis/capture", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 202, answer.text
    assert len(listed(alice.get(f"/epcis/events?WD_bizLocation={HALL}"))) == 1
    assert len(listed(alice.get(f"/epcis/events?EQ_bizLocation={HALL}"))) == 0
