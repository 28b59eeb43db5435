"""A receiver of deliveries on this machine, which answers as it is told and remembers what came."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass
class Receiver:
    """`answers` are the statuses of the next requests, then 200; `came` are bodies and headers in their order."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    def events(self, *, taken: bool = True) -> list[dict[str, Any]]:
        """Return all events that came, each delivery once."""
        by_delivery = {headers["takeback-delivery"]: body for body, headers in self.came}
        return [event for body in by_delivery.values() for event in events_of(body)]


def events_of(body: bytes) -> list[dict[str, Any]]:
    """Return the events of a delivery."""
    listed: list[dict[str, Any]] = msgspec.json.decode(body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return listed


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on a free port of the loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.answers.pop(0) if receiver.answers else 200
            if status == 200:
                receiver.came.append((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(status)
            self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
