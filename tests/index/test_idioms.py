"""Idioms: frequent for their length, over several projects, and labelled rather than left out."""

from pathlib import Path

import pytest

from codewhence.index.build import build_index
from codewhence.index.frequent import most_repeated_passage
from codewhence.index.idioms import is_idiom, is_license_text
from codewhence.index.store import open_index
from codewhence.index.tokens import tokenize
from codewhence.records import Origin, Source, Span
from tests.index.made_corpus import MadeSource, made_code, made_file, made_source
from tests.index.truth import exact_matches


def sources(n_projects: int, n_documents: int) -> list[Source]:
    return [
        Source(f"swh:1:cnt:{number:040x}", Span(0, 9), 1, 1, Origin(f"made/{number % n_projects}", "a.py"))
        for number in range(n_documents)
    ]


@pytest.mark.parametrize(
    ("n_projects", "n_documents", "n_tokens", "expected"),
    [
        pytest.param(3, 20, 20, True, id="just enough"),
        pytest.param(2, 20, 20, False, id="two projects"),
        pytest.param(1, 5000, 20, False, id="one project, however often"),
        pytest.param(3, 19, 20, False, id="nineteen documents"),
        pytest.param(3, 20, 40, True, id="half its tokens"),
        pytest.param(3, 20, 41, False, id="a token longer"),
        pytest.param(30, 30, 2000, False, id="a vendored file"),
        pytest.param(50, 1000, 2000, True, id="a license text"),
    ],
)
def test_an_idiom_is_frequent_for_its_length_in_several_projects(
    n_projects: int, n_documents: int, n_tokens: int, *, expected: bool
) -> None:
    assert is_idiom(sources(n_projects, n_documents), n_documents=n_documents, n_tokens=n_tokens) == expected


@pytest.fixture(scope="module")
def headers_index(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An index of 90 files of 5 projects under one header of 40 tokens or so, and the header."""
    header = "\n".join(f"# line {number} of the header that every file repeats" for number in range(5)) + "\n"
    files = tuple(
        made_file(f"{header}\n{made_code(number, 6)}", repo=f"made/{number % 5}", path=f"{number}.py")
        for number in range(90)
    )
    path = tmp_path_factory.mktemp("headers") / "index"
    build_index([MadeSource(files)], path, n_buckets=2, n_workers=1)
    return path, header


def test_a_common_header_is_an_idiom_with_every_source(headers_index: tuple[Path, str]) -> None:
    path, header = headers_index
    with open_index(path) as index:
        (match,) = [match for match in exact_matches(index, f"{header}\nx = 1\n") if match.n_documents == 90]
    assert match.idiom
    assert len(match.sources) == 90


def test_a_function_under_a_common_header_is_no_idiom(headers_index: tuple[Path, str]) -> None:
    path, header = headers_index
    text = f"{header}\n{made_code(7, 6)}"
    with open_index(path) as index:
        matches = exact_matches(index, text)
    own = [match for match in matches if match.span.end >= len(text.rstrip())]
    assert own
    assert not any(match.idiom for match in own)
    assert all(match.n_documents == 1 for match in own)


def test_the_most_repeated_passage_is_the_header(headers_index: tuple[Path, str]) -> None:
    path, header = headers_index
    with open_index(path) as index:
        found = most_repeated_passage(index)
        assert found == most_repeated_passage(index)
    assert found is not None
    text, match = found
    assert match.idiom
    assert match.n_documents == 90
    assert text.strip() in f"{header}\n"
    assert len(tokenize(text)) > 30


def test_a_training_set_without_idioms_has_no_most_repeated_passage(tmp_path: Path) -> None:
    build_index([made_source([made_code(seed, 10) for seed in range(10)])], tmp_path / "index", n_workers=1)
    with open_index(tmp_path / "index") as index:
        assert most_repeated_passage(index) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Permission to use, copy, modify, and distribute this software for any purpose with or without fee is "
            "hereby granted, provided that the above copyright notice appears in all copies.",
            True,
            id="a permission",
        ),
        pytest.param(
            "# PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF THE "
            "SOFTWARE\n# OR CLAIM, DAMAGES OR OTHER LIABILITY",
            True,
            id="a piece of a disclaimer",
        ),
        pytest.param("# Copyright by the made authors\nimport os\n", False, id="one line of copyright"),
        pytest.param(
            "class License:\n    def __init__(self, terms, fee, notice):\n        self.terms, self.fee = terms, fee\n",
            False,
            id="code about licenses",
        ),
        pytest.param(
            f"# permission notice copyright conditions liability\n{made_code(3, 60)}", False, id="mostly code"
        ),
        pytest.param("", False, id="nothing"),
    ],
)
def test_pieces_of_license_headers_are_told_by_their_words(text: str, *, expected: bool) -> None:
    assert is_license_text(text) == expected
