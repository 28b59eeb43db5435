"""Personal data leaves a body before it is hashed, comes back for who may read it, and can be erased."""

from __future__ import annotations

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from takeback.core.canonical import canonical_json
from takeback.prove.personal import (
    MARK,
    NAMESPACE,
    digest_of,
    digests,
    may_mark,
    name_of,
    redact,
    restored,
    without_personal,
)
from takeback.prove.salted import body_digest

names = st.sampled_from(["epcList", "ilmd", "example:note", MARK])
bodies = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
events = st.dictionaries(names, bodies, max_size=4)

RETURN = {
    "@context": {"tb": NAMESPACE},
    "type": "ObjectEvent",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
    "tb:personal": {"name": "A. Person", "phone": "+86 10 5555 0100"},
    "ilmd": {"example:pickup": [{MARK: {"street": "1 Example Road"}}]},
}


@given(events)
def test_what_is_taken_out_can_be_put_back(event: dict[str, object]) -> None:
    """Redacting and restoring gives the event again, and neither changes what it was given."""
    before = copy.deepcopy(event)
    redacted, taken = redact(event)
    assert restored(redacted, {p.digest: json.loads(p.content) for p in taken}) == event == before
    assert redact(redacted) == (redacted, [])
    assert not taken or may_mark(canonical_json(event))
    assert sorted(digests(redacted)) == sorted(p.digest for p in taken)


@given(events)
def test_a_replay_is_known_by_its_form_without_personal_data(event: dict[str, object]) -> None:
    """Salts make two redactions differ; without what is personal, given and redacted form are the same."""
    assert without_personal(redact(event)[0]) == without_personal(event) == without_personal(redact(event)[0])


def test_nothing_personal_stays_in_the_body_under_any_prefix_or_depth() -> None:
    """The mark counts at any depth and under any prefix that is bound to the namespace."""
    redacted, taken = redact(RETURN)
    text = canonical_json(redacted).decode()
    assert len(taken) == 2
    assert not any(said in text for said in ("Person", "5555", "Example Road"))
    assert all(body_digest(p.salt, p.content) == p.digest for p in taken)
    assert without_personal(RETURN).keys() == {"@context", "type", "epcList", "ilmd"}


def test_equal_data_has_different_digests() -> None:
    """The salt hides that two events name the same person."""
    first, second = (redact({MARK: {"name": "A"}})[0][MARK] for _ in range(2))
    assert first != second


def test_an_event_without_the_mark_is_not_copied() -> None:
    """The usual event costs a look and nothing else."""
    event = {"type": "ObjectEvent", "epcList": ["a"], "sensorElementList": [{"sensorReport": [{"value": 1.5}]}]}
    assert redact(event)[0] is event
    assert without_personal(event) is event


@given(st.binary(min_size=32, max_size=32))
def test_a_digest_is_read_as_it_was_written(digest: bytes) -> None:
    """The name of a digest stands for that digest, and no other text does."""
    assert digest_of(name_of(digest)) == digest
    assert digest_of(name_of(digest)[:-1]) is None
    assert digest_of("ni:///sha-256;" + "!" * 43) is None
