"""What people say of themselves for statistics alone. It stands beside the ledger and is erased with the name."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.talent.persons import present

TRAITS: Mapping[str, tuple[str, ...]] = {
    "gender": ("woman", "man", "other"),
    "age": ("under-25", "25-34", "35-44", "45-54", "55-and-over"),
    "degree": ("none", "bachelor", "master", "doctor"),
    "origin": ("region", "elsewhere-in-country", "abroad"),
}
"""Trait -> what can be said of it; whoever says nothing is counted as such."""


def set_traits(connection: sa.Connection, actor: CentreActor, traits: Mapping[str, str]) -> None:
    """Say what one wants to be counted as, in place of what one said before; nothing takes it all back.

    Raises
    ------
    Problem
        ``centre.no-person`` (403), ``centre.no-consent`` (409) without the consent `statistics`, ``centre.bad-trait``.
    """
    me = present(connection, actor.person())
    if traits and "statistics" not in me.consents:
        raise Problem(
            "centre.no-consent",
            msg("You have not agreed to be counted in statistics."),
            expected="statistics",
            remedy=msg("Agree to it first."),
            status=409,
        )
    for trait, value in traits.items():
        if value not in TRAITS.get(trait, ()):
            expected = ", ".join(TRAITS.get(trait, TRAITS))
            raise Problem(
                "centre.bad-trait", msg("This value is not understood."), where=trait, found=value, expected=expected
            )
    connection.execute(_CLEAR, {"person": me.id})
    for trait, value in traits.items():
        connection.execute(_PUT, {"org": actor.org_id, "person": me.id, "trait": trait, "value": value})


def traits_of(connection: sa.Connection, actor: CentreActor) -> dict[str, str]:
    """Return what the person who acts has said."""
    rows = connection.execute(_OWN, {"person": actor.person()})
    return {row.trait: row.value for row in rows}


def counted(connection: sa.Connection, *, with_role: bool = False) -> dict[UUID, dict[str, str]]:
    """Return, of each person who agreed to be counted, the member's sort and the traits; never to be shown as such.

    `with_role`: only those who have one now; whose member left has none any more.
    """
    found: dict[UUID, dict[str, str]] = {}
    for row in connection.execute(_COUNTED, {"role": with_role}):
        found.setdefault(row.id, {"sort": row.sort or "none"})
        if row.trait:
            found[row.id][row.trait] = row.value
    return found


_CLEAR = sa.text("delete from centre_trait where person_id = :person")
_PUT = sa.text("insert into centre_trait (org_id, person_id, trait, value) values (:org, :person, :trait, :value)")
_OWN = sa.text("select trait, value from centre_trait where person_id = :person order by trait")
_COUNTED = sa.text("""
    select p.id, m.facts ->> 'sort' as sort, t.trait, t.value
    from centre_person p
    left join centre_record m on m.id = p.member_id and m.kind = 'member'
    left join centre_trait t on t.person_id = p.id
    where p.withdrawn_at is null and 'statistics' = any(p.consents)
      and (not :role or p.roles <> '{}' and m.state is distinct from 'left')
""")
