"""The documents of a credential: Open Badges 3.0 on W3C Verifiable Credentials 2.0, and the status list beside it."""

from __future__ import annotations

import base64
import gzip
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from takeback.core.canonical import canonical_json
from takeback.share.centre.talent.credentials.keys import CentreKey, base58

W3C = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
BITS = 131_072  # the least that Bitstring Status List 1.0 allows, so that an index tells nothing


def signed_document(document: Mapping[str, Any], key: CentreKey, at: datetime) -> dict[str, Any]:
    """Return a document with its proof: Data Integrity, eddsa-jcs-2022 (W3C Recommendation, 2025)."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": instant(at),
        "verificationMethod": key.method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    message = b"".join(sha256(canonical_json(part)).digest() for part in (options, dict(document)))
    return {**document, "proof": {**options, "proofValue": base58(key.private.sign(message))}}


def credential_document(
    *,
    id: UUID,
    issuer: Mapping[str, Any],
    holder: UUID,
    name_digests: Iterable[str],
    achievement: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    begins: datetime,
    until: datetime | None,
    status_list: str,
    index: int,
) -> dict[str, Any]:
    """Return a credential, not signed yet. `holder`: a pseudonym; the name stands there as a salted digest alone.

    The salt, which Open Badges would put beside the digest, is given to the holder: who has the document alone
    cannot try out names.
    """
    document = {
        "@context": [W3C, OPEN_BADGES],
        "id": f"urn:uuid:{id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": dict(issuer),
        "validFrom": instant(begins),
        "credentialSubject": {
            "id": f"urn:uuid:{holder}",
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": True, "identityHash": digest, "identityType": "name"}
                for digest in name_digests
            ],
            "achievement": dict(achievement),
        },
        "evidence": [dict(one) for one in evidence],
        "credentialStatus": {
            "id": f"{status_list}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": status_list,
        },
    }
    return document if until is None else {**document, "validUntil": instant(until)}


def status_document(id: str, issuer: str, revoked: Iterable[int], at: datetime) -> dict[str, Any]:
    """Return a status list, not signed yet: a bit for each credential, from the left, 1 where it was revoked."""
    bits = bytearray(BITS // 8)
    for index in revoked:
        bits[index // 8] |= 1 << (7 - index % 8)
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    return {
        "@context": [W3C],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": instant(at),
        "credentialSubject": {
            "id": f"{id}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }


def name_digest(name: str, salt: str) -> str:
    """Return the digest under which a name stands in a credential (Open Badges 3.0, IdentityHash)."""
    return "sha256$" + sha256((unicodedata.normalize("NFC", name.strip()) + salt).encode()).hexdigest()


def instant(at: datetime) -> str:
    """Return a moment as credentials write it, in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
