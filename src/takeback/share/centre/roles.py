"""Who may do what in a centre: one table, read by commands, by the web interface and by the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

CentreRole = Literal[
    "manager", "director", "council", "expert", "delegate", "researcher", "mentor", "student", "authority"
]
ROLES: tuple[CentreRole, ...] = get_args(CentreRole)
"""`manager` runs the centre; `delegate` speaks for a member organisation; `expert` sits in the expert committee."""

_ALL = frozenset(ROLES)
_RUN: frozenset[CentreRole] = frozenset({"manager", "director"})
_LEAD: frozenset[CentreRole] = frozenset({"manager", "director", "council"})
_WORK: frozenset[CentreRole] = frozenset({"manager", "director", "delegate", "researcher", "mentor"})

PERMISSIONS: Mapping[str, frozenset[CentreRole]] = {
    "centre.read": _ALL,
    "centre.edit": _RUN,
    "member.edit": _RUN,
    "person.edit": _RUN,
    "person.own": _ALL,
    "target.edit": _RUN | {"authority"},
    "priority.edit": frozenset({"authority"}),
    "consult": _RUN | {"authority"},
    "consult.answer": _ALL,
    "problem.state": _WORK,
    "problem.merge": _RUN | {"expert"},
    "call.edit": _RUN,
    "proposal.submit": frozenset({"delegate", "researcher", "mentor"}),
    "proposal.run": _RUN,
    "review.write": frozenset({"expert"}),
    "decision.make": _LEAD,
    "appeal.decide": frozenset({"council"}),
    "project.work": _WORK | {"student"},
    "project.accept": _LEAD | {"expert"},
    "money.read": _LEAD | {"authority"},
    "money.edit": _RUN,
    "resource.offer": _WORK,
    "resource.book": _WORK | {"student"},
    "task.edit": _RUN,
    "training.edit": _RUN | {"mentor"},
    "credential.issue": _RUN,
    "source.edit": _WORK | {"expert", "student"},
    "result.state": _WORK | {"student"},
    "result.accept": _RUN,
    "report.make": _RUN,
    "report.read": _LEAD | {"authority"},
    "import.run": _RUN,
}
"""Permission -> the roles that have it."""


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return all permissions of somebody with these roles."""
    held = frozenset(roles)
    return frozenset(name for name, allowed in PERMISSIONS.items() if allowed & held)
