"""JSON Lines, one record a line: plain, gzip or zstd. A plain file is shared by several workers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from codewhence.errors import FormatError, UsageError
from codewhence.index.sources.base import MAX_FILE_BYTES, SHARD_BYTES, RawFile, Shard, Skipped, SkippedError
from codewhence.index.sources.compressed import lines, unpacked_chunks
from codewhence.index.sources.contents import contents_beside
from codewhence.index.sources.rows import read_row
from codewhence.index.sources.schemas import SCHEMAS, Schema, detect_schema, refuse_ids_alone

ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")
# JSON spells one byte of text with six at most (\u0001).
_MAX_LINE_BYTES = 6 * MAX_FILE_BYTES
_LINES_TO_LOOK_AT = 100  # for a first record, past damaged lines
_MAX_COUNTED_BYTES = 1_000_000_000  # each shard that skips a line counts the line ends before it


class JsonlSource:
    """A file of records.

    Raises:
        FormatError: The first record is of no schema that we know, or the file is damaged.
        UsageError: The file cannot be opened, or holds ids and no text.
    """

    def __init__(self, spec: str, *, name: str | None = None, contents: str | None = None) -> None:
        self._spec = spec
        self._path = Path(spec)
        self._name = name or self._path.name
        self._contents = contents or contents_beside(self._path.parent)
        self._schema = self._first_schema()

    @property
    def spec(self) -> str:
        """The file, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Split a plain file by ranges of bytes; a compressed one is one shard."""
        try:
            n_bytes = self._path.stat().st_size
        except OSError as error:
            raise _unreadable(self._spec, error) from error
        if self._path.suffix != ".jsonl":
            yield JsonlShard(str(self._path), self._name, 0, n_bytes, contents=self._contents)
            return
        for start in range(0, n_bytes, SHARD_BYTES):
            end = min(start + SHARD_BYTES, n_bytes)
            yield JsonlShard(str(self._path), self._name, start, end, contents=self._contents)

    def describe(self) -> dict[str, Any]:
        """Return kind, file name and schema."""
        return {"kind": "jsonl", "name": self._name, "schema": self._schema}

    def _first_schema(self) -> str:
        try:
            head = islice(lines(unpacked_chunks(self._path), max_bytes=_MAX_LINE_BYTES), _LINES_TO_LOOK_AT)
            first = next(filter(None, map(_object_in, head)), None)
        except OSError as error:
            raise _unreadable(self._spec, error) from error
        if first is None:
            raise FormatError(f"'{self._name}' holds no JSON object in its first lines. Is it JSON Lines?")
        schema = detect_schema(first, where=self._name)
        refuse_ids_alone(schema, first, contents=self._contents, where=self._name)
        return schema.name


@dataclass(frozen=True, slots=True)
class JsonlShard:
    """The lines that start in a range of bytes of a file; of a compressed one, all.

    Attributes:
        path: The file.
        name: Name of the file in the data set.
        start_byte: First byte of the range.
        end_byte: One past its last byte.
        contents: Folder of the texts that were supplied for its ids.
    """

    path: str
    name: str
    start_byte: int
    end_byte: int
    contents: str | None = field(default=None, kw_only=True)

    @property
    def n_bytes(self) -> int:
        """Size on disk."""
        return self.end_byte - self.start_byte

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every record in order; blank lines are none.

        Raises:
            FormatError: The file is cut short or damaged.
            UsageError: It went away.
        """
        try:
            yield from self._items()
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def _items(self) -> Iterator[RawFile | Skipped]:
        schemas: dict[tuple[str, ...], Schema | None] = {}
        repo = Path(self.name).name.split(".")[0]
        for n_before, (offset, line) in enumerate(self._lines()):
            try:
                record = _parse(line)
                if record is None:
                    continue
                columns = tuple(record)
                if columns not in schemas:
                    schemas[columns] = next((schema for schema in SCHEMAS if schema.matches(columns)), None)
                schema = schemas[columns]
                if schema is None:
                    raise SkippedError("malformed")
            except SkippedError as skipped:
                yield Skipped(self._place(n_before, offset), skipped.reason)
                continue
            place = partial(self._place, n_before, offset)  # counts lines: only where something is skipped
            path = f"{self.name}#{offset}"
            yield from read_row(record, schema, repo=repo, path=path, place=place, contents=self.contents)

    def _lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield offset in the file and bytes of each line that starts in the range."""
        path = Path(self.path)
        if path.suffix != ".jsonl":
            yield from lines(unpacked_chunks(path), max_bytes=_MAX_LINE_BYTES)
            return
        # From one byte before: that byte ends a line if one starts at the range's first.
        before = max(0, self.start_byte - 1)
        for offset, line in lines(unpacked_chunks(path, start_byte=before), max_bytes=_MAX_LINE_BYTES):
            if before + offset >= self.end_byte:
                return
            if before + offset >= self.start_byte:
                yield before + offset, line

    def _place(self, n_before: int, offset: int) -> str:
        """Return file and line number, as a person would look for it; far into a huge file the offset in bytes."""
        if self.start_byte > _MAX_COUNTED_BYTES:
            return f"{self.name}:byte {offset}"
        return f"{self.name}:{_count_line_ends(self.path, self.start_byte) + n_before + 1}"


@lru_cache(maxsize=1)
def _count_line_ends(path: str, end_byte: int) -> int:
    """Count the lines that start before a byte."""
    n_started = n_read = 0
    last = b"\n"
    for chunk in unpacked_chunks(Path(path)):
        if n_read >= end_byte:
            break
        head = chunk[: end_byte - n_read]
        n_started += head.count(b"\n")
        n_read += len(chunk)
        last = head[-1:]
    return n_started + (last != b"\n")


def _unreadable(name: str, error: OSError) -> UsageError:
    return UsageError(f"Cannot read '{name}': {error.strerror or error}.")


def _object_in(numbered: tuple[int, bytes | None]) -> dict[str, Any] | None:
    try:
        return _parse(numbered[1])
    except SkippedError:
        return None


def _parse(line: bytes | None) -> dict[str, Any] | None:
    """Return the object that a line holds, ``None`` for a blank line.

    Raises:
        SkippedError: ``too_large`` or ``malformed``.
    """
    if line is None:
        raise SkippedError("too_large")
    if not line.strip():
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise SkippedError("malformed") from None
    if not isinstance(record, dict):
        raise SkippedError("malformed")
    return record
