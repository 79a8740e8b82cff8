"""Licenses: what is said becomes SPDX, what is not said stays unsaid, in expressions, classifiers, tags and files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identify.vendor.licenses import LICENSES

from codewhence.index.license_classifiers import SPDX_BY_CLASSIFIER, license_name, spdx_from_spelling
from codewhence.index.licensing import (
    TAG_BYTES,
    LicenseClaim,
    claim_from_license_files,
    classifiers_allow,
    is_license_filename,
    spdx_from_classifiers,
    spdx_from_expression,
    spdx_keys,
    spdx_tag,
    states_license,
    tagged_claim,
    text_contradicts,
)
from codewhence.records import LicenseSource

TEXTS = dict(LICENSES)
ids = st.sampled_from(["MIT", "Apache-2.0", "GPL-2.0-only", "LGPL-2.1-or-later", "LicenseRef-Example.1"])
expressions = st.recursive(
    ids, lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda part: f"({' '.join(part)})")
)


def classifier(name: str) -> str:
    """Return a license classifier."""
    return f"License :: OSI Approved :: {name}"


@given(expressions)
def test_a_normal_form_is_its_own_normal_form_and_keeps_every_license(expression: str) -> None:
    normal = spdx_from_expression(expression)
    if len(expression) > 1000:
        assert normal is None
        return
    assert normal is not None
    assert spdx_from_expression(normal) == normal
    assert set(spdx_keys(normal)) == {word.strip("()") for word in expression.split() if word not in {"AND", "OR"}}


@given(st.text(max_size=60))
def test_any_text_gives_a_valid_expression_or_none(text: str) -> None:
    expression = spdx_from_expression(text)
    assert expression is None or spdx_keys(expression)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        pytest.param("MIT", "MIT", id="an id"),
        pytest.param("apache-2.0 or mit", "Apache-2.0 OR MIT", id="lower case"),
        pytest.param("(MIT)", "MIT", id="parentheses"),
        pytest.param("GPL-2.0", "GPL-2.0-only", id="deprecated: the list says only"),
        pytest.param("GPL-2.0+", "GPL-2.0-or-later", id="deprecated: plus"),
        pytest.param(
            "GPL-2.0-with-classpath-exception",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            id="deprecated: exception in the id",
        ),
        pytest.param("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception", id="exception"),
        pytest.param("LicenseRef-Example-1.0", "LicenseRef-Example-1.0", id="reference of the source's own"),
        pytest.param("DocumentRef-spdx:LicenseRef-a", "DocumentRef-spdx:LicenseRef-a", id="reference elsewhere"),
        pytest.param("BSD", None, id="a family"),
        pytest.param("Apache 2.0", None, id="words"),
        pytest.param("MIT/X11", None, id="a slash"),
        pytest.param("MIT, Apache-2.0", None, id="a comma"),
        pytest.param("MIT OR", None, id="half an expression"),
        pytest.param("Classpath-exception-2.0", None, id="an exception alone"),
        pytest.param("MIT WITH MIT", None, id="a license as exception"),
        pytest.param("NOASSERTION", None, id="nothing asserted"),
        pytest.param("NONE", None, id="none"),
        pytest.param("LicenseRef-", None, id="empty reference"),
        pytest.param("Proprietary", None, id="a word"),
        pytest.param("", None, id="empty"),
        pytest.param("(" * 400 + "MIT" + ")" * 400, "MIT", id="deep"),
        pytest.param("(" * 5000, None, id="deep and unbalanced"),
        pytest.param("MIT AND " * 5000 + "MIT", None, id="endless"),
    ],
)
def test_expressions(text: str, expression: str | None) -> None:
    assert spdx_from_expression(text) == expression


@pytest.mark.parametrize(
    ("names", "expression"),
    [
        pytest.param(["MIT License"], "MIT", id="one"),
        pytest.param(["GNU General Public License v3 or later (GPLv3+)"], "GPL-3.0-or-later", id="or later"),
        pytest.param(["GNU General Public License v2 (GPLv2)"], "GPL-2.0-only", id="only"),
        pytest.param(["MIT License", "Mozilla Public License 2.0 (MPL 2.0)"], "MIT AND MPL-2.0", id="both apply"),
        pytest.param(["MIT License", "MIT License"], "MIT", id="twice the same"),
        pytest.param(["BSD License"], None, id="family"),
        pytest.param(["Apache Software License"], None, id="version open"),
        pytest.param(["GNU General Public License (GPL)"], None, id="GPL of any version"),
        pytest.param(["GNU Lesser General Public License v2 (LGPLv2)"], None, id="a version that does not exist"),
        pytest.param(["MIT License", "BSD License"], None, id="one of two open"),
        pytest.param(["Some License Of Tomorrow"], None, id="not in the table"),
        pytest.param([], None, id="none"),
    ],
)
def test_classifiers(names: list[str], expression: str | None) -> None:
    assert spdx_from_classifiers(map(classifier, names)) == expression


def test_classifiers_without_a_license_say_nothing() -> None:
    others = ["Programming Language :: Python", "License", "License :: OSI Approved", "License :: DFSG approved"]
    assert spdx_from_classifiers(others) is None
    assert spdx_from_classifiers([*others, classifier("MIT License")]) == "MIT"
    assert spdx_from_classifiers(["License :: Other/Proprietary License", classifier("MIT License")]) is None


def test_the_table_holds_every_license_classifier_and_only_ids_that_spdx_lists() -> None:
    trove = pytest.importorskip("trove_classifiers")
    assert {name for name in map(license_name, trove.classifiers) if name} <= SPDX_BY_CLASSIFIER.keys()
    named = [value for value in SPDX_BY_CLASSIFIER.values() if isinstance(value, str)]
    assert [spdx_from_expression(value) for value in named] == named
    assert not [value for value in named if value.startswith("LicenseRef")]


@pytest.mark.parametrize(
    ("expression", "names", "allowed"),
    [
        pytest.param("BSD-3-Clause", ["BSD License"], True, id="in the family"),
        pytest.param("Apache-2.0 OR BSD-2-Clause", ["Apache Software License", "BSD License"], True, id="two of two"),
        pytest.param("GPL-3.0-only", ["GNU General Public License v3 or later (GPLv3+)"], True, id="suffix aside"),
        pytest.param("Apache-2.0", ["BSD License"], False, id="other family"),
        pytest.param("Apache-2.0", ["MIT License"], False, id="other license"),
        pytest.param("MIT", ["MIT License", "Apache Software License"], False, id="one of two missing"),
        pytest.param("MIT", [], True, id="no classifier"),
        pytest.param("MIT", ["Public Domain"], True, id="a classifier that names no license"),
    ],
)
def test_contradicting_classifiers_are_noticed(expression: str, names: list[str], allowed: bool) -> None:
    assert classifiers_allow(expression, map(classifier, names)) is allowed


@pytest.mark.parametrize(
    ("name", "spdx_id"),
    [
        pytest.param("Apache License, Version 2.0", "Apache-2.0", id="in full"),
        pytest.param("Apache 2.0", "Apache-2.0", id="short"),
        pytest.param("The MIT License (MIT)", None, id="twice named"),
        pytest.param("MIT License", "MIT", id="mit"),
        pytest.param("BSD 2-Clause License", "BSD-2-Clause", id="bsd 2"),
        pytest.param("MPL v2.0", "MPL-2.0", id="version with v"),
        pytest.param("BSD", None, id="bsd of any kind"),
        pytest.param("Apache", None, id="apache of any version"),
        pytest.param("GPLv3", None, id="only or later left open"),
        pytest.param("", None, id="empty"),
    ],
)
def test_names_in_words(name: str, spdx_id: str | None) -> None:
    assert spdx_from_spelling(name) == spdx_id


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        pytest.param("# SPDX-License-Identifier: MIT", "MIT", id="hash"),
        pytest.param(
            "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception", id="slashes"
        ),
        pytest.param(
            " * SPDX-License-Identifier: (GPL-2.0+ OR MIT) */", "GPL-2.0-or-later OR MIT", id="end of comment"
        ),
        pytest.param("<!-- SPDX-License-Identifier: CC0-1.0 -->", "CC0-1.0", id="markup"),
        pytest.param('"""SPDX-License-Identifier: MIT"""', "MIT", id="docstring"),
        pytest.param("dnl SPDX-License-Identifier: ISC", "ISC", id="m4"),
        pytest.param("REM SPDX-License-Identifier: ISC", "ISC", id="batch"),
        pytest.param("-- SPDX-License-Identifier: LicenseRef-Example", "LicenseRef-Example", id="reference"),
        pytest.param("# spdx-license-identifier: mit", "MIT", id="lower case"),
        pytest.param("# SPDX-License-Identifier: MIT\r", "MIT", id="carriage return"),
        pytest.param('line = "SPDX-License-Identifier: MIT"', None, id="a string of a program"),
        pytest.param('    "# SPDX-License-Identifier: MIT",', None, id="a string on a line of its own"),
        pytest.param("print(SPDX-License-Identifier: MIT)", None, id="code before it"),
        pytest.param("# See SPDX-License-Identifier: MIT", None, id="prose before it"),
        pytest.param("# SPDX-License-Identifier: as in LICENSE", None, id="no expression"),
        pytest.param("# SPDX-License-Identifier:", None, id="empty"),
        pytest.param("# SPDX-License: MIT", None, id="another tag"),
    ],
)
def test_tags(line: str, expression: str | None) -> None:
    assert spdx_tag(f"#!/usr/bin/env example\n{line}\ncode\n") == expression


def test_several_tags_all_apply() -> None:
    text = "# SPDX-License-Identifier: MIT\n# SPDX-License-Identifier: MIT OR ISC\n# SPDX-License-Identifier: MIT\n"
    assert spdx_tag(text) == "MIT AND (MIT OR ISC)"


def test_a_tag_far_into_the_file_or_in_a_foreign_snippet_is_not_the_files() -> None:
    tag = "# SPDX-License-Identifier: MIT\n"
    assert spdx_tag(" " * TAG_BYTES + tag) is None
    assert spdx_tag(f"# SPDX-SnippetBegin\n{tag}") is None
    assert spdx_tag(f"# REUSE-IgnoreStart\n{tag}") is None
    assert spdx_tag(f"# SPDX-License-Identifier: ISC\n# REUSE-IgnoreStart\n{tag}") == "ISC"


def test_a_tag_that_cannot_be_read_claims_nothing_instead_of_leaving_the_license_of_the_package() -> None:
    assert tagged_claim("# SPDX-License-Identifier: see LICENSE\n") == LicenseClaim()
    assert tagged_claim("# SPDX-License-Identifier: MIT\n# SPDX-License-Identifier: ?\n") == LicenseClaim()
    assert tagged_claim("no tag\n") is None


@pytest.mark.parametrize(
    ("texts", "licenses"),
    [
        pytest.param({"LICENSE": TEXTS["MIT"]}, ("MIT",), id="one"),
        pytest.param(
            {"LICENSE-APACHE": TEXTS["Apache-2.0"], "LICENSE-MIT": TEXTS["MIT"]}, ("Apache-2.0", "MIT"), id="two"
        ),
        pytest.param({"LICENSE": TEXTS["MIT"], "LICENSE-2": "Ask us."}, (), id="one of two unknown"),
        pytest.param({"LICENSE": TEXTS["MIT"], "NOTICE": "Made by Example."}, ("MIT",), id="notice beside"),
        pytest.param({"LICENSE": TEXTS["MIT"], "LICENSE-3RD-PARTY.txt": "A lot."}, ("MIT",), id="list beside"),
        pytest.param({"NOTICE": TEXTS["MIT"]}, (), id="a notice alone"),
        pytest.param(
            {"COPYING": TEXTS["GPL-3.0"], "COPYING.LESSER": TEXTS["LGPL-3.0"]}, ("LGPL-3.0",), id="GNU's pair"
        ),
        pytest.param({"LICENSE": "SPDX-License-Identifier: ISC\nsee there"}, ("ISC",), id="tag instead of text"),
        pytest.param({"LICENSE": ""}, (), id="empty"),
        pytest.param({}, (), id="none"),
    ],
)
def test_license_files_of_a_folder_all_apply_or_claim_nothing(texts: dict[str, str], licenses: tuple[str, ...]) -> None:
    source = LicenseSource.DETECTED if licenses else LicenseSource.NOT_RECORDED
    assert claim_from_license_files(texts) == LicenseClaim(licenses, source)


@pytest.mark.parametrize(
    ("name", "is_license", "states"),
    [
        ("LICENSE", True, True),
        ("License.txt", True, True),
        ("LICENCE.md", True, True),
        ("LICENSE-MIT", True, True),
        ("LICENSE.APACHE", True, True),
        ("license.gpl", True, True),
        ("MIT-LICENSE.txt", True, True),
        ("UNLICENSE", True, True),
        ("COPYING", True, True),
        ("COPYING.LESSER", True, True),
        ("NOTICE", True, False),
        ("NOTICE.txt", True, False),
        ("COPYRIGHT", True, False),
        ("LICENSE-THIRD-PARTY", True, False),
        ("LICENSE_HEADER.txt", True, False),
        ("license.py", False, True),
        ("license.png", False, True),
        ("licenses.json", False, True),
        ("license_test.go", False, True),
        ("licensing.md", False, False),
        ("copying.c", False, True),
        ("README", False, False),
        ("notices", True, False),
        ("", False, False),
    ],
)
def test_license_files_are_known_by_name(name: str, is_license: bool, states: bool) -> None:
    assert is_license_filename(name) is is_license
    if is_license:
        assert states_license(name) is states


def test_a_text_that_is_none_of_the_recorded_licenses_contradicts() -> None:
    assert text_contradicts("Apache-2.0", "MIT")
    assert not text_contradicts("GPL-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0")
    assert not text_contradicts("MIT AND Zlib", "BSD-3-Clause AND MIT")
