"""Packages of npm: a file belongs to the nearest package, under the license that package.json and its text agree on."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.sources.base import RawFile, Source
from codewhence.index.sources.npm import NpmSource, package_of
from codewhence.index.sources.npm_metadata import npm_license, read_npm_facts
from codewhence.records import LicenseSource, Origin
from tests.index.sources.reading import APACHE, GPL, MIT, document_id, read_all, write_tree


def manifest(**fields: Any) -> str:
    return json.dumps({"name": "engine", "version": "1.2.3"} | fields)


def license_of(fields: dict[str, Any], texts: dict[str, str] | None = None) -> tuple[tuple[str, ...], str]:
    facts = read_npm_facts(manifest(**fields).encode(), name="x")
    claim = npm_license(facts, texts or {})
    return claim.licenses, claim.source.value


NOTHING = ((), "not_recorded")


@pytest.mark.parametrize(
    ("fields", "texts", "expected"),
    [
        pytest.param({"license": "MIT"}, {}, (("MIT",), "recorded"), id="an id"),
        pytest.param({"license": "(mit OR Apache-2.0)"}, {}, (("MIT OR Apache-2.0",), "recorded"), id="an expression"),
        pytest.param({"license": {"type": "MIT", "url": "x"}}, {}, (("MIT",), "recorded"), id="an object"),
        pytest.param({"license": "Apache License, Version 2.0"}, {}, (("Apache-2.0",), "recorded"), id="in words"),
        pytest.param({"licence": "ISC"}, {}, (("ISC",), "recorded"), id="British"),
        pytest.param(
            {"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]},
            {},
            (("GPL-2.0-only", "MIT"), "recorded"),
            id="the old array: both",
        ),
        pytest.param({"licenses": [{"type": "MIT"}, {}]}, {}, NOTHING, id="an entry without a type"),
        pytest.param({"licenses": ["MIT", "BSD"]}, {}, NOTHING, id="one that leaves it open"),
        pytest.param({"licenses": [["MIT"], 7]}, {}, NOTHING, id="nonsense"),
        pytest.param({"license": "UNLICENSED"}, {"LICENSE": MIT}, NOTHING, id="UNLICENSED beats the text"),
        pytest.param({"license": ["MIT", "unlicensed"]}, {}, NOTHING, id="UNLICENSED among others"),
        pytest.param({"license": "Unlicense"}, {}, (("Unlicense",), "recorded"), id="the Unlicense is another thing"),
        pytest.param({"license": "SEE LICENSE IN x"}, {}, NOTHING, id="see a file that says nothing"),
        pytest.param({"license": "SEE LICENSE IN x"}, {"LICENSE": MIT}, (("MIT",), "detected"), id="see a file"),
        pytest.param({"license": "SEE LICENSE IN x"}, {"LICENSE": "Pay us."}, NOTHING, id="see terms of their own"),
        pytest.param({}, {"LICENSE": MIT}, (("MIT",), "detected"), id="nothing but a text"),
        pytest.param({}, {}, NOTHING, id="nothing"),
        pytest.param({"license": "MIT"}, {"LICENSE": GPL}, NOTHING, id="the text contradicts"),
        pytest.param({"license": "MIT"}, {"LICENSE": "We."}, (("MIT",), "recorded"), id="the text is not known"),
        pytest.param({"license": "MIT OR GPL-3.0"}, {"LICENSE": GPL}, (("MIT OR GPL-3.0-only",), "recorded"), id="one"),
        pytest.param({"license": "MIT/X11"}, {"LICENSE": MIT}, (("MIT",), "detected"), id="open words, text agrees"),
        pytest.param({"license": "Commercial"}, {"LICENSE": MIT}, NOTHING, id="words of another kind"),
        pytest.param({"license": "GPLv3"}, {"LICENSE": APACHE}, NOTHING, id="words of another family"),
        pytest.param({"license": True}, {}, NOTHING, id="truth"),
        pytest.param({"license": "\ud800"}, {}, NOTHING, id="a lone surrogate"),
    ],
)
def test_a_license_is_recorded_where_nothing_contradicts_it(
    fields: dict[str, Any], texts: dict[str, str], expected: tuple[tuple[str, ...], str]
) -> None:
    assert license_of(fields, texts) == expected


@pytest.mark.parametrize(
    ("fields", "repo", "url"),
    [
        pytest.param(
            {"repository": "example/engine"}, "example/engine", "https://github.com/example/engine", id="short"
        ),
        pytest.param(
            {"repository": "gitlab:example/engine#main"},
            "example/engine",
            "https://gitlab.com/example/engine",
            id="short of another forge",
        ),
        pytest.param(
            {"repository": {"type": "git", "url": "git+https://token@github.com/example/engine.git"}},
            "example/engine",
            "https://github.com/example/engine",
            id="an object, without its token",
        ),
        pytest.param(
            {"repository": "git://git.example.org/a/engine.git"},
            "engine",
            "git://git.example.org/a/engine",
            id="no forge",
        ),
        pytest.param(
            {"repositories": [{"url": "git@github.com:example/engine.git"}]},
            "example/engine",
            "https://github.com/example/engine",
            id="a list",
        ),
        pytest.param({"homepage": "https://example.org/?x=1"}, "engine", "https://example.org/", id="homepage alone"),
        pytest.param({"repository": "gist:11081aaa"}, "engine", None, id="a gist"),
        pytest.param({"repository": 7, "homepage": ["x"]}, "engine", None, id="nonsense"),
        pytest.param({"repository": {"url": "file:///home/somebody/engine"}}, "engine", None, id="a local path"),
    ],
)
def test_the_repository_is_named_as_people_name_it(fields: dict[str, Any], repo: str, url: str | None) -> None:
    facts = read_npm_facts(manifest(**fields).encode(), name="x")
    assert (facts.name, facts.version, facts.repo, facts.url) == ("engine", "1.2.3", repo, url)


@given(st.binary() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_a_manifest_that_is_none_says_nothing(data: bytes) -> None:
    facts = read_npm_facts(data, name="folder")
    assert (facts.name, facts.version, facts.repo, facts.url) == ("folder", None, "folder", None)
    assert npm_license(facts, {}).licenses == ()


@given(
    st.dictionaries(
        st.sampled_from(["name", "version", "license", "licenses", "repository", "homepage"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "url"]), inner),
            max_leaves=6,
        ),
    )
)
def test_any_manifest_makes_an_origin(fields: dict[str, Any]) -> None:
    facts = read_npm_facts(json.dumps(fields).encode(), name="folder")
    claim = npm_license(facts, {})
    Origin(
        repo=facts.repo,
        path="a",
        revision=facts.version,
        licenses=claim.licenses,
        license_source=claim.source,
        origin_url=facts.url,
    )
    assert facts.repo


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with two installed packages, one of them with a package of its own."""
    modules = "node_modules"
    return write_tree(
        tmp_path / "project",
        {
            "package.json": manifest(name="project", license="UNLICENSED"),
            "LICENSE": MIT,
            "src/main.js": "main",
            f"{modules}/.package-lock.json": "{}",
            f"{modules}/.cache/x.js": "x",
            f"{modules}/@example/motor/package.json": manifest(
                name="@example/motor", version="2.0.0", license="MIT", repository="example/motor"
            ),
            f"{modules}/@example/motor/LICENSE": MIT,
            f"{modules}/@example/motor/lib/a.js": "a",
            f"{modules}/@example/motor/vendor/v.js": "v",
            f"{modules}/@example/motor/gpl/COPYING": GPL,
            f"{modules}/@example/motor/gpl/g.js": "g",
            f"{modules}/@example/motor/{modules}/wheel/package.json": manifest(name="wheel", license="ISC"),
            f"{modules}/@example/motor/{modules}/wheel/w.js": "w",
            f"{modules}/@example/motor/zz/z.js": "z",
            f"{modules}/bare/b.js": "b",
            f"{modules}/pear/package.json": "{damaged",
            f"{modules}/pear/p.js": "p",
            f"{modules}/.pnpm/quince@1/{modules}/quince/package.json": manifest(name="quince", license="Zlib"),
            f"{modules}/.pnpm/quince@1/{modules}/quince/q.js": "q",
        },
    )


def by_text(source: Source) -> dict[str, Origin]:
    return {item.data.decode(): item.origin for item in read_all(source) if isinstance(item, RawFile)}


@pytest.mark.parametrize("below", [".", "node_modules"])
def test_every_file_belongs_to_the_nearest_package(tree: Path, below: str) -> None:
    origins = by_text(NpmSource(str(tree / below)))
    motor = Origin(
        repo="example/motor",
        path="lib/a.js",
        revision="2.0.0",
        licenses=("MIT",),
        license_source=LicenseSource.RECORDED,
        license_files=(document_id(MIT),),
        origin_url="https://github.com/example/motor",
    )
    assert origins["a"] == motor
    assert (origins["z"].repo, origins["z"].path, origins["z"].licenses) == ("example/motor", "zz/z.js", ("MIT",))
    assert (origins["w"].repo, origins["w"].path, origins["w"].licenses) == ("wheel", "w.js", ("ISC",))
    assert (origins["q"].repo, origins["q"].path, origins["q"].licenses) == ("quince", "q.js", ("Zlib",))
    assert (origins["b"].repo, origins["b"].path, origins["b"].licenses) == ("bare", "b.js", ())
    assert (origins["p"].repo, origins["p"].path, origins["p"].licenses) == ("pear", "p.js", ())
    assert origins["v"].licenses == ()
    assert (origins["g"].licenses, origins["g"].license_source) == (("GPL-3.0",), LicenseSource.DETECTED)
    assert "x" not in origins


def test_the_project_itself_is_a_package_and_no_file_is_read_twice(tree: Path) -> None:
    (tree / "node_modules/.bin").mkdir()
    (tree / "node_modules/.bin/a").symlink_to("../@example/motor/lib/a.js")
    (tree / "node_modules/quince").symlink_to(".pnpm/quince@1/node_modules/quince")
    source = NpmSource(str(tree))
    main = by_text(source)["main"]
    assert (main.repo, main.revision, main.path, main.licenses) == ("project", "1.2.3", "src/main.js", ())
    assert len(read_all(source)) == 17
    assert source.describe() == {"kind": "npm", "name": "project", "revision": "1.2.3"}
    assert NpmSource(str(tree / "node_modules")).describe() == {"kind": "npm", "name": "node_modules"}


def test_a_folder_with_node_modules_and_no_manifest_is_read_as_a_folder_around_them(tree: Path) -> None:
    (tree / "package.json").unlink()
    main = by_text(NpmSource(str(tree)))["main"]
    assert (main.repo, main.revision, main.licenses) == ("project", None, ("MIT",))


@given(st.lists(st.sampled_from(["a", "@s", "node_modules", ".pnpm"]), max_size=8), st.booleans())
def test_the_package_of_a_folder_lies_around_it_and_is_its_own_package(parts: list[str], is_modules: bool) -> None:
    folder = "/".join(parts)
    package = package_of(folder, is_modules=is_modules)
    assert package == "" or f"{folder}/".startswith(f"{package}/")
    assert package_of(package, is_modules=is_modules) == package
