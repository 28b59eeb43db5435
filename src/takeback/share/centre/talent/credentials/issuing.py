"""Credentials are issued to people, handed over to them, and revoked; the list of the revoked is published."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from takeback.core.canonical import canonical_json
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.talent.credentials.documents import (
    BITS,
    credential_document,
    name_digest,
    signed_document,
    status_document,
)
from takeback.share.centre.talent.credentials.keys import CentreKey
from takeback.share.centre.talent.credentials.kinds import Award, Credential, StatusList
from takeback.share.centre.talent.persons import own_or, present


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the holder gets: the signed document, and the salt of the name in it (None once the name is erased)."""

    document: str
    salt: str | None


def issue(
    connection: sa.Connection,
    actor: CentreActor,
    key: CentreKey,
    person_id: UUID,
    award: Award,
    *,
    at: datetime | None = None,
) -> Record:
    """Sign a credential for a person; `key`: the centre's, from the installation's folder (`CentreKey.kept_in`).

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.own-credential`` (403): nobody issues one to oneself; ``centre.no-person``
        (404), ``centre.no-record`` (404) for evidence that there is not, ``centre.bad-credential`` where it would
        have expired already; ``centre.revoked`` (409) for evidence that is a revoked credential.
    """
    actor.require("credential.issue")
    if actor.person_id == person_id:
        raise Problem("centre.own-credential", msg("Nobody issues a credential to oneself."), status=403)
    person = present(connection, person_id)
    moment = at or clock.now(connection, actor.org_id)
    if award.until is not None and award.until < moment + timedelta(days=1):
        raise Problem("centre.bad-credential", msg("It would have expired already."), where="until", found=award.until)
    listed = _status_list(connection, actor, key, moment)
    number, salt, index = uuid7(), secrets.token_urlsafe(16), _free(connection, listed.id)
    holder = uuid4()
    document = credential_document(
        id=number, issuer=_issuer(connection, key), holder=holder,
        name_digests=[name_digest(name, salt) for name in (person.name, person.name_zh) if name],
        achievement=_achievement(award), evidence=_evidence(connection, award.evidence), begins=moment,
        until=award.until, status_list=f"urn:uuid:{listed.id}", index=index,
    )  # fmt: skip
    facts = Credential(
        **msgspec.structs.asdict(award), person=person_id, year=moment.year, issued=moment.date(), holder=holder,
        status_list=listed.id, index=index, document=_text(signed_document(document, key, moment)),
    )  # fmt: skip
    record = create(connection, actor, "credential", facts, id=number, at=at)
    connection.execute(_KEEP_SALT, {"org": actor.org_id, "id": number, "person": person_id, "salt": salt})
    return record


def hand_over(connection: sa.Connection, actor: CentreActor, credential_id: UUID) -> HandedOver:
    """Return the signed document and the salt: for the holder, and for whoever issues credentials."""
    record = get(connection, credential_id, kind="credential")
    own_or(actor, record.facts.person, "credential.issue")
    salt = connection.execute(_SALT, {"id": credential_id}).scalar_one_or_none()
    return HandedOver(record.facts.document, salt)


def revoke(
    connection: sa.Connection,
    actor: CentreActor,
    key: CentreKey,
    credential_id: UUID,
    *,
    reason: str,
    at: datetime | None = None,
) -> Record:
    """Revoke a credential, and publish the status list that says so.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.bad-move`` (409) when it was revoked already,
        ``centre.other-key`` (409) when another key has signed it.
    """
    actor.require("credential.issue")
    old = get(connection, credential_id, kind="credential", lock=True)
    listed = get(connection, old.facts.status_list, kind="status-list", lock=True)
    if listed.facts.issuer != key.did:
        raise Problem(
            "centre.other-key", msg("Another key of this centre has signed it."), found=key.did,
            expected=listed.facts.issuer, status=409,
        )  # fmt: skip
    gone = move(connection, actor, credential_id, "revoked", reason=reason, at=at)
    moment = at or clock.now(connection, actor.org_id)
    revoked = tuple(sorted({*listed.facts.revoked, old.facts.index}))
    document = _text(signed_document(status_document(f"urn:uuid:{listed.id}", key.did, revoked, moment), key, moment))
    change(connection, actor, listed.id, replace(listed.facts, revoked=revoked, document=document), at=at)
    return gone


def credentials_of(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> list[Record]:
    """Return a person's credentials, the revoked ones too: for the holder, and for whoever issues credentials."""
    own_or(actor, person_id, "credential.issue")
    return find(connection, "credential", person=person_id)


def published(connection: sa.Connection) -> list[StatusList]:
    """Return the status lists of the centre, one of each key; whoever verifies takes `document`."""
    return [record.facts for record in find(connection, "status-list")]


def status_of(connection: sa.Connection, credential: Credential) -> str:
    """Return the signed status list that a credential is looked up in, as JSON."""
    listed = get(connection, credential.status_list, kind="status-list")
    return str(listed.facts.document)


def _status_list(connection: sa.Connection, actor: CentreActor, key: CentreKey, moment: datetime) -> Record:
    """Return the list of a key, locked until the transaction ends, so that no two credentials get the same bit."""
    connection.execute(_LOCK, {"name": f"{actor.org_id} {key.did}"})
    for listed in find(connection, "status-list"):
        if listed.facts.issuer == key.did:
            return listed
    number = uuid7()
    document = _text(signed_document(status_document(f"urn:uuid:{number}", key.did, (), moment), key, moment))
    facts = StatusList(title="Revoked credentials", issuer=key.did, document=document)
    return create(connection, actor, "status-list", facts, id=number, at=moment)


def _free(connection: sa.Connection, listed: UUID) -> int:
    taken = set(connection.execute(_TAKEN, {"list": str(listed)}).scalars())
    if len(taken) > BITS // 2:
        raise Problem("centre.list-full", msg("The status list is full."), found=len(taken), status=409)
    while (index := secrets.randbelow(BITS)) in taken:
        pass
    return index


def _issuer(connection: sa.Connection, key: CentreKey) -> dict[str, Any]:
    (centre,) = find(connection, "centre", limit=1)
    return {"id": key.did, "type": ["Profile"], "name": centre.facts.name}


def _achievement(award: Award) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{uuid4()}",
        "type": ["Achievement"],
        "achievementType": award.achieved,
        "name": award.title,
        "description": award.description,
        "criteria": {"narrative": award.criteria},
    }


def _evidence(connection: sa.Connection, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    found = [get(connection, number) for number in ids]
    for record in found:
        if record.kind == "credential" and record.state == "revoked":
            raise Problem("centre.revoked", msg("A revoked credential is no evidence."), where=record.title, status=409)
    return [
        {"id": f"urn:uuid:{record.id}", "type": ["Evidence"], "name": record.title, "genre": record.kind}
        for record in found
    ]


def _text(document: dict[str, Any]) -> str:
    return canonical_json(document).decode()


_KEEP_SALT = sa.text("""
    insert into centre_credential_salt (org_id, id, person_id, salt) values (:org, :id, :person, :salt)
""")
_SALT = sa.text("select salt from centre_credential_salt where id = :id")
_LOCK = sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 7))")
_TAKEN = sa.text("""
    select (facts ->> 'index')::integer from centre_record
    where kind = 'credential' and facts ->> 'status_list' = :list
""")
