"""What the public log says of an entry of another organisation: enough to check it, nothing of what stands in it."""

from __future__ import annotations

import json
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.kept import COLUMNS, leaf_of
from takeback.prove.merkle import leaf_hash
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.projects.outcome_kinds import Proof
from takeback.share.centre.records import get


class LogSays(msgspec.Struct, frozen=True, kw_only=True):
    """What the log says of an entry. `index`: its place in the log, None while it waits for it.

    `holds`: the leaf is that organisation's, and the log has exactly this leaf for the entry.
    """

    organisation: UUID
    entry: int
    holds: bool
    index: int | None
    kind: str
    number: int | None
    event_time: str
    record_time: str


def proof_of(connection: sa.Connection, organisation: UUID, entry: int) -> Proof:
    """Return the proof of an entry, in a transaction of the organisation whose entry it is.

    Raises
    ------
    Problem
        ``centre.no-entry`` (404).
    """
    row = connection.execute(_ENTRY, {"org": organisation, "id": entry}).one_or_none()
    if row is None:
        raise Problem("centre.no-entry", msg("The ledger has no such entry."), found=entry, status=404)
    return Proof(organisation=organisation, entry=entry, leaf=leaf_of(row, bodies.unpack(row.body)).content().decode())


def log_says(connection: sa.Connection, proof: Proof) -> LogSays:
    """Compare a proof with the public log; works in any organisation's transaction."""
    said = _read(proof.leaf)
    row = connection.execute(_LEAF, {"entry": proof.entry}).first()
    number = said.get("number")
    return LogSays(
        organisation=proof.organisation,
        entry=proof.entry,
        holds=row is not None
        and said.get("party") == str(proof.organisation)
        and bytes(row.leaf_hash) == leaf_hash(proof.leaf.encode()),
        index=row.leaf_index if row else None,
        kind=str(said.get("kind", "")),
        number=number if isinstance(number, int) else None,
        event_time=str(said.get("eventTime", "")),
        record_time=str(said.get("recordTime", "")),
    )


class ProvenEffect(msgspec.Struct, frozen=True, kw_only=True):
    """An effect of an adoption, with what the log says of each entry that it rests on."""

    year: int
    measure: str
    value: int
    basis: str
    proofs: list[LogSays]


def proven_effects(connection: sa.Connection, actor: CentreActor, adoption_id: UUID) -> list[ProvenEffect]:
    """Return what an adoption changed, each figure looked up in the log at this moment."""
    actor.require("centre.read")
    return [
        ProvenEffect(
            year=effect.year,
            measure=effect.measure,
            value=effect.value,
            basis=effect.basis,
            proofs=[log_says(connection, proof) for proof in effect.proofs],
        )
        for effect in get(connection, adoption_id, kind="adoption").facts.effects
    ]


def check_proof(connection: sa.Connection, proof: Proof, where: str) -> None:
    """Go on only with a proof that the log confirms; raises ``centre.bad-proof``."""
    if not log_says(connection, proof).holds:
        raise Problem(
            "centre.bad-proof",
            msg("The log does not confirm this entry of the ledger."),
            where=where,
            found=f"{proof.organisation}, {proof.entry}",
            expected=msg("the leaf of an entry of that organisation"),
        )


def _read(leaf: str) -> dict[str, object]:
    try:
        said = json.loads(leaf)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


_ENTRY = sa.text(f"""
    select {COLUMNS} from entry e where e.org_id = :org and e.id = :id
""")
_LEAF = sa.text("""
    select leaf_index, leaf_hash from leaf where entry_id = :entry
    union all select null, leaf_hash from leaf_queue where entry_id = :entry
""")
