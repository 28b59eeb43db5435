"""Organisations."""

from __future__ import annotations

from uuid import uuid4

import pytest
from msgspec.structs import replace

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import identity
from tests.support.people import People, new_organisation, organisation


def test_a_new_organisation_has_its_maker_as_owner(people: People) -> None:
    """All four kinds can be made, and appear among the owner's organisations."""
    for kind in identity.KINDS:
        org_id = uuid4()
        with store.transaction(org_id) as connection:
            fields = replace(organisation(f"new-{kind}"), kind=kind)
            identity.create_organisation(connection, org_id, fields, owner_id=people.charlie.id)
        assert identity.actor_of(people.charlie.id, org_id).role == "owner"
    assert {m.kind for m in identity.memberships_of(people.charlie.id)} == set(identity.KINDS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "With Blanks"),
        ("slug", "-begins"),
        ("slug", ""),
        ("slug", "x" * 64),
        ("kind", "cooperative"),
        ("name", "   "),
        ("name_zh", ""),
        ("name", "x" * 201),
        ("country", "cn"),
        ("company_prefix", "69O1234"),
        ("time_zone", "Asia/Atlantis"),
        ("currency", "yuan"),
    ],
)
def test_a_wrong_field_is_named(people: People, field: str, value: str) -> None:
    """The problem lists the field with what was found and what is expected; nothing is created."""
    org_id, fields = uuid4(), replace(organisation("fine"), **{field: value})
    with pytest.raises(Problem) as refused, store.transaction(org_id) as connection:
        identity.create_organisation(connection, org_id, fields, owner_id=people.charlie.id)
    assert [(error.where, error.found) for error in refused.value.errors] == [(field, value)]
    with store.admin() as connection, pytest.raises(Problem):
        identity.organisation(connection, org_id)


@pytest.mark.parametrize("taken", [{"slug": "elsewhere"}, {"company_prefix": "4012345"}])
def test_a_slug_and_a_company_prefix_belong_to_one(people: People, taken: dict[str, str]) -> None:
    """A second organisation with either is refused, when it is made and when it is changed."""
    with pytest.raises(Problem) as refused:
        new_organisation(people.alice.id, **{"slug": "fresh", **taken})
    assert refused.value.kind == "identity.organisation-exists"
    if "company_prefix" in taken:
        with pytest.raises(Problem) as refused, store.transaction(people.alice.org_id) as connection:
            identity.edit_organisation(connection, people.alice.actor, replace(organisation("x"), **taken))
        assert refused.value.kind == "identity.organisation-exists"


def test_only_an_owner_edits_and_only_the_own_one(people: People) -> None:
    """Bob may not; Charlie changes his own, whatever slug he writes; slug and kind stay."""
    fields = replace(organisation("jinhe-workshop", name="Changed"), kind="authority")
    with pytest.raises(Problem) as refused, store.transaction(people.bob.org_id) as connection:
        identity.edit_organisation(connection, people.bob.actor, fields)
    assert refused.value.kind == "identity.forbidden"
    with store.transaction(people.charlie.org_id) as connection:
        changed = identity.edit_organisation(connection, people.charlie.actor, fields)
    assert (changed.slug, changed.kind, changed.name) == ("elsewhere", "enterprise", "Changed")
    with store.admin() as connection:
        assert identity.organisation_by_slug(connection, "jinhe-workshop").name != "Changed"
