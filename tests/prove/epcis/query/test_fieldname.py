"""Names of extension fields in queries: the same field by every prefix and namespace that mean it."""

from __future__ import annotations

import pytest

from takeback.prove.epcis.query.fieldname import FieldName

MOVED = {"v": "https://ref.gs1.org/voc/"}


@pytest.mark.parametrize(
    "asked",
    ["gs1:lot", "v:lot", "https://ref.gs1.org/voc/lot", "https://gs1.org/voc/lot", "http://www.gs1.org/voc/#lot"],
)
@pytest.mark.parametrize(
    ("key", "declared"),
    [("gs1:lot", {}), ("v:lot", MOVED), ("w:lot", {"w": "https://gs1.org/voc/"})],
)
def test_the_web_vocabulary_is_found_at_both_addresses(asked: str, key: str, declared: dict[str, str]) -> None:
    """Whoever asks by the address of before 2.0.1 or by the one since, finds the events that have either."""
    name = FieldName.of(asked, MOVED, where="EQ")
    assert name.names(key, declared)
    assert not name.names("x:lot", {"x": "https://x.example/voc/"})
