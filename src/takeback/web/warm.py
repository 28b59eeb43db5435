"""What the first visitor of a page would wait for, loaded before: templates, and the libraries of live decisions."""

from __future__ import annotations

import importlib
import threading

from takeback.web.console.console import load_templates

LATE = ("takeback.operate.decisions.propose", "takeback.operate.decisions.accept")
"""Modules that pages load when they are asked for, because the server would start later for them."""


def warm(over: threading.Event) -> None:
    """Load all that pages load at their first visit; takes a second or two; ends early at ``over``."""
    for module in LATE:
        if over.is_set():
            return
        importlib.import_module(module)
    load_templates()
