"""Whatever goes wrong: one clear line on stderr, nothing on stdout, the right exit code, nothing half-written."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from codewhence.app import checking
from codewhence.app.cli import root

HEAVY = "torch transformers gradio spacy sklearn datasets elasticsearch numpy pyarrow fastapi pandas"


def imports(*arguments: str) -> set[str]:
    """Run the command line in a new process; return the heavy modules that it imported."""
    program = (
        "import sys; from codewhence.app.cli.root import run; "
        f"code = run({list(arguments)!r}); print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(finished.stderr.split()) & set(HEAVY.split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], [], ["--version"], ["check", "--help"], ["index", "build", "--help"], ["serve", "--help"], ["doctor"]],
    ids=" ".join,
)
def test_no_heavy_package_is_imported(arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CODEWHENCE_INDEX", raising=False)
    assert imports(*arguments) == set()


def test_help_takes_well_under_0_4_seconds() -> None:
    def seconds() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "codewhence", "check", "--help"], capture_output=True, check=True)
        return time.perf_counter() - started

    assert min(seconds() for _ in range(5)) < 0.4


COMMANDS = [
    ["check"],
    ["notice"],
    ["serve"],
    ["doctor"],
    ["index", "build"],
    ["index", "add"],
    ["index", "stats"],
    ["index", "verify"],
    ["index", "remove"],
    ["index", "compact"],
    ["index", "restore"],
    ["portrait", "export"],
    ["portrait", "verify"],
    ["portrait", "query"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_an_example_and_json(command: list[str], capsysbinary: Any) -> None:
    assert root.run([*command, "--help"]) == 0
    printed = capsysbinary.readouterr()
    shown = " ".join(printed.out.decode().split())
    assert f"Example: codewhence {' '.join(command)}" in shown
    assert "--json" in shown
    assert printed.err == b""


@pytest.mark.parametrize(("arguments", "shown"), [([], "Commands:"), (["index"], "verify"), (["--version"], "0.1.0")])
def test_asked_for_nothing_it_shows_its_help(arguments: list[str], shown: str, capsysbinary: Any) -> None:
    assert root.run(arguments) == 0
    assert shown in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["check"], 2, "nothing to check. Name files or folders", id="nothing named"),
        pytest.param(["check", "gone.py"], 2, "no file or folder 'gone.py'", id="missing file"),
        pytest.param(["check", "a.py", "--fial-on", "any"], 2, "No such option: --fial-on", id="unknown option"),
        pytest.param(["chekc", "a.py"], 2, "No such command 'chekc'", id="unknown command"),
        pytest.param(["check", "a.py", "--fail-on", "all"], 2, "--fail-on must be one of", id="unknown level"),
        pytest.param(["check", "a.py", "--format", "xml"], 2, "'xml' is not one of", id="unknown format"),
        pytest.param(["check", "a.py", "--json", "--format", "sarif"], 2, "two formats", id="two formats"),
        pytest.param(["check", "-", "--staged"], 2, "- cannot be compared", id="staged input"),
        pytest.param(["check", "--staged"], 2, "--staged needs a git work tree", id="no work tree"),
        pytest.param(["check", "a.py", "--max-bytes", "0"], 2, "--max-bytes", id="no bytes"),
        pytest.param(["check", "a.py", "--policy", "gone.toml"], 2, "policy gone.toml: cannot be read", id="no policy"),
        pytest.param(["check", "a.py", "--index", "gone"], 3, "gone", id="no index there"),
        pytest.param(["check", "a.py", "--index", "empty"], 3, "empty", id="a folder that is no index"),
        pytest.param(["check", "a.py", "--index", "cut"], 3, "cut", id="a truncated index"),
        pytest.param(["check", "a.py", "--store", "elasticsearch"], 5, "--store elasticsearch", id="another store"),
        pytest.param(["check", "a.py", "--output", "gone/x"], 2, "--output gone/x cannot be written", id="no folder"),
        pytest.param(["check", "a.py", "--output", "empty"], 2, "--output empty cannot be written", id="a folder"),
        pytest.param(["notice", "gone.py"], 2, "no file or folder 'gone.py'", id="notice of a missing file"),
        pytest.param(["notice"], 2, "Missing argument", id="notice of nothing"),
        pytest.param(["index", "stats", "gone"], 3, "gone", id="stats of nothing"),
        pytest.param(["index", "verify", "gone"], 3, "gone", id="verify nothing"),
        pytest.param(["index", "build", "a.py"], 2, "--output", id="build to nowhere"),
        pytest.param(["serve", "--index", "demo", "--port", "x"], 2, "valid integer", id="a port that is no number"),
    ],
)
def test_errors_are_one_line_and_leave_stdout_empty(
    codewhence: Any, index_path: Path, arguments: list[str], code: int, message: str
) -> None:
    Path("a.py").write_text("x = 1\n")
    Path("empty").mkdir()
    shutil.copytree(index_path, "cut")
    (largest := max(Path("cut").rglob("*.*"), key=lambda file: file.stat().st_size)).write_bytes(
        largest.read_bytes()[:-1]
    )
    finished = codewhence(*arguments)
    assert (finished.code, finished.stdout) == (code, "")
    assert finished.stderr.startswith("error: ")
    assert finished.stderr.count("\n") == 1
    assert message in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not Path("gone").exists()


def test_no_index_configured_names_both_ways(codewhence: Any) -> None:
    Path("a.py").write_text("x = 1\n")
    finished = codewhence("check", "a.py", CODEWHENCE_INDEX="")
    assert (finished.code, finished.stdout) == (2, "")
    assert "--index DIR, or set CODEWHENCE_INDEX" in finished.stderr


def test_names_of_strangers_do_not_steer_the_terminal(codewhence: Any) -> None:
    finished = codewhence("check", "\x1b[2Jgone.py")
    assert "\x1b" not in finished.stderr


def test_a_reader_that_leaves_is_no_error(codewhence: Any, index_path: Path, snippets: Any) -> None:
    Path("a.py").write_text(snippets.idiom + snippets.gpl)
    command = (
        f"{sys.executable} -m codewhence check a.py --json --fail-on copyleft | head -c 1; echo ${{PIPESTATUS[0]}}"
    )
    environment = {**os.environ, "CODEWHENCE_INDEX": str(index_path)}
    finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=True)
    assert (finished.stdout, finished.stderr) == ("{1\n", "")


def test_a_closed_stdout_is_one_clear_line(codewhence: Any, index_path: Path) -> None:
    Path("a.py").write_text("x = 1\n")
    command = f"{sys.executable} -m codewhence check a.py --index {index_path} >&-"
    finished = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert finished.stderr.startswith("error: standard output is closed")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_stdout_is_one_clear_line(codewhence: Any, index_path: Path) -> None:
    Path("a.py").write_text("x = 1\n")
    with Path("/dev/full").open("wb") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "codewhence", "check", "a.py"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "CODEWHENCE_INDEX": str(index_path)},
            check=False,
        )
    assert (finished.returncode, finished.stderr) == (
        74,
        "error: standard output cannot be written: No space left on device.\n",
    )


def test_a_full_disk_leaves_the_old_output(
    index_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("codewhence.index.files.flush_to_disk", full)
    Path("a.py").write_text("x = 1\n")
    Path("report").write_text("old")
    assert root.run(["check", "a.py", "--index", str(index_path), "--output", "report"]) == 74
    printed = capsysbinary.readouterr()
    assert printed.out == b""
    assert b"no space left while writing report" in printed.err
    assert Path("report").read_text() == "old"
    assert {path.name for path in Path().iterdir()} == {"a.py", "report"}


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc here to see when it waits")
def test_ctrl_c_ends_with_130(codewhence: Any, index_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "codewhence", "check", "-", "--index", str(index_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    maps = Path(f"/proc/{process.pid}/maps")
    while str(index_path) not in maps.read_text():  # the index is open: it waits for input now
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (130, "", "interrupted\n")


def test_a_bug_names_its_place_and_not_the_text(
    index_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("the user's text")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CODEWHENCE_DEBUG", raising=False)
    monkeypatch.setattr(checking, "check_all", fail)
    Path("a.py").write_text("x = 1\n")
    arguments = ["check", "a.py", "--index", str(index_path)]
    assert root.run(arguments) == 70
    printed = capsysbinary.readouterr()
    assert printed.out == b""
    assert b"which is a bug: KeyError at test_cli_errors.py:" in printed.err
    assert b"CODEWHENCE_DEBUG=1" in printed.err
    assert b"the user's text" not in printed.err
    monkeypatch.setenv("CODEWHENCE_DEBUG", "1")
    assert root.run(arguments) == 70
    assert b"Traceback" in capsysbinary.readouterr().err
