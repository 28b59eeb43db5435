"""In which form the caller wants the answer: media type, spelling of EPCs and of CBV words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from takeback.prove.epcis.spelling import LINK, NEVER, EpcFormat
from takeback.prove.epcis.xml_writing import CbvFormat
from takeback.web.epcis.versions import not_acceptable
from takeback.web.preferences import AnyRequest

Media = Literal["application/json", "application/ld+json", "application/xml"]
JSON: tuple[Media, ...] = ("application/json", "application/ld+json")
ALL: tuple[Media, ...] = (*JSON, "application/xml")
_NO_PREFERENCE = "No_Preference"


@dataclass(frozen=True, slots=True)
class Form:
    """How to answer."""

    media: Media
    epc: EpcFormat
    cbv: CbvFormat


def form_of(request: AnyRequest, offered: tuple[Media, ...] = ALL) -> Form:
    """Return the form that a request asks for. Raises ``epcis.not-acceptable`` (406)."""
    return Form(accepted(request, offered), epc_format(request), _cbv_format(request))


def accepted(request: AnyRequest, offered: tuple[Media, ...] = ALL) -> Media:
    """Return the media type among those offered that `Accept` likes best; the first of equals."""
    accept = request.headers.get("accept", "").strip()
    if not accept or accept == "*/*":
        return offered[0]
    ranges = [_range(part) for part in accept.split(",")]
    best = max(offered, key=lambda media: _liking(media, ranges))
    if _liking(best, ranges) <= 0:
        raise not_acceptable("Accept", accept, ", ".join(offered))
    return best


def epc_format(request: AnyRequest) -> EpcFormat:
    """Return the spelling of EPCs; Digital Links where the request says nothing (header GS1-EPC-Format)."""
    return _word(request, "GS1-EPC-Format", get_args(EpcFormat), LINK)  # type: ignore[return-value]


def _cbv_format(request: AnyRequest) -> CbvFormat:
    return _word(request, "GS1-CBV-XML-Format", get_args(CbvFormat), NEVER)  # type: ignore[return-value]


def _word(request: AnyRequest, header: str, words: tuple[str, ...], default: str) -> str:
    value = request.headers.get(header, default).strip()
    if value == _NO_PREFERENCE:
        return NEVER
    if value not in words:
        raise not_acceptable(header, value, ", ".join((_NO_PREFERENCE, *words)))
    return value


def _range(part: str) -> tuple[str, float]:
    media, *parameters = [piece.strip().lower() for piece in part.split(";")]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media, float(value)
            except ValueError:
                return media, 0.0
    return media, 1.0


def _liking(media: str, ranges: list[tuple[str, float]]) -> float:
    """Return the weight of the narrowest range that a media type falls into (RFC 9110, 12.5.1)."""
    names = (media, "text/xml") if media == "application/xml" else (media,)
    for names_of in (names, (f"{media.partition('/')[0]}/*",), ("*/*",)):
        found = [weight for name, weight in ranges if name in names_of]
        if found:
            return max(found)
    return 0.0
