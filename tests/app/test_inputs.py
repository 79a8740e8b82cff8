"""What the user points at is read once, whole and as it is; what cannot be read is named, and the rest still comes."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.app.exclusions import compile_exclusions, find_ignore_file
from codewhence.app.inputs import Input, line_spans, named_texts
from codewhence.errors import UsageError
from codewhence.records import Unread

_MAX_BYTES = 1_000
Git = Callable[..., None]


def named(*paths: str, exclude: Iterable[str] = (), stdin: bytes = b"") -> dict[str, str | None]:
    """Texts by path, ``None`` for a file that could not be read."""
    exclusions = compile_exclusions(list(exclude), folder=Path.cwd(), ignore_file=find_ignore_file(Path.cwd()))
    items = named_texts(paths, exclusions=exclusions, max_bytes=_MAX_BYTES, standard_input=io.BytesIO(stdin))
    return {item.path: item.text if isinstance(item, Input) else None for item in items}


def reasons(*paths: str) -> dict[str, str]:
    exclusions = compile_exclusions([], folder=Path.cwd())
    items = named_texts(paths, exclusions=exclusions, max_bytes=_MAX_BYTES, standard_input=io.BytesIO())
    return {item.path: item.reason for item in items if isinstance(item, Unread)}


def write(path: str, content: str | bytes = "x = 1\n") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "", id="a byte order mark alone"),
        pytest.param(b" \n\t\n", " \n\t\n", id="white space alone"),
        pytest.param(b"a\r\nb\nc\rd", "a\r\nb\nc\rd", id="mixed line ends"),
        pytest.param("π = 'שלום' # 👩‍💻\n".encode(), "π = 'שלום' # 👩‍💻\n", id="right to left and emoji"),
    ],
)
def test_a_text_comes_as_it_is(folder: Path, content: bytes, text: str) -> None:
    write("a.py", content)
    assert named("a.py") == {"a.py": text}
    assert named("-", stdin=content) == {"-": text}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\0\1\2" * 9, "NUL", id="NULs"),
        pytest.param(b"x" * (_MAX_BYTES + 1), "over 1,000 bytes; raise --max-bytes", id="one long line"),
        pytest.param(b"\xed\xa0\x80 = 1\n", "code points that no UTF-8 file can hold", id="a lone surrogate"),
    ],
)
def test_what_is_no_text_is_unread_with_a_reason(folder: Path, content: bytes, reason: str) -> None:
    write("a.py", content)
    assert reason in reasons("a.py")["a.py"]


def test_a_missing_path_is_refused_before_anything_is_read(folder: Path) -> None:
    write("a.py")
    with pytest.raises(UsageError, match=r"no file or folder 'b\.py'"):
        named("a.py", "b.py")


def test_a_file_that_vanishes_while_others_are_read_is_unread(folder: Path) -> None:
    write("a.py")
    write("b.py")
    exclusions = compile_exclusions([], folder=folder)
    items = named_texts(["a.py", "b.py"], exclusions=exclusions, max_bytes=9, standard_input=io.BytesIO())
    Path("b.py").unlink()
    assert list(items) == [Input("a.py", "x = 1\n"), Unread("b.py", "cannot be read: No such file or directory")]


def test_a_folder_is_walked_in_order_without_binary_names_and_stores(folder: Path) -> None:
    for path in ("s/b.py", "s/a/z.c", "s/.git/config", "s/logo.png", "s/.hidden.py", "s/c.unknown"):
        write(path)
    assert list(named("s")) == ["s/.hidden.py", "s/a/z.c", "s/b.py", "s/c.unknown"]
    assert list(named("s/logo.png")) == ["s/logo.png"]


def test_a_file_reached_twice_comes_once(folder: Path) -> None:
    write("s/a.py")
    assert list(named("s/a.py", "s", "./s/a.py")) == ["s/a.py"]


def test_a_link_back_to_a_folder_above_is_unread_and_the_rest_comes(folder: Path) -> None:
    write("s/a.py")
    Path("s/up").symlink_to("..")
    Path("s/self").symlink_to("self")
    Path("s/nothing").symlink_to("gone")
    Path("s/a-link.py").symlink_to("a.py")
    assert named("s") == {"s/a-link.py": "x = 1\n", "s/a.py": "x = 1\n", "s/self": None, "s/up": None}
    assert set(reasons("s").values()) == {"is a symbolic link back to a folder above it"}


def test_a_linked_folder_is_walked_once(folder: Path) -> None:
    write("elsewhere/a.py")
    Path("s").mkdir()
    Path("s/one").symlink_to("../elsewhere")
    Path("s/two").symlink_to("../elsewhere")
    assert list(named("s")) == ["s/one/a.py"]


def test_a_folder_that_cannot_be_opened_is_unread_and_the_rest_comes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("s/closed/a.py")
    write("s/open/b.py")
    iterate = Path.iterdir

    def guarded(path: Path) -> Iterable[Path]:  # root may open any folder, so permissions alone prove nothing here
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return iterate(path)

    monkeypatch.setattr(Path, "iterdir", guarded)
    assert named("s") == {"s/closed": None, "s/open/b.py": "x = 1\n"}
    assert reasons("s") == {"s/closed": "the folder cannot be opened: Permission denied"}


def test_excluded_and_ignored_files_are_left_out_of_a_walk_alone(folder: Path) -> None:
    write(".codewhenceignore", "gen/\n!gen/keep.py\n")
    for path in ("s/gen/a.py", "s/b.min.js", "s/c.py"):
        write(path)
    assert list(named("s", exclude=["*.min.js"])) == ["s/c.py"]
    assert list(named("s/gen/a.py", "s/b.min.js", exclude=["*.min.js"])) == ["s/gen/a.py", "s/b.min.js"]


def test_a_folder_of_a_work_tree_is_read_as_git_lists_it(work_tree: Path, git: Git) -> None:
    write(".gitignore", "build/\n")
    for path in ("tracked.py", "deleted.py", "new.py", "build/out.py", "sub/a.py", "ünï 'q\".py"):
        write(path)
    git("add", "tracked.py", "deleted.py", "sub")
    Path("deleted.py").unlink()
    assert list(named(".")) == [".gitignore", "new.py", "sub/a.py", "tracked.py", "ünï 'q\".py"]
    assert list(named("build")) == ["build/out.py"]


def test_a_repository_inside_the_work_tree_is_walked(work_tree: Path, git: Git) -> None:
    write("inner/a.py")
    git("-C", "inner", "init", "--quiet")
    assert list(named(".")) == ["inner/a.py"]


@settings(deadline=None)
@given(st.text(alphabet="ab\r\n漢", max_size=30), st.integers(1, 8), st.integers(0, 4))
def test_line_spans_slice_back_to_the_lines(text: str, first: int, n_lines: int) -> None:
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    spans = line_spans(text, [range(first, first + n_lines)])
    assert "".join(text[span.start : span.end] for span in spans) == "".join(lines[first - 1 : first - 1 + n_lines])
