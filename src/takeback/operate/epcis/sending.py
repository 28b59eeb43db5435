"""One request to a webhook: to the address that was looked at, without redirects, with an answer of a status."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from takeback.operate.epcis.destination import Destination, address_of

TIMEOUT_S = 10.0
_READ = 1000  # bytes of an answer that are looked at


class Answered(NamedTuple):
    """What came back: an HTTP status, or None and why there was none."""

    status: int | None
    reason: str


def send(destination: Destination, allowed: tuple[str, ...], body: bytes, headers: Mapping[str, str]) -> Answered:
    """Post a body and return what came back; never raises for what the other side does."""
    try:
        connection = _Pinned(destination, address_of(destination, allowed))
    except OSError as error:
        return Answered(None, _told(error))
    try:
        connection.request("POST", destination.path, body, {"Host": destination.authority, **headers})
        response = connection.getresponse()
        said = response.read(_READ).decode("utf-8", "replace")
        return Answered(response.status, f"{response.status} {response.reason}: {said}"[:300].replace("\0", ""))
    except (OSError, HTTPException, ValueError) as error:
        return Answered(None, _told(error))
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to an address that was looked up before, whatever the name says by now."""

    def __init__(self, destination: Destination, address: str) -> None:
        super().__init__(destination.host, destination.port, timeout=TIMEOUT_S)
        self._destination, self._address = destination, address

    def connect(self) -> None:
        """Connect, over TLS where the address says https; the certificate is that of the name."""
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_S)
        if self._destination.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._destination.host)


def _told(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text[:300].replace("\0", "")
