"""Names of XML elements and attributes as events have them: standard fields bare, extensions as `prefix:name`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.extension_names import Naming
from takeback.prove.epcis.names import settled
from takeback.prove.epcis.xml_tree import Element

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SPACE = " \t\r\n"  # of XML; other kinds of space belong to a text
_SCHEMES = frozenset({"urn", "http", "https"})  # declared as prefixes they would hide URIs
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


def is_epcis(namespace: str) -> bool:
    """Tell whether a namespace is one of EPCIS itself, in version 1 or 2."""
    return not namespace or namespace.startswith(("urn:epcglobal:epcis:", "urn:epcglobal:epcis-"))


def parted(element: Element) -> tuple[str, str]:
    """Return (namespace, local name) of an element; the namespaces of EPCIS count as none."""
    namespace, _, local = str(element.tag).rpartition("}")
    namespace = namespace.removeprefix("{")
    return ("", local) if is_epcis(namespace) else (namespace, local)


def children(element: Element) -> Iterator[Element]:
    """Yield the child elements; what EPCIS 1.x wraps in `extension` and `baseExtension` as if it stood outside."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in ("extension", "baseExtension"):
            yield from children(child)
        else:
            yield child


def text(element: Element) -> str:
    """Return an element's text without the space around it."""
    return (element.text or "").strip(_SPACE)


class XmlNaming(Naming):
    """Names by the prefixes of the elements, in place of a JSON-LD context."""

    def __init__(self) -> None:
        super().__init__(Context())

    def of_element(self, element: Element) -> str:
        """Return the name of an extension element."""
        namespace, local = parted(element)
        return self._named(element.prefix, namespace, local)

    def of_attribute(self, element: Element, name: str) -> str:
        """Return the name of an attribute; without a namespace it has its bare name."""
        namespace, _, local = name.rpartition("}")
        namespace = namespace.removeprefix("{")
        prefix = next((prefix for prefix, space in element.nsmap.items() if space == namespace and prefix), None)
        return self._named(prefix, namespace, local)

    def _named(self, prefix: str | None, namespace: str, local: str) -> str:
        local = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), local)
        if not namespace:
            return local
        wanted = prefix if prefix and prefix not in _SCHEMES else "ns"
        return f"{self.prefix(wanted, settled(namespace))}:{local}"
