"""Names of extension fields: `prefix:name`, or the namespace and the name in full (EPCIS 2.0, 8.2.7.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from takeback.core.message import msg
from takeback.prove.epcis.names import STANDARD, settled
from takeback.prove.epcis.query.trouble import wrong

# As in query-schema.json a prefix has no _, so that EQ_IMLD_example:field is noticed to be mistyped.
_PREFIXED = re.compile(r"[A-Za-z][A-Za-z0-9.-]*:[^\s:/#]+")
_FULL = re.compile(r"(urn:|[A-Za-z][A-Za-z0-9+.-]*://)\S+")
_LAST_PART = re.compile(r"(.*)[#/:]([^#/:]+)", re.S)
_SEPARATORS = "#/:"

Context = Mapping[str, str]
Full = tuple[str, str]  # namespace without the sign at its end, local name


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field's name as it was asked for, and in full where its namespace is known.

    XML writes `namespace#name`, JSON-LD joins the two; both mean the same field, and so does any prefix
    that stands for the namespace in the event.
    """

    spelled: str
    full: Full | None
    local: str

    @classmethod
    def of(cls, text: str, context: Context, *, where: str) -> FieldName:
        """Read a name; ``context`` says what prefixes mean. Raises ``Problem``."""
        if _FULL.fullmatch(text):
            full = split(text)
            if full is not None:
                return cls(text, full, full[1])
        elif _PREFIXED.fullmatch(text):
            return cls(text, in_full(text, context), text.partition(":")[2])
        raise wrong(where, text, msg("a name with its prefix, as example:field, or with its namespace in full"))

    def names(self, key: str, context: Context) -> bool:
        """Whether ``key``, a field of an event whose prefixes ``context`` explains, is the field."""
        if not key.endswith(self.local) or ":" not in key:
            return False  # most fields of most events
        full = in_full(key, context)
        return key == self.spelled if self.full is None or full is None else full == self.full


def in_full(key: str, context: Context) -> Full | None:
    """Return namespace and name of `prefix:name` or of a full name; None where the prefix has no meaning."""
    prefix, _, local = key.partition(":")
    if local.startswith("//") or prefix == "urn":
        return split(key)
    namespace = context.get(prefix) or STANDARD.get(prefix)
    return _joined(namespace, local) if isinstance(namespace, str) else None


@lru_cache(maxsize=1024)
def split(text: str) -> Full | None:
    """Return namespace and name of a name in full; None where it has no two parts."""
    parts = _LAST_PART.fullmatch(text)
    return _joined(parts[1], parts[2]) if parts and parts[1].rstrip(_SEPARATORS) else None


@lru_cache(maxsize=1024)
def _joined(namespace: str, local: str) -> Full:
    return settled(namespace.rstrip(_SEPARATORS) + "/").rstrip(_SEPARATORS), local
