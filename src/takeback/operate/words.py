"""The closed words of the spine, as the gate asserts them and the tables check them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

Provenance = Literal["real", "simulated", "estimated", "declared"]
Vertical = Literal["batteries", "returns"]
Level = Literal["pack", "module", "cell", "unit"]
OrderKind = Literal["return", "collection"]
Decider = Literal["model", "rule", "person"]

LARGEST = 2**53 - 1  # the largest whole number that JSON carries exactly everywhere
MOST = 10**12  # of what is counted in grams, or multiplied by a price
Grams = Annotated[int, Meta(ge=0, le=MOST)]
Minor = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
Worth = Annotated[int, Meta(ge=0, le=LARGEST)]
"""Minor units that are not negative: the value of a thing, a refund."""
Size = Annotated[float, Meta(gt=0, le=LARGEST)]
Decay = Annotated[float, Meta(ge=0, lt=1)]
"""The share of its value that a thing loses a day."""
Moment = Annotated[datetime, Meta(tz=True)]

DISPOSITIONS = frozenset(
    """
    restock open_box refurbish liquidate parts recycle donate destroy reuse remanufacture repurpose other
    """.split()  # noqa: SIM905 - a table of words
)
"""What may become of an item beside the outlets that an organisation has entered."""
HOLD = "hold"  # an option of the engine: to decide later, which is not a disposition

PLACE_KINDS = frozenset(
    """
    collection_point dealer shop workshop return_centre test_centre warehouse works second_life_plant recycling_plant
    carrier parcel_shop web_shop operator collector recycler second_life_maker other
    """.split()  # noqa: SIM905 - a table of words
)
"""What a site or a partner may be."""

BATTERIES, DAMAGED, PARCELS = "batteries", "damaged batteries", "returns"
GOODS = frozenset({BATTERIES, DAMAGED, PARCELS})
"""Classes of goods that a vehicle may or may not carry. Damaged batteries never travel with others (ADR, SP 376)."""
