"""License texts: each is recognized through what people change in it, and no text that sets other terms is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identify.vendor.licenses import LICENSES

from codewhence.index.license_texts import MAX_LICENSE_CHARS, spdx_from_license_text

TEXTS = dict(LICENSES)
MIT = TEXTS["MIT"].replace("[year] [fullname]", "2019 Example Limited")
BSD = TEXTS["BSD-3-Clause"]
END = "END OF TERMS AND CONDITIONS"
COMMONS_CLAUSE = (
    "The Software is provided to you by the Licensor under the License, as defined below, subject to the following "
    "condition: the grant of rights under the License will not include the right to Sell the Software.\n\n"
)

layouts = st.sampled_from(
    [
        str.upper,
        str.lower,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n")),
        lambda text: "\n".join(f"# {line}" for line in text.splitlines()),
        lambda text: "\n".join(f" * {line}" for line in text.splitlines()),
        lambda text: text.replace('"', "“").replace("'", "’"),  # noqa: RUF001
        lambda text: text.replace("icense", "icence"),
    ]
)


@pytest.mark.parametrize("spdx_id", sorted(TEXTS))
def test_every_known_license_is_itself(spdx_id: str) -> None:
    assert spdx_from_license_text(TEXTS[spdx_id]) == spdx_id


@given(spdx_id=st.sampled_from(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "0BSD"]), layout=layouts)
def test_layout_and_case_do_not_matter(spdx_id: str, layout: Callable[[str], str]) -> None:
    assert spdx_from_license_text(layout(TEXTS[spdx_id])) == spdx_id


@given(st.text(max_size=300))
def test_other_text_is_no_license(text: str) -> None:
    assert spdx_from_license_text(text) is None


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        pytest.param(
            f"Copyright (c) 2001-2020, Example and other contributors (see AUTHORS)\n{BSD}",
            "BSD-3-Clause",
            id="holders",
        ),
        pytest.param(BSD.replace("the copyright holder", "Example Inc.", 1), "BSD-3-Clause", id="holder in a clause"),
        pytest.param(f"# The MIT License (MIT)\n\n{MIT}", "MIT", id="title"),
        pytest.param(f"Example is released under the terms of the MIT license:\n\n{MIT}", "MIT", id="statement"),
        pytest.param(TEXTS["Apache-2.0"].split(END)[0], "Apache-2.0", id="without the appendix and its marker"),
        pytest.param(
            TEXTS["Apache-2.0"].replace("[yyyy] [name of copyright owner]", "2020 Example"),
            "Apache-2.0",
            id="filled in",
        ),
        pytest.param(TEXTS["GPL-3.0"].split(END)[0] + END, "GPL-3.0", id="GPL without how-to"),
        pytest.param(f"{MIT}\n---------\n{BSD}", "BSD-3-Clause AND MIT", id="two in one file"),
        pytest.param(f"{MIT}\n{MIT}", "MIT", id="twice"),
    ],
)
def test_what_people_change_does_not_hide_a_license(text: str, expression: str) -> None:
    assert spdx_from_license_text(text) == expression


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MIT.replace("The above", "The Software shall be used for Good, not Evil.\nThe above"), id="JSON"),
        pytest.param(COMMONS_CLAUSE + TEXTS["Apache-2.0"], id="Commons Clause before Apache"),
        pytest.param(COMMONS_CLAUSE + TEXTS["GPL-3.0"], id="Commons Clause before GPL"),
        pytest.param(TEXTS["GPL-2.0"] + "\nAs a special exception, linking is allowed.\n", id="linking exception"),
        pytest.param(MIT.replace("free of charge", "free of charge, for noncommercial purposes"), id="one word"),
        pytest.param(
            MIT.replace("2019 Example Limited", "2019 Example Limited. Commercial use prohibited."), id="holder line"
        ),
        pytest.param(MIT.replace("subject to the following conditions:", "."), id="a condition less"),
        pytest.param(
            MIT + "\nExcept as contained in this notice, the name shall not be used in advertising.\n", id="X11"
        ),
        pytest.param(MIT + "\nor, at your option, under the GPL.\n", id="a choice"),
        pytest.param(MIT + "\n商用禁止\n", id="a script that is not read"),
        pytest.param(MIT + "\nThe files in vendor/ are under other licenses.\n", id="other files"),
        pytest.param("Example is released under the terms of the GPL license.\n\n" + MIT, id="names another license"),
        pytest.param(
            BSD.replace("3. Neither", "3. All advertising must display: made by X.\n4. Neither"),
            id="advertising clause",
        ),
        pytest.param(MIT[: len(MIT) // 2], id="half a license"),
        pytest.param("Licensed under the MIT License.", id="a mention"),
        pytest.param(" ".join(reversed(TEXTS["GPL-3.0"].split())), id="the words alone"),
        pytest.param("the " * (MAX_LICENSE_CHARS // 4 + 1), id="endless"),
        pytest.param("", id="empty"),
    ],
)
def test_a_text_with_other_terms_is_not_the_license(text: str) -> None:
    assert spdx_from_license_text(text) is None
