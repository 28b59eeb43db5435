"""A call in the small centre: six applicants, seven experts, a council, and steps through the call's life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from takeback import store
from takeback.share.centre import calls, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls import Blind, BudgetRule, Call, Cost, Criterion, Identity, Proposal, Score, Words
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.members import Member
from tests.share.centre.centre_world import CentreWorld

OPENS = datetime(2026, 3, 10, 0, tzinfo=UTC)
CLOSES = datetime(2026, 4, 10, 9, tzinfo=UTC)
REVIEWS = datetime(2026, 5, 10, 15, 59, tzinfo=UTC)
TELLING = datetime(2026, 5, 20, 8, tzinfo=UTC)
WRITING = datetime(2026, 3, 21, 3, 14, 15, tzinfo=UTC)  # moments that nothing else in the world has
READING = datetime(2026, 4, 27, 7, 41, 29, tzinfo=UTC)
CRITERIA = (
    Criterion(code="need", title="Need", title_zh="需求", weight=4),
    Criterion(code="method", title="Method", title_zh="方法", weight=3),
    Criterion(code="use", title="Use", title_zh="应用", weight=3),
)
TITLES = (
    "Pulses that tell health", "Sorting of returned goods", "Lanes for damaged cells", "Grading with two looks",
    "Mass accounts that close", "Passports at the gate",
)  # fmt: skip
WORDS = ("pulses", "sorting", "lanes", "grading", "mass", "passports")


@dataclass
class CallWorld:
    """A call; `authors`, `experts`, `council`: actors; `proposals`: records of the authors' proposals."""

    centre: CentreWorld
    call: UUID
    authors: list[CentreActor] = field(default_factory=list)
    experts: list[CentreActor] = field(default_factory=list)
    council: list[CentreActor] = field(default_factory=list)
    proposals: list[UUID] = field(default_factory=list)

    @property
    def org(self) -> UUID:
        return self.centre.org

    @property
    def manager(self) -> CentreActor:
        return self.centre.manager

    def proposal(self, author: CentreActor, place: int = 0, **changes: Any) -> Proposal:
        """Return a proposal that keeps all rules of the call."""
        assert author.member_id
        blind = Blind(
            title=TITLES[place], summary="What it is for.", keywords=(WORDS[place],),
            costs=(Cost(what="People", minor=300_000_00 + place),),
        )  # fmt: skip
        identity = Identity(lead=author.person(), member=author.member_id, partners=(self.centre.members["maker"],))
        parts = {"blind": blind, "identity": identity}
        for part, facts in parts.items():
            mine = {name: value for name, value in changes.items() if name in facts.__struct_fields__}
            parts[part] = msgspec.structs.replace(facts, **mine)
        return Proposal(call=self.call, **parts)  # type: ignore[arg-type]

    def submit(self, place: int, **changes: Any) -> UUID:
        """Let an author hand in a proposal."""
        author, at = self.authors[place], WRITING + timedelta(hours=place)
        with store.transaction(self.org) as connection:
            drafted = calls.draft_proposal(connection, author, self.proposal(author, place, **changes), at=at)
            calls.submit_proposal(connection, author, drafted.id, at=at)
        self.proposals.append(drafted.id)
        return drafted.id

    def close(self) -> None:
        """Close the call and look at what was handed in."""
        with store.transaction(self.org) as connection:
            calls.close_call(connection, self.manager, self.call, at=CLOSES)
            calls.check_eligibility(connection, self.manager, self.call, at=CLOSES)

    def assign(self, *pairs: tuple[int, int]) -> None:
        """Give proposals to experts, both by their places."""
        found = [(self.proposals[one], self.experts[expert].person()) for one, expert in pairs]
        with store.transaction(self.org) as connection:
            calls.assign_reviewers(connection, self.manager, self.call, found, at=CLOSES)

    def name(self, expert: int, proposal: int) -> str:
        """Return the neutral name by which an expert knows a proposal."""
        with store.transaction(self.org) as connection:
            return Names(connection, self.call, self.experts[expert].person()).of(self.proposals[proposal])

    def review(self, expert: int, proposal: int, *points: int, final: bool = True, **more: Any) -> None:
        """Let an expert score a proposal."""
        scores = tuple(
            Score(criterion=one.code, points=value, for_authors=f"On {one.code}.", for_committee="Between us.")
            for one, value in zip(CRITERIA, points, strict=True)
        )
        at, name = more.pop("at", READING + timedelta(hours=expert, minutes=proposal)), self.name(expert, proposal)
        with store.transaction(self.org) as connection:
            words = Words(scores=scores, **more)
            calls.save_review(connection, self.experts[expert], self.call, name, words, final=final, at=at)

    def decide(self, proposal: int, outcome: str, amount: int = 0, by: int = 0, reasons: str = "As ranked.") -> None:
        """Let a council member decide."""
        with store.transaction(self.org) as connection:
            calls.decide(
                connection, self.council[by], self.proposals[proposal], outcome, reasons,  # type: ignore[arg-type]
                amount_minor=amount, at=REVIEWS,
            )  # fmt: skip

    def announce(self) -> None:
        """Tell all decisions."""
        with store.transaction(self.org) as connection:
            calls.announce_decisions(connection, self.manager, self.call, at=TELLING)


def new_call(centre: CentreWorld, authors: int = 6, experts: int = 7, **changes: Any) -> CallWorld:
    """Publish a call. Each author is of a university or institute of its own, each expert of none."""
    facts = Call(
        code="CALL-1", title="Common problems", title_zh="共性问题", text="Solve them.", text_zh="请解决。", year=2026,
        period="2026-2027", opens=OPENS, closes=CLOSES, review_closes=REVIEWS, criteria=CRITERIA,
        budget=BudgetRule(total_minor=1_000_000_00, most_minor=500_000_00), reviews_each=3, most_reviews=4,
    )  # fmt: skip
    facts = msgspec.structs.replace(facts, **changes)
    with store.transaction(centre.org) as connection:
        call = calls.draft_call(connection, centre.manager, facts, at=OPENS)
        calls.publish_call(connection, centre.manager, call.id, at=OPENS)
        for place in range(authors):
            member = Member(
                code=f"R{place}", name=f"Kestrelholm {place}q Academy", name_zh=f"隼岭{place}院", sort="university"
            )
            centre.members[f"of author {place}"] = records.create(connection, centre.manager, "member", member).id
        outside = Member(code="X", name="Outside Hall", name_zh="外馆", sort="institute")
        centre.members["outside"] = records.create(connection, centre.manager, "member", outside).id
    world = CallWorld(centre, call.id)
    for place in range(authors):
        email = f"aut{place}@secret.example"
        world.authors.append(
            centre.enter(f"Aurelion{place}x Quillfeather{place}x", f"of author {place}", "researcher", email=email)
        )
    for place in range(experts):
        email = f"exp{place}@hidden.example"
        world.experts.append(centre.enter(f"Exodia{place}y Thornwick{place}y", "outside", "expert", email=email))
    world.council = [centre.enter(f"Counsel {place}", "authority", "council") for place in range(3)]
    return world
