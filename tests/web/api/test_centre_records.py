"""Records of a centre over HTTP: Alice runs it, Bob takes part, Charlie runs another centre."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from takeback.share.centre.kinds import kinds
from tests.web.api.centre_clients import URL, Client, Clients
from tests.web.conftest import problem

MEMBER = {"code": "E9", "name": "Ninth Works", "name_zh": "九厂", "sort": "enterprise"}
MEMBERS = f"{URL}/records/member"


def _put(client: Client, **changed: Any) -> dict[str, Any]:
    answer = client.post(MEMBERS, json={"facts": {**MEMBER, **changed}})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_record_is_put_changed_moved_and_its_history_has_an_entry_for_each_step(centre: Clients) -> None:
    """Three steps, three entries in the ledger, the first and last of them those of the record."""
    alice = centre.manager()
    made = _put(alice)
    place = f"{MEMBERS}/{made['id']}"
    changed = alice.put(place, json={"facts": {**MEMBER, "name": "Ninth"}, "version": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    moved = alice.post(f"{place}/moves", json={"state": "left", "reason": "sold"}).json()
    assert (moved["state"], moved["title"]) == ("left", "Ninth")
    steps = alice.get(f"{place}/history").json()
    assert [(one["version"], one["state"], one["why"]) for one in steps] == [
        (1, "active", ""), (2, "active", ""), (3, "left", "sold"),
    ]  # fmt: skip
    assert (steps[0]["entry_id"], steps[-1]["entry_id"]) == (moved["first_entry"], moved["entry_id"])
    assert alice.get(place).json() == moved


def test_pages_hold_every_record_once(centre: Clients) -> None:
    """Eleven members in pages of four; a filter narrows, a text finds."""
    alice = centre.manager()
    for number in range(6):
        _put(alice, code=f"N{number}", name=f"North {number}")
    pages = [alice.get(MEMBERS, params={"size": 4, "page": page}).json() for page in (1, 2, 3)]
    assert [(len(page["records"]), page["total"]) for page in pages] == [(4, 11), (4, 11), (3, 11)]
    assert len({one["id"] for page in pages for one in page["records"]}) == 11
    assert len(alice.get(MEMBERS, params={"text": "north"}).json()["records"]) == 6
    assert alice.get(MEMBERS, params={"state": "left"}).json()["records"] == []


def test_who_may_not_is_refused_and_another_centre_finds_nothing(centre: Clients, elsewhere: Clients) -> None:
    """Bob reads and may not write; Charlie, who manages another centre, finds neither record nor file nor person."""
    alice, bob = centre.manager(), centre.enter("Bob", "maker", "delegate")
    charlie = elsewhere.manager()
    made = _put(alice)
    place = f"{MEMBERS}/{made['id']}"
    assert bob.get(place).status_code == 200
    problem(bob.post(MEMBERS, json={"facts": MEMBER}), 403, "centre.forbidden")
    problem(bob.put(place, json={"facts": MEMBER}), 403, "centre.forbidden")
    problem(bob.post(f"{place}/moves", json={"state": "left", "reason": "sold"}), 403, "centre.forbidden")
    problem(bob.post(f"{place}/files", files={"data": ("a.txt", b"x")}), 403, "centre.forbidden")
    for path in ("", "/history", "/files"):
        problem(charlie.get(f"{place}{path}"), 404, "centre.no-record")
    assert made["id"] not in charlie.get(MEMBERS).text
    assert alice.get(place).json() == made


def test_what_is_sent_twice_is_put_once(centre: Clients) -> None:
    """The same key gets the first answer again."""
    alice, key = centre.manager(), {"idempotency-key": "one"}
    first, again = (alice.post(MEMBERS, json={"facts": MEMBER}, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(alice.get(MEMBERS, params={"text": "Ninth"}).json()["records"]) == 1


def test_a_change_from_an_old_version_is_refused(centre: Clients) -> None:
    """Two people who change the same record at once do not overwrite each other."""
    alice = centre.manager()
    place = f"{MEMBERS}/{_put(alice)['id']}"
    assert alice.put(place, json={"facts": MEMBER, "version": 1}).status_code == 200
    problem(alice.put(place, json={"facts": MEMBER, "version": 1}), 409, "centre.changed-meanwhile")


def test_facts_that_are_not_of_the_kind_are_refused(centre: Clients) -> None:
    """With the field that is wrong; a kind that there is not, and a record of another kind, are not there."""
    alice = centre.manager()
    answer = problem(alice.post(MEMBERS, json={"facts": {**MEMBER, "sort": "club"}}), 422, "centre.bad-facts")
    assert "sort" in answer["found"]
    problem(alice.post(MEMBERS, json={"facts": {**MEMBER, "more": 1}}), 422, "centre.bad-facts")
    problem(alice.get(f"{URL}/records/nothing"), 404, "centre.no-kind")
    problem(alice.get(f"{URL}/records/centre/{_put(alice)['id']}"), 404, "centre.no-record")
    problem(alice.get(f"{MEMBERS}/{uuid4()}"), 404, "centre.no-record")


def test_a_file_comes_back_as_it_was(centre: Clients) -> None:
    """Its bytes and hash; it is never shown by a browser as a page of ours; a file of another record is not there."""
    alice = centre.manager()
    place, other = (f"{MEMBERS}/{_put(alice, code=code)['id']}" for code in ("X1", "X2"))
    script = b"<script>alert(1)</script>"
    kept = alice.post(f"{place}/files", files={"data": ("贡献.html", script, "text/html")})
    assert kept.status_code == 201, kept.text
    assert alice.get(f"{place}/files").json() == [kept.json()]
    answer = alice.get(f"{place}/files/{kept.json()['id']}")
    assert answer.content == script
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8%B4%A1")
    problem(alice.get(f"{other}/files/{kept.json()['id']}"), 404, "centre.no-file")
    problem(alice.post(f"{place}/files", files={"data": ("a.txt", b"")}), 422, "centre.bad-file")


def test_every_kind_has_its_schema_in_the_document(centre: Clients) -> None:
    """The description of the interface names each kind and says what its records hold."""
    alice = centre.manager()
    document = alice.get("/api/openapi.json").json()
    known = {what.name for what in kinds()}
    assert {one["name"] for one in alice.get(f"{URL}/kinds").json()} == known
    (kind,) = [
        one for one in document["paths"][f"{URL}/records/{{kind}}"]["get"]["parameters"] if one["name"] == "kind"
    ]
    assert set(kind["schema"]["enum"]) == known
    choices = document["components"]["schemas"]["NewRecord"]["properties"]["facts"]["anyOf"]
    named = [one["$ref"].removeprefix("#/components/schemas/") for one in choices]
    assert len(named) == len(known)
    assert set(named) <= document["components"]["schemas"].keys()


def test_a_centre_is_founded_once(centre: Clients) -> None:
    """Whoever founds it is its manager, and works there after choosing it."""
    alice, key = centre.manager(), {"idempotency-key": "found"}
    body = {"slug": "second", "centre": {"name": "Second centre", "name_zh": "第二中心"}}
    first, again = (alice.post(URL, json=body, headers=key) for _ in range(2))
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    assert alice.patch("/api/v1/me", json={"organisation_id": first.json()["organisation_id"]}).status_code == 200
    assert alice.get(URL).json()["title"] == "Second centre"
    assert "manager" in alice.get(f"{URL}/me").json()["roles"]


def test_a_centre_holds_one_record_of_itself(centre: Clients) -> None:
    """It is put when the centre is founded, changed and moved on by who runs it, and never put again."""
    alice = centre.manager()
    own = alice.get(URL).json()
    facts = {"name": "Second centre", "name_zh": "第二中心"}
    problem(alice.post(f"{URL}/records/centre", json={"facts": facts}), 409, "centre.written-elsewhere")
    place = f"{URL}/records/centre/{own['id']}"
    assert alice.put(place, json={"facts": facts}).json()["title"] == "Second centre"
    assert alice.post(f"{place}/moves", json={"state": "construction"}).json()["state"] == "construction"
    assert alice.get(f"{URL}/records/centre").json()["total"] == 1
