"""Credentials: signed by the centre's key, verifiable without it and offline, revocable.

Read downwards: `kinds` (what is recorded), `issuing` (issue, hand over, revoke), `documents` (Open Badges 3.0, the
signature, the status list), `keys`. `standalone/takeback_credential.py` beside this folder checks one without Takeback.
"""

from takeback.share.centre.talent.credentials.issuing import (
    HandedOver,
    credentials_of,
    hand_over,
    issue,
    published,
    revoke,
    status_of,
)
from takeback.share.centre.talent.credentials.keys import CentreKey
from takeback.share.centre.talent.credentials.kinds import Award, Credential, StatusList

__all__ = [
    "Award",
    "CentreKey",
    "Credential",
    "HandedOver",
    "StatusList",
    "credentials_of",
    "hand_over",
    "issue",
    "published",
    "revoke",
    "status_of",
]
