"""Authors and reviewers read each other's words in their own language: criteria by title, days as days, no codes."""

from __future__ import annotations

import re
from datetime import timedelta

from takeback.core.message import Message
from takeback.share.centre.results import Result
from takeback.share.centre.results.facts import STATUS
from takeback.web.console import translations
from takeback.web.pages.centre.showing import _text
from takeback.web.pages.centre.types import slots
from tests.share.centre.calls.call_world import CLOSES, TELLING, CallWorld
from tests.web.conftest import Client
from tests.web.test_centre_calls import NOW, PROPOSAL, Enter, call, enter  # noqa: F401 -- fixtures

ISO = re.compile(r">[^<]*\b20\d\d-\d\d-\d\d\b[^<]*<")
"""A day that stands in a page as machines write it."""


def chinese(client: Client) -> Client:
    """Return the browser, in which Chinese was chosen."""
    client.cookies.set("takeback_locale", "zh_Hans")
    return client


def test_a_reviewer_reads_criteria_and_names_in_the_language_of_the_page(call: CallWorld, enter: Enter) -> None:  # noqa: F811
    """Before the review is handed in and afterwards, of one's own and of the others'."""
    call.submit(0)
    call.close()
    call.assign((0, 0), (0, 1), (0, 2))
    NOW["at"] = CLOSES + timedelta(days=2)
    expert = chinese(enter(call.experts[0]))
    href = f"/centre/reviews/{call.call}/{call.name(0, 0)}"
    page = expert.get(href).text
    assert "需求" in page
    assert "<legend>Need</legend>" not in page
    for place in range(3):
        call.review(place, 0, 8, 7, 9)
    for path in (href, f"/centre/reviews/{call.call}"):
        page = expert.get(path).text
        assert "评审人 1" in page or "评审人 2" in page or "评审人 3" in page
        assert "Reviewer" not in page
    page = expert.get(href).text
    assert "需求" in page
    assert ">need<" not in page


def test_an_author_reads_the_decision_by_criteria_and_days(call: CallWorld, enter: Enter) -> None:  # noqa: F811
    """While the call is open, when it closes; after the decisions, when it was told and what each criterion got."""
    author = enter(call.authors[0])
    page = author.get("/centre/proposals").text
    assert "closes" in page
    assert not ISO.search(page)
    call.submit(0)
    call.close()
    for expert in range(3):
        call.assign((0, expert))
        call.review(expert, 0, 8, 7, 9)
    call.decide(0, "declined", 0)
    call.announce()
    NOW["at"] = TELLING + timedelta(days=1)
    (href,) = set(re.findall(r'href="(/centre/proposals/[0-9a-f-]{36})"', author.get("/centre/proposals").text))
    page = author.get(href).text
    assert ">Need<" in page
    assert ">need<" not in page
    assert not ISO.search(page)
    page = chinese(author).get(href).text
    assert ">需求<" in page
    assert "评审人 1" in page
    assert "Reviewer 1" not in page


def test_a_title_stands_once_on_the_page_of_a_proposal(call: CallWorld, enter: Enter) -> None:  # noqa: F811
    """It heads the page, in either language; it is not said again below."""
    author = enter(call.authors[0])
    sent = author.post(f"/centre/proposals/new?call={call.call}", data={**PROPOSAL, "blind.title_zh": "脉冲测健康"})
    page = author.get(sent.headers["location"]).text
    assert "<dt>Title</dt>" not in page
    page = chinese(author).get(sent.headers["location"]).text
    assert "<h1>脉冲测健康" in page
    assert "<dt>标题</dt>" not in page


def test_how_far_a_patent_or_a_standard_is_stands_in_words() -> None:
    """The field is free text that holds a code; each code has its word in both languages."""
    (slot,) = [one for one in slots(Result) if one.name == "status"]
    chinese_words = translations("zh_Hans")
    for status in (one for known in STATUS.values() for one in known):
        told = _text(slot, status).text
        assert isinstance(told, Message)
        assert told.translated(chinese_words.gettext) != str(told)
