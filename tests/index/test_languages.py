"""Languages by file name: specific before general, never a guess, cheap enough for every file of a build."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.languages import is_binary_name, language_of


@given(st.text())
def test_any_name_has_a_lower_case_language_or_none(path: str) -> None:
    language = language_of(path)
    assert language is None or (language and language == language.lower())
    assert not (language and is_binary_name(path))


@given(st.text(st.characters(exclude_characters="/")), st.sampled_from(["a.py", "Makefile", "x.hpp", "data.bin"]))
def test_only_the_last_part_of_a_path_counts(folder: str, name: str) -> None:
    assert language_of(f"{folder}/{name}") == language_of(name)
    assert is_binary_name(f"{folder}/{name}") == is_binary_name(name)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        pytest.param("src/engine.py", "python", id="python"),
        pytest.param("ENGINE.PY", "python", id="upper case"),
        pytest.param("stub.pyi", "python", id="type stub"),
        pytest.param("a.js", "javascript", id="javascript"),
        pytest.param("a.tsx", "typescript", id="typescript with markup"),
        pytest.param("vec.hpp", "c++", id="c++ header"),
        pytest.param("vec.h", "c", id="header of either"),
        pytest.param("Program.cs", "c#", id="c#"),
        pytest.param("run.zsh", "shell", id="a dialect of shell"),
        pytest.param("solve.f90", "fortran", id="fortran"),
        pytest.param("old.f", "fortran", id="not known to identify"),
        pytest.param("notes.ipynb", "jupyter notebook", id="notebook"),
        pytest.param("app.csproj", "xml", id="format of a tool"),
        pytest.param("CMakeLists.txt", "cmake", id="whole name before extension"),
        pytest.param("Dockerfile.dev", "dockerfile", id="name with a suffix"),
        pytest.param("README.py", "python", id="extension before a part of the name"),
        pytest.param("LICENSE", "text", id="license"),
        pytest.param("notes", None, id="no extension"),
        pytest.param("a.unknown", None, id="unknown extension"),
        pytest.param("image.png", None, id="binary"),
        pytest.param(".py", None, id="hidden file"),
        pytest.param("", None, id="empty"),
    ],
)
def test_names_tell_the_language(path: str, language: str | None) -> None:
    assert language_of(path) == language


@pytest.mark.parametrize(
    "name", ["a.pyc", "a.SO", "liba.so.1.2", "a.whl", "a.woff2", "a.js.br", "m.safetensors", "d.npz"]
)
def test_binary_files_are_known_by_name(name: str) -> None:
    assert is_binary_name(name)


@pytest.mark.parametrize("name", ["a.py", "a.svg", "a.csv", "so", "notes.so-far", "a.patch", "pyc", "LICENSE", ""])
def test_text_files_are_not_called_binary(name: str) -> None:
    assert not is_binary_name(name)


def test_a_language_costs_microseconds() -> None:
    names = [f"pkg{i}/module{i}.{extension}" for i in range(2000) for extension in ("py", "js", "h", "unknown", "txt")]
    best = min(_seconds(names) for _ in range(5))
    assert best / len(names) < 5e-6  # 0.6 µs on an idle machine; the tests run beside others


def _seconds(names: list[str]) -> float:
    start = time.perf_counter()
    for name in names:
        language_of(name)
    return time.perf_counter() - start
