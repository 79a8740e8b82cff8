"""Write docs/reference/command-line.md from the commands themselves; a test holds the two equal."""

import sys
from pathlib import Path
from typing import Any

import typer

from codewhence.app.cli.root import application

TARGET = Path(__file__).parent / "reference" / "command-line.md"
_WIDTH = 100


def reference() -> str:
    """Return the page: one section a command, with its help as the terminal shows it."""
    command = typer.main.get_command(application)
    parts = [
        "# Command line\n",
        "Written by `make docs` from the commands themselves.\n",
        *_sections(command, "codewhence", None),
    ]
    return "\n".join(parts)


def _sections(command: Any, path: str, parent: Any) -> list[str]:
    context = command.make_context(path.split()[-1], [], parent=parent, resilient_parsing=True)
    context.terminal_width = context.max_content_width = _WIDTH
    help_text = command.get_help(context).rstrip()
    parts = [f"## {path}\n", f"```text\n{help_text}\n```\n"]
    commands = getattr(command, "commands", {})
    for name in sorted(commands):
        parts += _sections(commands[name], f"{path} {name}", context)
    return parts


def main() -> None:
    """Write the page."""
    TARGET.write_text(reference(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")


if __name__ == "__main__":
    main()
