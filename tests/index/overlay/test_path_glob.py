"""A pattern of paths matches what it plainly says and no more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import UsageError
from codewhence.index.overlay.path_glob import compile_glob

paths = st.lists(st.text("ab.-[]*? \n漢", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


@given(path=paths)
def test_a_path_without_marks_matches_itself_alone(path: str) -> None:
    plain = re.sub(r"[*?\[\]]", "x", path)
    assert compile_glob(plain).fullmatch(plain)
    assert not compile_glob(plain).fullmatch(f"{plain}x")
    assert not compile_glob(plain).fullmatch(f"x/{plain}")


@given(path=paths)
def test_two_stars_match_every_path_and_one_those_of_the_top(path: str) -> None:
    assert compile_glob("**").fullmatch(path)
    assert compile_glob("**/*").fullmatch(path)
    assert bool(compile_glob("*").fullmatch(path)) == ("/" not in path)


@pytest.mark.parametrize(
    ("pattern", "matches", "others"),
    [
        pytest.param("src/*.py", ["src/a.py", "src/.py"], ["src/a/b.py", "src/a.pyc", "a.py", "Src/a.py"], id="star"),
        pytest.param("src/**/*.py", ["src/a.py", "src/a/b/c.py"], ["src.py", "lib/src/a.py"], id="two stars"),
        pytest.param("src/**", ["src/a", "src/a/b"], ["src", "src/"], id="all below"),
        pytest.param("**/test_?.py", ["test_a.py", "x/test_b.py"], ["test_ab.py", "x/test_/.py"], id="one"),
        pytest.param("[a-c]/[!x].py", ["a/y.py", "c/z.py"], ["d/y.py", "a/x.py"], id="sets"),
        pytest.param("a**b", ["ab", "axxb"], ["a/b"], id="two stars inside a name"),
        pytest.param("a.b+(c)", ["a.b+(c)"], ["aab+(c)", "a.bb(c)"], id="no regular expression"),
        pytest.param("a[", ["a["], ["a"], id="an open bracket"),
        pytest.param("[!a]", ["b"], ["/", "a"], id="a set holds no slash"),
    ],
)
def test_patterns(pattern: str, matches: list[str], others: list[str]) -> None:
    regex = compile_glob(pattern)
    assert [path for path in (*matches, *others) if regex.fullmatch(path)] == matches


@pytest.mark.parametrize("pattern", ["", "/src", "[z-a]"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="--path"):
        compile_glob(pattern)
