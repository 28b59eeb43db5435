"""Uploaded files: streamed to a folder of the installation, readable by nobody else, gone after a day at the latest."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from uuid import UUID

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.trouble import disk_full, too_large

KEPT_SECONDS = 24 * 3600
_NEW = ".new"


def folder(home: Path) -> Path:
    """Return the folder of the uploads, made when it is missing; only its owner can look into it."""
    uploads = home / "uploads"
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    return uploads


class Upload:
    """A file that is being received. Used with `with`: unless `keep` was called, nothing of it stays.

    Raises `import.too-large` above `limit` bytes and `import.disk-full` (507) when the disk is.
    """

    def __init__(self, home: Path, identifier: UUID, limit: int) -> None:
        self.path = path_of(home, identifier)
        self.size = 0
        self._limit = limit
        self._new = self.path.with_suffix(_NEW)
        try:
            self._file = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._told(error) from error

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)
        self._new.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        self.size += len(chunk)
        if self.size > self._limit:
            raise too_large(None, self._limit)
        try:
            left = memoryview(chunk)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise self._told(error) from error

    def keep(self) -> Path:
        """Keep what was received and return where it lies."""
        try:
            os.fsync(self._file)  # some file systems say only now that there is no space
        except OSError as error:
            raise self._told(error) from error
        self._new.rename(self.path)
        return self.path

    def _told(self, error: OSError) -> Exception:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return disk_full(str(self.path.parent))
        return error


def path_of(home: Path, identifier: UUID) -> Path:
    """Return where the file of an import lies."""
    return folder(home) / f"{identifier}.file"


def present(home: Path, identifier: UUID) -> Path:
    """Return where the file of an import lies. Raises `import.file-gone` (410) when it was removed."""
    path = path_of(home, identifier)
    if not path.exists():
        raise Problem(
            "import.file-gone",
            msg("The uploaded file is no longer here: files are kept for a day, and until they are imported."),
            remedy=msg("Upload it once more."),
            status=410,
        )
    return path


def remove(home: Path, identifier: UUID) -> None:
    """Remove the file of an import."""
    path_of(home, identifier).unlink(missing_ok=True)


def remove_old(home: Path, *, now: float | None = None) -> int:
    """Remove files older than a day, whole or half received; return how many."""
    count, oldest = 0, (time.time() if now is None else now) - KEPT_SECONDS
    for path in folder(home).iterdir():
        with suppress(FileNotFoundError):  # another process clears at the same moment
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += 1
    return count
