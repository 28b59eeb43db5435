"""The web application: the programming interface and the console on one address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import Litestar, Response, Router
from litestar.concurrency import set_asyncio_executor
from litestar.di import Provide
from litestar.exceptions import InternalServerException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, Reference, SecurityScheme
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

import takeback
from takeback.store.settings import Settings
from takeback.web import epcis, problems
from takeback.web.api import API
from takeback.web.api.description import Description
from takeback.web.api.idempotency import provide_once
from takeback.web.body_form import check_body_form
from takeback.web.console import STATIC
from takeback.web.head import HeadAsGet
from takeback.web.pages import PAGES
from takeback.web.preferences import AnyRequest
from takeback.web.security import STATIC as UNGUARDED
from takeback.web.security import Authentication, add_security_headers, provide_actor, provide_caller

_NO_FILE = (
    ValueError,
    OSError,
    InternalServerException,
)  # of names that no file can have: with the character U+0000, too long
LARGEST_BODY = 10_000_000
"""Bytes. Routes that take uploads say their own `request_max_body_size`."""


def create_app(settings: Settings | None = None) -> Litestar:
    """Return the application; it works on `takeback.store.database()`.

    Handlers that touch the database run in a pool of `settings.threads` threads, each of which holds at most one
    of the `settings.pool_size` connections at a time. Not to be called inside a running event loop.
    """
    settings = settings or Settings.from_environment()
    pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="handler")
    set_asyncio_executor(pool)
    app = Litestar(
        # One router: Litestar wraps a handler twice that shares its path with a later one on the application itself.
        route_handlers=[Router("/", route_handlers=[*API, epcis.ROUTER, *PAGES, *_static_files()])],
        dependencies={
            "caller": Provide(provide_caller, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
            "once": Provide(provide_once),
        },
        middleware=[Authentication()],
        guards=[check_body_form],
        exception_handlers={Exception: _answer},
        before_send=[add_security_headers],
        openapi_config=_openapi(),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = epcis.Addresses(HeadAsGet(app.asgi_handler, own=tuple(STATIC)))
    return app


def _answer(request: AnyRequest, exception: Exception) -> Response[Any]:
    """Answer a request that ended with an exception, in the words of the interface that it was sent to."""
    if epcis.is_below(request.scope["path"]):
        return epcis.answer(request, exception)
    return problems.answer(request, exception)


def _static_files() -> list[ControllerRouterHandler]:
    return [
        create_static_files_router(
            path,
            [folder],
            opt=UNGUARDED,
            include_in_schema=False,
            name=path,
            exception_handlers=dict.fromkeys(_NO_FILE, problems.no_file),
        )
        for path, folder in STATIC.items()
        if folder.is_dir()
    ]


def _openapi() -> OpenAPIConfig:
    schemes: dict[str, SecurityScheme | Reference] = {
        "key": SecurityScheme(type="http", scheme="bearer", description="An API key, `tb_<id>.<secret>`."),
        "session": SecurityScheme(
            type="apiKey",
            name="takeback_session",
            security_scheme_in="cookie",
            description="The cookie of POST /api/v1/sessions; changing requests send `x-csrftoken`, too.",
        ),
    }
    return OpenAPIConfig(
        title="Takeback",
        version=takeback.__version__,
        description="Everything the console does. Errors are RFC 9457 problems.",
        openapi_router=Router("/api/openapi.json", route_handlers=[], opt=UNGUARDED, include_in_schema=False),
        render_plugins=[Description(path=["/", "/openapi.json"])],
        components=Components(security_schemes=schemes),
        security=[{"key": []}, {"session": []}],
        use_handler_docstrings=False,
    )
