"""Check a Takeback proof bundle without Takeback.

    python3 takeback_verify.py BUNDLE.json --key 'takeback.local/log+1a2b3c4d+AX...'

Needs Python 3.9 or newer and the package "cryptography"; no network, no database. Exit code 0: all holds; 1: something
does not; 2: the files cannot be read. The key is the log's public key: get it once, from one you trust, and keep it.

What is checked, in this order (the tree: RFC 6962 and RFC 9162; signatures: C2SP signed-note and tlog-cosignature):
 1. The checkpoint - name of the log, number of leaves, root - is signed by the log, and by the witnesses it names.
 2. Each entry: salted digest of its body -> leaf; things it is about -> leaf; leaf -> path -> root of the checkpoint.
 3. Running numbers: no number twice; where the bundle says "all from a to b", none is missing.
 4. --earlier NOTE: the log only grew since a checkpoint that you have kept.
 5. Completeness: the party's map, itself an entry of the log, says which entries there are about one thing;
    the bundle holds exactly these (or: the map shows that there are none).
"""

# ruff: noqa: T201, UP017 -- a command speaks by printing; datetime.UTC is of Python 3.11
from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS = 1, 4  # kinds of keys
Key = tuple[str, bytes, int, bytes]  # name, the four bytes that name it, kind, public key
ZERO = bytes(32)


class UnreadableError(Exception):
    """The bundle has not the form that it should have."""


def need(condition: object, sentence: str) -> None:
    """Go on only if the form is right: what is misspelt is never taken for something left out."""
    if not condition:
        raise UnreadableError(sentence)


# --- Reading: each value has exactly one spelling, so that no changed letter goes unnoticed ---


def parsed(text: str) -> Any:
    """JSON without a name twice in one object."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({name for name, _ in pairs}) == len(pairs), "a name stands twice in one object")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"this is not JSON: {error}") from error


def members(value: Any, *names: str) -> list[Any]:
    """The values of an object that has these members and no other."""
    need(isinstance(value, dict) and set(value) == set(names), "an object with " + ", ".join(names) + " is expected")
    return [value[name] for name in names]


def listed(value: Any) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise UnreadableError("a list is expected")
    return value


def string(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise UnreadableError("a text is expected")
    return value


def whole(value: Any) -> int:
    """A number from 0 to 2**63 - 1, as PostgreSQL has them."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise UnreadableError(f"a whole number is expected, not {value!r:.40}")
    return value


def unhex(value: Any, length: int = 32) -> bytes:
    """Bytes in small hexadecimal digits."""
    need(
        len(string(value)) == 2 * length and re.fullmatch("[0-9a-f]*", value),
        f"{length} bytes in hexadecimal are expected",
    )
    return bytes.fromhex(value)


def unbase64(value: Any, length: int = 32) -> bytes:
    """Bytes in base64."""
    try:
        blob = base64.b64decode(string(value), validate=True)
    except ValueError:
        blob = b""
    right = len(blob) == length and base64.b64encode(blob).decode() == value
    need(right, f"{length} bytes in base64 are expected")
    return blob


# --- Signatures ---


def key_of(line: str) -> Key:
    """name+hash+key -> (name, the four bytes that name the key, kind, key)."""
    name, identity, encoded = ([*line.strip().split("+", 2), "", ""])[:3]
    blob = unbase64(encoded, 33)
    named = sha256(name.encode() + b"\n" + blob).digest()[:4]
    need(blob[0] in (LOG, WITNESS) and named.hex() == identity, f"this is no key of a log or a witness: {line}")
    return name, named, blob[0], blob[1:]


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Is this the key's Ed25519 signature of the message?"""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_by(note: str, key: Key) -> int | None:
    """Has this key signed the note? 1 for a log, the time in seconds for a witness, None if not."""
    text, _, lines = note.rpartition("\n\n")
    name, identity, kind, public = key
    for line in lines.splitlines():
        start = f"\u2014 {name} "
        if not line.startswith(start):
            continue
        blob = unbase64(line[len(start) :], 68 if kind == LOG else 76)
        message = text + "\n"
        seconds = int.from_bytes(blob[4:-64], "big")
        if kind == WITNESS:
            message = f"cosignature/v1\ntime {seconds}\n{message}"
        if blob[:4] == identity and holds(public, blob[-64:], message.encode()):
            return 1 if kind == LOG else seconds
    return None


def checkpoint(note: str, key: Key) -> tuple[int, bytes] | None:
    """The size and the root of a checkpoint that the log's key has signed; None if it has not."""
    text, gap, signatures = string(note).rpartition("\n\n")
    lines = text.split("\n")
    right = gap and len(lines) > 2 and all(lines) and signatures.endswith("\n")
    need(right, "a checkpoint has three lines or more, an empty one, and signatures")
    need(re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]), "the second line of a checkpoint is the number of leaves")
    size, root = int(lines[1]), unbase64(lines[2])
    return (size, root) if lines[0] == key[0] and signed_by(note, key) else None


# --- The tree of the log ---


def node(left: bytes, right: bytes) -> bytes:
    """RFC 6962, 2.1: the hash of a node."""
    return sha256(b"\x01" + left + right).digest()


def root_of_leaf(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """RFC 9162, 2.1.3.2: where the path from a leaf leads; None if it has not the right length."""
    if not 0 <= index < size:
        return None
    place, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            value = node(step, value)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, step)
        place, last = place >> 1, last >> 1
    return value if last == 0 else None


def grew(first: int, second: int, first_root: bytes, second_root: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: is the tree of `first` leaves the beginning of that of `second`?"""
    if not 0 < first <= second:
        return False
    if first == second or not path:
        return first == second and not path and first_root == second_root
    steps = path if first & (first - 1) else [first_root, *path]
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node(step, old), node(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


# --- The map of what is complete: a binary trie over the 63 bits of things' keys ---


def key_of_thing(uri: str) -> int:
    """The number by which the log knows a thing."""
    return int.from_bytes(sha256(uri.encode()).digest()[:8], "big") >> 1


def chain(key: int, leaves: list[bytes]) -> bytes:
    """One digest over all leaves of the entries about a thing, in the order of the log."""
    value = ZERO
    for number, leaf in enumerate(leaves, 1):
        value = sha256(b"\x00" + key.to_bytes(8, "big") + number.to_bytes(8, "big") + value + leaf).digest()
    return value


def root_of_thing(key: int, value: bytes, path: list[tuple[int, bytes]]) -> bytes:
    """Where a search for the key begins; each step is (number of the bit that decides, hash of the other side)."""
    depths = [depth for depth, _ in path]
    need(depths == sorted(set(depths)) and all(depth < 63 for depth in depths), "the bits of a path rise from 0 to 62")
    for depth, other in reversed(path):
        left, right = (other, value) if key >> (62 - depth) & 1 else (value, other)
        value = sha256(b"\x01" + bytes([depth]) + left + right).digest()
    return value


# --- The checks ---


class Check:
    """Goes through a bundle; `facts` and `problems` are plain sentences."""

    def __init__(
        self, bundle: Any, key: str, earlier: str | None = None, witnesses: Sequence[str] = (), quorum: int = 0
    ) -> None:
        self.facts: list[str] = []
        self.problems: list[str] = []
        form, log, named, note, party, numbers, entries, growth, complete = members(
            bundle, "format", "log", "witnesses", "checkpoint", "party", "numbers", "entries", "consistency",
            "completeness",
        )  # fmt: skip
        need(form == "takeback-proof-bundle-v1", f"this is a bundle of another form: {form}")
        self.key, self.party = key_of(key), string(party)
        self.expect(log == key, "The bundle names another key of the log than yours.")
        self.check_checkpoint(note, [string(line) for line in listed(named)], witnesses, quorum)
        found = [self.entry(entry) for entry in listed(entries)]
        self.check_numbers(found, numbers)
        self.check_growth(growth, earlier)
        if complete is not None:
            self.check_complete(found, complete)

    def expect(self, condition: object, sentence: str) -> bool:
        """Note a problem where the condition does not hold."""
        if not condition:
            self.problems.append(sentence)
        return bool(condition)

    def check_checkpoint(self, note: str, named: list[str], witnesses: Sequence[str], quorum: int) -> None:
        """The signatures: exactly those of the log and of the named witnesses."""
        opened = checkpoint(note, self.key)
        self.size, self.root = opened or (0, ZERO)
        if self.expect(opened, "The log's signature of the checkpoint does not hold."):
            self.facts.append(f"The log {self.key[0]} has signed a checkpoint over {self.size} leaves.")
        for line in named:
            moment = signed_by(note, key_of(line)) if key_of(line)[2] == WITNESS else None
            self.expect(moment is not None, f"The witness {line} has not signed this checkpoint.")
            if moment is not None:
                when = datetime.fromtimestamp(min(moment, 1 << 37), timezone.utc).isoformat()
                self.facts.append(f"The witness {line.split('+')[0]} co-signed it at {when}.")
        count = len(note.rpartition("\n\n")[2].splitlines())
        self.expect(count == 1 + len(named) == 1 + len(set(named)), "The checkpoint has signatures of unknown hands.")
        known = sum(signed_by(note, key_of(line)) is not None for line in set(witnesses))
        self.expect(known >= quorum, f"{known} of your witnesses signed; you ask for {quorum}.")

    def entry(self, value: Any) -> dict[str, Any]:
        """Check one entry; return its place, leaf hash, number, kind, things and body."""
        body, salt, personal, things, leaf, index, path = members(
            value, "body", "salt", "personal", "things", "leaf", "index", "path"
        )
        said, place = parsed(string(leaf)), f"The entry at leaf {whole(index)}"
        need(isinstance(said, dict) and type(said.get("number")) is int, "a leaf is an object with a number")
        digest = sha256(unhex(salt, 16) + string(body).encode()).hexdigest()
        self.expect(digest == said.get("digest"), f"{place} has another body than its leaf says.")
        self.expect(said.get("party") == self.party, f"{place} is of another party.")
        pairs = [(int.from_bytes(unhex(key, 8), "big"), whole(roles)) for key, roles in map(listed, listed(things))]
        need(pairs == sorted(pairs) and all(roles < 1 << 16 for _, roles in pairs), "things rise by their keys")
        if said.get("v") == 1:  # the first form of leaves did not name things
            self.expect(not pairs, f"{place} is of the first form and cannot name things.")
        else:
            content = b"".join(key.to_bytes(8, "big") + roles.to_bytes(2, "big") for key, roles in pairs)
            same = sha256(content).hexdigest() == said.get("items")
            self.expect(same, f"{place} is about other things than its leaf says.")
        for one in listed(personal):
            salt, content = members(one, "salt", "content")
            name = base64.urlsafe_b64encode(sha256(unhex(salt, 16) + string(content).encode()).digest()).decode()
            known = f'"ni:///sha-256;{name.rstrip("=")}"' in body
            self.expect(known, f"{place} does not hold this personal data: {content:.60}")
        hashed = sha256(b"\x00" + leaf.encode()).digest()
        root = root_of_leaf(index, self.size, hashed, [unbase64(step) for step in listed(path)])
        self.expect(root == self.root, f"{place} is not under the signed root.")
        return {"index": index, "leaf": hashed, "said": said, "things": {key for key, _ in pairs}, "body": body}

    def check_numbers(self, found: list[dict[str, Any]], numbers: Any) -> None:
        """The party's running numbers."""
        own = [entry["said"]["number"] for entry in found]
        self.expect(len(set(own)) == len(own), "A running number is given to two entries.")
        self.facts.append(f"{len(found)} entries of the party {self.party} are in the log as they stand here.")
        if numbers is not None:
            first, last = map(whole, listed(numbers))
            missing = sorted(set(range(first, min(last, first + len(own)) + 1)).symmetric_difference(own))
            if self.expect(not missing, f"Numbers {first} to {last} are not all here: look at {missing[:5]}."):
                self.facts.append(f"They are all that the party recorded from number {first} to {last}.")

    def check_growth(self, growth: Any, earlier: str | None) -> None:
        """The log against a checkpoint that the verifier kept."""
        if earlier is None:
            self.expect(growth is None, "The bundle has a proof of growth: give --earlier to check it.")
            return
        before = checkpoint(earlier, self.key)
        if before is None:
            self.problems.append("The log's signature of your earlier checkpoint does not hold.")
            return
        first, path = members(growth, "first", "path") if growth is not None else (before[0], [])
        steps = [unbase64(step) for step in listed(path)]
        held = whole(first) == before[0] and grew(first, self.size, before[1], self.root, steps)
        if self.expect(held, "The log is not the one of your checkpoint: it forked, shrank or was rewritten."):
            self.facts.append(f"The log only grew since your checkpoint over {first} leaves.")

    def check_complete(self, found: list[dict[str, Any]], complete: Any) -> None:
        """These are all entries about a thing; or there are none."""
        uri, item, leaves, path, other, made = members(complete, "uri", "item", "leaves", "path", "other", "map")
        key, entry = int.from_bytes(unhex(item, 8), "big"), self.entry(made)
        self.expect(uri is None or key_of_thing(string(uri)) == key, f"{uri} is not the thing that is proven.")
        self.expect(entry["said"].get("kind") == "takeback:CompletenessMap", "The map is an entry of another kind.")
        body = parsed(entry["body"])
        form, size, count, root = members(body.get("takeback:map"), "format", "size", "items", "root")
        need(form == "takeback-completeness-v1", f"this is a map of another form: {form}")
        self.expect(whole(size) <= entry["index"], "The map speaks of leaves that come after it.")
        steps = [(whole(depth), unhex(side)) for depth, side in map(listed, listed(path))]
        mine = [unhex(leaf) for leaf in listed(leaves)]
        if other is None:
            value = chain(key, mine)
            need(mine or (count == 0 and not steps), "absence is shown by another thing, or by an empty map")
        else:
            name, theirs = members(other, "item", "leaves")
            elsewhere = int.from_bytes(unhex(name, 8), "big")
            need(not mine and theirs and elsewhere != key, "absence is shown by another thing's entries")
            value = chain(elsewhere, [unhex(leaf) for leaf in listed(theirs)])
        self.expect(root_of_thing(key, value, steps) == unhex(root), "The map says something else about this thing.")
        # Leaves of the first form name no things: they count as what the map says they are.
        about = [e for e in found if e["index"] < size and (key in e["things"] or e["leaf"] in mine)]
        here = [e["leaf"] for e in sorted(about, key=lambda e: e["index"])]
        missing = len([leaf for leaf in mine if leaf not in here])
        self.expect(not missing, f"{missing} of {len(mine)} entries about the thing are withheld.")
        if self.expect(here == mine, "The entries about the thing are not those of the map.") and not missing:
            name = uri or item
            self.facts.append(
                f"They are ALL entries of the party about {name} among the first {size} leaves: {len(mine)}."
                if mine
                else f"The party has NO entry about {name} among the first {size} leaves."
            )


def main(arguments: list[str] | None = None) -> int:
    """Check the file that the command line names."""
    parser = argparse.ArgumentParser(description="Check a Takeback proof bundle without Takeback.")
    parser.add_argument("bundle", help="the file; - reads it from standard input")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--key", help="the log's public key, name+hash+key, that you trust")
    key.add_argument("--trust-bundle-key", action="store_true", help="use the key in the bundle: proves less")
    parser.add_argument("--earlier", help="a file with a checkpoint of the log that you kept")
    parser.add_argument("--witness", action="append", default=[], help="key of a witness that you trust; repeat it")
    parser.add_argument("--quorum", type=int, help="how many of them must have signed; all, if not said")
    given = parser.parse_args(arguments)
    try:
        bundle = parsed(read(given.bundle))
        chosen = given.key or string(bundle.get("log") if isinstance(bundle, dict) else None)
        earlier = read(given.earlier) if given.earlier else None
        quorum = len(given.witness) if given.quorum is None else given.quorum
        done = Check(bundle, chosen.strip(), earlier, given.witness, quorum)
    except (UnreadableError, OSError, UnicodeError, ValueError, TypeError, AttributeError, OverflowError) as error:
        print(f"NO   The files cannot be read as proofs: {error}")
        return 2
    if given.trust_bundle_key:
        print("NOTE The key comes from the bundle itself: whoever forged one could forge the other.")
    for fact in done.facts if not done.problems else ():
        print(f"OK   {fact}")
    for problem in done.problems:
        print(f"NO   {problem}")
    return 1 if done.problems else 0


def read(path: str) -> str:
    """The text of a file, or of standard input."""
    if path == "-":
        return sys.stdin.buffer.read().decode()
    return Path(path).read_bytes().decode()


if __name__ == "__main__":
    sys.exit(main())
