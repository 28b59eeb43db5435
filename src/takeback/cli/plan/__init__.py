"""`takeback plan`: a problem in a file goes in, a checked solution with its proof comes out. No database is used."""

from __future__ import annotations

from cyclopts import App

# The texts stand here, not with the commands: help must not wait for solvers to load.
_COMMANDS = {
    "forecast": """Foresee how much comes back, with intervals that have been tried on the past.

    The naive forecast stands beside it; where ours is not better on the history, it says so.""",
    "collection": """Plan a day of collection: which vehicle drives where and when, with loads, windows and a bound.

    Without a limit it searches for ten seconds. The plan never costs more than nearest-neighbour routes.""",
    "grading": """Grade what came back: batteries by capacity or pulse test, goods by checklist.

    The file says which of the two it is. Batteries get a state of health with an interval, goods a grade with the
    probability of each true one.""",
    "disposition": """Choose what becomes of each returned item: the highest expected recovery within the capacities.

    Nearly always the best choice is found and proved in a moment; the limits are for very large files.""",
}

app = App(name="plan", help="Decide: files with a problem in, a checked solution with its proof out.")
for _name, _help in _COMMANDS.items():
    app.command(f"takeback.cli.plan.{_name}:{_name}", name=_name, help=_help)
