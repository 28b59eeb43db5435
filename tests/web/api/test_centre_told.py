"""What answers say beside their content: of which kind an id is, in which encoding a text comes."""

from __future__ import annotations

import re

import msgspec
import pytest

from takeback import store
from takeback.share.centre import frontier, records
from takeback.share.centre.calls.conflict import Conflict
from takeback.share.centre.records import create
from tests.web.api.centre_clients import URL, Client, Clients
from tests.web.api.samples import NOBODYS, sample
from tests.web.conftest import problem

BIB = "@article{a, title={Graded returns}, author={Ding, Mei}, journal={J}, year={2025}, doi={10.5555/a}}"


@pytest.fixture
def alice(centre: Clients) -> Client:
    """The browser of who runs the centre."""
    return centre.manager()


def test_amending_tells_of_no_id_what_it_is(centre: Clients, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict of a call, a member and nothing at all get the same answer; Bob, who may not amend, another."""
    monkeypatch.setattr(records, "require_named", lambda *_: None)  # what the conflict names does not matter here
    world, bob = centre.centre, centre.enter("Bob", "maker", "researcher")
    with store.transaction(world.org) as connection:
        facts = msgspec.convert(sample(Conflict), Conflict)
        conflict = create(connection, world.manager, "conflict", facts, allowed=True)
    said = {"facts": {}, "reason": "New"}
    ids = (conflict.id, world.members["maker"], NOBODYS)
    hers, his = (
        {str(client.post(f"{URL}/papers/{one}/amend", json=said).json()).replace(str(one), "ID") for one in ids}
        for client in (alice, bob)
    )
    assert len(hers) == len(his) == 1
    problem(alice.post(f"{URL}/papers/{NOBODYS}/amend", json=said), 404, "centre.no-record")
    problem(bob.post(f"{URL}/papers/{NOBODYS}/amend", json=said), 403, "centre.forbidden")


def test_a_field_tells_of_no_id_whether_it_is_a_persons(centre: Clients, alice: Client) -> None:
    """Bob, who may apply, tries an expert's id, nobody's, another's: each is somebody unnamed, in order."""
    bob = centre.enter("Bob", "maker", "researcher")
    for name in ("Jiang", "Dai"):
        centre.enter(name, "institute", "expert")
    tried = [str(centre.centre.people["Jiang"].id), NOBODYS, str(centre.centre.people["Dai"].id)]
    query = "&".join(f"x={one}" for one in tried)
    his = bob.get(f"/centre/pick?of=person&name=x&many=true&{query}").text
    assert re.findall(r'value="([0-9a-f-]{36})"[^>]*checked', his) == tried
    told = {his.split(one)[1].split("</label>")[0] for one in tried}
    assert len(told) == 1
    hers = alice.get(f"/centre/pick?of=person&name=x&many=true&{query}").text
    assert "Jiang" in hers
    assert "Jiang" not in his


def test_the_encoding_of_a_text_is_said_once(centre: Clients, alice: Client) -> None:
    """Of lists and citations in every form."""
    world = centre.centre
    with store.transaction(world.org) as connection:
        frontier.import_sources(connection, world.manager, BIB, "bibtex")
    lists = [f"/centre/member/export/{ending}" for ending in ("csv", "xlsx", "json")]
    cited = [f"/centre/citations/{style}?of=sources" for style in frontier.WRITERS]
    for path in (*lists, *cited, f"{URL}/lists/member?ending=csv"):
        answer = alice.get(path)
        kind = answer.headers["content-type"]
        assert (answer.status_code, kind.count("charset")) == (200, kind.startswith("text/") or "citations" in path), (
            kind
        )
