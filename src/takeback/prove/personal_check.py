"""Is the personal data that lies beside the log what the bodies name, and is what is missing lawfully erased?"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove.personal import ERASED, digest_of, digests, may_mark

_KEPT = sa.text("select digest, entry_id, salt, content from personal")


class PersonalCheck:
    """Collects what a party's entries say of personal data, and tells at the end what does not agree."""

    def __init__(self, connection: sa.Connection, org: UUID) -> None:
        """Check on a connection bound to the party ``org``."""
        self._connection = connection
        self._org = org
        self._named: dict[bytes, int] = {}
        self._erased: set[bytes] = set()

    def add(self, row: sa.Row[Any], canonical: bytes) -> None:
        """Take an entry whose body is ``canonical``."""
        if row.kind == ERASED:
            said = msgspec.json.decode(canonical).get("takeback:erased", {}).get("digests", [])
            self._erased |= {digest for name in said if (digest := digest_of(name)) is not None}
        elif may_mark(canonical):
            self._named.update(dict.fromkeys(digests(msgspec.json.decode(canonical)), row.id))

    def findings(self) -> list[str]:
        """Return what does not agree, over all that was added."""
        found = []
        for row in self._connection.execute(_KEPT):
            digest = bytes(row.digest)
            if sha256(bytes(row.salt) + bytes(row.content)).digest() != digest:
                found.append(f"personal data of entry {row.entry_id} is not what its digest says")
            if self._named.pop(digest, None) != row.entry_id:
                found.append(f"personal data of entry {row.entry_id} is named by no such entry")
        lost = self._named.keys() - self._erased
        found += sorted(f"personal data of entry {self._named[one]} is gone, no erasure is recorded" for one in lost)
        return [f"party {self._org}: {finding}" for finding in found]
