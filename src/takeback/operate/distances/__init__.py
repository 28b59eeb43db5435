"""Travel between places: who works it out is set for an installation; where it comes from is kept with each plan."""

from takeback.operate.distances.choose import provider_of
from takeback.operate.distances.haversine import CIRCUITY, METRES_PER_SECOND, Haversine, travel
from takeback.operate.distances.hours import collection_profile
from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.travel import Somewhere, Travel

__all__ = [
    "CIRCUITY",
    "METRES_PER_SECOND",
    "DistanceProvider",
    "Haversine",
    "Somewhere",
    "Travel",
    "collection_profile",
    "provider_of",
    "travel",
]
