"""What a query may ask of master data: what lies below a place, and the attributes of an element."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol


class MasterData(Protocol):
    """Master data of one organisation (EPCIS 2.0, 6.5); all URIs are canonical."""

    def descendants(self, uri: str) -> Collection[str]:
        """Return all direct and indirect children of a vocabulary element, without itself."""
        ...

    def attributes(self, uri: str) -> Mapping[str, Sequence[str]]:
        """Return the values of each attribute of a vocabulary element by the attribute's full name."""
        ...


class _Nothing:
    def descendants(self, _uri: str) -> Collection[str]:
        return ()

    def attributes(self, _uri: str) -> Mapping[str, Sequence[str]]:
        return {}


NOTHING: MasterData = _Nothing()
"""Where no master data is kept: no place has descendants, no element has attributes."""
