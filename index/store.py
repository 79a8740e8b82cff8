"""An index opened for reading.

What was taken out of it (``codewhence.index.overlay``) is asked first: ``buckets`` are the buckets as readers may see
them, and so every answer made from them leaves out what is hidden. Whoever holds an index open for long calls
``refresh`` before each answer.
"""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from codewhence.digests import is_swhid
from codewhence.errors import CodewhenceError, FormatError, IndexMissingError
from codewhence.index.bucket import Bucket, bucket_number
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest
from codewhence.index.overlay.masking import masked_buckets, work_out
from codewhence.index.overlay.removals import Removals
from codewhence.index.overlay.suppressed_file import Masked, Stamp, current_stamp, read_overlay
from codewhence.records import Document, IndexSummary

_PAUSES_SECONDS = (0.001, 0.01, 0.03, 0.1)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The buckets as one version of the overlay lets them be seen. Replaced as a whole: threads share an index."""

    stamp: Stamp | None
    removals: Removals
    masked: Masked
    buckets: tuple[Bucket, ...]


class Index:
    """An open index: a manifest and its mapped buckets. It answers from one version, whatever is written meanwhile.

    What is taken out of the index meanwhile is the exception: ``refresh`` hides it in this version too.
    """

    def __init__(self, path: Path, manifest: Manifest, buckets: tuple[Bucket, ...]) -> None:
        """Take the buckets as held, which this index closes.

        Raises:
            FormatError: What was taken out is not known.
        """
        self.path = path
        self.manifest = manifest
        self.held_buckets = buckets
        self._view = self._read_view(None)

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The buckets as readers may see them; take them once for one answer."""
        return self._view.buckets

    @property
    def removals(self) -> Removals:
        """What was taken out."""
        return self._view.removals

    @property
    def masked(self) -> Masked:
        """How much of this version that hides."""
        return self._view.masked

    def refresh(self) -> None:
        """Take note of what was taken out since; where nothing was, this costs one system call.

        Raises:
            FormatError: What was taken out is not known any more. The index keeps hiding what it hid.
        """
        view = self._view
        if current_stamp(self.path) != view.stamp:
            self._view = self._read_view(view)

    def _read_view(self, before: _View | None) -> _View:
        required = self.manifest.has_removals or (before is not None and before.stamp is not None)
        overlay = read_overlay(self.path, required=required)
        masked = overlay.masked
        if masked is None or masked.root != self.manifest.root:
            folders = [bucket.folder for bucket in self.held_buckets]
            held = dict(enumerate(self.held_buckets))
            masked = work_out(held, overlay.removals, root=self.manifest.root, folders=folders)
        seen = masked_buckets(self.held_buckets, overlay.removals, masked)
        return _View(overlay.stamp, overlay.removals, masked, seen)

    @property
    def summary(self) -> IndexSummary:
        """What a report says about this index."""
        view = self._view
        return IndexSummary(
            name=self.path.resolve().name,
            root=self.manifest.root,
            n_documents=self.manifest.total("n_documents") - view.masked.n_documents,
            n_files=self.manifest.total("n_files") - view.masked.n_files,
            training_set=self.manifest.training_set["version"],
            removals=view.removals.digest if len(view.removals) else None,
        )

    def document(self, doc_id: str) -> Document | None:
        """Return a document by its SWHID, or ``None`` where the index does not hold it or must not show it.

        Raises:
            FormatError: The index is damaged there.
        """
        if not is_swhid(doc_id):
            return None
        buckets = self.buckets
        bucket = buckets[bucket_number(doc_id, len(buckets))]
        row = bucket.find(doc_id)
        if row is None or bucket.is_hidden(row):
            return None
        return bucket.entry(row).document(bucket.text(row))

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of its id, one in memory at a time."""
        for bucket in self.buckets:
            for row in range(bucket.n_documents):
                if not bucket.is_hidden(row):
                    yield bucket.entry(row).document(bucket.text(row))

    def close(self) -> None:
        """Let go of the files."""
        for bucket in self.held_buckets:
            bucket.close()


def open_index(path: Path) -> Index:
    """Open an index for reading.

    Sizes and formats are checked here, in milliseconds; contents by ``codewhence index verify``.

    Raises:
        IndexMissingError: There is none at ``path``.
        FormatError: It is damaged, truncated, or of a version that this release does not read.
        ResourceError: It has more files than this process may open.
    """
    for pause_seconds in _PAUSES_SECONDS:
        try:
            return _open(path)
        except IndexMissingError:
            raise
        except FormatError:
            # A writer may have committed between the reading of the manifest and of its buckets.
            time.sleep(pause_seconds)
    return _open(path)


def _open(path: Path) -> Index:
    manifest = read_manifest(path)
    buckets = tuple(_open_buckets(path, manifest, range(manifest.n_buckets)).values())
    try:
        return Index(path, manifest, buckets)
    except CodewhenceError:
        for bucket in buckets:
            bucket.close()
        raise


@contextmanager
def opened_buckets(path: Path, manifest: Manifest, numbers: Iterable[int]) -> Generator[dict[int, Bucket]]:
    """Open some buckets as held, by number, and close them again.

    Raises:
        FormatError, ResourceError: As ``open_index``.
    """
    buckets = _open_buckets(path, manifest, numbers)
    try:
        yield buckets
    finally:
        for bucket in buckets.values():
            bucket.close()


def _open_buckets(path: Path, manifest: Manifest, numbers: Iterable[int]) -> dict[int, Bucket]:
    opened: dict[int, Bucket] = {}
    try:
        for number in numbers:
            entry = manifest.buckets[number]
            opened[number] = Bucket(bucket_folder(path, entry), entry)
    except CodewhenceError:
        for bucket in opened.values():
            bucket.close()
        raise
    return opened
