"""License and verdict chips."""

from typing import Any

import pytest

from codewhence.app.ui.chips import license_chip


@pytest.mark.parametrize(
    ("expression", "words", "tone"),
    [
        pytest.param("0BSD", "0BSD unconditional", "keep", id="asks for nothing"),
        pytest.param("MIT", "MIT permissive", "notice", id="permissive"),
        pytest.param("LGPL-2.1-only", "LGPL-2.1-only weak copyleft", "rewrite", id="copyleft"),
        pytest.param(
            "MIT OR GPL-3.0-only", "MIT OR GPL-3.0-only permissive", "notice", id="a choice is as mild as its mildest"
        ),
        pytest.param(
            "MIT AND GPL-3.0-only",
            "MIT AND GPL-3.0-only strong copyleft",
            "rewrite",
            id="all of them is as grave as its gravest",
        ),
        pytest.param("LicenseRef-Invented", "LicenseRef-Invented class unknown", "unknown", id="no row in the table"),
        pytest.param(None, "license not recorded", "unknown", id="not recorded is never permissive"),
    ],
)
def test_a_license_says_its_class_in_words_and_hue(kit: Any, expression: str | None, words: str, tone: str) -> None:
    page = kit.read_back(license_chip(expression))
    assert page.text == words
    assert page.tags[0][1]["class"] == f"cw-chip cw-tone-{tone}"


def test_a_hostile_license_is_text(kit: Any) -> None:
    page = kit.read_back(license_chip("<img src=x onerror=alert(1)>"))
    assert "<img src=x onerror=alert(1)>" in page.text
    assert {tag for tag, _ in page.tags} == {"span", "b", "bdi"}
