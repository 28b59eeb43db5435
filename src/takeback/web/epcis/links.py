"""Addresses of this server as the caller sees it."""

from __future__ import annotations

from takeback.web.preferences import AnyRequest


def absolute(request: AnyRequest, path: str) -> str:
    """Return a path of ours with the scheme and host of the request."""
    return f"{request.url.scheme}://{request.url.netloc}{path}"
