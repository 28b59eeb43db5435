"""Who may do what: one table, read by commands, by the web interface and by the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from takeback.core.message import msg
from takeback.core.problem import Problem

Role = Literal["owner", "manager", "operator", "auditor", "viewer", "participant"]
ROLES: tuple[Role, ...] = get_args(Role)

_ANY: frozenset[Role] = frozenset(ROLES)
_ALL: frozenset[Role] = _ANY - {"participant"}  # who takes part in a centre may there what the centre allows, no more
_LEAD: frozenset[Role] = frozenset({"owner", "manager"})
_WORK: frozenset[Role] = frozenset({"owner", "manager", "operator"})
_WATCH: frozenset[Role] = frozenset({"owner", "manager", "auditor"})
_OWN: frozenset[Role] = frozenset({"owner"})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "organisation.read": _ANY,
    "organisation.edit": _OWN,
    "member.read": _WATCH,
    "member.edit": _OWN,
    "key.read": _WATCH,
    "key.edit": _OWN,
    "master.read": _ALL,
    "master.edit": _LEAD,
    "spine.read": _ALL,
    "spine.order": _WORK,
    "spine.collect": _WORK,
    "spine.receive": _WORK,
    "spine.grade": _WORK,
    "spine.decide": _WORK,
    "spine.recover": _WORK,
    "plan.read": _ALL,
    "plan.make": _WORK,
    "plan.dispatch": _WORK,
    "stop.confirm": _WORK,
    "import.read": _ALL,
    "import.run": _LEAD,
    "job.read": _ALL,
    "job.cancel": _WORK,
    "epcis.capture": _WORK,
    "epcis.read": _ALL,
    "epcis.subscribe": _LEAD,
    "ledger.read": _ALL,
    "ledger.verify": _ALL,
    "ledger.map": _WORK,
    "ledger.personal": _LEAD,
    "ledger.erase": _OWN,
}
"""Permission -> the roles that have it."""

PERSONAL = frozenset({"organisation.edit", "member.edit", "key.edit", "ledger.erase"})
"""What changes who may do what, or cannot be undone, is done by a person who signed in, never by an API key."""

SCOPES: Mapping[str, frozenset[str]] = {
    "read": frozenset(name for name in PERMISSIONS if name.endswith(".read")),
    "write": frozenset(n for n in PERMISSIONS if n.startswith("spine."))
    | {"plan.make", "plan.dispatch", "stop.confirm", "job.cancel"},
    "epcis": frozenset(n for n in PERMISSIONS if n.startswith("epcis.")) | {"job.read"},
    "import": frozenset({"import.read", "import.run", "master.read", "master.edit", "job.read"}),
    "prove": frozenset({"ledger.read", "ledger.verify", "spine.read"}),
}
"""Groups of permissions that an API key may be given by one word."""


def permissions_of(role: Role) -> frozenset[str]:
    """Return all permissions of a role."""
    return frozenset(name for name, roles in PERMISSIONS.items() if role in roles)


def expanded(scopes: Iterable[str]) -> frozenset[str]:
    """Return the permissions that `scopes`, words of `SCOPES` or single permissions, stand for.

    Raises
    ------
    Problem
        `identity.bad-scope` for a word that is neither, or that no key may have.
    """
    found: set[str] = set()
    for scope in scopes:
        found |= SCOPES.get(scope, {scope})
    for name in sorted(found):
        if name not in PERMISSIONS or name in PERSONAL:
            raise Problem(
                "identity.bad-scope",
                msg("An API key cannot have this permission."),
                where="scopes",
                found=name,
                expected=", ".join([*SCOPES, *(p for p in PERMISSIONS if p not in PERSONAL)]),
            )
    return frozenset(found)


def scopes_of(permissions: Iterable[str]) -> tuple[str, ...]:
    """Return the shortest way to say `permissions`: the words that fit whole, then what is left."""
    held = frozenset(permissions)
    words = [word for word, group in SCOPES.items() if group <= held]
    rest = held.difference(*(SCOPES[word] for word in words))
    return (*words, *sorted(rest))


def checked_role(text: str) -> Role:
    """Return `text` as a role; `identity.bad-role` when it is none."""
    for role in ROLES:
        if role == text:
            return role
    raise Problem("identity.bad-role", msg("This is not a role."), where="role", found=text, expected=", ".join(ROLES))
