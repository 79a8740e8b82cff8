"""Touched copies are found where they are, at their lines, and nothing is found where there is none."""

import shutil
from pathlib import Path

import pytest

from codewhence.errors import FormatError
from codewhence.index.build import build_index
from codewhence.index.calibration.leaving_out import LeavingOut
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.store import Index, open_index
from codewhence.index.tokens import tokenize
from codewhence.index.touched.search import Touched, TouchedSearch
from codewhence.lines import locate
from tests.index.made_corpus import MadeSource, made_file, made_source
from tests.index.touched.made_functions import (
    ALL_RENAMED,
    COMMENTED,
    EVERYTHING,
    LANGUAGES,
    NEW_LITERALS,
    RENAMED,
    Function,
    Naming,
)
from tests.index.touched.made_library import N_FILES, N_LONG, MadeText, long_file, short_file

NAMINGS = {
    "local names": RENAMED,
    "every name": ALL_RENAMED,
    "comments and layout": COMMENTED,
    "literals": NEW_LITERALS,
    "everything": EVERYTHING,
}
UNSEEN = 900_000  # functions of these seeds stand in no index


def strongest(index: Index, text: str, language: str | None) -> list[Touched]:
    return TouchedSearch(index.buckets, text, tokenize(text), language).strongest()


def document(found: Touched) -> str:
    return found.bucket.doc_id(found.row)


def lines(found: Touched) -> tuple[int, int]:
    places = [found.stored_start, found.stored_end - 1]
    told = locate(found.bucket.text(found.row), places)
    return told[places[0]].line, told[places[1]].line


def check_found(found: list[Touched], source: MadeText, number: int, *, within: int = 0) -> Touched:
    """Check that the strongest is a function of a document, from its first line to its last, give or take some."""
    assert found, "nothing found"
    best = found[0]
    assert document(best) == source.doc_id
    expected = source.lines_of(number)
    assert all(abs(one - other) <= within for one, other in zip(lines(best), expected, strict=True)), (
        lines(best),
        expected,
    )
    return best


def check_sound(found: list[Touched], text: str) -> None:
    """Check what holds for every answer."""
    assert [each.bits for each in found] == sorted((each.bits for each in found), reverse=True)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert 0 <= each.stored_start < each.stored_end <= len(each.bucket.text(each.row))
        assert 0 < each.n_equal <= each.n_tokens
        assert each.bits >= 16


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("naming", NAMINGS.values(), ids=NAMINGS.keys())
def test_a_touched_function_is_found_at_its_lines(index: Index, language: str, naming: Naming) -> None:
    for file_number, number in ((1, 0), (4, 1), (N_FILES - 1, 2)):
        source = short_file(language, file_number)
        text = Function(source.seeds[number]).write(language, naming)
        found = strongest(index, text, language)
        best = check_found(found, source, number)
        assert (text[: best.start].strip(), text[best.end :].strip("\n )]}")) == ("", "")
        check_sound(found, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("naming", [RENAMED, EVERYTHING], ids=["local names", "everything"])
def test_it_is_found_within_other_code(index: Index, language: str, naming: Naming) -> None:
    source = short_file(language, 7)
    before, after = (Function(UNSEEN + number).write(language) + "\n" for number in (1, 2))
    copied = Function(source.seeds[1]).write(language, naming)
    found = strongest(index, before + copied + after, language)
    # These functions look alike: some lines of its neighbours may go with it, at each end less than a half of it.
    best = check_found(found, source, 1, within=20)
    first, last = len(before), len(before) + len(copied)
    assert best.start < first + 20
    assert best.end > last - 20
    assert first - best.start < len(copied) / 2
    assert best.end - last < len(copied) / 2
    check_sound(found, before + copied + after)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 9, N_LONG // 2, N_LONG - 2, N_LONG - 1])
def test_it_is_found_anywhere_in_a_long_document(index: Index, language: str, number: int) -> None:
    source = long_file(language)
    for naming in (RENAMED, EVERYTHING):
        text = Function(source.seeds[number]).write(language, naming)
        check_found(strongest(index, text, language), source, number, within=1)


def test_the_long_documents_have_many_checkpoints(index: Index) -> None:
    for language in LANGUAGES:
        row, bucket = next(
            (row, bucket) for bucket in index.buckets if (row := bucket.find(long_file(language).doc_id)) is not None
        )
        assert bucket.checkpoint_starts[row + 1] - bucket.checkpoint_starts[row] > 64


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("every", [4, 7])
def test_it_is_found_with_lines_put_in_and_taken_out(index: Index, language: str, every: int) -> None:
    source = short_file(language, 9)
    made = Function(source.seeds[2]).write(language, RENAMED).splitlines(keepends=True)
    extra = Function(UNSEEN + 5).write(language).splitlines(keepends=True)
    longer = [
        line for at, each in enumerate(made) for line in ([each, extra[1 + at % 5]] if at % every == 3 else [each])
    ]
    shorter = [each for at, each in enumerate(made) if at % every != 3]
    for some in (longer, shorter):
        text = "".join(some)
        found = strongest(index, text, language)
        # A copy that grew or shrank by more tokens than the band is wide is found in part.
        best = check_found(found, source, 2, within=14)
        assert abs(lines(best)[0] - source.lines_of(2)[0]) <= 4
        assert best.end - best.start > 0.6 * len(text)
        check_sound(found, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_it_is_found_at_its_lines(index: Index, language: str) -> None:
    source = short_file(language, 11)
    made = Function(source.seeds[0]).write(language, RENAMED).splitlines(keepends=True)
    half = len(made) // 2
    best = strongest(index, "".join(made[half:]), language)[0]
    assert document(best) == source.doc_id
    first, last = source.lines_of(0)
    assert abs(lines(best)[0] - (first + half)) <= 1
    assert lines(best)[1] == last


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_code_is_weaker_than_any_copy(index: Index, language: str) -> None:
    copies = [
        strongest(index, Function(source.seeds[0]).write(language, EVERYTHING), language)[0].bits
        for source in (short_file(language, number) for number in range(4))
    ]
    unseen = [strongest(index, Function(UNSEEN + seed).write(language), language) for seed in range(10, 22)]
    assert max((found[0].bits for found in unseen if found), default=0.0) < min(copies) / 4


def test_two_functions_of_two_documents_are_both_found(index: Index) -> None:
    first, second = short_file("go", 2), short_file("go", 12)
    text = "".join(Function(each.seeds[0]).write("go", RENAMED) for each in (first, second))
    found = strongest(index, text, "go")
    assert {document(each) for each in found[:2]} == {first.doc_id, second.doc_id}


def test_a_copy_of_more_tokens_than_one_alignment_holds_is_found_whole(index: Index) -> None:
    source = long_file("java")
    text = "".join(Function(seed).write("java", RENAMED) for seed in source.seeds)
    found = [each for each in strongest(index, text, "java") if document(each) == source.doc_id]
    covered = {at for each in found for at in range(each.start, each.end)}
    assert len(covered) > 0.99 * len(text)
    check_sound(found, text)


def test_the_same_answer_every_time(library_path: Path) -> None:
    text = "".join(Function(short_file("c", number).seeds[0]).write("c", EVERYTHING) for number in range(5))
    answers = []
    for _ in range(2):
        with open_index(library_path) as index:
            answers.append(
                [
                    (document(each), each.start, each.end, each.stored_start, each.bits)
                    for each in strongest(index, text, "c")
                ]
            )
    assert answers[0] == answers[1] != []


@pytest.mark.parametrize("language", [None, "brainfuck", "python"], ids=str)
@pytest.mark.parametrize(
    "text",
    ["", "\n", "x", "x = 1", "\0", "\ud800", "'", '"""', "/*", "(" * 2_000, "é" * 50, "\r\n" * 50, "a." * 200],
    ids=lambda text: ascii(text[:6]),
)
def test_a_text_with_nothing_to_find_gives_nothing(index: Index, text: str, language: str | None) -> None:
    assert strongest(index, text, language) == []


def test_a_language_without_rules_gives_nothing(index: Index) -> None:
    text = Function(short_file("python", 1).seeds[0]).write("python")
    assert strongest(index, text, None) == strongest(index, text, "brainfuck") == []
    assert strongest(index, text, "python") != []


def test_one_line_of_a_megabyte_is_searched_too(index: Index) -> None:
    source = short_file("javascript", 3)
    copied = " ".join(Function(source.seeds[1]).write("javascript", RENAMED).split())
    filler = "".join(f"q{number % 977} [{number % 89}]; " for number in range(80_000))
    text = f"{filler}{copied}{filler}"
    assert len(text) > 1_000_000
    found = [each for each in strongest(index, text, "javascript") if document(each) == source.doc_id]
    assert found
    assert abs(found[0].start - len(filler)) < 100
    assert abs(found[0].end - len(filler) - len(copied)) < 100


def test_hidden_documents_never_come_back(index: Index) -> None:
    source, language = short_file("rust", 5), "rust"
    text = Function(source.seeds[0]).write(language, RENAMED)
    assert document(strongest(index, text, language)[0]) == source.doc_id
    buckets = LeavingOut(index).buckets(frozenset({"made/rust"}))
    search = TouchedSearch(buckets, text, tokenize(text), language)
    held = [each.doc_id for each in index.documents() if each.language == language]
    assert source.doc_id in held
    assert not {document(each) for each in search.strongest()} & {*held}


def test_removed_documents_never_come_back(library_path: Path, tmp_path: Path) -> None:
    path = shutil.copytree(library_path, tmp_path / "index")
    source, other = short_file("go", 5), short_file("go", 6)
    remove_from_index(path, Request((source.doc_id,)))
    with open_index(path) as index:
        for each, is_there in ((source, False), (other, True)):
            text = Function(each.seeds[0]).write("go", RENAMED)
            search = TouchedSearch(index.buckets, text, tokenize(text), "go")
            found = search.strongest()
            assert (each.doc_id in {document(one) for one in found}) == is_there
            assert source.doc_id not in {document(other) for one in found for other in search.holders(one)}


def held_by_many(path: Path, n_holders: int) -> tuple[Index, str, set[str]]:
    """Build an index in which many documents hold one function, each under other names; return its text too."""
    made = Function(77, n_statements=14)

    def naming(number: int) -> Naming:
        return Naming(local=lambda name: f"{name}_{number}")

    holders = [
        Function(5_000 + number, n_statements=4).write("python") + made.write("python", naming(number))
        for number in range(n_holders)
    ]
    others = [Function(7_000 + number, n_statements=3).write("python") for number in range(8 * n_holders)]
    build_index([made_source([*holders, *others], shard_files=50)], path, n_buckets=2, n_workers=1)
    opened = open_index(path)
    ids = {each.doc_id for each in opened.documents() if each.content in holders}
    assert len(ids) == n_holders
    return opened, made.write("python", RENAMED), ids


@pytest.mark.parametrize("n_holders", [10, 60, 90])
def test_the_holders_of_one_function_are_all_named_up_to_a_bound(tmp_path: Path, n_holders: int) -> None:
    opened, text, ids = held_by_many(tmp_path / "index", n_holders)
    with opened as index:
        search = TouchedSearch(index.buckets, text, tokenize(text), "python")
        best = search.strongest()[0]
        holders = {document(each) for each in search.holders(best) if each.bits >= 0.75 * best.bits}
    assert holders <= ids
    assert len(holders | {document(best)}) == min(n_holders, 65)
    assert document(best) not in holders


def test_damaged_texts_are_one_clear_error(library_path: Path, tmp_path: Path) -> None:
    path = shutil.copytree(library_path, tmp_path / "index")
    for file in path.glob("bucket-*/text.zst"):
        data = bytearray(file.read_bytes())
        data[::97] = bytes(len(data[::97]))
        file.write_bytes(data)
    text = Function(short_file("c", 1).seeds[0]).write("c", RENAMED)
    with open_index(path) as index, pytest.raises(FormatError, match="does not unpack"):
        strongest(index, text, "c")


def test_a_document_that_holds_a_copy_twice_is_found_at_one_of_the_places(tmp_path: Path) -> None:
    made = Function(78)
    between = "".join(Function(UNSEEN + 50 + number).write("python") for number in range(4))
    twice = made.write("python") + between + made.write("python", Naming(local=lambda name: f"{name}_b"))
    others = [Function(6_000 + number).write("python") for number in range(40)]
    source = MadeSource(tuple(made_file(each, path=f"{at}.py") for at, each in enumerate([twice, *others])))
    build_index([source], tmp_path / "index", n_workers=1)
    with open_index(tmp_path / "index") as index:
        best = strongest(index, made.write("python", RENAMED), "python")[0]
        assert best.bucket.text(best.row) == twice
    places = (0, len(made.write("python") + between))
    assert min(abs(best.stored_start - place) for place in places) < 10
