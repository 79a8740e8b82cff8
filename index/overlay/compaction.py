"""Erasing what was taken out of an index: the buckets that hold it are written again without it."""

from dataclasses import dataclass, replace
from pathlib import Path

from codewhence.index.bucket_build import BucketTask, bucket_path, commit_buckets
from codewhence.index.files import disk_errors_named
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest
from codewhence.index.overlay.masking import concerned, touched
from codewhence.index.overlay.removals import Removals
from codewhence.index.overlay.suppressed_file import Masked, read_overlay
from codewhence.index.overlay.versions import masked_in, note_version
from codewhence.index.routing import OnProgress
from codewhence.index.store import opened_buckets
from codewhence.index.workers import checked_workers
from codewhence.index.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was erased.

    Attributes:
        manifest: The manifest as it stands now.
        n_rebuilt_buckets: Buckets that were written again.
        erased: What had been masked and is gone.
        n_removals: Entries of the list of removals, which stays: what it names does not come back.
    """

    manifest: Manifest
    n_rebuilt_buckets: int
    erased: Masked
    n_removals: int


def compact_index(path: Path, *, n_workers: int | None = None, on_progress: OnProgress | None = None) -> Compacted:
    """Erase what is masked; each bucket written again equals, to the bit, one that never held it.

    No answer changes. Buckets that hold nothing masked are not touched; with nothing masked nothing is written.

    Args:
        path: Folder of the index.
        n_workers: Processes; by default one a core.
        on_progress: Called in this process, after each bucket.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: Another process writes, or ``n_workers`` is under 1.
        ResourceError: The disk is full or a worker was killed. The index is untouched.
    """
    read_manifest(path)
    n_workers = checked_workers(n_workers)
    with disk_errors_named(path), Workspace.open(path) as workspace:
        manifest = read_manifest(path)
        overlay = read_overlay(path, required=manifest.has_removals)
        manifest = replace(manifest, has_removals=overlay.stamp is not None)
        erased = masked_in(path, manifest, overlay.removals)
        tasks = _tasks(manifest, overlay.removals, workspace)
        if tasks:
            manifest = commit_buckets(
                manifest,
                tasks,
                workspace,
                n_workers=n_workers,
                n_files=manifest.total("n_files"),
                on_progress=on_progress,
            )
            note_version(path, manifest, overlay.removals)
    return Compacted(manifest, len(tasks), erased, len(overlay.removals))


def _tasks(manifest: Manifest, removals: Removals, workspace: Workspace) -> list[BucketTask]:
    """List the buckets that hold something of the list."""
    tasks = []
    for number in concerned(removals, n_buckets=manifest.n_buckets):
        standing = manifest.buckets[number]
        part = removals.within(number, manifest.n_buckets)
        with opened_buckets(workspace.output, manifest, [number]) as buckets:
            if next(touched(buckets[number], part), None) is None:
                continue
        tasks.append(
            BucketTask(
                number=number,
                n_buckets=manifest.n_buckets,
                spills=(),
                previous=(bucket_folder(workspace.output, standing), standing),
                folder=bucket_path(workspace, number, manifest.n_buckets),
                without=part,
                n_bytes=standing["n_text_bytes"],
            )
        )
    return tasks
