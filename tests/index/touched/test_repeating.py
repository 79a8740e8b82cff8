"""Texts that repeat themselves: the work grows with their length and not with its square."""

import time
from pathlib import Path

import numpy as np
import pytest

from codewhence.index.build import build_index
from codewhence.index.store import Index, open_index
from codewhence.index.tokens import tokenize
from codewhence.index.touched.search import Touched, TouchedSearch
from tests.index.made_corpus import made_source


def strongest(index: Index, text: str, language: str | None) -> list[Touched]:
    return TouchedSearch(index.buckets, text, tokenize(text), language).strongest()


LINE = "check(alpha, beta, 1)\n"


@pytest.fixture(scope="module")
def repeating(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with a document of equal lines and one of numbers, and more documents than either has places."""
    numbers = ", ".join(map(str, np.random.default_rng(1).integers(0, 10_000, 20_000).tolist()))
    texts = [LINE * 400, f"table = [{numbers}]\n", *(f"x = {number}\n" for number in range(1_500))]
    path = tmp_path_factory.mktemp("repeating") / "index"
    build_index([made_source(texts, shard_files=400)], path, n_buckets=1, n_workers=1)
    return path


REPEATING = {
    "equal lines": LINE * 50_000,
    "numbers": f"table = [{', '.join(str(number * 7919 % 9_973) for number in range(100_000))}]\n",
    "zeros": f"table = [{'0, ' * 100_000}]\n",
    "lines that count": "".join(f"check(a{number}, {number})\n" for number in range(30_000)),
}


@pytest.mark.parametrize("text", REPEATING.values(), ids=REPEATING.keys())
def test_a_text_that_repeats_itself_takes_no_square_of_its_length(repeating: Path, text: str) -> None:
    """The work may grow tenfold where the text does, and a little more: sorting, and bounds that are not yet met."""
    with open_index(repeating) as index:
        strongest(index, LINE * 50, "python")  # reads the model
        seconds = []
        for some in (text[: len(text) // 10], text):
            start = time.process_time()
            strongest(index, some, "python")
            seconds.append(time.process_time() - start)
    assert seconds[1] < 40 * seconds[0] + 1.0, seconds
    assert seconds[1] < 20, seconds
