"""Times of events, parsed once and fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from takeback.native import quick


def moment(text: object) -> datetime | None:
    """Return the moment of an RFC 3339 text in UTC; None where it is none (stage 1 tells that).

    A leap second is the first moment of the next minute. Digits beyond the microsecond are cut off.
    """
    found = quick.moment(text) if quick is not None else None
    return _moment(text) if found is None and isinstance(text, str) else found


@lru_cache(maxsize=4096)  # the times of one event are looked at by several rules, and many events share one
def _moment(text: str) -> datetime | None:
    leap = text[17:19] == "60"
    try:
        parsed = datetime.fromisoformat(f"{text[:17]}59{text[19:]}" if leap else text.upper())
        if parsed.tzinfo is None:
            return None
        return parsed.astimezone(UTC) + timedelta(seconds=1 if leap else 0)
    except (ValueError, OverflowError):
        return None
