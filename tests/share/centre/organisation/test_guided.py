"""Several centres on one installation: each person sees those with a role of one's own, and nothing of the others."""

from __future__ import annotations

from uuid import UUID

import pytest

from takeback import store
from takeback.operate.identity.inviting import accept_as, accept_new
from takeback.operate.identity.users import find_user
from takeback.share.centre.organisation import centres_of, figures, guided_by, invite_person, set_roles, side_by_side
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.organisation.test_inviting import owner_of


def let_in(centre: CentreWorld, name: str, member: str, role: str) -> UUID:
    """Enter and invite a person, who accepts; return the account (that of the other centre, if there is one)."""
    email = f"{name.lower()}@example.org"
    person = centre.enter(name, member, role, email=email)
    host = owner_of(centre)
    with store.transaction(centre.org) as connection:
        user = find_user(connection, email)
        _, token = invite_person(connection, host, person.person())
    if user is not None:
        accept_as(token, user)
        return user.id
    return accept_new(token, display_name=name, password="a-long-password-7").id


@pytest.fixture
def three(centre: CentreWorld) -> list[CentreWorld]:
    return [centre, new_centre("second"), new_centre("third")]


def test_somebody_sees_the_centres_with_a_role_and_nothing_of_others(three: list[CentreWorld]) -> None:
    """Grace is an authority of two centres; the third does not show, nor does one in which her role has ended."""
    first, second, _ = three
    grace = let_in(first, "Grace", "authority", "authority")
    assert let_in(second, "Grace", "authority", "authority") == grace
    assert [seen.slug for seen in centres_of(grace)] == ["centre", "second"]
    with store.transaction(second.org) as connection:
        set_roles(connection, second.manager, second.people["Grace"].id, [])
    assert [seen.slug for seen in centres_of(grace)] == ["centre"]


def test_an_authority_sees_the_figures_of_the_centres_that_it_guides_alone(three: list[CentreWorld]) -> None:
    """In the second centre Grace is only an expert: the common page has the first, with its own figures."""
    first, second, _ = three
    grace = let_in(first, "Grace", "authority", "authority")
    let_in(second, "Grace", "authority", "expert")
    (seen,) = guided_by(grace, 2026, figures=figures.figures)
    values = {figure.code: figure.value for figure in seen.figures}
    assert (seen.slug, seen.members, values["organisation.enterprise"]) == ("centre", 5, 2)
    rows = side_by_side([seen, seen])
    assert all(len(row) == 2 and row[0] is not None for _, row in rows)
    assert guided_by(let_in(first, "Bob", "maker", "delegate"), 2026, figures=figures.figures) == []


def test_each_figure_of_the_organisation_has_its_evidence(centre: CentreWorld) -> None:
    """Whatever is not zero names the records that it counts, one by one."""
    with store.transaction(centre.org) as connection:
        found = figures.figures(connection, 2026)
    assert sum(figure.value or 0 for figure in found[:4]) == 5
    assert all(figure.value == len(figure.evidence) for figure in found if figure.unit == "count")
