"""Extension fields of one event, brought to `prefix:name`, and the namespaces that it then needs."""

from __future__ import annotations

from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.contexts import Context, split
from takeback.prove.epcis.json_fault import DEEPEST
from takeback.prove.epcis.names import STANDARD


class Naming:
    """Names the extension fields of one event and remembers which prefixes it used (`used`)."""

    def __init__(self, context: Context, where: str = "") -> None:
        self.context = context
        self.where = where
        self.used: dict[str, str] = {}

    def name(self, name: str, context: Context | None = None) -> str:
        """Return an extension field's name as `prefix:name`; a name that nothing declares as it is."""
        context = context or self.context
        prefix, colon, local = name.partition(":")
        if colon and not local.startswith("//"):
            if namespace := context.namespace(prefix):
                return f"{self.prefix(prefix, namespace)}:{local}"
            if prefix != "urn":
                return name
        return self._of_iri(name if colon else _target(name, context), context) or name

    def value(self, value: Any, context: Context | None = None, depth: int = 8) -> Any:
        """Return an extension's value with all names inside it brought to `prefix:name`."""
        if depth > DEEPEST:
            raise Problem(
                "epcis.depth",
                msg("This extension is nested deeper than {most} levels", most=DEEPEST),
                where=self.where or None,
                status=400,
            )
        if isinstance(value, list):
            return [self.value(item, context, depth + 1) for item in value]
        if not isinstance(value, dict):
            return value
        if "@context" in value:
            context = (context or self.context).extended(value["@context"])
        return {
            self.name(name, context): self.value(item, context, depth + 1)
            for name, item in value.items()
            if name != "@context"
        }

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

    def _of_iri(self, iri: str, context: Context) -> str:
        spaces = {**STANDARD, **context.prefixes}
        parts = split(iri, spaces.values()) if iri else None
        if parts is None:
            return ""
        namespace, local = parts
        known = [prefix for prefix, space in spaces.items() if space == namespace]
        return f"{self.prefix(known[0] if known else 'ns', namespace)}:{local}"


def _target(name: str, context: Context) -> str:
    """Return the full URI of a field without prefix, "" where the context says nothing of it."""
    return context.terms.get(name) or (
        context.vocab + name if context.vocab and not name.startswith(("@", "#")) else ""
    )
