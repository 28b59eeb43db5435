"""Passwords: what they must be like, and their argon2id hashes."""

from __future__ import annotations

import re
import threading

import argon2

from takeback.core.message import msg
from takeback.core.problem import Problem

SHORTEST, LONGEST, LEAST_DIFFERENT = 12, 128, 5

# OWASP Password Storage Cheat Sheet, first choice for argon2id. Memory is what an attacker pays for; 19 MiB a
# hash and at most four at once keep a burst of sign-ins below 80 MiB here.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
_AT_ONCE = threading.BoundedSemaphore(4)

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$gEjXQzjySV8WMeZqRwijWg$6Gy8kPWr6yftsVUuc+bU4Ia0FTvwm/MWofb74Sk61Js"
"""What a sign-in with an unknown e-mail is checked against, so that it takes as long as any other."""

# What is left of a weak password when figures, signs and the usual disguises are taken away.
_STEMS = frozenset(
    """
    a aa abc abcd abcdef abcdefg abcdefgh abcdefghijkl admin administrator asdf asdfgh asdfghjkl batman
    changeme charlie computer default dragon football freedom guest hello iloveyou internet jordan letmein
    login loveyou master michael monkey mustang mypassword newpassword nopassword operator owner pass
    passpass passphrase passw password passwordpassword passwort princess qazwsx qazwsxedc qweasdzxc qwer
    qwert qwerty qwertyqwerty qwertyui qwertyuiop qwertyuiopasdf root secret shadow starwars sunshine
    superman superuser takeback takebackadmin takebackowner temp temporary test tester testing
    testpassword testtest trustno trustnoone user username welcome whatever woaini woainiwoaini zaqwsx
    zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 - a table of words
)
_DISGUISES = str.maketrans("@4013$57!", "aaoiesstl")


def check_password(password: str, *, email: str = "") -> None:
    """Refuse a password that is too short or among the first that anyone would try.

    No rules about kinds of characters: they make passwords worse (NIST SP 800-63B, 3.1.1.2).

    Raises
    ------
    Problem
        `identity.weak-password`; it never repeats the password.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(str(len(password)))
    plain = password.lower()
    if len(set(plain)) < LEAST_DIFFERENT or _stem(plain) in _STEMS or _stem(_undisguised(plain)) in _STEMS:
        raise _weak(None)
    for own in (email.lower(), email.partition("@")[0].lower()):
        if len(own) >= LEAST_DIFFERENT and own in plain and len(plain) - len(own) < SHORTEST // 2:
            raise _weak(None)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and costs in it."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """Whether `password` is the one that was hashed to `stored`."""
    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored, password)
        except argon2.exceptions.VerificationError:
            return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with other costs than today's and should be made anew."""
    return _HASHER.check_needs_rehash(stored)


def _stem(text: str) -> str:
    return re.sub(r"[^a-z]", "", text)


def _undisguised(text: str) -> str:
    return re.sub(r"[^a-z]+$", "", text).translate(_DISGUISES)


def _weak(length: str | None) -> Problem:
    return Problem(
        "identity.weak-password",
        msg("This password is too easy to guess."),
        where="password",
        found=msg("{length} characters", length=length) if length else None,
        expected=msg(
            "{shortest} to {longest} characters, not a common word with figures behind it",
            shortest=SHORTEST,
            longest=LONGEST,
        ),
        remedy=msg("Four or five unrelated words make a good one."),
    )
