"""The centres of an installation in which somebody has a role; what an authority sees of all those that it guides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.operate.identity.memberships import as_actor, memberships_of
from takeback.share.centre.acting import CentreActor, acting
from takeback.share.centre.figures import Figure, all_figures
from takeback.share.centre.members import Centre
from takeback.share.centre.records import count, find

Figures = Callable[[sa.Connection, int], list[Figure]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreSeen:
    """A centre as somebody sees it who has a role there; `state`: cultivation, construction, closed."""

    org_id: UUID
    slug: str
    name: str
    name_zh: str
    state: str
    actor: CentreActor
    members: int
    figures: tuple[Figure, ...] = ()


def centres_of(user_id: UUID) -> list[CentreSeen]:
    """Return the centres in which the person of an account has a role, by slug; nothing of any other."""
    return [*_seen(user_id, lambda actor: bool(actor.roles))]


def guided_by(user_id: UUID, year: int, *, figures: Figures = all_figures) -> list[CentreSeen]:
    """Return the centres that somebody guides as an authority, each with its figures of a year.

    Each centre is read in a transaction of its own, which sees nothing of the others.
    """
    return [*_seen(user_id, lambda actor: "authority" in actor.roles, lambda connection: figures(connection, year))]


def side_by_side(centres: Iterable[CentreSeen]) -> list[tuple[Figure, list[Figure | None]]]:
    """Return each figure that some centre has with what every centre has of it: a row of the common page.

    The first of a row gives its label and unit; None stands where a centre has no such figure.
    """
    given = [{figure.code: figure for figure in centre.figures} for centre in centres]
    labels = {code: figure for centre in given for code, figure in centre.items()}
    return [(figure, [centre.get(code) for centre in given]) for code, figure in labels.items()]


def _seen(
    user_id: UUID,
    wanted: Callable[[CentreActor], bool],
    figures: Callable[[sa.Connection], list[Figure]] = lambda _: [],
) -> Iterable[CentreSeen]:
    for membership in memberships_of(user_id):
        if membership.kind != "centre":
            continue
        with store.transaction(membership.org_id) as connection:
            actor = acting(connection, as_actor(membership, user_id, locale="en"))
            if not wanted(actor):
                continue
            centre = next(iter(find(connection, "centre", limit=1)), None)
            facts = centre.facts if centre else Centre(name=membership.name, name_zh=membership.name_zh)
            yield CentreSeen(
                org_id=membership.org_id, slug=membership.slug, name=facts.name, name_zh=facts.name_zh,
                state=centre.state if centre else "", actor=actor,
                members=count(connection, "member", state="active"), figures=tuple(figures(connection)),
            )  # fmt: skip
