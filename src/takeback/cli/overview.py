"""The table of command groups, and the overview that is printed from it without loading the parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from takeback import __version__


@dataclass(frozen=True, slots=True)
class Group:
    """A command group: `name` as typed, `where` its `App` or function stands, `summary` one line for people."""

    name: str
    where: str
    summary: str


GROUPS = (
    Group("serve", "takeback.cli.serve:serve", "Serve the console and the interface for programs."),
    Group("worker", "takeback.cli.worker:worker", "Run the jobs that people have started, until stopped."),
    Group("demo", "takeback.cli.demo:demo", "Drive a seeded world, or real data, through the whole loop."),
    Group("plan", "takeback.cli.plan:app", "Decide: files with a problem in, a checked solution with its proof out."),
    Group(
        "prove",
        "takeback.cli.prove:app",
        "Check the ledger against its checkpoints; follow a thing through it; check a proof.",
    ),
    Group("operate", "takeback.cli.operate:app", "Organisations and their first people; files taken in."),
    Group("share", "takeback.cli.share:app", "Innovation centres: founded, filled from files, taken out, reported."),
    Group("db", "takeback.cli.db:app", "Start, stop and migrate the database; make its roles."),
    Group("doctor", "takeback.cli.doctor:doctor", "Say what is wrong with this installation and how to mend it."),
)

EPILOGUE = "Every command takes --json: one JSON document on stdout, problems as JSON on stderr."


def answer(arguments: Sequence[str]) -> str | None:
    """Return what `takeback`, `takeback --help` and `takeback --version` print; None for all else."""
    match list(arguments):
        case [] | ["--help"] | ["-h"]:
            return _text()
        case ["--version"]:
            return __version__
        case _:
            return None


def _text() -> str:
    width = max(len(group.name) for group in GROUPS)
    lines = [f"  {group.name:{width}}  {group.summary}" for group in GROUPS]
    return "\n".join(
        [
            "Usage: takeback GROUP COMMAND [OPTIONS]",
            "",
            "Takeback plans, operates and proves what happens to things that come back.",
            "",
            *lines,
            "",
            "`takeback GROUP --help` tells what a group can do.",
            EPILOGUE,
        ]
    )
