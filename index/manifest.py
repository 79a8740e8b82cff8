"""MANIFEST.json: what an index was built from, its parameters, and the digest of each of its files.

Canonical JSON (codewhence.digests), one object:

    format         "codewhence.index/2"; another number is refused, never guessed at
    parameters     tokenizer, gram_tokens, window, n_buckets, text_compression
    training_set   version, sources (as their readers describe them), redaction (digest of the run, or null), skipped
    buckets        [{id, n_documents, n_files, n_text_bytes, …, languages, licenses, files: {name: {bytes, sha256}}}]
    root           Merkle tree hash (RFC 6962) over format, parameters and training_set, then each bucket
    has_removals   true where something was taken out once, so that ``suppressed`` must stand beside; else not there

The rename of this file is the commit point of every change: a bucket's folder carries its content in its name
(``bucket-<number>-<digest>``), so old and new ones stand side by side until the manifest names the new.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.digests import canonical_json
from codewhence.errors import FormatError, IndexMissingError
from codewhence.index.files import write_whole
from codewhence.index.merkle import merkle_root
from codewhence.index.winnow import GRAM_TOKENS, WINDOW

FORMAT_VERSION = 2
FORMAT = f"codewhence.index/{FORMAT_VERSION}"
FILE_NAME = "MANIFEST.json"
_FAMILY = "codewhence.index/"

# What a bucket's entry holds; written by codewhence.index.bucket.
BUCKET_FILES = ("text.zst", "documents.jsonl", "arrays.bin", "tiles.bin")
BUCKET_COUNTS = (
    "n_checkpoints", "n_documents", "n_files", "n_names", "n_postings", "n_shape", "n_text_bytes", "n_text_chars",
    "n_tokens", "n_words",
)  # fmt: skip
BUCKET_TALLIES = ("languages", "licenses")
BUCKET_ID = re.compile(r"[0-9a-f]{2,4}-[0-9a-f]{12}")

TOKENIZER = "t2/1"
TEXT_COMPRESSION = "zstd-3"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of MANIFEST.json.

    Attributes:
        n_buckets: Number of buckets, a power of two, kept for the index's life.
        training_set: Version, sources, redaction, skipped files by reason.
        buckets: One entry for each bucket, in order; see ``codewhence.index.bucket``.
        has_removals: Something was taken out once: the list (``codewhence.index.overlay``) must be there.
    """

    n_buckets: int
    training_set: dict[str, Any]
    buckets: tuple[dict[str, Any], ...]
    has_removals: bool = False

    @property
    def head(self) -> dict[str, Any]:
        """Everything but the buckets and the root."""
        parameters = {
            "gram_tokens": GRAM_TOKENS,
            "n_buckets": self.n_buckets,
            "text_compression": TEXT_COMPRESSION,
            "tokenizer": TOKENIZER,
            "window": WINDOW,
        }
        return {"format": FORMAT, "parameters": parameters, "training_set": self.training_set}

    @property
    def root(self) -> str:
        """Merkle root over the head and each bucket, in hex."""
        return merkle_root([canonical_json(self.head), *map(canonical_json, self.buckets)])

    @property
    def content_root(self) -> str:
        """Merkle root over the buckets alone, in hex: equal documents, equal root, wherever they came from."""
        return merkle_root([canonical_json(bucket) for bucket in self.buckets])

    def total(self, key: str) -> int:
        """Sum one count (``n_documents``, ``n_files``, ``n_text_bytes``, …) over the buckets."""
        return sum(bucket[key] for bucket in self.buckets)

    def tally(self, key: str) -> Counter[str]:
        """Add up one table of counts (``languages``, ``licenses``) over the buckets."""
        return sum((Counter(bucket[key]) for bucket in self.buckets), Counter())

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        value = {**self.head, "buckets": list(self.buckets), "root": self.root}
        return canonical_json({**value, "has_removals": True} if self.has_removals else value)

    def write(self, index_path: Path) -> None:
        """Commit: replace the manifest of ``index_path`` atomically."""
        write_whole(index_path / FILE_NAME, self.to_bytes())


def bucket_folder(index_path: Path, bucket: dict[str, Any]) -> Path:
    """Return the folder of a manifest's bucket entry."""
    return index_path / f"bucket-{bucket['id']}"


def is_bucket_name(name: str) -> bool:
    """Say whether a folder's name is one that builds give to buckets."""
    return name.startswith("bucket-") and BUCKET_ID.fullmatch(name.removeprefix("bucket-")) is not None


def is_index(path: Path) -> bool:
    """Say whether ``path`` is a folder with a manifest in it, sound or not."""
    return (path / FILE_NAME).is_file()


def read_manifest(index_path: Path) -> Manifest:
    """Read and check the manifest of an index.

    Raises:
        IndexMissingError: There is no such folder, or no manifest in it.
        FormatError: It is damaged, or of a version or with parameters that this release does not read.
    """
    path = index_path / FILE_NAME
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"no index at '{index_path}': {FILE_NAME} is not there. "
            f"Build one with: codewhence index build SOURCE --output {index_path}"
        ) from None
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}.") from error
    return _parse(data, path)


def _parse(data: bytes, path: Path) -> Manifest:
    damaged = f"{path} is damaged"
    try:
        value = json.loads(data)
        named = value["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(f"{damaged}: it is not the JSON of an index. Rebuild the index.") from None
    if named != FORMAT:
        raise FormatError(f"{path}: format is {named!r:.60}, this release reads {FORMAT!r}. {_advice(named)}")
    try:
        manifest = Manifest(
            n_buckets=value["parameters"]["n_buckets"],
            training_set=value["training_set"],
            buckets=tuple(value["buckets"]),
            has_removals="has_removals" in value,
        )
        intact = data == manifest.to_bytes() and _is_complete(manifest)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise FormatError(f"{damaged}: a key is missing or of another type. Rebuild the index.") from None
    if not intact:
        raise FormatError(
            f"{damaged}: its bytes do not agree with its root {str(value.get('root'))[:12]}…, or its parameters are "
            "not those of this release. Rebuild the index."
        )
    return manifest


def _is_complete(manifest: Manifest) -> bool:
    """Say whether every value that readers rely on is there, of its type and in range."""
    training_set = manifest.training_set
    return (
        len(manifest.buckets) == manifest.n_buckets
        and isinstance(training_set["sources"], list)
        and isinstance(training_set["version"], str | None)
        and _is_tally(training_set["skipped"])
        and all(_is_complete_bucket(bucket) for bucket in manifest.buckets)
    )


def _is_complete_bucket(bucket: dict[str, Any]) -> bool:
    return (
        BUCKET_ID.fullmatch(bucket["id"]) is not None
        and all(_is_count(bucket[key]) for key in BUCKET_COUNTS)
        and all(_is_tally(bucket[key]) for key in BUCKET_TALLIES)
        and set(bucket["files"]) == set(BUCKET_FILES)
        and all(_is_count(file["bytes"]) and isinstance(file["sha256"], str) for file in bucket["files"].values())
    )


def _is_tally(value: dict[str, Any]) -> bool:
    return all(_is_count(count) for count in value.values())


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 48


def _advice(named: object) -> str:
    if isinstance(named, str) and named.startswith(_FAMILY):
        return "Rebuild the index with this release, or use the release that wrote it."
    return "This is not an index of codewhence."


def sum_tables(tables: Iterable[dict[str, int]]) -> dict[str, int]:
    """Add up tables of counts; keys sorted.

    >>> sum_tables([{"empty": 1}, {"binary": 2, "empty": 1}])
    {'binary': 2, 'empty': 2}
    """
    total: Counter[str] = Counter()
    for table in tables:
        total.update(table)
    return dict(sorted(total.items()))
