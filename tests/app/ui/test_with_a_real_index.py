"""The page's answers from a real index of invented files."""

from pathlib import Path
from typing import Any

import pytest

from codewhence.app.ui.answer import Answer, answer, selected
from codewhence.app.ui.services import Services
from codewhence.app.wiring import Checker
from codewhence.index.build import build_index
from codewhence.index.sources.folder import FolderSource
from codewhence.index.store import open_index

FUNCTION = """\
def weigh_parcels(parcels, limit):
    total, kept = 0, []
    for parcel in sorted(parcels, key=lambda each: each.weight):
        if total + parcel.weight <= limit:
            kept.append(parcel)
            total += parcel.weight
    return kept, total
"""
OTHERS = "import os\n\nGREETING = 'hello'\n\n\n{}\n\ndef unrelated(value):\n    return os.path.join(value, GREETING)\n"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "parcels"
    folder.mkdir()
    (folder / "weigh.py").write_text(OTHERS.format(FUNCTION), encoding="utf-8")
    (folder / "other.py").write_text("print('nothing of interest')\n", encoding="utf-8")
    build_index([FolderSource(str(folder))], tmp_path / "index", n_workers=1)
    return tmp_path / "index"


def check(index: Path, text: str) -> tuple[Answer, str]:
    with Checker(open_index(index)) as checker:
        services = Services(checker, (), clock=lambda: 0.0, name_error=lambda line: pytest.fail(line))
        found = answer(services, text)
        return found, selected(services, found.report, 0)


def test_a_copy_is_marked_to_the_character_and_shown_in_its_source(kit: Any, index: Path) -> None:
    found, panel = check(index, f"# mine\n\n{FUNCTION}\nprint(weigh_parcels([], 3))\n")
    assert FUNCTION.strip() in kit.read_back(found.code).marks[0]
    assert "exact copy" in kit.read_back(found.summary).text
    source = kit.read_back(panel)
    assert "weigh.py:" in source.text
    assert "license not recorded" in source.text
    assert FUNCTION.strip() in source.marks[0]
    assert "GREETING = 'hello'" in source.text  # the lines around it


def test_a_reformatted_copy_is_marked_as_one(kit: Any, index: Path) -> None:
    tabbed = FUNCTION.replace("    ", "\t").replace("'", '"')
    found, panel = check(index, f"# mine\r\n\r\n{tabbed}".replace("\n", "\r\n").replace("\r\r", "\r"))
    marked = kit.read_back(found.code).marks[0].strip()
    assert marked.startswith("def weigh_parcels")
    assert "\r\n\tfor parcel in sorted" in marked
    assert "reformatted copy" in kit.read_back(found.summary).text
    assert "    for parcel in sorted" in kit.read_back(panel).marks[0]  # as the source has it


def test_a_damaged_index_is_named_and_no_trace_is_shown(kit: Any, index: Path) -> None:
    for damaged in index.glob("bucket-*/text.zst"):
        damaged.write_bytes(bytes(byte ^ 0xFF for byte in damaged.read_bytes()))
    found, _ = check(index, FUNCTION)
    page = kit.read_back(found.summary)
    assert "This could not be checked" in page.text
    assert "text.zst" in page.text
    assert "Traceback" not in page.text
    assert found.report is None


def test_an_index_that_is_removed_while_it_is_open_still_answers(kit: Any, index: Path) -> None:
    with Checker(open_index(index)) as checker:
        for path in index.rglob("*"):
            if path.is_file():
                path.unlink()
        services = Services(checker, (), clock=lambda: 0.0, name_error=lambda line: pytest.fail(line))
        assert FUNCTION.strip() in kit.read_back(answer(services, FUNCTION).code).marks[0]
