"""An own road graph: OpenStreetMap or tables of one's own, shortest ways by customizable contraction hierarchies."""

from takeback.operate.distances.roads.graph import RoadGraph
from takeback.operate.distances.roads.network import RoadNetwork
from takeback.operate.distances.roads.read import read_graph

__all__ = ["RoadGraph", "RoadNetwork", "read_graph"]
