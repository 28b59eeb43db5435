"""Whether a proposal keeps the rules of its call: each broken rule is named, with what was found and expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre import people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in
from takeback.share.centre.calls.proposal import Finding, Proposal
from takeback.share.centre.calls.taking_part import proposals_of, require_impartial
from takeback.share.centre.money.currency import currency_of, written
from takeback.share.centre.records import Record

RULES: Mapping[str, Message] = {
    "lead-sort": msg("An organisation of this sort may not lead."),
    "needed-partner": msg("A partner that the call asks for is missing."),
    "member-left": msg("An organisation that takes part is no active member."),
    "lead-not-of-member": msg("The lead does not belong to the organisation that applies."),
    "most-per-person": msg("Somebody takes part in more proposals than the call allows."),
    "over-most": msg("More is asked for than the call, or its fund, allows for a proposal."),
    "under-least": msg("Less is asked for than the call gives."),
    "too-long": msg("The project runs longer than the call allows."),
    "problem": msg("The problem is none of those that the call answers."),
    "withdrawn-person": msg("Somebody of the team is no longer with the centre."),
}
"""Rule -> what it says when it is broken."""


def findings(connection: sa.Connection, call_id: UUID, call: Call, proposal: Proposal, own: UUID) -> list[Finding]:
    """Return the rules that a proposal breaks; `own`: its record, not counted among the others of its people."""
    return [
        *_members(connection, call, proposal),
        *_people(connection, call_id, call, proposal, own),
        *money_findings(connection, call, proposal),
    ]


def most_allowed(connection: sa.Connection, call: Call) -> int:
    """Return the most that a proposal may ask for (minor units): by the call's rule, and by its fund's."""
    fund = records.get(connection, call.budget.fund, kind="fund").facts if call.budget.fund else None
    return min(call.budget.most_minor, fund.per_project) if fund and fund.per_project else call.budget.most_minor


def money_findings(connection: sa.Connection, call: Call, proposal: Proposal) -> list[Finding]:
    """Return what is wrong with what is asked for: money, months, the problem."""
    blind, budget = proposal.blind, call.budget
    asked, most, currency = blind.budget_minor, most_allowed(connection, call), currency_of(connection)
    about = (
        ("over-most", asked > most, written(asked, currency), written(most, currency)),
        (
            "under-least",
            asked < budget.least_minor,
            written(asked, currency),
            written(budget.least_minor, currency),
        ),
        ("too-long", blind.months > call.runs, blind.months, call.runs),
        ("problem", not _answers(call, proposal.problem), proposal.problem or "", len(call.problems)),
    )
    return [Finding(rule=rule, found=str(found), expected=str(right)) for rule, wrong, found, right in about if wrong]


def _answers(call: Call, problem: UUID | None) -> bool:
    return problem in call.problems if problem else not call.eligibility.problem_needed


def _members(connection: sa.Connection, call: Call, proposal: Proposal) -> Iterator[Finding]:
    identity, rules = proposal.identity, call.eligibility
    members = [records.get(connection, one, kind="member") for one in sorted(identity.members)]
    lead = next(one for one in members if one.id == identity.member)
    if rules.lead_sorts and lead.facts.sort not in rules.lead_sorts:
        yield Finding(rule="lead-sort", found=lead.facts.sort, expected=", ".join(rules.lead_sorts))
    sorts = Counter(one.facts.sort for one in members)
    for sort, count in sorted(rules.needed.items()):
        if sorts[sort] < count:
            yield Finding(rule="needed-partner", found=f"{sort}: {sorts[sort]}", expected=f"{sort}: {count}")
    for one in members:
        if one.state != "active":
            yield Finding(rule="member-left", found=one.facts.code, expected="active")


def _people(connection: sa.Connection, call_id: UUID, call: Call, proposal: Proposal, own: UUID) -> Iterator[Finding]:
    identity, most = proposal.identity, call.eligibility.most_per_person
    known = [people.person_by_id(connection, one) for one in sorted(identity.people)]
    if next(one for one in known if one.id == identity.lead).member_id != identity.member:
        yield Finding(rule="lead-not-of-member", found=str(identity.lead), expected=str(identity.member))
    if gone := sum(one.withdrawn_at is not None for one in known):
        yield Finding(rule="withdrawn-person", found=str(gone), expected="0")
    others = [record.facts.identity.people for record in proposals_of(connection, call_id) if record.id != own]
    counts = Counter(person for team in others for person in team & identity.people)
    if counts and (highest := max(counts.values()) + 1) > most:
        yield Finding(rule="most-per-person", found=str(highest), expected=str(most))


def check_eligibility(
    connection: sa.Connection, actor: CentreActor, call_id: UUID, *, at: datetime | None = None
) -> list[Record]:
    """Say of all that was handed in for a closed call whether it is eligible, with reasons; return the proposals.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial``, ``centre.bad-move`` before the call is closed.
    """
    actor.require("proposal.run")
    require_impartial(connection, actor, call_id)
    call = call_in(connection, call_id, "reviewing", lock=True)
    waiting = proposals_of(connection, call_id, "submitted")
    found = [(one, tuple(findings(connection, call_id, call.facts, one.facts, one.id))) for one in waiting]
    return [_say(connection, actor, one, broken, at) for one, broken in found]


def _say(
    connection: sa.Connection, actor: CentreActor, one: Record, broken: tuple[Finding, ...], at: datetime | None
) -> Record:
    facts = msgspec.structs.replace(one.facts, findings=broken)
    state = "ineligible" if broken else "eligible"
    why = ", ".join(finding.rule for finding in broken)
    return records.move(connection, actor, one.id, state, facts=facts, reason=why, at=at, allowed=True)
