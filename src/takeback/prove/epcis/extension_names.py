"""Extension fields of one event, brought to `prefix:name`, and the namespaces that it then needs."""

from __future__ import annotations

from operator import is_
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.contexts import Context, split
from takeback.prove.epcis.json_fault import DEEPEST
from takeback.prove.epcis.names import STANDARD, settled


class Naming:
    """Names the extension fields of one event and remembers which prefixes it used (`used`)."""

    __slots__ = ("context", "used", "where")

    def __init__(self, context: Context, where: str = "") -> None:
        self.context = context
        self.where = where
        self.used: dict[str, str] = {}

    def name(self, name: str, context: Context | None = None) -> str:
        """Return an extension field's name as `prefix:name`; a name that nothing declares as it is."""
        context = context or self.context
        known = context.known.get(name)
        if known is None:
            known = _resolved(name, context)
            if len(context.known) < NAMES:
                context.known[name] = known
        prefix, namespace, full, local = known
        if not namespace:
            return name
        if self.used.setdefault(prefix, namespace) == namespace:
            return name if full == name else full
        return f"{self.prefix(prefix, namespace)}:{local}"

    def value(self, value: Any, context: Context | None = None, depth: int = 8) -> Any:
        """Return an extension's value with all names inside it brought to `prefix:name`; itself if they are."""
        if type(value) is dict:
            return self._object(value, context, depth)
        if type(value) is not list:
            return value
        self._require(depth)
        items = [self.value(item, context, depth + 1) for item in value]
        return value if all(map(is_, items, value)) else items

    def _object(self, value: dict[str, Any], context: Context | None, depth: int) -> dict[str, Any]:
        self._require(depth)
        if "@context" in value:
            context = (context or self.context).extended(value["@context"])
            value = {name: item for name, item in value.items() if name != "@context"}
        result: dict[str, Any] = {}
        same = True
        for name, item in value.items():
            new_name = self.name(name, context)
            new_item = self.value(item, context, depth + 1) if type(item) in _NESTED else item
            same = same and new_name is name and new_item is item
            put(result, new_name, new_item)
        return value if same else result

    def _require(self, depth: int) -> None:
        if depth > DEEPEST:
            raise Problem(
                "epcis.depth",
                msg("This extension is nested deeper than {most} levels", most=DEEPEST),
                where=self.where or None,
                status=400,
            )

    def prefix(self, wanted: str, namespace: str) -> str:
        """Return the prefix that stands for a namespace in this event: the wanted one unless it is taken."""
        prefix, count = wanted, 1
        while self.used.get(prefix, namespace) != namespace:
            count += 1
            prefix = f"{wanted}{count}"
        self.used[prefix] = namespace
        return prefix

    def declared(self) -> dict[str, str]:
        """Return the event's own `@context`: the prefixes in use, without those that EPCIS declares itself."""
        return {prefix: space for prefix, space in self.used.items() if STANDARD.get(prefix) != space}


def put(fields: dict[str, Any], name: str, value: Any) -> None:
    """Set a field; where two names are spellings of one, both values are kept in an array."""
    if name in fields:
        before = fields[name] if isinstance(fields[name], list) else [fields[name]]
        value = before + (value if isinstance(value, list) else [value])
    fields[name] = value


NAMES = 4096  # remembered in one document
_NESTED = frozenset({dict, list})


def _resolved(name: str, context: Context) -> tuple[str, str, str, str]:
    """Return (prefix, namespace, `prefix:local`, local) of a field; the namespace is "" where nothing declares it."""
    prefix, colon, local = name.partition(":")
    if colon and not local.startswith("//"):
        if namespace := context.namespace(prefix):
            return prefix, namespace, name, local
        if prefix != "urn":
            return "", "", name, name
    iri = name if colon else _target(name, context)
    spaces = {**STANDARD, **context.prefixes}
    parts = split(iri, spaces.values()) if iri else None
    if parts is None:
        return "", "", name, name
    namespace, local = settled(parts[0]), parts[1]
    prefix = next((prefix for prefix, space in spaces.items() if space == namespace), "ns")
    return prefix, namespace, f"{prefix}:{local}", local


def _target(name: str, context: Context) -> str:
    """Return the full URI of a field without prefix, "" where the context says nothing of it."""
    return context.terms.get(name) or (
        context.vocab + name if context.vocab and not name.startswith(("@", "#")) else ""
    )
