"""A leaf's content is canonical JSON of what it says, for every version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.canonical import canonical_json
from takeback.prove.entry import Leaf, items_digest, stamp

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC))
ROLES = st.dictionaries(st.integers(0, 2**63 - 1), st.integers(1, 511), max_size=6)
HASHES = st.binary(min_size=32, max_size=32)


@given(
    version=st.sampled_from([1, 2]), party=st.uuids(), number=st.integers(1, 2**53), kind=st.text(max_size=20),
    at=MOMENTS, recorded=MOMENTS, actor=st.text(max_size=20), captured=st.booleans(), roles=ROLES,
    event=st.none() | HASHES, digest=HASHES,
)  # fmt: skip
def test_the_content_is_canonical_json(
    version: int, party: UUID, number: int, kind: str, at: datetime, recorded: datetime, actor: str, captured: bool,
    roles: dict[int, int], event: bytes | None, digest: bytes,
) -> None:  # fmt: skip
    """It is written by hand for speed, and is what RFC 8785 makes of the same facts."""
    leaf = Leaf(version, party, number, kind, at, recorded, actor, captured, items_digest(roles), event, digest)
    said = {
        "v": version, "party": str(party), "number": number, "kind": kind, "eventTime": stamp(at),
        "recordTime": stamp(recorded), "digest": digest.hex(),
    }  # fmt: skip
    if version > 1:
        said |= {"actor": actor, "captured": captured, "items": items_digest(roles).hex()}
        said |= {"event": event.hex()} if event is not None else {}
    assert leaf.content() == canonical_json(said)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))), "2026-03-01T00:00:00.000000Z"),
        (datetime(1, 1, 1, 0, 0, 0, 7, tzinfo=UTC), "0001-01-01T00:00:00.000007Z"),
    ],
)
def test_a_time_is_written_in_utc_with_microseconds(moment: datetime, written: str) -> None:
    """As the first leaves were: a change here would break their proofs."""
    assert stamp(moment) == written
