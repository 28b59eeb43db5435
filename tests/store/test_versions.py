"""What is missing in a database is known without Alembic, and as Alembic knows it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

import takeback.store
from takeback import store
from takeback.core.problem import Problem
from takeback.store.versions import folders, parents, pending


def test_the_revisions_are_those_that_alembic_finds() -> None:
    """Each is known with all that it follows, and stands after it."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(takeback.store.__file__).parent / "migrations"))
    configuration.set_main_option("path_separator", "newline")
    configuration.set_main_option("version_locations", "\n".join(map(str, folders())))
    scripts = list(ScriptDirectory.from_config(configuration).walk_revisions())
    assert {s.revision: set(s._all_down_revisions) for s in scripts} == {r: set(p) for r, p in parents().items()}
    order = list(parents())
    assert all(
        order.index(before) < order.index(after) for after, all_before in parents().items() for before in all_before
    )


def test_a_current_database_lacks_nothing_and_one_set_back_lacks_what_was_taken_away(database: store.Database) -> None:
    """The heads imply all that they follow, in other rooms, too."""
    assert pending(database.owner_url) == []
    _say_applied(database, "operate_0001_identity")
    applied = {"operate_0001_identity", *parents()["operate_0001_identity"]}
    assert pending(database.owner_url) == [revision for revision in parents() if revision not in applied]


def test_the_database_of_a_newer_program_is_refused(database: store.Database) -> None:
    """An older program that met a table it does not know would do harm: it says so and stops."""
    _say_applied(database, "store_9999")
    with pytest.raises(Problem) as caught:
        pending(database.owner_url)
    assert (caught.value.kind, caught.value.found) == ("store.ahead", "store_9999")


def _say_applied(database: store.Database, revision: str) -> None:
    engine = sa.create_engine(database.owner_url)
    with engine.begin() as connection:
        connection.execute(sa.text("delete from alembic_version"))
        connection.execute(sa.text("insert into alembic_version values (:revision)"), {"revision": revision})
    engine.dispose()
