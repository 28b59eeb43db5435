"""Travel between places of a day, from the source of distances that the installation uses."""

from __future__ import annotations

from collections.abc import Sequence

from takeback.operate.distances import Travel, provider_of
from takeback.plan.collection.parts import Location
from takeback.store.settings import Settings


def ways(places: Sequence[Location]) -> Travel:
    """Return metres and seconds between all pairs of `places`, whose ids are the codes of sites and partners.

    Raises
    ------
    Problem
        Of kind ``distances.…``, where the source does not know a place or a way.
    """
    return provider_of(Settings.from_environment()).matrix(places)
