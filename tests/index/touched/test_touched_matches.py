"""Renamed copies as ``find_matches`` reports them, beside the exact ones and not instead of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from codewhence.index import match as match_module
from codewhence.index.build import build_index
from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.calibration.significance import DEFAULT_ALPHA, Significance
from codewhence.index.match import find_matches
from codewhence.index.store import Index, open_index
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import GUARANTEE
from codewhence.records import Match, MatchKind
from tests.index.made_corpus import MadeSource, made_file, made_source
from tests.index.touched.made_functions import ALL_RENAMED, EVERYTHING, LANGUAGES, RENAMED, Function, Naming
from tests.index.touched.made_library import short_file
from tests.index.truth import n_whole_tokens

UNSEEN = 900_000


def renamed(matches: list[Match]) -> list[Match]:
    return [match for match in matches if match.kind is MatchKind.RENAMED]


def check_sound(index: Index, text: str, matches: list[Match]) -> None:
    """Check what holds for every answer."""
    assert matches == sorted(matches, key=lambda match: (match.span.start, -match.span.end))
    for match in matches:
        assert match.span.end <= len(text)
        assert match.n_tokens == n_whole_tokens(text, match.span.start, match.span.end)
        assert match.p_value is not None
        assert match.q_value is not None
        assert match.bits is not None
        assert 0 <= match.p_value <= 1
        assert 0 <= match.q_value <= 1
        assert match.bits > 0
        assert match.n_documents == len({source.doc_id for source in match.sources}) >= 1
        for source in match.sources:
            document = index.document(source.doc_id)
            assert document is not None
            assert source.origin in document.origins
            assert source.end_line <= document.content.count("\n") + 1
            before = document.content[: source.span.start]
            assert source.start_line == before.count("\n") + 1
            assert source.end_line == document.content[: source.span.end - 1].count("\n") + 1
            if match.kind is MatchKind.RENAMED:
                assert not source.verbatim
    assert not any(match.verbatim or match.is_chance for match in renamed(matches))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("naming", [RENAMED, ALL_RENAMED, EVERYTHING], ids=["local names", "every name", "everything"])
def test_a_renamed_copy_is_reported_with_its_source(index: Index, language: str, naming: Naming) -> None:
    source = short_file(language, 2)
    text = Function(source.seeds[1]).write(language, naming)
    matches = find_matches(index, text, language=language)
    check_sound(index, text, matches)
    (match,) = renamed(matches)
    (told,) = match.sources
    assert told.doc_id == source.doc_id
    assert (told.origin.repo, told.origin.path) == (f"made/{language}", source.path)
    assert (told.start_line, told.end_line) == source.lines_of(1)
    assert match.q_value is not None
    assert match.q_value < 0.005
    assert len(match.span) > 0.97 * len(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exact_copy_is_not_reported_a_second_time(index: Index, language: str) -> None:
    text = Function(short_file(language, 2).seeds[1]).write(language)
    matches = find_matches(index, text, language=language)
    check_sound(index, text, matches)
    (match,) = matches
    assert (match.kind, match.verbatim) == (MatchKind.EXACT, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_exact_and_renamed_copies_stand_side_by_side(index: Index, language: str) -> None:
    first, second = short_file(language, 3), short_file(language, 13)
    exact = Function(first.seeds[0]).write(language)
    text = exact + "\n" + Function(second.seeds[0]).write(language, RENAMED)
    matches = find_matches(index, text, language=language)
    check_sound(index, text, matches)
    by_source = {(source.doc_id, match.kind): match for match in matches for source in match.sources}
    assert by_source[first.doc_id, MatchKind.EXACT].span.start == 0
    assert (first.doc_id, MatchKind.RENAMED) not in by_source
    assert by_source[second.doc_id, MatchKind.RENAMED].span.end >= len(text) - 5
    assert len(by_source[second.doc_id, MatchKind.RENAMED].span) > 0.9 * (len(text) - len(exact))


def least_p(matches: list[Match]) -> float:
    return min((match.p_value for match in matches if match.p_value is not None), default=1.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_code_is_far_less_sure_than_a_copy(index: Index, language: str) -> None:
    unseen, copies = [], []
    for number in range(6):
        text = Function(UNSEEN + 30 + number).write(language)
        matches = find_matches(index, text, language=language)
        check_sound(index, text, matches)
        unseen.append(least_p(matches))
        copied = Function(short_file(language, number).seeds[0]).write(language, RENAMED)
        copies.append(least_p(find_matches(index, copied, language=language)))
    assert max(copies) < min(unseen) / 10, (copies, unseen)


def short_run(text: str) -> str:
    """Return lines of enough words to be hit for certain, and too few characters to count by length alone."""
    lines = text.splitlines(keepends=True)
    for first in range(2, len(lines)):
        for last in range(first + 1, first + 6):
            run = "".join(lines[first:last])
            if len(tokenize(run)) > GUARANTEE and len("".join(run.split())) < 140:
                return run
    raise AssertionError("the function has no such lines")


class Same:
    """A calibration that gives everything the same q-value."""

    unigrams = None

    def __init__(self, q_value: float) -> None:
        self.q_value = q_value

    def significances(
        self, spans: Sequence[ScoredSpan], *, n_tokens: int, language: str | None = None
    ) -> list[Significance]:
        return [Significance(0.5, self.q_value) for _ in spans]


@pytest.mark.parametrize("q_value", [DEFAULT_ALPHA * 1.01, 1.0])
def test_what_may_be_chance_is_marked_or_left_out(
    monkeypatch: pytest.MonkeyPatch, index: Index, q_value: float
) -> None:
    monkeypatch.setattr(match_module, "calibration_of", lambda _: Same(q_value))
    first, second = short_file("python", 4), short_file("python", 5)
    short = short_run(Function(first.seeds[0]).write("python"))
    others = [Function(UNSEEN + number).write("python") for number in (43, 44)]
    touched = Function(second.seeds[0]).write("python", RENAMED)
    with open_index(index.path) as unsure:
        matches = find_matches(unsure, others[0] + short + others[1] + touched, language="python")
        assert [(match.kind, match.is_chance) for match in matches] == [(MatchKind.EXACT, True)]
        # A long exact copy counts whatever the statistics say, and one that is the whole text.
        whole = Function(first.seeds[0]).write("python")
        matches = find_matches(unsure, others[0] + whole + others[1], language="python")
        assert [(match.kind, match.is_chance) for match in matches] == [(MatchKind.EXACT, False)]
        matches = find_matches(unsure, short, language="python")
        assert [(match.kind, match.is_chance) for match in matches] == [(MatchKind.EXACT, False)]


def test_what_is_sure_is_not_marked(monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    monkeypatch.setattr(match_module, "calibration_of", lambda _: Same(DEFAULT_ALPHA))
    first, second = short_file("python", 4), short_file("python", 5)
    short = short_run(Function(first.seeds[0]).write("python"))
    touched = Function(second.seeds[0]).write("python", RENAMED)
    with open_index(index.path) as sure:
        text = Function(UNSEEN + 43).write("python") + short + Function(UNSEEN + 44).write("python") + touched
        matches = find_matches(sure, text, language="python")
    assert not any(match.is_chance for match in matches)
    assert {match.kind for match in matches} == {MatchKind.EXACT, MatchKind.RENAMED}


def test_the_answer_is_the_same_every_time(library_path: Path) -> None:
    text = "".join(
        Function(short_file(language, 8).seeds[0]).write(language, naming)
        for language, naming in (("c", RENAMED), ("c", EVERYTHING), ("java", RENAMED))
    )
    answers = []
    for _ in range(2):
        with open_index(library_path) as index:
            answers.append(find_matches(index, text, language="c"))
    assert answers[0] == answers[1] != []


def test_the_number_of_buckets_changes_no_answer(tmp_path: Path) -> None:
    texts = [Function(300 + number).write("go") for number in range(24)]
    queries = [Function(300 + number).write("go", RENAMED) for number in range(0, 24, 6)]
    answers = []
    for n_buckets in (1, 8):
        path = tmp_path / str(n_buckets)
        files = tuple(made_file(text, path=f"{at}.go") for at, text in enumerate(texts))
        build_index([MadeSource(files)], path, n_buckets=n_buckets, n_workers=1)
        with open_index(path) as index:
            answers.append([find_matches(index, query, language="go") for query in queries])
    assert answers[0] == answers[1]
    assert all(renamed(matches) for matches in answers[0])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index in which twenty documents hold one function under names of their own, two of them the same bytes."""
    made = Function(79, n_statements=14)
    holders = [
        Function(5_000 + number, n_statements=4).write("python")
        + made.write("python", Naming(local=lambda name, number=number: f"{name}_{number}"))
        for number in range(20)
    ]
    others = [Function(7_000 + number, n_statements=3).write("python") for number in range(160)]
    files = tuple(made_file(text, path=f"{at}.py") for at, text in enumerate([*holders, *others]))
    again = made_file(holders[3], repo="made/fork", path="copy.py")
    path = tmp_path_factory.mktemp("many") / "index"
    build_index([MadeSource((*files, again), shard_files=50)], path, n_buckets=2, n_workers=1)
    with open_index(path) as opened:
        yield opened


def test_all_documents_that_hold_a_copy_are_its_sources(many: Index) -> None:
    text = Function(79, n_statements=14).write("python", RENAMED)
    matches = find_matches(many, text, language="python")
    check_sound(many, text, matches)
    (match,) = renamed(matches)
    expected = {("made/repo", f"{number}.py") for number in range(20)} | {("made/fork", "copy.py")}
    assert {(source.origin.repo, source.origin.path) for source in match.sources} == expected
    assert match.n_documents == 20
    in_order = [(source.origin.repo, source.origin.path) for source in match.sources]
    assert in_order == sorted(in_order)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_guessed_where_it_is_not_given(index: Index, language: str) -> None:
    source = short_file(language, 6)
    text = Function(source.seeds[1]).write(language, RENAMED)
    sources = {each.doc_id for match in renamed(find_matches(index, text)) for each in match.sources}
    assert source.doc_id in sources


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "\0", "\ud800 = 1", "é" * 300, "a" * 5_000, "def f(\n" * 30, '"""' + "x " * 300, "\r" * 40],
    ids=lambda text: ascii(text[:6]),
)
def test_any_text_is_answered(index: Index, text: str) -> None:
    for language in (None, "python", "c", "brainfuck"):
        assert all(match.is_chance for match in find_matches(index, text, language=language))


def test_an_index_without_code_is_answered_too(tmp_path: Path) -> None:
    build_index([made_source(["just some words\n", "and some more\n"])], tmp_path / "index", n_workers=1)
    text = Function(1).write("python")
    with open_index(tmp_path / "index") as index:
        assert find_matches(index, text, language="python") == []
    assert len(tokenize(text)) > 50
