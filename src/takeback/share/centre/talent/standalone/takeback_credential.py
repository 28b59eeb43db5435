"""Check a credential of a Takeback centre without Takeback.

    python3 takeback_credential.py CREDENTIAL.json --key did:key:z6Mk... [--status STATUS.json]
                                   [--name 'Li Ming' --salt SALT] [--on 2027-01-31]

Needs Python 3.9 or newer and the package "cryptography"; no network, no database. The key is the centre's: get it once,
from one you trust, and keep it. The status list is published by the centre: get the latest.

What is checked (W3C Verifiable Credentials 2.0, Open Badges 3.0):
 1. The centre's key has signed all of it: Data Integrity with eddsa-jcs-2022 (RFC 8785, SHA-256, Ed25519).
 2. It holds today, or on the day that you name.
 3. The centre has not revoked it: the signed bit string of --status (W3C Bitstring Status List 1.0).
 4. It was given to a person of this name, if the holder tells you name and salt.

Exit codes: 0 it holds; 1 it was changed since it was signed; 2 the files cannot be read; 3 another key has signed it;
4 it has expired, or does not hold yet; 5 it was revoked; 6 the status list is none for it; 7 the holder is another one.
"""

# ruff: noqa: T201, UP017 -- a command speaks by printing; datetime.UTC is of Python 3.11
from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import unicodedata
import zlib
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HOLDS, CHANGED, UNREADABLE, WRONG_KEY, EXPIRED, REVOKED, STATUS, HOLDER = range(8)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"  # multicodec: an Ed25519 public key
_LARGEST = 1 << 24  # bytes of an unpacked bit string


class UnreadableError(Exception):
    """The file has not the form that it should have."""


def need(condition: object, sentence: str) -> None:
    """Go on only if the form is right."""
    if not condition:
        raise UnreadableError(sentence)


# --- Reading and writing: each value has exactly one spelling ---


def parsed(text: str) -> dict[str, Any]:
    """A JSON object without a name twice, whose numbers are whole: others have more than one spelling."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({name for name, _ in pairs}) == len(pairs), "a name stands twice in one object")
        return dict(pairs)

    def refused(number: str) -> Any:
        raise UnreadableError(f"a credential has whole numbers only, not {number}")

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=refused, parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"this is not JSON: {error}") from error
    need(isinstance(value, dict), "a credential is a JSON object")
    return value  # type: ignore[no-any-return]


def canonical(value: Any) -> str:
    """The one text of a JSON value without fractions (RFC 8785)."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    need(not isinstance(value, int) or abs(value) <= 1 << 53, "a number is too large")
    return json.dumps(value, ensure_ascii=False)


def inner(value: Any, *names: str) -> Any:
    """What stands in an object in an object."""
    for name in names:
        need(isinstance(value, dict) and name in value, f"{'.'.join(names)} is missing")
        value = value[name]
    return value


def string(value: Any) -> str:
    """A text."""
    need(isinstance(value, str), "a text is expected")
    return value  # type: ignore[no-any-return]


def unbase58(text: str) -> bytes:
    """Bytes in base58btc, with the letter z before them (multibase)."""
    need(re.fullmatch(f"z[{_BASE58}]+", text), f"this is not base58: {text:.60}")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def key_of(did: str) -> bytes:
    """The public key that a did:key names."""
    blob = unbase58(did[len("did:key:") :]) if did.startswith("did:key:") else b""
    need(len(blob) == 34 and blob[:2] == _ED25519, f"this is no Ed25519 key: {did:.80}")
    return blob[2:]


def moment(text: Any) -> datetime:
    """A moment with its time zone."""
    try:
        read = datetime.fromisoformat(string(text).replace("Z", "+00:00"))
    except ValueError as error:
        raise UnreadableError(f"this is no moment: {text}") from error
    need(read.tzinfo, f"this moment has no time zone: {text}")
    return read


# --- The checks ---


def signer(document: dict[str, Any]) -> str:
    """The did:key that is said to have signed a document."""
    return string(inner(document, "proof", "verificationMethod")).partition("#")[0]


def signed(document: dict[str, Any], did: str) -> bool:
    """Has this key signed the document as it stands? Data Integrity, eddsa-jcs-2022."""
    proof = inner(document, "proof")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    form = options.get("type"), options.get("cryptosuite"), options.get("proofPurpose")
    if form != ("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod"):
        return False
    if options.get("@context", document.get("@context")) != document.get("@context"):
        return False
    rest = {name: value for name, value in document.items() if name != "proof"}
    message = b"".join(sha256(canonical(part).encode()).digest() for part in (options, rest))
    try:
        Ed25519PublicKey.from_public_bytes(key_of(did)).verify(unbase58(string(proof.get("proofValue"))), message)
    except (InvalidSignature, ValueError):
        return False
    return True


class Check:
    """Goes through a credential; `code` is the exit code, `facts` and `problems` are plain sentences."""

    def __init__(
        self,
        credential: dict[str, Any],
        did: str,
        *,
        status: dict[str, Any] | None = None,
        name: str | None = None,
        salt: str | None = None,
        on: datetime | None = None,
    ) -> None:
        self.code = HOLDS
        self.facts: list[str] = []
        self.problems: list[str] = []
        self.credential, self.did = credential, did
        if self.check_signature():
            self.check_status(status)
            self.check_time(on or datetime.now(timezone.utc))
            self.check_holder(name, salt)

    def fail(self, code: int, sentence: str) -> bool:
        """Note a problem; the first one gives the exit code."""
        self.problems.append(sentence)
        self.code = self.code or code
        return False

    def check_signature(self) -> bool:
        """The centre's key has signed all of it."""
        key_of(self.did)
        if signer(self.credential) != self.did:
            return self.fail(WRONG_KEY, f"Another key than yours is said to have signed it: {signer(self.credential)}")
        if not signed(self.credential, self.did):
            return self.fail(CHANGED, "It was changed since it was signed, or your key did not sign it.")
        if inner(self.credential, "issuer", "id") != self.did:
            return self.fail(WRONG_KEY, "It names another issuer than the key that signed it.")
        need("VerifiableCredential" in inner(self.credential, "type"), "this is no verifiable credential")
        title = inner(self.credential, "credentialSubject", "achievement", "name")
        self.facts.append(f"{inner(self.credential, 'issuer', 'name')} has signed it: {title}")
        return True

    def check_time(self, on: datetime) -> None:
        """It holds on a day."""
        begins, ends = moment(inner(self.credential, "validFrom")), self.credential.get("validUntil")
        if on < begins:
            self.fail(EXPIRED, f"It does not hold before {begins.isoformat()}.")
        elif ends is not None and on >= moment(ends):
            self.fail(EXPIRED, f"It expired on {ends}.")
        else:
            self.facts.append(f"It holds since {begins.isoformat()}" + (f" and until {ends}." if ends else "."))

    def check_status(self, status: dict[str, Any] | None) -> None:
        """It was not revoked, as far as the status list knows."""
        entry = inner(self.credential, "credentialStatus")
        if status is None:
            self.facts.append("NOTE Whether it was revoked was not looked at: give --status.")
            return
        if status.get("id") != inner(entry, "statusListCredential") or not self.status_signed(status):
            self.fail(STATUS, "This is not the status list of this credential, or the centre did not sign it.")
            return
        index, bits = int(string(inner(entry, "statusListIndex"))), unpacked(status)
        need(0 <= index < 8 * len(bits), "the status list is too short for this credential")
        made = inner(status, "validFrom")
        if bits[index // 8] >> (7 - index % 8) & 1:
            self.fail(REVOKED, f"The centre has revoked it: status list of {made}.")
        else:
            self.facts.append(f"It was not revoked by {made}.")

    def status_signed(self, status: dict[str, Any]) -> bool:
        """The status list is one of revocations, and signed by the same key."""
        of = inner(status, "credentialSubject", "statusPurpose"), inner(status, "credentialSubject", "type")
        right = of == ("revocation", "BitstringStatusList") and signer(status) == self.did
        return right and signed(status, self.did)

    def check_holder(self, name: str | None, salt: str | None) -> None:
        """It was given to a person of this name."""
        if name is None:
            return
        digest = "sha256$" + sha256((unicodedata.normalize("NFC", name.strip()) + (salt or "")).encode()).hexdigest()
        named = self.credential["credentialSubject"].get("identifier", [])
        if digest in [one.get("identityHash") for one in named if one.get("identityType") == "name"]:
            self.facts.append(f"It was given to {name}.")
        else:
            self.fail(HOLDER, f"It was not given to {name}, or this is not its salt.")


def unpacked(status: dict[str, Any]) -> bytes:
    """The bits of a status list: gzip in base64url, with the letter u before it (multibase)."""
    text = string(inner(status, "credentialSubject", "encodedList"))
    need(re.fullmatch("u[A-Za-z0-9_-]+", text), "this is no bit string")
    try:
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        unzip = zlib.decompressobj(31)
        bits = unzip.decompress(packed, _LARGEST)
    except (ValueError, zlib.error) as error:
        raise UnreadableError(f"this is no bit string: {error}") from error
    need(unzip.eof, "this bit string is cut off or too long")
    return bits


def main(arguments: list[str] | None = None) -> int:
    """Check the file that the command line names."""
    parser = argparse.ArgumentParser(description="Check a credential of a Takeback centre without Takeback.")
    parser.add_argument("credential", help="the file; - reads it from standard input")
    parser.add_argument("--key", required=True, help="the centre's public key, did:key:z6Mk..., that you trust")
    parser.add_argument("--status", help="the file with the centre's latest status list")
    parser.add_argument("--name", help="the name that the holder gives")
    parser.add_argument("--salt", help="the salt that the holder gives with it")
    parser.add_argument("--on", help="the day to look at, 2027-01-31; today if not said")
    given = parser.parse_args(arguments)
    try:
        on = moment(given.on + "T12:00:00+00:00") if given.on else None
        status = parsed(read(given.status)) if given.status else None
        done = Check(
            parsed(read(given.credential)), given.key.strip(), status=status, name=given.name, salt=given.salt, on=on
        )
    except (UnreadableError, OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        print(f"NO   This cannot be read as a credential: {error}")
        return UNREADABLE
    for fact in done.facts:
        print(fact if fact.startswith("NOTE") else f"OK   {fact}")
    for problem in done.problems:
        print(f"NO   {problem}")
    return done.code


def read(path: str) -> str:
    """The text of a file, or of standard input."""
    return (sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()).decode()


if __name__ == "__main__":
    sys.exit(main())
