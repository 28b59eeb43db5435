"""Destinations: only what is allowed is reached, whatever a name says."""

from __future__ import annotations

from typing import Any

import pytest

from takeback.core.problem import Problem
from takeback.operate.epcis.destination import Destination, address_of, read_destination
from takeback.operate.epcis.sending import send


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/x",
        "http://LOCALHOST.:8080/x",
        "http://127.0.0.1/",
        "http://127.9.9.9:1/?a=b",
        "http://[::1]:9/",
        "https://hooks.localhost/",
    ],
)
def test_this_machine_is_reached(url: str) -> None:
    """Loopback in each spelling."""
    assert read_destination(url, ()).port > 0


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://10.1.2.3/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost.evil.example/",
        "http://evil.example/localhost",
        "http://evil.example#localhost",
        "http://localhost@evil.example/",
        "http://evil.example\\@localhost/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "http://",
        "http://[::1",
        "http://localhost:0x50/",
        "http://lоcalhost/",
        "",
        7,
    ],
)
def test_nothing_else_is(url: Any) -> None:
    """Not by another spelling of an address, not by a name that looks like it."""
    with pytest.raises(Problem) as caught:
        read_destination(url, ())
    assert caught.value.kind == "epcis.subscription-controls"


def test_a_name_that_leads_elsewhere_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name under .localhost that a bent resolver sends into the network is looked at before it is connected to."""
    found = [(2, 1, 6, "", ("10.0.0.7", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    destination = read_destination("http://hooks.localhost/", ())
    with pytest.raises(OSError, match=r"10\.0\.0\.7"):
        address_of(destination, ())
    answered = send(destination, (), b"{}", {})
    assert answered.status is None
    assert "TAKEBACK_WEBHOOK_HOSTS" in answered.reason
    assert address_of(Destination("http", "hooks.localhost", 80, "/"), ("*.localhost",)) == "10.0.0.7"
