"""The documents are true: the reference is what the commands say, and the tutorial's commands print what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ANYTHING = "…"


def _console_steps(page: Path) -> list[tuple[str, str]]:
    """Return each ``$`` command of a page's console blocks with the output shown; ``>`` lines continue a command."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            elif line == ">" or line.startswith("> "):
                command, output = steps[-1]
                steps[-1] = (f"{command}\n{line[2:]}", output)
            else:
                command, output = steps[-1]
                steps[-1] = (command, f"{output}{line}\n")
    return steps


def _matches(shown: str, printed: str) -> bool:
    pattern = "".join(
        ".*" if part == ANYTHING else re.escape(part) for part in re.split(f"({ANYTHING})", shown.strip())
    )
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def test_the_tutorial_prints_what_it_shows(tmp_path: Path) -> None:
    steps = _console_steps(ROOT / "docs" / "tutorial.md")
    assert len(steps) > 8
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, shown in steps:
        done = subprocess.run(
            ["bash", "-euc", command], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        assert _matches(shown, done.stdout), f"$ {command}\nshown:\n{shown}\nprinted:\n{done.stdout}"


@pytest.mark.parametrize(
    ("shown", "printed", "is_equal"),
    [("a … c", "a b c", True), ("a … c", "a b", False), ("a.c", "abc", False), ("…", "x\ny", True), ("", "x", False)],
)
def test_the_comparison_can_fail(shown: str, printed: str, is_equal: bool) -> None:
    assert _matches(shown, printed) is is_equal


def test_the_command_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-c", "import make_reference; print(make_reference.reference(), end='')"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert written == made, "run: make docs"


def _markdown_pages() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.md") if not any(part.startswith(".") for part in path.parts[3:]))


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in _markdown_pages():
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken
