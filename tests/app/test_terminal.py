"""On a terminal: color, its width, a progress bar on stderr; none of them where there is no terminal."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest

_STYLE = re.compile(r"\x1b\[[\d;?]*[a-zA-Z]")


def on_terminal(*arguments: str, n_columns: int = 80, variables: dict[str, str] | None = None) -> str:
    """Run the command line on a pseudo-terminal and return all that it printed there."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, n_columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "codewhence", *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**environment, "TERM": "xterm-256color", **(variables or {})},
    )
    os.close(follower)
    printed = b""
    try:
        while data := os.read(leader, 65_536):
            printed += data
    except OSError:  # how Linux reports that the other end has closed
        pass
    os.close(leader)
    process.wait()
    return printed.decode().replace("\r\n", "\n")


@pytest.fixture
def generated(tmp_path: Path, index_path: Path, snippets: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments that check a file with a copy and an idiom."""
    monkeypatch.chdir(tmp_path)
    Path("generated.py").write_text(snippets.gpl + snippets.unseen + snippets.idiom)
    return ["check", "generated.py", "--index", str(index_path)]


def test_a_terminal_gets_color_and_lines_that_fit(generated: list[str]) -> None:
    printed = on_terminal(*generated)
    assert "\x1b[31mrewrite\x1b[0m" in printed
    assert all(len(_STYLE.sub("", line)) <= 80 for line in printed.splitlines())
    assert "    maple/kettle/src/boil.py:3-9  GPL-3.0-only\n" in _STYLE.sub("", printed)


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        pytest.param([], {"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param(["--no-color"], {}, id="--no-color"),
        pytest.param([], {"TERM": "dumb"}, id="a dumb terminal"),
    ],
)
def test_color_can_be_refused(generated: list[str], arguments: list[str], variables: dict[str, str]) -> None:
    printed = on_terminal(*generated, *arguments, variables=variables)
    assert "rewrite" in printed
    assert "\x1b" not in printed


def test_an_empty_no_color_refuses_nothing(generated: list[str]) -> None:
    assert "\x1b[" in on_terminal(*generated, variables={"NO_COLOR": ""})


def test_a_wide_terminal_gets_one_line_a_match(generated: list[str]) -> None:
    printed = _STYLE.sub("", on_terminal(*generated, n_columns=140))
    assert re.search(r"exact, \d+ chars +maple/kettle/src/boil\.py:3-9 +GPL-3\.0-only +rewrite\n", printed)


def test_a_build_shows_its_progress_on_a_terminal_alone(generated: list[str], codewhence: Any) -> None:
    build = ["index", "build", ".", "--workers", "1", "--output"]
    shown = on_terminal(*build, "one", n_columns=120)
    assert "reading sources" in shown
    assert "building buckets" in shown
    assert codewhence(*build, "two").stderr == ""
