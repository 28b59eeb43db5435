"""Arrays of many numbers or hashes as one parameter, in PostgreSQL's binary form: written by numpy, not value by value.

    insert into entry_item select %s, unnest(%s), unnest(%s)      with (org, Int8s(keys), Int8s(entries))
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")  # dimensions, nulls, type of the elements, their number, first index


class Int8s:
    """A ``bigint[]``."""

    element, array = 20, 1016

    def __init__(self, values: Sequence[int]) -> None:
        """Take whole numbers of 64 bits."""
        self.content = np.empty(len(values), dtype=[("length", ">i4"), ("value", ">i8")])
        self.content["length"] = 8
        self.content["value"] = values


class Int2s:
    """A ``smallint[]``."""

    element, array = 21, 1005

    def __init__(self, values: Sequence[int]) -> None:
        """Take whole numbers of 16 bits."""
        self.content = np.empty(len(values), dtype=[("length", ">i4"), ("value", ">i2")])
        self.content["length"] = 2
        self.content["value"] = values


class Hashes:
    """A ``bytea[]`` of values of 32 bytes each."""

    element, array = 17, 1001

    def __init__(self, values: Iterable[bytes]) -> None:
        """Take hashes of 32 bytes."""
        joined = b"".join(values)
        hashes = np.frombuffer(joined, dtype="V32")
        self.content = np.empty(len(hashes), dtype=[("length", ">i4"), ("value", "V32")])
        self.content["length"] = 32
        self.content["value"] = hashes


Array = Int8s | Int2s | Hashes


class _Dumper(Dumper):
    format = Format.BINARY
    kind: ClassVar[type[Int8s] | type[Int2s] | type[Hashes]]

    def dump(self, obj: Array) -> bytes:
        return _HEAD.pack(1, 0, obj.element, len(obj.content), 1) + obj.content.tobytes()


def _register(kind: type[Int8s] | type[Int2s] | type[Hashes]) -> None:
    dumper = type(f"{kind.__name__}Dumper", (_Dumper,), {"oid": kind.array})
    psycopg.adapters.register_dumper(kind, dumper)


for _kind in (Int8s, Int2s, Hashes):
    _register(_kind)
