"""The closed words of the spine, as the gate asserts them and the tables check them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Provenance = Literal["real", "simulated", "estimated", "declared"]
Vertical = Literal["batteries", "returns"]
Level = Literal["pack", "module", "cell", "unit"]
OrderKind = Literal["return", "collection"]
Decider = Literal["model", "rule", "person"]

LARGEST = 2**53 - 1  # the largest whole number that JSON carries exactly everywhere
Grams = Annotated[int, Meta(ge=0, le=LARGEST)]
Minor = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
