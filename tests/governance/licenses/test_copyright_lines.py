"""Copyright notices: what is one, what only mentions copyright, what is a form to fill in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.governance.licenses.copyright_lines import N_HEAD_LINES, copyright_lines, head_copyright_lines


@given(text=st.text(alphabet="copyrightCOPYRIGHT ©()12019,<>#*/\"'\n-", max_size=200) | st.text())
def test_nothing_is_added_to_what_the_text_says(text: str) -> None:
    squeezed = " ".join(text.split())
    for notice in copyright_lines(text):
        for word in notice.split():
            assert word in squeezed


@given(
    leader=st.sampled_from(["", "# ", "// ", " * ", "/* ", ";; ", "-- ", "% ", '"""', "<!-- ", "dnl ", ".. ", "\t"]),
    sign=st.sampled_from(["Copyright", "Copyright (c)", "Copyright ©", "©", "(C)", "copyright (C)", "COPYRIGHT"]),
    years=st.sampled_from(["2020", "1999-2020", "2019, 2021", "2019 - 2021,", "2018-present"]),
    holder=st.sampled_from(["Maple Syrup Inc.", "Ärlig Björk <bjork@example.org>", "The Sap Authors", "@birch"]),
)
def test_a_notice_is_found_behind_every_comment_sign(leader: str, sign: str, years: str, holder: str) -> None:
    assert copyright_lines(f"{leader}{sign} {years} {holder}") == (f"{sign} {years} {holder}",)


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("Copyright (c) 2010-2020 Maple", None),
        ("Copyright 2020 Maple Inc. All rights reserved.", None),
        ("© 2020 Birch", None),
        ("(C) 2020 Birch", None),
        ("(c) 2008, birch and friends", None),
        ("(c) 2002 by Birch", None),
        ("© 2016 and later: Maple, Inc. and others.", None),
        ("(c) Copyright 2000 Maple.", None),
        ("Copyright(c) 2019 Maple", None),
        ("Copyright (c) Maple Labs AB 1997.", None),
        ("Copyright (c) The Syrup Project", None),
        ("Copyright The Syrup Authors", None),
        ("Copyright the Syrup Authors.", None),
        ("Copyright by Maple and contributors", None),
        (
            "Copyright Maple Enterprises, Inc.  All Rights Reserved.",
            "Copyright Maple Enterprises, Inc. All Rights Reserved.",
        ),
        ("Copyright libsap project contributors. All rights reserved.", None),
        ("Copyright: 2020 Maple", None),
        ("Copyright birch 2011", None),
        ("Portions Copyright (C) 2007 Maple", None),
        ("&copy; 2020 Maple", None),
        ("SPDX-FileCopyrightText: 2020 Maple <m@example.org>", None),
        ("# SPDX-FileCopyrightText: © 2020 Maple", "SPDX-FileCopyrightText: © 2020 Maple"),
        ("/* Copyright 2020 Maple */", "Copyright 2020 Maple"),
        (" * Copyright 2020 Maple", "Copyright 2020 Maple"),
        ("**Copyright 2020 Maple**", "Copyright 2020 Maple"),
        ("<!-- Copyright 2020 Maple -->", "Copyright 2020 Maple"),
        ('"""Copyright 2020 Maple"""', "Copyright 2020 Maple"),
        ("(* Copyright 2020 Maple *)", "Copyright 2020 Maple"),
        ("{- Copyright 2020 Maple -}", "Copyright 2020 Maple"),
        ("' Copyright 2020 Maple", "Copyright 2020 Maple"),
        ("rem Copyright 2020 Maple", "Copyright 2020 Maple"),
        (":copyright: (c) 2014 by the Syrup Team, see AUTHORS.", "copyright: (c) 2014 by the Syrup Team, see AUTHORS."),
        (":copyright: Copyright 2006-present by Maple", "copyright: Copyright 2006-present by Maple"),
        (" @copyright 2020 Maple", "copyright 2020 Maple"),
        ("__copyright__ = '2014-2019, Maple'", "2014-2019, Maple"),
        ('__copyright__ = "Copyright (c) 2014 Maple"', "Copyright (c) 2014 Maple"),
        ("COPYRIGHT 2020 MAPLE", None),
        ("Copyright (c) 2010 Maple (Company of Birch)", None),
        ("Copyright 2020 (c) Maple", None),
    ],
)
def test_notices(line: str, notice: str | None) -> None:
    assert copyright_lines(line) == (notice or line,)


@pytest.mark.parametrize(
    "line",
    [
        "The above copyright notice and this permission notice shall be included in all copies.",
        "copyright notice, this list of conditions and the following disclaimer.",
        "COPYRIGHT HOLDERS AND CONTRIBUTORS BE LIABLE FOR ANY CLAIM",
        "COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE",
        "Copyright holders of new code should use this text.",
        "copyright license to reproduce, prepare Derivative Works of,",
        "Copyright and Related Rights in the Work",
        "COPYRIGHT AND PERMISSION NOTICE",
        "Copyright Notice: see below",
        "Copyright Law of the country",
        "Copyright is owned by Maple",
        "Copyright belongs to Maple",
        "Copyright remains Maple's",
        "Copyright",
        "Copyright:",
        "Copyright 2020",
        "Copyright (c) 1990, 1993",
        "(c) You must retain, in the Source form of any Derivative Works",
        "(c) 2000 copies may be made",
        "copyrighted by Maple in 2020",
        "copyright = '2020, Maple'",
        'COPYRIGHT = "Copyright 2020 Maple"',
        '__copyright__ = "2014 %s" % __author__',
        '__copyright__ = f"2014 {author}"',
        '    return "Copyright 2020 Maple"',
        "This file is Copyright 2020 Maple, we believe",
        "copyright Maple retains",
        "See Copyright (c) 2020 Maple",
        "© ® ™",
        "SPDX-FileCopyrightText:",
        "SPDX-License-Identifier: MIT",
        "Copyright: none",
        "Copyright: unknown",
    ],
)
def test_sentences_that_mention_copyright_are_no_notices(line: str) -> None:
    assert copyright_lines(line) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright {yyyy} {name of copyright owner}",
        "Copyright (c) <year> <copyright holders>",
        "Copyright (C) <year>  <name of author>",
        "Copyright (C) 19yy  name of author",
        "Copyright (c) 20XX Maple",
        "Copyright (c) [year] [fullname]",
        "Copyright (c) {{ year }}, {{ organization }}",
        "Copyright (c) YEAR YOUR NAME.",
        "Copyright (C) YEAR THE PACKAGE'S COPYRIGHT HOLDER",
        "Copyright (c) 2020 [Your Name]",
        "Copyright (c) 2020 <your company>",
        "Copyright 2020 {project}",
        "(c) [yyyy] [name]",
        "SPDX-FileCopyrightText: <year> <owner>",
    ],
)
def test_forms_to_fill_in_are_no_notices(line: str) -> None:
    assert copyright_lines(line) == ()


@pytest.mark.parametrize("address", ["<maple@example.org>", "<https://example.org/>", "(maple@example.org)", "[maple]"])
def test_an_address_in_brackets_is_no_form(address: str) -> None:
    assert copyright_lines(f"Copyright 2020 Maple {address}") == (f"Copyright 2020 Maple {address}",)


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        pytest.param(
            "Copyright (c) 1990, 1993\n\tThe Sap Regents.  All rights reserved.\n\nRedistribution",
            ("Copyright (c) 1990, 1993 The Sap Regents. All rights reserved.",),
            id="holder on the next line",
        ),
        pytest.param(
            " * Copyright 2020 Maple,\n * Birch and\n * Oak\n * This program",
            ("Copyright 2020 Maple, Birch and Oak",),
            id="names over three lines",
        ),
        pytest.param(
            "Copyright 2020 Maple,\nCopyright 2021 Birch",
            ("Copyright 2020 Maple,", "Copyright 2021 Birch"),
            id="one each",
        ),
        pytest.param("Copyright 2020\n\nMaple", (), id="a blank line ends it"),
        pytest.param("Copyright 2020 A\nCopyright 2020 A\n", ("Copyright 2020 A",), id="each once"),
        pytest.param(
            "Copyright 2020 A\r\nCopyright 2021 B\rx", ("Copyright 2020 A", "Copyright 2021 B"), id="line ends"
        ),
    ],
)
def test_notices_of_several_lines(text: str, notices: tuple[str, ...]) -> None:
    assert copyright_lines(text) == notices


def test_the_notice_of_a_license_text_for_itself_is_none_of_the_project() -> None:
    text = (
        "GNU GENERAL PUBLIC LICENSE\n\nCopyright (C) 2007 Some Foundation <https://example.org/>\n"
        "Everyone is permitted to copy and distribute verbatim copies\nof this license document.\n\n"
        "Copyright (C) 2020 Maple\n"
    )
    assert copyright_lines(text) == ("Copyright (C) 2020 Maple",)


def test_lines_that_are_too_long_are_left_out_and_cost_no_time() -> None:
    for line in ("Copyright 2020 Maple " + "and so on " * 40, "Copyright 2020 Maple" + " " * 2_000_000 + "x"):
        started = time.perf_counter()
        assert copyright_lines(line) == ()
        assert time.perf_counter() - started < 1


def test_only_the_head_of_a_source_file_is_read() -> None:
    code = "x = 1\n" * N_HEAD_LINES
    assert head_copyright_lines("# Copyright 2020 Maple\n" + code) == ("Copyright 2020 Maple",)
    assert head_copyright_lines(code[6:] + "# Copyright 2020 Maple\n") == ("Copyright 2020 Maple",)
    assert head_copyright_lines(code + "# Copyright 2020 Maple\n") == ()
