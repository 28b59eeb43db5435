"""Arrays of many values as one parameter, in PostgreSQL's binary form: written at once, not value by value.

insert into entry_item select %s, unnest(%s), unnest(%s)      with (org, Int8s(keys), Int8s(entries))

So a statement takes thousands of rows under row-level security without a temporary table, and the arrays can be made
before the transaction's locks.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from takeback.native import quick

_HEAD = struct.Struct(">iiIii")  # dimensions, nulls, type of the elements, their number, first index
_LENGTH = struct.Struct(">i").pack
_NULL = _LENGTH(-1)
_WIDTHS = {">i8": 8, ">i2": 2, "i1": 1}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Array:
    """Values of one type, as PostgreSQL reads them."""

    element, array = 0, 0
    count: int
    content: bytes


A = TypeVar("A", bound=Array)


class Int8s(Array):
    """A ``bigint[]`` of whole numbers of 64 bits; None is NULL."""

    element, array, layout = 20, 1016, ">i8"

    def __init__(self, values: Sequence[int | None]) -> None:
        """Take the numbers."""
        self.count, self.content = len(values), _numbers(values, self.layout)

    def repeated(self, times: Sequence[int]) -> Self:
        """Return each number so many times; none may be NULL."""
        return _repeated(self, times)


class Int2s(Int8s):
    """A ``smallint[]`` of whole numbers of 16 bits; None is NULL."""

    element, array, layout = 21, 1005, ">i2"


class Bools(Int8s):
    """A ``boolean[]``; None is NULL."""

    element, array, layout = 16, 1000, "i1"


class Times(Array):
    """A ``timestamptz[]`` of moments that say their zone; None is NULL."""

    element, array = 1184, 1185

    def __init__(self, values: Sequence[datetime | None]) -> None:
        """Take the moments."""
        self.count, self.content = len(values), _moments(values)

    def repeated(self, times: Sequence[int]) -> Self:
        """Return each moment so many times; none may be NULL."""
        return _repeated(self, times)


class Hashes(Array):
    """A ``bytea[]`` of values of 32 bytes each."""

    element, array = 17, 1001

    def __init__(self, values: Sequence[bytes]) -> None:
        """Take the hashes."""
        import numpy as np  # noqa: PLC0415 - see `_elements`

        joined = np.frombuffer(b"".join(values), dtype="V32")
        self.count, self.content = len(joined), _elements(joined, len(joined), "V32")


class Blobs(Array):
    """A ``bytea[]``; None is NULL."""

    element, array = 17, 1001

    def __init__(self, values: Sequence[bytes | None]) -> None:
        """Take the values."""
        self.count, self.content = len(values), _joined(values)


class Texts(Array):
    """A ``text[]``; None is NULL."""

    element, array = 25, 1009

    def __init__(self, values: Sequence[str | None]) -> None:
        """Take the texts."""
        self.count, self.content = len(values), _joined(values)


def _repeated(array: A, times: Sequence[int]) -> A:
    import numpy as np  # noqa: PLC0415 - see `_elements`

    width = len(array.content) // max(1, array.count)
    repeated = copy(array)
    repeated.content = np.repeat(np.frombuffer(array.content, f"V{width}"), times).tobytes() if width else b""
    repeated.count = sum(times)
    return repeated


def _moments(values: Sequence[datetime | None]) -> bytes:
    packed = quick.times(values) if quick is not None else None
    if packed is not None:
        return packed
    return _numbers([None if value is None else (value - _EPOCH) // _MICROSECOND for value in values], ">i8")


def _joined(values: Sequence[bytes | str | None]) -> bytes:
    """Return values of any length; texts as UTF-8."""
    packed = quick.blobs(values) if quick is not None else None
    if packed is not None:
        return packed
    encoded = [value.encode() if isinstance(value, str) else value for value in values]
    return b"".join([_NULL if value is None else _LENGTH(len(value)) + value for value in encoded])


def _numbers(values: Sequence[int | None], layout: str) -> bytes:
    """Return numbers of one width; of a NULL there is only the length, which is -1."""
    packed = quick.numbers(values, _WIDTHS[layout]) if quick is not None else None
    if packed is not None:
        return packed
    if None not in values:
        return _elements(values, len(values), layout)
    import numpy as np  # noqa: PLC0415 - see `_elements`

    is_null = np.array([value is None for value in values])
    content = np.frombuffer(_elements([value or 0 for value in values], len(values), layout), dtype="u1")
    content = content.reshape(len(values), -1).copy()
    content[is_null, :4] = 255
    kept = np.ones(content.shape, dtype=bool)
    kept[is_null, 4:] = False
    return content[kept].tobytes()


def _elements(values: Any, count: int, layout: str) -> bytes:
    """Return the elements, each behind its length."""
    import numpy as np  # noqa: PLC0415 - whoever only opens a connection need not wait for it

    content = np.empty(count, dtype=[("length", ">i4"), ("value", layout)])
    content["length"] = content.dtype["value"].itemsize
    content["value"] = values
    return content.tobytes()


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return _HEAD.pack(1, 1, obj.element, obj.count, 1) + obj.content


def _register(kind: type[Array]) -> None:
    dumper = type(f"{kind.__name__}Dumper", (_Dumper,), {"oid": kind.array})
    psycopg.adapters.register_dumper(kind, dumper)


for _kind in (Int8s, Int2s, Bools, Times, Hashes, Blobs, Texts):
    _register(_kind)
