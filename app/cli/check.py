"""``codewhence check``: where does this code come from, and may it be kept?"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codewhence.app.cli import terminal
from codewhence.app.cli.options import (
    DEFAULT_MAX_BYTES,
    IndexOption,
    JsonOption,
    MaxBytesOption,
    OutputOption,
    PolicyOption,
    refuse_unread,
)
from codewhence.app.settings import FAIL_ON_LEVELS, Settings, load_settings
from codewhence.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codewhence.app.inputs import Input
    from codewhence.records import Report, Unread

HELP = """Say where code comes from, and what may be done with it.

PATH is a file, a folder, or - for standard input. A folder is read as git lists it: tracked files and new ones that
are not ignored; .codewhenceignore leaves more out.

Without --fail-on the exit code is 0 whatever is found; with it, 1 where something is. Files that could not be read
give 4, unless there are findings.

Example: codewhence check generated.py --index demo

Example: codewhence check --staged --fail-on copyleft
"""


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    MARKDOWN = "markdown"


class Store(StrEnum):
    """Where the index lives."""

    EMBEDDED = "embedded"
    ELASTICSEARCH = "elasticsearch"


def check(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files, folders, or - for stdin.")] = None,
    index: IndexOption = None,
    store: Annotated[Store, typer.Option("--store", help="Where the index lives.")] = Store.EMBEDDED,
    diff: Annotated[
        str | None, typer.Option("--diff", metavar="BASE", help="Only matches on lines added since BASE, per git.")
    ] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Check what is staged, not the work tree.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="How the report is written.")] = Format.TEXT,
    as_json: JsonOption = False,
    output: OutputOption = None,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", metavar="|".join(FAIL_ON_LEVELS), help="Exit with 1 from this finding on."),
    ] = None,
    policy: PolicyOption = None,
    max_bytes: MaxBytesOption = DEFAULT_MAX_BYTES,
    no_color: Annotated[bool, typer.Option("--no-color", help="No color, even on a terminal.")] = False,
) -> None:
    """Check and report."""
    _refuse_other_stores(store)
    if as_json and format_ not in {Format.TEXT, Format.JSON}:
        raise UsageError(f"--json and --format {format_.value} ask for two formats. Pass one of them.")
    settings = load_settings(flags={"index": index, "policy": policy, "fail_on": fail_on})
    inputs = _inputs(paths or [], settings, diff=diff, staged=staged, max_bytes=max_bytes)
    report = _report(inputs, settings)
    text = _rendered(report, Format.JSON if as_json else format_, is_file=output is not None, no_color=no_color)
    terminal.write_result(text, output=output)
    _leave(report, settings.fail_on)


def _refuse_other_stores(store: Store) -> None:
    """Refuse a store that this version does not have.

    Raises:
        MissingExtraError: It is Elasticsearch.
    """
    if store is not Store.EMBEDDED:
        raise MissingExtraError(f"--store {store.value} is not part of this version yet. Use --store embedded.")


def _report(inputs: "Iterator[Input | Unread]", settings: Settings) -> "Report":
    from codewhence.app.checking import check_all
    from codewhence.app.wiring import open_checker

    with open_checker(settings=settings) as checker:
        return check_all(inputs, checker)


def _inputs(
    paths: list[str], settings: Settings, *, diff: str | None, staged: bool, max_bytes: int
) -> "Iterator[Input | Unread]":
    from codewhence.app.inputs import STANDARD_INPUT, changed_texts, named_texts
    from codewhence.app.wiring import load_exclusions

    if diff is None and not staged:
        if not paths:
            raise UsageError(
                "nothing to check. Name files or folders, pass - for standard input, or use --staged or --diff BASE."
            )
        exclusions = load_exclusions(settings)
        return named_texts(paths, exclusions=exclusions, max_bytes=max_bytes, standard_input=sys.stdin.buffer)
    if STANDARD_INPUT in paths:
        raise UsageError("- cannot be compared by --staged or --diff. Leave it out, or check it alone.")
    return changed_texts(paths, base=diff, staged=staged, exclusions=load_exclusions(settings), max_bytes=max_bytes)


def _rendered(report: "Report", format_: Format, *, is_file: bool, no_color: bool) -> str:
    if format_ is Format.JSON:
        from codewhence.app.formats.json_report import render

        return render(report)
    if format_ is Format.SARIF:
        from codewhence.app.formats import sarif
        from codewhence.app.inputs import locator

        return sarif.render(report, locate=locator(Path.cwd()))
    if format_ is Format.MARKDOWN:
        from codewhence.app.formats import markdown

        return markdown.render(report)
    from codewhence.app.formats import text

    if is_file:
        return text.render(report, width_cells=None, color=False)
    return text.render(report, width_cells=terminal.width_cells(), color=terminal.is_colored(no_color=no_color))


def _leave(report: "Report", fail_on: str | None) -> None:
    """End with 1 for findings, else with 4 where something could not be read."""
    from codewhence.governance.attribution import FailOn, is_finding

    if fail_on is not None and is_finding(report, FailOn(fail_on)):
        raise typer.Exit(1)
    refuse_unread(report)
