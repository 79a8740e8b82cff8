"""The server: addresses, the ways it ends, and what it keeps."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path

import pytest

from codewhence.app import server
from codewhence.errors import UsageError

SCRIPT = """
    import socket
    import sys

    asked = set()
    look_up = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **options: asked.add(host) or look_up(host, *rest, **options)

    from codewhence.app import server
    from codewhence.records import FileReport, IndexSummary, Verdict

    class Checker:
        index_summary = IndexSummary("invented", "0" * 64, 1, 1)
        def check_text(self, text, *, path):
            raise ZeroDivisionError(text)
        def document(self, doc_id):
            return None

    with server.listen("127.0.0.1", 0) as listener:
        server.serve(server.create_app(Checker(), [], hosts=server.LOOPBACK_HOSTS), listener, host=sys.argv[1])
    print(asked)
"""


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} of 127\.0\.0\.1 is in use.*--port"):
            server.listen("127.0.0.1", port)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match=f"between 0 and 65,535, got {port}"):
        server.listen("127.0.0.1", port)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("192.0.2.1", id="an address of another machine"),  # RFC 5737: of no machine
        pytest.param("not an address", id="no address"),
        pytest.param("a" * 64 + ".example", id="a label that is too long"),
    ],
)
def test_an_address_of_no_machine_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match=r"no address of this machine.*--host 127\.0\.0\.1"):
        server.listen(host, 0)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("LocalHost", True),
        ("::", False), ("192.0.2.1", False), ("example", False),
    ],
)  # fmt: skip
def test_loopback_is_known(host: str, is_loopback: bool) -> None:
    assert server.is_loopback(host) == is_loopback


def test_importing_the_server_imports_no_heavy_package() -> None:
    heavy = "{'gradio', 'fastapi', 'uvicorn', 'pandas', 'numpy'}"
    code = f"import sys, codewhence.app.server; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "warns"),
    [pytest.param("127.0.0.1", False, id="loopback"), pytest.param("::", True, id="every address")],
)
def test_ctrl_c_ends_it_cleanly(tmp_path: Path, host: str, warns: bool) -> None:
    script = tmp_path / "serve.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_TEMP_DIR": str(tmp_path / "gradio")}
    with (tmp_path / "stderr").open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, str(script), host], stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment
        )
    try:
        port = wait_for_port(tmp_path / "stderr")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.read() == b'{"status":"ok"}'
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.url == f"http://127.0.0.1:{port}/ui/"
        # A page that is open holds this connection for ever.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ui/gradio_api/heartbeat/abc", timeout=30) as heartbeat:
            assert heartbeat.readline() == b"data: ALIVE\n"
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    said = (tmp_path / "stderr").read_text(encoding="utf-8").splitlines()
    shown = f"[{host}]" if ":" in host else host
    assert said[0] == f"codewhence serves http://{shown}:{port}/ui/ (Ctrl-C ends it)"
    assert [("no login" in line) for line in said[1:-1]] == [True] * warns
    assert said[-1] == "stopped"
    assert process.returncode == 0
    assert out == "{'127.0.0.1'}\n"  # no other host was looked up, analytics or not


def wait_for_port(path: Path) -> int:
    for _ in range(300):
        if found := re.search(r":(\d+)/ui/", path.read_text(encoding="utf-8")):
            return int(found[1])
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {path.read_text(encoding='utf-8')}")
