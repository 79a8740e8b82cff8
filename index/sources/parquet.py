"""Parquet, one shard a row group, read in small batches and only the columns that are needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from codewhence.errors import FormatError, MissingExtraError, UsageError
from codewhence.index.sources.base import RawFile, Shard, Skipped
from codewhence.index.sources.contents import contents_beside
from codewhence.index.sources.rows import read_row
from codewhence.index.sources.schemas import SCHEMAS, Schema, detect_schema, refuse_ids_alone

ENDING = ".parquet"
# Rows that are in memory at a time: a text of The Stack has 1 MB at most, 5 kB in the median. A repository of The
# Stack v3 has any size: as many of its rows as make up some MB on average, one if need be.
_BATCH_ROWS = 64
_BATCH_BYTES = 8_000_000
_BUFFER_BYTES = 1 << 20  # read in pages: a row group of The Stack has hundreds of MB


class ParquetSource:
    """A Parquet file.

    Raises:
        FormatError: It is no Parquet file, or has columns of no schema that we know.
        MissingExtraError: pyarrow is not installed.
        UsageError: It cannot be opened, or holds ids and no text.
    """

    def __init__(self, spec: str, *, name: str | None = None, contents: str | None = None) -> None:
        self._spec = spec
        self._path = Path(spec)
        self._name = name or self._path.name
        self._contents = contents or contents_beside(self._path.parent)
        with _open(self._path, self._name) as file:
            columns = file.schema_arrow.names
        self._schema = detect_schema(columns, where=self._name)
        refuse_ids_alone(self._schema, columns, contents=self._contents, where=self._name)

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
                yield ParquetShard(
                    str(self._path), self._name, self._schema.name, number, first_row, n_bytes, self._contents
                )
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
        contents: Folder of the texts that were supplied for its ids.
    """

    path: str
    name: str
    schema: str
    row_group: int
    first_row: int
    n_bytes: int
    contents: str | None = None

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every row in order.

        Raises:
            FormatError: The file is damaged.
        """
        schema = next(schema for schema in SCHEMAS if schema.name == self.schema)
        repo = Path(self.name).stem.split(".")[0]
        for row, record in enumerate(self._records(schema), self.first_row + 1):
            path, place = f"{self.name}#{row}", partial("{}:{}".format, self.name, row)
            yield from read_row(record, schema, repo=repo, path=path, place=place, contents=self.contents)

    def _records(self, schema: Schema) -> Iterator[dict[str, Any]]:
        import pyarrow as pa

        with _open(Path(self.path), self.name) as file:
            names = schema.needed(file.schema_arrow.names)
            try:
                group = file.metadata.row_group(self.row_group)
                n_rows = _BATCH_BYTES * group.num_rows // max(1, group.total_byte_size)
                for batch in file.iter_batches(
                    max(1, min(_BATCH_ROWS, n_rows)), [self.row_group], names, use_threads=False
                ):
                    columns = {name: batch.column(name) for name in names}
                    columns |= {name: _as_bytes(columns[name]) for name in schema.text if name in columns}
                    for row in range(batch.num_rows):
                        yield {
                            name: _nested(column[row], schema) if name == schema.files else _value(column[row])
                            for name, column in columns.items()
                        }
            except (pa.ArrowException, OSError) as error:
                raise _damaged(self.name, error) from error


def _value(scalar: Any) -> Any:
    """Return a value, as bytes a text that is not UTF-8: no field takes bytes, so the row is counted as malformed."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return b""


def _nested(scalar: Any, schema: Schema) -> Any:
    """Return the files of a repository, made one at a time; what is no list of objects as it is."""
    import pyarrow as pa

    objects = getattr(scalar, "values", None)
    if objects is None or not pa.types.is_struct(objects.type):
        return _value(scalar)
    names = [field.name for field in objects.type]
    columns = dict(zip(names, objects.flatten(), strict=True))
    columns = {name: columns[name] for name in schema.needed(names)}
    columns |= {name: _as_bytes(columns[name]) for name in schema.text if name in columns}
    return ({name: _value(column[i]) for name, column in columns.items()} for i in range(len(objects)))


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
