"""The server: the page for people under /ui/, on an address of this machine.

FastAPI, uvicorn and Gradio take seconds to import, so the functions that need them do it: a port that is taken, or an
index that is not there, is said at once.
"""

import asyncio
import errno
import ipaddress
import socket
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from codewhence.app.guard import PAGE, Guard
from codewhence.app.ui import reporting
from codewhence.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

    from codewhence.app.ui.services import Checker, Sample

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_PORT = 65_535
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#24324a"/>'
    '<path d="M4 4h5M4 8h8M4 12h6" stroke="#fff" stroke-width="1.6"/></svg>'
)
_SHUTDOWN_SECONDS = 2  # for answers under way; the page's heartbeat would hold the server for ever


def create_app(checker: "Checker", samples: "Sequence[Sample]", *, hosts: Sequence[str] | None = None) -> "FastAPI":
    """Build the application: ``/`` leads to ``/ui/``, ``/healthz`` says that it lives.

    Args:
        checker: Answers the checks.
        samples: Texts to try, offered in this order.
        hosts: Names by which it may be addressed; ``None`` for any.

    Raises:
        MissingExtraError: FastAPI or Gradio is not installed.
    """
    if any(find_spec(name) is None for name in ("fastapi", "gradio", "uvicorn")):
        raise MissingExtraError.for_extra("app", "The page")
    # Gradio makes an event loop wherever none is running, and never closes it.
    return asyncio.run(_assembled(checker, samples, hosts))


async def _assembled(checker: "Checker", samples: "Sequence[Sample]", hosts: Sequence[str] | None) -> "FastAPI":
    from fastapi import FastAPI
    from gradio import mount_gradio_app

    from codewhence.app.ui.page import page
    from codewhence.app.ui.services import Services
    from codewhence.app.ui.theme import style_sheet, theme

    # FastAPI's own documentation pages load scripts from another host.
    app = FastAPI(title="codewhence", docs_url=None, redoc_url=None, openapi_url=None)
    _add_routes(app)
    # Everything that Gradio would otherwise take from the environment is said here.
    mount_gradio_app(
        app,
        page(Services(checker=checker, samples=tuple(samples), clock=time.perf_counter, name_error=say)),
        path=PAGE.rstrip("/"),
        theme=theme(),
        css_paths=[style_sheet()],
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=1,
    )
    app.add_middleware(Guard, hosts=hosts)
    return app


def _add_routes(app: "FastAPI") -> None:
    from starlette.responses import JSONResponse, RedirectResponse, Response

    @app.get("/")
    def root() -> RedirectResponse:
        return RedirectResponse(PAGE)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/manifest.json")  # Gradio's page asks for it here, wherever it is mounted
    def manifest() -> JSONResponse:
        return JSONResponse({"name": "codewhence", "start_url": PAGE, "display": "browser"})

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(_ICON, media_type="image/svg+xml")

    @app.exception_handler(Exception)
    def unforeseen(_request: "Request", error: Exception) -> JSONResponse:
        error_id = reporting.new_error_id()
        say(reporting.describe(error, error_id))
        return JSONResponse({"title": "Internal error", "status": 500, "error_id": error_id}, status_code=500)


def run(index: Path, *, host: str, port: int) -> None:
    """Serve the page until Ctrl-C, which is the way to end it and therefore no error.

    Args:
        index: Folder of the index.
        host: Address or name of this machine.
        port: 0 takes a free one; the address is printed on stderr either way.

    Raises:
        UsageError: The address is not of this machine, or the port is taken.
        FormatError: The index is missing or damaged.
        MissingExtraError: The extra ``app`` is not installed.
    """
    from codewhence.app.sample import samples
    from codewhence.app.wiring import open_checker

    with listen(host, port) as listener:
        checker = open_checker(index)
        hosts = LOOPBACK_HOSTS if is_loopback(host) else None
        serve(create_app(checker, samples(checker.index), hosts=hosts), listener, host=host)


def serve(app: "FastAPI", listener: socket.socket, *, host: str) -> None:
    """Serve ``app`` on a socket that listens, until Ctrl-C."""
    import uvicorn

    shown = f"[{host}]" if ":" in host else host
    say(f"codewhence serves http://{shown}:{listener.getsockname()[1]}{PAGE} (Ctrl-C ends it)")
    if not is_loopback(host):
        say(f"warning: {host} can be reached from other machines, and the page has no login. Use --host 127.0.0.1.")
    # Nothing is logged: a line about a request may hold what a user sent. What fails is named by `unforeseen`.
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="critical",
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        say("stopped")


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        UsageError: The address is not of this machine, or the port is taken, forbidden, or none.
    """
    if not 0 <= port <= MAX_PORT:
        raise UsageError(f"port must be between 0 and {MAX_PORT:,}, got {port}. Choose one with --port.")
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:
        raise UsageError(_why_not(host, port, error)) from error


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches ``host``.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def say(line: str) -> None:
    """Write one line on stderr."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _why_not(host: str, port: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} of {host} is in use. Stop what runs there, or choose another with --port (0: a free one)."
    if number == errno.EACCES:
        return f"port {port} is kept for the system. Choose one from 1,024 on with --port."
    return f"{host!r} is no address of this machine. Use --host 127.0.0.1, or one that `ip address` lists."
