"""What a person has chosen to look at, and how: kept in cookies, so that it holds before signing in too."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from takeback.operate.identity import Locale
from takeback.web.console import LOCALES
from takeback.web.console.views import Theme
from takeback.web.security.caller import caller_of
from takeback.web.security.cookies import is_https

AnyRequest = Request[Any, Any, Any]
Window = Literal["day", "week", "month", "all"]
VerticalChoice = Literal["", "batteries", "returns"]

CHOICES: dict[str, tuple[str, ...]] = {
    "locale": LOCALES,
    "theme": get_args(Theme),
    "vertical": get_args(VerticalChoice),
    "window": get_args(Window),
}
_SITE = re.compile(r"[A-Za-z0-9_.-]{0,64}")
_A_YEAR = 31_536_000


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """Language and theme; the site (its code, empty for all), vertical and time the figures are of."""

    locale: Locale = "en"
    theme: Theme = "auto"
    site: str = ""
    vertical: VerticalChoice = ""
    window: Window = "week"


def preferences_of(request: AnyRequest) -> Preferences:
    """Return what was chosen; the language may also follow from the account or the browser."""
    chosen = {name: value for name in ("theme", "site", "vertical", "window") if (value := _cookie(request, name))}
    return msgspec.convert({**chosen, "locale": locale_of(request)}, Preferences)


def locale_of(request: AnyRequest) -> Locale:
    """Return the language for this request: chosen in this browser, else of the account, else of the browser.

    What is chosen on the sign-in page holds after it.
    """
    caller, chosen = caller_of(request), _cookie(request, "locale")
    if chosen is None and caller is not None and caller.signed_in is not None:
        return caller.signed_in.user.locale
    return "zh_Hans" if (chosen or _accepted(request)) == "zh_Hans" else "en"


def preference_cookie(request: AnyRequest, name: str, value: str) -> Cookie:
    """Return the cookie that keeps one choice."""
    return Cookie(
        key=f"takeback_{name}",
        value=value,
        max_age=_A_YEAR,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def is_choice(name: str, value: str) -> bool:
    """Whether `value` can be chosen for the preference `name`."""
    if name == "site":
        return _SITE.fullmatch(value) is not None
    return value in CHOICES.get(name, ())


def own_path(target: str) -> str:
    """Return `target` when it is a path of this server, else `/`: nobody is sent elsewhere by a crafted link."""
    try:
        parts = urlsplit(target)
    except ValueError:  # brackets that hold no address, letters that stand for a slash
        return "/"
    ours = target.startswith("/") and not target.startswith("//") and not parts.scheme and not parts.netloc
    return target if ours and target.isprintable() and "\\" not in target else "/"


def _cookie(request: AnyRequest, name: str) -> str | None:
    value = request.cookies.get(f"takeback_{name}")
    return value if value is not None and is_choice(name, value) else None


def _accepted(request: AnyRequest) -> str:
    """Return the first of our languages among those the browser prefers (RFC 9110, 12.5.4)."""
    ranked = []
    for position, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        ranked.append((-_weight(weight), position, tag.lower()))
    for unwanted, _, tag in sorted(ranked):
        if unwanted and tag.split("-")[0] in {"en", "zh"}:
            return "zh_Hans" if tag.startswith("zh") else "en"
    return "en"


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
