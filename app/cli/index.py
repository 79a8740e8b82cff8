"""``codewhence index``: build, add, stats, verify; what takes out and erases is in ``removal.py``."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from codewhence.app.cli import removal, terminal
from codewhence.app.cli.options import IndexArgument, JsonOption, SourcesArgument, WorkersOption
from codewhence.app.formats.wording import counted
from codewhence.errors import FormatError

if TYPE_CHECKING:
    from codewhence.index.build import BuildResult

_HELP = """Build and look after an index.

Example: codewhence index build installed --output demo
"""
application = typer.Typer(
    help=_HELP,
    rich_markup_mode=None,
    invoke_without_command=True,
)

_BUILD_HELP = """Build an index from training sets.

The same sources give the same bytes, whatever the number of workers. A build that is stopped leaves the old index.

Example: codewhence index build installed stdlib --output demo
"""
_ADD_HELP = """Add training sets to an index.

Example: codewhence index add demo my-folder
"""
_STATS_HELP = """Say what an index holds, in numbers.

Example: codewhence index stats demo
"""
_VERIFY_HELP = """Check every byte of an index, and name each file that is not as it was written.

Exit code 3 where there is one.

Example: codewhence index verify demo
"""


@application.callback()
def index(context: typer.Context) -> None:
    """Print the help where no command is named."""
    if context.invoked_subcommand is None:
        terminal.write_result(context.get_help() + "\n")


@application.command("build", help=_BUILD_HELP)
def build(
    sources: SourcesArgument,
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder of the index to write.")],
    buckets: Annotated[
        int | None, typer.Option("--buckets", metavar="N", help="A power of two; by default one for each 64 MB.")
    ] = None,
    workers: WorkersOption = None,
    training_set: Annotated[
        str | None, typer.Option("--training-set", metavar="TEXT", help="Name the training set's version in reports.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build, then sum up."""
    from codewhence.app.cli.progress import shown_progress
    from codewhence.index.afterwards import derive_anew
    from codewhence.index.build import build_index
    from codewhence.index.sources.registry import open_source

    started = time.perf_counter()
    opened = [open_source(source) for source in sources]
    with shown_progress() as on_progress:
        result = build_index(
            opened,
            output,
            n_buckets=buckets,
            n_workers=workers,
            training_set=training_set,
            on_progress=on_progress,
        )
        derive_anew(output, n_workers=workers, on_progress=on_progress)
    _sum_up(result, output, seconds=time.perf_counter() - started, as_json=as_json)


@application.command("add", help=_ADD_HELP)
def add(
    directory: IndexArgument, sources: SourcesArgument, workers: WorkersOption = None, as_json: JsonOption = False
) -> None:
    """Add, then sum up."""
    from codewhence.app.cli.progress import shown_progress
    from codewhence.index.afterwards import derive_again
    from codewhence.index.build import add_to_index
    from codewhence.index.sources.registry import open_source

    started = time.perf_counter()
    opened = [open_source(source) for source in sources]
    with shown_progress() as on_progress:
        result = add_to_index(directory, opened, n_workers=workers, on_progress=on_progress)
        derive_again(directory, n_workers=workers, on_progress=on_progress)
    _sum_up(result, directory, seconds=time.perf_counter() - started, as_json=as_json)


@application.command("stats", help=_STATS_HELP)
def stats(directory: IndexArgument, as_json: JsonOption = False) -> None:
    """Count, then print."""
    from codewhence.app.formats.index_report import stats_text
    from codewhence.app.formats.json_report import dumps
    from codewhence.index.stats import index_stats

    held = index_stats(directory)
    terminal.write_result(dumps({"schema": "codewhence.stats/1", **held}) if as_json else stats_text(held))


@application.command("verify", help=_VERIFY_HELP)
def verify(directory: IndexArgument, as_json: JsonOption = False) -> None:
    """Check, then name what differs."""
    from codewhence.app.formats.index_report import problems_text
    from codewhence.app.formats.json_report import dumps
    from codewhence.index.verify import verify_index

    problems = verify_index(directory)
    listed = [{"file": problem.file, "reason": problem.reason} for problem in problems]
    value = {"schema": "codewhence.verify/1", "sound": not problems, "problems": listed}
    terminal.write_result(dumps(value) if as_json else problems_text(directory, problems))
    if problems:
        files = counted(len(problems), "damaged file")
        raise FormatError(f"{directory}: {files}. Build it again from its sources: codewhence index build")


application.command("remove", help=removal.REMOVE_HELP)(removal.remove)
application.command("compact", help=removal.COMPACT_HELP)(removal.compact)
application.command("restore", help=removal.RESTORE_HELP)(removal.restore)


def _sum_up(result: "BuildResult", directory: Path, *, seconds: float, as_json: bool) -> None:
    from codewhence.app.formats.index_report import build_text, build_to_json
    from codewhence.app.formats.json_report import dumps

    value: dict[str, Any] = build_to_json(result, directory, seconds=seconds)
    terminal.write_result(dumps(value) if as_json else build_text(value))
