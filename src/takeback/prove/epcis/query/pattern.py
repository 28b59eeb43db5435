"""What a MATCH_ parameter matches: one URI, or all that fit a pattern (EPCIS 2.0, 8.2.7.1.1).

Everything is compared in canonical form, so a URN finds what was captured as a Digital Link and the other way
round. A pattern is a pure identity pattern (`urn:epc:idpat:sgtin:4012345.011111.*`), a Digital Link that ends in
`*`, or a Digital Link of a class (`https://id.gs1.org/01/04012345111118`), which means what the pattern with `*`
for the serial number means. As in the standard, a class in an event is matched by a `*` in its place only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from takeback.core.identifiers import urn
from takeback.core.identifiers.identifier import HOST, Identifier
from takeback.core.identifiers.keys import KEYS
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.trouble import wrong

# RFC 3986 in short: a scheme and no blanks or control characters; longer than any real identifier is refused.
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f\ud800-\udfff]{1,4000}")
MOST_PATTERNS = 200  # in one parameter; each is tried on each thing of an event
_PATTERN = re.compile(r"urn:epc:(?P<kind>idpat|class):(?P<scheme>[a-z]+):(?P<body>\S*)", re.I)
_WILD_LINK = re.compile(r"https?://[^/]+(?:/[^?#]*?)?/(?P<key>" + "|".join(KEYS) + r")/(?P<rest>[^?#*]*)\*")
_CLASS_LINK = re.compile(rf"{HOST}/(?:01/\d{{14}}|8006/\d{{18}}|8010/[^/]+|8003/\d{{14}}|253/\d{{13}}|255/\d{{13}})")
_UNESCAPED = "/%';="  # as in canonical paths, and what is escaped already
_TAIL = "1"  # stands in for a serial number while the key before it is worked out


@dataclass(frozen=True, slots=True)
class Pattern:
    """`uri`: the one canonical URI that is meant; or `prefixes` with which those that `form` fits begin."""

    uri: str = ""
    prefixes: tuple[str, ...] = ()
    form: re.Pattern[str] | None = None

    def fits(self, canonical: str) -> bool:
        """Whether a canonical URI is meant."""
        return canonical == self.uri if self.form is None else self.form.fullmatch(canonical) is not None

    @property
    def ranges(self) -> Iterator[tuple[str, str]]:
        """Text ranges (from, below), by code point, outside which no URI fits."""
        return ((prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)) for prefix in self.prefixes)


def read_pattern(text: str, *, where: str) -> Pattern:
    """Return what one value of a MATCH_ parameter means. Raises ``Problem``."""
    if not URI.fullmatch(text):
        raise wrong(where, text, msg("a URI: an EPC URN, a pattern or a Digital Link"))
    written = _PATTERN.fullmatch(text)
    if written and "*" in written["body"].split("."):
        return _identity_pattern(written["scheme"].lower(), written["kind"].lower(), written["body"], text, where)
    if link := _WILD_LINK.fullmatch(text):
        prefix = f"{HOST}/{link['key']}/{quote(link['rest'], _UNESCAPED)}"
        return Pattern(prefixes=(prefix,), form=re.compile(re.escape(prefix) + "[^/]*"))
    if written and written["kind"].lower() == "idpat":
        text = f"urn:epc:id:{written['scheme']}:{written['body']}"
    canonical = canonical_uri(text)
    return _class_link(canonical) if _CLASS_LINK.fullmatch(canonical) else Pattern(uri=canonical)


def _class_link(uri: str) -> Pattern:
    key = uri.removeprefix(HOST).split("/")[1]
    serial = {"01": "(/(21|235)/[^/]+)?", "8006": "(/21/[^/]+)?", "8010": "(/8011/[^/]+)?"}.get(key, "[^/]*")
    return Pattern(prefixes=(uri,), form=re.compile(re.escape(uri) + serial))


def _identity_pattern(name: str, kind: str, body: str, text: str, where: str) -> Pattern:
    known = urn.SCHEMES.get(f"id:{name}") or urn.SCHEMES.get(f"class:{name}")
    parts = body.split(".") if known is None else body.split(".", 1 + len(known.fields))
    fixed = parts[: parts.index("*")]
    if any(part != "*" for part in parts[len(fixed) :]):
        raise wrong(where, text, msg("* in the last parts only, as the EPC Tag Data Standard has it"))
    if known is None:
        return _urn_pattern(name, fixed)
    if len(parts) != 2 + len(known.fields):
        raise wrong(where, text, msg("{count} parts separated by dots", count=2 + len(known.fields)))
    try:
        return _key_pattern(known, name, fixed)
    except Problem as problem:
        raise wrong(where, text, problem.expected or Message(str(problem.title))) from None


def _urn_pattern(name: str, fixed: list[str]) -> Pattern:
    """Schemes without a Digital Link stay URNs: as an instance, or as a class with `*`."""
    front = "".join(f"{part}." for part in fixed)
    prefixes = tuple(f"urn:epc:{kind}:{name}:{front}" for kind in ("id", "idpat"))
    return Pattern(prefixes=prefixes, form=re.compile(f"urn:epc:(id|idpat):{name}:{re.escape(front)}.+"))


def _key_pattern(scheme: urn.Scheme, name: str, fixed: list[str]) -> Pattern:
    prefixes, value = _key(scheme, name, fixed)
    tail = {"": "", "t": "[^/]*", "ppq": "(/21/[^/]+)?"}.get(scheme.fields, f"(/{scheme.qualifier}/[^/]+)?")
    if scheme.qualifier == "10":
        tail = tail.removesuffix("?")  # a GTIN without a lot is no LGTIN
    base = f"{HOST}/{scheme.ai}/"
    form = re.compile(re.escape(base) + value + tail)
    return Pattern(prefixes=tuple(base + prefix for prefix in prefixes), form=form)


def _key(scheme: urn.Scheme, name: str, fixed: list[str]) -> tuple[list[str], str]:
    """Return how the key's value can begin, and its form."""
    checked = KEYS[scheme.ai].checked
    pieces = r"\d{4}" if "p" in scheme.fields else ""
    if not fixed:
        return [""], (rf"\d{{{checked}}}" if checked else "[^/]+") + pieces
    prefix = fixed[0]
    if not prefix.isdecimal() or len(prefix) not in urn.PREFIX_LENGTHS:
        expected = msg("a GS1 company prefix of 6 to 12 digits first")
        raise wrong(name, prefix, expected)
    if len(fixed) == 1 and not checked:
        return [prefix], prefix + "[^/]*"
    if len(fixed) == 1:
        filling = "0" * (checked - 1 - scheme.digits)
        fronts = [digit + prefix for digit in "0123456789"] if scheme.moved else [filling + prefix]
        rest = checked - len(fronts[0])
        return fronts, rf"(?:{'|'.join(fronts)})\d{{{rest}}}" + pieces
    return _whole_key(scheme, name, fixed, pieces)


def _whole_key(scheme: urn.Scheme, name: str, fixed: list[str], pieces: str) -> tuple[list[str], str]:
    kind = "class" if name == "lgtin" else "id"
    filled = [*fixed, *("01" if field == "p" else _TAIL for field in scheme.fields[len(fixed) - 2 :])]
    value = urn.read(f"urn:epc:{kind}:{name}:{'.'.join(filled)}")[1]
    if "p" in scheme.fields:
        value = value[: KEYS[scheme.ai].checked] + "".join(fixed[2:])
        return [value], value + (r"\d{2}" * (4 - len(fixed)) if len(fixed) < 4 else "")
    value = value.removesuffix(_TAIL) if scheme.fields == "t" else value
    written = Identifier(scheme.ai, value).uri.removeprefix(f"{HOST}/{scheme.ai}/")
    return [written], re.escape(written)
