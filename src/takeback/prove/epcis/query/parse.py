"""From the parameters of an address, or the JSON of a named query, to a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.query.conditions import Condition
from takeback.prove.epcis.query.families import CONTROLS, condition
from takeback.prove.epcis.query.fieldname import Context, FieldName
from takeback.prove.epcis.query.given import Given
from takeback.prove.epcis.query.query import EVENT_TIME, RECORD_TIME, Order, Query
from takeback.prove.epcis.query.trouble import VALIDATION, together, wrong
from takeback.prove.extension import PREFIX
from takeback.prove.personal import NAMESPACE

_T = TypeVar("_T")
MOST_PARAMETERS = 200
LARGEST_PAGE = 1000


def parse(pairs: Sequence[tuple[str, str]], *, context: Context | None = None) -> Query:
    """Return the query of an address's parameters (REST binding; lists are separated by ``|``).

    ``context`` says which namespaces prefixes stand for (the header `GS1-Extensions`); `takeback` stands for our own
    words unless it says otherwise, and a prefix without a namespace is compared as it is. A list parameter that comes
    twice means both lists.

    Raises
    ------
    Problem
        ``epcis.query-parameter`` (400): all that is wrong at once.
    """
    collected: dict[str, list[object]] = {}
    for name, value in pairs:
        collected.setdefault(name, []).append(value)
    return _query([Given(name, tuple(values)) for name, values in collected.items()], context or {})


def parse_json(body: object) -> Query:
    """Return the query of a named query's JSON object (query-schema.json); its `@context` explains prefixes.

    Raises
    ------
    Problem
        ``epcis.query-validation`` (400) where the JSON does not have the form, else ``epcis.query-parameter``.
    """
    if not isinstance(body, Mapping) or not all(isinstance(name, str) for name in body):
        raise wrong("query", body, msg("a JSON object of query parameters"), kind=VALIDATION)
    return _query([_typed(name, value) for name, value in body.items() if name != "@context"], _context(body))


def _typed(name: str, value: object) -> Given:
    if isinstance(value, list):
        return Given(name, tuple(value), typed=True, listed=True)
    return Given(name, (value,), typed=True)


def _context(body: Mapping[str, object]) -> Context:
    """Return the prefixes of a JSON-LD context: of its objects; names of contexts say nothing more."""
    declared = body.get("@context", [])
    parts = declared if isinstance(declared, list) else [declared]
    if not all(isinstance(part, str | Mapping) for part in parts):
        raise wrong("@context", declared, msg("an address, an object, or a list of these"), kind=VALIDATION)
    pairs = (pair for part in parts if isinstance(part, Mapping) for pair in part.items())
    return {prefix: space for prefix, space in pairs if isinstance(space, str)}


def _query(given: Sequence[Given], declared: Context) -> Query:
    if len(given) > MOST_PARAMETERS:
        raise wrong("query", len(given), msg("at most {count} parameters", count=MOST_PARAMETERS))
    context = {PREFIX: NAMESPACE, **declared}  # our own words need no explanation
    problems: list[Problem] = []
    controls = {one.name: one for one in given if one.name in CONTROLS}

    def tried(read: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return read()
        except Problem as problem:
            problems.append(problem)
            return otherwise

    made = [tried(partial(condition, one, context), None) for one in given if one.name not in CONTROLS]
    query = Query(
        conditions=tuple(_without_empty(made)),
        order=tried(lambda: _order(controls, context), Order()),
        limit=tried(lambda: _count(controls, "eventCountLimit", 1), None),
        most=tried(lambda: _count(controls, "maxEventCount", 0), None),
        per_page=tried(lambda: _per_page(controls), None),
        token=tried(lambda: _token(controls), None),
        given=tuple(_spelled(one) for one in given if one.name not in ("perPage", "nextPageToken")),
    )
    problems += _contradictions(controls)
    if problems:
        raise together(problems)
    return query


def _without_empty(made: Sequence[Condition | None]) -> Iterator[Condition]:
    return (one for one in made if one is not None)


def _order(controls: Mapping[str, Given], context: Context) -> Order:
    by, direction = controls.get("orderBy"), controls.get("orderDirection")
    text = by.text() if by else EVENT_TIME
    way = direction.text() if direction else "DESC"
    if way not in ("ASC", "DESC"):
        raise wrong("orderDirection", way, "ASC, DESC")
    if text in (EVENT_TIME, RECORD_TIME):
        return Order(EVENT_TIME if text == EVENT_TIME else RECORD_TIME, way == "ASC")
    if ":" not in text:
        raise wrong("orderBy", text, msg("eventTime, recordTime or the name of an extension field"))
    return Order(FieldName.of(text, context, where="orderBy"), way == "ASC")


def _count(controls: Mapping[str, Given], name: str, least: int) -> int | None:
    return controls[name].count(least) if name in controls else None


def _per_page(controls: Mapping[str, Given]) -> int | None:
    asked = _count(controls, "perPage", 1)
    return None if asked is None else min(asked, LARGEST_PAGE)


def _token(controls: Mapping[str, Given]) -> str | None:
    return controls["nextPageToken"].text() if "nextPageToken" in controls else None


def _contradictions(controls: Mapping[str, Given]) -> Iterator[Problem]:
    if "eventCountLimit" in controls and "maxEventCount" in controls:
        yield wrong("maxEventCount", "eventCountLimit, maxEventCount", msg("one of the two: they exclude each other"))
    if "eventCountLimit" in controls and "orderBy" not in controls:
        yield wrong("eventCountLimit", None, msg("orderBy beside it: the first events of which order?"))


def _spelled(given: Given) -> tuple[str, tuple[str, ...]]:
    return given.name, tuple(str(value) for value in given.values)
