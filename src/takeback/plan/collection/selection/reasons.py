"""Why a point is emptied on a day, in words."""

from __future__ import annotations

from collections.abc import Sequence

from takeback.core.message import Message, msg

LIKELY = 0.05  # from here on a risk is the reason


def why(fill: float, risks: Sequence[float], day: int) -> Message:
    """Return the reason: `fill` that morning, `risks` of each evening if it is not emptied from `day` on."""
    if risks[day] >= LIKELY:
        return msg(
            "{fill} full; by evening it would overflow with a probability of {risk}.",
            fill=f"{fill:.0%}",
            risk=f"{risks[day]:.0%}",
        )
    due = next((later for later in range(day + 1, len(risks)) if risks[later] >= LIKELY), None)
    if due is None:
        return msg("{fill} full; vehicles pass by, and a trip for it alone is saved.", fill=f"{fill:.0%}")
    if due == day + 1:
        return msg("{fill} full; it would be due tomorrow, and vehicles pass by today.", fill=f"{fill:.0%}")
    return msg("{fill} full; it would be due in {days} days, and vehicles pass by.", fill=f"{fill:.0%}", days=due - day)
