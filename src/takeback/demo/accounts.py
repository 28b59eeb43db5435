"""The accounts of a demo world, written down for the sign-in page of the same installation."""

from __future__ import annotations

from pathlib import Path

import msgspec

from takeback.demo.cast import PASSWORD, PEOPLE
from takeback.demo.parameters import Parameters

FILE = Path("demo", "accounts.json")


class Account(msgspec.Struct, frozen=True):
    """An account that anyone on this machine may use."""

    email: str
    password: str
    organisation: str
    role: str


def accounts(parameters: Parameters) -> list[Account]:
    """Return the operator's people of every role, then the owners of the other tenants."""
    operator = next(o for o in parameters.organisations if o.role == "operator")
    others = [o for o in parameters.organisations if o.tenant and o.slug != operator.slug]
    people = [(operator, nick, role) for nick, _, role in PEOPLE] + [(o, PEOPLE[0][0], PEOPLE[0][2]) for o in others]
    return [Account(f"{nick}@{o.slug}.example", PASSWORD, o.name, role) for o, nick, role in people]


def write_down(home: Path, parameters: Parameters) -> None:
    """Write the accounts under ``home``."""
    (home / FILE).parent.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_bytes(msgspec.json.encode(accounts(parameters)))
