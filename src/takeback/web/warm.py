"""What the first visitor of a page would wait for, loaded before: templates, and the libraries of live decisions."""

from __future__ import annotations

import importlib

from takeback.web.console.console import load_templates

LATE = ("takeback.operate.decisions.propose", "takeback.operate.decisions.accept")
"""Modules that pages load when they are asked for, because the server would start later for them."""


def warm() -> None:
    """Load all that pages load at their first visit; takes a second or two, meant for a thread."""
    for module in LATE:
        importlib.import_module(module)
    load_templates()
