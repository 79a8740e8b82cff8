"""The null holds no copy, no generated code and no dominant repository."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from codewhence.index.build import build_index
from codewhence.index.calibration.leaving_out import LeavingOut
from codewhence.index.calibration.null import draw_null
from codewhence.index.calibration.null_scoring import here
from codewhence.index.calibration.null_texts import is_generated, null_texts, survey
from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.store import open_index
from codewhence.index.tokens import tokenize
from codewhence.records import Origin
from tests.index.calibration.chance import ChanceScorer, build, corpus
from tests.index.made_corpus import MadeSource, made_code, made_file


def test_pieces_are_whole_lines_of_documents_and_no_repository_dominates(corpus_index: Path) -> None:
    with open_index(corpus_index) as index:
        pieces = list(null_texts(index, survey(index, seed=1), seed=1, n_texts=250))
        held = {document.content for document in index.documents()}
    counts = np.unique([piece.repository for piece in pieces], return_counts=True)[1]
    assert len(counts) == 25
    assert counts.max() <= 2 * 250 / 25
    assert all(any(piece.text in content for content in held) for piece in pieces[:20])
    assert all(piece.text.endswith("\n") for piece in pieces)
    assert len({len(piece.text) for piece in pieces}) > 20


def test_the_seed_and_nothing_else_chooses(corpus_index: Path, tmp_path: Path) -> None:
    def texts(path: Path, seed: int) -> set[str]:
        with open_index(path) as index:
            return {piece.text for piece in null_texts(index, survey(index, seed=seed), seed=seed, n_texts=200)}

    assert texts(corpus_index, 1) == texts(corpus_index, 1)
    assert texts(corpus_index, 1) != texts(corpus_index, 2)
    # Another bucket count and another repository beside: the pieces of the others stay as they were.
    files = (*corpus(25, 30), *corpus(1, 5, first_seed=90_000))
    other = tmp_path / "other"
    build_index([MadeSource(files, shard_files=500)], other, n_buckets=8, n_workers=1)
    with open_index(other) as index:
        found = survey(index, seed=1)
        of_old = {
            piece.text for piece in null_texts(index, found, seed=1, n_texts=10_000) if piece.repository != "made/0"
        }
    with open_index(corpus_index) as index:
        before = {
            piece.text
            for piece in null_texts(index, survey(index, seed=1), seed=1, n_texts=10_000)
            if piece.repository != "made/0"
        }
    assert of_old == before


def test_a_repository_is_scored_without_itself_and_its_forks(tmp_path: Path) -> None:
    fork = tuple(
        replace(file, origin=Origin(repo="fork/0", path=file.origin.path, is_fork=True, forked_from="made/0"))
        for file in corpus(1, 3, first_seed=70_000)
    )
    path = build(tmp_path / "index", (*corpus(3, 5), *fork))
    scorer = ChanceScorer()
    with open_index(path) as index:
        null = draw_null(index, here(scorer), survey(index, seed=1), seed=1, n_texts=1000)
    family = frozenset({"made/0", "fork/0"})
    assert scorer.left_out == {family, frozenset({"made/1"}), frozenset({"made/2"})}
    assert len(null) == len(null.n_tokens) == len(null.languages) == len(null.numbers)


def test_copies_never_enter_the_null(tmp_path: Path) -> None:
    def exact(start_token: int, end_token: int, text: str) -> ScoredSpan:
        tokens = tokenize(text)
        return ScoredSpan(int(tokens.starts[start_token]), int(tokens.ends[end_token - 1]), 99.0, "exact")

    path = build(tmp_path / "index", corpus(4, 20, n_lines=60))
    spans_given = {"a long run": 0, "more than half": 0, "a touched one": 0}

    def scorer(text: str, _language: str | None, _left_out: frozenset[str], /) -> list[ScoredSpan]:
        n_tokens = len(tokenize(text))
        if len(text) % 3 == 0 and n_tokens > 60:
            spans_given["a long run"] += 1
            return [exact(3, 53, text)]
        if len(text) % 3 == 1 and n_tokens < 90:
            spans_given["more than half"] += 1
            return [exact(0, n_tokens // 2 + 1, text)]
        spans_given["a touched one"] += 1
        return [ScoredSpan(0, len(text), 500.0, "touched")]

    with open_index(path) as index:
        null = draw_null(index, here(scorer), survey(index, seed=1), seed=1, n_texts=1000)
    assert min(spans_given.values()) > 0
    assert null.removed["a run of equal tokens stands in another repository"] == spans_given["a long run"]
    assert null.removed.get("more than half stands in another repository", 0) <= spans_given["more than half"]
    assert len(null) >= spans_given["a touched one"]
    assert not any(span.tier == "exact" and span.end - span.start > 400 for found in null.spans for span in found)


def test_a_text_like_another_of_the_null_counts_once(tmp_path: Path) -> None:
    files = tuple(
        made_file(f"{made_code(1, 12)}\nlast_{number} = {number}\n", repo=f"made/{number % 2}", path=f"{number}.py")
        for number in range(20)
    )
    path = build(tmp_path / "index", files)
    with open_index(path) as index:
        null = draw_null(index, here(ChanceScorer()), survey(index, seed=1), seed=1, n_texts=1000)
    assert len(null) < 6
    assert null.removed["like another text of the null"] > 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# Generated by the protocol buffer compiler.  DO NOT EDIT!\nx = 1\n", True, id="header"),
        pytest.param("var a=1;" * 200, True, id="one long line"),
        pytest.param("\n".join(["call(" + "argument, " * 13 + ")"] * 40), True, id="all lines long"),
        pytest.param(made_code(1), False, id="code"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_generated_code_is_told_from_written_code(text: str, *, expected: bool) -> None:
    assert is_generated(text) == expected


def test_what_is_left_out_is_hidden_and_nothing_else(corpus_index: Path) -> None:
    with open_index(corpus_index) as index:
        seen = LeavingOut(index).buckets(frozenset({"made/3", "made/4", "made/unknown"}))
        hidden = [
            bucket.entry(row).origins[0].repo
            for bucket, masked in zip(index.buckets, seen, strict=True)
            for row in range(bucket.n_documents)
            if masked.hidden_rows is not None and masked.hidden_rows[row]
        ]
        assert all(bucket.hidden_rows is None for bucket in index.buckets)
    assert sorted(set(hidden)) == ["made/3", "made/4"]
    assert len(hidden) == 60
