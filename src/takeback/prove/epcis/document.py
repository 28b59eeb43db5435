"""A document of EPCIS 2.0 as it was read: its events in standard form and everything around them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Document(msgspec.Struct):
    """What one message carried.

    - `kind`: an EPCISDocument, an EPCISQueryDocument or a single event.
    - `events`: in standard form (see the package), in the order of the document.
    - `raw`: what `reading.decode` gave: the JSON object or the XML element, for the check against the schemas.
    - `media`: "json" or "xml".
    - `prefixes`: the namespaces that the document declares for the prefixes of extensions.
    - `header`: the `epcisHeader` as JSON has it: `{"epcisMasterData": {"vocabularyList": [...]}}`.
    - `sbdh`: the StandardBusinessDocumentHeader of an XML document, as XML text.
    - `vocabulary_list`: master data among the results of a query.
    - `extensions`: further fields of the document, as `prefix:name`.
    - `ignored`: names `{namespace}name` that the sender leaves out of the event hash (`ignoreFields`).
    """

    kind: Literal["document", "query", "event"]
    events: list[dict[str, Any]]
    raw: Any = None
    media: Literal["json", "xml"] = "json"
    prefixes: dict[str, str] = msgspec.field(default_factory=dict)
    id: str | None = None
    schema_version: str | None = None
    creation_date: str | None = None
    sender: str | None = None
    receiver: str | None = None
    instance_identifier: str | None = None
    header: dict[str, Any] | None = None
    sbdh: str | None = None
    query_name: str | None = None
    subscription_id: str | None = None
    vocabulary_list: list[Any] | None = None
    extensions: dict[str, Any] = msgspec.field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
