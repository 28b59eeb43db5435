"""Whatever is done to a file, it is read or refused by a `Problem`: never a crash, never a guess."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.plan.collection.formats import problem_to_json, read_data, read_routes, text_of
from tests.plan.collection.conftest import make_city
from tests.plan.collection.formats.samples import ALL

FILES = ALL | {"OWN": problem_to_json(make_city(3, 1)).decode()}
ODD = [
    "", "-1", "0", "1e308", "1e999", "-1e999", "nan", "inf", "9" * 400, "1e-320", "0.1234567890123", "x", "\u0661",
    "12,5", ":", "EOF", "_SECTION", "null", "[]", "{", '"', "-0", "1_000", "\u00e9\u4e2d", "99999999999999999999",
]  # fmt: skip


def _read_or_refused(data: bytes) -> None:
    try:
        reading = read_data(data, "file")
    except Problem as problem:
        assert str(problem)
    else:
        assert reading.problem.distance_m.shape == (len(reading.problem.locations),) * 2


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere(name):
    """Every prefix of a file, and every file without its head."""
    data = FILES[name].encode()
    for cut in range(0, len(data), max(1, len(data) // 150)):
        _read_or_refused(data[:cut])
        _read_or_refused(data[cut:])


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_its_lines_out_of_order_or_twice(name):
    """Lines shuffled, dropped and doubled."""
    chance = random.Random(name)
    lines = FILES[name].splitlines(keepends=True)
    for _ in range(60):
        chosen = chance.choices(lines, k=len(lines)) if chance.random() < 0.5 else chance.sample(lines, len(lines))
        _read_or_refused("".join(chosen).encode())


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_a_word_replaced(name):
    """Each word in its turn becomes a number too large, no number, a sign that ends a line."""
    chance = random.Random(name)
    text = FILES[name]
    words = [k for k, letter in enumerate(text) if letter.isalnum() and (k == 0 or not text[k - 1].isalnum())]
    for start in chance.sample(words, min(len(words), 120)):
        end = start
        while end < len(text) and text[end] not in ' \t\n,:"[]{}':
            end += 1
        for odd in chance.sample(ODD, 4):
            _read_or_refused((text[:start] + odd + text[end:]).encode())


@given(name=st.sampled_from(sorted(FILES)), at=st.integers(0, 10_000), noise=st.binary(min_size=1, max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_file_with_bytes_in_it(name, at, noise):
    """Bytes of any kind, anywhere."""
    data = FILES[name].encode()
    at %= len(data)
    _read_or_refused(data[:at] + noise + data[at + len(noise) :])


@given(data=st.binary(max_size=200))
@example(data=b"\xff\xfeD\x00")
@example(data=b"{" * 5_000)
@example(data=b'{"type": "FeatureCollection", "features": ' + b"[" * 5_000)
@settings(max_examples=150, deadline=None)
def test_anything_at_all(data):
    """What is no file of ours is refused; as a solution, too."""
    _read_or_refused(data)
    try:
        read_routes(text_of(data))
    except Problem as problem:
        assert str(problem)
