"""The signature of a delivery (header GS1-Signature): HMAC-SHA256 under the subscriber's token, over time and body."""

from __future__ import annotations

import hmac

HEADER = "GS1-Signature"


def signature(token: str, at: int, body: bytes) -> str:
    """Return `t=SECONDS,sha256=HEX`: HMAC-SHA256 (RFC 2104) over the decimal Unix time, a full stop, and the body.

    The time is signed so that an old delivery cannot be sent again by a stranger as a new one.
    """
    digest = hmac.digest(token.encode(), f"{at}.".encode() + body, "sha256")
    return f"t={at},sha256={digest.hex()}"


def verifies(token: str, header: str, body: bytes) -> bool:
    """Whether `header` is a signature of `body` under `token`; how old it is, is the receiver's to judge."""
    fields = dict(part.partition("=")[::2] for part in header.split(","))
    try:
        at = int(fields["t"])
    except (KeyError, ValueError):
        return False
    return hmac.compare_digest(header, signature(token, at, body))
