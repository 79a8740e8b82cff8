"""Build an index: route every document to its bucket, build each bucket as a pure function, commit by one rename.

    sources ─► shards ─► ingest (workers) ─► spills by id prefix ─► one bucket at a time (workers) ─► MANIFEST.json

Memory is bounded by the workers and the size of a bucket, never by the size of the training set: a worker holds one
file while it routes, and one bucket's fingerprints while it builds.
"""

import heapq
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.errors import UsageError
from codewhence.index.bucket import MAX_BUCKETS, Bucket
from codewhence.index.bucket_writer import write_bucket
from codewhence.index.documents import Entry
from codewhence.index.files import disk_errors_named
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest, sum_tables
from codewhence.index.routing import OnProgress, Progress, Routed, route
from codewhence.index.sources.base import SKIP_REASONS, Source
from codewhence.index.spill import merged, spilled
from codewhence.index.workers import check_stop, run_tasks
from codewhence.index.workspace import Workspace

BUCKET_BYTES = 64_000_000  # of text, by default (DESIGN 4.2)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What was built.

    Attributes:
        manifest: The manifest that was committed.
        n_read_files: Files met in this run, documents and skipped ones.
        n_read_bytes: Text read in this run as UTF-8, repeated files counted each time.
        skipped: Files that are no document, by reason, in this run.
        skipped_examples: Up to three paths for each reason.
    """

    manifest: Manifest
    n_read_files: int
    n_read_bytes: int
    skipped: dict[str, int]
    skipped_examples: dict[str, list[str]]

    @property
    def n_documents(self) -> int:
        """Distinct documents in the index."""
        return self.manifest.total("n_documents")

    @property
    def n_files(self) -> int:
        """Origins in the index: files as people count them."""
        return self.manifest.total("n_files")

    @property
    def n_text_bytes(self) -> int:
        """Bytes of distinct text, as UTF-8."""
        return self.manifest.total("n_text_bytes")

    @property
    def n_buckets(self) -> int:
        """Number of buckets."""
        return self.manifest.n_buckets

    @property
    def root(self) -> str:
        """Merkle root of the manifest."""
        return self.manifest.root

    @property
    def licenses(self) -> dict[str, int]:
        """Files by SPDX expression, most frequent first, "not recorded" among them."""
        return dict(self.manifest.tally("licenses").most_common())

    @property
    def languages(self) -> dict[str, int]:
        """Documents by language, most frequent first."""
        return dict(self.manifest.tally("languages").most_common())


def build_index(
    sources: Sequence[Source],
    output: Path,
    *,
    n_buckets: int | None = None,
    n_workers: int | None = None,
    training_set: str | None = None,
    on_progress: OnProgress | None = None,
) -> BuildResult:
    """Build an index from ``sources`` at ``output``, replacing the index that stands there.

    Args:
        sources: At least one.
        output: A folder that is not there, is empty, or holds an index.
        n_buckets: A power of two; by default so many that a bucket holds about 64 MB of text.
        n_workers: Processes; by default one a core. The result does not depend on it.
        training_set: Free text that names the version of the training set.
        on_progress: Called in this process, often.

    Raises:
        UsageError: A parameter is out of range, ``output`` holds something else, or no document was found.
        ResourceError: The disk is full or a worker was killed. What stood at ``output`` is untouched.
    """
    _check_buckets(n_buckets)
    n_workers = _checked_workers(n_workers)
    with disk_errors_named(output), Workspace.open(output) as workspace:
        routed = _route_some(sources, workspace, n_workers=n_workers, on_progress=on_progress)
        manifest = Manifest(
            n_buckets=n_buckets or default_buckets(routed.n_text_bytes),
            training_set={
                "redaction": None,
                "skipped": dict(sorted(routed.skipped.items())),
                "sources": [source.describe() for source in sources],
                "version": training_set,
            },
            buckets=(),
        )
        return _finish(manifest, routed, workspace, n_workers=n_workers, on_progress=on_progress)


def add_to_index(
    index_path: Path,
    sources: Sequence[Source],
    *,
    n_workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> BuildResult:
    """Add ``sources`` to an index; only buckets that receive a document are rebuilt.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: No document was found.
        ResourceError: The disk is full or a worker was killed. The index is untouched.
    """
    read_manifest(index_path)
    n_workers = _checked_workers(n_workers)
    with disk_errors_named(index_path), Workspace.open(index_path) as workspace:
        before = read_manifest(index_path)
        routed = _route_some(sources, workspace, n_workers=n_workers, on_progress=on_progress)
        known = before.training_set["sources"]
        described = [source.describe() for source in sources]
        manifest = Manifest(
            n_buckets=before.n_buckets,
            training_set={
                **before.training_set,
                "skipped": sum_tables([before.training_set["skipped"], routed.skipped]),
                "sources": [*known, *(each for each in described if each not in known)],
            },
            buckets=before.buckets,
        )
        return _finish(manifest, routed, workspace, n_workers=n_workers, on_progress=on_progress)


def default_buckets(n_text_bytes: int) -> int:
    """Return the smallest power of two that keeps buckets at or under 64 MB of text on average."""
    n_needed = -(-n_text_bytes // BUCKET_BYTES)
    return min(1 << max(0, n_needed - 1).bit_length(), MAX_BUCKETS)


@dataclass(frozen=True, slots=True)
class BucketTask:
    """Everything that a bucket is a function of.

    Attributes:
        number: Which bucket.
        n_buckets: Of how many.
        spills: Folders of routed documents.
        previous: Folder and manifest entry of the bucket as it stands, or ``None``.
        without: Ids of documents to leave out.
        folder: Where to write.
        n_bytes: Size of the routed documents, for the progress bar.
    """

    number: int
    n_buckets: int
    spills: tuple[Path, ...]
    previous: tuple[Path, dict[str, Any]] | None
    without: frozenset[str]
    folder: Path
    n_bytes: int = 0


def build_bucket(task: BucketTask) -> dict[str, Any]:
    """Write one bucket and return its manifest entry. Runs in a worker.

    Documents that stood in the bucket and routed ones are joined by id; the same set of documents gives the same
    bytes, whatever the order, the workers, or how they came to be in the set.
    """
    return write_bucket(task.folder, _documents(task))


def _documents(task: BucketTask) -> Iterator[tuple[Entry, bytes]]:
    streams = [spilled(list(task.spills), task.number, task.n_buckets)]
    if task.previous is not None:
        streams.append(_standing(*task.previous))
    for entry, frame in merged(heapq.merge(*streams, key=lambda document: document[0].doc_id)):
        check_stop()
        if entry.doc_id not in task.without:
            yield entry, frame


def _standing(folder: Path, entry: dict[str, Any]) -> Iterator[tuple[Entry, bytes]]:
    bucket = Bucket(folder, entry)
    try:
        for row in range(bucket.n_documents):
            yield bucket.entry(row), bucket.frame(row)
    finally:
        bucket.close()


def _route_some(
    sources: Sequence[Source], workspace: Workspace, *, n_workers: int, on_progress: OnProgress | None
) -> Routed:
    routed = route(sources, workspace.folder, n_workers=n_workers, on_progress=on_progress)
    if not routed.n_documents:
        specs = ", ".join(source.spec for source in sources)
        reasons = "; ".join(f"{count} {SKIP_REASONS[reason]}" for reason, count in sorted(routed.skipped.items()))
        raise UsageError(f"no document in {specs}: {reasons or 'no file there'}. Nothing was written.")
    return routed


def _finish(
    manifest: Manifest,
    routed: Routed,
    workspace: Workspace,
    *,
    n_workers: int,
    on_progress: OnProgress | None,
) -> BuildResult:
    """Build the buckets that changed, commit, and say what was built. ``manifest`` holds the buckets as they stood."""
    entries = dict(enumerate(manifest.buckets))
    built: dict[str, Path] = {}
    tasks = _tasks(manifest, routed, workspace)
    total_bytes = sum(task.n_bytes for task in tasks)
    done_bytes = 0
    for task, entry in run_tasks(build_bucket, iter(tasks), n_workers=min(n_workers, max(1, len(tasks)))):
        entries[task.number] = entry
        built[entry["id"]] = task.folder
        done_bytes += task.n_bytes
        if on_progress:
            on_progress(Progress("index", done_bytes, total_bytes, routed.n_read_files))
    committed = Manifest(
        n_buckets=manifest.n_buckets,
        training_set=manifest.training_set,
        buckets=tuple(entries[number] for number in range(manifest.n_buckets)),
    )
    workspace.commit(committed, built)
    return BuildResult(
        manifest=committed,
        n_read_files=routed.n_read_files,
        n_read_bytes=routed.n_text_bytes,
        skipped=dict(sorted(routed.skipped.items())),
        skipped_examples=dict(sorted(routed.examples.items())),
    )


def _tasks(manifest: Manifest, routed: Routed, workspace: Workspace) -> list[BucketTask]:
    """List the buckets to build: all of a new index, or those that received a document."""
    width = max(2, len(f"{manifest.n_buckets - 1:x}"))
    bucket_bytes = routed.bucket_bytes(manifest.n_buckets)
    tasks = []
    for number in range(manifest.n_buckets):
        standing = manifest.buckets[number] if manifest.buckets else None
        if standing is not None and number not in bucket_bytes:
            continue
        tasks.append(
            BucketTask(
                number=number,
                n_buckets=manifest.n_buckets,
                spills=tuple(sorted(routed.spills)),
                previous=None if standing is None else (bucket_folder(workspace.output, standing), standing),
                without=frozenset(),
                folder=workspace.folder / f"bucket-{number:0{width}x}",
                n_bytes=bucket_bytes[number],
            )
        )
    return tasks


def _check_buckets(n_buckets: int | None) -> None:
    if n_buckets is not None and (not 1 <= n_buckets <= MAX_BUCKETS or n_buckets & (n_buckets - 1)):
        raise UsageError(f"--buckets must be a power of two from 1 to {MAX_BUCKETS}, got {n_buckets}. Try 8.")


def _checked_workers(n_workers: int | None) -> int:
    if n_workers is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if n_workers < 1:
        raise UsageError(f"--workers must be at least 1, got {n_workers}.")
    return n_workers
