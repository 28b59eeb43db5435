"""Evidence of a stop: a signature and a photo, checked, named by their hash, and kept where they can be erased."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.collection.confirmations import Evidence, confirmed_before
from takeback.operate.ledger import Author
from takeback.prove.bodies import load
from takeback.prove.erasure import joined
from takeback.prove.personal import MARK

Kind = Literal["signature", "photo"]
LARGEST = {"signature": 200_000, "photo": 2_000_000}  # bytes
_BEGINS = {"signature": b"\x89PNG\r\n\x1a\n", "photo": b"\xff\xd8\xff"}
_ENDS = {"signature": b"IEND\xaeB`\x82", "photo": b"\xff\xd9"}
_TYPES = {"signature": "image/png", "photo": "image/jpeg"}
_BODY = sa.text("select body from entry where id = :id and org_id = :org")


def wrong_image(kind: Kind, image: bytes) -> tuple[object, Message] | None:
    """Return what was found and what an image should be, None when it can be kept."""
    if len(image) > LARGEST[kind]:
        return len(image), msg("at most {count} bytes", count=LARGEST[kind])
    if not image.startswith(_BEGINS[kind]) or not image.rstrip(b"\0").endswith(_ENDS[kind]):
        return len(image), msg("a whole image of the type {type}", type=_TYPES[kind])
    return None


def evidence_of(kind: Kind, image: bytes) -> Evidence:
    """Return what the ledger says of an image for good."""
    return Evidence(kind=kind, media_type=_TYPES[kind], sha256=sha256(image).hexdigest(), bytes=len(image))


def personal_part(signed_by: str | None, images: dict[Kind, bytes]) -> dict[str, Any]:
    """Return the personal data of a confirmation, marked; empty where there is none."""
    said: dict[str, Any] = {name: b64encode(image).decode() for name, image in images.items()}
    if signed_by is not None:
        said["signed_by"] = signed_by
    return {MARK: said} if said else {}


def read_evidence(connection: sa.Connection, author: Author, key: UUID, kind: Kind) -> tuple[str, bytes]:
    """Return media type and bytes of an image, its hash checked against the ledger's.

    Raises
    ------
    Problem
        ``identity.forbidden`` for whoever may not see personal data; ``collection.no-evidence`` (404) when there is
        none, or it was erased.
    """
    author.require("ledger.personal")
    found = confirmed_before(connection, key)
    told = next((one for one in found[0].evidence if one.kind == kind), None) if found else None
    if found is None or told is None:
        raise _none(key)
    image = b64decode(_personal(connection, author, found[0].entry_id, key).get(kind, ""))
    if sha256(image).hexdigest() != told.sha256:
        raise _none(key)
    return told.media_type, image


def signed_by(connection: sa.Connection, author: Author, key: UUID) -> str | None:
    """Return who signed, None when nobody did or the name was erased."""
    author.require("ledger.personal")
    found = confirmed_before(connection, key)
    return _personal(connection, author, found[0].entry_id, key).get("signed_by") if found else None


def _personal(connection: sa.Connection, author: Author, entry: int, key: UUID) -> dict[str, Any]:
    body = connection.scalar(_BODY, {"id": entry, "org": author.org_id})
    if body is None:
        raise _none(key)
    (whole,) = joined(connection, author.org_id, [load(body)])
    content = whole["takeback:facts"].get(MARK)
    return content if isinstance(content, dict) else {}


def _none(key: UUID) -> Problem:
    return Problem("collection.no-evidence", msg("There is no such image, or it was erased."), found=key, status=404)
