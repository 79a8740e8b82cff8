"""How sure a match is, what chance explains, and what both rest on: said by every format, once, where it matters."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.app.formats import json_report, markdown, sarif, text
from codewhence.app.formats.wording import odds
from codewhence.app.shown import n_chance_matches
from codewhence.records import (
    AttributedMatch,
    CalibrationSummary,
    FileReport,
    IndexSummary,
    LicenseSource,
    Match,
    MatchKind,
    Origin,
    Report,
    Source,
    Span,
    Verdict,
)

Reports = st.SearchStrategy[Report]


@given(st.floats(0, 1))
def test_odds_are_never_longer_than_the_chance_is(p_value: float) -> None:
    n = int(odds(p_value).rpartition(" ")[2].replace(",", ""))
    assert p_value <= 1 / n
    assert p_value * 2 * n >= 1 or n == 1_000_000


@pytest.mark.parametrize(
    ("p_value", "shown"),
    [
        (1.0, "1 in 1"),
        (0.34, "1 in 2"),
        (0.01, "1 in 100"),
        (2.7e-5, "1 in 30,000"),
        (1e-9, "under 1 in 1,000,000"),
        (0.0, "under 1 in 1,000,000"),
    ],
)
def test_odds_are_said_in_one_digit(p_value: float, shown: str) -> None:
    assert odds(p_value) == shown


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_chance_explains_is_counted_for_people_and_listed_for_programs(
    reports: Reports, data: st.DataObject
) -> None:
    report = data.draw(reports)
    n_chance = n_chance_matches(report)
    listed = [match for file in json.loads(json_report.render(report))["files"] for match in file["matches"]]
    assert sum(match["ignored"] == "chance" for match in listed) == n_chance
    (run,) = json.loads(sarif.render(report))["runs"]
    assert len(run["results"]) == len(listed) - n_chance
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    words = f"{n_chance} {'match' if n_chance == 1 else 'matches'} left out that chance explains"
    for rendered in (
        text.render(report, width_cells=None, color=False),
        markdown.render(report),
        "\n".join(said),
    ):
        assert (words in rendered) == (n_chance > 0)


def _one_match(match: Match, calibration: CalibrationSummary | None = None, *, ignored: str | None = None) -> Report:
    verdict = Verdict.KEEP if ignored else Verdict.KEEP_WITH_NOTICE
    attributed = AttributedMatch(match, 3, 9, 1, 20, "0" * 64, verdict, "No reason.", ("MIT",), ignored=ignored)
    index = IndexSummary("demo", "0" * 64, 1, 1, calibration=calibration)
    return Report(index, (FileReport("a.py", 90, 90, (attributed,), verdict),), verdict)


def _match(kind: MatchKind = MatchKind.RENAMED, *, p_value: float | None = 2.7e-5, is_chance: bool = False) -> Match:
    origin = Origin("maple/kettle", "src/boil.py", licenses=("MIT",), license_source=LicenseSource.RECORDED)
    source = Source("swh:1:cnt:x", Span(0, 9), 4, 11, origin, verbatim=False)
    return Match(
        Span(0, 90), kind, False, 40, (source,), 1, p_value=p_value, q_value=p_value, is_chance=is_chance, bits=99.5
    )


def test_a_renamed_match_says_kind_size_source_surety_and_verdict() -> None:
    report = _one_match(_match())
    row = text.render(report, width_cells=None, color=False).splitlines()[1]
    assert row.split("  ")[1:] == [
        "3:1-9:19",
        "renamed, 40 tokens, chance 1 in 30,000",
        "maple/kettle/src/boil.py:4-11",
        "MIT",
        "keep with notice",
    ]
    cells = "| 3:1-9:19 | renamed, 40 tokens, chance 1 in 30,000 | <code>maple/kettle/src/boil.py:4-11</code> | MIT |"
    assert cells in markdown.render(report)
    (result,) = json.loads(sarif.render(report))["runs"][0]["results"]
    assert result["ruleId"] == "renamed-match"
    assert result["message"]["text"].startswith(
        "Renamed match of 40 tokens in maple/kettle/src/boil.py:4-11 (MIT), chance 1 in 30,000: keep with notice."
    )
    assert {"pValue": 2.7e-5, "qValue": 2.7e-5, "bits": 99.5}.items() <= result["properties"].items()


def test_a_narrow_terminal_says_the_chance_beside_the_source() -> None:
    lines = text.render(_one_match(_match()), width_cells=70, color=False).splitlines()
    assert lines[1:3] == [
        "  3:1-9:19  renamed, 40 tokens  keep with notice",
        "    maple/kettle/src/boil.py:4-11  MIT  chance 1 in 30,000",
    ]


@pytest.mark.parametrize(
    "match",
    [
        pytest.param(_match(MatchKind.EXACT), id="exact: the source says it"),
        pytest.param(_match(p_value=1e-9), id="beyond doubt"),
        pytest.param(_match(p_value=None), id="not asked"),
    ],
)
def test_no_chance_is_said_where_nobody_needs_it(match: Match) -> None:
    report = _one_match(match)
    assert "chance" not in text.render(report, width_cells=None, color=False)
    assert "chance" not in markdown.render(report)


def test_a_file_with_nothing_but_chance_has_no_matches() -> None:
    rendered = text.render(_one_match(_match(is_chance=True), ignored="chance"), width_cells=None, color=False)
    assert rendered.splitlines()[0].startswith("a.py  no matches in 90 characters")
    assert rendered.splitlines()[1:] == [
        "1 match left out that chance explains; --json lists it",
        "verdict: keep   no match is no proof: copies of a few lines and rewritten ones can be missed",
    ]


@pytest.mark.parametrize(
    ("calibration", "said"),
    [
        pytest.param(None, None, id="not asked"),
        pytest.param(CalibrationSummary("own"), None, id="measured on the index"),
        pytest.param(CalibrationSummary("own", is_stale=True), "stale, made before the index last changed", id="stale"),
        pytest.param(
            CalibrationSummary("default", "7 repositories with code"),
            "the shipped default: 7 repositories with code",
            id="default",
        ),
    ],
)
def test_what_chances_rest_on_is_said_once_where_it_is_not_the_index_itself(
    calibration: CalibrationSummary | None, said: str | None
) -> None:
    report = _one_match(_match(), calibration)
    rendered = text.render(report, width_cells=None, color=False)
    assert rendered.count("calibration: ") == (said is not None)
    if said is not None:
        assert f"calibration: {said}\n" in rendered
        assert said.replace(":", "&#58;") in markdown.render(report)
        assert json.loads(sarif.render(report))["runs"][0]["properties"]["calibration"] == said
