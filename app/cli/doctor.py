"""``codewhence doctor``: what is set and where, what is installed, and whether the index is sound."""

import os

from codewhence.app.cli import terminal
from codewhence.app.cli.options import IndexOption, JsonOption
from codewhence.app.settings import load_settings
from codewhence.errors import FormatError

HELP = """Say what is set, installed and sound.

Settings come with where they were set, and the configured index is checked to the last byte. Secrets are not shown.
Exit code 3 where the configured index is missing or damaged.

Example: codewhence doctor
"""


def doctor(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Look, then print."""
    from codewhence.app.formats.json_report import dumps
    from codewhence.app.health import diagnose, diagnosis_text

    diagnosis = diagnose(load_settings(flags={"index": index}), environment=os.environ)
    terminal.write_result(dumps(diagnosis) if as_json else diagnosis_text(diagnosis))
    if not diagnosis["index"]["sound"]:
        raise FormatError(f"the configured index is not sound: {diagnosis['index']['problems'][0]}")
