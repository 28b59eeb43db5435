"""The append-only ledger: entries, the Merkle log over them, checkpoints, proofs, trace."""

from takeback.prove.entry import Appended, Entry
from takeback.prove.ledger import append, seal
from takeback.prove.trace import Traced, trace

__all__ = ["Appended", "Entry", "Traced", "append", "seal", "trace"]
