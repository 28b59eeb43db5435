"""An organisation's genealogy in memory: compressed rows both ways, searched breadth first, kept current by deltas."""

from takeback.prove.genealogy.graph.graph import Graph
from takeback.prove.genealogy.graph.registry import Registry, registry

__all__ = ["Graph", "Registry", "registry"]
