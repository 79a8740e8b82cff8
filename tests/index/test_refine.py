"""Extents: where a copy and its source agree, to the character, and whether their layout does."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.build import build_index
from codewhence.index.store import open_index
from codewhence.index.tokens import tokenize
from codewhence.records import Match
from tests.index.made_corpus import made_code, made_source
from tests.index.truth import check_truth, exact_matches


def matches_of(path: Path, texts: list[str], text: str) -> list[Match]:
    build_index([made_source(texts)], path / "index", n_buckets=1, n_workers=1)
    with open_index(path / "index") as index:
        matches = exact_matches(index, text)
        check_truth(index, text, matches)
    return matches


def deeper(code: str) -> str:
    return "".join(f"  {line}" for line in code.splitlines(keepends=True))


@settings(max_examples=40)
@given(
    start=st.integers(0, 400),
    length=st.integers(300, 600),
    before=st.sampled_from(["", "x", "\n", " ", "é", "_", "-"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]),
)
def test_a_copy_cut_anywhere_keeps_every_character(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, before: str, line_end: str
) -> None:
    stored = ("# start é\n" + made_code(41, 30)).replace("\n", line_end)
    copy = stored[start : start + length]
    # A snowman stands in no document, so the ends of the copy are known.
    text = f"{before}\u2603{copy}\u2603{before}"
    (match,) = matches_of(tmp_path_factory.mktemp("cut"), [stored, made_code(42)], text)
    assert text[match.span.start : match.span.end] == copy
    assert match.verbatim
    assert (match.sources[0].span.start, match.sources[0].span.end) == (start, start + length)


def test_a_source_that_goes_on_with_another_layout_still_holds_the_common_part_verbatim(tmp_path: Path) -> None:
    shared, more = made_code(1, 20), made_code(2, 3)
    texts = [shared + made_code(9, 5), shared + more + made_code(10, 5)]
    text = shared + deeper(more) + made_code(11, 4)
    matches = matches_of(tmp_path, texts, text)
    whole = [match for match in matches if text[match.span.start : match.span.end].strip().startswith(shared.strip())]
    assert {source.verbatim for match in whole if match.verbatim for source in match.sources} == {True}
    assert any(match.n_documents == 2 for match in whole)


def test_a_copy_that_goes_on_with_another_layout_is_reported_whole(tmp_path: Path) -> None:
    shared, more = made_code(1, 12), made_code(2, 3)
    text = shared + deeper(more) + "\u2603"
    matches = matches_of(tmp_path, [shared + made_code(9, 5), shared + more + made_code(10, 5)], text)
    assert max(match.span.end for match in matches) >= len(text.rstrip("\u2603 \n)]:\"'"))


@pytest.mark.parametrize("n_chance", [1, 5, 11])
def test_equal_tokens_across_another_layout_do_not_blur_the_end_of_a_copy(tmp_path: Path, n_chance: int) -> None:
    shared = made_code(1, 12)
    chance = [f"word{number}" for number in range(n_chance)]
    stored = shared + "\n" + "\n".join(chance) + "\n" + made_code(2, 5)
    text = "\u2603" + shared + "\t" + " ".join(chance) + "\u2603"
    (match,) = matches_of(tmp_path, [stored], text)
    assert match.verbatim
    assert text[match.span.start : match.span.end] == shared


def test_of_two_places_in_a_document_the_one_that_agrees_further_is_named(tmp_path: Path) -> None:
    shared = made_code(1, 6)
    stored = f"first{shared}# one\n{made_code(2, 5)}second{shared}# two\n{made_code(3, 5)}"
    text = f"\u2603d{shared}# two\n\u2603"
    (match,) = matches_of(tmp_path, [stored], text)
    assert text[match.span.start : match.span.end] == f"d{shared}# two\n"
    assert match.sources[0].span.start == stored.index(f"d{shared}# two")


@pytest.mark.parametrize(
    ("first_place", "query"),
    [
        pytest.param("one {}\n\n  word", 'zero "{}"\nword', id="after"),
        pytest.param("word\n {} one", 'word "{}" zero', id="before"),
        pytest.param("word\n {}\n\n  word", 'word "{}"\nword', id="on both sides"),
    ],
)
def test_the_place_that_agrees_further_is_named_though_another_shares_more_tokens(
    tmp_path: Path, first_place: str, query: str
) -> None:
    # Beside the first place the same word stands in another layout; only the second has the quotation marks.
    shared = made_code(1, 6).strip()
    stored = f'{first_place.format(shared)} {made_code(2, 5)}/"{shared}"/ {made_code(3, 5)}'
    text = query.format(shared)
    (match,) = matches_of(tmp_path, [stored], text)
    assert text[match.span.start : match.span.end] == f'"{shared}"'
    assert match.sources[0].span.start == stored.index(f'"{shared}"')


def test_a_document_that_holds_the_copy_alone_is_a_source_though_another_shares_words_before_it(tmp_path: Path) -> None:
    # The words before the copy are long: with them the run is half as long again, and yet they are left out of it.
    before = [f"a_long_name_before_the_copy_{number}" for number in range(10)]
    shared = made_code(1, 4).strip()
    texts = ["\n".join(before) + f"\n{shared}\n{made_code(2, 4)}", f"first\n{shared}\nlast {made_code(3, 4)}"]
    text = " ".join(before) + f"\n{shared}\n\u2603"
    matches = matches_of(tmp_path, texts, text)
    holders = {
        source.origin.path
        for match in matches
        for source in match.sources
        if shared in text[match.span.start : match.span.end]
    }
    assert holders == {"0.py", "1.py"}


def test_a_token_that_agrees_by_its_stored_byte_alone_is_left_out(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(2000)]
    low_bytes = [value & 0xFF for value in tokenize(" ".join(words)).hashes.tolist()]
    twins = [(words[0], word) for word, byte in zip(words[1:], low_bytes[1:], strict=True) if byte == low_bytes[0]]
    n_found = 0
    for number, (one, other) in enumerate(twins):
        line = " ".join(f"a_long_name_of_a_variable_{number}_{n}" for n in range(18))
        matches = matches_of(tmp_path / str(number), [f"{line} {one}"], f"{line} {other}")
        assert all(match.verbatim and match.n_tokens == 18 for match in matches)
        n_found += len(matches)
    assert n_found >= len(twins) // 2


@pytest.mark.parametrize("n_cut", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("n_after", [0, 1, 2])
def test_a_rule_where_the_reading_of_a_document_stops_loses_no_token(tmp_path: Path, n_cut: int, n_after: int) -> None:
    # A document is tokenized only as far as a run reaches, ten characters a token (index/refine.py). That end falls
    # on the ``n_cut``-th character of a rule here.
    n_words = 29 - n_after
    words = [f"w{number}".ljust(8, "x") for number in range(n_words)]
    after = [f"after{number}" for number in range(n_after)]
    beginning = " ".join(words).ljust(300 - n_cut)
    stored = f"{beginning}{'-' * 10}\n{' '.join(after)}\n{made_code(5, 30)}"
    text = "\n".join([*words, "", "-" * 10, *after]) + "\n\u2603"
    (match,) = matches_of(tmp_path, [stored], text)
    assert match.n_tokens == 30 == len(tokenize(text[match.span.start : match.span.end]))


@pytest.mark.parametrize("n_dashes", [4, 10, 500])
def test_a_rule_of_another_length_is_no_change_of_words(tmp_path: Path, n_dashes: int) -> None:
    before, after = made_code(1, 5), made_code(2, 5)
    stored = f"{before}# {'-' * 60}\n{after}"
    text = f"\u2603{before}# {'-' * n_dashes}\n{after}\u2603"
    (match,) = matches_of(tmp_path, [stored], text)
    assert text[match.span.start : match.span.end] == text[1:-1]
    assert not match.verbatim


@pytest.mark.parametrize("n_chars", [255, 256, 257, 1000])
def test_a_huge_word_inside_a_copy_changes_nothing(tmp_path: Path, n_chars: int) -> None:
    word = ("QUJD" * n_chars)[:n_chars]
    stored = f'{made_code(1, 5)}DATA = "{word}"\n{made_code(2, 5)}'
    text = f"\u2603{stored}\u2603"
    (match,) = matches_of(tmp_path, [stored], text)
    assert (match.span.start, match.span.end) == (1, len(text) - 1)
    assert match.verbatim


def test_fewer_tokens_are_found_where_they_are_long(tmp_path: Path) -> None:
    # Under the guarantee of 19 tokens a copy may be missed; a document of one line keeps all its windows.
    line = " ".join(f"a_rather_long_name_of_a_variable_{number}" for number in range(12))
    (match,) = matches_of(tmp_path, [line], f"\u2603{line}\u2603")
    assert match.n_tokens == 12
    assert match.verbatim


def test_short_common_runs_are_not_reported(tmp_path: Path) -> None:
    line = " ".join(f"a{number}" for number in range(18))
    assert matches_of(tmp_path, [line], f"\u2603{line}\u2603") == []
