"""A folder: every file once, in order, with the license of the nearest license file; nothing outside it is touched."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.sources import tree
from codewhence.index.sources.base import MAX_FILE_BYTES, SHARD_BYTES, RawFile
from codewhence.index.sources.folder import FolderSource
from codewhence.records import LicenseSource, Origin
from tests.index.sources.reading import APACHE, GPL, MIT, document_id, files_of, read_all, skipped_of, write_tree

names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(files=st.dictionaries(st.lists(names, min_size=1, max_size=3).map("/".join), st.binary(max_size=40), max_size=8))
def test_every_file_is_read_once_in_one_order(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path, data in files.items():
        target = root / path
        if not any(parent.is_file() for parent in target.parents) and not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    on_disk = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    read = read_all(FolderSource(str(root)))
    assert {item.origin.path: item.data for item in read if isinstance(item, RawFile)} == on_disk
    assert len(read) == len(on_disk)
    assert read_all(FolderSource(str(root))) == read


def test_a_file_named_like_a_folder_of_a_tool_is_read(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"CVS": "a", "src/__pycache__": "b", "old/CVS/Root": "c", "worktree/.git": "gitdir: x"})
    assert set(files_of(FolderSource(str(root)))) == {"CVS", "src/__pycache__"}


def test_origins_name_the_folder_and_the_path_with_forward_slashes(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "engine", {"src/main.py": "x = 1\n"})
    source = FolderSource(f"{root}/")
    assert read_all(source) == [RawFile(Origin(repo="engine", path="src/main.py"), b"x = 1\n")]
    assert source.spec == f"{root}/"
    assert source.describe() == {"kind": "folder", "name": "engine"}


def test_the_nearest_license_file_speaks_for_a_file_and_is_a_document_itself(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path,
        {"LICENSE": MIT, "a.py": "a", "gpl/COPYING": GPL, "gpl/deep/er/b.py": "b", "NOTICE": "Made by Example."},
    )
    files = files_of(FolderSource(str(root)))
    assert files["a.py"].origin.licenses == ("MIT",)
    assert files["a.py"].origin.license_source is LicenseSource.DETECTED
    assert set(files["a.py"].origin.license_files) == {document_id(MIT), document_id("Made by Example.")}
    assert files["gpl/deep/er/b.py"].origin.licenses == ("GPL-3.0",)
    assert files["gpl/deep/er/b.py"].origin.license_files == (document_id(GPL),)
    assert files["LICENSE"].data.decode() == MIT


def test_two_license_files_both_apply(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE, "a.py": "a"})
    assert files_of(FolderSource(str(root)))["a.py"].origin.licenses == ("Apache-2.0", "MIT")


def test_an_unknown_license_file_claims_nothing_and_is_kept_for_the_notice(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"LICENSE": MIT, "inner/LICENSE": "Ask us first.", "inner/a.py": "a"})
    origin = files_of(FolderSource(str(root)))["inner/a.py"].origin
    assert (origin.licenses, origin.license_source) == ((), LicenseSource.NOT_RECORDED)
    assert origin.license_files == (document_id("Ask us first."),)


@pytest.mark.parametrize("border", ["vendor", "third_party", "node_modules", "sub/_vendor"])
def test_a_license_does_not_reach_into_other_peoples_code(tmp_path: Path, border: str) -> None:
    root = write_tree(
        tmp_path,
        {
            "LICENSE": GPL,
            "a.py": "a",
            f"{border}/bare/b.py": "b",
            f"{border}/named/LICENSE": MIT,
            f"{border}/named/c/d.py": "d",
        },
    )
    files = files_of(FolderSource(str(root)))
    assert files["a.py"].origin.licenses == ("GPL-3.0",)
    assert files[f"{border}/bare/b.py"].origin == Origin(repo=tmp_path.name, path=f"{border}/bare/b.py")
    assert files[f"{border}/named/c/d.py"].origin.licenses == ("MIT",)


def test_a_nested_repository_does_not_inherit_the_license(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"LICENSE": MIT, "inner/.git/HEAD": "ref: refs/heads/main\n", "inner/a.py": "a"})
    files = files_of(FolderSource(str(root)))
    assert files["inner/a.py"].origin.licenses == ()
    assert ".git" not in "".join(files)


def test_a_licenses_folder_speaks_where_no_license_file_does(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path,
        {"LICENSES/MIT.txt": MIT, "a.py": "a", "inner/LICENSE": GPL, "inner/LICENSES/MIT.txt": MIT, "inner/b.py": "b"},
    )
    files = files_of(FolderSource(str(root)))
    assert files["a.py"].origin.licenses == ("MIT",)
    assert files["inner/b.py"].origin.licenses == ("GPL-3.0",)


def test_a_tag_in_the_file_beats_the_license_around_it(tmp_path: Path) -> None:
    tag = "# SPDX-License-Identifier: "
    root = write_tree(
        tmp_path, {"LICENSE": MIT, "a.py": f"{tag}ISC\n", "b.py": f"{tag}ask us\n", "c.py": f'x = "{tag}ISC"\n'}
    )
    files = files_of(FolderSource(str(root)))
    assert (files["a.py"].origin.licenses, files["a.py"].origin.license_source) == (("ISC",), LicenseSource.DETECTED)
    assert (files["b.py"].origin.licenses, files["b.py"].origin.license_source) == ((), LicenseSource.NOT_RECORDED)
    assert files["c.py"].origin.licenses == ("MIT",)


def test_version_control_caches_and_environments_are_no_part_of_it(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path,
        {
            "a.py": "a",
            ".git/config": "token",
            "x/__pycache__/a.pyc": "",
            ".venv/pyvenv.cfg": "",
            ".venv/lib/b.py": "b",
            "x/.tox/c": "",
        },
    )
    assert read_all(FolderSource(str(root))) == [RawFile(Origin(repo=tmp_path.name, path="a.py"), b"a")]
    assert list(files_of(FolderSource(str(root / ".venv")))) == ["pyvenv.cfg", "lib/b.py"]


def test_binary_names_are_counted_without_opening_them(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"a.pyc": "text in truth", "logo.png": b"\x89PNG"})
    assert skipped_of(FolderSource(str(root))) == {"a.pyc": "binary", "logo.png": "binary"}


def test_a_file_over_the_limit_is_counted_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"at.txt": b"a" * MAX_FILE_BYTES, "over.txt": b"a" * (MAX_FILE_BYTES + 1)})
    source = FolderSource(str(root))
    assert skipped_of(source) == {"over.txt": "too_large"}
    assert len(files_of(source)["at.txt"].data) == MAX_FILE_BYTES


def test_links_inside_are_followed_to_files_and_never_out_or_in_circles(tmp_path: Path) -> None:
    outside = write_tree(tmp_path / "outside", {"secret.txt": "secret", "more/a.py": "a"})
    root = write_tree(tmp_path / "root", {"src/a.py": "a", ".git/config": "token"})
    (root / "link.py").symlink_to("src/a.py")
    (root / "src/up").symlink_to("..")
    (root / "src/self").symlink_to("self")
    (root / "also").symlink_to("src")
    (root / "gone").symlink_to("nowhere")
    (root / "away").symlink_to(outside / "more")
    (root / "secret.txt").symlink_to(outside / "secret.txt")
    (root / "LICENSE").symlink_to(outside / "secret.txt")
    (root / "token").symlink_to(".git/config")
    source = FolderSource(str(root))
    files = files_of(source)
    assert {path: file.data for path, file in files.items()} == {"link.py": b"a", "src/a.py": b"a"}
    assert files["src/a.py"].origin.license_files == ()
    assert skipped_of(source) == {
        "LICENSE": "outside",
        "away": "outside",
        "gone": "unreadable",
        "secret.txt": "outside",
        "src/self": "loop",
        "src/up": "loop",
        "token": "outside",
    }


def test_the_folder_itself_may_be_given_by_a_link(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "engine", {"a.py": "a"})
    (tmp_path / "link").symlink_to(root)
    assert files_of(FolderSource(str(tmp_path / "link")))["a.py"].origin.repo == "engine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_counted(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"a.py": "a", "closed/b.py": "b", "c.py": "c"})
    (root / "closed").chmod(0)
    (root / "c.py").chmod(0)
    assert skipped_of(FolderSource(str(root))) == {"c.py": "unreadable", "closed": "unreadable"}
    (root / "closed").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_tree(tmp_path, {"a.py": "a", "closed/b.py": "b"})
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    source = FolderSource(str(root))
    assert skipped_of(source) == {"closed": "unreadable"}
    assert list(files_of(source)) == ["a.py"]


def test_files_that_change_between_listing_and_reading_are_counted(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"gone.py": "a", "grown.txt": "a", "pipe.py": "a", "shrunk.py": "abc"})
    shards = list(FolderSource(str(root)).shards())
    (root / "gone.py").unlink()
    (root / "pipe.py").unlink()
    os.mkfifo(root / "pipe.py")
    (root / "grown.txt").write_bytes(b"a" * (MAX_FILE_BYTES + 1))
    (root / "shrunk.py").write_bytes(b"a")
    read = [item for shard in shards for item in shard.read()]
    assert [item.reason if not isinstance(item, RawFile) else item.data for item in read] == [
        "unreadable",
        "too_large",
        "unreadable",
        b"a",
    ]


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"abc")
    status = os.stat_result([*path.stat()[:6], 2, *path.stat()[7:10]])
    monkeypatch.setattr(tree.os, "fstat", lambda _: status)
    assert tree.read_file(path) == b"abc"


def test_sockets_and_pipes_are_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_all(FolderSource(str(tmp_path))) == []


def test_names_that_are_not_utf8_can_be_printed_and_are_still_opened(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (tmp_path / name).write_text("a")
    assert list(files_of(FolderSource(str(tmp_path)))) == ["caf\\xe9.py"]


def test_a_deep_tree_is_walked_without_recursion(tmp_path: Path) -> None:
    folders = [tmp_path / "/".join("d" * depth) for depth in range(1, 1201)]
    for folder in folders:
        folder.mkdir()
    (folders[-1] / "a.py").write_text("a")
    try:
        assert list(files_of(FolderSource(str(tmp_path)))) == ["d/" * 1200 + "a.py"]
    finally:
        (folders[-1] / "a.py").unlink()
        for folder in reversed(folders):  # pytest would remove them one call deep in the other
            folder.rmdir()


def test_shards_hold_a_few_megabytes_each_and_together_everything(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"{i}.txt": b"a" * 1_000_000 for i in range(10)})
    shards = list(FolderSource(str(tmp_path)).shards())
    assert len(shards) == 3
    assert sum(shard.n_bytes for shard in shards) == 10_000_000
    assert all(shard.n_bytes <= SHARD_BYTES + 1_000_000 for shard in shards)
