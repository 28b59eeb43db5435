"""What the header GS1-Extensions says: which namespaces the prefixes of a query's field names stand for."""

from __future__ import annotations

from takeback.prove.epcis.query.fieldname import Context
from takeback.web.preferences import AnyRequest


def context_of(request: AnyRequest) -> Context:
    """Return the prefixes of `prefix=namespace, prefix=namespace`; what has another form is left out."""
    pairs = (part.partition("=") for part in request.headers.get("GS1-Extensions", "").split(","))
    return {name.strip(): space.strip() for name, _, space in pairs if name.strip() and space.strip()}
