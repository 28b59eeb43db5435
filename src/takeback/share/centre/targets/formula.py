"""The small language of indicators' formulas: exact numbers, codes, `+ - * /` and a few functions; nothing else.

    round(100 * recovered_kg / received_kg, 1)
    first(papers, 0) + [results.papers]
    (teams - prev(teams)) / prev(teams)

A code with marks other than letters, digits, `_` and `.` stands in square brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

LONGEST = 500  # characters
DEEPEST = 20  # parentheses and calls inside each other
WIDEST = 4096  # bits of a numerator or denominator
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,30}(?:\.\d{1,15})?)(?![\w.])"
    r"|(?P<name>[A-Za-z_][\w.]{0,63})|\[\s*(?P<code>[^\s\[\]][^\[\]]{0,63})\]|(?P<mark>[-+*/(),]))",
    re.ASCII,
)
_ARGUMENTS: Mapping[str, tuple[int, int]] = {
    "min": (1, 20), "max": (1, 20), "sum": (1, 20), "first": (1, 20), "abs": (1, 1), "round": (1, 2), "prev": (1, 1),
    "total": (1, 1),
}  # fmt: skip
FUNCTIONS = tuple(sorted(_ARGUMENTS))
"""`first`: the first argument that has a value; `prev`: a year earlier; `total`: over all years of the plan so far."""


@dataclass(frozen=True, slots=True)
class Node:
    """A number (`value`), a code (`code`), or a function or sign (`call`) of further nodes."""

    value: Fraction | None = None
    code: str = ""
    call: str = ""
    of: tuple[Node, ...] = ()


class NoValueError(Exception):
    """A formula has no value now; `why`: for people."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


Look = Callable[[str, int], Fraction]
"""Returns the value of a code some years back (0: this year); raises `NoValueError`."""


def read_formula(text: str) -> Node:
    """Return the formula that `text` writes; raises `Problem` ``centre.bad-formula`` with the column."""
    if len(text) > LONGEST:
        raise Problem("centre.bad-formula", msg("This formula is too long."), found=len(text), expected=f"<= {LONGEST}")
    return _Reader(text).whole()


def codes_in(node: Node) -> frozenset[str]:
    """Return the codes that a formula refers to."""
    return frozenset(_codes(node))


def value_of(node: Node, look: Look, *, years: int = 1, back: int = 0) -> Fraction:
    """Return the formula's value; `years`: those of the plan so far; raises `NoValueError`."""
    if node.value is not None:
        return node.value
    if node.code:
        return look(node.code, back)
    if node.call == "prev":
        return value_of(node.of[0], look, years=years, back=back + 1)
    if node.call == "total":
        return _known_sum(node.of[0], look, years, back)
    if node.call == "first":
        return _first(node, look, years, back)
    return _applied(node.call, [value_of(part, look, years=years, back=back) for part in node.of])


def cycle_in(formulas: Mapping[str, frozenset[str]]) -> list[str] | None:
    """Return codes that refer to each other in a ring, the first one again at the end; None when there are none."""
    done: set[str] = set()
    for start in sorted(formulas):
        if ring := _ring(start, formulas, done, []):
            return ring
    return None


def _ring(code: str, formulas: Mapping[str, frozenset[str]], done: set[str], path: list[str]) -> list[str] | None:
    if code in path:
        return [*path[path.index(code) :], code]
    if code in done or code not in formulas:
        return None
    for other in sorted(formulas[code]):
        if ring := _ring(other, formulas, done, [*path, code]):
            return ring
    done.add(code)
    return None


def _codes(node: Node) -> Iterator[str]:
    if node.code:
        yield node.code
    for part in node.of:
        yield from _codes(part)


def _known_sum(node: Node, look: Look, years: int, back: int) -> Fraction:
    known = []
    for earlier in range(back, years):
        try:
            known.append(value_of(node, look, years=years, back=earlier))
        except NoValueError as none:
            last = none
    if not known:
        raise last if back < years else NoValueError(msg("The plan has no such year"))
    return _sum(known)


def _first(node: Node, look: Look, years: int, back: int) -> Fraction:
    for part in node.of:
        try:
            return value_of(part, look, years=years, back=back)
        except NoValueError as none:
            last = none
    raise last


def _sum(of: list[Fraction]) -> Fraction:
    return sum(of, Fraction(0))


def _applied(call: str, of: list[Fraction]) -> Fraction:
    if call == "/" and not of[1]:
        raise NoValueError(msg("Division by zero"))
    if call == "-":
        found = -of[0] if len(of) == 1 else of[0] - of[1]
    elif call == "round":  # half to even
        found = Fraction(round(of[0], int(of[1]) if len(of) > 1 else 0))
    else:
        found = _PLAIN[call](of)
    if max(abs(found.numerator), found.denominator).bit_length() > WIDEST:
        raise NoValueError(msg("This number is too long"))
    return found


_PLAIN: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
    "+": _sum,
    "sum": _sum,
    "*": lambda of: of[0] * of[1],
    "/": lambda of: of[0] / of[1],
    "min": min,
    "max": max,
    "abs": lambda of: abs(of[0]),
}


class _Reader:
    """Reads a formula from left to right; `*` and `/` bind closer than `+` and `-`."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0
        self.word, self.kind, self.start = "", "", 0
        self.summing = False
        self.next()

    def whole(self) -> Node:
        node = self.sum()
        if self.kind != "end":
            raise self.wrong(msg("an operator or the end"))
        return node

    def next(self) -> None:
        """Take the next word."""
        rest = self.text[self.place :]
        self.start = self.place + len(rest) - len(rest.lstrip())
        if not rest.strip():
            self.word, self.kind = "", "end"
            return
        found = _TOKEN.match(self.text, self.place)
        if found is None or found.lastgroup is None:
            self.word = self.text[self.start : self.start + 12]
            raise self.wrong(msg("a number, a code, a function or one of + - * / ( ) ,"))
        self.word, self.kind, self.place = found[found.lastgroup], found.lastgroup, found.end()

    def sum(self) -> Node:
        node = self.product()
        while self.kind == "mark" and self.word in "+-":
            node = Node(call=self.take(), of=(node, self.product()))
        return node

    def product(self) -> Node:
        node = self.single()
        while self.kind == "mark" and self.word in "*/":
            node = Node(call=self.take(), of=(node, self.single()))
        return node

    def single(self) -> Node:
        """Read a number, a code, a call, something in parentheses, or its negative."""
        kind, word = self.kind, self.word
        if kind == "number":
            return Node(value=Fraction(self.take()))
        if kind == "code":
            return Node(code=self.take().strip())
        if kind == "name":
            self.next()
            return self.call(word) if self.word == "(" else Node(code=word)
        if kind == "mark" and word in "-(":
            self.deeper()
            self.next()
            node = Node(call="-", of=(self.single(),)) if word == "-" else self.closed()
            self.depth -= 1
            return node
        raise self.wrong(msg("a number, a code, a function or ("))

    def call(self, name: str) -> Node:
        if name not in _ARGUMENTS:
            self.word, self.start = name, self.start - len(name)
            raise self.wrong(", ".join(FUNCTIONS))
        if name == "total" and self.summing:
            raise self.wrong(msg("no total inside a total"))
        self.deeper()
        self.summing, outer = self.summing or name == "total", self.summing
        self.next()
        of = [self.sum()]
        while self.word == ",":
            self.next()
            of.append(self.sum())
        self.close()
        self.depth, self.summing = self.depth - 1, outer
        return self.checked(name, tuple(of))

    def checked(self, name: str, of: tuple[Node, ...]) -> Node:
        least, most = _ARGUMENTS[name]
        if not least <= len(of) <= most:
            raise self.wrong(msg("{name} of {least} to {most} values", name=name, least=least, most=most))
        if name == "round" and len(of) > 1 and of[1].value not in range(10):
            raise self.wrong(msg("0 to 9 digits to round to"))
        return Node(call=name, of=of)

    def closed(self) -> Node:
        node = self.sum()
        self.close()
        return node

    def close(self) -> None:
        if self.word != ")":
            raise self.wrong(msg("a closing parenthesis"))
        self.next()

    def take(self) -> str:
        word = self.word
        self.next()
        return word

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(msg("at most {count} parentheses inside each other", count=DEEPEST))

    def wrong(self, expected: Message | str) -> Problem:
        return Problem(
            "centre.bad-formula",
            msg("This formula cannot be read."),
            where=f"{self.text.strip()[:80]}, column {self.start + 1}",
            found=self.word or "(end)",
            expected=expected,
        )
