"""The wheel holds what the tree holds: every module and data file of the rooms, and nothing from outside them."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("governance", "model", "index", "app")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def _tracked(*folders: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.split("\0") if name]


def test_every_file_of_the_rooms_is_in_the_wheel(wheel_names: set[str]) -> None:
    expected = {f"codewhence/{name}" for name in _tracked(*ROOMS)}
    assert expected - wheel_names == set()


def test_the_ground_floor_is_in_the_wheel(wheel_names: set[str]) -> None:
    expected = {name.removeprefix("src/") for name in _tracked("src") if not (ROOT / name).is_symlink()}
    assert expected - wheel_names == set()


def test_nothing_else_is_in_the_wheel(wheel_names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel_names} == {"codewhence"}


def test_both_licenses_travel_with_the_wheel(wheel_names: set[str]) -> None:
    licenses = {name.rsplit("/", 1)[1] for name in wheel_names if "/licenses/" in name and ".dist-info/" in name}
    assert {"LICENSE", "LICENSE-OpenRAIL-M", "NOTICE"} <= licenses
