"""The trie of things: one root for one content, and no way to show a thing both present and absent."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.prove.completeness.frontier import Frontier
from takeback.prove.completeness.things import Things
from takeback.prove.completeness.trie import BITS, EMPTY, Step, bit, chain, node, root_from, root_of, way_to

keys = st.integers(0, 2**BITS - 1)
near = st.integers(0, 40) | st.integers(2**BITS - 40, 2**BITS - 1) | keys  # neighbours differ in their last bits only
contents = st.dictionaries(near, st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3), max_size=60)
Content = dict[int, list[bytes]]


def things_of(content: Content) -> Things:
    return Things.of([(key, len(leaves), chain(key, leaves)) for key, leaves in sorted(content.items())])


def plain_root(content: dict[int, bytes], depth: int = 0) -> bytes:
    """The definition, bit by bit."""
    if len(content) < 2:
        return next(iter(content.values()), EMPTY)
    left = {key: leaf for key, leaf in content.items() if not bit(key, depth)}
    right = {key: leaf for key, leaf in content.items() if bit(key, depth)}
    if not left or not right:
        return plain_root(left or right, depth + 1)
    return node(depth, plain_root(left, depth + 1), plain_root(right, depth + 1))


@given(contents)
def test_the_root_is_that_of_the_definition(content: Content) -> None:
    """Building from sorted keys, building by frontier and the recursive definition agree."""
    leaves = {key: chain(key, of) for key, of in content.items()}
    things = things_of(content)
    assert root_of(things.keys.tolist(), things.hashes(0, len(things))) == plain_root(leaves)
    assert Frontier.over(things).root() == plain_root(leaves)


@given(contents, contents)
def test_carrying_on_gives_the_root_of_building_anew(before: Content, news: Content) -> None:
    """A map after a change, also stored and read back between, is the map of everything together."""
    after = {key: before.get(key, []) + news.get(key, []) for key in before | news}
    old, changes = things_of(before), things_of({key: after[key] for key in news})
    things = Things.unpacked(old.packed()).with_newer(changes)
    stored = Frontier.over(old)
    frontier = Frontier.unpacked(stored.depth, stored.packed()).changed(things, changes.keys)
    assert things.packed() == things_of(after).packed()
    assert frontier.root() == Frontier.over(things).root()


@given(contents.filter(bool), near)
def test_a_search_ends_at_the_thing_or_at_the_one_that_shows_its_absence(content: Content, key: int) -> None:
    """From any key the steps lead back to the root, over the key's own leaf exactly if it is there."""
    things = things_of(content)
    frontier = Frontier.over(things)
    at, steps = frontier.way_to(key, things)
    assert (at, steps) == way_to(key, things.keys.tolist(), things.hashes(0, len(things)))
    end = int(things.keys[at])
    assert (end == key) is (key in content)
    assert root_from(key, chain(end, content[end]), steps) == frontier.root()


@given(contents.filter(lambda content: len(content) > 1), st.data())
def test_a_changed_proof_does_not_lead_to_the_root(content: Content, data: st.DataObject) -> None:
    """Another count, another leaf, an entry left out, a step changed, dropped or moved: another root or none."""
    things = things_of(content)
    root = Frontier.over(things).root()
    key = data.draw(st.sampled_from(sorted(content)))
    _, steps = way_to(key, things.keys.tolist(), things.hashes(0, len(things)))
    at = data.draw(st.integers(0, len(steps) - 1))
    wrong_hash = [*steps[:at], Step(steps[at].depth, sha256(steps[at].other).digest()), *steps[at + 1 :]]
    wrong_depth = [*steps[:at], Step(steps[at].depth ^ 1, steps[at].other), *steps[at + 1 :]]
    for changed in (wrong_hash, wrong_depth, steps[:at] + steps[at + 1 :]):
        assert root_from(key, chain(key, content[key]), changed) != root
    for leaves in (content[key][:-1], [*content[key], EMPTY], [EMPTY, *content[key][1:]]):
        assert leaves == content[key] or root_from(key, chain(key, leaves), steps) != root


def test_depths_that_do_not_rise_are_refused() -> None:
    """A path that visits a depth twice, backwards or beyond the key is no search."""
    one = EMPTY
    for depths in ([3, 3], [5, 4], [-1], [BITS]):
        assert root_from(1, one, [Step(depth, one) for depth in depths]) is None


def test_what_is_no_map_is_refused() -> None:
    """Stored things of a wrong length are an error, not a shorter map."""
    with pytest.raises(ValueError, match="no whole number"):
        Things.unpacked(b"x" * 45)
    assert len(Things.unpacked(b"")) == 0
    assert Things.none().found(np.array([1], np.int64)) == {}
