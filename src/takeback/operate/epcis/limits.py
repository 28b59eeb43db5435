"""How much one call may bring (EPCIS 2.0, headers GS1-EPCIS-Capture-Limit and GS1-EPCIS-Capture-File-Size-Limit)."""

from __future__ import annotations

from takeback.core.message import msg
from takeback.core.problem import Problem

KIND = "epcis.capture-limit"
IN_MEMORY = 16 * 2**20
"""Bytes of a document that is read at once; larger ones are streamed from a temporary file."""


def check_bytes(count: int, most: int) -> None:
    """Refuse a document that is too long. Raises ``epcis.capture-limit`` (413)."""
    if count > most:
        raise Problem(
            KIND,
            msg("The document is longer than one capture may be."),
            where="GS1-EPCIS-Capture-File-Size-Limit",
            found=msg("{count} bytes", count=count),
            expected=msg("at most {count} bytes", count=most),
            remedy=msg("Split the document; each event is taken once, however it comes."),
            status=413,
        )


def check_events(count: int, most: int) -> None:
    """Refuse a document of too many events. Raises ``epcis.capture-limit`` (413)."""
    if count > most:
        raise Problem(
            KIND,
            msg("The document holds more events than one capture may bring."),
            where="GS1-EPCIS-Capture-Limit",
            found=msg("{count} events", count=count),
            expected=msg("at most {count} events", count=most),
            remedy=msg("Split the document; each event is taken once, however it comes."),
            status=413,
        )
