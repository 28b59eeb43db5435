"""Which roles somebody was given and when they were taken, by whom: each change with its entry of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import ENTRY, person_key


class RoleChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of what somebody may do. `actor`: an id or label, never a name; `leaf_index`: None until it is sealed.

    `roles`: those held from then on; none are given or taken where member or consents alone were changed.
    """

    entry_id: int
    at: datetime
    recorded_at: datetime
    actor: str
    roles: tuple[str, ...]
    given: tuple[str, ...]
    taken: tuple[str, ...]
    withdrawn: bool
    leaf_index: int | None


def role_history(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> list[RoleChange]:
    """Return the changes of a person's roles, the first one first, for who enters people and for that person.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403).
    """
    if actor.person_id != person_id:
        actor.require("person.edit")
    told = sorted(prove.trace(connection, actor.org_id, person_key(person_id)), key=lambda one: one.id)
    return [*_changes([one for one in told if one.kind == ENTRY])]


def _changes(told: Sequence[prove.Traced]) -> Iterator[RoleChange]:
    """Yield the first entry, and of the others those in which roles changed or the person withdrew."""
    before: frozenset[str] | None = None
    for entry in told:
        said = entry.body["takeback:facts"]
        roles = frozenset(said["roles"])
        if roles != before or said["withdrawn"]:
            yield RoleChange(
                entry_id=entry.id, at=entry.event_time, recorded_at=entry.record_time, actor=entry.actor,
                roles=tuple(sorted(roles)), given=tuple(sorted(roles - (before or frozenset()))),
                taken=tuple(sorted((before or frozenset()) - roles)), withdrawn=said["withdrawn"],
                leaf_index=entry.leaf_index,
            )  # fmt: skip
        before = roles
