"""Each fast path and the Python that defines it, side by side: `CASES` by name, for an event as a decoder gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from unittest.mock import patch

from takeback.core import canonical
from takeback.prove import entry
from takeback.prove.epcis import hashing, json_event, prepare
from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.validation import lifecycle, moments, schema_event, semantics
from takeback.prove.epcis.validation.levels import _heads as level_heads
from takeback.prove.personal import NAMESPACE
from takeback.prove.salted import body_digest
from takeback.store import arrays

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CONTEXT = Context().extended("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld")
DIGEST, SALT = bytes(range(32)), bytes(range(16))
_MODULES = (canonical, entry, hashing, json_event, prepare, semantics, schema_event, moments, lifecycle, arrays)
Answer = Any
Case = tuple[Callable[[], Answer], Callable[[], Answer]]  # fast, definition


@contextmanager
def python_only() -> Iterator[None]:
    """Switch the fast paths off in all modules that use them."""
    with ExitStack() as stack:
        for module in _MODULES:
            stack.enter_context(patch.object(module, "quick", None))
        yield


def cases(quick: ModuleType, given: Any, context: Context = CONTEXT) -> dict[str, Case]:
    """Return the pairs for an event, in any form: also one that no decoder gives."""
    declared = given.get("@context") if type(given) is dict else None
    try:
        own = context if declared is None else json_event._extended(context, declared)
    except AttributeError:  # a name that is no text: no JSON has it
        return of_standard(quick, given)

    def standard() -> Answer:
        return list(json_event.standard_event(given, context).items())

    def standard_fast() -> Answer:
        found = quick.standard(given, own.prefixes, own.known, STANDARD)
        return None if found is None else list(found.items())

    return {"standard": (standard_fast, standard), **of_standard(quick, given)}


def of_standard(quick: ModuleType, event: Any) -> dict[str, Case]:
    """Return the pairs for an event that is taken to be in standard form."""
    odd_units, latest = semantics._ODD_UNITS, semantics._latest_us(NOW)

    def fine() -> Answer:
        if quick.fine(event, latest, level_heads, STANDARD, NAMESPACE, odd_units):
            return []
        return None

    def tables() -> Any:
        return hashing.quick_tables(event if type(event) is dict else {})

    def of_leaf() -> tuple[bytes, dict[int, int], datetime, str]:
        time = datetime(2026, 3, len(event) % 9 + 1, 1, 2, 3, len(event), tzinfo=UTC)
        body = str(event).encode("utf-8", "surrogatepass")  # any bytes do
        return body, prepare._things(event, 0)[1], time, event["type"]

    def opening_fast() -> Answer:
        body, roles, time, kind = of_leaf()
        return quick.opening(SALT, body, DIGEST, roles, time, kind)

    def opening() -> Answer:
        body, roles, time, kind = of_leaf()
        return entry.opening(body_digest(SALT, body), DIGEST, time, entry.items_digest(roles), kind)

    def plain() -> Answer:
        return canonical._SORTED.encode(event) if quick.is_plain(event) else None

    return {
        "fine": (fine, lambda: semantics.check_event(event, 0, now=NOW)),
        "formed": (lambda: quick.formed(event, schema_event._WORDS) or None, lambda: schema_event.is_fine(event)),
        "prehash": (lambda: quick.prehash(event, *tables()), lambda: hashing.prehash(event).encode()),
        "prepared": (
            lambda: quick.prepared(event, *tables(), prepare._known),
            lambda: prepare._made(event, hashing.event_hash(event)),
        ),
        "is_plain": (plain, lambda: canonical._AS_GIVEN.encode(canonical._prepared(event))),
        "opening": (opening_fast, opening),
        "moment": (lambda: quick.moment(event["eventTime"]), lambda: moments.moment(event["eventTime"])),
    }


class Tally:
    """Compares, and counts how often a fast path answered."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()

    def compare(self, pairs: dict[str, Case]) -> None:
        """Assert of each pair that the fast path says nothing or what the definition says."""
        for name, (fast, definition) in pairs.items():
            with python_only():
                try:
                    expected, fault = definition(), None
                except Exception as error:
                    expected, fault = None, error
            try:
                found = fast()
            except Exception as error:  # of what both are given, such as the roles of an event that has none
                assert fault is not None and type(error) is type(fault), (name, error)
                continue
            self.asked[name] += 1
            if found is not None:
                self.answered[name] += 1
                assert fault is None, (name, fault)
                assert found == expected and type(found) is type(expected), name

    def share(self, name: str) -> float:
        """Return the part of the events of which a fast path said something."""
        return self.answered[name] / self.asked[name]
