"""A small town as tables: a ring of streets, a bridge, a tunnel, a yard behind a gate."""

from __future__ import annotations

from pathlib import Path

NODES = """id,lat,lon
west,31.000,121.000
mid,31.000,121.010
east,31.000,121.020
north,31.010,121.010
yard,31.000,121.030
island,31.050,121.050
pier,31.050,121.051
"""
EDGES = """from,to,length_m,class,oneway,no_lorries,no_dangerous_goods,tunnel,max_weight_t,id
west,mid,1000,primary,,,,,,a
mid,east,1000,primary,,,,E,,tunnel
west,north,2000,secondary,,,,,,b
north,east,2000,secondary,,,yes,,,bridge
mid,north,1000,secondary,,,,,,c
east,yard,500,service,,,,,12,gate
island,pier,100,residential,,,,,,quay
"""


def write_town(folder: Path, edges: str = EDGES, nodes: str = NODES) -> Path:
    """Write the two tables and return their folder."""
    folder.mkdir(exist_ok=True)
    (folder / "nodes.csv").write_text(nodes)
    (folder / "edges.csv").write_text(edges)
    return folder
