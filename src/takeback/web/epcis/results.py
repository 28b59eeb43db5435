"""Events as the answer to a query: EPCISQueryDocuments in JSON or XML, with eventID and recordTime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response

from takeback.operate.epcis.page_tokens import require_unspent
from takeback.operate.epcis.results import shown
from takeback.operate.identity import Actor
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.query import Found, Query, StoredMaster, page
from takeback.prove.epcis.writing import json_document, xml_document
from takeback.web.epcis.formats import Form
from takeback.web.epcis.paging import next_page
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest

QUERY_NAME = "SimpleEventQuery"


def answered(
    request: AnyRequest,
    actor: Actor,
    connection: sa.Connection,
    query: Query,
    form: Form,
    *,
    name: str = QUERY_NAME,
) -> Response[bytes]:
    """Return one page of the events that answer a query. Raises what `page` raises."""
    org = actor.org_id
    require_unspent(connection, org, query.token)
    found = page(connection, org, query, master=StoredMaster(connection, org))
    headers = next_page(request, found.next, found.expires) if found.next else {}
    return document(actor, connection, found.events, form, headers=headers, name=name)


def document(
    actor: Actor,
    connection: sa.Connection,
    found: Sequence[Found],
    form: Form,
    *,
    headers: dict[str, str],
    name: str = QUERY_NAME,
) -> Response[bytes]:
    """Return events as a query document in the form that was asked for."""
    events = shown(connection, actor, found)
    about = Document("query", [], query_name=name)
    content = _xml(events, about, form) if form.media == "application/xml" else _json(events, about, form)
    return Response(content, media_type=form.media, headers={**SPOKEN, **headers})


def _json(events: list[dict[str, Any]], about: Document, form: Form) -> bytes:
    return msgspec.json.encode(json_document(events, epc_format=form.epc, about=about))


def _xml(events: list[dict[str, Any]], about: Document, form: Form) -> bytes:
    return xml_document(events, epc_format=form.epc, cbv_format=form.cbv, about=about)
