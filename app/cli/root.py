"""The command tree, and the one place that turns errors into a line on stderr and an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer

from codewhence import __version__
from codewhence.app.cli import check, doctor, index, notice, portrait, serve
from codewhence.app.cli.terminal import say, say_error, write_result
from codewhence.errors import CodewhenceError, ResourceError

# BSD sysexits.h, EX_SOFTWARE; and 128 + SIGINT, as shells have it.
_BUG, _INTERRUPTED = 70, 130

# What typer raises for a wrong command line. Where it lives differs between versions; BadParameter is public in all.
_CommandLineError = cast("type[Exception]", typer.BadParameter.__mro__[2])

application = typer.Typer(
    name="codewhence",
    help="""Say where code comes from, and what may be done with it.

    Example: codewhence check generated.py --index demo
    """,
    epilog="Exit codes: 0 clean, 1 findings at or over --fail-on, 2 usage, 3 index missing or damaged, 4 partly read, "
    "5 an extra is missing, 70 a bug, 74 out of disk or memory, 130 Ctrl-C.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
application.add_typer(index.application, name="index")
application.add_typer(portrait.application, name="portrait")
application.command("check", help=check.HELP)(check.check)
application.command("notice", help=notice.HELP)(notice.notice)
application.command("serve", help=serve.HELP)(serve.serve)
application.command("doctor", help=doctor.HELP)(doctor.doctor)


def _print_version(value: bool) -> None:
    if value:
        write_result(f"codewhence {__version__}\n")
        raise typer.Exit


@application.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Print the help where no command is named."""
    del version
    if context.invoked_subcommand is None:
        write_result(context.get_help() + "\n")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code. Errors become one line on stderr."""
    try:
        result = typer.main.get_command(application).main(
            args=list(arguments), prog_name="codewhence", standalone_mode=False
        )
    except CodewhenceError as error:
        say_error(str(error))
        return error.exit_code
    except _CommandLineError as error:
        say_error(_with_help_command(error))
        return getattr(error, "exit_code", 2)
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        return _INTERRUPTED
    except MemoryError:
        say_error("out of memory. Check fewer or smaller files at a time, or pass a smaller --max-bytes.")
        return ResourceError.exit_code
    except Exception as error:
        _report_bug(error)
        return _BUG
    if result == _INTERRUPTED:  # typer's way to hand Ctrl-C on, in newer versions
        say("interrupted")
    return result if isinstance(result, int) else 0


def _with_help_command(error: Exception) -> str:
    """Return typer's message with the command that tells more."""
    message: str = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "codewhence"
    return f"{message.rstrip('.')}. See: {command} --help"


def _report_bug(error: Exception) -> None:
    """Name what failed and where. The message of the exception may hold the user's text, so it is not repeated."""
    if os.environ.get("CODEWHENCE_DEBUG"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    say_error(
        f"codewhence failed, which is a bug: {type(error).__name__} at {place}. "
        "For the details, run it again with CODEWHENCE_DEBUG=1 and report them."
    )
