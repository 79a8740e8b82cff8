"""What changed in a work tree: the right files, the right text, the added lines, by any name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codewhence.app.exclusions import compile_exclusions, find_ignore_file
from codewhence.app.inputs import Input, changed_texts, locator
from codewhence.errors import UsageError
from codewhence.records import Span, Unread

_MAX_BYTES = 1_000
Git = Callable[..., None]


def changed(*paths: str, base: str | None = None, staged: bool = False) -> list[Input | Unread]:
    exclusions = compile_exclusions([], folder=Path.cwd(), ignore_file=find_ignore_file(Path.cwd()))
    return list(changed_texts(paths, base=base, staged=staged, exclusions=exclusions, max_bytes=_MAX_BYTES))


def write(path: str, content: str | bytes = "x = 1\n") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)


def test_a_diff_gives_changed_files_with_their_added_lines(work_tree: Path, git: Git) -> None:
    write("a.py", "one\ntwo\nthree\n")
    write("same.py")
    write("gone.py")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    write("a.py", "one\n2\nthree\nfour\n")
    write("new.py", "n\n")
    Path("gone.py").unlink()
    git("add", "new.py")
    assert changed(base="HEAD") == [
        Input("a.py", "one\n2\nthree\nfour\n", (Span(4, 6), Span(12, 17))),
        Input("new.py", "n\n", (Span(0, 2),)),
    ]


def test_added_lines_that_look_like_headers_do_not_confuse(work_tree: Path, git: Git) -> None:
    write("a.py", "-- old\nkeep\n")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    write("a.py", "++ b/other.py\n@@ -1 +1 @@\nkeep\nlast")
    (item,) = changed(base="HEAD")
    assert isinstance(item, Input)
    assert [item.text[span.start : span.end] for span in item.added or ()] == ["++ b/other.py\n@@ -1 +1 @@\n", "last"]


@pytest.mark.parametrize(
    "name", ["a b.py", "tab\t.py", 'q"q.py', "new\nline.py", "ünï.py", "back\\slash.py", ":(x).py"]
)
def test_a_diff_knows_files_by_any_name(work_tree: Path, git: Git, name: str) -> None:
    git("commit", "--quiet", "--allow-empty", "--message=first")
    write(name, "a\n")
    git("--literal-pathspecs", "add", name)
    assert changed(base="HEAD") == [Input(name, "a\n", (Span(0, 2),))]
    assert changed(name, staged=True) == [Input(name, "a\n")]


def test_a_moved_file_has_no_added_lines(work_tree: Path, git: Git) -> None:
    write("a.py", "one\ntwo\nthree\nfour\n")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    git("mv", "a.py", "b.py")
    assert changed(base="HEAD") == [Input("b.py", "one\ntwo\nthree\nfour\n", ())]


def test_a_diff_compares_with_where_the_branch_left_its_base(work_tree: Path, git: Git) -> None:
    write("a.py", "one\n")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    git("switch", "--quiet", "--create", "topic")
    write("topic.py", "t\n")
    git("add", ".")
    git("commit", "--quiet", "--message=topic")
    git("switch", "--quiet", "main")
    write("a.py", "\n")
    git("commit", "--quiet", "--all", "--message=main moves on")
    git("switch", "--quiet", "topic")
    assert [item.path for item in changed(base="main")] == ["topic.py"]


def test_staged_text_is_what_is_staged(work_tree: Path, git: Git) -> None:
    write("a.py", "staged\n")
    write("logo.png", b"\0")
    git("add", ".")
    write("a.py", "work tree\n")
    assert changed(staged=True) == [Input("a.py", "staged\n")]
    Path("a.py").unlink()
    assert changed(staged=True) == [Input("a.py", "staged\n")]


def test_staged_text_against_a_base_has_its_added_lines(work_tree: Path, git: Git) -> None:
    write("a.py", "one\n")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    write("a.py", "one\ntwo\n")
    git("add", ".")
    write("a.py", "zero\none\ntwo\n")
    assert changed(base="HEAD", staged=True) == [Input("a.py", "one\ntwo\n", (Span(4, 8),))]


def test_a_large_staged_file_is_unread(work_tree: Path, git: Git) -> None:
    write("a.py", "x" * (_MAX_BYTES + 1))
    git("add", ".")
    assert changed(staged=True) == [Unread("a.py", "is over 1,000 bytes; raise --max-bytes to check it")]


def test_changes_are_named_from_where_one_stands(work_tree: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.py")
    write("sub/b.py")
    git("add", ".")
    monkeypatch.chdir("sub")
    assert [item.path for item in changed(staged=True)] == ["../a.py", "b.py"]
    assert [item.path for item in changed("b.py", staged=True)] == ["b.py"]


def test_ignored_files_are_left_out_of_changes(work_tree: Path, git: Git) -> None:
    write(".codewhenceignore", "gen/\n")
    write("gen/a.py")
    write("b.py")
    git("add", "gen", "b.py")
    assert [item.path for item in changed(staged=True)] == ["b.py"]


@pytest.mark.parametrize("base", ["nowhere", "--output=x", ""], ids=["unknown", "an option", "empty"])
def test_a_base_that_is_no_commit_is_refused(work_tree: Path, base: str) -> None:
    with pytest.raises(UsageError, match="names no commit"):
        changed(base=base)
    assert not Path("x").exists()


def test_changes_outside_a_work_tree_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="--staged needs a git work tree"):
        changed(staged=True)


def test_paths_are_located_from_the_top_of_the_work_tree(work_tree: Path, tmp_path: Path) -> None:
    Path("sub").mkdir()
    locate = locator(work_tree / "sub")
    assert locate("a.py") == "sub/a.py"
    assert locate("../b.py") == "b.py"
    assert locate("../../c.py") == (work_tree.parent / "c.py").resolve().as_posix()
