"""The registry: each argument finds its reader, and an argument without one is told what there is."""

import json
import subprocess
from pathlib import Path

import pytest

from codewhence.errors import UsageError
from codewhence.index.sources.dataset_folder import DatasetFolderSource
from codewhence.index.sources.debian import DebianSource
from codewhence.index.sources.folder import FolderSource
from codewhence.index.sources.git import GitSource
from codewhence.index.sources.installed import InstalledSource
from codewhence.index.sources.jsonl import JsonlSource
from codewhence.index.sources.npm import NpmSource
from codewhence.index.sources.registry import READERS, open_source
from codewhence.index.sources.stdlib import StdlibSource
from tests.index.sources.reading import write_tree

LINE = json.dumps({"content": "a"}) + "\n"


def commit_all(folder: Path) -> None:
    """Make a folder a git clone with one commit."""
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=E", "-c", "user.email=e@example.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def test_each_argument_finds_its_reader(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "code/a.py": "a",
            "clone/a.py": "a",
            "clone/package.json": "{}",
            "clone/debian/control": "",
            "clone/debian/changelog": "",
            "data/train.jsonl": LINE,
            "cloned-data/train.jsonl": LINE,
            "package/package.json": "{}",
            "tree/node_modules/a/a.js": "a",
            "deb/debian/control": "",
            "deb/debian/changelog": "",
            "deb/package.json": "{}",
            "half/debian/control": "",
        },
    )
    commit_all(tmp_path / "clone")
    commit_all(tmp_path / "cloned-data")
    expected = {
        "installed": InstalledSource,
        "stdlib": StdlibSource,
        f"{tmp_path}/code": FolderSource,
        f"{tmp_path}/clone": GitSource,
        f"{tmp_path}/package": NpmSource,
        f"{tmp_path}/tree": NpmSource,
        f"{tmp_path}/tree/node_modules": NpmSource,
        f"{tmp_path}/deb": DebianSource,
        f"{tmp_path}/half": FolderSource,
        f"{tmp_path}/data": DatasetFolderSource,
        f"{tmp_path}/cloned-data": DatasetFolderSource,
        f"{tmp_path}/data/train.jsonl": JsonlSource,
    }
    assert {spec: type(open_source(spec)) for spec in expected} == expected
    assert {spec: open_source(spec).spec for spec in expected} == {spec: spec for spec in expected}


def test_a_folder_called_like_a_word_is_given_with_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"installed/a.py": "a"})
    monkeypatch.chdir(tmp_path)
    assert isinstance(open_source("./installed"), FolderSource)
    assert isinstance(open_source("installed"), InstalledSource)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param("no/such/place", "no such file or folder: 'no/such/place'. Accepted: ", id="nothing like it"),
        pytest.param("instaled", "no such file or folder: 'instaled'. Did you mean 'installed'?", id="a word misspelt"),
        pytest.param("stdlb", "Did you mean 'stdlib'?", id="the other word"),
        pytest.param("coode", "Did you mean 'code'?", id="a neighbor"),
        pytest.param("code/aa.py", "Did you mean 'code/a.py'?", id="a neighbor deeper"),
        pytest.param(
            "code/a.py", "'code/a.py' is no training set that can be read. Accepted: ", id="a single source file"
        ),
        pytest.param("", "no such file or folder: ''.", id="empty"),
        pytest.param("a\0b", "no such file or folder: 'a\0b'.", id="a NUL"),
    ],
)
def test_an_unknown_argument_is_told_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str, message: str
) -> None:
    write_tree(tmp_path, {"code/a.py": "a"})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        open_source(spec)
    assert message in str(caught.value)
    assert all(reader.name in str(caught.value) for reader in READERS)
