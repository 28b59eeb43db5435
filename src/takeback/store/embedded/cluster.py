"""The data folder: made once, and checked before each start."""

from __future__ import annotations

import shutil

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.embedded import trouble
from takeback.store.embedded.layout import Layout
from takeback.store.embedded.record import read_record

_OPTIONS = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--data-checksums",
    "--auth-local=peer",
    "--auth-host=reject",
)
_ROOM_MB = 300  # an empty cluster, its first log segments and the demo world's beginning


def prepared(layout: Layout) -> None:
    """Make the data folder when it is new; check its version when it is not.

    Raises
    ------
    Problem
        `store.disk-full`, `store.data-missing`, `store.data-version`, `store.data-broken`, as `initdb` says.
    """
    if layout.account.run(["test", "-d", layout.data], folder=layout.cluster).returncode:
        _demand_new(layout)
        _demand_room(layout)
        _initialise(layout)
    _check_version(layout)


def _initialise(layout: Layout) -> None:
    """Make the cluster beside its place and move it there, so that half a one is never taken for whole."""
    account, new = layout.account, layout.cluster / "data.new"
    account.run(["rm", "-rf", new], folder=layout.cluster)
    done = account.run([layout.programs / "initdb", "-D", new, *_OPTIONS], folder=layout.cluster)
    if done.returncode:
        account.run(["rm", "-rf", new], folder=layout.cluster)
        raise trouble.told(done.stderr or done.stdout, layout.cluster)
    account.run(["mv", new, layout.data], folder=layout.cluster)


def _check_version(layout: Layout) -> None:
    found = layout.account.run(["cat", layout.data / "PG_VERSION"], folder=layout.cluster)
    version = found.stdout.strip()
    if found.returncode or not version.isdigit():
        raise trouble.broken(layout.data, version or found.stderr.strip() or "PG_VERSION: —")
    if int(version) != layout.programs.major:
        raise Problem(
            "store.data-version",
            msg("The data folder was made by another version of PostgreSQL."),
            where=str(layout.data),
            found=int(version),
            expected=msg("version {major}", major=layout.programs.major),
            remedy=msg(
                "Let TAKEBACK_POSTGRES_BIN name the programs of version {version}, dump with pg_dump, "
                "and restore into a new home.",
                version=version,
            ),
            status=503,
            exit_code=78,
        )


def _demand_new(layout: Layout) -> None:
    record = read_record(layout.home)
    if record is not None and record.roles:
        raise Problem(
            "store.data-missing",
            msg("The data folder of this home is gone."),
            where=str(layout.data),
            remedy=msg(
                "Put it back from a backup; to begin with an empty database instead, delete {record}.",
                record=str(layout.home / "embedded.json"),
            ),
            status=503,
            exit_code=66,
        )


def _demand_room(layout: Layout) -> None:
    free_mb = shutil.disk_usage(layout.cluster).free // 10**6
    if free_mb < _ROOM_MB:
        raise trouble.full(layout.cluster, f"{free_mb} MB", needed_mb=_ROOM_MB)
