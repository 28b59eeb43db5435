"""What can be wrong with a query: the exceptions of EPCIS 2.0 section 8.2.6 as problems."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

PARAMETER, VALIDATION, TOO_COMPLEX = "epcis.query-parameter", "epcis.query-validation", "epcis.query-too-complex"


def wrong(
    where: str,
    found: object,
    expected: Message | str,
    *,
    remedy: Message | None = None,
    kind: str = PARAMETER,
) -> Problem:
    """Return the problem of one parameter: where it stands, what it says and what it should say (status 400).

    ``kind`` is `VALIDATION` where the JSON of a named query does not even have the form.
    """
    form = msg("The query does not have the form that EPCIS 2.0 gives it.")
    rule = msg("A parameter of the query is not as EPCIS 2.0 has it.")
    if kind == VALIDATION:
        problem = Problem("epcis.query-validation", form, status=400)
    else:
        problem = Problem("epcis.query-parameter", rule, status=400)
    problem.where, problem.found, problem.expected, problem.remedy = where, found, expected, remedy
    return problem


def together(problems: list[Problem]) -> Problem:
    """Return one problem that tells all: a query is mended in one go, not parameter by parameter."""
    if len(problems) == 1:
        return problems[0]
    kind = VALIDATION if any(problem.kind == VALIDATION for problem in problems) else PARAMETER
    title = msg("{count} things in the query are not as EPCIS 2.0 has them.", count=len(problems))
    return Problem(kind, title, status=400, errors=problems)


def too_complex(scanned: int) -> Problem:
    """Return the problem of a query that had to look at more events than it may (status 413)."""
    return Problem(
        "epcis.query-too-complex",
        msg("The query would have to look at too many events one by one."),
        found=msg("{count} events looked at", count=scanned),
        remedy=msg("Narrow it by time (GE_eventTime, LT_eventTime) or by EPC (MATCH_anyEPC)."),
        status=413,
    )


def too_large(most: int) -> Problem:
    """Return the problem of a result with more events than the asker wants at most (status 413)."""
    return Problem(
        "epcis.query-too-large",
        msg("More events match than maxEventCount allows."),
        where="maxEventCount",
        expected=msg("at most {count} events", count=most),
        remedy=msg("Raise maxEventCount, leave it out and read page by page, or narrow the query."),
        status=413,
    )
