"""`takeback plan`: a problem in a file goes in, a checked solution with its proof comes out. No database is used."""

from __future__ import annotations

from cyclopts import App

app = App(name="plan", help="Decide: files with a problem in, a checked solution with its proof out.")
for _name, _summary in {
    "collection": "Plan a day of collection: which vehicle drives where and when.",
    "disposition": "Choose what becomes of each returned item, within the capacities.",
}.items():
    app.command(f"takeback.cli.plan.{_name}:{_name}", name=_name, help=_summary)
