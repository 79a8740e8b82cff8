"""``codewhence notice``: the notices that are owed for the code that is kept."""

import sys
from typing import Annotated

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
from codewhence.app.settings import load_settings

HELP = """Write the notices that matched code asks for.

The result is the text of a THIRD-PARTY-NOTICES file; matches that may not be kept are listed at its end. PATH is what
check takes: a file, a folder, or - for standard input.

Example: codewhence notice generated.py --index demo > THIRD-PARTY-NOTICES
"""

# On the wire, as codewhence.report/1 is.
_SCHEMA = "codewhence.notice/1"


def notice(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders, or - for stdin.")],
    index: IndexOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
    policy: PolicyOption = None,
    max_bytes: MaxBytesOption = DEFAULT_MAX_BYTES,
) -> None:
    """Check, then write the notices of what may be kept."""
    from codewhence.app.checking import check_all
    from codewhence.app.formats.json_report import dumps, index_to_json
    from codewhence.app.inputs import named_texts
    from codewhence.app.wiring import load_exclusions, open_checker
    from codewhence.governance.licenses.notice import third_party_notices

    settings = load_settings(flags={"index": index, "policy": policy})
    inputs = named_texts(
        paths, exclusions=load_exclusions(settings), max_bytes=max_bytes, standard_input=sys.stdin.buffer
    )
    with open_checker(settings=settings) as checker:
        report = check_all(inputs, checker)
        text = third_party_notices(report, checker.document)
    if as_json:
        text = dumps(
            {
                "schema": _SCHEMA,
                "index": index_to_json(report.index),
                "verdict": report.verdict.value,
                "text": text,
                "unread": [{"path": unread.path, "reason": unread.reason} for unread in report.unread],
            }
        )
    terminal.write_result(text, output=output)
    refuse_unread(report)
