"""Where events may be sent: hosts that this installation allows, looked up once, and no redirects.

Whoever may subscribe makes this server send requests. So without the setting TAKEBACK_WEBHOOK_HOSTS only this very
machine is reached; a name is resolved here, and the connection goes to the address that was looked at.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.epcis.schedule import controls

_PORTS = {"http": 80, "https": 443}
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination taken apart; ``path`` holds the parameters, too."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_destination(text: object, allowed: tuple[str, ...]) -> Destination:
    """Return the destination of a URL. Raises ``epcis.subscription-controls`` (400) for what may not be reached."""
    if not isinstance(text, str) or len(text) > LONGEST or not text.isprintable() or " " in text:
        raise controls("/dest", text, msg("the address of a webhook, such as https://client.example.com/events"))
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host.encode("idna")
    except (ValueError, UnicodeError):
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.fragment or not text.isascii():
        raise controls("/dest", text, msg("an address that begins with https:// or http://, without user and fragment"))
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    made = Destination(parts.scheme, host, port or _PORTS[parts.scheme], path)
    if not is_allowed(made, allowed):
        raise _refused(text, allowed)
    return made


def is_allowed(destination: Destination, allowed: tuple[str, ...]) -> bool:
    """Whether the installation allows a destination: by its name, or as an address of this machine."""
    return any(_matches(destination, pattern) for pattern in allowed) or _is_loopback_name(destination.host)


def address_of(destination: Destination, allowed: tuple[str, ...]) -> str:
    """Return the IP address to connect to.

    Raises
    ------
    OSError
        When the name is not known, or is not, or no longer, one that may be reached.
    """
    found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    named = any(_matches(destination, pattern) for pattern in allowed)
    if not named and not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        raise OSError(f"{destination.host} is {address}, which TAKEBACK_WEBHOOK_HOSTS does not allow")
    return address


def _is_loopback_name(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _matches(destination: Destination, pattern: str) -> bool:
    name, port = pattern, ""
    if pattern.startswith("["):
        name, _, port = pattern[1:].partition("]")
        port = port.removeprefix(":")
    elif pattern.count(":") == 1:
        name, _, port = pattern.partition(":")
    if port and int(port) != destination.port:
        return False
    host = destination.host.lower()
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _refused(text: str, allowed: tuple[str, ...]) -> Problem:
    hosts: Message | str = ", ".join(("localhost", *allowed))
    problem = controls("/dest", text, msg("a host that this installation sends events to: {hosts}", hosts=hosts))
    problem.remedy = msg("Ask who runs this server to name the host in TAKEBACK_WEBHOOK_HOSTS.")
    return problem
