"""Conditions on master data: `HASATTR_` and `EQATTR_`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.query.conditions.items import EVERYWHERE, QUANTITIES
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.seen import Seen, listed, texts

LINKS = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
PLACES = ("readPoint", "bizLocation")
PLAIN = ("bizStep", "disposition", "transformationID")
NAMES = frozenset({*EVERYWHERE, *LINKS, *PLACES, *PLAIN, *LINKS.values()})


@dataclass(frozen=True, slots=True)
class Element:
    """The vocabulary elements that a field of the event names: a standard field, or an extension field."""

    standard: str = ""
    extension: FieldName | None = None

    def uris(self, seen: Seen) -> Iterator[str]:
        """Return the canonical URIs of the elements."""
        if self.extension is not None:
            named = (value for key, value in seen.event.items() if self.extension.names(key, seen.context))
            return (canonical_uri(uri) for value in named for uri in texts(value))
        return (canonical_uri(uri) for uri in self._standard(seen))

    def _standard(self, seen: Seen) -> Iterator[str]:
        value = seen.event.get(self.standard)
        if self.standard in PLACES:
            yield from texts(value.get("id")) if isinstance(value, Mapping) else ()
        elif self.standard in QUANTITIES:
            yield from (uri for one in listed(seen.event, self.standard) for uri in texts(one.get("epcClass")))
        elif self.standard in LINKS or f"{self.standard}List" in LINKS:
            name = self.standard.removesuffix("List")
            yield from (uri for one in listed(seen.event, f"{name}List") for uri in texts(one.get(name)))
        else:
            yield from texts(value)


@dataclass(frozen=True, slots=True)
class HasAttribute:
    """`HASATTR_field`: an element named by the field has one of the attributes."""

    element: Element
    attributes: tuple[FieldName, ...]

    def holds(self, seen: Seen) -> bool:
        """Whether master data knows such an attribute."""
        return any(
            values_of(seen, uri, name) is not None for uri in self.element.uris(seen) for name in self.attributes
        )


@dataclass(frozen=True, slots=True)
class AttributeIs:
    """`EQATTR_field_attribute`: an element named by the field has the attribute with one of the values."""

    element: Element
    attribute: FieldName
    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether master data gives the attribute one of the values."""
        found = (values_of(seen, uri, self.attribute) for uri in self.element.uris(seen))
        return any(value in self.values for values in found for value in values or ())


def values_of(seen: Seen, uri: str, attribute: FieldName) -> list[str] | None:
    """Return the values of an attribute of a vocabulary element; None where it has no such attribute."""
    held = seen.master.attributes(uri)
    named = [values for key, values in held.items() if attribute.names(key, STANDARD)]
    return [value for values in named for value in values] if named else None
