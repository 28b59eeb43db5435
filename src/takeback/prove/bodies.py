"""Bodies as the ledger stores them: canonical JSON, packed small with a dictionary of what events have in common.

The first byte names the form: 0 plain, 1 Zstandard with the dictionary `events-1.txt`, read as it stands.
A form is never changed, only followed by another: what was written stays readable.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import local
from typing import Any

import msgspec
import zstandard

PLAIN, EVENTS_1 = b"\x00", b"\x01"
LARGEST = 64 * 2**20  # bytes of one unpacked body
_LEVEL = -1  # half the time of level 3, for a sixth more bytes
_here = local()  # a compressor must not be used by two threads at once
decoded = msgspec.json.Decoder().decode


def pack(canonical: bytes) -> bytes:
    """Return the stored form of canonical JSON."""
    packed = EVENTS_1 + _tools()[0].compress(canonical)
    return packed if len(packed) <= len(canonical) else PLAIN + canonical


def unpack(stored: bytes) -> bytes:
    """Return the canonical JSON of a stored body. Raises ``ValueError`` for what `pack` never wrote."""
    form, content = bytes(stored[:1]), bytes(stored[1:])
    if form == PLAIN:
        return content
    if form != EVENTS_1:
        raise ValueError(f"a body of the unknown form {form!r}")
    try:
        return _tools()[1].decompress(content, max_output_size=LARGEST)
    except zstandard.ZstdError as error:
        raise ValueError(f"a body that cannot be unpacked: {error}") from error


def load(stored: bytes) -> dict[str, Any]:
    """Return the body as the mapping it was written from."""
    body: dict[str, Any] = decoded(unpack(stored))
    return body


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    content = (Path(__file__).parent / "events-1.txt").read_bytes()
    dictionary = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    dictionary.precompute_compress(level=_LEVEL)
    return dictionary


def _tools() -> tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]:
    tools = getattr(_here, "tools", None)
    if tools is None:
        dictionary = _dictionary()
        compressor = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=dictionary, write_content_size=True, write_checksum=False, write_dict_id=False
        )
        tools = _here.tools = (compressor, zstandard.ZstdDecompressor(dict_data=dictionary))
    return tools
