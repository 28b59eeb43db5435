"""What things were made of, are inside of and went into, at any instant, as far as one may see."""

from takeback.prove.genealogy.grants import Grant, grant, granted_by, granted_to, withdraw
from takeback.prove.genealogy.names import names_of
from takeback.prove.genealogy.result import Direction, Genealogy, Kind, Node, Step
from takeback.prove.genealogy.shared import Traced, trace
from takeback.prove.genealogy.walk import walk

__all__ = [
    "Direction",
    "Genealogy",
    "Grant",
    "Kind",
    "Node",
    "Step",
    "Traced",
    "grant",
    "granted_by",
    "granted_to",
    "names_of",
    "trace",
    "walk",
    "withdraw",
]
