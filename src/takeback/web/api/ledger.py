"""The ledger: checkpoints, proofs and verification."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import Parameter

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.operate.verification import remember
from takeback.prove.checkpoint import LogKey
from takeback.prove.log import latest_checkpoint, prove_entry, prove_growth
from takeback.prove.verify import Verification, verify_log, verify_party
from takeback.store.settings import Settings

TAGS = ["Ledger"]


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A signed checkpoint (C2SP tlog-checkpoint) and the key to check it with (signed-note form)."""

    size: int
    root: str
    made_at: datetime
    note: str
    verifier: str


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """A consistency proof (RFC 6962, 2.1.2): the log of ``first`` leaves is the beginning of that of ``second``."""

    first: int
    second: int
    path: list[str]


@get("/ledger/checkpoint", sync_to_thread=True, tags=TAGS, summary="The newest signed checkpoint")
def checkpoint(actor: Actor) -> Checkpoint | None:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        row = latest_checkpoint(connection)
    if row is None:
        return None
    key = LogKey.kept_in(Settings.from_environment().home)
    return Checkpoint(size=row.size, root=row.root.hex(), made_at=row.made_at, note=row.note, verifier=key.verifier)


@get("/ledger/consistency", sync_to_thread=True, tags=TAGS, summary="Proof that the log only grew")
def consistency(
    actor: Actor, first: Annotated[int, Parameter(ge=1)], second: Annotated[int, Parameter(ge=1)]
) -> Growth:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        latest = latest_checkpoint(connection)
        if not first <= second <= (latest.size if latest else 0):
            raise Problem(
                "ledger.no-such-size",
                msg("The log never had this size."),
                found=f"{first} / {second}",
                expected=msg("two sizes up to that of the newest checkpoint, the smaller one first"),
                status=404,
            )
        return Growth(first=first, second=second, path=prove_growth(connection, first, second))


@get("/ledger/entries/{entry_id:int}/proof", sync_to_thread=True, tags=TAGS, summary="Inclusion proof of an entry")
def proof(actor: Actor, entry_id: int) -> dict[str, Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        return prove_entry(connection, actor.org_id, entry_id)


@post(
    "/ledger/verifications",
    sync_to_thread=True,
    status_code=200,
    tags=TAGS,
    summary="Recompute the log and one's entries",
)
def verify(actor: Actor) -> Verification:
    actor.require("ledger.verify")
    key = LogKey.kept_in(Settings.from_environment().home)
    with store.transaction(actor.org_id) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, actor.org_id, result)
        remember(connection, actor.org_id, size=result.size, passed=result.verified)
    return result


HANDLERS = [checkpoint, consistency, proof, verify]
