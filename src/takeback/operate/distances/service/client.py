"""One request to a table service: to a host that the installation allows, without redirects, within limits."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.epcis.destination import Destination, is_allowed

TIMEOUT_S = 30.0  # for a whole request: connecting, waiting and reading
LARGEST = 64 * 2**20  # bytes of an answer; a hundred times a hundred pairs take less than one
_PORTS = {"http": 80, "https": 443}
_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one server; `key` is sent as `Authorization` where there is one, and to nobody else."""

    base: str
    allowed: tuple[str, ...] = ()
    key: str = ""
    timeout_s: float = TIMEOUT_S
    largest: int = LARGEST

    def __post_init__(self) -> None:
        _destination(self.base, self.allowed)

    @property
    def host(self) -> str:
        """The host, and port where it is not the usual one."""
        return _destination(self.base, self.allowed).authority

    def ask(self, path: str, body: object = None) -> dict[str, object]:
        """Return the JSON object that the server answers to GET, or to POST where there is a body.

        Raises
        ------
        Problem
            ``distances.service-failed`` for whatever goes wrong on the way or on the other side.
        """
        there = _destination(self.base, self.allowed)
        connection = _Pinned(there, self.timeout_s, self.allowed)
        clock = threading.Timer(self.timeout_s, connection.cut)
        clock.daemon = True
        clock.start()
        try:
            asked = None if body is None else json.dumps(body).encode()
            connection.request("POST" if asked else "GET", there.path.rstrip("/") + path, asked, self._headers(there))
            response = connection.getresponse()
            content = self._read(response)
            if connection.late:
                raise TimeoutError
            return _answer(there, response.status, content)
        except (OSError, HTTPException, ValueError, RecursionError) as error:  # the last: JSON too deep
            late = f"no complete answer within {self.timeout_s:g} s" if connection.late else None
            raise failed(there.authority, late or f"{type(error).__name__}: {error}") from error
        finally:
            clock.cancel()
            connection.close()

    def _headers(self, there: Destination) -> dict[str, str]:
        headers = {"Host": there.authority, "Accept": "application/json", "Content-Type": "application/json"}
        return {**headers, "Authorization": self.key} if self.key else headers

    def _read(self, response: HTTPResponse) -> bytes:
        """Return the whole answer. Raises OSError when it is too long."""
        parts, size = [], 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.largest:
                raise OSError(f"the answer is larger than {self.largest} bytes")
        return b"".join(parts)


class _Pinned(HTTPConnection):
    """A connection to an address that was looked at: a name that is not allowed must be this machine."""

    def __init__(self, there: Destination, timeout_s: float, allowed: tuple[str, ...]) -> None:
        super().__init__(there.host, there.port, timeout=timeout_s)
        self._there, self._allowed = there, allowed
        self.late = False
        self._wire: socket.socket | None = (
            None  # http.client lets go of its own when an answer ends with the connection
        )

    def cut(self) -> None:
        """End the connection: its time is over, however little by little the other side goes on sending."""
        self.late = True
        if self._wire is not None:
            with suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        """Connect, over TLS where the address says https."""
        self.sock = self._first_that_answers()
        if self._there.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._there.host)
        self._wire = self.sock

    def _first_that_answers(self) -> socket.socket:
        """Return a connection to one of the host's addresses: localhost has two, and servers often listen on one."""
        last: OSError = OSError(f"{self._there.host} has no address")
        for *_, end in socket.getaddrinfo(self._there.host, self._there.port, type=socket.SOCK_STREAM):
            address = str(end[0])
            try:
                self._reject_foreign(address)
                return socket.create_connection((address, self._there.port), self.timeout)
            except OSError as error:
                last = error
        raise last

    def _reject_foreign(self, address: str) -> None:
        """Raise OSError for an address that is neither this machine's nor that of a host named in the setting."""
        named = is_allowed(self._there, self._allowed) and not is_allowed(self._there, ())
        if not named and not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
            raise OSError(f"{self._there.host} is {address}, which TAKEBACK_DISTANCE_HOSTS does not allow")


def _destination(base: str, allowed: tuple[str, ...]) -> Destination:
    """Return a server's address taken apart. Raises ``distances.bad-service``, ``distances.host-not-allowed``."""
    try:
        parts = urlsplit(base)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _bad_service(base) from error
    extra = parts.username is not None or parts.query or parts.fragment
    if parts.scheme not in _PORTS or not host or extra or not base.isascii() or not base.isprintable() or " " in base:
        raise _bad_service(base)
    there = Destination(parts.scheme, host, port or _PORTS[parts.scheme], parts.path)
    if not is_allowed(there, allowed):
        hosts: Message | str = ", ".join(("localhost", *allowed))
        raise Problem(
            "distances.host-not-allowed",
            msg("This installation does not ask that host for distances."),
            found=there.authority,
            expected=msg("one of {hosts}", hosts=hosts),
            remedy=msg("Name the host in TAKEBACK_DISTANCE_HOSTS."),
        )
    return there


def _bad_service(base: str) -> Problem:
    return Problem(
        "distances.bad-service",
        msg("This is not the address of a table service."),
        found=base,
        expected=msg("an address such as http://localhost:5000, without user, parameters and fragment"),
    )


def _answer(there: Destination, status: int, content: bytes) -> dict[str, object]:
    """Return the JSON object of an answer. Raises ``distances.service-failed``; a redirect is no answer."""
    if status != 200:
        raise failed(there.authority, f"status {status}: {content[:200].decode('utf-8', 'replace')}")
    said = json.loads(content)
    if not isinstance(said, dict):
        raise failed(there.authority, f"JSON, but no object: {str(said)[:100]}")
    return said


def failed(host: str, found: str) -> Problem:
    """Return the problem of a service that gave no table."""
    return Problem(
        "distances.service-failed",
        msg("The table service gave no distances."),
        where=host,
        found=found,
        expected=msg("status 200 and a table in JSON"),
        remedy=msg("Look whether it runs and covers the region; see docs/how-to/own-roads.md."),
        status=502,
    )
