"""The REST binding of EPCIS 2.0 below `/epcis`: capture, events, collections, named queries, subscriptions.

The document of the interface is written by hand (`description`): bodies are read and written by `takeback.prove`.
"""

from __future__ import annotations

from litestar import Router

from takeback.web.epcis import capture, collections, discovery, events, queries, subscriptions
from takeback.web.epcis.addresses import ROOT, Addresses
from takeback.web.epcis.description import described, schemas
from takeback.web.epcis.problems import answer
from takeback.web.epcis.versions import check_request

__all__ = ["ROUTER", "Addresses", "answer", "described", "is_below", "schemas"]

_HANDLERS = [
    discovery.read_root,
    *capture.HANDLERS,
    *events.HANDLERS,
    *collections.HANDLERS,
    *queries.HANDLERS,
    *subscriptions.HANDLERS,
    discovery.forget_token,
]

# OPTIONS come first: the framework would otherwise put its own in their place.
_OPTIONS = discovery.options(_HANDLERS, subscriptions.FURTHER)
ROUTER = Router(ROOT, route_handlers=[*_OPTIONS, *_HANDLERS], before_request=check_request)


def is_below(path: str) -> bool:
    """Whether an address belongs to the binding."""
    return path == ROOT or path.startswith(f"{ROOT}/")
