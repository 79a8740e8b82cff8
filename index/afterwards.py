"""What follows from a committed index and is no part of it: made again at the end of every command that changes it.

A process that is killed before leaves the index committed and these as they were; by the root that each is stamped with
readers know that they are stale.
"""

from pathlib import Path

from codewhence.index.calibration.calibrate import calibrate_index
from codewhence.index.match import make_scorer
from codewhence.index.portrait.writing import kept_capacity, write_portrait
from codewhence.index.routing import OnProgress
from codewhence.index.workers import checked_workers


def derive_anew(index_path: Path, *, n_workers: int | None = None, on_progress: OnProgress | None = None) -> None:
    """Make the portrait and the calibration of an index that was just built.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: Another process writes.
        ResourceError: The disk is full or a worker was killed. The index stands, with what it had before.
    """
    _derive(index_path, least_capacity=0, n_workers=n_workers, on_progress=on_progress)


def derive_again(index_path: Path, *, n_workers: int | None = None, on_progress: OnProgress | None = None) -> None:
    """Make the portrait and the calibration of an index that was just changed; the portrait keeps its layout.

    Raises:
        As ``derive_anew``.
    """
    _derive(index_path, least_capacity=kept_capacity(index_path), n_workers=n_workers, on_progress=on_progress)


def _derive(index_path: Path, *, least_capacity: int, n_workers: int | None, on_progress: OnProgress | None) -> None:
    write_portrait(index_path, least_capacity=least_capacity, n_workers=n_workers, on_progress=on_progress)
    calibrate_index(index_path, make_scorer, n_workers=checked_workers(n_workers), on_progress=on_progress)
