"""The people of a centre over HTTP: consent decides who is seen, and blind review begins with the list of people."""

from __future__ import annotations

from tests.web.api.centre_clients import URL, Clients
from tests.web.conftest import problem


def _names(client: object) -> list[str]:
    return [one["name"] for one in client.get(f"{URL}/people").json()]  # type: ignore[attr-defined]


def test_people_are_seen_with_their_consent_alone(centre: Clients) -> None:
    """Bob sees Dora, who agreed to a profile, without her address; once she takes that back he does not."""
    bob, dora = centre.enter("Bob", "maker", "delegate"), centre.enter("Dora", "shop", "researcher")
    (seen,) = [one for one in bob.get(f"{URL}/people").json() if one["name"] == "Dora"]
    assert (seen["email"], seen["consents"]) == (None, [])
    assert dora.put(f"{URL}/me/consents", json={"consents": ["statistics"]}).json()["consents"] == ["statistics"]
    assert "Dora" not in _names(bob)
    problem(bob.get(f"{URL}/people/{seen['id']}"), 404, "centre.no-person")
    assert "Dora" in _names(dora)
    assert "Dora" in _names(centre.manager())


def test_authors_and_experts_do_not_see_each_other(centre: Clients) -> None:
    """Although both agreed to a profile; who runs the centre sees both."""
    author, expert = centre.enter("Author", "maker", "researcher"), centre.enter("Expert", "institute", "expert")
    assert "Expert" not in author.get(f"{URL}/people").text
    assert "Author" not in expert.get(f"{URL}/people").text
    assert {"Author", "Expert"} <= set(_names(centre.manager()))


def test_alice_enters_people_bob_may_not_and_charlie_finds_none(centre: Clients, elsewhere: Clients) -> None:
    """A person is entered, changed, and withdrawn for good; an outsider gets 404 for each."""
    alice, bob, charlie = centre.manager(), centre.enter("Bob", "maker", "delegate"), elsewhere.manager()
    fields = {"name": "Eve Long", "roles": ["student"]}
    problem(bob.post(f"{URL}/people", json=fields), 403, "centre.forbidden")
    made = alice.post(f"{URL}/people", json=fields)
    assert made.status_code == 201, made.text
    place = f"{URL}/people/{made.json()['id']}"
    problem(bob.put(place, json=fields), 403, "centre.forbidden")
    problem(bob.delete(place), 404, "centre.no-person")  # she has not agreed to be seen
    for answer in (charlie.get(place), charlie.put(place, json=fields), charlie.delete(place)):
        problem(answer, 404, "centre.no-person")
    assert alice.put(place, json={**fields, "roles": ["mentor"]}).json()["roles"] == ["mentor"]
    problem(alice.put(place, json={**fields, "roles": ["king"]}), 422, "centre.bad-person")
    assert alice.delete(place).status_code == 204
    problem(alice.get(place), 404, "centre.no-person")
    assert "Eve" not in alice.get(f"{URL}/people").text


def test_nobody_agrees_for_somebody_else(centre: Clients) -> None:
    """Alice, who enters people, can say no consent of theirs; what Bob said stands when she changes his entry."""
    alice, bob = centre.manager(), centre.enter("Bob", "maker", "delegate")
    me = bob.put(f"{URL}/me/consents", json={"consents": ["statistics"]}).json()
    place, fields = f"{URL}/people/{me['person_id']}", {"name": "Bob", "roles": ["delegate", "mentor"]}
    for refused in (
        alice.put(place, json={**fields, "consents": ["profile"]}),
        alice.post(f"{URL}/people", json={"name": "Eve", "consents": ["profile"]}),
    ):
        assert refused.status_code == 400, refused.text
        assert "consents" in refused.text
    assert alice.put(place, json=fields).json()["consents"] == ["statistics"]
    assert alice.post(f"{URL}/people", json={"name": "Eve"}).json()["consents"] == []


def test_who_leaves_takes_the_name_along(centre: Clients) -> None:
    """Anybody may withdraw; the name is in no answer afterwards."""
    bob = centre.enter("Bohumil", "maker", "delegate")
    me = bob.get(f"{URL}/me").json()
    assert "problem.state" in me["permissions"]
    assert bob.delete(f"{URL}/people/{me['person_id']}").status_code == 204
    assert "Bohumil" not in centre.manager().get(f"{URL}/people").text
    problem(bob.get(f"{URL}/people"), 403, "centre.forbidden")


def test_the_last_manager_stays_whatever_is_changed(centre: Clients) -> None:
    """Neither other roles, nor a member that has left, nor another's word take away who alone runs the centre."""
    alice = centre.manager()
    me, maker = alice.get(f"{URL}/me").json()["person_id"], str(centre.centre.members["maker"])
    gone, place = str(centre.centre.members["shop"]), f"{URL}/people/{me}"
    director = centre.enter("Dora", "maker", "director")
    assert alice.post(f"{URL}/records/member/{gone}/moves", json={"state": "left", "reason": "sold"}).status_code == 200
    for roles, member in (([], maker), (["director"], maker), (["manager"], gone)):
        body = {"name": "Wei Lan", "roles": roles, "member_id": member}
        problem(director.put(place, json=body), 409, "centre.last-manager")
    problem(director.delete(place), 409, "centre.last-manager")
    assert alice.get(f"{URL}/me").json()["roles"] == ["manager"]
    centre.enter("Bob", "maker", "manager")
    assert director.put(place, json={"name": "Wei Lan", "roles": []}).json()["roles"] == []


def test_a_person_belongs_to_a_member_of_the_centre_or_to_none(centre: Clients, elsewhere: Clients) -> None:
    """No other record, no other centre's member: rules on conflicts of interest go by it."""
    alice = centre.manager()
    others = (alice.get(URL).json()["id"], str(elsewhere.centre.members["maker"]))
    for member in others:
        answer = alice.post(f"{URL}/people", json={"name": "Eve Long", "member_id": member})
        assert problem(answer, 422, "centre.bad-person")["where"] == "member_id"
