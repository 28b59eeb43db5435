"""Item keys."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.items import item_hex, item_key, item_key_of_hex
from takeback.core.problem import Problem


@given(st.text())
def test_key_fits_a_signed_64_bit_integer_and_its_hex_reads_back(uri: str) -> None:
    """A key is a positive bigint, half of the first eight bytes of SHA-256, and its hex form is the same key."""
    key = item_key(uri)
    assert 0 <= key < 2**63
    assert key == int.from_bytes(sha256(uri.encode()).digest()[:8]) // 2
    assert item_key_of_hex(item_hex(key)) == key


@pytest.mark.parametrize("text", ["", "0" * 15, "0" * 17, "G" * 16, "A" * 16, "f" * 16, "8" + "0" * 15])
def test_other_texts_are_not_found(text: str) -> None:
    """A text that is no key is answered as not found."""
    with pytest.raises(Problem) as caught:
        item_key_of_hex(text)
    assert caught.value.status == 404
