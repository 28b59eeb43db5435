"""NumPy's .npz with the arrays `ids`, `distance_m`, `duration_s`, and `lat` and `lon` where wanted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from takeback.core.message import msg
from takeback.operate.distances.files.known import Known, as_floats, bad_file, places_of
from takeback.operate.distances.files.read_json import NEEDED


def read_npz(path: Path) -> Known:
    """Return what an .npz file says; a figure that is not a number is a hole. Pickled arrays are refused."""
    try:
        with np.load(path, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise bad_file(path.name, "", str(error), msg("an .npz file of plain arrays")) from error
    missing = [name for name in NEEDED if name not in arrays]
    if missing:
        raise bad_file(path.name, "", sorted(arrays), msg("the members {names}", names=", ".join(NEEDED)))
    ids = tuple(map(str, arrays["ids"].tolist()))
    places = places_of(path.name, arrays.get("lat"), arrays.get("lon"))
    metres, seconds = (as_floats(path.name, name, arrays[name]) for name in NEEDED[1:])

    def where(field: str, i: int, j: int) -> str:
        return f"{field}[{i}, {j}], from {ids[i]} to {ids[j]}"

    return Known(path.name, ids, metres, seconds, where, places)
