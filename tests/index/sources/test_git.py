"""A git clone: what is committed at HEAD, under the name and address of its remote, without anybody's credentials."""

import os
import subprocess
from pathlib import Path

import pytest

from codewhence.errors import FormatError, MissingExtraError, UsageError
from codewhence.index.sources import git
from codewhence.index.sources.base import MAX_FILE_BYTES
from codewhence.index.sources.git import GitSource, is_git_clone
from codewhence.records import LicenseSource
from tests.index.sources.reading import GPL, MIT, document_id, files_of, read_all, skipped_of, write_tree

REMOTE = "https://somebody:secret-token@github.com/example/engine.git"


def run_git(folder: Path, *arguments: str) -> str:
    """Run git as a person would, in a made-up name."""
    who = ["-c", "user.name=Example", "-c", "user.email=example@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str | bytes]) -> str:
    """Write and commit files; return the commit's id."""
    write_tree(folder, files)
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message", "Change files")
    return run_git(folder, "rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository without commits."""
    folder = tmp_path / "work"
    folder.mkdir()
    run_git(folder, "init", "--quiet")
    return folder


def test_what_is_committed_is_read_and_the_work_tree_is_not(clone: Path) -> None:
    revision = commit(clone, {"a.py": "committed\n", "gone.py": "still here\n"})
    write_tree(clone, {"a.py": "changed\n", "new.py": "not added\n"})
    (clone / "gone.py").unlink()
    files = files_of(GitSource(str(clone)))
    assert {path: file.data for path, file in files.items()} == {"a.py": b"committed\n", "gone.py": b"still here\n"}
    assert files["a.py"].origin.revision == revision
    assert files["a.py"].origin.branch == "main"
    assert files["a.py"].blob_sha1 == run_git(clone, "rev-parse", "HEAD:a.py")
    assert document_id("committed\n") == f"swh:1:cnt:{files['a.py'].blob_sha1}"


def test_the_remote_names_the_repository_and_its_credentials_go_nowhere(clone: Path) -> None:
    revision = commit(clone, {"a.py": "a"})
    run_git(clone, "remote", "add", "origin", REMOTE)
    source = GitSource(str(clone))
    origin = files_of(source)["a.py"].origin
    assert (origin.repo, origin.origin_url) == ("example/engine", "https://github.com/example/engine")
    described = source.describe()
    assert described == {
        "kind": "git", "name": "example/engine", "revision": revision, "branch": "main",
        "url": "https://github.com/example/engine",
    }  # fmt: skip
    assert "secret" not in repr(read_all(source)) + repr(described)


def test_a_clone_of_a_local_folder_is_named_by_its_own(clone: Path, tmp_path: Path) -> None:
    commit(clone, {"a.py": "a"})
    run_git(tmp_path, "clone", "--quiet", str(clone), "engine")
    source = GitSource(str(tmp_path / "engine"))
    origin = files_of(source)["a.py"].origin
    assert (origin.repo, origin.origin_url) == ("engine", None)
    assert str(tmp_path) not in repr(source.describe())


def test_a_bare_repository_and_a_linked_work_tree_are_clones_too(clone: Path, tmp_path: Path) -> None:
    commit(clone, {"a.py": "a"})
    run_git(tmp_path, "clone", "--quiet", "--bare", str(clone), "engine.git")
    run_git(clone, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    for folder, repo in [("engine.git", "engine"), ("linked", "linked")]:
        assert is_git_clone(str(tmp_path / folder))
        assert files_of(GitSource(str(tmp_path / folder)))["a.py"].origin.repo == repo
    assert not is_git_clone(str(tmp_path))


def test_a_detached_head_has_no_branch(clone: Path) -> None:
    revision = commit(clone, {"a.py": "a"})
    run_git(clone, "checkout", "--quiet", "--detach")
    assert files_of(GitSource(str(clone)))["a.py"].origin.branch is None
    assert GitSource(str(clone)).describe() == {"kind": "git", "name": "work", "revision": revision}


def test_licenses_come_from_the_committed_license_files(clone: Path) -> None:
    commit(clone, {"LICENSE": MIT, "a.py": "a", "sub/COPYING": GPL, "sub/b.py": "b", "vendor/c.py": "c"})
    write_tree(clone, {"LICENSE": "changed"})
    files = files_of(GitSource(str(clone)))
    assert files["a.py"].origin.licenses == ("MIT",)
    assert files["a.py"].origin.license_source is LicenseSource.DETECTED
    assert files["a.py"].origin.license_files == (document_id(MIT),)
    assert files["sub/b.py"].origin.licenses == ("GPL-3.0",)
    assert files["vendor/c.py"].origin.licenses == ()


def test_links_and_submodules_are_no_documents(clone: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    run_git(inner, "init", "--quiet")
    commit(inner, {"b.py": "b"})
    (clone / "link").symlink_to("/etc/hostname")
    commit(clone, {"a.py": "a"})
    run_git(clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "inner")
    commit(clone, {})
    assert sorted(files_of(GitSource(str(clone)))) == [".gitmodules", "a.py"]


def test_odd_names_empty_files_binaries_and_large_files(clone: Path) -> None:
    odd = {"with space.py": "a", "tab\tand\nline.py": "b", 'quote".py': "c", os.fsdecode(b"caf\xe9.py"): "d"}
    commit(clone, {**odd, "empty.py": "", "logo.png": b"\x89PNG", "large.txt": b"a" * (MAX_FILE_BYTES + 1)})
    source = GitSource(str(clone))
    assert skipped_of(source) == {"logo.png": "binary", "large.txt": "too_large"}
    files = files_of(source)
    assert files["tab\tand\nline.py"].data == b"b"
    assert files["caf\\xe9.py"].data == b"d"
    assert files["empty.py"].data == b""


def test_many_files_are_many_shards(clone: Path) -> None:
    commit(clone, {f"{i}.txt": os.urandom(500_000).hex() for i in range(10)})
    assert len(list(GitSource(str(clone)).shards())) == 3
    assert len(files_of(GitSource(str(clone)))) == 10


def test_a_partial_clone_is_read_as_far_as_it_goes_and_fetches_nothing(clone: Path, tmp_path: Path) -> None:
    commit(clone, {"a.py": "a", "LICENSE": MIT})
    run_git(clone, "config", "uploadpack.allowFilter", "true")
    run_git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{clone}", "part.git")
    source = GitSource(str(tmp_path / "part.git"))
    assert skipped_of(source) == {"LICENSE": "unreadable", "a.py": "unreadable"}
    assert run_git(tmp_path / "part.git", "count-objects").startswith("0 objects")


def test_a_hook_that_runs_us_does_not_lead_us_to_its_own_repository(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(clone, {"a.py": "a"})
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "--quiet")
    commit(other, {"b.py": "b"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert list(files_of(GitSource(str(clone)))) == ["a.py"]


def test_a_repository_without_commits_is_refused(clone: Path) -> None:
    with pytest.raises(UsageError, match=r"'.*work' has no commit at HEAD\. Commit its files first\."):
        GitSource(str(clone))


def test_a_broken_git_folder_is_refused_and_does_not_lead_to_the_repository_around_it(clone: Path) -> None:
    commit(clone, {"a.py": "a"})
    (clone / "inner" / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match="git cannot read 'inner': fatal: not a git repository"):
        GitSource(str(clone / "inner"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_refused_with_the_way_to_trust_it(clone: Path) -> None:
    commit(clone, {"a.py": "a"})
    for path in [clone, clone / ".git"]:
        os.chown(path, 12345, 12345)
    with pytest.raises(UsageError, match=r"belongs to another user\. .* git config --global --add safe\.directory '/"):
        GitSource(str(clone))


def test_a_damaged_object_is_a_damaged_source(clone: Path) -> None:
    commit(clone, {"a.py": "a"})
    blob = run_git(clone, "rev-parse", "HEAD:a.py")
    source = GitSource(str(clone))
    shards = list(source.shards())
    path = clone / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.write_bytes(b"not an object")
    with pytest.raises(FormatError, match=f"git stopped at object {blob} of 'work'"):
        list(shards[0].read())


def test_without_git_the_error_says_what_to_install(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(clone, {"a.py": "a"})
    monkeypatch.setattr(git.shutil, "which", lambda _: None)
    with pytest.raises(MissingExtraError, match="needs the program 'git'"):
        GitSource(str(clone))
