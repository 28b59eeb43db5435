"""Members, invitations and organisations over the interface for programs."""

from __future__ import annotations

from tests.support.people import PASSWORD, People
from tests.web.conftest import Client, problem


def test_an_invited_person_comes_in(alice: Client, visitor: Client, people: People) -> None:
    """Alice invites; Dora reads the offer, makes an account, is signed in, and sees the organisation."""
    made = alice.post("/api/v1/invitations", json={"email": "Dora@Example.org", "role": "auditor"}).json()
    offer = visitor.post("/api/v1/invitations/offer", json={"token": made["token"]}).json()
    assert (offer["email"], offer["role"], offer["registered"]) == ("dora@example.org", "auditor", False)
    acceptance = {"token": made["token"], "display_name": "Dora", "password": PASSWORD, "locale": "zh_Hans"}
    assert visitor.post("/api/v1/invitations/acceptance", json=acceptance).status_code == 201
    me = visitor.get("/api/v1/me").json()
    assert (me["user"]["email"], me["role"]) == ("dora@example.org", "auditor")
    assert me["organisation_id"] == str(people.alice.org_id)
    problem(visitor.post("/api/v1/invitations/offer", json=acceptance), 403, "request.bad-token")


def test_a_person_with_an_account_joins_in_the_session(alice: Client, charlie: Client, people: People) -> None:
    """And works for either organisation from then on."""
    made = alice.post("/api/v1/invitations", json={"email": people.charlie.email, "role": "viewer"}).json()
    joined = charlie.post("/api/v1/invitations/acceptance", json={"token": made["token"]})
    assert joined.status_code == 201
    problem(
        charlie.post("/api/v1/invitations/acceptance", json={"token": made["token"]}), 404, "identity.bad-invitation"
    )
    me = charlie.patch("/api/v1/me", json={"organisation_id": str(people.alice.org_id)}).json()
    assert (me["role"], len(me["organisations"])) == ("viewer", 2)
    problem(charlie.get("/api/v1/members"), 403, "identity.forbidden")


def test_an_owner_keeps_the_list(alice: Client, people: People) -> None:
    """Roles change, people go, the last owner stays."""
    changed = alice.patch(f"/api/v1/members/{people.bob.id}", json={"role": "manager"})
    assert changed.json()["role"] == "manager"
    problem(alice.delete(f"/api/v1/members/{people.alice.id}"), 409, "identity.last-owner")
    assert alice.delete(f"/api/v1/members/{people.bob.id}").status_code == 204
    assert [m["email"] for m in alice.get("/api/v1/members").json()] == [people.alice.email]


def test_an_organisation_is_described_and_made(alice: Client, people: People) -> None:
    """The own one changes except slug and kind; a new one makes its maker the owner."""
    own = alice.get("/api/v1/organisation").json()
    fields = {**own, "name": "Renamed", "slug": "another", "kind": "authority"}
    del fields["id"]
    after = alice.put("/api/v1/organisation", json=fields).json()
    assert (after["name"], after["slug"], after["kind"]) == ("Renamed", own["slug"], own["kind"])
    wrong = {"slug": "A B", "kind": "institute", "name": " ", "name_zh": "新", "currency": "yuan"}
    found = problem(alice.post("/api/v1/organisations", json=wrong), 422, "identity.bad-organisation")
    assert {error["where"] for error in found["errors"]} == {"slug", "name", "currency"}


def test_somebody_without_organisation_can_make_one(alice: Client, visitor: Client, people: People) -> None:
    """Until then there is nothing to see, and the problem says what to do."""
    made = alice.post("/api/v1/invitations", json={"email": "dora@example.org", "role": "viewer"}).json()
    acceptance = {"token": made["token"], "display_name": "Dora", "password": PASSWORD}
    visitor.post("/api/v1/invitations/acceptance", json=acceptance)
    me = visitor.get("/api/v1/me").json()
    alice.delete(f"/api/v1/members/{me['user']['id']}")
    problem(visitor.get("/api/v1/organisation"), 403, "identity.no-organisation")
    headers = {"x-csrftoken": me["csrf_token"]}
    fields = {"slug": "dora", "kind": "university", "name": "Dora's", "name_zh": "朵拉"}
    assert visitor.post("/api/v1/organisations", json=fields, headers=headers).status_code == 201
    assert visitor.get("/api/v1/organisation").json()["slug"] == "dora"
