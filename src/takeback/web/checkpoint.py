"""The newest checkpoint as the side bar shows it: verified up to where, when, with which outcome."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.operate.verification import last_verification
from takeback.prove.log import latest_checkpoint
from takeback.web.console.views import CheckpointBadge


def checkpoint_badge(connection: sa.Connection) -> CheckpointBadge | None:
    """Return the badge for the tenant of the connection, None before the first checkpoint."""
    checkpoint = latest_checkpoint(connection)
    if checkpoint is None:
        return None
    verified = last_verification(connection)
    return CheckpointBadge(
        number=checkpoint.size,
        signed_at=checkpoint.made_at,
        verified=None if verified is None else verified.passed,
        verified_at=None if verified is None else verified.at,
        verified_size=0 if verified is None else verified.size,
    )
