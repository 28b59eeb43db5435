"""Maps of what is complete: for each thing how many entries are about it, and a digest over all their leaves.

The root of a map is itself an entry of the ledger: signed, numbered, not to be taken back. With it a party shows that
*these are all* its entries about a thing, or that it has none.
"""

from takeback.prove.completeness.making import KIND, make_map
from takeback.prove.completeness.proving import prove_item

__all__ = ["KIND", "make_map", "prove_item"]
