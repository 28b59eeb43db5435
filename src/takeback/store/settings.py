"""What can be set from outside, each by an environment variable of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.urls import Urls, normalised

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def default_home() -> Path:
    """Return where data lies when nothing is set."""
    return Path("/var/lib/takeback") if os.geteuid() == 0 else Path.home() / ".takeback"


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.lower())
    if match is None or match[2] not in _UNITS or float(match[1]) <= 0:
        raise ValueError(text)
    return int(float(match[1]) * _UNITS[match[2]])


def _between(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return number


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not all(re.fullmatch(r"(\*\.)?[a-z0-9.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?", name) for name in names):
        raise ValueError(text)
    return names


def _distances(text: str) -> str:
    if not re.fullmatch(r"haversine|(file|roads|osrm|valhalla|ors):\S.*", text):
        raise ValueError(text)
    return text


def _setting(read: Callable[[str], object], expected: str, **default: Any) -> Any:
    """Return a dataclass field that knows how its text is read and what is expected of it."""
    return field(metadata={"read": read, "expected": expected}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation is set up; `TAKEBACK_` and the name in capitals is the variable of each field.

    The meaning of each stands in `docs/reference/settings.md`. Sizes are in bytes.
    """

    home: Path = _setting(_path, "a folder", default_factory=default_home)  # noqa: RUF009
    database_url: str | None = _setting(str, "an address", default=None, repr=False)
    owner_database_url: str | None = _setting(str, "an address", default=None, repr=False)
    postgres_bin: Path | None = _setting(_path, "PostgreSQL's bin folder", default=None)  # noqa: RUF009
    host: str = _setting(str, "an address to listen on", default="127.0.0.1")
    port: int = _setting(_between(0, 65535), "a number from 0 to 65535", default=8321)
    threads: int = _setting(_between(1, 200), "a number from 1 to 200", default=16)
    pool_size: int = _setting(_between(1, 200), "a number from 1 to 200", default=16)
    upload_limit: int = _setting(_bytes, "a size, for example 200 MB or 1 GiB", default=10**9)
    capture_limit: int = _setting(_bytes, "a size, for example 200 MB or 1 GiB", default=256 * 10**6)
    capture_events: int = _setting(_between(1, 10**7), "a number from 1 to 10000000", default=200_000)
    capture_processes: int = _setting(_between(0, 64), "a number from 0 to 64", default=2)
    graph_memory: int = _setting(_bytes, "a size, for example 500 MB or 1 GiB", default=2**30)
    webhook_hosts: tuple[str, ...] = _setting(_hosts, "names of hosts, separated by commas", default=())
    distances: str = _setting(_distances, "haversine, or a source of distances and where it is", default="haversine")
    distance_profiles: Path | None = _setting(_path, "a file of travel profiles", default=None)  # noqa: RUF009
    distance_hosts: tuple[str, ...] = _setting(_hosts, "names of hosts, separated by commas", default=())
    distance_key: str = _setting(str, "a key", default="", repr=False)

    def __post_init__(self) -> None:
        """Check what the fields mean together.

        Raises
        ------
        Problem
            `settings.bad-value`, `settings.bad-url`, `settings.owner-alone`, `settings.pool-too-small`.
        """
        for name in ("database_url", "owner_database_url"):
            if (url := getattr(self, name)) is not None:
                object.__setattr__(self, name, normalised(url, where=_variable(name)))
        if self.owner_database_url and not self.database_url:
            raise Problem(
                "settings.owner-alone",
                msg("The owner's database is set, and the application's is not."),
                where=_variable("database_url"),
                remedy=msg("Set both variables, or neither to use the embedded server."),
                exit_code=78,
            )
        if self.pool_size < self.threads:
            raise Problem(
                "settings.pool-too-small",
                msg("There are fewer database connections than threads that need one."),
                where=_variable("pool_size"),
                found=self.pool_size,
                expected=msg("at least {threads}, the number of threads", threads=self.threads),
                exit_code=78,
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of the environment; an empty variable counts as not set.

        Raises
        ------
        Problem
            When a value is not understood; `where` is the variable's name.
        """
        environment = os.environ if environment is None else environment
        given = {f.name: environment.get(_variable(f.name), "").strip() for f in fields(cls)}
        values: dict[str, Any] = {
            f.name: _read(f.name, given[f.name], f.metadata) for f in fields(cls) if given[f.name]
        }
        return cls(**values)

    @property
    def embedded(self) -> bool:
        """Whether the database is our own server in `home`."""
        return self.database_url is None

    def urls(self) -> Urls:
        """Return the database's addresses; starts the embedded server when it is the one and does not run.

        Raises
        ------
        Problem
            Of kind `store.…` when the embedded server cannot be started.
        """
        if self.database_url is not None:
            return Urls(application=self.database_url, owner=self.owner_database_url or "")
        from takeback.store import embedded  # noqa: PLC0415 - not needed with a server of one's own

        return embedded.ensure(self.home, programs=self.postgres_bin)

    @contextmanager
    def held(self) -> Iterator[Urls]:
        """Yield the database's addresses; the embedded server runs until the last such block has ended.

        What every command and every server process works in.

        Raises
        ------
        Problem
            As `urls`; `store.unreachable`; `store.role-too-strong` when row-level security does not bind the
            application's role.
        """
        from takeback.store import embedded, roles  # noqa: PLC0415

        server = embedded.hold(self.home, programs=self.postgres_bin) if self.embedded else nullcontext(self.urls())
        with server as urls:
            roles.check_application_url(urls.application)
            yield urls


def _variable(name: str) -> str:
    return f"TAKEBACK_{name.upper()}"


def _read(name: str, text: str, metadata: Mapping[str, Any]) -> object:
    try:
        return metadata["read"](text)
    except (ValueError, OverflowError, RuntimeError) as error:
        raise Problem(
            "settings.bad-value",
            msg("The value of a setting is not understood."),
            where=_variable(name),
            found=text,
            expected=metadata["expected"],
            exit_code=78,
        ) from error
