"""A progress bar on stderr, on a terminal alone: stage, files, bytes, rate, time left."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codewhence.index.routing import Progress

_STAGES = {
    "read": "reading sources",
    "index": "building buckets",
    "portrait": "making the portrait",
    "calibrate": "calibrating",
}


@contextmanager
def shown_progress() -> "Generator[Callable[[Progress], None] | None]":
    """Give what a build calls with its progress; ``None`` where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[n_files]:,} files"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(progress: "Progress") -> None:
            if progress.stage not in tasks:
                label = _STAGES.get(progress.stage, progress.stage)
                tasks[progress.stage] = bar.add_task(label, total=None, n_files=0)
            bar.update(
                tasks[progress.stage],
                completed=progress.done_bytes,
                total=progress.total_bytes or None,
                n_files=progress.n_files,
            )

        yield show
