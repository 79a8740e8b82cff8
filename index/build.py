"""Build an index: route every document to its bucket, build each bucket as a pure function, commit by one rename.

    sources ─► shards ─► ingest (workers) ─► spills by id prefix ─► one bucket at a time (workers) ─► MANIFEST.json

Memory is bounded by the workers and the size of a bucket, never by the size of the training set: a worker holds one
file while it routes, and one bucket's fingerprints while it builds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from codewhence.errors import UsageError
from codewhence.index.bucket import MAX_BUCKETS
from codewhence.index.bucket_build import BucketTask, bucket_path, commit_buckets
from codewhence.index.files import disk_errors_named
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest, sum_tables
from codewhence.index.overlay.removals import Removals
from codewhence.index.overlay.suppressed_file import Overlay, read_overlay
from codewhence.index.overlay.versions import note_version, overlay_of
from codewhence.index.routing import OnProgress, Routed, route
from codewhence.index.sources.base import SKIP_REASONS, Source
from codewhence.index.workers import checked_workers
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
        n_removals: Length of the list of what was taken out of this index: what it names was left out.
    """

    manifest: Manifest
    n_read_files: int
    n_read_bytes: int
    skipped: dict[str, int]
    skipped_examples: dict[str, list[str]]
    n_removals: int = 0

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

    What was taken out of the index that stands there stays out of the new one.

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
    n_workers = checked_workers(n_workers)
    with disk_errors_named(output), Workspace.open(output) as workspace:
        overlay = overlay_of(output)
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
        return _finish(manifest, routed, workspace, overlay, n_workers=n_workers, on_progress=on_progress)


def add_to_index(
    index_path: Path,
    sources: Sequence[Source],
    *,
    n_workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> BuildResult:
    """Add ``sources`` to an index; only buckets that receive a document are rebuilt.

    What was taken out of the index does not come back, whatever the sources hold.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: No document was found.
        ResourceError: The disk is full or a worker was killed. The index is untouched.
    """
    read_manifest(index_path)
    n_workers = checked_workers(n_workers)
    with disk_errors_named(index_path), Workspace.open(index_path) as workspace:
        before = read_manifest(index_path)
        overlay = read_overlay(index_path, required=before.has_removals)
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
        return _finish(manifest, routed, workspace, overlay, n_workers=n_workers, on_progress=on_progress)


def default_buckets(n_text_bytes: int) -> int:
    """Return the smallest power of two that keeps buckets at or under 64 MB of text on average."""
    n_needed = -(-n_text_bytes // BUCKET_BYTES)
    return min(1 << max(0, n_needed - 1).bit_length(), MAX_BUCKETS)


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
    overlay: Overlay,
    *,
    n_workers: int,
    on_progress: OnProgress | None,
) -> BuildResult:
    """Build the buckets that changed, commit, and say what was built. ``manifest`` holds the buckets as they stood."""
    removals = overlay.removals
    committed = commit_buckets(
        replace(manifest, has_removals=overlay.stamp is not None),
        _tasks(manifest, routed, workspace, removals=removals),
        workspace,
        n_workers=n_workers,
        n_files=routed.n_read_files,
        on_progress=on_progress,
    )
    if overlay.stamp is not None:
        note_version(workspace.output, committed, removals)
    return BuildResult(
        manifest=committed,
        n_read_files=routed.n_read_files,
        n_read_bytes=routed.n_text_bytes,
        skipped=dict(sorted(routed.skipped.items())),
        skipped_examples=dict(sorted(routed.examples.items())),
        n_removals=len(removals),
    )


def _tasks(manifest: Manifest, routed: Routed, workspace: Workspace, *, removals: Removals) -> list[BucketTask]:
    """List the buckets to build: all of a new index, or those that received a document."""
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
                folder=bucket_path(workspace, number, manifest.n_buckets),
                without=removals.within(number, manifest.n_buckets),
                n_bytes=bucket_bytes[number],
            )
        )
    return tasks


def _check_buckets(n_buckets: int | None) -> None:
    if n_buckets is not None and (not 1 <= n_buckets <= MAX_BUCKETS or n_buckets & (n_buckets - 1)):
        raise UsageError(f"--buckets must be a power of two from 1 to {MAX_BUCKETS}, got {n_buckets}. Try 8.")
