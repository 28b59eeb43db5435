"""What things were made of, are inside of and went into, at any instant."""

from takeback.prove.genealogy.result import Direction, Genealogy, Kind, Node, Step
from takeback.prove.genealogy.walk import walk

__all__ = ["Direction", "Genealogy", "Kind", "Node", "Step", "walk"]
