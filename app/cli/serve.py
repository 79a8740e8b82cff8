"""``codewhence serve``: the page for people."""

from typing import Annotated

import typer

from codewhence.app.cli import terminal
from codewhence.app.cli.options import IndexOption, JsonOption
from codewhence.app.settings import load_settings
from codewhence.errors import MissingExtraError

HELP = """Serve the page under /ui/ until Ctrl-C.

Example: codewhence serve --index demo --port 7860
"""

# What the page needs beyond the core; each is a package of the extra "app".
_NEEDED = ("gradio", "fastapi", "uvicorn")


def serve(
    index: IndexOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen on; 0 takes a free one.")] = 7860,
    as_json: JsonOption = False,
) -> None:
    """Open the index, then serve."""
    from importlib.util import find_spec

    settings = load_settings(flags={"index": index})
    folder = settings.required_index()
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError.for_extra("app", "codewhence serve")
    from codewhence.app.server import run

    if as_json:
        from codewhence.app.formats.json_report import dumps

        terminal.write_result(dumps({"schema": "codewhence.serve/1", "host": host, "port": port, "path": "/ui/"}))
    run(index=folder, host=host, port=port)
