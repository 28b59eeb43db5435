"""What a command refused, as it stands in a form: with its field, or above all of them."""

from __future__ import annotations

from collections.abc import Mapping

from takeback.core.problem import Problem
from takeback.web.console.views import Field, Wrong, wrong_fields

_LONGEST = 120  # characters of what was found


def wrong_of(problem: Problem) -> Wrong:
    """Return a problem as a form shows it."""
    found = "" if problem.found is None else str(problem.found)[:_LONGEST]
    return Wrong(title=problem.title, found=found, expected=problem.expected or "")


def wrongs_of(problem: Problem | None) -> tuple[Wrong, ...]:
    """Return a problem and its parts; nothing where there is none."""
    return tuple(wrong_of(one) for one in (problem, *problem.errors)) if problem else ()


def wrongs_above(fields: tuple[Field, ...], wrong: Mapping[str, Wrong], problem: Problem | None) -> tuple[Wrong, ...]:
    """Return what stands above a form: what is wrong with the whole, and with fields that the form does not show."""
    placed = {field.name for field in wrong_fields(fields)}
    return (*wrongs_of(problem), *(one for name, one in wrong.items() if name not in placed))


def only_mendable(problem: Problem) -> None:
    """Go on only with what other words in the form can mend; who may not, or asks for what is not there, is told so."""
    if problem.status in {401, 403, 404}:
        raise problem
