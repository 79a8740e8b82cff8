"""The text of THIRD-PARTY-NOTICES, byte for byte."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.digests import swhid, text_sha256
from codewhence.governance.attribution import attribute, make_report
from codewhence.governance.licenses.notice import third_party_notices
from codewhence.governance.licenses.policy import DEFAULT_POLICY, Policy, parse_policy
from codewhence.records import (
    Document,
    IndexSummary,
    LicenseSource,
    Match,
    MatchKind,
    Origin,
    Report,
    Source,
    Span,
)

INDEX = IndexSummary("demo", "0123456789abcdef" * 4, 3, 4)
TEXT = "line\n" * 100
NOWHERE = Origin("nowhere", "x")


def document(content: str) -> Document:
    return Document(swhid(content.encode()), content, text_sha256(content), (NOWHERE,))


MAPLE_LICENSE = document("The Maple License\n\nCopyright (c) 2019 Maple Inc.\n\nBe kind.\n")
BIRCH_LICENSE = document("\r\n\r\nCopyright [yyyy] [name of copyright owner]\r\nBirch terms.\x1b[2J\r\n\r\n")
TAP = document("# Copyright (c) 2020 Sap Tappers\n\ndef tap():\n    pass\n")
BOIL = document("def boil():\n    pass\n")
LIBRARY = {item.doc_id: item for item in (MAPLE_LICENSE, BIRCH_LICENSE, TAP, BOIL)}


def source(
    *licenses: str,
    repo: str = "maple/syrup",
    path: str = "tap.py",
    held_by: Document = TAP,
    license_files: tuple[str, ...] = (MAPLE_LICENSE.doc_id,),
    revision: str | None = "1.2",
    origin_url: str | None = "https://example.org/syrup",
) -> Source:
    recorded = LicenseSource.RECORDED if licenses else LicenseSource.NOT_RECORDED
    origin = Origin(
        repo,
        path,
        revision=revision,
        licenses=licenses,
        license_source=recorded,
        license_files=license_files,
        origin_url=origin_url,
    )
    return Source(held_by.doc_id, Span(0, 9), 1, 2, origin)


def match(*sources: Source, line: int = 1, n_lines: int = 2, idiom: bool = False) -> Match:
    span = Span((line - 1) * 5, (line + n_lines - 1) * 5)
    return Match(span, MatchKind.EXACT, True, 9, sources, len(sources), idiom)


def report(*matches: Match, path: str = "gen.py", policy: Policy = DEFAULT_POLICY) -> Report:
    return make_report(INDEX, [attribute(TEXT, matches, path=path, policy=policy)])


def notices(made: Report, look_up: Callable[[str], Document | None] = LIBRARY.get) -> str:
    return third_party_notices(made, look_up)


def test_a_copy_under_other_names_is_owed_the_same_notice() -> None:
    exact = match(source("MIT"))
    assert notices(report(replace(exact, kind=MatchKind.RENAMED, verbatim=False))) == notices(report(exact))


def test_what_chance_explains_is_owed_none() -> None:
    weak = replace(match(source("MIT")), is_chance=True)
    assert notices(report(weak)) == notices(report())


def test_golden_notice() -> None:
    made = report(
        match(source("MIT"), source("GPL-3.0-only", repo="oak/acorn"), line=1),
        match(source("MIT", path="boil.py", held_by=BOIL), line=11, n_lines=1),
        match(
            source(
                "Apache-2.0", repo="birch/tree", license_files=(BIRCH_LICENSE.doc_id,), revision=None, origin_url=None
            ),
            line=21,
        ),
        match(source("GPL-3.0-only", repo="oak/acorn"), line=31, n_lines=3),
        match(source(repo="elm/leaf"), line=41),
        match(source("CC0-1.0", repo="free/bird"), line=51),
        match(source("GPL-3.0-only", repo="idiom/common"), line=61, idiom=True),
    )
    assert (
        notices(made)
        == f"""\
THIRD-PARTY NOTICES

Parts of the files named below stand in 2 third-party projects,
as found by codewhence in index demo (0123456789ab).

{"=" * 78}
birch/tree

Revision: not recorded
Address:  not recorded
License:  Apache-2.0
Asks for: attribution, license-text, notice-file, state-changes, patent-termination

Found in:
  gen.py lines 21-22
From:
  tap.py ({TAP.doc_id})

Copyright lines:
  Copyright (c) 2020 Sap Tappers

License text: [1] below.

{"=" * 78}
maple/syrup

Revision: 1.2
Address:  https://example.org/syrup
License:  MIT
Asks for: attribution, license-text

Found in:
  gen.py lines 1-2
  gen.py line 11
From:
  boil.py ({BOIL.doc_id})
  tap.py ({TAP.doc_id})

Copyright lines:
  Copyright (c) 2020 Sap Tappers
  Copyright (c) 2019 Maple Inc.

License text: [2] below.

{"=" * 78}
License texts

{"-" * 78}
[1]

Copyright [yyyy] [name of copyright owner]
Birch terms.[2J

{"-" * 78}
[2]

The Maple License

Copyright (c) 2019 Maple Inc.

Be kind.

{"=" * 78}
Needs attention: these matches are not covered by the notices above

gen.py lines 31-33: rewrite
  The policy denies GPL-3.0-only, in the only place found, and no place offers an allowed license.
  First source: oak/acorn, tap.py lines 1-2

gen.py lines 41-42: unknown license
  No license is recorded, in the only place found.
  First source: elm/leaf, tap.py lines 1-2
"""
    )


@given(order=st.permutations(range(4)))
def test_the_order_of_matches_changes_no_byte(order: list[int]) -> None:
    matches = [
        match(source("MIT"), line=1),
        match(source("MIT", repo="birch/tree", license_files=(BIRCH_LICENSE.doc_id,)), line=11),
        match(source("ISC", repo="birch/tree", held_by=BOIL), line=21),
        match(source("GPL-3.0-only"), line=31),
    ]
    assert notices(report(*(matches[index] for index in order))) == notices(report(*matches))


def test_nothing_kept_with_notice_gives_no_section() -> None:
    text = notices(report(match(source("CC0-1.0"))))
    assert text == (
        "THIRD-PARTY NOTICES\n\nNothing that was matched in index demo (0123456789ab) is kept under a license that "
        "asks for notices.\n"
    )


def test_the_same_license_text_stands_once_however_many_bring_it() -> None:
    copy = document(MAPLE_LICENSE.content.replace("\n", "\r\n"))
    made = report(match(source("MIT")), match(source("MIT", repo="birch/tree", license_files=(copy.doc_id,)), line=11))
    text = notices(made, {**LIBRARY, copy.doc_id: copy}.get)
    assert text.count("Be kind.") == 1
    assert text.count("License text: [1] below.") == 2


def test_missing_license_texts_are_said_to_be_missing() -> None:
    text = notices(report(match(source("MIT", license_files=()))))
    assert "License text: none came with the training set. Take it from the project before you ship." in text
    assert "License texts\n" not in text


def test_unreadable_license_files_are_counted() -> None:
    text = notices(report(match(source("MIT", license_files=(MAPLE_LICENSE.doc_id, "swh:1:cnt:" + "0" * 40)))))
    assert "License text: [1] below.\nLicense files that could not be read: 1. Take them from the project.\n" in text


def test_no_copyright_line_is_invented() -> None:
    text = notices(report(match(source("MIT", held_by=BOIL, license_files=(BIRCH_LICENSE.doc_id,)))))
    assert "Copyright lines: none stand at the head of the source or in a license file.\n" in text


def test_a_training_set_without_any_document_still_gives_a_notice() -> None:
    text = notices(report(match(source("MIT"))), lambda _: None)
    assert "maple/syrup" in text
    assert "Copyright lines: none stand" in text
    assert "License text: none came" in text


def test_revisions_of_a_project_have_a_section_each() -> None:
    made = report(match(source("MIT", revision="1.2")), match(source("MIT", revision="1.3"), line=11))
    assert [line for line in notices(made).splitlines() if line.startswith("Revision")] == [
        "Revision: 1.2",
        "Revision: 1.3",
    ]


def test_several_expressions_of_one_project_all_stand_in_its_section() -> None:
    made = report(match(source("MIT OR GPL-2.0-only")), match(source("ISC", path="b.py"), line=11))
    assert "License:  ISC AND (MIT OR GPL-2.0-only)\n" in notices(made)


def test_only_the_first_source_of_a_match_is_relied_on() -> None:
    text = notices(report(match(source("Apache-2.0", repo="birch/tree"), source("MIT"))))
    assert "maple/syrup" in text
    assert "birch/tree" not in text


def test_accepted_copyleft_is_a_notice_too() -> None:
    accepted = parse_policy('licenses.allow = ["MPL-2.0"]', name="ours")
    text = notices(report(match(source("MPL-2.0")), policy=accepted))
    assert "License:  MPL-2.0\nAsks for: attribution, license-text, patent-termination, source-disclosure" in text


@pytest.mark.parametrize("hostile", ["a\nLicense: MIT", "a\r\n====", "a\x1b[2Jb", "a\u2028b", "a\u202eb"])
def test_names_and_paths_write_no_lines_of_their_own(hostile: str) -> None:
    made = report(match(source("MIT", repo=hostile, path=hostile, revision=hostile, origin_url=hostile)), path=hostile)
    plain = report(match(source("MIT", repo="a", path="a", revision="a", origin_url="a")), path="a")
    text = notices(made)
    assert len(text.splitlines()) == len(notices(plain).splitlines())
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_match_without_sources_needs_attention() -> None:
    text = notices(report(match()))
    assert text.endswith(
        "gen.py lines 1-2: unknown license\n"
        "  The text is known to the membership filter, but no file was found, so its license is not known.\n"
    )
