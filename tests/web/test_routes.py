"""Every route of the application, asked by a visitor, an outsider, a colleague and a narrow API key.

A new route without a line in `ROUTES` fails `test_every_route_is_here`. Each line says what Charlie, the outsider
with an organisation of his own, gets when he asks for what is Alice's. Whatever he gets, it never holds anything of
hers, and it never changes anything of hers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from takeback import store
from takeback.operate import identity
from takeback.store.settings import Settings
from takeback.web.app import create_app
from takeback.web.security import csrf_token
from tests.support.people import MARK, PASSWORD, People, Person, populated
from tests.support.workshop import EPC, PLACE, Workshop, workshop
from tests.web import centre_pages
from tests.web.api import centre_routes

OWN = frozenset({200})
"""Charlie gets a list or page of his own organisation."""
DONE = frozenset({200, 201, 204, 303})
"""Charlie does something to himself or to his own organisation."""
NONE = frozenset({404})
"""There is no such thing, for Charlie."""
REFUSED = frozenset({400, 404, 409, 422})
"""What is sent names things of Alice's, so it is not understood."""
ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Route:
    """What is asked, and who gets what. `person`: an API key gets 403, whatever its scopes."""

    charlie: frozenset[int]
    bob: frozenset[int] | None = None
    json: Callable[[Workshop], Any] | None = None
    form: Callable[[Workshop], dict[str, str]] | None = None
    file: bytes | None = None
    query: str = ""
    open: bool = False
    person: bool = False
    path: dict[str, str] | None = None


FORBIDDEN = frozenset({403})
ACCEPTED = frozenset({202})
NAMED = quote(EPC, safe="")
COLLECTIONS = {
    "eventTypes": "https%3A%2F%2Fns.example%2FNone",
    "epcs": NAMED,
    "bizSteps": "sampling",
    "bizLocations": quote(PLACE, safe=""),
    "readPoints": quote(PLACE, safe=""),
    "dispositions": "recalled",
}
EMPTY = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-11-22T12:00:00Z",
    "epcisBody": {"eventList": []},
}
FIELDS = {"slug": "fresh", "kind": "institute", "name": "Fresh", "name_zh": "新"}
WHEN = "2026-11-22T12:00:00Z"
DAY = "2026-11-22"
NOBODYS = str(UUID(int=7))
OF_CENTRE = {
    "kind": "centre",
    **dict.fromkeys(("record_id", "file_id", "person_id"), NOBODYS),
    **centre_routes.in_path(),
}
CENTRE = {"name": "Centre", "name_zh": "中心"}
ON_DAY = f"?site={UUID(int=7)}&day={DAY}"

ROUTES: dict[str, Route] = {
    # Health and description
    "GET /health/live": Route(OWN, open=True),
    "GET /health/ready": Route(OWN, open=True),
    "GET /api/openapi.json": Route(OWN, open=True),
    "GET /api/openapi.json/openapi.json": Route(OWN, open=True),
    "GET /api/openapi.json/{path}": Route(NONE, open=True),
    "GET /static/console/{file_path}": Route(NONE, open=True),
    "GET /static/vendor/{file_path}": Route(NONE, open=True),
    # Identity
    "POST /api/v1/sessions": Route(
        DONE, json=lambda _: {"email": "charlie@other.example", "password": PASSWORD}, open=True
    ),
    "GET /api/v1/sessions": Route(OWN, person=True),
    "DELETE /api/v1/sessions": Route(DONE, person=True),
    "DELETE /api/v1/sessions/current": Route(DONE, person=True),
    "DELETE /api/v1/sessions/{session_id}": Route(NONE, bob=NONE, person=True),
    "GET /api/v1/me": Route(OWN),
    "PATCH /api/v1/me": Route(NONE, json=lambda w: {"organisation_id": str(w.org_id)}, person=True),
    "PUT /api/v1/me/password": Route(FORBIDDEN, json=lambda _: {"current": "x", "new": "y"}, person=True),
    "GET /api/v1/organisations": Route(OWN, person=True),
    "POST /api/v1/organisations": Route(DONE, json=lambda _: FIELDS, person=True),
    "GET /api/v1/organisation": Route(OWN),
    "PUT /api/v1/organisation": Route(DONE, bob=FORBIDDEN, json=lambda _: FIELDS),
    "GET /api/v1/members": Route(OWN, bob=FORBIDDEN),
    "PATCH /api/v1/members/{alice_id}": Route(NONE, bob=FORBIDDEN, json=lambda _: {"role": "viewer"}),
    "DELETE /api/v1/members/{alice_id}": Route(NONE, bob=FORBIDDEN),
    "GET /api/v1/invitations": Route(OWN, bob=FORBIDDEN),
    "POST /api/v1/invitations": Route(
        DONE, bob=FORBIDDEN, json=lambda _: {"email": "eve@example.org", "role": "owner"}
    ),
    "DELETE /api/v1/invitations/{invitation_id}": Route(NONE, bob=FORBIDDEN),
    "POST /api/v1/invitations/offer": Route(NONE, json=lambda _: {"token": "wrong"}, open=True),
    "POST /api/v1/invitations/acceptance": Route(NONE, json=lambda _: {"token": "wrong"}, open=True),
    "GET /api/v1/api-keys": Route(OWN, bob=FORBIDDEN),
    "POST /api/v1/api-keys": Route(DONE, bob=FORBIDDEN, json=lambda _: {"name": "k", "scopes": ["read"]}),
    "DELETE /api/v1/api-keys/{key_id}": Route(NONE, bob=FORBIDDEN),
    # The loop
    "GET /api/v1/loop": Route(OWN),
    "GET /api/v1/items": Route(OWN),
    "GET /api/v1/items/{key}": Route(NONE),
    "GET /api/v1/items/{key}/trace": Route(NONE | OWN),
    "GET /api/v1/items/{key}/proofs": Route(NONE | OWN),
    "GET /api/v1/balance": Route(OWN),
    "GET /api/v1/balance/materials": Route(OWN),
    "GET /api/v1/plans": Route(OWN),
    "GET /api/v1/plans/{plan_id}": Route(NONE),
    # Collection days
    "POST /api/v1/collection/plannings": Route(NONE, json=lambda w: {"site_id": str(w.site_id), "day": DAY}),
    "GET /api/v1/collection/plannings": Route(OWN, query=ON_DAY),
    "GET /api/v1/collection/plannings/{planning_id}": Route(NONE),
    "POST /api/v1/collection/plannings/{planning_id}/cancel": Route(NONE),
    "GET /api/v1/collection/plans": Route(OWN, query=ON_DAY),
    "POST /api/v1/collection/acceptances": Route(NONE, json=lambda w: {"plan_id": str(w.plan_id)}),
    "POST /api/v1/collection/dispatches": Route(
        REFUSED, json=lambda w: {"site_id": str(w.site_id), "day": DAY, "routes": [{"vehicle": "van"}]}
    ),
    "GET /api/v1/collection/routes": Route(OWN, query=ON_DAY),
    "POST /api/v1/collection/routes/{route_id}/phone": Route(NONE),
    "DELETE /api/v1/collection/routes/{route_id}/phone": Route(NONE),
    "POST /api/v1/collection/routes/{route_id}/stops": Route(
        NONE, json=lambda _: {"key": str(UUID(int=7)), "stop": "x", "outcome": "done", "at": WHEN}
    ),
    "POST /api/v1/collection/routes/{route_id}/breakdown": Route(NONE, json=lambda _: {}),
    "POST /api/v1/collection/insertions": Route(
        REFUSED, json=lambda w: {"site_id": str(w.site_id), "day": DAY, "order": "x"}
    ),
    "POST /api/v1/collection/replans": Route(REFUSED, json=lambda w: {"site_id": str(w.site_id), "day": DAY}),
    "GET /api/v1/collection/progress": Route(REFUSED, query=ON_DAY),
    "GET /api/v1/collection/confirmations": Route(OWN, query=ON_DAY),
    "GET /api/v1/collection/confirmations/{confirmation_id}/{kind}": Route(NONE, bob=FORBIDDEN, path={"kind": "photo"}),
    "GET /api/v1/phone/route": Route(REFUSED, open=True),
    "POST /api/v1/phone/stops": Route(REFUSED, json=lambda _: {}, open=True),
    "GET /api/v1/jobs": Route(OWN),
    "GET /api/v1/jobs/{job_id}": Route(NONE),
    "POST /api/v1/jobs/{job_id}/cancel": Route(NONE),
    "GET /api/v1/master/{subject}": Route(OWN, path={"subject": "site"}),
    "PUT /api/v1/master/{subject}": Route(DONE, bob=FORBIDDEN, path={"subject": "site"}, json=lambda _: []),
    "GET /api/v1/import-subjects": Route(OWN),
    "GET /api/v1/imports": Route(OWN),
    "POST /api/v1/imports": Route(REFUSED, bob=FORBIDDEN, form=lambda _: {"subject": "nothing"}, file=b"a,b\n1,2\n"),
    "GET /api/v1/imports/{import_id}": Route(NONE),
    "DELETE /api/v1/imports/{import_id}": Route(NONE, bob=FORBIDDEN),
    "POST /api/v1/imports/{import_id}/commit": Route(NONE, bob=FORBIDDEN, json=lambda _: {"which": "good"}),
    "POST /api/v1/imports/{import_id}/examine": Route(NONE, bob=FORBIDDEN, json=lambda _: {"mapping": {}}),
    "GET /api/v1/ledger/checkpoint": Route(OWN),
    "GET /api/v1/ledger/consistency": Route(OWN, query="?first=1&second=1"),
    "GET /api/v1/ledger/entries/{entry_id}/proof": Route(NONE),
    "POST /api/v1/ledger/verifications": Route(DONE),
    "GET /api/v1/ledger/entries/{entry_id}/receipt": Route(NONE),
    "GET /api/v1/ledger/receipt": Route(NONE, query="?event=urn:uuid:none"),
    "POST /api/v1/ledger/receipts": Route(NONE, json=lambda w: {"entries": [w.entry_id]}),
    "GET /api/v1/ledger/proof": Route(NONE, query="?event=urn:uuid:none"),
    "POST /api/v1/ledger/proofs": Route(NONE, json=lambda w: {"entries": [w.entry_id]}),
    "POST /api/v1/ledger/bundles": Route(NONE, json=lambda w: {"entries": [w.entry_id], "item": EPC}),
    "GET /api/v1/items/{key}/completeness": Route(NONE | OWN | frozenset({503})),
    # A centre: Bob is none of its people; Charlie runs his own organisation, which is none
    "GET /api/v1/centre": Route(NONE, bob=FORBIDDEN),
    "POST /api/v1/centre": Route(DONE, json=lambda _: {"slug": "zzz-centre", "centre": CENTRE}, person=True),
    "GET /api/v1/centre/kinds": Route(OWN, bob=FORBIDDEN),
    "GET /api/v1/centre/records/{kind}": Route(OWN, bob=FORBIDDEN, path=OF_CENTRE),
    "POST /api/v1/centre/records/{kind}": Route(
        REFUSED, bob=FORBIDDEN, path=OF_CENTRE, json=lambda _: {"facts": {"name": MARK}}
    ),
    "GET /api/v1/centre/records/{kind}/{record_id}": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    "PUT /api/v1/centre/records/{kind}/{record_id}": Route(
        NONE, bob=FORBIDDEN, path=OF_CENTRE, json=lambda _: {"facts": CENTRE}
    ),
    "POST /api/v1/centre/records/{kind}/{record_id}/moves": Route(
        NONE, bob=FORBIDDEN, path=OF_CENTRE, json=lambda _: {"state": "closed"}
    ),
    "GET /api/v1/centre/records/{kind}/{record_id}/history": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    "GET /api/v1/centre/records/{kind}/{record_id}/files": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    "POST /api/v1/centre/records/{kind}/{record_id}/files": Route(
        NONE, bob=FORBIDDEN, path=OF_CENTRE, form=lambda _: {}, file=b"x"
    ),
    "GET /api/v1/centre/records/{kind}/{record_id}/files/{file_id}": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    "POST /api/v1/centre/proposals/{proposal_id}/files": Route(
        centre_routes.TOLD, bob=FORBIDDEN, path=OF_CENTRE, form=lambda _: {}, file=b"x"
    ),
    "POST /api/v1/centre/projects/{project_id}/claims": Route(
        centre_routes.TOLD,
        bob=FORBIDDEN,
        path=OF_CENTRE,
        query="?cost_kind=travel&amount=1&purpose=a&on=2026-05-04&supplier=a&invoice=a",
        form=lambda _: {},
        file=b"x",
    ),
    **{
        f"POST /api/v1/centre/lists/{{kind}}{end}": Route(
            centre_routes.TOLD, bob=FORBIDDEN, path={"kind": "member"}, form=lambda _: {}, file=b"a,b\n1,2\n"
        )
        for end in ("", "/examine")
    },
    "GET /api/v1/centre/me": Route(OWN, bob=FORBIDDEN),
    "PUT /api/v1/centre/me/consents": Route(FORBIDDEN, bob=FORBIDDEN, json=lambda _: {"consents": []}),
    "PUT /api/v1/centre/me/traits": Route(FORBIDDEN, bob=FORBIDDEN, json=lambda _: {"traits": {}}),
    "GET /api/v1/centre/people": Route(OWN, bob=FORBIDDEN),
    "POST /api/v1/centre/people": Route(DONE, bob=FORBIDDEN, json=lambda _: {"name": "Eve Long"}),
    "GET /api/v1/centre/people/{person_id}": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    "PUT /api/v1/centre/people/{person_id}": Route(
        NONE, bob=FORBIDDEN, path=OF_CENTRE, json=lambda _: {"name": "Eve Long"}
    ),
    "DELETE /api/v1/centre/people/{person_id}": Route(NONE, bob=FORBIDDEN, path=OF_CENTRE),
    **{
        name: Route(
            centre_routes.TOLD,
            bob=None if name.endswith(tuple(centre_routes.WHOSE)) else FORBIDDEN,
            path=OF_CENTRE,
            query=query,
            json=(lambda _, name=name: centre_routes.body(name)) if name.startswith("POST") else None,
            person=name.endswith(tuple(centre_routes.WHOSE)),
        )
        for name, query in centre_routes.listed().items()
    },
    # Genealogy and trace quality
    "GET /api/v1/items/{key}/genealogy": Route(NONE),
    "POST /api/v1/recalls": Route(OWN, json=lambda w: {"items": [w.key]}),
    "GET /api/v1/trace-grants": Route(OWN),
    "POST /api/v1/trace-grants": Route(DONE, bob=FORBIDDEN, json=lambda _: {"grantee": str(UUID(int=7))}),
    "DELETE /api/v1/trace-grants/{grantee}": Route(DONE, bob=FORBIDDEN, path={"grantee": str(UUID(int=7))}),
    "GET /api/v1/items/{key}/trace-quality": Route(OWN),
    "GET /api/v1/trace-quality": Route(OWN),
    "POST /api/v1/ledger/maps": Route(DONE),
    "POST /api/v1/ledger/erasures": Route(
        NONE, bob=FORBIDDEN, json=lambda w: {"entries": [w.entry_id], "ground": "none"}
    ),
    "GET /api/v1/ledger/tile/{path}": Route(NONE, open=True),
    "GET /api/v1/ledger/growth": Route(OWN, query="?first=1", open=True),
    "POST /api/v1/ledger/cosignatures": Route(REFUSED, json=lambda _: {"note": "none"}, open=True),
    "GET /api/v1/ledger/witnessed": Route(NONE, open=True),
    "GET /log/checkpoint": Route(OWN, open=True),
    "GET /log/tile/{path}": Route(OWN, path={"path": "0/000.p/1"}, open=True),
    "GET /log/growth": Route(OWN, query="?first=1", open=True),
    "POST /log/cosignatures": Route(REFUSED, json=lambda _: {"note": "none"}, open=True),
    "GET /log/witnessed": Route(NONE, open=True),
    "POST /api/v1/orders": Route(DONE, json=lambda _: []),
    "POST /api/v1/collections": Route(
        REFUSED, json=lambda _: [{"epcs": [EPC], "at": WHEN, "place": PLACE, "carrier": "c"}]
    ),
    "POST /api/v1/receipts": Route(
        REFUSED,
        json=lambda w: [{"site_id": str(w.site_id), "place": PLACE, "at": WHEN, "lines": [{"epc": EPC, "mass_g": 1}]}],
    ),
    "POST /api/v1/gradings": Route(
        REFUSED,
        json=lambda _: [
            {
                "epc": EPC,
                "at": WHEN,
                "place": PLACE,
                "grade": "A",
                "method": "m",
                "originator": "o",
                "provenance": "real",
                "value_minor": 1,
            }
        ],
    ),
    "POST /api/v1/decisions": Route(
        REFUSED,
        json=lambda _: [
            {
                "epc": EPC,
                "at": WHEN,
                "disposition": "destroy",
                "expected_minor": 0,
                "low_minor": 0,
                "high_minor": 0,
                "options": [],
                "why": [],
                "by_kind": "person",
                "by_name": "c",
            }
        ],
    ),
    "POST /api/v1/recoveries": Route(
        REFUSED, json=lambda _: [{"epc": EPC, "at": WHEN, "place": PLACE, "realised_minor": 1}]
    ),
    # EPCIS 2.0
    "GET /epcis": Route(OWN),
    "POST /epcis/capture": Route(ACCEPTED, json=lambda _: EMPTY),
    "GET /epcis/capture": Route(OWN),
    "GET /epcis/capture/{capture_id}": Route(NONE),
    "POST /epcis/events": Route(REFUSED, json=lambda _: EMPTY),
    "GET /epcis/events": Route(OWN, query=f"?MATCH_anyEPC={EPC}"),
    "GET /epcis/events/{event_id}": Route(NONE),
    **{f"GET /epcis/{name}": Route(OWN) for name in COLLECTIONS},
    **{f"GET /epcis/{name}/{{value}}": Route(NONE, path={"value": value}) for name, value in COLLECTIONS.items()},
    **{
        f"GET /epcis/{name}/{{value}}/events": Route(NONE, path={"value": value}) for name, value in COLLECTIONS.items()
    },
    "GET /epcis/queries": Route(OWN),
    "POST /epcis/queries": Route(DONE, bob=FORBIDDEN, json=lambda _: {"name": "q", "query": {}}),
    "GET /epcis/queries/{query_name}": Route(NONE),
    "DELETE /epcis/queries/{query_name}": Route(NONE, bob=FORBIDDEN),
    "GET /epcis/queries/{query_name}/events": Route(NONE),
    "GET /epcis/queries/{query_name}/subscriptions": Route(NONE),
    "POST /epcis/queries/{query_name}/subscriptions": Route(
        NONE, bob=FORBIDDEN, json=lambda _: {"dest": "http://localhost:9/", "stream": True}
    ),
    "GET /epcis/queries/{query_name}/subscriptions/{subscription_id}": Route(NONE),
    "DELETE /epcis/queries/{query_name}/subscriptions/{subscription_id}": Route(NONE, bob=FORBIDDEN),
    "GET /epcis/queries/{query_name}/subscriptions/{subscription_id}/deliveries": Route(NONE),
    "POST /epcis/queries/{query_name}/subscriptions/{subscription_id}/deliveries/{delivery_id}/replay": Route(
        NONE, bob=FORBIDDEN
    ),
    "DELETE /epcis/nextPageToken/{token}": Route(DONE, path={"token": "none"}),
    # The console
    "GET /ns/epcis": Route(OWN, open=True),
    "GET /ns/epcis/takeback-context.jsonld": Route(OWN, open=True),
    "GET /ns/epcis/vocabulary.ttl": Route(OWN, open=True),
    "GET /ns/epcis/shapes.ttl": Route(OWN, open=True),
    "GET /verify": Route(OWN, open=True),
    "GET /verify.js": Route(OWN, open=True),
    "GET /verify.css": Route(OWN, open=True),
    "GET /takeback_verify.py": Route(OWN, open=True),
    "GET /sign-in": Route(DONE, open=True),
    "POST /sign-in": Route(DONE, form=lambda _: {"email": "charlie@other.example", "password": PASSWORD}, open=True),
    "GET /invitation/{token}": Route(NONE, path={"token": "wrong"}, open=True),
    "POST /invitation/{token}": Route(NONE, path={"token": "wrong"}, form=lambda _: {"name": "Eve"}, open=True),
    "GET /boards/{slug}": Route(NONE, path={"slug": "none"}, open=True),
    "GET /api/v1/boards/{slug}": Route(NONE, path={"slug": "none"}, open=True),
    "GET /settings": Route(OWN),
    "POST /settings/members": Route(DONE, bob=FORBIDDEN, form=lambda _: {"email": "eve@example.org", "role": "owner"}),
    "POST /settings/members/{alice_id}/role": Route(NONE, bob=FORBIDDEN, form=lambda _: {"role": "viewer"}),
    "POST /settings/members/{alice_id}/remove": Route(NONE, bob=FORBIDDEN, form=lambda _: {}),
    "POST /settings/keys": Route(DONE, bob=FORBIDDEN, form=lambda _: {"name": "k", "scope": "read"}),
    "POST /settings/keys/{key_id}/revoke": Route(NONE, bob=FORBIDDEN, form=lambda _: {}),
    "POST /sign-out": Route(DONE, form=lambda _: {}, person=True),
    "POST /preferences": Route(DONE, form=lambda _: {"theme": "dark", "next": "/"}, open=True),
    "GET /": Route(OWN),
    "GET /queues": Route(DONE),
    "GET /queues/{tab}": Route(OWN, path={"tab": "all"}),
    "POST /queues/{tab}/accept": Route(
        REFUSED | DONE, path={"tab": "all"}, form=lambda w: {"item": w.key, "key": w.key}
    ),
    "GET /items": Route(OWN),
    "GET /items/{key}": Route(NONE),
    "GET /items/{key}/genealogy": Route(NONE),
    "GET /trace-quality": Route(OWN),
    "GET /items/{key}/proof.json": Route(NONE | OWN),
    "POST /items/{key}/decide": Route(REFUSED, query="?disposition=destroy", form=lambda _: {}),
    "POST /items/{key}/verify": Route(NONE | OWN, form=lambda _: {}),
    "GET /search": Route(OWN, query=f"?q={MARK}"),
    "GET /plans": Route(OWN),
    "GET /plans/{plan_id}": Route(NONE),
    "GET /plans/day": Route(NONE),
    "POST /plans/day": Route(
        NONE, form=lambda w: {"site": str(w.site_id), "day": "2026-11-23", "seconds": "10", "vehicle:van": "1"}
    ),
    "GET /plans/jobs/{planning_id}": Route(NONE),
    "POST /plans/jobs/{planning_id}/cancel": Route(NONE, form=lambda _: {}),
    "GET /plans/compare": Route(REFUSED),
    "POST /plans/{plan_id}/accept": Route(NONE, form=lambda _: {}),
    "GET /plans/{plan_id}/drivers": Route(NONE),
    "POST /plans/{plan_id}/dispatch": Route(NONE, form=lambda _: {}),
    "POST /plans/{plan_id}/links": Route(NONE, form=lambda _: {}),
    "POST /plans/{plan_id}/repaired": Route(NONE, form=lambda w: {"route": str(w.route_id)}),
    "GET /plans/{plan_id}/sheets": Route(NONE),
    "GET /plans/{plan_id}/export/{ending}": Route(NONE, path={"ending": "csv"}),
    "GET /plans/{plan_id}/running": Route(NONE),
    "POST /plans/{plan_id}/insert": Route(NONE, form=lambda _: {"order": f"{MARK}-R1"}),
    "POST /plans/{plan_id}/breakdown": Route(NONE, form=lambda w: {"route": str(w.route_id)}),
    "POST /plans/{plan_id}/replan": Route(NONE, form=lambda _: {}),
    "GET /drive/worker.js": Route(OWN, open=True),
    "GET /drive/{token}": Route(NONE, path={"token": "wrong"}, open=True),
    "POST /drive/{token}/stops": Route(
        NONE,
        path={"token": "wrong"},
        json=lambda w: {"key": str(w.confirmation_id), "stop": "x", "outcome": "done", "at": WHEN},
        open=True,
    ),
    "GET /balance": Route(OWN),
    "GET /ledger": Route(OWN),
    "POST /ledger/verify": Route(OWN, form=lambda _: {}),
    "GET /import": Route(OWN),
    "POST /import": Route(REFUSED, bob=FORBIDDEN, form=lambda _: {"kind": "nothing"}, file=b"a,b\n1,2\n"),
    "GET /import/{import_id}": Route(NONE),
    "GET /import/{import_id}/mapping": Route(NONE),
    "POST /import/{import_id}/mapping": Route(NONE, bob=FORBIDDEN, form=lambda _: {}),
    "POST /import/{import_id}/commit": Route(NONE, bob=FORBIDDEN, form=lambda _: {"which": "good"}),
    "GET /import/{import_id}/errors.csv": Route(NONE),
    "GET /jobs": Route(OWN),
    "GET /jobs/{job_id}/progress": Route(NONE),
    "POST /jobs/{job_id}/cancel": Route(NONE, form=lambda _: {}),
}


def _in_centre(name: str) -> Route:
    """Return what Charlie gets of a page of a centre: nothing, for his organisation is none."""
    query = f"?call={UUID(int=7)}" if name.endswith("/proposals/new") else ""
    if name.startswith("GET"):
        return Route(NONE, path=centre_pages.IN_PATH, query=query)
    file = b"a" if name.endswith(("/files", "/file")) else None
    return Route(NONE, form=lambda _: {"name": "x"}, file=file, path=centre_pages.IN_PATH, query=query)


ROUTES |= {name: _in_centre(name) for name in centre_pages.addresses()}

_TABLES = sa.text("select relname from pg_class where relforcerowsecurity and relkind in ('r', 'p') order by relname")


def _routes() -> Iterator[str]:
    for route in create_app(Settings()).routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: only HTTP routes are known here"
        for method in sorted(set(route.methods) - {"OPTIONS", "HEAD"}):
            yield f"{method} {re.sub(r':[a-z]+}', '}', route.path)}".replace(
                "/members/{user_id}", "/members/{alice_id}"
            )


def test_every_route_is_here() -> None:
    """The application has exactly the routes that this file asks."""
    assert sorted(_routes()) == sorted(ROUTES)


@dataclass(frozen=True, slots=True)
class World:
    """Alice's workshop, the people, and a way to ask."""

    people: People
    things: Workshop
    running: TestClient[Any]

    def ask(self, name: str, *, person: Person | None = None, key: str | None = None, meant: bool = True) -> Any:
        """Ask a route as a person (`meant`: with the CSRF token), with an API key, or as a visitor."""
        method, template = name.split(" ")
        route = ROUTES[name]
        client = TestClient(self.running.app, raise_server_exceptions=False)
        client.blocking_portal = self.running.blocking_portal
        client.follow_redirects = False
        headers = {"accept": "text/html" if not template.startswith(("/api", "/epcis")) else "application/json"}
        if person is not None:
            token = identity.open_session(person.id)
            client.cookies.set("takeback_session", token)
            headers |= {"x-csrftoken": csrf_token(token)} if meant else {}
        if person is None and key is None and route.form is not None:
            client.cookies.set("takeback_visitor", "visitor")
            headers["x-csrftoken"] = csrf_token("visitor")
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        body: dict[str, Any] = {}
        if route.json is not None:
            body["json"] = route.json(self.things)
        elif route.form is not None:
            body["data"] = route.form(self.things)
        if route.file is not None:
            body["files"] = {"file": ("a.csv", route.file, "text/csv")}
        return client.request(method, self.address(template, route), headers=headers, **body)

    def address(self, template: str, route: Route) -> str:
        """Return the address that names Alice's things."""
        named = {"alice_id": self.people.alice.id, "path": "no.txt", "file_path": "no.txt", **(route.path or {})}
        return re.sub(r"{(\w+)}", lambda m: str(named.get(m[1]) or getattr(self.things, m[1])), template) + route.query

    def hers(self) -> dict[str, str]:
        """Return a digest of each of Alice's tables."""
        with store.transaction(self.people.alice.org_id) as connection:
            return {
                table: str(
                    connection.scalar(sa.text(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t"))
                )
                for table in connection.execute(_TABLES).scalars()
            }


@pytest.fixture(scope="module")
def world(running: TestClient[Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Alice's workshop, full; it stays as it is, whoever asks."""
    with pytest.MonkeyPatch.context() as patch, populated() as people:
        folder: Path = tmp_path_factory.mktemp("home")
        patch.setenv("TAKEBACK_HOME", str(folder))
        yield World(people, workshop(people, folder), running)


def _secrets(world: World, sent: str) -> list[str]:
    """Return what an answer must not hold: Alice's words and ids, save those that the asker sent."""
    things = world.things
    ids = (things.org_id, things.site_id, things.product_id, things.order_id, things.plan_id, things.job_id)
    more = (things.key_id, things.invitation_id, things.session_id, world.people.alice.id, world.people.bob.id)
    words = [MARK, "金和", *(str(one) for one in (*ids, *more)), things.key]
    return [word for word in words if word.lower() not in sent.lower()]


def _holds_nothing_of_hers(world: World, name: str, answer: Any) -> None:
    route = ROUTES[name]
    sent = world.address(name.split(" ")[1], route)
    sent += json.dumps(route.json(world.things)) if route.json else ""
    sent += json.dumps(route.form(world.things)) if route.form else ""
    told = (answer.text + str(dict(answer.headers))).lower()
    assert [word for word in _secrets(world, sent) if word.lower() in told] == []


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_visitor_is_sent_away(world: World, name: str) -> None:
    """401, or the way to the sign-in page; open routes answer, and nobody learns anything of Alice's."""
    answer = world.ask(name)
    _holds_nothing_of_hers(world, name, answer)
    if ROUTES[name].open:
        assert answer.status_code not in {401, 403, 500}
    elif name.split(" ")[1].startswith(("/api", "/epcis")):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_charlie_gets_nothing_of_hers(world: World, name: str) -> None:
    """He asks for what is Alice's: he is refused, or sees his own; he never sees, and never changes, what is hers."""
    before = world.hers()
    answer = world.ask(name, person=world.people.charlie)
    assert answer.status_code in ROUTES[name].charlie, answer.text
    _holds_nothing_of_hers(world, name, answer)
    assert world.hers() == before


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if route.bob))
def test_bob_gets_what_his_role_allows(world: World, name: str) -> None:
    """Her colleague, an operator, is refused what owners and managers do, and changes nothing by trying."""
    before = world.hers()
    answer = world.ask(name, person=world.people.bob)
    assert answer.status_code in (ROUTES[name].bob or ()), answer.text
    assert world.hers() == before


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_narrow_key_opens_one_door(world: World, name: str) -> None:
    """A key of Alice's own that may only cancel jobs gets 403 everywhere else, also where people only may enter."""
    with store.transaction(world.people.alice.org_id) as connection:
        actor = world.people.alice.actor
        _, text = identity.create_key(connection, actor, name=str(uuid4()), scopes=["job.cancel"])
    if ROUTES[name].open or name in {"GET /api/v1/me", "GET /queues"} or name.endswith("/cancel"):
        return
    answer = world.ask(name, key=text)
    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if not name.startswith("GET")))
def test_nothing_changes_without_the_token(world: World, name: str) -> None:
    """Alice's own browser, sent by a page that is not ours, is refused on every route that changes something."""
    before = world.hers()
    answer = world.ask(name, person=world.people.alice, meant=False)
    assert answer.status_code == 403, answer.text
    assert world.hers() == before
