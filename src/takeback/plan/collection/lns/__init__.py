"""The compiled large-neighbourhood engine: every rule of the model, and a second engine beside PyVRP."""

from takeback.plan.collection.lns.search import search

__all__ = ["search"]
