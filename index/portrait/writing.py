"""Making filters from the tiles of an index's buckets: the portrait beside them, and one for an export."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codewhence.digests import sha256_hex
from codewhence.errors import FormatError
from codewhence.index.files import disk_errors_named, flush_directory, flush_to_disk
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest
from codewhence.index.portrait.filter import capacity_class, fill_partition, n_partitions
from codewhence.index.portrait.folder import (
    FILE_NAME,
    FOLDER_NAME,
    PortraitFile,
    is_partition_name,
    partition_name,
    read_portrait_file,
)
from codewhence.index.portrait.tile_file import TileRows, distinct_between, n_distinct, part_range
from codewhence.index.routing import OnProgress, Progress
from codewhence.index.workers import checked_workers, run_tasks
from codewhence.index.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class PartitionTask:
    """Everything that a partition is a function of.

    Attributes:
        number: Which partition.
        capacity: Capacity class of the filter.
        folders: Folders of all buckets.
        without: Tiles to leave out, sorted.
    """

    number: int
    capacity: int
    folders: tuple[Path, ...]
    without: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class MadeFilter:
    """A filter as bytes.

    Attributes:
        capacity: Its capacity class.
        n_tiles: Tiles in it.
        partitions: By the top bits of a tile.
    """

    capacity: int
    n_tiles: int
    partitions: tuple[bytes, ...]


def make_partition(task: PartitionTask) -> tuple[bytes, int]:
    """Return the bytes of one partition and the number of its tiles. Runs in a worker."""
    rows = [TileRows(folder) for folder in task.folders]
    tiles = distinct_between(rows, *part_range(task.number, n_partitions(task.capacity)))
    tiles = np.setdiff1d(tiles, task.without, assume_unique=True) if len(task.without) else tiles
    return fill_partition(task.capacity, tiles), len(tiles)


def make_filter(
    folders: Sequence[Path],
    *,
    least_capacity: int = 0,
    without: NDArray[np.uint64] | None = None,
    n_workers: int = 1,
    on_progress: OnProgress | None = None,
) -> MadeFilter:
    """Make the filter of an index's buckets.

    Args:
        folders: Folders of all buckets.
        least_capacity: A capacity class to keep, so that a filter of fewer tiles has the same layout.
        without: Tiles to leave out, sorted.
        n_workers: Processes. The result does not depend on it.
        on_progress: Called in this process, after each partition, with tiles for bytes.

    Raises:
        FormatError: The tiles of a bucket cannot be read.
    """
    rows = [TileRows(folder) for folder in folders]
    n_parts = n_partitions(capacity_class(sum(map(len, rows))))
    capacity = capacity_class(max(n_distinct(rows, n_parts=n_parts), least_capacity))
    none = np.zeros(0, dtype=np.uint64)
    tasks = [
        PartitionTask(number, capacity, tuple(folders), none if without is None else without)
        for number in range(n_partitions(capacity))
    ]
    made: dict[int, bytes] = {}
    n_tiles = 0
    for task, (data, n_more) in run_tasks(make_partition, iter(tasks), n_workers=min(n_workers, len(tasks))):
        made[task.number] = data
        n_tiles += n_more
        if on_progress:
            on_progress(Progress("portrait", len(made), len(tasks), n_tiles))
    return MadeFilter(capacity, n_tiles, tuple(made[number] for number in range(len(tasks))))


def kept_capacity(index_path: Path) -> int:
    """Return the capacity class of the portrait of an index, whatever its root; 0 where there is none to read."""
    try:
        return read_portrait_file(index_path).capacity
    except (FileNotFoundError, FormatError):
        return 0


def write_portrait(
    index_path: Path,
    *,
    least_capacity: int = 0,
    n_workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> PortraitFile:
    """Make the portrait of an index and put it beside its buckets, whole or not at all.

    Called at the end of every command that changes an index, when its manifest is committed. A killed process leaves
    the former portrait, which readers know by its root to be stale.

    Args:
        index_path: Folder of the index.
        least_capacity: A capacity class to keep: ``kept_capacity`` where the index was changed, 0 for a new one.
        n_workers: Processes; by default one a core. The result does not depend on it.
        on_progress: Called in this process, often.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: Another process writes.
        ResourceError: The disk is full or a worker was killed. The former portrait is untouched.
    """
    read_manifest(index_path)
    n_workers = checked_workers(n_workers)
    with disk_errors_named(index_path), Workspace.open(index_path) as workspace:
        manifest = read_manifest(index_path)
        made = make_filter(
            bucket_folders(index_path, manifest),
            least_capacity=least_capacity,
            n_workers=n_workers,
            on_progress=on_progress,
        )
        named = [
            {"bytes": len(data), "name": partition_name(number, data), "sha256": sha256_hex(data)}
            for number, data in enumerate(made.partitions)
        ]
        file = PortraitFile(made.capacity, made.n_tiles, manifest.root, tuple(named))
        _commit(file, made.partitions, workspace)
    return file


def bucket_folders(index_path: Path, manifest: Manifest) -> list[Path]:
    """Return the folders of all buckets of an index."""
    return [bucket_folder(index_path, bucket) for bucket in manifest.buckets]


def _commit(file: PortraitFile, partitions: Sequence[bytes], workspace: Workspace) -> None:
    folder = workspace.output / FOLDER_NAME
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FormatError(f"{folder} is no folder, so the portrait cannot be written there. Move it away.")
    folder.mkdir(exist_ok=True)
    for named, data in zip(file.partitions, partitions, strict=True):
        _move_in(workspace.folder / named["name"], folder, data)
    flush_directory(folder)
    _move_in(workspace.folder / FILE_NAME, folder, file.to_bytes())  # the commit point
    flush_directory(folder)
    flush_directory(workspace.output)
    names = {named["name"] for named in file.partitions}
    for other in folder.iterdir():
        if is_partition_name(other.name) and other.name not in names:
            other.unlink(missing_ok=True)


def _move_in(temporary: Path, folder: Path, data: bytes) -> None:
    with temporary.open("wb") as opened:
        opened.write(data)
        opened.flush()
        flush_to_disk(opened.fileno())
    temporary.replace(folder / temporary.name)
