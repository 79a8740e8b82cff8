"""Texts that nobody writes by hand: empty, endless, repeating. Each is answered, truthfully and in bounded time.

The time limits are generous: a quadratic step passes them by minutes.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from codewhence.index.build import build_index
from codewhence.index.store import Index, open_index
from codewhence.records import Match
from tests.index.made_corpus import SMALL_TEXTS, made_code, made_source
from tests.index.truth import exact_matches

# One line of 30 tokens or so, in every document of the second index.
LINE = "    total = scale(alpha + beta * gamma - delta % 7, other, thing / 3 - weight * size + x[1] * y[2] - z) - 1\n"
TABLES = {
    "zeros": "0, " * 300,
    "zeros in lines": "0, 0, 0, 0, 0, 0, 0, 0,\n" * 40,
    "zeros and ones": "0, 1, " * 300,
    "period of 13": " ".join(f"v{n}" for n in range(13)) + " ",
    "one word": "word " * 400,
    "rule": "-" * 10_000 + "\n",
    "operators": "+-*/" * 200,
    "CJK": "中文" * 300,
    "base64": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 300,
    "hex bytes": "0x00, 0xff, 0x7f, " * 100,
}
TABLES["period of 13"] *= 30


def built(path: Path, texts: Sequence[str]) -> Index:
    build_index([made_source(texts)], path / "index", n_buckets=1, n_workers=1)
    return open_index(path / "index")


def check_slices(index: Index, text: str, matches: list[Match]) -> None:
    """Check that every verbatim source holds what the query holds."""
    contents = {document.doc_id: document.content for document in index.documents()}
    for match in matches:
        for source in match.sources:
            copy = text[match.span.start : match.span.end]
            stored = contents[source.doc_id][source.span.start : source.span.end]
            assert source.verbatim == (stored == copy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        " \t\r\n" * 1000,
        "\0",
        "\0" * 5000,
        "\ufeff",
        "().,;" * 100,
        "\ud800",
        "\udfff\ud800" * 500,
        "one word",
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_a_text_without_enough_words_matches_nothing(small_index: Path, text: str) -> None:
    with open_index(small_index) as index:
        assert exact_matches(index, text) == []


@pytest.mark.parametrize("between", ["\0", "\ud83d", "\udc00\ud83d", "\ufeff", "\x1a", "\u2028"], ids=ascii)
def test_what_no_file_holds_does_not_hide_the_copy_beside_it(small_index: Path, between: str) -> None:
    copy = SMALL_TEXTS[3][50:400]
    text = f"{between * 3} x = 1\n{between}{copy}{between}\n"
    with open_index(small_index) as index:
        (match,) = exact_matches(index, text)
    start = text.index(copy)
    assert (match.span.start, match.span.end) == (start, start + len(copy))
    assert match.verbatim


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "unit",
    ["x", "0, ", "0, 1, ", "a b c d e f g h i j k l m n o p ", "中", "🙂 ", "=", "\0", "\ud800", "{}[]();", "QUJD"],
    ids=ascii,
)
def test_one_line_of_five_megabytes_is_answered(small_index: Path, unit: str) -> None:
    copy = SMALL_TEXTS[3][50:400].replace("\n", " ").strip()
    text = unit * (5_000_000 // len(unit)) + " " + copy
    with open_index(small_index) as index:
        (match,) = exact_matches(index, text)
    assert match.span.end == len(text)
    assert match.span.start >= len(text) - len(copy) - 20


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_found_where_it_stands(tmp_path: Path, name: str) -> None:
    table = TABLES[name]
    texts = [*TABLES.values(), made_code(1) + table + made_code(2), *(made_code(3 + n) for n in range(5))]
    text = "before = 1\n" + table + "\nafter = 2\n"
    with built(tmp_path, texts) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    if name in ("rule", "base64"):  # fewer tokens than the guarantee
        return
    start = text.index(table.strip())
    whole = [m for m in matches if m.span.start <= start and m.span.end >= start + len(table.strip())]
    assert whole
    for match in whole:
        assert match.verbatim
        assert match.n_documents == sum(text[match.span.start : match.span.end] in stored for stored in texts)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_far_longer_than_any_stored_one_is_answered(tmp_path: Path, name: str) -> None:
    text = TABLES[name] * (100_000 // len(TABLES[name]))
    with built(tmp_path, [*TABLES.values(), *(made_code(n) for n in range(5))]) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    assert matches or name in ("rule", "base64")


@pytest.mark.timeout(30)
@pytest.mark.parametrize("n_times", [10, 5000])
def test_thousands_of_repeats_of_a_line_that_many_documents_hold_are_answered(tmp_path: Path, n_times: int) -> None:
    texts = [made_code(1000 + n, 10) + LINE + made_code(3000 + n, 10) for n in range(200)]
    text = LINE * n_times
    with built(tmp_path, texts) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    assert max(match.n_documents for match in matches) == 200
    covered = {at for match in matches for at in range(match.span.start, match.span.end)}
    assert text[min(covered)] in "\n total"  # the first and the last line are never left out
    assert min(covered) < len(LINE)
    assert max(covered) >= len(text) - len(LINE)
    if n_times == 10:
        assert len(covered) >= len(text) - 10


@pytest.mark.timeout(30)
def test_a_long_text_of_blocks_that_many_documents_hold_in_other_orders_is_answered(tmp_path: Path) -> None:
    blocks = [made_code(seed, n_lines=3) for seed in range(40)]
    texts = ["".join(blocks[(n * step) % 40] for n in range(40)) for step in range(1, 40)]
    text = "".join(blocks[(n * 17 + n // 40) % 40] for n in range(2000))
    with built(tmp_path, texts) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    assert matches


@pytest.mark.timeout(30)
def test_a_rare_copy_is_found_inside_a_text_of_frequent_lines(tmp_path: Path) -> None:
    rare = made_code(77, n_lines=6)
    texts = [*(made_code(1000 + n, 5) + LINE * 10 for n in range(50)), made_code(5) + rare + made_code(6)]
    text = LINE * 300 + rare + LINE * 300
    with built(tmp_path, texts) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    start = text.index(rare.strip())
    (match,) = [m for m in matches if m.span.start <= start and m.span.end >= start + len(rare.strip())]
    assert match.n_documents == 1


@pytest.mark.timeout(30)
def test_a_document_that_repeats_one_line_is_matched_by_one_copy_of_it(tmp_path: Path) -> None:
    text = "before = 1\n" + LINE + "after = 2\n"
    with built(tmp_path, [LINE * 20_000, made_code(1)]) as index:
        matches = exact_matches(index, text)
        check_slices(index, text, matches)
    (match,) = matches
    assert LINE.strip() in text[match.span.start : match.span.end]
    assert match.n_documents == 1
