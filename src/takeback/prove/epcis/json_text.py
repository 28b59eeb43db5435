"""JSON from outside: strict, with duplicate keys refused, and faults told by line, column and pointer."""

from __future__ import annotations

from typing import Any

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.json_fault import explain

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()
_BOM = b"\xef\xbb\xbf"


def decode_json(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8. Raises `Problem` with line, column and pointer.

    Refused are comments, trailing commas, NaN, keys that an object has twice and nesting that no event needs.
    """
    content = content.removeprefix(_BOM)
    try:
        value = _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise explain(content) or _refused(str(error)) from None
    if not _has_all_strings(content, value) and (fault := explain(content)):
        raise fault
    return value


def _has_all_strings(content: bytes, value: Any) -> bool:
    """Tell quickly whether no string was lost: the decoder keeps the last of equal keys and drops the others.

    Without a backslash, every quotation mark begins or ends a string, in the text and in what is written anew.
    """
    return b"\\" not in content and content.count(b'"') == _encoder.encode(value).count(b'"')


def _refused(found: str) -> Problem:
    return Problem("epcis.json", msg("This is not JSON that can be read"), found=found, status=400)
