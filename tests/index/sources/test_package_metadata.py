"""Package metadata: the order of trust among what it says of a license, and no license where two contradict."""

from importlib.metadata import PackageMetadata
from pathlib import Path

import pytest

from codewhence.index.licensing import LicenseClaim
from codewhence.index.sources.package_metadata import PackageFacts, package_license, read_facts
from codewhence.records import LicenseSource
from tests.index.sources.reading import APACHE, MIT

RECORDED, DETECTED = LicenseSource.RECORDED, LicenseSource.DETECTED
NONE = LicenseClaim()


def metadata_of(tmp_path: Path, *fields: str) -> PackageMetadata:
    """Return the metadata of a package as Python reads it."""
    from importlib.metadata import PathDistribution

    folder = tmp_path / "made-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.4", "Name: made", "Version: 1.0", *fields]) + "\n\nAbout.\n"
    )
    return PathDistribution(folder).metadata


def classifier(name: str) -> str:
    """Return a line of metadata with a license classifier."""
    return f"Classifier: License :: OSI Approved :: {name}"


@pytest.mark.parametrize(
    ("fields", "texts", "claim"),
    [
        pytest.param(["License-Expression: mit"], {}, LicenseClaim(("MIT",), RECORDED), id="expression"),
        pytest.param(
            ["License-Expression: MIT AND ISC", "License: other"],
            {"LICENSE": MIT},
            LicenseClaim(("MIT AND ISC",), RECORDED),
            id="expression before all",
        ),
        pytest.param([classifier("MIT License")], {}, LicenseClaim(("MIT",), RECORDED), id="classifier"),
        pytest.param(["License: Apache-2.0"], {}, LicenseClaim(("Apache-2.0",), RECORDED), id="field"),
        pytest.param(
            ["License: Apache 2.0", classifier("Apache Software License")],
            {},
            LicenseClaim(("Apache-2.0",), RECORDED),
            id="words",
        ),
        pytest.param(
            ["License: BSD-3-Clause", classifier("BSD License")],
            {},
            LicenseClaim(("BSD-3-Clause",), RECORDED),
            id="field closes what the classifier leaves open",
        ),
        pytest.param(
            ["License: MIT OR Apache-2.0", classifier("MIT License")],
            {},
            LicenseClaim(("MIT OR Apache-2.0",), RECORDED),
            id="field says how two go together",
        ),
        pytest.param(
            ["License: GPL-3.0", classifier("GNU General Public License v3 or later (GPLv3+)")],
            {},
            LicenseClaim(("GPL-3.0-or-later",), RECORDED),
            id="classifier says or later",
        ),
        pytest.param([classifier("BSD License")], {"LICENSE": MIT}, NONE, id="classifier and text contradict"),
        pytest.param([classifier("MIT License")], {"LICENSE": APACHE}, NONE, id="exact classifier and text contradict"),
        pytest.param(["License-Expression: MIT"], {"LICENSE": APACHE}, NONE, id="expression and text contradict"),
        pytest.param(
            ["License: MIT", classifier("Apache Software License")], {}, NONE, id="field and classifier contradict"
        ),
        pytest.param(
            ["License-Expression: Apache-2.0 OR MIT"],
            {"LICENSE-MIT": MIT},
            LicenseClaim(("Apache-2.0 OR MIT",), RECORDED),
            id="text of one of two",
        ),
        pytest.param([], {"LICENSE": MIT}, LicenseClaim(("MIT",), DETECTED), id="text alone"),
        pytest.param(["License: BSD"], {}, NONE, id="a family"),
        pytest.param(
            ["License: UNKNOWN"], {"LICENSE": MIT}, LicenseClaim(("MIT",), DETECTED), id="field that says nothing"
        ),
        pytest.param(
            ["License: " + MIT.replace("\n", "\n        ")],
            {},
            LicenseClaim(("MIT",), DETECTED),
            id="text in the field",
        ),
        pytest.param(
            [classifier("MIT License"), classifier("BSD License")], {}, NONE, id="one of two classifiers open"
        ),
        pytest.param(["License-Expression: Ask us"], {}, NONE, id="no expression"),
        pytest.param(["Classifier: License :: Other/Proprietary License"], {}, NONE, id="proprietary"),
        pytest.param([], {"LICENSE": "Ask us."}, NONE, id="unknown text"),
        pytest.param([], {}, NONE, id="nothing"),
    ],
)
def test_what_is_known_of_a_license(
    tmp_path: Path, fields: list[str], texts: dict[str, str], claim: LicenseClaim
) -> None:
    assert package_license(metadata_of(tmp_path, *fields), texts) == claim


@pytest.mark.parametrize(
    ("fields", "repo", "url"),
    [
        pytest.param(
            [
                "Project-URL: Homepage, https://made.example.org",
                "Project-URL: Source Code, https://github.com/example/made.git",
            ],
            "example/made",
            "https://github.com/example/made",
            id="source",
        ),
        pytest.param(
            [
                "Project-URL: Funding, https://github.com/sponsors/example",
                "Project-URL: Issues, https://github.com/example/made/issues",
            ],
            "example/made",
            "https://github.com/example/made",
            id="issues, and a page of sponsors",
        ),
        pytest.param(
            [
                "Project-URL: Changelog, https://github.com/other/site",
                "Project-URL: Repository, https://gitlab.com/example/made",
            ],
            "example/made",
            "https://gitlab.com/example/made",
            id="the repository before another page",
        ),
        pytest.param(
            ["Home-page: https://www.github.com/example/made/"],
            "example/made",
            "https://github.com/example/made",
            id="home page",
        ),
        pytest.param(
            ["Project-URL: Homepage, https://me:pw@made.example.org/?t=1"],
            "made",
            "https://made.example.org/",
            id="no forge",
        ),
        pytest.param(["Project-URL: Source", "Home-page: UNKNOWN"], "made", None, id="no address"),
        pytest.param([], "made", None, id="nothing"),
    ],
)
def test_where_the_code_of_a_package_is(tmp_path: Path, fields: list[str], repo: str, url: str | None) -> None:
    assert read_facts(metadata_of(tmp_path, *fields)) == PackageFacts("made", "1.0", repo, url)
