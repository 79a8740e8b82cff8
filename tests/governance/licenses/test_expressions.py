"""Reading license expressions: canonical spelling, renamed ids, and what cannot be read."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.governance.licenses.expressions import (
    Expression,
    Group,
    Operator,
    Term,
    conjunction,
    is_listed_by_spdx,
    parse_expression,
)

terms = st.sampled_from(
    [
        Term("MIT"),
        Term("GPL-2.0-or-later"),
        Term("Apache-2.0", "LLVM-exception"),
        Term("LicenseRef-maple"),
        Term("MPL-2.0+"),
    ]
)


def groups(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Group, st.sampled_from(Operator), st.lists(parts, min_size=2, max_size=3).map(tuple))


def flattened(expression: Expression) -> Expression:
    """Merge groups of one operator, which have no meaning of their own."""
    if isinstance(expression, Term):
        return expression
    parts: list[Expression] = []
    for part in map(flattened, expression.parts):
        parts += part.parts if isinstance(part, Group) and part.operator is expression.operator else (part,)
    return Group(expression.operator, tuple(parts))


@given(expression=st.recursive(terms, groups, max_leaves=8))
def test_what_is_written_reads_back_the_same(expression: Expression) -> None:
    assert flattened(parse_expression(expression.text)) == flattened(expression)


@given(text=st.text() | st.text(alphabet="()ANDORWITHmit +-\t\n\0:/é", max_size=40))
def test_no_text_makes_reading_fail(text: str) -> None:
    expression = parse_expression(text)
    assert expression.text
    assert expression.text.isprintable()


@given(
    parts=st.lists(
        st.sampled_from(["(", ")", "AND", "OR", "WITH", "MIT", "LLVM-exception", "x/y", "+", "not", "TRUE", "1"]),
        max_size=8,
    )
)
def test_no_order_of_tokens_makes_reading_fail(parts: list[str]) -> None:
    assert parse_expression(" ".join(parts)).text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("mit", "MIT", id="case"),
        pytest.param("  MIT\n", "MIT", id="blanks around"),
        pytest.param("mit or (gpl-2.0+ and isc)", "MIT OR (GPL-2.0-or-later AND ISC)", id="nested"),
        pytest.param("(MIT)", "MIT", id="parentheses around one"),
        pytest.param("MIT AND ISC OR Zlib", "(MIT AND ISC) OR Zlib", id="AND binds before OR"),
        pytest.param("GPL-2.0", "GPL-2.0-only", id="renamed id"),
        pytest.param("LGPL-2.1+", "LGPL-2.1-or-later", id="renamed id with plus"),
        pytest.param("deprecated_AGPL-3.0", "AGPL-3.0-only", id="as The Stack v1 spells it"),
        pytest.param("gpl-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0", id="split id"),
        pytest.param("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception", id="exception"),
        pytest.param("Apache-2.0+", "Apache-2.0+", id="any later version"),
        pytest.param("MPL-2.0-no-copyleft-exception", "MPL-2.0-no-copyleft-exception", id="id that sounds like one"),
        pytest.param("LicenseRef-Maple-1", "LicenseRef-Maple-1", id="license reference"),
        pytest.param("DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b", id="reference into a document"),
    ],
)
def test_ids_are_brought_to_their_canonical_spelling(text: str, canonical: str) -> None:
    assert parse_expression(text).text == canonical


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("MIT License", "MIT License", id="name and not id"),
        pytest.param("MIT/Apache-2.0", "MIT/Apache-2.0", id="slash"),
        pytest.param("MIT OR", "MIT OR", id="missing part"),
        pytest.param("(MIT", "(MIT", id="open parenthesis"),
        pytest.param("()", "()", id="empty group"),
        pytest.param("( AND MIT", "( AND MIT", id="operator opens a group"),
        pytest.param("MIT\0\x1b[31m", "MIT [31m", id="control characters"),
        pytest.param("", "NOASSERTION", id="empty"),
        pytest.param(" \n", "NOASSERTION", id="only blanks"),
        pytest.param("x " * 3_000, "x " * 99 + "x …", id="too long"),
        pytest.param("(" * 60 + "MIT" + ")" * 60, "(" * 60 + "MIT" + ")" * 60, id="too deep"),
        pytest.param("MIT WITH Commons-Clause", "MIT WITH Commons-Clause", id="exception that nobody lists"),
        pytest.param("MIT WITH Apache-2.0", "MIT WITH Apache-2.0", id="license as exception"),
        pytest.param("+", "+", id="plus alone"),
    ],
)
def test_unreadable_text_is_one_unknown_license(text: str, shown: str) -> None:
    assert parse_expression(text) == Term(shown)


def test_an_exception_that_nobody_lists_spoils_only_its_own_arm() -> None:
    expression = parse_expression("MIT OR Apache-2.0 WITH Commons-Clause")
    assert expression == Group(Operator.OR, (Term("MIT"), Term("Apache-2.0 WITH Commons-Clause")))


def test_a_thousand_pluses_are_no_recursion() -> None:
    assert parse_expression("MIT" + "+" * 3_000).text == "MIT+"


@pytest.mark.parametrize(
    ("licenses", "text"),
    [
        pytest.param(("MIT",), "MIT", id="one"),
        pytest.param(("MIT", "mit", "MIT"), "MIT", id="repeated"),
        pytest.param(("MIT", "Apache-2.0 AND ISC", "ISC"), "MIT AND Apache-2.0 AND ISC", id="flat"),
        pytest.param(("MIT OR ISC", "Zlib"), "(MIT OR ISC) AND Zlib", id="choice inside"),
    ],
)
def test_several_licenses_all_apply(licenses: tuple[str, ...], text: str) -> None:
    assert conjunction(licenses).text == text


@pytest.mark.parametrize(
    ("license_id", "is_listed"),
    [
        ("MIT", True),
        ("GPL-2.0", True),
        ("glide", True),
        ("Classpath-exception-2.0", False),
        ("MIT-maple", False),
        ("", False),
    ],
)
def test_spdx_lists_licenses_and_not_exceptions(license_id: str, is_listed: bool) -> None:
    assert is_listed_by_spdx(license_id) is is_listed


def test_a_plain_id_loads_no_index_of_licenses() -> None:
    script = (
        "import sys; from codewhence.governance.licenses.expressions import parse_expression as p; p('MIT');"
        "assert 'license_expression' not in sys.modules; p('MIT OR ISC'); assert 'license_expression' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
