"""Table services: three dialects of a server of our own, and everything that can go wrong with one."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from takeback.core.places import haversine_matrix_m
from takeback.core.problem import Problem
from takeback.operate.distances.haversine import Haversine
from takeback.operate.distances.service import TableService, WithStandIn
from takeback.operate.distances.service.client import Client
from tests.operate.distances.places import locations

Answer = Callable[["_Handler", str, bytes], None]
Rows = list[list[float | None]]


class _Handler(BaseHTTPRequestHandler):
    answer: Answer

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        type(self).answer(self, self.path, self.rfile.read(length))

    def send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Yield the address of a server that answers so."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"answer": staticmethod(answer)}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _tables(sources: list[tuple[float, float]], targets: list[tuple[float, float]]) -> tuple[Rows, Rows]:
    """Return metres of 1.4 x the straight line, and seconds at 36 km/h."""
    lat, lon = zip(*sources, strict=True)
    metres = 1.4 * haversine_matrix_m(lat, lon, *zip(*targets, strict=True))
    return metres.tolist(), (metres / 10).tolist()


def osrm(handler: _Handler, path: str, body: bytes) -> None:
    parts = urlsplit(path)
    assert parts.path.startswith("/table/v1/driving/") and not body
    places = [tuple(map(float, pair.split(",")))[::-1] for pair in parts.path.rsplit("/", 1)[1].split(";")]
    asked = parse_qs(parts.query)
    assert asked["annotations"] == ["duration,distance"] and len(places) <= 100
    ends = [[places[int(k)] for k in asked[name][0].split(";")] for name in ("sources", "destinations")]
    metres, seconds = _tables(*ends)  # type: ignore[arg-type]
    handler.send(200, json.dumps({"code": "Ok", "distances": metres, "durations": seconds}).encode())


def valhalla(handler: _Handler, path: str, body: bytes) -> None:
    asked = json.loads(body)
    assert path == "/sources_to_targets" and asked["costing"] == "truck" and asked["units"] == "kilometers"
    ends = [[(p["lat"], p["lon"]) for p in asked[name]] for name in ("sources", "targets")]
    metres, seconds = _tables(*ends)
    cells = [
        [{"distance": m / 1000, "time": s} for m, s in zip(*rows, strict=True)]  # type: ignore[operator]
        for rows in zip(metres, seconds, strict=True)
    ]
    handler.send(200, json.dumps({"sources_to_targets": cells}).encode())


def ors(handler: _Handler, path: str, body: bytes) -> None:
    asked = json.loads(body)
    assert path == "/v2/matrix/driving-hgv" and asked["metrics"] == ["distance", "duration"] and asked["units"] == "m"
    assert handler.headers["Authorization"] == "a key"
    places = [(lat, lon) for lon, lat in asked["locations"]]
    metres, seconds = _tables(*([places[k] for k in asked[name]] for name in ("sources", "destinations")))
    handler.send(200, json.dumps({"distances": metres, "durations": seconds}).encode())


@pytest.mark.parametrize(("kind", "answer"), [("osrm", osrm), ("valhalla", valhalla), ("ors", ors)])
def test_the_three_services_are_understood_block_by_block(kind: str, answer: Answer) -> None:
    """120 places, more than one request may hold: every pair comes from the service, in its place, whole numbers."""
    places = locations(120)
    with serving(answer) as base:
        way = TableService(kind, Client(base, key="a key")).matrix(places)
    lat, lon = [p.lat for p in places], [p.lon for p in places]
    expected = 1.4 * haversine_matrix_m(lat, lon)  # type: ignore[arg-type]
    assert np.abs(way.distance_m - expected).max() <= 1
    assert np.abs(way.duration_s - expected / 10).max() <= 1
    assert way.provenance.startswith(f"{kind}; 127.0.0.1:")
    assert way.warnings == ()


def _fails(base: str, **limits: float) -> Problem:
    with pytest.raises(Problem) as caught:
        TableService("osrm", Client(base, **limits)).matrix(locations(3))  # type: ignore[arg-type]
    return caught.value


def _sending(status: int, content: bytes, **headers: str) -> Answer:
    return lambda handler, path, body: handler.send(status, content, **headers)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (_sending(500, b"out of order"), "status 500: out of order"),
        (_sending(200, b"<html>"), "JSONDecodeError"),
        (_sending(200, b"[]"), "no object"),
        (_sending(200, b'{"code": "InvalidQuery"}'), "code InvalidQuery"),
        (_sending(200, b'{"code": "Ok", "distances": [[1]], "durations": [[1]]}'), "figures instead of (3, 3)"),
        (_sending(200, b'{"code": "Ok", "distances": 7, "durations": [[1]]}'), "no list of rows"),
        (_sending(200, b'{"code": "Ok"}'), "KeyError"),
        (_sending(200, json.dumps({"code": "Ok", "distances": [[-1] * 3] * 3, "durations": [[1] * 3] * 3}).encode()),
         "figures below 0"),
        (_sending(200, b'{"code": "Ok", "distances": [[1%s]], "durations": [[1]]}' % (b"0" * 400)), "OverflowError"),
        (_sending(200, b"[" * 100_000), "RecursionError"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_a_failure(answer: Answer, found: str) -> None:
    """Whatever comes back, a failed service is told as such, with its host and what it said."""
    with serving(answer) as base:
        problem = _fails(base)
    assert problem.kind == "distances.service-failed"
    assert problem.where == base.removeprefix("http://")
    assert found in str(problem.found)


def test_a_redirect_is_not_followed() -> None:
    """A server may not send us elsewhere: into the own network, say."""
    asked: list[str] = []

    def elsewhere(handler: _Handler, path: str, body: bytes) -> None:
        asked.append(path)
        handler.send(302, b"", Location=f"http://{handler.headers['Host']}/inner")

    with serving(elsewhere) as base:
        assert "status 302" in str(_fails(base).found)
    assert len(asked) == 1 and "/inner" not in asked


def test_an_answer_too_large_or_too_slow_is_cut_off() -> None:
    """Neither endless nor dripping answers hold a worker: the reading ends at the limit of size or time."""
    with serving(_sending(200, b" " * 200_000)) as base:
        assert "larger than 100000 bytes" in str(_fails(base, largest=100_000).found)

    over = threading.Event()

    def dripping(handler: _Handler, path: str, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not over.is_set():
            try:
                handler.wfile.write(b" ")
                time.sleep(0.02)
            except OSError:
                return

    def dripping_headers(handler: _Handler, path: str, body: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not over.is_set():
            try:
                handler.wfile.write(b"X-More: 1\r\n")
                time.sleep(0.05)
            except OSError:
                return

    for slow in (dripping, dripping_headers):
        with serving(slow) as base:
            problem = _fails(base, timeout_s=0.3)
        assert "no complete answer within 0.3 s" in str(problem.found)
    over.set()


def test_pairs_without_a_way_are_told_and_not_estimated() -> None:
    """`null` means that the service knows no way: the pairs are named, and no stand-in glosses over it."""
    holes = {"code": "Ok", "distances": [[0, None, 5], [5, 0, 5], [5, 5, 0]], "durations": [[0, 1, 1]] * 3}
    with serving(_sending(200, json.dumps(holes).encode())) as base, pytest.raises(Problem) as caught:
        WithStandIn(TableService("osrm", Client(base)), Haversine()).matrix(locations(3))
    assert caught.value.kind == "distances.unreachable"
    assert (caught.value.where, caught.value.found) == ("p0 - p1", 1)


def test_a_stand_in_is_loud(caplog: pytest.LogCaptureFixture) -> None:
    """When the service fails, distances are estimated; warning, provenance and log all say so, with the reason."""
    places = locations(4)
    with serving(_sending(503, b"maintenance")) as base, caplog.at_level(logging.WARNING):
        way = WithStandIn(TableService("osrm", Client(base)), Haversine()).matrix(places, profile="van")
    assert np.array_equal(way.distance_m, Haversine().matrix(places, profile="van").distance_m)
    assert len(way.warnings) == 1 and "maintenance" in str(way.warnings[0])
    assert "haversine x 1.3" in way.provenance and "INSTEAD OF 127.0.0.1" in way.provenance
    assert "maintenance" in caplog.text


def test_a_stand_in_drives_as_usual_where_it_does_not_know_the_profile() -> None:
    """The service's own profile names mean nothing to the estimate: its usual vehicle is taken."""
    with serving(_sending(503, b"")) as base:
        provider = WithStandIn(TableService("valhalla", Client(base)), Haversine())
        way = provider.matrix(locations(2), profile="motor_scooter")
    assert np.array_equal(way.duration_s, Haversine().matrix(locations(2)).duration_s)


@pytest.mark.parametrize(
    "base", ["http://192.168.0.7:5000", "http://example.org", "http://10.0.0.1", "http://[fe80::1]"]
)
def test_hosts_that_are_not_named_are_never_asked(base: str) -> None:
    """Without the setting, only this machine may be asked; the problem names the setting."""
    with pytest.raises(Problem) as caught:
        Client(base)
    assert caught.value.kind == "distances.host-not-allowed"
    assert "TAKEBACK_DISTANCE_HOSTS" in str(caught.value.remedy)


def test_a_host_that_is_named_may_be_asked() -> None:
    """Names, any port or one, and all names of a domain."""
    assert Client("https://roads.example:8443/ors", ("roads.example",)).host == "roads.example:8443"
    assert Client("http://a.own.example", ("*.own.example:80",)).host == "a.own.example"
    with pytest.raises(Problem):
        Client("http://own.example.evil.example", ("own.example",))


def test_a_name_that_leads_elsewhere_than_it_says_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` that resolves to another machine is refused when it is resolved, whatever its name."""
    import socket  # noqa: PLC0415

    foreign = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: foreign)
    problem = _fails("http://tiles.localhost:5000")
    assert "192.0.2.7" in str(problem.found) and "TAKEBACK_DISTANCE_HOSTS" in str(problem.found)


@pytest.mark.parametrize(
    "base",
    ["ftp://localhost", "localhost:5000", "http://", "http://u:p@localhost", "http://localhost/?a=1", "http://a b"],
)
def test_what_is_no_address_is_told(base: str) -> None:
    """Other schemes, users, parameters: not the address of a table service."""
    with pytest.raises(Problem, match="not the address"):
        Client(base)


@pytest.mark.parametrize("profile", ["../admin", "a/b", "driving?x=1", "ä"])
def test_a_profile_cannot_leave_its_place_in_the_path(profile: str) -> None:
    """A profile is a word; whatever else is refused before a request is made."""
    with pytest.raises(Problem, match="profile is not known"):
        TableService("osrm", Client("http://localhost:9")).matrix(locations(2), profile=profile)


def test_no_places_ask_nobody() -> None:
    """Nothing asked, no request made."""
    assert TableService("osrm", Client("http://localhost:9")).matrix([]).distance_m.shape == (0, 0)
