"""Whose cosignatures make a checkpoint count: a file in the form of C2SP tlog-policy.

    log      takeback.local/log+12345678+AX...
    witness  lab      lab.example/witness+12345678+BX...
    witness  carrier  carrier.example/witness+12345678+BX...
    group    both     all lab carrier
    quorum   both

``group NAME K MEMBER...`` wants K of its members (`any` is 1), which are witnesses or groups above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.cosignature import cosigned_at
from takeback.prove.signednote import Verifier, parted

FILE = "witness-policy.txt"


@dataclass(slots=True)
class Policy:
    """Known logs and witnesses, groups ``name -> (how many, members)``, and the group or witness that decides."""

    logs: list[Verifier] = field(default_factory=list)
    witnesses: dict[str, Verifier] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = "none"

    def seen(self, note: str) -> dict[str, int]:
        """Return the witnesses that co-signed the note, by their names in the policy, with the time in seconds."""
        text, signatures = parted(note)
        found = {}
        for name, witness in self.witnesses.items():
            for signature in signatures:
                if (moment := cosigned_at(text, signature, witness)) is not None:
                    found[name] = moment
        return found

    def counts(self, note: str) -> bool:
        """Tell whether enough witnesses co-signed the note."""
        return self.quorum == "none" or self._met(self.quorum, self.seen(note))

    def _met(self, name: str, seen: Mapping[str, int]) -> bool:
        if name in self.witnesses:
            return name in seen
        needed, members = self.groups[name]
        return sum(self._met(member, seen) for member in members) >= needed


def policy_of(folder: Path) -> Policy:
    """Return the policy that stands in a folder; without its file no witness is asked for."""
    try:
        return read_policy((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Policy()


def read_policy(text: str) -> Policy:
    """Return the policy that a text states.

    Raises
    ------
    Problem
        ``ledger.bad-policy`` with the line that is not understood.
    """
    policy = Policy()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#", 1)[0].split() if line.lstrip().startswith("#") else line.split()
        try:
            _take(policy, words)
        except (ValueError, IndexError) as error:
            title = msg("A line of the witness policy is not understood.")
            raise Problem("ledger.bad-policy", title, where=f"line {number}", found=line, expected=str(error)) from None
    return policy


def _take(policy: Policy, words: list[str]) -> None:
    match words:
        case []:
            pass
        case ["log", key, *_]:
            policy.logs.append(Verifier.read(key))
        case ["witness", name, key, *_]:
            policy.witnesses[_fresh(policy, name)] = Verifier.read(key)
        case ["group", name, wanted, *members] if members:
            needed = {"any": 1, "all": len(members)}.get(wanted) or int(wanted)
            if not 1 <= needed <= len(members):
                raise ValueError(f"1 to {len(members)} of its members")
            policy.groups[_fresh(policy, name)] = (needed, tuple(_known(policy, member) for member in members))
        case ["quorum", name]:
            policy.quorum = name if name == "none" else _known(policy, name)
        case _:
            raise ValueError("log KEY, witness NAME KEY, group NAME K|any|all MEMBER..., quorum NAME")


def _fresh(policy: Policy, name: str) -> str:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise ValueError("a name that stands there once")
    return name


def _known(policy: Policy, name: str) -> str:
    if name not in policy.witnesses and name not in policy.groups:
        raise ValueError("a witness or group that stands above this line")
    return name
