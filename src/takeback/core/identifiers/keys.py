"""The GS1 identification keys as data, one row each; the readers and writers follow these tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One GS1 identification key.

    - `ai`: its application identifier; `name`: the acronym; `short`: its name in older Digital Links.
    - `checked`: digits at the front, the last of them a check digit (0: none).
    - `tail`: character set (N, X, Y) and greatest length of what follows; `tail_least`: its least length.
    - `qualifiers`: what may follow in a Digital Link path, in that order.
    - `identity`: those of them that make the identity finer, the finest first.
    """

    ai: str
    name: str
    short: str
    checked: int = 0
    tail: str = "N"
    tail_most: int = 0
    tail_least: int = 0
    qualifiers: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()


KEYS = {
    key.ai: key
    for key in (
        Key("00", "SSCC", "sscc", checked=18),
        Key("01", "GTIN", "gtin", 14, qualifiers=("22", "10", "21", "235"), identity=("21", "235", "10")),
        Key("253", "GDTI", "gdti", 13, "X", 17),
        Key("255", "GCN", "gcn", 13, "N", 12),
        Key("401", "GINC", "ginc", 0, "X", 30, 1),
        Key("402", "GSIN", "gsin", 17),
        Key("414", "GLN", "gln", 13, qualifiers=("254", "7040"), identity=("254",)),
        Key("417", "PGLN", "party", 13, qualifiers=("7040",)),
        Key("8003", "GRAI", "grai", 14, "X", 16),
        Key("8004", "GIAI", "giai", 0, "X", 30, 1, qualifiers=("7040",)),
        Key("8006", "ITIP", "itip", 14, "N", 4, 4, qualifiers=("22", "10", "21"), identity=("21", "10")),
        Key("8010", "CPID", "cpid", 0, "Y", 30, 1, qualifiers=("8011",), identity=("8011",)),
        Key("8017", "GSRNP", "gsrnp", 18, qualifiers=("8019",)),
        Key("8018", "GSRN", "gsrn", 18, qualifiers=("8019",)),
    )
}

# Qualifier: character set, greatest length, what people call it.
QUALIFIERS = {
    "10": ("X", 20, "lot"),
    "21": ("X", 20, "serial number"),
    "22": ("X", 20, "consumer product variant"),
    "235": ("X", 28, "third-party serial number"),
    "254": ("X", 20, "GLN extension"),
    "7040": ("X", 4, "importer index"),
    "8011": ("N", 12, "CPID serial number"),
    "8019": ("N", 10, "service relation instance number"),
}

SHORT_NAMES = {key.short: key.ai for key in KEYS.values()} | {
    "cpv": "22", "lot": "10", "ser": "21", "glnx": "254", "cpsn": "8011", "srin": "8019",
}  # fmt: skip

# Keys whose value must begin with a GS1 company prefix; the shortest one has four digits.
BEGINS_WITH_PREFIX = frozenset({"401", "8004", "8010"})
SHORTEST_PREFIX = 4


def _ai_lengths() -> dict[str, int]:
    """Return how long an application identifier is, by its first two digits (General Specifications 3.2)."""
    two = [*range(13), 13, 15, 16, 17, 20, 21, 22, 30, 37, *range(90, 100)]
    three = [23, 24, 25, 40, 41, 42, 71]
    four = [31, 32, 33, 34, 35, 36, 39, 43, 70, 72, 80, 81, 82]
    return {f"{front:02d}": n for n, fronts in ((2, two), (3, three), (4, four)) for front in fronts}


AI_LENGTH = _ai_lengths()

# Characters of identifier and value together where no separator is needed, by the first two digits (7.8.5-2).
PREDEFINED_LENGTH = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16} | {
    **{f"{front}": 8 for front in range(11, 20)},
    **{f"{front}": 10 for front in range(31, 37)},
}
