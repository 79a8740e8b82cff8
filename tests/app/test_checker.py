"""A check of any text: offsets and columns slice back to what was matched, in JSON and in SARIF."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.app.checking import check_all
from codewhence.app.formats import json_report, sarif
from codewhence.app.inputs import Input
from codewhence.app.settings import Settings
from codewhence.app.wiring import Checker, open_checker
from codewhence.errors import IndexMissingError, UsageError
from codewhence.records import Report, Span, Unread

# Tabs, every line end, wide and combining characters, emoji beyond the BMP, right-to-left text, a lone surrogate.
_AROUND = st.text(alphabet="a= \t\n\r漢e\u0301👩\u200d💻שלום\u202e\u2028\x0c\ud800", max_size=40)
_LINE_END = re.compile(r"\r\n|\r|\n")


@pytest.fixture(scope="module")
def checker(index_path: Path) -> Iterator[Checker]:
    with open_checker(index_path, settings=Settings()) as opened:
        yield opened


def checked(checker: Checker, *texts: str) -> Report:
    return check_all([Input(f"{number}.py", text) for number, text in enumerate(texts)], checker)


def region(text: str, found: dict[str, int]) -> str:
    """Slice a text by the lines and columns of a SARIF region in code points."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    start = starts[found["startLine"] - 1] + found["startColumn"] - 1
    return text[start : starts[found["endLine"] - 1] + found["endColumn"] - 1]


@settings(max_examples=60, deadline=None)
@given(before=_AROUND, after=_AROUND, line_end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_offsets_and_columns_slice_back_to_the_matched_text(
    checker: Checker, snippets: Any, before: str, after: str, line_end: str
) -> None:
    copy = snippets.mit.replace("\n", line_end)
    text = f"{before}\n{copy}\n{after}"
    report = checked(checker, text)
    (file,) = json.loads(json_report.render(report))["files"]
    match = next(match for match in file["matches"] if match["ignored"] is None)
    sliced = text[match["start"] : match["end"]]
    assert copy.strip() in sliced
    assert sliced.split() == copy.split() or len(sliced) <= len(copy) + len(before) + len(after) + 2
    run = json.loads(sarif.render(report))["runs"][0]
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]
    assert [region(text, found) for found in regions] == [text[each["start"] : each["end"]] for each in file["matches"]]
    lines = [(each["start_line"], each["end_line"]) for each in file["matches"]]
    assert lines == [(found["startLine"], found["endLine"]) for found in regions]


def test_equal_matches_of_a_file_have_different_sarif_fingerprints(checker: Checker, snippets: Any) -> None:
    report = checked(checker, snippets.gpl + snippets.unseen + snippets.gpl)
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(prints) == len(set(prints)) == 2
    assert {print_.rpartition(":")[0] for print_ in prints} == {prints[0].rpartition(":")[0]}


def test_sarif_rules_levels_and_suppressions(checker: Checker, snippets: Any) -> None:
    texts = (snippets.mit, snippets.mit.replace("    ", "\t"), snippets.gpl, snippets.unlicensed, snippets.idiom)
    results = json.loads(sarif.render(checked(checker, *texts)))["runs"][0]["results"]
    assert [(each["ruleId"], each["level"], len(each["suppressions"])) for each in results] == [
        ("exact-match", "warning", 0),
        ("reformatted-match", "warning", 0),
        ("copyleft-match", "error", 0),
        ("exact-match", "warning", 0),
        ("exact-match", "note", 1),
    ]


def test_sarif_bounds_sources_and_results_and_says_so(checker: Checker, snippets: Any) -> None:
    report = checked(checker, snippets.idiom, snippets.gpl)
    (idiom, _) = json.loads(sarif.render(report))["runs"][0]["results"]
    assert len(idiom["relatedLocations"]) == sarif.MAX_RELATED_LOCATIONS
    assert "10 more sources left out" in idiom["message"]["text"]
    run = json.loads(sarif.render(report, max_results=1))["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == ["copyleft-match"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "1 result, the mildest ones, left out" in notification["message"]["text"]


def test_unread_files_are_notifications_of_an_unsuccessful_run(checker: Checker) -> None:
    report = check_all([Unread("a b.bin", "holds NUL bytes")], checker)
    (invocation,) = json.loads(sarif.render(report))["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    (notification,) = invocation["toolExecutionNotifications"]
    location = notification["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "a%20b.bin", "uriBaseId": "SRCROOT"}


def test_only_matches_that_touch_added_spans_are_kept(checker: Checker, snippets: Any) -> None:
    text = snippets.mit + snippets.unseen + snippets.gpl
    at = text.index(snippets.gpl)

    def licenses(*added: Span) -> list[tuple[str, ...]]:
        return [match.licenses for match in checker.check_text(text, path="a.py", added=added).matches]

    assert licenses() == []
    assert licenses(Span(at + 9, at + 10)) == [("GPL-3.0-only",)]
    assert licenses(Span(0, 1), Span(len(text) - 2, len(text))) == [("MIT",), ("GPL-3.0-only",)]


def test_a_document_comes_back_by_its_id(checker: Checker, snippets: Any) -> None:
    match = checker.check_text(snippets.unlicensed, path="-").matches[0].match
    document = checker.document(match.sources[0].doc_id)
    assert document is not None
    assert document.content == snippets.unlicensed


def test_a_checker_needs_an_index(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no index named"):
        open_checker(settings=Settings())
    with pytest.raises(IndexMissingError):
        open_checker(settings=Settings(index=tmp_path / "gone"))
