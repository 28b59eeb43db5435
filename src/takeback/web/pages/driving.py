"""GET /drive/{token}, POST /drive/{token}/stops: a driver's route on a phone. The token is the key; nobody signs in.

GET /drive/worker.js: what loads the page again without a network. Its address says for which pages it may do so.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import Body
from msgspec.structs import replace

from takeback.core.message import Message, msg
from takeback.operate.collection.confirmations import ConfirmedStop
from takeback.operate.collection.confirming import Confirmation
from takeback.operate.collection.phone import PhoneRoute, PhoneStop, confirm_stop, route_for
from takeback.operate.identity.tokens import new_token
from takeback.operate.words import DAMAGED
from takeback.web.api.collection import presented
from takeback.web.console.console import STATIC as FOLDERS
from takeback.web.console.phrases import phrase
from takeback.web.console.views import DrivePage, DriveStop
from takeback.web.console.views.driving import DriveItem
from takeback.web.pages.answers import page
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.security import CACHED, PUBLIC, STATIC, Caller, csrf_token, visitor_cookie
from takeback.web.shell import plain_shell

LARGEST = 4_000_000  # bytes of a confirmation: a photo and a signature in base64
REASONS = (
    ("closed", msg("Closed")),
    ("nobody", msg("Nobody there")),
    ("not-ready", msg("Not ready or not packed")),
    ("refused", msg("They did not hand it over")),
    ("access", msg("The vehicle cannot get there")),
    ("damaged", msg("Damaged, not safe to carry")),
    ("no-room", msg("No room on the vehicle")),
    ("wrong-goods", msg("Other goods than announced")),
    ("other", msg("Something else")),
)


@get("/drive/{token:str}", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, caller: Caller, token: str) -> Response[Any]:
    route = presented(caller, lambda: route_for(token))
    chinese = locale_of(request) == "zh_Hans"
    shell = replace(plain_shell(request), timezone=route.time_zone)
    view = _view(token, route, chinese)
    if caller.secret is not None or caller.visitor is not None:
        return page(view, shell)
    visitor = new_token()
    return page(view, replace(shell, csrf_token=csrf_token(visitor)), cookies=[visitor_cookie(request, visitor)])


@get("/drive/worker.js", opt=STATIC | CACHED, sync_to_thread=False, include_in_schema=False)
def worker() -> Response[bytes]:
    content = FOLDERS["/static/console"].joinpath("drive-worker.js").read_bytes()
    return Response(content, media_type="text/javascript", headers={"cache-control": "no-cache"})


@post(
    "/drive/{token:str}/stops",
    opt=PUBLIC,
    sync_to_thread=True,
    include_in_schema=False,
    status_code=200,
    request_max_body_size=LARGEST,
)
def confirm(caller: Caller, token: str, data: Annotated[Confirmation, Body()]) -> ConfirmedStop:
    """Record a confirmation; the same sent again is answered the same."""
    return presented(caller, lambda: confirm_stop(token, data))


def _view(token: str, route: PhoneRoute, chinese: bool) -> DrivePage:
    stops = tuple(_stop(stop, number, chinese) for number, stop in enumerate(route.stops, 1))
    fetched = [stop.confirmed for stop in route.stops if stop.confirmed]
    return DrivePage(
        token=token,
        day=route.day,
        vehicle=phrase(f"{route.vehicle} {route.number}"),
        site=route.site_zh if chinese else route.site,
        start=route.departure,
        end=route.expected_return,
        timezone=route.time_zone,
        stops=stops,
        reasons=REASONS,
        aboard_kg=sum(max(said.fetched_g, said.weight_g or 0) for said in fetched) / 1000,
        capacity_kg=route.capacity_kg,
        problem=msg("This vehicle was reported broken down. Ask the dispatcher.") if route.broken else "",
    )


def _stop(stop: PhoneStop, number: int, chinese: bool) -> DriveStop:
    outcome = stop.confirmed.outcome if stop.confirmed else None
    left = tuple(item for item in stop.items if not item.collected)
    return DriveStop(
        key=stop.stop,
        number=number,
        name=stop.name_zh if chinese else stop.name,
        address=stop.order,
        kind="pickup",
        arrive=stop.expected,
        opens=stop.promised_from,
        closes=stop.promised_until,
        late=stop.late,
        mass_kg=stop.mass_kg,
        items=len(stop.items),
        things=tuple(
            DriveItem(
                epc=item.epc,
                code=item.code,
                name=item.product_zh if chinese else item.product,
                mass_kg=item.mass_g / 1000,
            )
            for item in left
        ),
        geo=f"geo:{stop.lat},{stop.lon}?q={stop.lat},{stop.lon}",
        state="done" if outcome == "done" or not left else "failed" if outcome else "open",
        again=outcome in {"failed", "partly"} and bool(left),
        notes=_notes(stop),
    )


def _notes(stop: PhoneStop) -> tuple[Message, ...]:
    if stop.goods == DAMAGED:
        return (msg("Damaged batteries: never together with anything else."),)
    return ()


HANDLERS = [show, worker, confirm]
