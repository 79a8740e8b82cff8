"""What a training-set reader gives: a Source splits into Shards, a Shard reads raw files or says why it skipped one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from codewhence.records import DocumentKind, Origin

# Reasons why a file of the training set is not a document. They are counted, shown and kept in the manifest.
SKIP_REASONS = {
    "empty": "holds no bytes",
    "binary": "holds NUL bytes or a known binary format",
    "undecodable": "is in no encoding that was declared or could be detected",
    "too_large": "is over the size limit",
    "unreadable": "could not be opened: no permission, or it went away while being read",
    "loop": "is a symbolic link back to a folder above it",
    "outside": "is a symbolic link that leaves the folder",
    "malformed": "is a record without the columns or the syntax of its schema",
    "no_text": "is listed by its id alone: its text is not in the folder 'content' beside the data set",
    "other_bytes": "was supplied with other bytes than its id names",
    "lone_surrogates": "holds code points that no UTF-8 file can hold",
}

# Larger files are data, not code: The Stack itself keeps none over 1 MB. Measured choice: 8 MB keeps every
# source file of CPython and of the packages in benchmarks/, and bounds what one document costs.
MAX_FILE_BYTES = 8_000_000
# Small enough that the last shards of a build keep every worker busy, large enough that hand-over costs nothing.
SHARD_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of the training set before decoding.

    Attributes:
        origin: Where it stands.
        data: Its bytes; for sources that hold text (JSONL, Parquet) the text as UTF-8.
        language: Lower-case name where the source records one, else ``None``: the file name decides.
        blob_sha1: git blob id of the *original* bytes where the source records it and ``data`` may differ.
        declared_encoding: Encoding that the source itself declares (The Stack v2's ``src_encoding``).
        kind: What the file is.
    """

    origin: Origin
    data: bytes
    language: str | None = None
    blob_sha1: str | None = None
    declared_encoding: str | None = None
    kind: DocumentKind = DocumentKind.CODE


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not a document.

    Attributes:
        path: Where, as a person would look for it.
        reason: A key of ``SKIP_REASONS``.
    """

    path: str
    reason: str

    def __post_init__(self) -> None:
        if self.reason not in SKIP_REASONS:
            raise ValueError(f"unknown skip reason {self.reason!r}")


class SkippedError(Exception):
    """Raised inside a reader by the code that finds out why a file is no document; becomes a ``Skipped``.

    Attributes:
        reason: A key of ``SKIP_REASONS``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(SKIP_REASONS[reason])
        self.reason = reason


class Shard(Protocol):
    """A part of a source that one worker reads. Small and picklable: names of files, not their bytes."""

    @property
    def n_bytes(self) -> int:
        """Size on disk, for the progress bar; 0 where unknown."""
        ...

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every file, in a defined order, holding one in memory at a time."""
        ...


class Source(Protocol):
    """A training set as one command-line argument names it."""

    @property
    def spec(self) -> str:
        """The argument, as given."""
        ...

    def shards(self) -> Iterator[Shard]:
        """Split into shards of a few MB, in a defined order, without reading file contents."""
        ...

    def describe(self) -> dict[str, Any]:
        """Return what the manifest keeps about this source: JSON without floats, no absolute path."""
        ...
