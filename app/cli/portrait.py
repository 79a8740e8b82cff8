"""``codewhence portrait``: export what an index holds as hashes, verify an export, ask it."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from codewhence.app.cli import terminal
from codewhence.app.cli.options import DEFAULT_MAX_BYTES, IndexOption, JsonOption, MaxBytesOption, WorkersOption
from codewhence.errors import PartialReadError, UsageError

_HELP = """Publish what a training set holds, without its text.

Example: codewhence portrait export --index demo --output demo.portrait
"""
application = typer.Typer(help=_HELP, rich_markup_mode=None, invoke_without_command=True)

_EXPORT_HELP = """Write the portrait of an index as one file to publish: hashes of 50-character tiles, no text.

It leaves out what was taken out of the index. Once it is out nothing can be taken out of it, so it expires; the next
one says which version it replaces.

Example: codewhence portrait export --index demo --output demo.portrait --days 30
"""
_VERIFY_HELP = """Check a portrait to the last bit and measure its rate of false answers.

Exit code 3 where it is damaged or does not keep what it promises. With --index, also that it holds what the index
holds.

Example: codewhence portrait verify demo.portrait --index demo
"""
_QUERY_HELP = """Say which passages of a text a portrait holds, and how probable each is by error.

No index is needed. A copy of 149 characters, layout apart, is certain to be found; under 100 nothing can be.

Example: codewhence portrait query demo.portrait generated.py
"""

_FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The portrait, as export wrote it.")]


@application.callback()
def portrait(context: typer.Context) -> None:
    """Print the help where no command is named."""
    if context.invoked_subcommand is None:
        terminal.write_result(context.get_help() + "\n")


@application.command("export", help=_EXPORT_HELP)
def export(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to write, whole or not at all.")],
    index: IndexOption = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="Last day in UTC, as 2030-12-31.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", help="Days until it expires; by default 90.")
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="VERSION", help="The version that it takes the place of.")
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", metavar="NAME", help="Its name; by default day and digest.")
    ] = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export, then say what was written."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.portrait_report import export_text, export_to_json
    from codewhence.app.settings import load_settings
    from codewhence.index.portrait.exporting import export_portrait
    from codewhence.index.store import open_index
    from codewhence.index.workers import checked_workers

    today = datetime.now(UTC).date()
    last_day = _last_day(expires, days, today=today)
    folder = load_settings(flags={"index": index}).required_index()
    with open_index(folder) as opened:
        header = export_portrait(
            opened,
            output,
            created=today,
            expires=last_day,
            version=version,
            replaces=replaces,
            n_workers=checked_workers(workers),
        )
    value = export_to_json(header, output)
    terminal.write_result(dumps(value) if as_json else export_text(value))


@application.command("verify", help=_VERIFY_HELP)
def verify(
    file: _FileArgument,
    index: Annotated[
        Path | None, typer.Option("--index", metavar="DIR", help="The index that it was made from.")
    ] = None,
    samples: Annotated[
        int | None, typer.Option("--samples", metavar="N", help="Tiles to ask for; by default 1,000,000 of each kind.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Draws the tiles.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Measure, then say what was found."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.portrait_report import verified_text, verified_to_json
    from codewhence.index.portrait.export_file import read_export
    from codewhence.index.portrait.verifying import DEFAULT_SAMPLES, verify_against, verify_export
    from codewhence.index.store import open_index

    read = read_export(file)
    n_samples = DEFAULT_SAMPLES if samples is None else samples
    found = verify_export(read, name=str(file), n_samples=n_samples, seed=seed)
    if index is not None:
        with open_index(index) as opened:
            found = verify_against(found, read, opened, name=str(file), seed=seed)
    value = verified_to_json(found, read.header, file, today=datetime.now(UTC).date())
    terminal.write_result(dumps(value) if as_json else verified_text(value))


@application.command("query", help=_QUERY_HELP)
def query(
    file: _FileArgument,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files, folders, or - for stdin.")] = None,
    max_bytes: MaxBytesOption = DEFAULT_MAX_BYTES,
    as_json: JsonOption = False,
) -> None:
    """Ask for each text, then print."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.portrait_report import answer_to_json, query_text, query_to_json
    from codewhence.app.inputs import named_texts
    from codewhence.app.settings import load_settings
    from codewhence.app.wiring import load_exclusions
    from codewhence.index.portrait.chains import membership
    from codewhence.index.portrait.export_file import read_export, refuse_expired
    from codewhence.records import Unread

    exclusions = load_exclusions(load_settings())
    inputs = named_texts(paths or ["-"], exclusions=exclusions, max_bytes=max_bytes, standard_input=sys.stdin.buffer)
    read = read_export(file)
    refuse_expired(read.header, file, today=datetime.now(UTC).date())
    answers, unread = [], []
    for each in inputs:
        if isinstance(each, Unread):
            unread.append(each)
        else:
            answers.append(answer_to_json(each.path, each.text, membership(read.tile_filter, each.text)))
    value = query_to_json(read.header, answers, unread)
    terminal.write_result(dumps(value) if as_json else query_text(value))
    if unread:
        first = unread[0]
        raise PartialReadError(
            f"{len(unread)} of {len(unread) + len(answers)} files could not be read; the rest is answered. "
            f"First: {first.path}: {first.reason}"
        )


def _last_day(expires: str | None, days: int | None, *, today: date) -> date | None:
    """Return the last day that the options name; ``None`` for none.

    Raises:
        UsageError: Both are given, or one is no day.
    """
    if expires is not None and days is not None:
        raise UsageError("--expires and --days say the same thing. Pass one of them.")
    try:
        if days is not None:
            return today + timedelta(days=days)
        return None if expires is None else date.fromisoformat(expires)
    except (ValueError, OverflowError):
        given = f"--days {days}" if expires is None else f"--expires {expires!r:.40}"
        raise UsageError(f"{given} is no day. Try --expires {today.year + 1}-01-31, or --days 90.") from None
