"""Master data that stands in the header of a captured document (EPCIS 2.0, 9.5): kept with its events."""

from __future__ import annotations

from io import BytesIO

import sqlalchemy as sa

from takeback.operate.identity import Actor
from takeback.prove.epcis import reading
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.query import keep_master

_JSON, _XML = b"epcisMasterData", b"EPCISMasterData"


def keep(connection: sa.Connection, actor: Actor, content: bytes, media_type: str, *, escaped: bool = True) -> int:
    """Keep the master data of a document that was taken in; return how many elements are new or changed.

    ``escaped=False`` says that the content, as JSON, spells no letter by an escape.
    """
    xml = reading.form(media_type) == "xml"
    if (_XML if xml else _JSON) not in content and (xml or not escaped):
        return 0
    return keep_of(connection, actor, _head(content, media_type))


def keep_of(connection: sa.Connection, actor: Actor, document: Document) -> int:
    """Keep the master data of a document's head."""
    if not document.header:
        return 0
    org = actor.org_id
    return keep_master(connection, org, document.header, actor=actor.label, prefixes=document.prefixes)


def _head(content: bytes, media_type: str) -> Document:
    """Return the document without its events: some of them may have been refused."""
    if reading.form(media_type) == "xml":
        return reading.stream(BytesIO(content), media_type)[0]
    decoded = reading.decode(content, media_type)
    return document_of({**decoded, "epcisBody": {"eventList": []}} if "epcisBody" in decoded else decoded)
