"""The form of a proof bundle: what `takeback.prove.bundle` writes, read strictly: no member less, none more."""

from __future__ import annotations

from typing import Annotated

import msgspec

Text32 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Text16 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Thing = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
Step = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
Size = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Roles = Annotated[int, msgspec.Meta(ge=0, lt=1 << 16)]
Depth = Annotated[int, msgspec.Meta(ge=0, lt=63)]


class Disclosed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Personal data that a body names by its digest: SHA-256 over salt and content."""

    salt: Text16
    content: str


class BundleEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry: ``leaf`` is the text of which the leaf is the hash; ``things`` are keys with their roles, rising."""

    body: str
    salt: Text16
    personal: list[Disclosed]
    things: list[tuple[Thing, Roles]]
    leaf: str
    index: Size
    path: list[Step]


class Growth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The consistency proof from ``first`` leaves to the checkpoint's."""

    first: Size
    path: list[Step]


class Other(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The thing to which a search for an absent one leads."""

    item: Thing
    leaves: list[Text32]


class Completeness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shows that these are all entries about a thing; ``uri`` is its name where it is known."""

    uri: str | None
    item: Thing
    leaves: list[Text32]
    path: list[tuple[Depth, Text32]]
    other: Other | None
    map: BundleEntry


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole bundle."""

    format: str
    log: str
    witnesses: list[str]
    checkpoint: str
    party: str
    numbers: tuple[Size, Size] | None
    entries: list[BundleEntry]
    consistency: Growth | None
    completeness: Completeness | None
