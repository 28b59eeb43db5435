"""Trace quality: from 0 to 100, explained, for a thing and for each place."""

from takeback.prove.quality.judge import PlaceScore, item_quality, place_quality
from takeback.prove.quality.rules import PARTS, Part, Rules, rules
from takeback.prove.quality.score import Fault, PartScore, Score

__all__ = [
    "PARTS",
    "Fault",
    "Part",
    "PartScore",
    "PlaceScore",
    "Rules",
    "Score",
    "item_quality",
    "place_quality",
    "rules",
]
