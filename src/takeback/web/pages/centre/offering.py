"""What the form of a command offers, where that stands in the record it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.share.centre import targets
from takeback.share.centre.records import Record
from takeback.web.console.views import FilterOption
from takeback.web.pages.centre.visit import Visit

Offers = Mapping[str, tuple[FilterOption, ...]]


def open_obligations(visit: Visit, paper: Record) -> Offers:
    """Return what is still owed by a charter or an agreement."""
    called = visit.around.name
    owed = (one for one in paper.facts.obligations if one.state == "open")
    told = (FilterOption(value=one.code, label=called(one.what, one.what_zh or one.what)) for one in owed)
    return {"code": tuple(told)}


def questions(visit: Visit, consultation: Record) -> Offers:
    """Return the questions of a consultation, which are asked for one by one."""
    called, asked = visit.around.name, consultation.facts.questions
    told = (FilterOption(value=one.code, label=called(one.text, one.text_zh or one.text)) for one in asked)
    return {"answers": tuple(told)}


def criteria(visit: Visit, evaluation: Record) -> Offers:
    """Return the criteria of an evaluation, of which each row of points names one."""
    called = visit.around.name
    told = tuple(FilterOption(value=one.code, label=called(one.name, one.name_zh)) for one in evaluation.facts.criteria)
    return {"assessment.criterion": told, "scores.criterion": told}


def each_criterion(_: Visit, evaluation: Record) -> Mapping[str, Any]:
    """Return a row for each criterion: all of them are asked for."""
    rows = tuple({"criterion": one.code} for one in evaluation.facts.criteria)
    return {"assessment": rows, "scores": rows}


def answered(visit: Visit, consultation: Record) -> Mapping[str, Any]:
    """Return what the visitor answered before, while the consultation is open."""
    mine = targets.my_answer(visit.connection, visit.me, consultation.id) if visit.me.person_id else None
    return {"answers": dict(mine.facts.answers)} if mine else {}
