"""`takeback serve`: the console and the interface for programs on one address."""

from __future__ import annotations

import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import uvicorn

from takeback import store
from takeback.cli import companion
from takeback.cli.session import database
from takeback.core.interpreter import for_throughput
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.settings import Settings

LARGEST_PORT = 65_535
WAITING = 128  # connections that may wait to be taken
FIRST_ANSWER_S = 0.2  # who waited for the server gets the first page undisturbed


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    proxy: str | None = None,
    worker: bool = True,
    demo: bool = False,
) -> None:
    """Serve the console and the interface for programs, with a worker beside it, until stopped.

    The database is started and brought to this version first.

    Parameters
    ----------
    host:
        Listen on this address instead of TAKEBACK_HOST.
    port:
        Listen on this port instead of TAKEBACK_PORT; 0 takes a free one.
    proxy:
        Addresses of reverse proxies whose X-Forwarded headers are believed, separated by commas.
    worker:
        Run the jobs, too. Say no where `takeback worker` runs elsewhere on the same database.
    demo:
        Where the database is empty, fill it with the demo world, as a job, while people can look on already.
    """
    settings = Settings.from_environment()
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else _port(port),
    )
    listener = _listener(settings)
    for_throughput()
    # To be stopped is the normal end: all that is held is let go in order, and the exit code is 0.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit(0))
    with ExitStack() as held, ThreadPoolExecutor(1) as beside:
        # The database starts while the application loads: each takes a good part of a second.
        opened = beside.submit(held.enter_context, database(upgrade=True))
        from takeback.web.app import create_app

        opened.result()
        if demo:
            _start_demo(settings)
        if settings.capture_processes:
            from takeback.operate.epcis import beside as captures

            held.enter_context(captures.processes(settings.capture_processes))
        server = uvicorn.Server(_config(create_app(settings), proxy))
        over = threading.Event()
        held.callback(over.set)
        # No daemon: one that is cut off inside a compiled library takes the process down with an abort.
        threading.Thread(target=_warm, args=(server, over), name="warm-up").start()
        with companion.worker(ready=lambda: server.started) if worker else nullcontext():
            print(f"Takeback serves {_address(listener)} (Ctrl-C ends it)", file=sys.stderr, flush=True)
            server.run(sockets=[listener])


def _warm(server: uvicorn.Server, over: threading.Event) -> None:
    """Load what pages need at their first visit, once the first answer has gone out, unless all is over by then."""
    while not server.started:
        if over.wait(0.1):
            return
    if over.wait(FIRST_ANSWER_S):
        return
    from takeback.web.warm import warm

    warm(over)


def _start_demo(settings: Settings) -> None:
    with store.admin() as connection:
        if connection.scalar(_SETTLED):
            return  # asked here, too: what makes a world takes a second to load
    from takeback.demo.cast import PASSWORD, PEOPLE
    from takeback.demo.parameters import yangtze
    from takeback.demo.start import start_demo

    if start_demo(settings.home):
        slug = next(one.slug for one in yangtze().organisations if one.role == "operator")
        sign_in = f"sign in as {PEOPLE[0][0]}@{slug}.example with the password {PASSWORD}"
        print(f"The demo world is being filled; {sign_in}", file=sys.stderr, flush=True)


_SETTLED = sa.text(
    "select exists (select 1 from organisation where not simulated) or exists (select 1 from checkpoint)"
)


def _config(application: Callable[..., Any], proxy: str | None) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy,
        timeout_graceful_shutdown=5,
    )


def _port(port: int) -> int:
    if not 0 <= port <= LARGEST_PORT:
        raise Problem(
            "serve.bad-port",
            msg("There is no such port."),
            where="--port",
            found=port,
            expected=msg("a number from 0 to {largest}", largest=LARGEST_PORT),
            exit_code=78,
        )
    return port


def _listener(settings: Settings) -> socket.socket:
    """Return a socket that listens already: who connects from now on is answered as soon as all is loaded."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(WAITING)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise Problem(
                "serve.bad-host",
                msg("This machine has no such address to listen on."),
                where="--host / TAKEBACK_HOST",
                found=settings.host,
                expected=msg("an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0"),
                exit_code=78,
            ) from error
        raise Problem(
            "serve.port-taken",
            msg("The console cannot listen on this address."),
            where=f"{settings.host}:{settings.port}",
            found=error.strerror,
            remedy=msg("If Takeback runs there already, open it; else choose another port: --port."),
            status=503,
            exit_code=75,
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
