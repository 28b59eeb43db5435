"""Files of a proposal: those that reviewers may open, and those that say who applies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import files
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.admission import open_call, read_before
from takeback.share.centre.calls.cleaning import cleaned
from takeback.share.centre.calls.proposal import Proposal
from takeback.share.centre.calls.proposing import put
from takeback.share.centre.calls.reading import words_of
from takeback.share.centre.calls.taking_part import own_proposal


def attach_to_proposal(
    connection: sa.Connection,
    actor: CentreActor,
    proposal_id: UUID,
    name: str,
    media_type: str,
    content: bytes,
    *,
    blind: bool,
    despite_names: bool = False,
    at: datetime | None = None,
) -> files.File:
    """Keep a file with a proposal of one's own; `blind`: reviewers may open it, without its name and its makers.

    Raises
    ------
    Problem
        ``centre.bad-file``, ``centre.bad-blind-file``, ``centre.late-proposal`` (409),
        ``centre.names-in-text`` (409) for what was handed in, unless `despite_names`.
    """
    words = {} if despite_names or not blind else read_before(connection, actor, proposal_id)
    read = words_of(content, media_type) if blind and not despite_names else None
    record = own_proposal(connection, actor, proposal_id)
    call = open_call(connection, actor, record.facts.call, at)
    if blind:
        cleaned(content, media_type)
    file = files.attach(connection, actor, proposal_id, name, media_type, content, at=at)
    if blind:
        shown = _showing(record.facts, (*record.facts.blind.files, file.id))
        put(connection, actor, record, call.facts, shown, {**words, file.id: read} if read else None, at=at)
    return file


def hide_file(
    connection: sa.Connection, actor: CentreActor, proposal_id: UUID, file_id: UUID, *, at: datetime | None = None
) -> None:
    """Take a file out of what reviewers may open, until the deadline."""
    record = own_proposal(connection, actor, proposal_id)
    call = open_call(connection, actor, record.facts.call, at)
    left = tuple(one for one in record.facts.blind.files if one != file_id)
    put(connection, actor, record, call.facts, _showing(record.facts, left), None, at=at)


def _showing(proposal: Proposal, shown: tuple[UUID, ...]) -> Proposal:
    return msgspec.structs.replace(proposal, blind=msgspec.structs.replace(proposal.blind, files=shown))
