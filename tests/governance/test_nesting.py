"""Of two readings of one copy, one counts."""

import itertools
from dataclasses import replace

import pytest

from codewhence.governance.attribution import attribute, counts
from codewhence.governance.licenses.policy import DEFAULT_POLICY
from codewhence.governance.nesting import without_other_readings
from codewhence.records import LicenseSource, Match, MatchKind, Origin, Source, Span, Verdict

TEXT = "word " * 200
NUMBERS = itertools.count()


def match(start: int, end: int, *licenses: str) -> Match:
    sources = tuple(
        Source(
            f"swh:1:cnt:{next(NUMBERS):040x}",
            Span(0, end - start),
            1,
            1,
            Origin(f"owner{next(NUMBERS)}/trees", "sap.py", licenses=(name,), license_source=LicenseSource.RECORDED),
        )
        for name in licenses
    )
    return Match(Span(start, end), MatchKind.EXACT, True, (end - start) // 5, sources, len(sources))


@pytest.mark.parametrize(
    ("outer", "inner", "counted", "verdict"),
    [
        pytest.param(
            ["GPL-3.0-only"], ["GPL-3.0-only", "MIT"], "inner", Verdict.KEEP_WITH_NOTICE, id="the permissive original"
        ),
        pytest.param(["MIT"], ["MIT", "GPL-3.0-only"], "outer", Verdict.KEEP_WITH_NOTICE, id="alike: the longer one"),
        pytest.param(["GPL-3.0-only"], ["GPL-3.0-only"] * 2, "outer", Verdict.REWRITE, id="both denied"),
    ],
)
def test_one_of_two_readings_counts(outer: list[str], inner: list[str], counted: str, verdict: Verdict) -> None:
    spans = {"outer": Span(100, 500), "inner": Span(105, 495)}
    matches = [match(100, 500, *outer), match(105, 495, *inner)]
    report = attribute(TEXT, matches, path="sap.py", policy=DEFAULT_POLICY)
    (one,) = [item for item in report.matches if counts(item)]
    assert one.match.span == spans[counted]
    assert report.verdict is verdict
    (other,) = [item for item in report.matches if not counts(item)]
    assert other.ignored == "other reading"
    assert f"{len(one.match.span)} characters" in other.reason


@pytest.mark.parametrize(
    ("inner_start", "inner_end"),
    [
        pytest.param(100, 440, id="sixty characters shorter: a part, not a reading"),
        pytest.param(90, 490, id="sticking out"),
        pytest.param(600, 900, id="elsewhere"),
    ],
)
def test_other_matches_count_both(inner_start: int, inner_end: int) -> None:
    matches = [match(100, 500, "GPL-3.0-only"), match(inner_start, inner_end, "MIT")]
    report = attribute(TEXT, matches, path="sap.py", policy=DEFAULT_POLICY)
    assert [counts(item) for item in report.matches] == [True, True]
    assert report.verdict is Verdict.REWRITE


def test_three_readings_leave_one() -> None:
    matches = [match(100, 500, "MIT"), match(105, 500, "MIT"), match(110, 495, "MIT")]
    report = attribute(TEXT, matches, path="sap.py", policy=DEFAULT_POLICY)
    assert [item.match.span for item in report.matches if counts(item)] == [Span(100, 500)]


def test_an_idiom_with_a_few_words_more_does_not_count_either() -> None:
    idiom = replace(match(105, 495, "MIT", "ISC"), idiom=True)
    report = attribute(TEXT, [match(100, 500, "GPL-3.0-only"), idiom], path="sap.py", policy=DEFAULT_POLICY)
    assert [item.ignored for item in report.matches] == ["other reading", "idiom"]
    assert report.verdict is Verdict.KEEP


def test_of_two_idioms_the_longer_one_stands_for_both() -> None:
    idioms = [replace(match(100, end, "MIT", "ISC"), idiom=True) for end in (500, 490)]
    report = attribute(TEXT, idioms, path="sap.py", policy=DEFAULT_POLICY)
    assert [item.ignored for item in report.matches] == ["idiom", "other reading"]


def test_people_see_each_copy_once() -> None:
    matches = [match(100, 500, "MIT"), match(105, 500, "MIT"), match(600, 900, "ISC")]
    report = attribute(TEXT, matches, path="sap.py", policy=DEFAULT_POLICY)
    assert [item.match.span.start for item in without_other_readings(report).matches] == [100, 600]
    assert len(report.matches) == 3
