"""JSON: `{"ids": [...], "distance_m": [[...]], "duration_s": [[...]], "lat": [...], "lon": [...]}`."""

from __future__ import annotations

import json
from pathlib import Path

from takeback.core.message import msg
from takeback.operate.distances.files.known import Known, as_floats, bad_file, places_of

NEEDED = ("ids", "distance_m", "duration_s")


def read_json(path: Path) -> Known:
    """Return what a JSON file says; `null` is a hole, `lat` and `lon` may be absent."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise bad_file(path.name, "", str(error), msg("valid JSON")) from error
    fields = said if isinstance(said, dict) else {}
    missing = [name for name in NEEDED if name not in fields]
    if missing or not isinstance(fields["ids"], list):
        raise bad_file(path.name, "", sorted(fields), msg("the members {names}", names=", ".join(NEEDED)))
    ids = tuple(map(str, fields["ids"]))
    places = places_of(path.name, fields.get("lat"), fields.get("lon"))
    metres, seconds = (as_floats(path.name, name, fields[name]) for name in NEEDED[1:])

    def where(field: str, i: int, j: int) -> str:
        return f"{field}[{i}][{j}], from {ids[i]} to {ids[j]}"

    return Known(path.name, ids, metres, seconds, where, places)
