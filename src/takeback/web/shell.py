"""What stands around a console page, as far as it follows from the request alone."""

from __future__ import annotations

from datetime import UTC, datetime

from takeback.core.message import msg
from takeback.operate.identity import Membership, SignedIn
from takeback.web.console.views import CentrePlace, Person, ScopeChoice, Shell
from takeback.web.preferences import AnyRequest, preferences_of
from takeback.web.security.caller import caller_of
from takeback.web.security.csrf import csrf_token


def plain_shell(request: AnyRequest) -> Shell:
    """Return the shell of a page; those with figures add scope, checkpoint and counts by `structs.replace`."""
    caller, chosen = caller_of(request), preferences_of(request)
    secret = (caller.secret or caller.visitor) if caller else None
    signed_in = caller.signed_in if caller else None
    membership = membership_of(signed_in)
    centre = _centre(membership, chosen.locale)
    return Shell(
        now=datetime.now(UTC),
        path=request.url.path,
        locale=chosen.locale,
        theme=chosen.theme,
        timezone=membership.time_zone if membership else "UTC",
        person=_person(signed_in, membership, chosen.locale) if signed_in else None,
        csrf_token=csrf_token(secret) if secret else "",
        centre=centre,
        places=(CentrePlace(href="/centre", label=msg("Overview"), starts=("/centre",)),) if centre else (),
    )


def works_in_centre(request: AnyRequest) -> bool:
    """Whether the organisation with which somebody works now is a centre."""
    caller = caller_of(request)
    membership = membership_of(caller.signed_in) if caller else None
    return membership is not None and membership.kind == "centre"


def _centre(membership: Membership | None, locale: str) -> str:
    if membership is None or membership.kind != "centre":
        return ""
    return membership.name_zh if locale == "zh_Hans" else membership.name


def membership_of(signed_in: SignedIn | None) -> Membership | None:
    """Return the membership with which somebody works now."""
    if signed_in is None or signed_in.actor is None:
        return None
    return next(m for m in signed_in.memberships if m.org_id == signed_in.actor.org_id)


def _person(signed_in: SignedIn, membership: Membership | None, locale: str) -> Person:
    def called(one: Membership) -> str:
        return one.name_zh if locale == "zh_Hans" else one.name

    others = (one for one in signed_in.memberships if one is not membership)
    return Person(
        name=signed_in.user.display_name,
        email=signed_in.user.email,
        organisation=called(membership) if membership else "",
        role=membership.role if membership else "",
        others=tuple(ScopeChoice(value=str(one.org_id), label=called(one)) for one in others),
    )
