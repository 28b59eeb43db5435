"""Checking a proof bundle: what does not hold, in sentences. The stand-alone verifier does the same without us."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from takeback.core.items import item_key
from takeback.prove.bundle import FORMAT
from takeback.prove.bundle_form import Bundle, BundleEntry, Completeness
from takeback.prove.checkpoint import opened
from takeback.prove.completeness.making import FORMAT as MAP_FORMAT
from takeback.prove.completeness.making import KIND
from takeback.prove.completeness.trie import Step, chain, root_from
from takeback.prove.cosignature import cosigned_at
from takeback.prove.entry import items_digest
from takeback.prove.merkle import consistent, leaf_hash, root_from_inclusion
from takeback.prove.personal import name_of
from takeback.prove.salted import body_digest
from takeback.prove.signednote import Verifier, parted


def verify_bundle(content: bytes, log: str, earlier: str | None = None) -> list[str]:
    """Return what does not hold in a bundle, nothing when all does.

    ``log`` is the log's key that the caller trusts (``name+hash+key``), ``earlier`` a note that the caller has kept.
    What is not of the form of a bundle is one finding.
    """
    try:
        bundle = msgspec.json.decode(content, type=Bundle)
        if bundle.format != FORMAT:
            raise ValueError(bundle.format)
        return _Check(bundle, log).all(earlier)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"this is no proof bundle: {error}"]


class _Check:
    def __init__(self, bundle: Bundle, log: str) -> None:
        self.bundle = bundle
        self.key = Verifier.read(log)
        self.findings: list[str] = [] if log == bundle.log else ["the bundle names another log"]
        signed = opened(bundle.checkpoint, self.key.name, self.key.public)
        self.size, self.root = signed or (0, b"")

    def all(self, earlier: str | None) -> list[str]:
        self._signatures()
        leaves = [self._entry(entry) for entry in self.bundle.entries]
        self._numbers([leaf["number"] for leaf in leaves])
        self._growth(earlier)
        if self.bundle.completeness is not None:
            self._complete(self.bundle.completeness)
        return self.findings

    def _expect(self, condition: bool, sentence: str) -> None:
        if not condition:
            self.findings.append(sentence)

    def _signatures(self) -> None:
        self._expect(self.size > 0, "the checkpoint's signature does not hold")
        text, lines = parted(self.bundle.checkpoint)
        again = text + "\n" + "".join(map(str, lines))
        self._expect(again == self.bundle.checkpoint, "the checkpoint has lines that are no signatures")
        hands = [(self.key.name, self.key.id)]
        for witness in map(Verifier.read, self.bundle.witnesses):
            signed = any(cosigned_at(text, line, witness) is not None for line in lines)
            self._expect(signed, f"the witness {witness.name} has not signed the checkpoint")
            hands.append((witness.name, witness.id))
        self._expect(sorted(hands) == sorted((line.name, line.id) for line in lines), "signatures of unknown hands")

    def _entry(self, entry: BundleEntry) -> dict[str, Any]:
        leaf: dict[str, Any] = msgspec.json.decode(entry.leaf)
        place = f"the entry at leaf {entry.index}"
        digest = body_digest(bytes.fromhex(entry.salt), entry.body.encode())
        self._expect(leaf["digest"] == digest.hex(), f"{place} has another body")
        self._expect(leaf["party"] == self.bundle.party, f"{place} is of another party")
        roles = {int(thing, 16): bits for thing, bits in entry.things}
        rising = len(roles) == len(entry.things) and list(roles) == sorted(roles)
        named = items_digest(roles).hex() if leaf["v"] > 1 else None
        self._expect(rising and leaf.get("items") == named, f"{place} is about other things")
        for one in entry.personal:
            name = name_of(body_digest(bytes.fromhex(one.salt), one.content.encode()))
            self._expect(f'"{name}"' in entry.body, f"{place} does not hold this personal data")
        path = [base64.b64decode(step) for step in entry.path]
        root = root_from_inclusion(entry.index, self.size, _hash(entry), path)
        self._expect(root == self.root, f"{place} is not under the signed root")
        return leaf

    def _numbers(self, numbers: list[int]) -> None:
        self._expect(len(set(numbers)) == len(numbers), "a number is given twice")
        if self.bundle.numbers is not None:
            first, last = self.bundle.numbers
            whole = len(numbers) == last - first + 1 and sorted(numbers) == list(range(first, last + 1))
            self._expect(whole, f"numbers {first} to {last} are not all here")

    def _growth(self, earlier: str | None) -> None:
        growth = self.bundle.consistency
        before = opened(earlier, self.key.name, self.key.public) if earlier is not None else None
        if earlier is None or before is None:
            self._expect(growth is None and earlier is None, "growth cannot be checked without a kept checkpoint")
            return
        path = [base64.b64decode(step) for step in growth.path] if growth else []
        first = growth.first if growth else before[0]
        held = first == before[0] and consistent(first, self.size, before[1], self.root, path)
        self._expect(held, "the log is not the one of the earlier checkpoint")

    def _complete(self, said: Completeness) -> None:
        key, leaf = int(said.item, 16), self._entry(said.map)
        stated = msgspec.json.decode(said.map.body)["takeback:map"]
        self._expect(said.uri is None or item_key(said.uri) == key, "the name is not that of the thing")
        self._expect((leaf["kind"], stated["format"]) == (KIND, MAP_FORMAT), "the map is an entry of another kind")
        self._expect(stated["size"] <= said.map.index, "the map speaks of leaves after it")
        steps = [Step(depth, bytes.fromhex(side)) for depth, side in said.path]
        root = root_from(key, self._end(said, key, stated["items"]), steps)
        self._expect(root == bytes.fromhex(stated["root"]), "the map says something else about the thing")
        about = [e for e in self.bundle.entries if e.index < stated["size"] and _about(e, said)]
        here = [_hash(entry).hex() for entry in sorted(about, key=lambda entry: entry.index)]
        self._expect(here == said.leaves, "the entries about the thing are not those of the map")

    @staticmethod
    def _end(said: Completeness, key: int, items: int) -> bytes:
        """Return the leaf of the map at which the search ends."""
        if said.other is None:
            if not said.leaves and (items or said.path):
                raise ValueError("absence without another thing")
            return chain(key, map(bytes.fromhex, said.leaves))
        elsewhere = int(said.other.item, 16)
        if said.leaves or not said.other.leaves or elsewhere == key:
            raise ValueError("absence without another thing")
        return chain(elsewhere, map(bytes.fromhex, said.other.leaves))


def _hash(entry: BundleEntry) -> bytes:
    return leaf_hash(entry.leaf.encode())


def _about(entry: BundleEntry, said: Completeness) -> bool:
    return said.item in [thing for thing, _ in entry.things] or _hash(entry).hex() in said.leaves
