"""A folder of valid and invalid documents run as a test suite: which are judged as their names say?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from takeback.core.problem import Problem
from takeback.prove.epcis import reading
from takeback.prove.epcis.validation.files import check_file, media_type
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.xml_tree import etree

ENDINGS = (".json", ".jsonld", ".xml")

# A word of a folder's or file's name that says: this is to be refused.
_WORDS = "invalid|not ?valid|unvalid|fails?|failed|failing|failures?|bad|wrong|malformed"
_INVALID = re.compile(rf"(?<![a-z])(?:{_WORDS})(?![a-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Case:
    """One document: what its name says, and what the validator says.

    - `suite`: the folder in which it lies, below the one that was run; `name`: its path from there.
    - `findings`: errors of stages 1 and 2, which refuse; stage 3 refuses nothing and does not count.
    """

    suite: str
    name: str
    valid: bool
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether no error was found."""
        return not self.findings

    @property
    def passed(self) -> bool:
        """Whether it was judged as its name says."""
        return self.accepted == self.valid

    def to_dict(self) -> dict[str, object]:
        """Return what programs read."""
        return {
            "suite": self.suite,
            "name": self.name,
            "valid": self.valid,
            "accepted": self.accepted,
            "passed": self.passed,
            "findings": [finding.to_dict() for finding in self.findings],
        }


def documents(folder: Path) -> list[Path]:
    """Return the files of a folder that may be documents, in order of their names."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def run(folder: Path, *, now: datetime) -> Iterator[Case | None]:
    """Yield a case for each of `documents(folder)`; None for what is no document of EPCIS (schemas, contexts)."""
    for path in documents(folder):
        relative = path.relative_to(folder)
        valid = says_valid(Path(folder.name) / relative)
        yield None if valid and not _is_epcis(path) else _case(path, relative, valid, now)


def says_valid(name: Path) -> bool:
    """Whether the names of folders and file say that the document is valid."""
    return not _INVALID.search(re.sub(r"[_\-]+", " ", _CAMEL.sub(" ", "/".join(name.parts))).lower())


def _case(path: Path, relative: Path, valid: bool, now: datetime) -> Case:
    errors = tuple(one for one in check_file(path, now=now) if one.severity == "error" and one.stage < 3)
    return Case(str(relative.parent), relative.name, valid, errors)


def _is_epcis(path: Path) -> bool:
    """Whether a file claims to be of EPCIS at all; what cannot be decoded is counted as one that does."""
    content = path.read_bytes()
    try:
        decoded = reading.decode(content, media_type(path, content))
    except Problem:
        return True
    if isinstance(decoded, etree._Element):
        return "epcis" in decoded.tag or etree.QName(decoded).localname.endswith("Event")
    if not isinstance(decoded, dict):
        return isinstance(decoded, list)
    return not _FOREIGN & decoded.keys() and bool(_MARKS & decoded.keys())


_FOREIGN = frozenset({"$schema", "openapi", "properties", "definitions", "@graph"})
_MARKS = frozenset({"type", "epcisBody", "eventTime", "query"})
