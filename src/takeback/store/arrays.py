"""Arrays of many numbers or hashes as one parameter, in PostgreSQL's binary form: written by numpy, not value by value.

insert into entry_item select %s, unnest(%s), unnest(%s)      with (org, Int8s(keys), Int8s(entries))
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")  # dimensions, nulls, type of the elements, their number, first index


class Int8s:
    """A ``bigint[]`` of whole numbers of 64 bits."""

    element, array, layout = 20, 1016, ">i8"

    def __init__(self, values: Sequence[int]) -> None:
        """Take the numbers."""
        self.count, self.content = len(values), _elements(values, len(values), self.layout)


class Int2s(Int8s):
    """A ``smallint[]`` of whole numbers of 16 bits."""

    element, array, layout = 21, 1005, ">i2"


class Hashes:
    """A ``bytea[]`` of values of 32 bytes each."""

    element, array = 17, 1001

    def __init__(self, values: Sequence[bytes]) -> None:
        """Take the hashes."""
        import numpy as np  # noqa: PLC0415 - see `_elements`

        joined = np.frombuffer(b"".join(values), dtype="V32")
        self.count, self.content = len(joined), _elements(joined, len(joined), "V32")


def _elements(values: Any, count: int, layout: str) -> bytes:
    """Return the elements, each behind its length."""
    import numpy as np  # noqa: PLC0415 - whoever only opens a connection need not wait for it

    content = np.empty(count, dtype=[("length", ">i4"), ("value", layout)])
    content["length"] = content.dtype["value"].itemsize
    content["value"] = values
    return content.tobytes()


Array = Int8s | Hashes


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return _HEAD.pack(1, 0, obj.element, obj.count, 1) + obj.content


def _register(kind: type[Array]) -> None:
    dumper = type(f"{kind.__name__}Dumper", (_Dumper,), {"oid": kind.array})
    psycopg.adapters.register_dumper(kind, dumper)


for _kind in (Int8s, Int2s, Hashes):
    _register(_kind)
