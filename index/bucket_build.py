"""Second half of a build: each bucket that changes is written as a pure function of its documents, then committed.

No bucket is ever written with a document that was taken out of the index: what stood there goes, and what a source
brings again does not come back.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codewhence.errors import UsageError
from codewhence.index.bucket import Bucket
from codewhence.index.bucket_writer import write_bucket
from codewhence.index.documents import Entry
from codewhence.index.manifest import Manifest
from codewhence.index.overlay.removals import Removals
from codewhence.index.routing import OnProgress, Progress
from codewhence.index.spill import merged, spilled
from codewhence.index.workers import check_stop, run_tasks
from codewhence.index.workspace import Workspace


@dataclass(frozen=True, slots=True)
class BucketTask:
    """Everything that a bucket is a function of.

    Attributes:
        number: Which bucket.
        n_buckets: Of how many.
        spills: Folders of routed documents.
        previous: Folder and manifest entry of the bucket as it stands, or ``None``.
        folder: Where to write.
        without: Documents and origins to leave out.
        n_bytes: Size of the documents, for the progress bar.
    """

    number: int
    n_buckets: int
    spills: tuple[Path, ...]
    previous: tuple[Path, dict[str, Any]] | None
    folder: Path
    without: Removals = field(default_factory=Removals)
    n_bytes: int = 0


def build_bucket(task: BucketTask) -> dict[str, Any]:
    """Write one bucket and return its manifest entry. Runs in a worker.

    Documents that stood in the bucket and routed ones are joined by id; the same set of documents gives the same
    bytes, whatever the order, the workers, or how they came to be in the set.
    """
    return write_bucket(task.folder, _documents(task))


def commit_buckets(
    manifest: Manifest,
    tasks: Sequence[BucketTask],
    workspace: Workspace,
    *,
    n_workers: int,
    n_files: int,
    on_progress: OnProgress | None,
) -> Manifest:
    """Build the buckets that change and make them the index, whole or not at all.

    Args:
        manifest: The new manifest, but for those buckets.
        tasks: The buckets to build.
        workspace: Where they are built; its folder gets the index.
        n_workers: Processes.
        n_files: Files met, for the progress bar.
        on_progress: Called in this process, after each bucket.

    Returns:
        The manifest as committed.

    Raises:
        UsageError: No document would be left in the index.
        ResourceError: A worker was killed.
    """
    entries = dict(enumerate(manifest.buckets))
    built: dict[str, Path] = {}
    total_bytes = sum(task.n_bytes for task in tasks)
    done_bytes = 0
    for task, entry in run_tasks(build_bucket, iter(tasks), n_workers=min(n_workers, max(1, len(tasks)))):
        entries[task.number] = entry
        built[entry["id"]] = task.folder
        done_bytes += task.n_bytes
        if on_progress:
            on_progress(Progress("index", done_bytes, total_bytes, n_files))
    committed = replace(manifest, buckets=tuple(entries[number] for number in range(manifest.n_buckets)))
    if not committed.total("n_documents"):
        raise UsageError(
            f"no document is left: all were taken out of '{workspace.output}' before. Nothing was written. "
            "Build in another folder, or let documents back in: codewhence index restore"
        )
    workspace.commit(committed, built)
    return committed


def bucket_path(workspace: Workspace, number: int, n_buckets: int) -> Path:
    """Return where a workspace builds bucket ``number``."""
    width = max(2, len(f"{n_buckets - 1:x}"))
    return workspace.folder / f"bucket-{number:0{width}x}"


def _documents(task: BucketTask) -> Iterator[tuple[Entry, bytes]]:
    streams = [spilled(list(task.spills), task.number, task.n_buckets)]
    if task.previous is not None:
        streams.append(_standing(*task.previous))
    for entry, frame in merged(heapq.merge(*streams, key=lambda document: document[0].doc_id)):
        check_stop()
        kept = task.without.kept(entry)
        if kept is not None:
            yield kept, frame


def _standing(folder: Path, entry: dict[str, Any]) -> Iterator[tuple[Entry, bytes]]:
    bucket = Bucket(folder, entry)
    try:
        for row in range(bucket.n_documents):
            yield bucket.entry(row), bucket.frame(row)
    finally:
        bucket.close()
