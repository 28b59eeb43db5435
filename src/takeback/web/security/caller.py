"""The caller of a request, as handlers see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor, SignedIn

PUBLIC: dict[str, Any] = {"access": "public"}
"""`opt` of a route that anybody may call; a session is looked up when there is a cookie."""
PERSON: dict[str, Any] = {"access": "person"}
"""`opt` of a route for people who have signed in, also those who belong to no organisation."""
KNOWN: dict[str, Any] = {"access": "known"}
"""`opt` of a route for people who have signed in and for API keys."""
STATIC: dict[str, Any] = {"access": "static"}
"""`opt` of a route that looks at no caller at all. A route that says nothing needs an actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: somebody signed in, an API key, or a visitor. `secret` is what CSRF tokens are made from."""

    address: str
    secret: str | None = None
    visitor: str | None = None
    signed_in: SignedIn | None = None
    actor: Actor | None = None

    def person(self) -> SignedIn:
        """Return who has signed in; `identity.sign-in` (401), or `identity.no-person` (403) for a key."""
        if self.signed_in is None:
            if self.actor is not None:
                self.actor.person()
            raise must_sign_in()
        return self.signed_in


def must_sign_in() -> Problem:
    """Return the problem of a request without, or with a worthless, credential."""
    return Problem(
        "identity.sign-in",
        msg("You are not signed in."),
        remedy=msg("Sign in, or send an API key as `Authorization: Bearer tb_…`."),
        status=401,
    )


def caller_of(request: Request[Any, Any, Any]) -> Caller | None:
    """Return the caller, None where no route was found or the route looks at no caller."""
    found = request.scope.get("user")
    return found if isinstance(found, Caller) else None


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Give handlers their `caller`."""
    caller = caller_of(request)
    if caller is None:
        raise must_sign_in()
    return caller


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Give handlers their `actor`; `identity.no-organisation` (403) for who belongs to none."""
    caller = provide_caller(request)
    if caller.actor is not None:
        return caller.actor
    caller.person()
    raise Problem(
        "identity.no-organisation",
        msg("You belong to no organisation yet."),
        remedy=msg("Create one, or ask an owner to invite you."),
        status=403,
    )
