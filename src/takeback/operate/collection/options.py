"""What a dispatcher may choose for one plan of a day."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Code = Annotated[str, Meta(min_length=1, max_length=400)]
Few = Annotated[int, Meta(ge=0, le=10_000)]


class PlanningOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a plan shall be made; everything may be left as it is.

    - ``note``: by what people tell the plans of a day apart.
    - ``leave_out``: numbers of orders that are not planned; ``must``: numbers of those that cost what an order on its
      last day costs when they are left. ``everything``: all must.
    - ``vehicles``: code -> how many of them are there that day; those not named all are.
    - ``seed``, and ``iterations`` instead of seconds, for an answer that does not depend on the machine.
    """

    note: Annotated[str, Meta(max_length=400)] = ""
    leave_out: Annotated[list[Code], Meta(max_length=10_000)] = []
    must: Annotated[list[Code], Meta(max_length=10_000)] = []
    everything: bool = False
    vehicles: Annotated[dict[Code, Few], Meta(max_length=1_000)] = {}
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    iterations: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None


AS_IT_IS = PlanningOptions()
