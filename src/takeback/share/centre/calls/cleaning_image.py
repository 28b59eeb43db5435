"""A picture without what its camera or program wrote beside it: who, where, when, with what.

JPEG: ITU-T T.81, B.1.1.3 (segments), CIPA DC-008 (Exif). PNG: ISO/IEC 15948, 11.3 (ancillary chunks). Colour profiles
and what a decoder needs stay.
"""

from __future__ import annotations

from collections.abc import Iterator

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SAID_IN_PNG = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # marks of JPEG that have no length
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_PROFILE, _ADOBE = b"ICC_PROFILE", b"Adobe"


def cleaned_picture(content: bytes) -> bytes:
    """Return a JPEG or PNG without its maker; anything else as it is; raises `ValueError` where it is damaged."""
    if content.startswith(JPEG):
        return blanked_jpeg(content)
    return _cleaned_png(content) if content.startswith(PNG) else content


def blanked_jpeg(content: bytes) -> bytes:
    """Return a JPEG whose Exif, XMP, IPTC and comments are zeros, as long as before."""
    clean = bytearray(content)
    for start, end, mark in _segments(content):
        said = content[start:end]
        application = 0xE1 <= mark <= 0xEF and not said.startswith((_PROFILE, _ADOBE))
        if application or mark == _COMMENT:
            clean[start:end] = bytes(end - start)
    return bytes(clean)


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield where each segment before the picture's points begins and ends, and its mark."""
    place = 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise ValueError("a damaged JPEG")
        mark = content[place + 1]
        if mark == 0xFF or mark in _BARE:  # a filling byte, or a mark alone
            place += 1 if mark == 0xFF else 2
            continue
        if mark in (_SCAN, _END):
            return
        length = int.from_bytes(content[place + 2 : place + 4])
        if length < 2 or place + 2 + length > len(content):
            raise ValueError("a damaged JPEG")
        yield place + 4, place + 2 + length, mark
        place += 2 + length


def _cleaned_png(content: bytes) -> bytes:
    kept, place = [PNG], len(PNG)
    while place + 12 <= len(content):
        length, name = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(content):
            raise ValueError("a damaged PNG")
        kept += [content[place:end]] if name not in _SAID_IN_PNG else []
        place = end
        if name == b"IEND":  # nothing of what may follow
            break
    return b"".join(kept)
