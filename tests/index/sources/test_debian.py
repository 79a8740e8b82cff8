"""Debian source packages: name and version of the changelog, the license of each file from debian/copyright."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.sources.debian import DebianSource
from codewhence.index.sources.debian_copyright import paragraphs_of, read_copyright
from codewhence.index.sources.debian_licenses import joined_expression, spdx_from_short_name
from codewhence.records import LicenseSource, Origin
from tests.index.sources.reading import GPL, MIT, document_id, files_of, write_tree

FORMAT = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
CHANGELOG = "engine (1:2.0~rc1-3) unstable; urgency=medium\n\n  * Made.\n\n -- A. Person <a@example.org>  Thu\n"
CONTROL = "# made\nSource: engine\nHomepage: https://example.org/engine\nVcs-Git: https://salsa.debian.org/a/engine\n"
DEBIAN = {"debian/changelog": CHANGELOG, "debian/control": CONTROL}


def claim(text: str, path: str) -> tuple[tuple[str, ...], str]:
    found = read_copyright(FORMAT + text)
    assert found is not None
    said = found.claim_for(path)
    return said.licenses, said.source.value


def as_field(text: str) -> str:
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Expat", "MIT"),
        ("expat", "MIT"),
        ("GPL-2", "GPL-2.0-only"),
        ("GPL-2+", "GPL-2.0-or-later"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-3.0.0", "GPL-3.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("LGPL-2", "LGPL-2.0-only"),
        ("AGPL-3+", "AGPL-3.0-or-later"),
        ("GFDL-1.3+", "GFDL-1.3-or-later"),
        ("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later"),
        ("GPL-2+ with Autoconf exception", "GPL-2.0-or-later WITH Autoconf-exception-2.0"),
        ("GPL-3+-with-autoconf-exception", "GPL-3.0-or-later WITH Autoconf-exception-3.0"),
        ("GPL-2+ with OpenSSL exception", None),
        ("MIT with Font exception", None),
        ("Apache-2.0", "Apache-2.0"),
        ("BSD-3-clause", "BSD-3-Clause"),
        ("Artistic", "Artistic-1.0-Perl"),
        ("Zlib", "Zlib"),
        ("ISC", "ISC"),
        ("MPL-1.1", "MPL-1.1"),
        ("CC0-1.0", "CC0-1.0"),
        ("MIT", None),
        ("BSD", None),
        ("GPL", None),
        ("GPL-4", None),
        ("LGPL-9+", None),
        ("public-domain", None),
        ("BSD-like", None),
        ("", None),
    ],
)
def test_a_short_name_is_a_license_or_leaves_it_open(name: str, expected: str | None) -> None:
    assert spdx_from_short_name(name) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Expat", "MIT"),
        ("GPL-2+ or Expat", "GPL-2.0-or-later OR MIT"),
        ("GPL-2+ and Expat", "GPL-2.0-or-later AND MIT"),
        ("GPL-2 or Expat and ISC", "GPL-2.0-only OR (MIT AND ISC)"),
        ("GPL-2 or Expat, and ISC", "(GPL-2.0-only OR MIT) AND ISC"),
        ("GPL-2 OR Expat", "GPL-2.0-only OR MIT"),
        ("GPL-2 or public-domain", None),
        ("GPL-2 or", None),
        ("and", None),
        ("GPL-2, Expat", None),
        ("a or " * 400, None),
    ],
)
def test_names_are_joined_as_the_format_says(names: str, expected: str | None) -> None:
    assert joined_expression(names, spdx_from_short_name) == expected


@pytest.mark.parametrize(
    ("path", "licenses"),
    [
        pytest.param("src/a.c", ("GPL-2.0-or-later",), id="everything"),
        pytest.param("lib/b.c", ("MIT",), id="a folder"),
        pytest.param("lib/deep/er/b.c", ("MIT",), id="the star crosses slashes"),
        pytest.param("lib/own.c", ("ISC",), id="the last paragraph holds"),
        pytest.param("x/LIB/b.c", ("GPL-2.0-or-later",), id="from the root, by case"),
        pytest.param("a1.h", ("Zlib",), id="a question mark"),
        pytest.param("a12.h", ("GPL-2.0-or-later",), id="is one character"),
        pytest.param("odd*name", ("Apache-2.0",), id="an escaped star"),
        pytest.param("oddXname", ("GPL-2.0-or-later",), id="matches itself alone"),
        pytest.param("dotted.c", ("BSD-3-Clause",), id="a leading ./"),
        pytest.param("second.c", ("BSD-3-Clause",), id="on the second line"),
        pytest.param("dottedXc", ("GPL-2.0-or-later",), id="a dot is a dot"),
    ],
)
def test_the_last_paragraph_that_matches_holds(path: str, licenses: tuple[str, ...]) -> None:
    text = (
        "\nFiles: *\nCopyright: 2020\nLicense: GPL-2+\n text\n\nFiles: lib/*\nLicense: Expat\n\nFiles: lib/own.c\n"
        "License: ISC\n\nFiles: a?.h\nLicense: Zlib\n\nFiles: odd\\*name\nLicense: Apache-2.0\n\n"
        "Files: ./dotted.c\n second.c\nLicense: BSD-3-clause\n"
    )
    assert claim(text, path) == (licenses, "recorded")


def test_a_file_that_no_paragraph_names_has_no_license() -> None:
    assert claim("License: Expat\n\nFiles: src/*\nLicense: Expat\n", "a.c") == ((), "not_recorded")
    assert claim("\nFiles: *\nCopyright: 2020\n", "a.c") == ((), "not_recorded")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"\nFiles: *\nLicense: MIT\n{as_field(MIT)}\n", (("MIT",), "detected"), id="below the name"),
        pytest.param(
            f"\nFiles: *\nLicense: MIT\n\nLicense: MIT\n{as_field(MIT)}\n", (("MIT",), "detected"), id="stand-alone"
        ),
        pytest.param(
            f"\nFiles: *\nLicense: GPL-2 or BSD-like\n\nLicense: BSD-like\n{as_field(MIT)}\n",
            (("GPL-2.0-only OR MIT",), "detected"),
            id="one of two",
        ),
        pytest.param("\nFiles: *\nLicense: MIT\n Ask us first.\n", ((), "not_recorded"), id="another text"),
        pytest.param("\nFiles: *\nLicense: MIT\n", ((), "not_recorded"), id="no text"),
    ],
)
def test_a_name_that_leaves_it_open_is_read_by_its_text(text: str, expected: tuple[tuple[str, ...], str]) -> None:
    assert claim(text, "a.c") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("This package was made by A. Person.\n\nLicense: MIT\n", id="prose"),
        pytest.param("Upstream-Name: engine\n\nFiles: *\nLicense: Expat\n", id="no format"),
        pytest.param(f"{FORMAT}\nFiles: *\nLicense: Expat\nnot a field\n", id="a line that is no field"),
        pytest.param(f" begins inside\n{FORMAT}", id="begins inside a field"),
    ],
)
def test_what_is_not_machine_readable_is_not_read_as_if_it_were(text: str) -> None:
    assert read_copyright(text) is None


@given(st.text(st.sampled_from("*?\\a/.["), max_size=12), st.text(st.sampled_from("a/.*["), max_size=12))
def test_any_glob_reads_and_a_pattern_of_plain_characters_matches_itself_alone(glob: str, path: str) -> None:
    text = f"\nFiles: {glob}x\nLicense: Expat\n"
    licenses, _ = claim(text, f"{path}x")
    if not set(glob) & set("*?\\"):
        assert bool(licenses) is (f"{glob}x".removeprefix("./") == f"{path}x")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for each in (text, FORMAT + text):
        found = read_copyright(each)
        assert found is None or found.claim_for("a").source in LicenseSource
    assert all(name == name.lower() for paragraph in paragraphs_of(text) for name in paragraph)


def test_many_stars_do_not_keep_the_matcher_busy() -> None:
    assert claim(f"\nFiles: {'*' * 40}a{'*' * 40}b\nLicense: Expat\n", "a" * 3000) == ((), "not_recorded")


def test_each_file_has_the_license_that_debian_records(tmp_path: Path) -> None:
    text = f"{FORMAT}\nFiles: *\nLicense: GPL-2+\n\nFiles: lib/*\nLicense: Expat\n\nFiles: debian/*\nLicense: ISC\n"
    root = write_tree(
        tmp_path / "engine-2.0",
        {
            **DEBIAN,
            "debian/copyright": text,
            "COPYING": GPL,
            "a.c": "a",
            "lib/b.c": "b",
            "lib/c.c": "/* SPDX-License-Identifier: Zlib */",
            "vendor/d.c": "d",
            ".pc/p/a.c": "before",
        },
    )
    source = DebianSource(str(root))
    files = files_of(source)
    assert files["a.c"].origin == Origin(
        repo="engine",
        path="a.c",
        revision="1:2.0~rc1-3",
        licenses=("GPL-2.0-or-later",),
        license_source=LicenseSource.RECORDED,
        license_files=(document_id(text),),
        origin_url="https://example.org/engine",
    )
    assert {path: file.origin.licenses for path, file in files.items()} == {
        "COPYING": ("GPL-2.0-or-later",),
        "a.c": ("GPL-2.0-or-later",),
        "debian/changelog": ("ISC",),
        "debian/control": ("ISC",),
        "debian/copyright": ("ISC",),
        "lib/b.c": ("MIT",),
        "lib/c.c": ("Zlib",),
        "vendor/d.c": ("GPL-2.0-or-later",),
    }
    assert source.describe() == {"kind": "debian", "name": "engine", "revision": "1:2.0~rc1-3"}
    assert source.spec == str(root)


def test_prose_leaves_the_license_to_the_license_files(tmp_path: Path) -> None:
    text = "It was downloaded from example.org.\n"
    root = write_tree(tmp_path, {**DEBIAN, "debian/copyright": text, "LICENSE": MIT, "a.c": "a", "vendor/b.c": "b"})
    files = files_of(DebianSource(str(root)))
    assert (files["a.c"].origin.licenses, files["a.c"].origin.license_source) == (("MIT",), LicenseSource.DETECTED)
    assert files["vendor/b.c"].origin.licenses == ()


@pytest.mark.parametrize(
    ("control", "changelog", "repo", "revision", "url"),
    [
        pytest.param(
            "Source: x\nHomepage: https://github.com/example/engine\n",
            CHANGELOG,
            "example/engine",
            "1:2.0~rc1-3",
            "https://github.com/example/engine",
            id="the homepage is a forge",
        ),
        pytest.param(
            "Source: engine\nVcs-Git: https://salsa.debian.org/a/engine.git -b debian/main\n",
            CHANGELOG,
            "engine",
            "1:2.0~rc1-3",
            "https://salsa.debian.org/a/engine",
            id="the packaging repository alone",
        ),
        pytest.param("Source: engine\n", "damaged", "engine", None, None, id="no first entry"),
        pytest.param("nothing", "", "folder", None, None, id="nothing"),
    ],
)
def test_name_version_and_address(
    tmp_path: Path, control: str, changelog: str, repo: str, revision: str | None, url: str | None
) -> None:
    files: dict[str, str | bytes] = {"debian/control": control, "debian/changelog": changelog, "a.c": "a"}
    origin = files_of(DebianSource(str(write_tree(tmp_path / "folder", files))))["a.c"].origin
    assert (origin.repo, origin.revision, origin.origin_url) == (repo, revision, url)
