"""One check of the page, and every state in which it can end."""

from dataclasses import replace
from typing import Any

import pytest

from codewhence.app.ui import states
from codewhence.app.ui.answer import answer, selected
from codewhence.app.ui.services import Services
from codewhence.errors import FormatError, UsageError
from codewhence.records import CalibrationSummary

LONG_ENOUGH = " ".join(f"word{number}" for number in range(30))


def services(checker: Any, *, said: list[str] | None = None) -> Services:
    ticks = iter([10.0, 10.25])
    return Services(checker, (), clock=lambda: next(ticks), name_error=(said if said is not None else []).append)


def raising(kit: Any, error: Exception) -> Any:
    def script(_text: str) -> list[Any]:
        raise error

    return kit.checker(script)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(None, "There is nothing to check yet", id="nothing"),
        pytest.param("", "There is nothing to check yet", id="empty"),
        pytest.param(" \t\r\n\u2003", "There is nothing to check yet", id="blanks"),
        pytest.param(7, "There is nothing to check yet", id="no text"),
        pytest.param({"path": "/etc/passwd"}, "There is nothing to check yet", id="a file reference"),
        pytest.param("x = 1", "This is 3 tokens; a copy is found for certain from 19 tokens on", id="short"),
        pytest.param(
            "a" * (states.MAX_TEXT_CHARS + 1), "the page takes up to 1,000,000. Nothing was checked.", id="long"
        ),
        pytest.param(LONG_ENOUGH, "No copy was found in the index", id="no match"),
        pytest.param("\ud800 " + LONG_ENOUGH, "Absence is not proof", id="lone surrogate"),
    ],
)
def test_each_state_says_what_it_is(kit: Any, text: object, words: str) -> None:
    found = answer(services(kit.checker(lambda _: [])), text)
    assert words in kit.read_back(found.summary).text
    assert (found.code, found.panel, found.report) == ("", "", None)


def test_what_chance_explains_is_a_number_and_no_mark(kit: Any) -> None:
    document = kit.document("def f(x):\n    return x\n")
    weak = [kit.match(document, at=at, length=9, p_value=0.4, is_chance=True) for at in (0, 20)]
    alone = answer(services(kit.checker(lambda _: weak)), LONG_ENOUGH)
    assert "2 matches are left out: chance explains them." in kit.read_back(alone.summary).text
    assert (alone.code, alone.report) == ("", None)
    strong = kit.match(document, at=40, length=9)
    beside = answer(services(kit.checker(lambda _: [*weak, strong])), LONG_ENOUGH)
    assert "2 matches are left out: chance explains them." in kit.read_back(beside.summary).text
    assert kit.read_back(beside.code).marks == {0: LONG_ENOUGH[40:49]}


def test_what_chances_rest_on_is_said_where_it_is_not_the_index_itself(kit: Any) -> None:
    checker = kit.checker(lambda _: [])
    assert "calibration" not in answer(services(checker), LONG_ENOUGH).summary
    checker.index_summary = replace(kit.index, calibration=CalibrationSummary("default", "one <b> repository"))
    said = kit.read_back(answer(services(checker), LONG_ENOUGH).summary).text
    assert "calibration: the shipped default: one <b> repository" in said


def test_a_text_of_the_limit_is_checked(kit: Any) -> None:
    checked = []
    answer(services(kit.checker(lambda text: checked.append(text) or [])), "a" * states.MAX_TEXT_CHARS)
    assert [len(text) for text in checked] == [states.MAX_TEXT_CHARS]


def test_a_short_text_that_matches_is_no_short_text(kit: Any) -> None:
    document = kit.document("x = 1")
    found = answer(services(kit.checker(lambda _: [kit.match(document, at=0, length=5)])), "x = 1")
    assert "Too short" not in found.summary
    assert kit.read_back(found.code).marks == {0: "x = 1"}


def test_a_match_fills_summary_code_panel_and_report(kit: Any) -> None:
    document = kit.document("def f(x):\n    return x\n")
    checker = kit.checker(lambda _: [kit.match(document, at=2, length=10)], {document.doc_id: document})
    found = answer(services(checker), "\n\ndef f(x):\n    pass\n")
    summary = kit.read_back(found.summary).text
    for expected in (
        "Keep with notice", "48 % of 21 characters matched", "1 exact copy", "MIT permissive 1 match",
        "index invented@01234567 · 4,211 files · opt-outs to 2026-11-20 · 250 ms",
    ):  # fmt: skip
        assert expected in summary
    assert kit.read_back(found.code).marks == {0: "def f(x):\n"}
    assert "invented/queue" in kit.read_back(found.panel).text
    assert found.report is not None


def test_the_kept_report_holds_nothing_of_the_text(kit: Any) -> None:
    document = kit.document("shared = 1")
    found = answer(services(kit.checker(lambda _: [kit.match(document, at=8, length=6)])), "SECRET  shared = 1")
    assert "SECRET" not in repr(found.report)


@pytest.mark.parametrize(
    "error",
    [
        FormatError("bucket-03/text.zst: sha256 is 12ab, expected 34cd. Run: codewhence index verify DIR"),
        UsageError("<b>bold</b> is no text"),
    ],
    ids=["damaged index", "refused"],
)
def test_an_error_raised_on_purpose_is_shown_by_its_message(kit: Any, error: Exception) -> None:
    said: list[str] = []
    found = answer(services(raising(kit, error), said=said), "text")
    page = kit.read_back(found.summary)
    assert str(error) in page.text
    assert "role" in dict(page.tags[0][1])
    assert "b" not in {tag for tag, _ in page.tags}
    assert said == []


def test_an_unforeseen_error_shows_an_id_and_says_nothing_of_the_text(kit: Any) -> None:
    said: list[str] = []
    found = answer(services(raising(kit, ZeroDivisionError("SECRET")), said=said), "SECRET")
    assert len(said) == 1
    assert "ZeroDivisionError at test_answer.py:" in said[0]
    error_id = said[0].split(":")[0].removeprefix("error ")
    assert error_id in kit.read_back(found.summary).text
    assert "SECRET" not in found.summary + said[0]
    assert "Traceback" not in found.summary


@pytest.mark.parametrize("index", [-1, 1, True, "0", None, 0.0, [0]], ids=repr)
def test_a_selection_that_is_no_match_is_answered_with_a_hint(kit: Any, index: object) -> None:
    document = kit.document("x = 1")
    checker = kit.checker(lambda _: [kit.match(document, at=0, length=5)])
    report = checker.check_text("x = 1", path="-")
    assert selected(services(checker), report, index) == states.NO_SELECTION


def test_a_selection_in_a_report_that_is_gone_asks_for_another_check(kit: Any) -> None:
    assert "Check the text again" in selected(services(kit.checker(lambda _: [])), None, 0)


@pytest.mark.parametrize("error", [FormatError("gone"), KeyError("SECRET")], ids=["on purpose", "unforeseen"])
def test_a_selection_survives_an_index_that_breaks(kit: Any, error: Exception) -> None:
    document = kit.document("x = 1")
    checker = kit.checker(lambda _: [kit.match(document, at=0, length=5)])
    report = checker.check_text("x = 1", path="-")

    class Broken(type(checker)):
        def document(self, _doc_id: str) -> None:
            raise error

    said: list[str] = []
    page = selected(services(Broken(checker.script), said=said), report, 0)
    assert "SECRET" not in page + "".join(said)
    assert len(said) == isinstance(error, KeyError)


def test_only_idioms_are_kept_without_a_word_about_licenses(kit: Any) -> None:
    document = kit.document("x = 1", licenses=("GPL-3.0-only",))
    checker = kit.checker(lambda _: [kit.match(document, at=0, length=5, idiom=True)])
    summary = kit.read_back(answer(services(checker), "x = 1").summary).text
    assert "Keep" in summary
    assert "0 %" in summary
    assert "1 ignored" in summary
    assert "GPL" not in summary
