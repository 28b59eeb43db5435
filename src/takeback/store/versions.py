"""Which migrations a database lacks: asked at every start, so without loading what carries them out."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.connections import unreachable

ROOMS = ("store", "prove", "operate", "share")
_PACKAGE = Path(__file__).parent.parent


def folders() -> list[Path]:
    """Return the folders of migrations, one a room."""
    places = (_PACKAGE / room / "migrations" / "versions" for room in ROOMS)
    return [place for place in places if place.is_dir()]


def pending(owner_url: str) -> list[str]:
    """Return the revisions that the database still lacks, the first to be applied first; none when it is current.

    Raises
    ------
    Problem
        ``store.ahead`` when a newer program has migrated the database; ``store.unreachable``.
    """
    known = parents()
    applied = _applied(owner_url)
    if strangers := applied - known.keys():
        raise _ahead(strangers)
    done = set().union(*(_with_ancestors(known, revision) for revision in applied))
    return [revision for revision in known if revision not in done]


@cache
def parents() -> Mapping[str, tuple[str, ...]]:
    """Return what each revision follows, by Alembic's own words in its file; those to be applied first stand first."""
    read = dict(_revision(file) for folder in folders() for file in sorted(folder.glob("*.py")))
    ordered: dict[str, None] = {}
    for revision in read:
        ordered |= dict.fromkeys(_with_ancestors(read, revision))
    return {revision: read[revision] for revision in ordered}


def _revision(file: Path) -> tuple[str, tuple[str, ...]]:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    said = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("revision", "down_revision", "depends_on")
    }
    return said["revision"], (*_names(said["down_revision"]), *_names(said["depends_on"]))


def _names(said: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def _with_ancestors(known: Mapping[str, tuple[str, ...]], revision: str) -> list[str]:
    before = [one for parent in known[revision] for one in _with_ancestors(known, parent)]
    return [*before, revision]


def _applied(owner_url: str) -> set[str]:
    engine = sa.create_engine(owner_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if connection.scalar(sa.text("select to_regclass('alembic_version')")) is None:
                return set()
            return set(connection.scalars(sa.text("select version_num from alembic_version")))
    except OperationalError as error:
        raise unreachable(error) from error


def _ahead(strangers: set[str]) -> Problem:
    return Problem(
        "store.ahead",
        msg("The database is of a newer version than this program."),
        found=", ".join(sorted(strangers)),
        remedy=msg("Run the newer program, or restore a backup from before its migration."),
        status=503,
        exit_code=78,
    )
