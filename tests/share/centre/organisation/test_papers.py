"""Charter and agreements: who signs what, what a signature stands for, what is owed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from takeback import store
from takeback.core.canonical import canonical_json
from takeback.core.problem import Problem
from takeback.share.centre.organisation import (
    Agreement,
    Article,
    Charter,
    Obligation,
    amend,
    earlier_edition,
    end_paper,
    leave,
    open_for_signing,
    owed,
    put_paper,
    redraft,
    settle,
    sign,
    terms_digest,
    unsigned,
)
from takeback.share.centre.organisation.figures import figures as organisation_figures
from takeback.share.centre.records import Record, get
from tests.share.centre.centre_world import START, CentreWorld, new_centre


def agreement(centre: CentreWorld, *parties: str) -> Agreement:
    ids = tuple(centre.members[name] for name in parties)
    return Agreement(
        title="Sharing of cycling data", title_zh="循环数据共享", purpose="Grades from fewer measurements",
        sort="data", parties=ids, begins=date(2026, 4, 1), until=date(2028, 4, 1),
        articles=(Article(number="1", heading="What", text="Voltage curves of 400 packs"),),
        obligations=(
            Obligation(code="D1", member=ids[0], what="Deliver the curves", due=date(2026, 6, 30)),
            Obligation(code="D2", member=ids[1], what="Publish the method", due=date(2026, 12, 31)),
        ),
    )  # fmt: skip


def in_force(centre: CentreWorld) -> Record:
    """An agreement of the maker and the university, signed by both."""
    alice = centre.enter("Alice", "maker", "delegate")
    uma = centre.enter("Uma", "university", "delegate")
    with store.transaction(centre.org) as connection:
        paper = put_paper(connection, centre.manager, agreement(centre, "maker", "university"), at=START)
        open_for_signing(connection, centre.manager, paper.id, at=START)
        half = sign(connection, alice, paper.id, at=START)
        assert (half.state, unsigned(half.facts)) == ("signing", [centre.members["university"]])
        return sign(connection, uma, paper.id, at=START)


def test_with_the_last_signature_an_agreement_is_in_force(centre: CentreWorld) -> None:
    """Each signature names member, person, edition and the digest of the terms; two are needed here."""
    paper = in_force(centre)
    assert paper.state == "in-force"
    assert {one.member for one in paper.facts.signatures} == set(paper.facts.parties)
    assert {one.digest for one in paper.facts.signatures} == {terms_digest(paper.facts)}


def test_only_who_speaks_for_a_party_signs_and_once(centre: CentreWorld) -> None:
    """Alice speaks for a party; Bob only belongs to it; Dora speaks for another member; Charlie is elsewhere."""
    alice, bob = centre.enter("Alice", "maker", "delegate"), centre.enter("Bob", "maker", "researcher")
    dora = centre.enter("Dora", "shop", "delegate")
    with store.transaction(centre.org) as connection:
        paper = put_paper(connection, centre.manager, agreement(centre, "maker", "university")).id
        with pytest.raises(Problem) as refused:
            sign(connection, alice, paper)
        assert refused.value.kind == "centre.not-for-signing"
        open_for_signing(connection, centre.manager, paper)
        for nobody in (bob, dora, centre.manager):
            with pytest.raises(Problem) as refused:
                sign(connection, nobody, paper)
            assert refused.value.status == 403
        sign(connection, alice, paper)
        with pytest.raises(Problem) as refused:
            sign(connection, alice, paper)
        assert refused.value.kind == "centre.signed"
    other = new_centre("other")
    charlie = other.enter("Charlie", "maker", "delegate")
    with store.transaction(other.org) as connection, pytest.raises(Problem) as refused:
        sign(connection, charlie, paper)
    assert refused.value.status == 404


def test_an_amended_edition_is_signed_anew_and_the_old_one_stays_readable(centre: CentreWorld) -> None:
    """The edition before comes out of the ledger as it was signed; signatures of it do not count for the new one."""
    old = in_force(centre)
    wider = replace(old.facts, purpose="Grades, and prices", obligations=(), signatures=())
    with store.transaction(centre.org) as connection:
        new = amend(connection, centre.manager, old.id, wider, reason="prices, too")
        assert (new.state, new.facts.edition, len(unsigned(new.facts))) == ("signing", 2, 2)
        before = earlier_edition(connection, old.id, 1)
        assert before == old.facts
        assert terms_digest(before) == new.facts.earlier[0].digest
        with pytest.raises(Problem):
            earlier_edition(connection, old.id, 7)


def _told(connection: sa.Connection, year: int) -> tuple[object, object, set[int]]:
    shown = {one.code: one for one in organisation_figures(connection, year)}
    met = shown["organisation.obligations-met"]
    return shown["organisation.in-force"].value, met.value, {one.entry_id for one in met.evidence}


def test_what_ended_counts_in_the_years_in_which_it_ran(centre: CentreWorld) -> None:
    """An agreement that is ended, or signed anew, keeps its place and its obligations in the report of its years."""
    paper = in_force(centre)
    with store.transaction(centre.org) as connection:
        settled = settle(connection, centre.manager, paper.id, "D1", at=START)
        running = _told(connection, 2026)
        assert running == (1, 50, {settled.entry_id})
        end_paper(connection, centre.manager, paper.id, reason="The data are there.", at=START.replace(year=2027))
        assert _told(connection, 2026) == running
        assert [_told(connection, year)[:2] for year in (2027, 2028)] == [(1, None), (0, None)]
        draft = put_paper(connection, centre.manager, agreement(centre, "maker", "university"), at=START).id
        end_paper(connection, centre.manager, draft, reason="Nobody signed.", at=START)
        assert _told(connection, 2026) == running


def test_what_was_due_after_the_end_is_not_owed(centre: CentreWorld) -> None:
    """Ended in August, an agreement owes what was due in June, and not what would have been due in December."""
    paper = in_force(centre)
    with store.transaction(centre.org) as connection:
        settle(connection, centre.manager, paper.id, "D1", at=START)
        end_paper(connection, centre.manager, paper.id, reason="Done.", at=START.replace(month=8))
        assert _told(connection, 2026)[:2] == (1, 100)


def test_a_member_that_left_was_one_until_then(centre: CentreWorld) -> None:
    """It counts at the end of the years before it left, and not at the end of that one."""
    with store.transaction(centre.org) as connection:
        leave(connection, centre.manager, centre.members["shop"], at=START.replace(year=2027))
        shown = [organisation_figures(connection, year)[0].value for year in (2025, 2026, 2027)]
        assert shown == [0, 2, 1]


def test_an_obligation_is_settled_by_who_owes_it_and_waived_by_who_runs_the_centre(centre: CentreWorld) -> None:
    """What is open is listed by date; the other party may not settle it; nothing is settled twice."""
    paper = in_force(centre)
    alice, uma = centre.actor("Alice"), centre.actor("Uma")
    with store.transaction(centre.org) as connection:
        assert [one.code for _, one in owed(connection)] == ["D1", "D2"]
        with pytest.raises(Problem) as refused:
            settle(connection, uma, paper.id, "D1")
        assert refused.value.status == 403
        with pytest.raises(Problem) as refused:
            settle(connection, alice, paper.id, "D1", waived=True)
        assert refused.value.status == 403
        done = settle(connection, alice, paper.id, "D1", on=date(2026, 6, 1), evidence=centre.members["maker"])
        assert (done.facts.obligations[0].state, done.state) == ("met", "in-force")
        assert terms_digest(done.facts) == terms_digest(paper.facts)
        with pytest.raises(Problem) as refused:
            settle(connection, alice, paper.id, "D1")
        assert refused.value.kind == "centre.settled"
        settle(connection, centre.manager, paper.id, "D2", waived=True)
        assert owed(connection) == []


def test_a_paper_that_cannot_be_agreed_on_is_refused_with_each_mistake(centre: CentreWorld) -> None:
    """A party that is no member, an obligation of somebody else, a number twice, an end before the beginning."""
    good = agreement(centre, "maker", "university")
    bad = replace(
        good, parties=(good.parties[0], centre.org), articles=good.articles * 2, until=date(2026, 1, 1),
        obligations=(replace(good.obligations[1], member=centre.members["shop"]),),
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem) as refused:
            put_paper(connection, centre.manager, bad)
        assert sorted(error.where or "" for error in refused.value.errors) == [
            "articles", "obligations", "parties", "until"
        ]  # fmt: skip
        draft = put_paper(connection, centre.manager, good)
        assert redraft(connection, centre.manager, draft.id, replace(good, purpose="less")).facts.purpose == "less"
        open_for_signing(connection, centre.manager, draft.id)
        with pytest.raises(Problem) as refused:
            redraft(connection, centre.manager, draft.id, good)
        assert refused.value.kind == "centre.fixed"


def test_a_charter_is_a_paper_of_all_members(centre: CentreWorld) -> None:
    """It is put, opened and read back as what it is."""
    facts = Charter(title="Charter", title_zh="章程", purpose="Rules", parties=tuple(centre.members.values()))
    with store.transaction(centre.org) as connection:
        charter = put_paper(connection, centre.manager, facts)
        open_for_signing(connection, centre.manager, charter.id)
        assert get(connection, charter.id, kind="charter").facts == facts


@given(st.text(max_size=50), st.integers(1, 9), st.booleans())
def test_whatever_is_signed_changes_the_digest_and_nothing_else_does(text: str, edition: int, met: bool) -> None:
    """Text and edition are terms; whether an obligation was met is not."""
    member = UUID(int=7)
    owes = Obligation(code="A", member=member, what="x")
    paper = Agreement(title="T", title_zh="题", purpose="p", sort="other", parties=(member,), obligations=(owes,))
    digest = terms_digest(paper)
    done = replace(owes, state="met", since=datetime(2026, 5, 1, tzinfo=UTC).date()) if met else owes
    assert terms_digest(replace(paper, obligations=(done,))) == digest
    assert (terms_digest(replace(paper, purpose=text)) == digest) == (text == "p")
    assert (terms_digest(replace(paper, edition=edition)) == digest) == (edition == 1)


def test_a_chinese_text_is_a_term_and_one_that_is_empty_is_none(centre: CentreWorld) -> None:
    """What was signed before there was a place for the Chinese text keeps its digest; one that is put in changes it."""
    paper = agreement(centre, "maker", "university")
    first, *_ = paper.obligations
    terms = {
        "title": paper.title, "title_zh": paper.title_zh, "purpose": paper.purpose, "sort": "data",
        "parties": [str(one) for one in paper.parties], "begins": "2026-04-01", "until": "2028-04-01", "edition": 1,
        "articles": [{"number": "1", "heading": "What", "text": "Voltage curves of 400 packs", "text_zh": ""}],
        "obligations": [
            {"code": one.code, "member": str(one.member), "what": one.what, "due": str(one.due)}
            for one in paper.obligations
        ],
    }  # fmt: skip
    digest = sha256(canonical_json(terms)).hexdigest()
    assert terms_digest(paper) == digest
    changed = (
        replace(paper, purpose_zh="减少测量"),
        replace(paper, obligations=(replace(first, what_zh="交付曲线"), *paper.obligations[1:])),
        replace(paper, articles=(replace(paper.articles[0], heading_zh="内容"),)),
    )
    assert len({digest, *map(terms_digest, changed)}) == 4
