"""``codewhence index remove``, ``compact`` and ``restore``: what goes out of an index, for good, and back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codewhence.app.cli import terminal
from codewhence.app.cli.options import IndexArgument, JsonOption, WorkersOption
from codewhence.errors import UsageError

if TYPE_CHECKING:
    from codewhence.index.overlay.resolving import Request

REMOVE_HELP = """Take documents out of an index, at once.

From the moment it returns no reader shows them, running servers included. The list stays with the index: what it names
does not come back with index add, until index restore lets it. The bytes are erased by index compact.

A document that other repositories hold too stays in the index as theirs; --doc takes it out whatever its origins.

Example: codewhence index remove demo --repo ada/engine --dry-run

Example: codewhence index remove demo --repo ada/engine --path 'src/**/*.py'

Example: codewhence index remove demo --from ids.txt --ignore-missing
"""
COMPACT_HELP = """Erase from the disk what was taken out of an index.

Only the buckets that hold it are written again; each is, to the bit, one that never held it. No answer changes.

Example: codewhence index compact demo
"""
RESTORE_HELP = """Let documents back into an index that were taken out of it.

Those that it still holds are shown again at once; erased ones may come back with index add.

Example: codewhence index restore demo --repo ada/engine
"""

_DocOption = Annotated[
    list[str] | None, typer.Option("--doc", metavar="SWHID", help="A document, as reports name it. May be repeated.")
]
_RepoOption = Annotated[
    list[str] | None, typer.Option("--repo", metavar="NAME", help="A repository, to the letter. May be repeated.")
]
_PathOption = Annotated[
    list[str] | None,
    typer.Option("--path", metavar="GLOB", help="Of --repo, only these paths; ** crosses folders. May be repeated."),
]
_FromOption = Annotated[
    str | None, typer.Option("--from", metavar="FILE", help="File with one document id a line; - for stdin.")
]


def remove(
    directory: IndexArgument,
    docs: _DocOption = None,
    repos: _RepoOption = None,
    paths: _PathOption = None,
    file: _FromOption = None,
    ignore_missing: Annotated[
        bool, typer.Option("--ignore-missing", help="Take out what is there; list unknown ids all the same.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Resolve, mask, then say what went."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.removal_report import removal_text, removal_to_json
    from codewhence.index.overlay.removing import plan_removal, remove_from_index

    request = _request(docs, repos, paths, file)
    work = plan_removal if dry_run else remove_from_index
    plan = work(directory, request, ignore_missing=ignore_missing)
    value = removal_to_json(plan, directory, dry_run=dry_run)
    terminal.write_result(dumps(value) if as_json else removal_text(value))


def compact(directory: IndexArgument, workers: WorkersOption = None, as_json: JsonOption = False) -> None:
    """Erase, then say what went."""
    from codewhence.app.cli.progress import shown_progress
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.removal_report import compaction_text, compaction_to_json
    from codewhence.index.afterwards import derive_again
    from codewhence.index.overlay.compaction import compact_index

    with shown_progress() as on_progress:
        compacted = compact_index(directory, n_workers=workers, on_progress=on_progress)
        if compacted.n_rebuilt_buckets:
            derive_again(directory, n_workers=workers, on_progress=on_progress)
    value = compaction_to_json(compacted, directory)
    terminal.write_result(dumps(value) if as_json else compaction_text(value))


def restore(
    directory: IndexArgument,
    docs: _DocOption = None,
    repos: _RepoOption = None,
    file: _FromOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let back in, then say what is shown again."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.formats.removal_report import restoration_text, restoration_to_json
    from codewhence.index.overlay.restoring import restore_to_index

    value = restoration_to_json(restore_to_index(directory, _request(docs, repos, None, file)), directory)
    terminal.write_result(dumps(value) if as_json else restoration_text(value))


def _request(docs: list[str] | None, repos: list[str] | None, paths: list[str] | None, file: str | None) -> "Request":
    from codewhence.index.overlay.resolving import Request

    listed = [] if file is None else _ids_of(file)
    return Request((*(docs or ()), *listed), tuple(repos or ()), tuple(paths or ()))


def _ids_of(file: str) -> list[str]:
    """Read ids, one a line; blank lines and what follows a # are left out.

    Raises:
        UsageError: The file cannot be read, or names nothing.
    """
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        lines = data.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"--from {file}: cannot be read: {why}.") from error
    ids = [line for line in (line.partition("#")[0].strip() for line in lines) if line]
    if not ids:
        raise UsageError(f"--from {file}: holds no id. It takes one document id a line.")
    return ids
