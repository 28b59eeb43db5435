"""Conditions on the words and places of an event: type, action, business step, dispositions, places, reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.seen import Seen, texts
from takeback.prove.epcis.vocabulary import bare


@dataclass(frozen=True, slots=True)
class TypeIs:
    """`eventType`: one of `names`; extension types are compared in full."""

    names: frozenset[str]
    extensions: tuple[FieldName, ...] = ()

    def holds(self, seen: Seen) -> bool:
        """Whether the event has one of the types."""
        found = seen.event.get("type")
        if not isinstance(found, str):
            return False
        return found in self.names or any(name.names(found, seen.context) for name in self.extensions)


@dataclass(frozen=True, slots=True)
class ActionIs:
    """`EQ_action`."""

    actions: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event has one of the actions."""
        return seen.event.get("action") in self.actions


@dataclass(frozen=True, slots=True)
class TermIs:
    """`EQ_bizStep`, `EQ_disposition`: values are bare CBV names, or URIs."""

    field: Literal["bizStep", "disposition"]
    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the field has one of the values."""
        found = seen.event.get(self.field)
        return isinstance(found, str) and bare(self.field, found) in self.values


@dataclass(frozen=True, slots=True)
class PersistentIs:
    """`EQ_persistentDisposition_set` and `_unset`."""

    which: Literal["set", "unset"]
    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether one of the dispositions is set, or unset."""
        found = seen.event.get("persistentDisposition")
        given = found.get(self.which) if isinstance(found, Mapping) else None
        return any(bare("disposition", text) in self.values for text in texts(given))


@dataclass(frozen=True, slots=True)
class PlaceIs:
    """`EQ_` and `WD_` with readPoint and bizLocation: canonical URIs; `below`: their descendants count too."""

    field: Literal["readPoint", "bizLocation"]
    uris: frozenset[str]
    below: bool = False

    def holds(self, seen: Seen) -> bool:
        """Whether the event's place is one of those asked for, or lies below one."""
        place = seen.event.get(self.field)
        found = place.get("id") if isinstance(place, Mapping) else None
        if not isinstance(found, str):
            return False
        uri = canonical_uri(found)
        return uri in self.uris or (self.below and any(uri in seen.master.descendants(top) for top in self.uris))


@dataclass(frozen=True, slots=True)
class ReasonIs:
    """`EQ_errorReason`."""

    values: frozenset[str]

    def holds(self, seen: Seen) -> bool:
        """Whether the event's error declaration gives one of the reasons."""
        found = seen.declaration.get("reason")
        return isinstance(found, str) and bare("error", found) in self.values
