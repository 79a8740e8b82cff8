"""The panel of the selected match."""

from dataclasses import replace
from typing import Any

import pytest

from codewhence.app.ui.panel import CONTEXT_LINES, EDGE_LINES, FOLDED_CARDS, OPEN_CARDS, panel
from codewhence.records import LicenseSource, MatchKind, Origin

HOSTILE = "</bdi></mark><script>alert(1)</script>"


def shown(kit: Any, document: Any, match: Any, *, documents: Any = None, index: int = 0) -> Any:
    text = " " * match.span.start + "y" * len(match.span)
    report = kit.checker(lambda _: [match]).check_text(text, path="-")
    find = documents or {document.doc_id: document}.get
    return kit.read_back(panel(report, index, find))


def test_the_source_is_named_with_license_revision_and_swhid(kit: Any) -> None:
    document = kit.document("one\ntwo\nthree\n")
    page = shown(kit, document, kit.match(document, at=0, length=7, source_start=4))
    for expected in (
        "invented/queue", "src/queue.py:2-3", "MIT permissive", "as recorded", "revision 1.0",
        f"{document.doc_id};lines=2-3", "keep with notice", "attribution", "license text",
    ):  # fmt: skip
        assert expected in page.text


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        pytest.param("https://example.com/a", True, id="https"),
        pytest.param("http://example.com/a", True, id="http"),
        pytest.param("HTTPS://example.com/a", True, id="upper case"),
        pytest.param("javascript:alert(1)", False, id="javascript"),
        pytest.param("javascript://example.com/%0aalert(1)", False, id="javascript with a host"),
        pytest.param("java\nscript:alert(1)", False, id="javascript with a line end"),
        pytest.param("data:text/html,<script>", False, id="data"),
        pytest.param("file:///etc/passwd", False, id="file"),
        pytest.param("//example.com", False, id="no scheme"),
        pytest.param("https:", False, id="no host"),
        pytest.param("https://[::1", False, id="malformed host"),
        pytest.param("git@example.com:a/b.git", False, id="ssh"),
        pytest.param(None, False, id="not recorded"),
    ],
)
def test_only_addresses_of_the_web_become_links(kit: Any, url: str | None, is_link: bool) -> None:
    document = kit.document("one\ntwo\n", url=url)
    page = shown(kit, document, kit.match(document, at=0, length=3))
    links = [attributes for tag, attributes in page.tags if tag == "a"]
    assert [link["href"] for link in links] == ([url] if is_link else [])
    assert all(link["rel"] == "noopener noreferrer" for link in links)
    assert "invented/queue" in page.text


@pytest.mark.parametrize("field", ["repo", "path", "revision", "forked_from", "origin_url"])
def test_hostile_names_stay_text(kit: Any, field: str) -> None:
    document = kit.document("one\ntwo\n")
    origin = replace(document.origins[0], is_fork=True, **{field: "https://x/" + HOSTILE})
    document = replace(document, origins=(origin,))
    page = shown(kit, document, kit.match(document, at=0, length=3))
    assert "script" not in {tag for tag, _ in page.tags}
    if field != "origin_url":
        assert HOSTILE in page.text


def test_the_source_is_shown_with_five_lines_around(kit: Any) -> None:
    document = kit.document("".join(f"line {number}\n" for number in range(1, 41)))
    start = document.content.index("line 20")
    page = shown(kit, document, kit.match(document, at=0, length=15, source_start=start))
    lines = [int(attributes["data-line"]) for _, attributes in page.tags if "data-line" in attributes]
    assert lines == list(range(20 - CONTEXT_LINES, 22 + CONTEXT_LINES))
    assert page.marks == {0: "line 20\nline 21"}


def test_a_long_match_is_shown_by_its_ends(kit: Any) -> None:
    document = kit.document("line\n" * 200)
    page = shown(kit, document, kit.match(document, at=0, length=5 * 100))
    lines = [int(attributes["data-line"]) for _, attributes in page.tags if "data-line" in attributes]
    assert lines == [*range(1, EDGE_LINES + 1), *range(101 - EDGE_LINES, 101 + CONTEXT_LINES)]
    assert f"{100 - 2 * EDGE_LINES} matched lines not shown" in page.text


@pytest.mark.parametrize("n_sources", [1, OPEN_CARDS, OPEN_CARDS + 1, OPEN_CARDS + FOLDED_CARDS, 200])
def test_more_sources_are_folded_and_counted(kit: Any, n_sources: int) -> None:
    document = kit.document("one\ntwo\n")
    page = shown(kit, document, kit.match(document, at=0, length=3, n_sources=n_sources))
    cards = [attributes for _, attributes in page.tags if attributes.get("class") == "cw-card"]
    assert len(cards) == min(n_sources, OPEN_CARDS + FOLDED_CARDS)
    n_folded = n_sources - OPEN_CARDS
    assert ("more source" in page.text) == (n_folded > 0)
    assert (f"and {n_folded - FOLDED_CARDS:,} more" in page.text) == (n_folded > FOLDED_CARDS)


def test_a_text_that_was_taken_out_is_not_missed(kit: Any) -> None:
    document = kit.document("one\ntwo\n")
    page = shown(kit, document, kit.match(document, at=0, length=3), documents=lambda _: None)
    assert "no longer in the index" in page.text
    assert "invented/queue" in page.text


def test_a_text_that_was_changed_is_not_marked_wrongly(kit: Any) -> None:
    document = kit.document("one\ntwo\n")
    page = shown(kit, document, kit.match(document, at=0, length=7), documents=lambda _: kit.document("one"))
    assert "another than the one that matched" in page.text
    assert page.marks == {}


@pytest.mark.parametrize(
    ("p_value", "said"),
    [(2.7e-5, "1 in 30,000 texts of this length"), (0.0, "under 1 in 1,000,000 texts"), (None, None)],
)
def test_a_renamed_match_shows_its_source_and_how_sure_it_is(kit: Any, p_value: float | None, said: str | None) -> None:
    document = kit.document("def weigh(parcels):\n    return parcels\n")
    match = kit.match(document, at=0, length=30, kind=MatchKind.RENAMED, p_value=p_value)
    page = shown(kit, document, match)
    assert "Renamed copy keep with notice" in page.text
    assert page.marks == {0: document.content[:30]}
    assert ("By chance" in page.text) == (said is not None)
    assert said is None or said in page.text
    titles = [attributes.get("title") or "" for _, attributes in page.tags]
    assert any("p = 2.7e-05, q = 2.7e-05" in title for title in titles) == (p_value == 2.7e-5)


def test_an_ignored_match_says_why_and_has_no_verdict(kit: Any) -> None:
    document = kit.document("one\ntwo\n")
    page = shown(kit, document, kit.match(document, at=0, length=3, idiom=True))
    assert "Common idiom ignored" in page.text
    assert "keep with notice" not in page.text


def test_a_missing_license_is_said(kit: Any) -> None:
    document = kit.document("one\ntwo\n", licenses=())
    page = shown(kit, document, kit.match(document, at=0, length=3))
    assert "license not recorded" in page.text
    assert "permissive" not in page.text


def test_what_is_not_recorded_is_left_out_or_said(kit: Any) -> None:
    document = kit.document("one\ntwo\n")
    bare = Origin("invented/bare", "a.py", licenses=("MIT",), license_source=LicenseSource.DETECTED)
    page = shown(kit, replace(document, origins=(bare,)), kit.match(replace(document, origins=(bare,)), at=0, length=3))
    assert "revision not recorded" in page.text
    assert "as detected" in page.text
    assert "star" not in page.text
