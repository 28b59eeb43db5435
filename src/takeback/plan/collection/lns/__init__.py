"""The compiled large-neighbourhood engine: every rule of the model, and a second engine beside PyVRP.

Downwards: `search` sets the heat; `anneal` does the iterations: `remove`, `put_back` (each task by `insert`),
`improve`; what is found is kept by `best`. Below them `links` change routes, `labels` work out their figures,
`evaluate` drives one. The numbers lie in `arrays`: the rules (written by `encode`), and the solution (by `state`,
`fill`).
"""

from takeback.plan.collection.lns.search import search

__all__ = ["search"]
