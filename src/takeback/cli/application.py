"""The parser over all groups, and what surrounds every command: output, problems, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from takeback import __version__
from takeback.cli import overview
from takeback.cli.answer import Answer, show
from takeback.core.message import msg
from takeback.core.problem import Problem

BAD_USAGE = 2
MISTAKE = 70
INTERRUPTED = 130


def application() -> App:
    """Return the parser; a group is imported when it is asked for."""
    app = App(
        name="takeback",
        help="Takeback plans, operates and proves what happens to things that come back.",
        help_epilogue=overview.EPILOGUE,
        version=__version__,
        suppress_keyboard_interrupt=False,
        help_format="markdown",
    )
    for group in overview.GROUPS:
        app.command(group.where, name=group.name)
    return app


def execute(arguments: Sequence[str]) -> int:
    """Run one command, print its answer or its problem, return the exit code."""
    words, as_json = _without_json(arguments)
    try:
        answer = application()(words, exit_on_error=False, print_error=not as_json, result_action="return_value")
        if isinstance(answer, Answer):
            show(answer, as_json=as_json)
            return answer.exit_code
        return 0
    except Problem as problem:
        return _told(problem, as_json)
    except CycloptsError as error:
        return _told(_misunderstood(error), as_json) if as_json else BAD_USAGE
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _without_json(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Take `--json` out, wherever it stands before `--`: it belongs to all commands alike."""
    options = list(arguments)
    end = options.index("--") if "--" in options else len(options)
    kept = [word for word in options[:end] if word != "--json"] + options[end:]
    return kept, len(kept) < len(options)


def _told(problem: Problem, as_json: bool) -> int:
    text = json.dumps(problem.as_dict(), ensure_ascii=False) if as_json else problem.as_text()
    print(text, file=sys.stderr)
    return problem.exit_code


def _misunderstood(error: CycloptsError) -> Problem:
    return Problem(
        "cli.bad-usage",
        msg("The command line is not understood."),
        found=str(error),
        remedy=msg("`takeback GROUP COMMAND --help` lists what a command takes."),
        exit_code=BAD_USAGE,
    )
