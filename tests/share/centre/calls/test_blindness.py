"""Reviewers and applicants stay unknown to each other: nothing that is recorded of one is seen by the other."""

from __future__ import annotations

import gzip
import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote, quote_plus
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from pypdf import PdfWriter

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls, files, people, records
from takeback.share.centre.calls import Seen, blindness_cases, search
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.calls.blindness import views
from takeback.share.centre.calls.secrets import Sides
from takeback.share.centre.people import PersonFields
from tests.share.centre.calls.call_world import READING, TELLING, WRITING, CallWorld, new_call
from tests.share.centre.calls.test_cleaning import PDF, SECRET, pdf
from tests.share.centre.centre_world import CentreWorld


def lived(centre: CentreWorld, seed: int) -> CallWorld:
    """Return a call in which everything happened that can, in an order of its own for each seed."""
    chance = random.Random(seed)
    call = new_call(centre, authors=5, experts=6)
    helpers = [centre.enter(f"Helperion{place}h Mudlark{place}h", "maker", "student") for place in range(3)]
    for place in chance.sample(range(5), 5):
        author = call.authors[place]
        team = tuple(one.person() for one in chance.sample(helpers, 1)) if place == 0 else ()
        unwanted = (call.experts[chance.randrange(6)].person(),) if chance.random() < 0.5 else ()
        at = WRITING + timedelta(minutes=chance.randrange(10_000), seconds=chance.randrange(60))
        with store.transaction(call.org) as connection:
            facts = call.proposal(author, place, team=team, unwanted=unwanted)
            own = calls.draft_proposal(connection, author, facts, at=at).id
            for number, blind in enumerate((True, True, False)):
                name = f"{SECRET}-{place}-{number}.pdf"
                calls.attach_to_proposal(connection, author, own, name, PDF, pdf(), blind=blind, at=at)
            calls.submit_proposal(connection, author, own, at=at)
        call.proposals.append(own)
    with store.transaction(call.org) as connection:
        calls.declare_conflict(connection, call.experts[5], call.call, member=call.authors[4].member_id)
    call.close()
    with store.transaction(call.org) as connection:
        calls.assign_by_engine(connection, call.manager, call.call, expertise={})
    _review_all(call, chance)
    with store.transaction(call.org) as connection:
        for place, proposal in enumerate(call.proposals):
            outcome = "funded" if place < 2 else "declined"
            amount = 100_000_00 if place < 2 else 0
            calls.decide(connection, call.council[0], proposal, outcome, "By rank.", amount_minor=amount, at=TELLING)
        calls.announce_decisions(connection, call.manager, call.call, at=TELLING)
        lead = next(one for one in call.authors if calls.own_proposals(connection, one)[0].id == call.proposals[4])
        filed = calls.appeal(connection, lead, call.proposals[4], "Misread.", at=TELLING)
        calls.decide_appeal(connection, call.council[1], filed.id, upheld=False, answer="It was not.", at=TELLING)
    return call


def _review_all(call: CallWorld, chance: random.Random) -> None:
    with store.transaction(call.org) as connection:
        given = [
            (expert, proposal.name)
            for expert in call.experts
            if calls.calls_to_review(connection, expert)
            for proposal in calls.reviewer_view(connection, expert, call.call).proposals
        ]
    chance.shuffle(given)
    for expert, name in given:
        scores = tuple(
            calls.Score(criterion=code, points=chance.randrange(11), for_authors="So.", for_committee="Between us.")
            for code in ("need", "method", "use")
        )
        at = READING + timedelta(minutes=chance.randrange(10_000), seconds=chance.randrange(60))
        words = calls.Words(scores=scores, for_authors="Fine.")
        with store.transaction(call.org) as connection:
            calls.save_review(connection, expert, call.call, name, words, final=True, at=at)
    for expert, name in given[::3]:
        with store.transaction(call.org) as connection:
            calls.discuss(connection, expert, call.call, name, "I wonder about the costs.")


@pytest.mark.parametrize("seed", range(3))
def test_no_view_and_no_file_shows_the_other_side(centre: CentreWorld, seed: int) -> None:
    """Over a whole call with files, teams, discussion and appeals: thousands of cases, no leak."""
    call = lived(centre, seed)
    with store.transaction(call.org) as connection:
        found = blindness_cases(connection, call.call)
        seen = list(views(connection, call.call))
    assert found.leaks == ()
    assert found.cases > 5_000
    assert {one.where for one in seen} == {
        "calls_to_review", "reviewer_view", "reviewer_file", "reviewer_file content", "own_proposals",
    }  # fmt: skip


def test_each_sort_of_secret_would_be_found(centre: CentreWorld) -> None:
    """Every secret of either side, written into an answer, is told as a leak: the search can fail."""
    call = lived(centre, 7)
    with store.transaction(call.org) as connection:
        for one in (call.experts[0], call.authors[0]):
            side = "reviewer" if one is call.experts[0] else "author"
            secrets = Sides(connection, call.call).hidden_from(side, one.person())  # type: ignore[arg-type]
            wanted = {"name of a person", "id of a person", "id of a record", "entry", "moment", "day"}
            if side == "reviewer":
                wanted |= {"name of an organisation", "id of an organisation", "name of a file", "file"}
            assert {what for what, values in secrets.items() if values} >= wanted
            for what, values in secrets.items():
                for value in sorted(values)[:5]:
                    said = {"n": int(value)} if what == "entry" else {"text": f"<b>{value.upper()}</b>"}
                    answer = Seen(side=side, person=one.person(), where="x", answer=said)  # type: ignore[arg-type]
                    leaks = search(connection, call.call, [answer]).leaks
                    assert what in {leak.what for leak in leaks}, value


def _workbook(secret: str) -> bytes:
    book, kept = Workbook(), BytesIO()
    book.properties.creator = secret
    book.save(kept)
    return kept.getvalue()


def _archive(secret: str, *, inside: bytes = b"", moment: tuple[int, ...] = (2026, 1, 2, 3, 4, 6)) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(f"{secret}.csv", moment), inside)  # type: ignore[arg-type]
    return kept.getvalue()


def _pdf(secret: str) -> bytes:
    kept, writer = BytesIO(), PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_metadata({"/Author": secret})
    writer.write(kept)
    return kept.getvalue()


CARRIERS: dict[str, Callable[[str], Any]] = {
    "a field": lambda secret: {"proposals": [{"by": {"of": secret}}]},
    "a header": lambda secret: [[["x-by", secret]], ""],
    "the name of a file in a header": lambda secret: [
        [["content-disposition", f"filename*=UTF-8''{quote(secret)}"]],
        "",
    ],
    "a query": lambda secret: f"/centre/people?q={quote_plus(secret)}",
    "a page": lambda secret: f'<a title="{"".join(f"&#{ord(one)};" for one in secret)}">x</a>',
    "JSON in ASCII": lambda secret: json.dumps({"by": secret}),
    "a mark to go on from": lambda secret: f"?after={urlsafe_b64encode(f'[2026, {secret!r}]'.encode()).decode()}",
    "a workbook's properties": _workbook,
    "a name in an archive": _archive,
    "an archive in an archive": lambda secret: _archive("a", inside=_archive(secret)),
    "a PDF's author": _pdf,
    "a packed text": lambda secret: gzip.compress(secret.encode()),
}


@pytest.mark.parametrize("carrier", sorted(CARRIERS))
def test_a_secret_is_found_however_it_comes(call: CallWorld, carrier: str) -> None:
    """A name in English and Chinese, an address and an id, in whatever an answer can carry them."""
    own = call.submit(0)
    expert, lead = call.experts[0], call.authors[0]
    with store.transaction(call.org) as connection:
        person = people.person_by_id(connection, lead.person())
        fields = PersonFields(name=person.name, name_zh="欧阳静姝", email="lead@mudlark.example",
                              member_id=person.member_id, roles=person.roles)  # fmt: skip
        people.enter_person(connection, call.manager, fields, id=person.id, user_id=person.user_id)
        for secret in (person.name, "欧阳静姝", "lead@mudlark.example", str(own), own.hex):
            answer = Seen(side="reviewer", person=expert.person(), where="x", answer=CARRIERS[carrier](secret))
            found = {leak.secret for leak in search(connection, call.call, [answer]).leaks}
            assert found & {secret, str(own)}, secret


def test_a_moment_is_found_in_headers_names_and_archives(call: CallWorld) -> None:
    """When a proposal was written, as a header, a calendar, a file name, a PDF and an archive say it."""
    own = call.submit(0)
    with store.transaction(call.org) as connection:
        at = records.get(connection, own).changed_at.astimezone(UTC).replace(second=22)
        sql = sa.text("update centre_record set changed_at = :at where id = :id")
        connection.execute(sql, {"at": at, "id": own})
        written = [f"{at:%a, %d %b %Y %H:%M:%S} GMT", f"DTSTAMP:{at:%Y%m%dT%H%M%S}Z", f"export-{at:%Y%m%d%H%M%S}.csv"]
        for said in (*written, _archive("a", moment=at.timetuple()[:6])):
            answer = Seen(side="reviewer", person=call.experts[0].person(), where="x", answer=said)
            assert "moment" in {leak.what for leak in search(connection, call.call, [answer]).leaks}, said


def test_neutral_names_differ_by_reader_and_follow_no_order(centre: CentreWorld) -> None:
    """Two reviewers know a proposal by different names; over calls, the first submitted is not always the first."""
    call = new_call(centre, authors=5, experts=2)
    for place in range(5):
        call.submit(place)
    with store.transaction(call.org) as connection:
        readers = [Names(connection, call.call, one.person()) for one in (*call.experts, *call.authors)]
        names = [[reader.of(one) for one in call.proposals] for reader in readers]
        assert len({name for one in names for name in one}) == 7 * 5
        assert len({tuple(sorted(range(5), key=one.__getitem__)) for one in names}) > 1
        assert not any(one.hex[:8] in name for one in call.proposals for name in names[0])


def test_the_secret_is_not_in_the_ledger(call: CallWorld) -> None:
    """No entry holds the secret of a call, in bytes or written out."""
    with store.transaction(call.org) as connection:
        secret = bytes(connection.execute(sa.text("select secret from centre_call_secret")).scalar_one())
        bodies = [bytes(body) for body in connection.execute(sa.text("select body from entry")).scalars()]
    assert len(bodies) > 10
    assert not any(form in body for body in bodies for form in (secret, secret.hex().encode()))


def test_a_reviewer_opens_shown_files_under_neutral_names_only(centre: CentreWorld) -> None:
    """Of two files the one for reviewers is there as "Attachment 1.pdf" without its maker, the other not at all."""
    call = new_call(centre, authors=1, experts=1)
    own = call.submit(0)
    with store.transaction(call.org) as connection:
        for blind in (True, False):
            name = f"CV of {SECRET}.pdf"
            calls.attach_to_proposal(connection, call.authors[0], own, name, PDF, pdf(), blind=blind, at=WRITING)
        assert calls.before_submitting(connection, call.authors[0], own).unread == []
        kept = files.files_of(connection, own)
    call.close()
    call.assign((0, 0))
    with store.transaction(call.org) as connection:
        seen = calls.reviewer_view(connection, call.experts[0], call.call).proposals[0]
        assert [one.label for one in seen.files] == ["Attachment 1.pdf"]
        label, media_type, content = calls.reviewer_file(
            connection, call.experts[0], call.call, seen.name, seen.files[0].name
        )
        assert (label, media_type) == ("Attachment 1.pdf", "application/pdf")
        assert SECRET.encode() not in content
        with pytest.raises(Problem):
            calls.reviewer_file(connection, call.experts[0], call.call, seen.name, str(kept[1].id))
