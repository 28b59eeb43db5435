"""The settings page, and the link of an invitation."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from takeback import store
from tests.support.people import PASSWORD, People
from tests.web.centre_people import entering, signed_centre
from tests.web.conftest import Client

HTML = {"accept": "text/html"}
_OWNER = sa.text("""
    update membership set role = 'owner'
    where org_id = :org and user_id = (select id from user_account where email = :email)
""")


def _link(text: str) -> str:
    found = re.search(r"http://testserver\.local(/invitation/[\w-]+)", html.unescape(text))
    assert found, text[:2000]
    return found[1]


def _token(client: Client, path: str) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', client.get(path, headers=HTML).text)
    assert found
    return found[1]


def test_an_owner_invites_and_the_link_lets_in(alice: Client, visitor: Client, people: People) -> None:
    """The page shows the link once; who opens it chooses name and password, and is a member, signed in."""
    answer = alice.post("/settings/members", data={"email": "dora@example.org", "role": "auditor"})
    assert answer.status_code == 200
    link = _link(answer.text)
    assert link not in alice.get("/settings", headers=HTML).text
    form = {"_csrf_token": _token(visitor, link), "name": "Dora", "password": "password1234"}
    weak = visitor.post(link, data=form, headers=HTML)
    assert weak.status_code == 422
    assert "This password is too easy to guess." in weak.text
    assert 'value="Dora"' in weak.text
    joined = visitor.post(link, data={**form, "password": PASSWORD}, headers=HTML)
    assert (joined.status_code, joined.headers["location"]) == (303, "/")
    assert visitor.get("/api/v1/me").json()["role"] == "auditor"
    assert visitor.get(link, headers=HTML).status_code == 404


def test_a_registered_person_signs_in_first(alice: Client, visitor: Client, charlie: Client, people: People) -> None:
    """The link offers the sign-in form to a visitor, and one button to the person; nobody else can use it."""
    answer = alice.post("/settings/members", data={"email": people.charlie.email, "role": "viewer"})
    link = _link(answer.text)
    page = visitor.get(link, headers=HTML).text
    assert f"/sign-in?next={link}" in page
    assert 'name="password"' not in page
    assert alice.post(link, data={}, headers=HTML).status_code == 403
    assert charlie.post(link, data={}, headers=HTML).status_code == 303
    me = charlie.get("/api/v1/me").json()
    assert (me["role"], me["organisation_id"]) == ("viewer", str(people.alice.org_id))


def test_a_key_is_shown_once(alice: Client, people: People) -> None:
    """Right after it was made; then only how it begins, until it is revoked."""
    answer = alice.post("/settings/keys", data={"name": "scales", "scope": ["read", "prove"]})
    text = re.search(r"tb_[0-9a-f]{32}\.[\w-]{43}", answer.text)
    assert text
    (key,) = alice.get("/api/v1/api-keys").json()
    assert {"spine.read", "ledger.verify"} <= set(key["permissions"])
    page = alice.get("/settings", headers=HTML).text
    assert text[0] not in page
    assert text[0][:11] in page
    assert alice.post(f"/settings/keys/{key['id']}/revoke", data={}).status_code == 303
    assert text[0][:11] not in alice.get("/settings", headers=HTML).text


def test_an_owner_changes_roles_and_removes(alice: Client, bob: Client, people: People) -> None:
    """Bob sees no list and no forms; as an auditor he sees the list; then he is gone."""
    page = bob.get("/settings", headers=HTML)
    assert page.status_code == 200
    assert people.alice.email not in page.text
    assert 'action="/settings/members"' not in page.text
    assert "0 people" not in page.text
    assert "No API key yet" not in page.text
    assert "There is nothing to set here for you." in page.text
    alice.post(f"/settings/members/{people.bob.id}/role", data={"role": "auditor"})
    assert people.alice.email in bob.get("/settings", headers=HTML).text
    alice.post(f"/settings/members/{people.bob.id}/remove", data={})
    assert bob.get("/settings", headers=HTML).status_code == 403


def test_the_demo_world_s_accounts_are_offered(
    visitor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the world has written them down; a file that is no such list is as none."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    file = tmp_path / "demo" / "accounts.json"
    assert "lin@demo.example" not in visitor.get("/sign-in", headers=HTML).text
    file.parent.mkdir()
    account = {"email": "lin@demo.example", "password": "takeback-demo", "organisation": "Demo", "role": "owner"}
    file.write_text(json.dumps([account]))
    assert "lin@demo.example" in visitor.get("/sign-in", headers=HTML).text
    file.write_text("{")
    assert visitor.get("/sign-in", headers=HTML).status_code == 200


def test_who_takes_part_in_a_centre_is_shown_as_that(new_client: Callable[[], Client], people: People) -> None:
    """A role that is given in the centre alone stands in the choice: nobody looks like an owner who is none."""
    centre = signed_centre()
    alice = entering(new_client, centre)("alice")
    with store.transaction(centre.world.org) as connection:
        connection.execute(_OWNER, {"org": centre.world.org, "email": centre.email("alice")})
    page = alice.get("/settings").text
    assert page.count('<option value="participant" selected>') == len(centre.people) - 1
    assert page.count('<option value="owner" selected>') == 1, "who founded it"
