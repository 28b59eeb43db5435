"""The header of an XML document: the standard business document header of UN/CEFACT (EPCIS 2.0, 9.2)."""

from __future__ import annotations

from collections.abc import Iterator

from takeback.core.message import msg
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.xml_tree import Element, etree

SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_NEEDED = ("HeaderVersion", "Sender", "Receiver", "DocumentIdentification")
_IDENTIFICATION = ("Standard", "TypeVersion", "InstanceIdentifier", "Type", "CreationDateAndTime")


def check_header(root: Element) -> Iterator[Finding]:
    """Yield what is wrong with a document's header; its fields are those of SBDH version 1.0."""
    header = root.find("EPCISHeader")
    if header is None or not len(header):
        return
    first = header[0]
    if first.tag != f"{{{SBDH}}}StandardBusinessDocumentHeader":
        if first.tag != "extension" and isinstance(first.tag, str):
            yield _wrong(first)
        return
    yield from _missing(first, _NEEDED)
    identification = first.find(f"{{{SBDH}}}DocumentIdentification")
    if identification is not None:
        yield from _missing(identification, _IDENTIFICATION)


def _missing(element: Element, names: tuple[str, ...]) -> Iterator[Finding]:
    for name in names:
        if element.find(f"{{{SBDH}}}{name}") is None:
            yield found_at(
                "xml.form",
                f"line {element.sourceline}",
                None,
                None,
                msg("<{name}> is not complete", name=etree.QName(element).localname),
                msg("Add: {names}", names=name),
            )


def _wrong(element: Element) -> Finding:
    return found_at(
        "xml.form",
        f"line {element.sourceline}",
        None,
        element.tag,
        msg("<{name}> does not stand here", name=etree.QName(element).localname),
        msg("Write sbdh:StandardBusinessDocumentHeader in the namespace {namespace}.", namespace=SBDH),
    )
