"""Arguments and options that several commands share, and what becomes of an answer that is not whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codewhence.errors import PartialReadError

if TYPE_CHECKING:
    from codewhence.records import Report

# Larger files are data, not code. Measured: 50 MB on one line takes 5 to 15 s and up to 2.1 GB of memory.
DEFAULT_MAX_BYTES = 64_000_000

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Folder of the index; by default CODEWHENCE_INDEX names it."),
]
PolicyOption = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="License policy, TOML; a default one ships.")
]
MaxBytesOption = Annotated[int, typer.Option("--max-bytes", min=1, metavar="N", help="Do not read larger files.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write to a file, whole or not at all, not to stdout."),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes; by default one a core.")
]
IndexArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the index.")]
SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Folder, git clone, npm package (.tgz, folder, node_modules), Debian source package, .jsonl[.gz|.zst], "
        ".parquet (The Stack v1 to v3), 'installed' (packages of this Python) or 'stdlib'.",
    ),
]


def refuse_unread(report: "Report") -> None:
    """Say that an answer is not a whole one, after it has been written.

    Raises:
        PartialReadError: Something could not be read.
    """
    if report.unread:
        first = report.unread[0]
        n_all = len(report.unread) + len(report.files)
        raise PartialReadError(
            f"{len(report.unread)} of {n_all} files could not be read; the rest is reported. "
            f"First: {first.path}: {first.reason}"
        )
