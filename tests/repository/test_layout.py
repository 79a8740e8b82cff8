"""The repository has the shape that its documents promise."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("governance", "model", "index", "app")
GROUND_FLOOR = {"__init__.py", "__main__.py", "digests.py", "errors.py", "lines.py", "py.typed", "records.py"}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_linked_from_the_package(room: str) -> None:
    link = ROOT / "src" / "codewhence" / room
    assert link.is_symlink(), f"{link} is no link. On Windows: git -c core.symlinks=true clone …"
    assert link.readlink() == Path("../..") / room
    assert (ROOT / room / "__init__.py").is_file()


def test_the_ground_floor_holds_nothing_else() -> None:
    package = ROOT / "src" / "codewhence"
    found = {path.name for path in package.iterdir() if not path.is_symlink() and path.name != "__pycache__"}
    assert found == GROUND_FLOOR


def test_every_module_says_its_job_in_the_first_line() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path.suffix == ".py" and not re.match(r'r?"""[A-Z`].{10,}', path.read_text(encoding="utf-8"))
    ]
    assert not silent


def test_files_stay_within_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n_lines
        for path in _tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in {*ROOMS, "src"}
        and (n_lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long


def test_modules_are_named_for_their_job() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py", "base_utils.py"}
    assert not [path for path in _tracked() if path.name in vague]


def test_no_tracked_file_is_large() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in _tracked() if path.stat().st_size > 1_200_000}
    assert not large


def test_the_tested_versions_lie_in_the_declared_ranges() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pins = dict(
        line.lower().split("==", 1)
        for line in (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith("#")
    )
    for requirement in map(Requirement, declared):
        if requirement.name != "codewhence":
            assert requirement.name.lower() in pins, f"{requirement.name} has no tested pin in .ci/constraints.txt"
            assert requirement.specifier.contains(pins[requirement.name.lower()]), requirement
