"""Parquet, one shard a row group, read in small batches and only the columns that are needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.errors import FormatError, MissingExtraError, UsageError
from codewhence.index.sources.base import RawFile, Shard, Skipped, SkippedError
from codewhence.index.sources.schemas import SCHEMAS, Schema, detect_schema, read_record

ENDING = ".parquet"
# Rows that are in memory at a time: a text of The Stack has 1 MB at most, 5 kB in the median.
_BATCH_ROWS = 64
_BUFFER_BYTES = 1 << 20  # read in pages: a row group of The Stack has hundreds of MB


class ParquetSource:
    """A Parquet file.

    Raises:
        FormatError: It is no Parquet file, or has columns of no schema that we know.
        MissingExtraError: pyarrow is not installed.
        UsageError: It cannot be opened.
    """

    def __init__(self, spec: str, *, name: str | None = None) -> None:
        self._spec = spec
        self._path = Path(spec)
        self._name = name or self._path.name
        with _open(self._path, self._name) as file:
            self._schema = detect_schema(file.schema_arrow.names, where=self._name)

    @property
    def spec(self) -> str:
        """The file, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Yield one shard for each row group."""
        first_row = 0
        with _open(self._path, self._name) as file:
            needed = self._schema.needed(file.schema_arrow.names)
            for number in range(file.metadata.num_row_groups):
                group = file.metadata.row_group(number)
                chunks = (group.column(i) for i in range(group.num_columns))
                n_bytes = sum(
                    chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema.split(".")[0] in needed
                )
                yield ParquetShard(str(self._path), self._name, self._schema.name, number, first_row, n_bytes)
                first_row += group.num_rows

    def describe(self) -> dict[str, Any]:
        """Return kind, file name and schema."""
        return {"kind": "parquet", "name": self._name, "schema": self._schema.name}


@dataclass(frozen=True, slots=True)
class ParquetShard:
    """A row group.

    Attributes:
        path: The file.
        name: Name of the file in the data set.
        schema: Name of its schema.
        row_group: Number of the row group, from 0.
        first_row: Rows of the file before it.
        n_bytes: Size of the needed columns on disk.
    """

    path: str
    name: str
    schema: str
    row_group: int
    first_row: int
    n_bytes: int

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every row in order.

        Raises:
            FormatError: The file is damaged.
        """
        schema = next(schema for schema in SCHEMAS if schema.name == self.schema)
        repo = Path(self.name).stem.split(".")[0]
        for row, record in enumerate(self._records(schema), self.first_row + 1):
            try:
                yield read_record(record, schema, repo=repo, path=f"{self.name}#{row}")
            except SkippedError as skipped:
                yield Skipped(f"{self.name}:{row}", skipped.reason)

    def _records(self, schema: Schema) -> Iterator[dict[str, Any]]:
        import pyarrow as pa

        with _open(Path(self.path), self.name) as file:
            names = schema.needed(file.schema_arrow.names)
            try:
                for batch in file.iter_batches(_BATCH_ROWS, [self.row_group], names, use_threads=False):
                    columns = [
                        _as_bytes(batch.column(name)) if name in schema.text else batch.column(name) for name in names
                    ]
                    for row in range(batch.num_rows):
                        yield {name: column[row].as_py() for name, column in zip(names, columns, strict=True)}
            except (pa.ArrowException, OSError) as error:
                raise _damaged(self.name, error) from error


def _as_bytes(column: Any) -> Any:
    """Return a column of text as bytes: saves decoding and encoding it, and bad UTF-8 is told where all texts are."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type):
        return column.cast(pa.large_binary())
    return column.cast(pa.binary()) if pa.types.is_string(column.type) else column


def _open(path: Path, name: str) -> Any:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError.for_extra("parquet", f"Reading '{name}'") from None
    try:
        return parquet.ParquetFile(path, buffer_size=_BUFFER_BYTES, pre_buffer=False)
    except pa.ArrowException as error:
        raise _damaged(name, error) from error
    except OSError as error:
        raise UsageError(f"Cannot read '{name}': {error.strerror or error}.") from error


def _damaged(name: str, error: Exception) -> FormatError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return FormatError(f"'{name}' is no whole Parquet file: {reason.rstrip('.')}. Get it again.")
