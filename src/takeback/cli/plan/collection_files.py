"""What `takeback plan collection` reads beside the problem, and what it writes, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from takeback.cli.plan.common import read
from takeback.core.message import Translate, msg
from takeback.core.problem import Problem
from takeback.plan.collection import CollectionProblem, CollectionSolution, exports, formats

BAD_USAGE = 2
EXPORTS: dict[str, Callable[..., bytes]] = {
    ".csv": exports.to_csv,
    ".xlsx": exports.to_xlsx,
    ".geojson": exports.to_geojson,
    ".gpx": exports.to_gpx,
    ".html": exports.to_html,
}
SUFFIXES = (".sol", ".json", *EXPORTS)
LANGUAGES = {"en": "en", "zh": "zh_Hans"}


def known(output: Path) -> None:
    """Refuse a file whose suffix says nothing, before the search begins.

    Raises
    ------
    Problem
        `cli.unknown-suffix`, exit code 2.
    """
    if output.suffix.lower() not in SUFFIXES:
        raise Problem(
            "cli.unknown-suffix",
            msg("What to write is told by the suffix of the file."),
            where=str(output),
            found=output.suffix or None,
            expected=msg("one of {suffixes}", suffixes=", ".join(SUFFIXES)),
            exit_code=BAD_USAGE,
        )


def content(
    reading: formats.Reading, solution: CollectionSolution, output: Path, *, day: date | None, language: str
) -> bytes:
    """Return what goes into `output`."""
    suffix = output.suffix.lower()
    if suffix == ".sol":
        listed = formats.routes_of(reading.problem, solution.plan)
        return formats.write_routes(formats.Routes(listed.routes, reading.cost(solution))).encode()
    if suffix == ".json":
        return formats.solution_to_json(solution)
    return EXPORTS[suffix](reading.problem, solution, day=day, gettext=spoken(language))


def spoken(language: str) -> Translate | None:
    """Return the translations of a language; None for English, which needs none."""
    if language == "en":
        return None
    from takeback.web.console.catalogue import translations

    return translations(LANGUAGES[language]).gettext


def solution_in(problem: CollectionProblem, path: Path) -> CollectionSolution:
    """Return a solution file: Takeback's own as it stands, CVRPLIB's or Lei and Hao's with times. Raises `Problem`."""
    data = read(path)
    try:
        if data.lstrip().startswith(b"{"):
            return formats.solution_from_json(data)
        return formats.solution_of(problem, formats.read_routes(formats.text_of(data)).routes)
    except Problem as wrong:
        wrong.where = ": ".join(part for part in (str(path), wrong.where) if part)
        raise


def routes_in(problem: CollectionProblem, path: Path) -> formats.Routes:
    """Return the routes of a solution file, a line a vehicle. Raises `Problem`."""
    return formats.routes_of(problem, solution_in(problem, path).plan)
