"""Patterns fit what the EPC Tag Data Standard says, and their text ranges leave nothing out."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from takeback.core.identifiers.urn import SCHEMES
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.pattern import read_pattern
from tests.prove.epcis import events

PREFIX = "4012345"
# Each scheme: parts of an instance, how many of them a pattern may replace by *.
INSTANCES = {
    "id:sgtin": ["011111", "9876"],
    "id:upui": ["011111", "51qIgY)%3C%26Jp3"],
    "class:lgtin": ["011111", "LOT%2F1"],
    "id:itip": ["011111", "01", "02", "987"],
    "id:sscc": ["1234567890"],
    "id:sgln": ["00001", "77"],
    "id:pgln": ["00001"],
    "id:grai": ["55555", "987"],
    "id:gdti": ["55555", "987"],
    "id:sgcn": ["55555", "987"],
    "id:gsrn": ["1234567890"],
    "id:gsrnp": ["1234567890"],
    "id:gsin": ["123456789"],
    "id:giai": ["AB-1"],
    "id:ginc": ["AB-1"],
    "id:cpi": ["5PQ7%2FZ43", "12345"],
}


def test_all_schemes_are_here() -> None:
    """The table of instances covers every scheme that has a Digital Link."""
    assert set(INSTANCES) == set(SCHEMES)


@pytest.mark.parametrize("scheme", INSTANCES)
def test_a_pattern_fits_its_instances_in_both_spellings(scheme: str) -> None:
    """Each way to replace last parts by * fits the instance, lies in the ranges, and not another prefix's."""
    kind, name = scheme.split(":")
    parts = [PREFIX, *INSTANCES[scheme]]
    canonical = canonical_uri(f"urn:epc:{scheme}:{'.'.join(parts)}")
    assert canonical.startswith("https://id.gs1.org/")
    other = canonical_uri(f"urn:epc:{scheme}:{'.'.join(['0614141', *INSTANCES[scheme]])}")
    for kept in range(len(parts)):
        body = ".".join(parts[:kept] + ["*"] * (len(parts) - kept))
        pattern = read_pattern(f"urn:epc:{'class' if kind == 'class' else 'idpat'}:{name}:{body}", where="x")
        assert pattern.fits(canonical), body
        assert any(first <= canonical < last for first, last in pattern.ranges), body
        assert pattern.fits(other) is (kept == 0), body


@pytest.mark.parametrize("name", ["sgtin", "upui", "grai", "gdti", "sgcn", "cpi"])
def test_a_class_link_means_the_pattern(name: str) -> None:
    """The Digital Link of a class finds the class and its instances."""
    parts = [PREFIX, *INSTANCES[f"id:{name}"]]
    link = canonical_uri(f"urn:epc:idpat:{name}:{'.'.join(parts[:-1])}.*")
    pattern = read_pattern(link, where="x")
    assert pattern.fits(link)
    assert pattern.fits(canonical_uri(f"urn:epc:id:{name}:{'.'.join(parts)}"))


def test_schemes_without_link_stay_urns() -> None:
    """A pattern of general identifiers fits their URNs."""
    pattern = read_pattern("urn:epc:idpat:gid:95100000.12345.*", where="x")
    assert pattern.fits("urn:epc:id:gid:95100000.12345.400")
    assert pattern.fits("urn:epc:idpat:gid:95100000.12345.*")
    assert not pattern.fits("urn:epc:id:gid:95100000.12346.400")
    assert next(iter(pattern.ranges)) == ("urn:epc:id:gid:95100000.12345.", "urn:epc:id:gid:95100000.12345/")


def test_an_asterisk_of_a_serial_number_is_no_pattern() -> None:
    """A serial number may hold or be `*` in a pure identity URN; only idpat makes it a pattern."""
    pattern = read_pattern("urn:epc:id:sgtin:4012345.011111.*", where="x")
    assert pattern.form is None
    assert pattern.fits(canonical_uri("urn:epc:id:sgtin:4012345.011111.*"))
    assert not pattern.fits(canonical_uri("urn:epc:id:sgtin:4012345.011111.9"))


@given(uri=st.one_of(events.epcs, events.classes))
def test_what_an_event_names_is_found_by_its_name(uri: str) -> None:
    """Every EPC and class, asked for as it stands or canonically, fits itself."""
    for spelled in (uri, canonical_uri(uri)):
        pattern = read_pattern(spelled, where="x")
        assert pattern.fits(canonical_uri(uri))
        assert pattern.form is None or any(first <= canonical_uri(uri) < last for first, last in pattern.ranges)


@given(uri=events.epcs, kept=st.integers(0, 2))
def test_any_pattern_of_a_urn_finds_it(uri: str, kept: int) -> None:
    """Whatever last parts of an instance's URN are replaced by *, the pattern finds it."""
    assume(uri.startswith("urn:epc:id:"))
    scheme, _, body = uri.removeprefix("urn:epc:id:").partition(":")
    count = {"sgtin": 3, "grai": 3}.get(scheme, 2)
    parts = body.split(".", count - 1)
    kept = min(kept, count - 1)
    pattern = read_pattern(f"urn:epc:idpat:{scheme}:{'.'.join(parts[:kept] + ['*'] * (count - kept))}", where="x")
    assert pattern.fits(canonical_uri(uri))
