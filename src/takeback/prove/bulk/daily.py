"""The file of one day of an export: written beside its place, and moved there when it is whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq


class _Day(ABC):
    name: str

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        """Write into ``folder``, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        self.schema = schema
        self.place = folder / self.name
        self.growing = folder / f".{self.name}.part"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if kind is None:
            self.growing.replace(self.place)
        else:
            self.growing.unlink(missing_ok=True)

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""

    @abstractmethod
    def write(self, records: list[dict[str, Any]]) -> None:
        """Append rows of the export's schema."""


class ParquetDay(_Day):
    """Columns, compressed by Zstandard."""

    name = "events.parquet"

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        """Begin the file."""
        super().__init__(folder, schema)
        self._writer = pq.ParquetWriter(self.growing, schema, compression="zstd")

    def write(self, records: list[dict[str, Any]]) -> None:
        """Append a row group."""
        self._writer.write_table(pa.Table.from_pylist(records, schema=self.schema))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


class NdjsonDay(_Day):
    """One event a line, as EPCIS 2.0 JSON with its own context."""

    name = "events.ndjson"

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        """Begin the file."""
        super().__init__(folder, schema)
        self._file = self.growing.open("w", encoding="utf-8")

    def write(self, records: list[dict[str, Any]]) -> None:
        """Append lines."""
        self._file.writelines(record["event"] + "\n" for record in records)

    def close(self) -> None:
        """Flush to the disk."""
        self._file.close()
