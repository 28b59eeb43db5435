"""Checking a file of proofs that somebody took away: no database, no network, only the file and the log's key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.checkpoint import opened
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.verifier import Verifier
from takeback.prove.verify import verify_proof

FORMAT = "takeback-inclusion-proof-v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProof:
    """One entry of the file; ``findings`` say what does not hold, empty when all does.

    ``leaf``: its place in the log; ``number``: its place among the party's entries; ``size``: leaves under the signed
    checkpoint, None where its signature does not hold.
    """

    kind: str
    party: str
    number: int
    event_time: str
    leaf: int
    size: int | None
    findings: tuple[str, ...]


def check_proofs(content: bytes, verifier: Verifier) -> list[CheckedProof]:
    """Check each proof of a file: one proof as the interface gives it, or all of an item as the console does.

    The key that the file itself names is not used: whoever forges a file can forge that, too.

    Raises
    ------
    Problem
        ``ledger.not-a-proof`` when the file is not of this form, or holds no proof at all.
    """
    try:
        said = json.loads(content)
        proofs = said.get("proofs", [said])
        checked = [_checked(proof, said.get("item"), verifier) for proof in proofs]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _not_a_proof(f"{type(error).__name__}: {error}") from error
    if not checked:
        raise _not_a_proof("[]")
    return checked


def _checked(proof: dict[str, Any], item: str | None, verifier: Verifier) -> CheckedProof:
    if proof["format"] != FORMAT:
        raise ValueError(proof["format"])
    leaf = json.loads(proof["leaf"]["content"])
    findings = verify_proof(proof, verifier.origin, verifier.public)
    if item is not None and canonical_uri(item) not in map(canonical_uri, _texts(proof["entry"]["body"])):
        findings.append("the entry does not speak of the item that the file is about")
    signed = opened(proof["checkpoint"], verifier.origin, verifier.public)
    return CheckedProof(
        kind=leaf["kind"],
        party=leaf["party"],
        number=leaf["number"],
        event_time=leaf["eventTime"],
        leaf=proof["leaf"]["index"],
        size=signed[0] if signed else None,
        findings=tuple(findings),
    )


def _texts(value: object) -> Iterator[str]:
    """Yield all texts of a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _not_a_proof(found: str) -> Problem:
    return Problem(
        "ledger.not-a-proof",
        msg("The file is not a proof."),
        found=found,
        expected=FORMAT,
        remedy=msg("Take it away again with the button on the page of the thing."),
    )
