"""Fingerprints of many documents at once: each gets what it would get alone, by the definition of winnowing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.fingerprints import CHECKPOINT_TOKENS, Batch, Marks, fingerprint
from codewhence.index.tokens import tokenize
from codewhence.index.touched.grams import names_grams, shape_grams
from codewhence.index.winnow import GRAM_TOKENS, WINDOW, gram_hashes
from tests.index.made_corpus import made_code
from tests.index.touched.reading import stream_of

code = st.builds(made_code, st.integers(0, 10_000), st.integers(0, 12))
ascii_texts = st.text(st.sampled_from("ab1 +=.('\"#\n"), max_size=60)
any_texts = st.text(st.characters(codec=None), max_size=60)
languages = st.sampled_from(["python", "c", "javascript", "brainfuck", None])
documents = st.lists(st.tuples(code | ascii_texts, languages), min_size=1, max_size=6)
mixed_documents = st.lists(st.tuples(code | ascii_texts | any_texts, languages), min_size=1, max_size=6)


def slow_winnowed(grams: list[int]) -> set[tuple[int, int]]:
    """Return hash and position of each gram that is the smallest of some window, windows at the edges cut short."""
    kept = set()
    for first in range(-WINDOW + 1, len(grams)) if grams else ():
        window = [at for at in range(first, first + WINDOW) if 0 <= at < len(grams)]
        smallest = min(grams[at] for at in window)
        kept |= {(grams[at], at) for at in window if grams[at] == smallest}
    return kept


def of_document(marks: Marks, number: int) -> list[tuple[int, int]]:
    mine = marks.documents == number
    return list(zip(marks.grams[mine].tolist(), marks.positions[mine].tolist(), strict=True))


def told(batch: Batch, number: int) -> tuple[object, ...]:
    """Return all that a batch says of one document."""
    return (
        batch.token_bytes[number].tolist(),
        int(batch.n_touched[number]),
        batch.checkpoints[number].tolist(),
        *(of_document(marks, number) for marks in (batch.words, batch.names, batch.shape)),
    )


@settings(max_examples=60)
@given(parts=documents | mixed_documents)
def test_a_batch_gives_each_document_what_it_gets_alone(parts: list[tuple[str, str | None]]) -> None:
    batch = fingerprint(parts)
    assert len(batch.token_bytes) == len(batch.n_touched) == len(batch.checkpoints) == len(parts)
    for number, part in enumerate(parts):
        assert told(batch, number) == told(fingerprint([part]), 0)
    for marks in (batch.words, batch.names, batch.shape):
        assert len(marks.grams) == sum(len(of_document(marks, number)) for number in range(len(parts)))
        assert marks.documents.tolist() == sorted(marks.documents.tolist())


@settings(max_examples=60)
@given(text=code | ascii_texts | any_texts, language=languages)
def test_fingerprints_are_those_of_winnowing(text: str, language: str | None) -> None:
    batch, stream = fingerprint([(text, language)]), stream_of(text, language)
    for marks, grams in (
        (batch.words, gram_hashes(tokenize(text).hashes).tolist()),
        (batch.names, names_grams(stream).tolist()),
        (batch.shape, shape_grams(stream).tolist()),
    ):
        kept = of_document(marks, 0)
        assert kept == sorted(kept, key=lambda pair: pair[1])
        # Of a run of equal grams not every one is kept, but one of every window is, and none that is smallest nowhere.
        assert {*kept} <= slow_winnowed(grams)
        if len(set(grams)) == len(grams):
            assert {*kept} == slow_winnowed(grams)
        for first in range(len(grams) - WINDOW + 1):
            assert any(first <= at < first + WINDOW for _, at in kept)


@given(text=code, language=languages)
def test_token_bytes_are_the_low_bytes_of_the_words(text: str, language: str | None) -> None:
    batch = fingerprint([(text, language)])
    assert batch.token_bytes[0].tolist() == [value & 0xFF for value in tokenize(text).hashes.tolist()]


@pytest.mark.parametrize("n_tokens", [0, 1, 63, 64, 65, 128, 129, 1_000])
def test_checkpoints_are_the_starts_of_each_64th_token(n_tokens: int) -> None:
    text = "# a comment first\n" + "alpha\n" * n_tokens
    batch = fingerprint([("x = 1\n", "python"), (text, "python"), ("y", "python")])
    stream = stream_of(text, "python")
    assert int(batch.n_touched[1]) == len(stream) == n_tokens
    assert batch.checkpoints[1].tolist() == stream.starts.tolist()[::CHECKPOINT_TOKENS]
    assert len(batch.checkpoints[1]) == -(-n_tokens // CHECKPOINT_TOKENS)


@pytest.mark.parametrize("n_tokens", [GRAM_TOKENS - 1, GRAM_TOKENS])
def test_a_document_shorter_than_a_gram_has_no_fingerprint(n_tokens: int) -> None:
    short = (" ".join("abcdefghijklmnop"[:n_tokens]), "python")
    batch = fingerprint([short, short, short])
    for marks in (batch.words, batch.names, batch.shape):
        assert [len(of_document(marks, number)) for number in range(3)] == [int(n_tokens == GRAM_TOKENS)] * 3
