"""What can be wrong with a query: the exceptions of EPCIS 2.0 section 8.2.6 as problems."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

PARAMETER = "epcis.query-parameter"
VALIDATION = "epcis.query-validation"
TOO_COMPLEX = "epcis.query-too-complex"
TOO_LARGE = "epcis.query-too-large"

_TITLES = {
    PARAMETER: msg("A parameter of the query is not as EPCIS 2.0 has it."),
    VALIDATION: msg("The query does not have the form that EPCIS 2.0 gives it."),
}


def wrong(
    where: str,
    found: object,
    expected: Message | str,
    *,
    remedy: Message | None = None,
    kind: str = PARAMETER,
) -> Problem:
    """Return the problem of one parameter: where it stands, what it says and what it should say (status 400)."""
    return Problem(kind, _TITLES[kind], where=where, found=found, expected=expected, remedy=remedy, status=400)


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
        TOO_COMPLEX,
        msg("The query would have to look at too many events one by one."),
        found=msg("{count} events looked at", count=scanned),
        remedy=msg("Narrow it by time (GE_eventTime, LT_eventTime) or by EPC (MATCH_anyEPC)."),
        status=413,
    )


def too_large(most: int) -> Problem:
    """Return the problem of a result with more events than the asker wants at most (status 413)."""
    return Problem(
        TOO_LARGE,
        msg("More events match than maxEventCount allows."),
        where="maxEventCount",
        expected=msg("at most {count} events", count=most),
        remedy=msg("Raise maxEventCount, leave it out and read page by page, or narrow the query."),
        status=413,
    )
