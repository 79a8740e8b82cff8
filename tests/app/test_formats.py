"""Every format holds against every report: no control character, valid by its own standard, nothing lost in JSON."""

import hashlib
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from codewhence.app.formats import json_report, markdown, sarif, text
from codewhence.app.formats.wording import place_of, share_label, source_label, visible
from codewhence.app.shown import for_people
from codewhence.records import (
    AttributedMatch,
    FileReport,
    IndexSummary,
    Match,
    MatchKind,
    Origin,
    Report,
    Source,
    Span,
    Verdict,
)

_SCHEMA = Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"
_STYLE = re.compile(r"\x1b\[\d+m")
Reports = st.SearchStrategy[Report]


@pytest.fixture(scope="session")
def sarif_validator() -> Any:
    return jsonschema.Draft4Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def is_inert(rendered: str) -> bool:
    """Say whether a text holds no character that a terminal obeys, newlines aside."""
    return all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in rendered if c != "\n")


def test_the_vendored_schema_is_the_one_that_oasis_published() -> None:
    digest = hashlib.sha256(_SCHEMA.read_bytes()).hexdigest()
    assert digest == "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


@settings(deadline=None)
@given(st.text())
def test_visible_text_is_inert_and_can_be_encoded(raw: str) -> None:
    shown = visible(raw)
    assert is_inert(shown)
    assert "\n" not in shown
    shown.encode("utf-8")


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_visible_text_leaves_letters_and_signs_alone(raw: str) -> None:
    assert visible(raw) == raw


@settings(max_examples=40, deadline=None)
@given(data=st.data(), width=st.none() | st.integers(1, 200))
def test_text_is_inert_without_color(reports: Reports, data: st.DataObject, width: int | None) -> None:
    assert is_inert(text.render(data.draw(reports), width_cells=width, color=False))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), width=st.none() | st.integers(1, 200))
def test_color_adds_styles_and_nothing_else(reports: Reports, data: st.DataObject, width: int | None) -> None:
    report = data.draw(reports)
    colored = text.render(report, width_cells=width, color=True)
    assert _STYLE.sub("", colored) == text.render(report, width_cells=width, color=False)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_match_rows_fit_eighty_columns(reports: Reports, data: st.DataObject) -> None:
    rendered = text.render(data.draw(reports), width_cells=80, color=False)
    assert all(cell_len(line) <= 80 for line in rendered.splitlines() if line.startswith("  "))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_pipe_gets_every_first_source_unshortened(reports: Reports, data: st.DataObject) -> None:
    report = data.draw(reports)
    rendered = text.render(report, width_cells=None, color=False)
    for file in report.files:
        for match in file.matches:
            if match.match.sources and match.ignored not in {"idiom", "chance"}:
                assert visible(match.match.sources[0].origin.path) in rendered


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_json_keeps_every_span_and_name(reports: Reports, data: st.DataObject) -> None:
    report = data.draw(reports)
    rendered = json_report.render(report)
    assert rendered.isascii()
    value = json.loads(rendered)
    assert value["schema"] == "codewhence.report/1"
    assert [file["path"] for file in value["files"]] == [file.path for file in report.files]
    for file, given_file in zip(value["files"], report.files, strict=True):
        spans = [(match["start"], match["end"]) for match in file["matches"]]
        assert spans == [(match.match.span.start, match.match.span.end) for match in given_file.matches]
        paths = [source["path"] for match in file["matches"] for source in match["sources"]]
        assert paths == [source.origin.path for match in given_file.matches for source in match.match.sources]


@settings(max_examples=40, deadline=None)
@given(data=st.data(), max_results=st.integers(0, 6))
def test_sarif_is_valid_by_its_schema(
    reports: Reports, sarif_validator: Any, data: st.DataObject, max_results: int
) -> None:
    log = json.loads(sarif.render(data.draw(reports), max_results=max_results))
    sarif_validator.validate(log)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_sarif_messages_are_inert_and_hold_no_placeholder_or_link(reports: Reports, data: st.DataObject) -> None:
    run = json.loads(sarif.render(data.draw(reports)))["runs"][0]
    for result in run["results"]:
        for message in (result["message"], *(related["message"] for related in result["relatedLocations"])):
            assert is_inert(message["text"])
            assert is_inert(message["markdown"])
            assert not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}", message["text"])
            assert "](" not in message["text"]
            html = MarkdownIt("commonmark", {"html": True}).enable("table").render(message["markdown"])
            assert set(re.findall(r"</?(\w+)", html)) <= {"p", "code", "strong"}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_sarif_uris_are_ascii_without_blanks(reports: Reports, data: st.DataObject) -> None:
    log = json.loads(sarif.render(data.draw(reports)))
    uris = re.findall(r'"uri": "([^"]*)"', json.dumps(log))
    assert all(re.fullmatch(r"(?:file://)?[A-Za-z0-9._~/%-]*", uri) for uri in uris)


class _Cells(HTMLParser):
    """The tags of a page and the text of its code elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.code: list[str] = []
        self.n_cells = 0
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.add(tag)
        self.n_cells += tag == "td"
        self._in_code = tag == "code"
        if self._in_code:
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code[-1] += data


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_markdown_renders_to_a_table_with_every_name_as_plain_text(reports: Reports, data: st.DataObject) -> None:
    report = data.draw(reports)
    rendered = markdown.render(report)
    assert is_inert(rendered)
    page = _Cells()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(rendered))
    assert page.tags <= {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li"}
    matched = [file for file in for_people(report).files if file.matches]
    assert page.n_cells == sum(5 * len(file.matches) for file in matched)
    for file in matched:
        assert visible(file.path) in page.code
        named = [m for m in file.matches if m.match.sources and m.ignored != "idiom"]
        assert {source_label(match.match.sources[0]) for match in named} <= set(page.code)


def _long_report(n_files: int, n_matches: int, path: str) -> Report:
    """A report of many files, each with one match many times over."""
    origin = Origin(repo="maple/kettle", path=path)
    match = Match(Span(0, 9), MatchKind.EXACT, True, 5, (Source("swh:1:cnt:x", Span(0, 9), 1, 1, origin),), 1)
    attributed = AttributedMatch(match, 1, 1, 1, 10, "0" * 64, Verdict.KEEP_WITH_NOTICE, "No reason.")
    files = [FileReport(f"{n}.py", 9, 9, (attributed,) * n_matches, Verdict.KEEP_WITH_NOTICE) for n in range(n_files)]
    return Report(IndexSummary("demo", "0" * 64, 1, 1), tuple(files), Verdict.KEEP_WITH_NOTICE)


@pytest.mark.parametrize(
    ("n_files", "n_matches", "path", "said"),
    [
        pytest.param(60, 1, "a.py", "10 more files with matches left out", id="many files"),
        pytest.param(1, 130, "a.py", "30 more matches left out", id="many matches"),
        pytest.param(50, 100, "a|" * 9_000, "Cut here: the rest is in the JSON", id="long names"),
    ],
)
def test_markdown_stays_short_enough_for_a_comment_and_says_so(
    n_files: int, n_matches: int, path: str, said: str
) -> None:
    rendered = markdown.render(_long_report(n_files, n_matches, path))
    assert len(rendered) < 65_536
    assert said in rendered
    assert rendered.endswith("Absence of a match is not proof.\n")


def test_a_hint_names_few_files_and_quotes_them() -> None:
    hint = text.render(_long_report(2, 1, "a.py"), width_cells=None, color=False).splitlines()[-1]
    assert hint.endswith("codewhence notice 0.py 1.py > THIRD-PARTY-NOTICES")
    many = text.render(_long_report(4, 1, "a.py"), width_cells=None, color=False)
    assert many.endswith("codewhence notice PATH... > THIRD-PARTY-NOTICES\n")


@pytest.mark.parametrize(
    ("repo", "path", "shown"),
    [
        pytest.param("Sprockets", "sprockets/gear.py", "sprockets/gear.py", id="a package names its folder"),
        pytest.param("maple-syrup", "maple_syrup/tap.py", "maple_syrup/tap.py", id="in another spelling"),
        pytest.param("maple/syrup", "syrup/tap.py", "syrup/tap.py", id="a project of an owner"),
        pytest.param("maple/syrup", "src/tap.py", "maple/syrup/src/tap.py", id="a forge"),
        pytest.param("maple", "maple", "maple/maple", id="a file of that name"),
    ],
)
def test_a_place_names_its_repository_once(repo: str, path: str, shown: str) -> None:
    assert place_of(Origin(repo=repo, path=path)) == shown


@pytest.mark.parametrize(
    ("n_matched", "n_characters", "shown"),
    [(0, 10, "0 %"), (1, 1_000, "under 1 %"), (999, 1_000, "99 %"), (10, 10, "100 %")],
)
def test_a_share_is_0_or_100_percent_only_when_it_is(n_matched: int, n_characters: int, shown: str) -> None:
    assert share_label(FileReport("a.py", n_characters, n_matched, (), Verdict.KEEP)) == shown
