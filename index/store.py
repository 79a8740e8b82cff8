"""An index opened for reading."""

import time
from collections.abc import Iterator
from pathlib import Path

from codewhence.digests import is_swhid
from codewhence.errors import CodewhenceError, FormatError, IndexMissingError
from codewhence.index.bucket import Bucket, bucket_number
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest
from codewhence.records import Document, IndexSummary

_PAUSES_SECONDS = (0.001, 0.01, 0.03, 0.1)


class Index:
    """An open index: a manifest and its mapped buckets. It answers from one version, whatever is written meanwhile."""

    def __init__(self, path: Path, manifest: Manifest, buckets: tuple[Bucket, ...]) -> None:
        self.path = path
        self.manifest = manifest
        self.buckets = buckets

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def summary(self) -> IndexSummary:
        """What a report says about this index."""
        return IndexSummary(
            name=self.path.resolve().name,
            root=self.manifest.root,
            n_documents=self.manifest.total("n_documents"),
            n_files=self.manifest.total("n_files"),
            training_set=self.manifest.training_set["version"],
        )

    def document(self, doc_id: str) -> Document | None:
        """Return a document by its SWHID, or ``None`` where the index does not hold it.

        Raises:
            FormatError: The index is damaged there.
        """
        if not is_swhid(doc_id):
            return None
        bucket = self.buckets[bucket_number(doc_id, len(self.buckets))]
        row = bucket.find(doc_id)
        return None if row is None else bucket.entry(row).document(bucket.text(row))

    def documents(self) -> Iterator[Document]:
        """Yield every document in the order of its id, one in memory at a time."""
        for bucket in self.buckets:
            for row in range(bucket.n_documents):
                yield bucket.entry(row).document(bucket.text(row))

    def close(self) -> None:
        """Let go of the files."""
        for bucket in self.buckets:
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
    return Index(path, manifest, _open_buckets(path, manifest))


def _open_buckets(path: Path, manifest: Manifest) -> tuple[Bucket, ...]:
    opened = []
    try:
        for entry in manifest.buckets:
            opened.append(Bucket(bucket_folder(path, entry), entry))
    except CodewhenceError:
        for bucket in opened:
            bucket.close()
        raise
    return tuple(opened)
