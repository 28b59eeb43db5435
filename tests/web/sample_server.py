"""The sample pages on a loopback address, under the real content security policy."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from takeback.web.console import CONTENT_SECURITY_POLICY, STATIC, render
from tests.web.sample_genealogy import genealogy_part
from tests.web.sample_views import PAGES, fragments, shell


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        for root, folder in STATIC.items():
            if parts.path.startswith(root + "/"):
                path = folder / parts.path[len(root) + 1 :]
                kind = "text/javascript" if path.suffix == ".mjs" else mimetypes.guess_type(path.name)[0]
                return self._send(path.read_bytes() if path.exists() else b"", kind or "", path.exists())
        if parts.path == "/drive/worker.js":  # as web/pages/driving.py has it; a browser complains where it is missing
            return self._send((STATIC["/static/console"] / "drive-worker.js").read_bytes(), "text/javascript")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        name = parts.path.strip("/")
        if name in PAGES:
            path, make = PAGES[name]
            around = shell(path, query.get("locale", "en"), query.get("theme", "light"))
            if name.startswith("sign-in"):
                around = shell(path, around.locale, around.theme, person=None, scope=None, checkpoint=None)
            return self._send(render(make(), around).encode(), "text/html; charset=utf-8")
        if name.endswith("/progress"):
            return self._send(render(fragments()["progress"], shell()).encode(), "text/html; charset=utf-8")
        if name.startswith("plans/jobs/"):
            return self._send(render(fragments()["planning"], shell()).encode(), "text/html; charset=utf-8")
        if name.endswith("/genealogy"):
            return self._send(render(genealogy_part(), shell()).encode(), "text/html; charset=utf-8")
        return self._send(b"", "text/plain", found=False)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send(b"<p>done</p>", "text/html; charset=utf-8")

    def _send(self, body: bytes, kind: str, found: bool = True) -> None:
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def sample_server() -> Iterator[str]:
    """Serve on a free port until the block ends; yields the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
