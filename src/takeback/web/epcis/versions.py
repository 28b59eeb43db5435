"""Which versions are spoken here, and whether the caller speaks one of them (REST binding, custom headers)."""

from __future__ import annotations

import re
from typing import Final

import takeback
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.personal import NAMESPACE
from takeback.web.preferences import AnyRequest

EPCIS: Final = "2.0.0"
CBV: Final = "2.0.0"
LONGEST_ADDRESS: Final = 16_384
"""Characters of path and query. A query that is longer is posted to /epcis/queries."""

SPOKEN: Final = {
    "GS1-EPCIS-Version": EPCIS,
    "GS1-CBV-Version": CBV,
    "GS1-Extensions": f"takeback={NAMESPACE}",
}
"""Headers of every answer."""
DISCOVERED: Final = {
    **SPOKEN,
    "GS1-EPCIS-Min": EPCIS,
    "GS1-EPCIS-Max": EPCIS,
    "GS1-CBV-Min": CBV,
    "GS1-CBV-Max": CBV,
    "GS1-Vendor-Version": f"takeback-{takeback.__version__}",
    "GS1-EPC-Format": "No_Preference, Always_GS1_Digital_Link, Always_EPC_URN, Never_Translates",
    "GS1-CBV-XML-Format": "No_Preference, Always_Web_URI, Always_URN, Never_Translates",
}
"""Headers of the answers to OPTIONS."""
_OURS = {"EPCIS": EPCIS, "CBV": CBV}
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,5}")
_ASKED = tuple(
    (f"gs1-{name.lower()}-{kind}", name, kind) for name in ("EPCIS", "CBV") for kind in ("version", "min", "max")
)


async def check_request(request: AnyRequest) -> None:
    """Refuse an address that is too long, and a caller who wants other versions than ours.

    Raises
    ------
    Problem
        ``epcis.uri-too-long`` (414), ``epcis.not-acceptable`` (406).
    """
    length = len(request.scope.get("raw_path") or request.scope["path"]) + len(request.scope["query_string"])
    if length > LONGEST_ADDRESS:
        raise Problem(
            "epcis.uri-too-long",
            msg("The address is too long."),
            found=msg("{count} characters", count=length),
            expected=msg("at most {count} characters", count=LONGEST_ADDRESS),
            remedy=msg("Post the query to /epcis/queries and ask for its events."),
            status=414,
        )
    headers = request.headers
    for header, name, kind in _ASKED:
        if (wanted := headers.get(header)) is not None and not _fits(wanted.strip(), _OURS[name], kind):
            raise not_acceptable(header, wanted, _OURS[name])


def not_acceptable(where: str, found: str, expected: str) -> Problem:
    """Return the problem of an answer in a form that the caller does not take."""
    return Problem(
        "epcis.not-acceptable",
        msg("The answer cannot be given in the form that the request asks for."),
        where=where,
        found=found,
        expected=expected,
        status=406,
    )


def _fits(wanted: str, ours: str, kind: str) -> bool:
    if not _VERSION.fullmatch(wanted):
        return False
    given = [int(part) for part in wanted.split(".")]
    own = [int(part) for part in ours.split(".")]
    if kind == "version":
        return given == own[: len(given)]
    if kind == "min":
        return given <= own
    return given >= own[: len(given)]
