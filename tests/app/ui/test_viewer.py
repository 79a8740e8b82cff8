"""The line viewer."""

import json
from typing import Any

from codewhence.app.ui.viewer import CONTEXT_LINES, MAX_LINES, first_match, strongest_first, viewer
from codewhence.records import MatchKind


def numbers(page: Any) -> list[int]:
    return [int(attributes["data-line"]) for _, attributes in page.tags if "data-line" in attributes]


def report_of(kit: Any, text: str, *matches: Any) -> Any:
    return kit.checker(lambda _: matches).check_text(text, path="-")


def view(kit: Any, text: str, matches: list[Any]) -> Any:
    return kit.read_back(viewer(text, report_of(kit, text, *matches)))


def test_a_text_of_the_limit_is_shown_whole(kit: Any) -> None:
    text = "x = 1\n" * MAX_LINES
    page = view(kit, text, [kit.match(kit.document("x = 1"), at=0, length=5)])
    assert numbers(page) == list(range(1, MAX_LINES + 1))
    assert "not shown" not in page.text


def test_a_longer_text_is_shown_around_its_matches_and_says_so(kit: Any) -> None:
    text = "x = 1\n" * (MAX_LINES + 1)
    at = 6 * 3000  # line 3,001
    page = view(kit, text, [kit.match(kit.document("x = 1\n" * 2), at=at, length=12)])
    assert numbers(page) == list(range(3001 - CONTEXT_LINES, 3003 + CONTEXT_LINES))
    assert "5,001 lines, too long to show whole: 20 lines around each match." in page.text
    assert f"Lines 1 to {3000 - CONTEXT_LINES} not shown" in page.text
    assert page.marks == {0: text[at : at + 12]}


def test_regions_that_meet_are_one_region(kit: Any) -> None:
    text = "x = 1\n" * (MAX_LINES + 1)
    matches = [kit.match(kit.document("x = 1\n"), at=6 * line, length=5) for line in (100, 100 + CONTEXT_LINES)]
    assert numbers(view(kit, text, matches)) == list(range(101 - CONTEXT_LINES, 102 + 2 * CONTEXT_LINES))


def test_a_match_longer_than_the_limit_is_cut_with_a_note(kit: Any) -> None:
    text = "x = 1\n" * (MAX_LINES + 100)
    page = view(kit, text, [kit.match(kit.document(text), at=0, length=len(text))])
    assert len(numbers(page)) == MAX_LINES
    assert "codewhence check" in page.text
    assert f"Lines {MAX_LINES + 1} to {MAX_LINES + 100} not shown" in page.text


def test_the_first_match_that_counts_is_selected(kit: Any) -> None:
    text = "alpha beta\ngamma delta\n"
    idiom = kit.match(kit.document("alpha"), at=0, length=5, idiom=True)
    counted = kit.match(kit.document("gamma"), at=11, length=5)
    report = report_of(kit, text, idiom, counted)
    assert first_match(report.matches) == 1
    assert strongest_first(report.matches) == [1, 0]
    tags = kit.read_back(viewer(text, report)).tags
    attributes = next(attributes for _, attributes in tags if "data-labels" in attributes)
    assert attributes["data-selected"] == "1"
    assert json.loads(attributes["data-labels"]) == [
        "Match 1 of 2: common idiom, line 1",
        "Match 2 of 2: exact copy, line 2, keep with notice",
    ]


def test_idioms_alone_select_the_first(kit: Any) -> None:
    text = "alpha beta\n"
    report = report_of(kit, text, kit.match(kit.document("alpha"), at=0, length=5, idiom=True))
    assert first_match(report.matches) == 0


def test_the_graver_of_two_overlapping_matches_decides(kit: Any) -> None:
    text = "alpha beta gamma\n"
    mild = kit.match(kit.document(text), at=0, length=16)
    other = kit.document("beta", doc_id="swh:1:cnt:" + "b" * 40, licenses=("GPL-3.0-only",))
    grave = kit.match(other, at=6, length=4)
    report = report_of(kit, text, mild, grave)
    marks = [attributes for tag, attributes in kit.read_back(viewer(text, report)).tags if tag == "mark"]
    assert [mark["data-matches"] for mark in marks] == ["0", "1 0", "0"]
    assert [mark["class"] for mark in marks] == [
        "cw-is-exact cw-tone-notice", "cw-is-exact cw-tone-rewrite", "cw-is-exact cw-tone-notice",
    ]  # fmt: skip


def test_a_renamed_copy_is_drawn_and_explained_as_one(kit: Any) -> None:
    text = "alpha beta gamma\n"
    page = view(kit, text, [kit.match(kit.document(text), at=0, length=16, kind=MatchKind.RENAMED)])
    assert page.text.count("renamed copy") == 1  # the legend; tooltips are attributes
    (mark,) = [attributes for tag, attributes in page.tags if tag == "mark"]
    assert mark["class"] == "cw-is-renamed cw-tone-notice"
    assert mark["title"] == "Match 1 of 1: renamed copy, line 1, keep with notice"


def test_the_legend_explains_the_lines_that_occur(kit: Any) -> None:
    text = "alpha beta gamma\n"
    reformatted = kit.match(kit.document(text), at=0, length=16, verbatim=False)
    page = view(kit, text, [reformatted])
    assert "reformatted copy" in page.text
    assert "exact copy" not in page.text
