"""Passwords and their hashes."""

from __future__ import annotations

import argon2
import pytest

from takeback.core.problem import Problem
from takeback.operate.identity import passwords
from takeback.operate.identity.passwords import NOBODY, check_password, hash_password, outdated, verify_password


@pytest.mark.parametrize(
    "password",
    ["four unrelated words of mine", "黄浦江边有一家回收中心真好", "xK9#mQ2$vL7p"],
)
def test_a_good_password_is_taken(password: str) -> None:
    """Long phrases of any script, and random characters, without rules about kinds."""
    check_password(password, email="alice@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "x" * 129,
        "aaaaaaaaaaaaaaa",
        "121212121212",
        "Password1234!",
        "P@ssw0rd1234",
        "qwertyuiop123",
        "takeback20262026",
        "Woaini13141314",
        "alice.smith1",
    ],
)
def test_a_weak_password_is_refused_and_never_repeated(password: str) -> None:
    """Too short, too long, one key held down, a common word in disguise, one's own name. It is not shown."""
    with pytest.raises(Problem) as refused:
        check_password(password, email="alice.smith@example.org")
    assert refused.value.kind == "identity.weak-password"
    assert password not in str(refused.value)


def test_a_password_fits_its_own_hash_only() -> None:
    """Two hashes of one password differ, and both are its own; others do not fit, nor does one that is too long."""
    first, second = hash_password("four unrelated words"), hash_password("four unrelated words")
    assert first != second
    assert verify_password(first, "four unrelated words")
    assert verify_password(second, "four unrelated words")
    for wrong in ("four unrelated word", "Four unrelated words", "", "x" * 5000):
        assert not verify_password(first, wrong)


def test_the_hash_of_nobody_costs_as_much_as_any_other() -> None:
    """The same kind and the same costs, so that an unknown e-mail is not told by the time it takes."""
    mine, nobody = (argon2.extract_parameters(text) for text in (hash_password("four unrelated words"), NOBODY))
    assert mine == nobody
    assert mine.type is argon2.Type.ID
    assert not verify_password(NOBODY, "")


def test_an_old_hash_is_known_as_such() -> None:
    """Cheaper costs than today's ask for a new hash."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("four unrelated words")
    assert outdated(cheap)
    assert verify_password(cheap, "four unrelated words")
    assert not outdated(NOBODY)


def test_the_words_that_are_refused_are_in_the_form_they_are_compared_in() -> None:
    """Small letters only: another word in the table would never be found."""
    assert all(word.isascii() and word.isalpha() and word.islower() for word in passwords._STEMS)
