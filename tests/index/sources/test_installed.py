"""Installed packages: the files that each one recorded, under its version, repository and license."""

import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

import pytest

from codewhence.index.licensing import spdx_from_expression
from codewhence.index.sources.base import SHARD_BYTES, RawFile
from codewhence.index.sources.installed import InstalledSource
from codewhence.records import LicenseSource
from tests.index.sources.reading import APACHE, GPL, MIT, document_id, files_of, read_all, skipped_of, write_tree


def install(
    site: Path, name: str, files: Mapping[str, str | bytes], *, metadata: str = "", record: str | None = None
) -> None:
    """Put a package into a folder as pip does. ``{info}`` in a path is its metadata folder."""
    info = f"{name}-1.0.dist-info"
    header = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}"
    named = {path.replace("{info}", info): content for path, content in files.items()} | {f"{info}/METADATA": header}
    write_tree(site, named)
    rows = [f"{path},sha256=x,{len(content)}" for path, content in named.items()]
    lines = "\n".join([*rows, f"{info}/RECORD,,"]) if record is None else record
    if lines:
        (site / info / "RECORD").write_text(lines)


def source_of(*sites: Path) -> InstalledSource:
    """Return the packages of some site-packages."""
    return InstalledSource(search_path=[str(site) for site in sites])


def test_a_package_is_read_with_its_version_repository_and_license(tmp_path: Path) -> None:
    install(
        tmp_path,
        "made",
        {
            "made/__init__.py": "x = 1\n",
            "made/__pycache__/__init__.pyc": b"\0",
            "{info}/licenses/LICENSE": MIT,
            "{info}/WHEEL": "w",
        },
        metadata="License-Expression: MIT\nProject-URL: Source, https://github.com/example/made\n",
    )
    files = files_of(source_of(tmp_path))
    assert list(files) == ["made-1.0.dist-info/licenses/LICENSE", "made/__init__.py"]
    origin = files["made/__init__.py"].origin
    assert (origin.repo, origin.revision, origin.origin_url) == (
        "example/made",
        "1.0",
        "https://github.com/example/made",
    )
    assert (origin.licenses, origin.license_source) == (("MIT",), LicenseSource.RECORDED)
    assert origin.license_files == (document_id(MIT),)
    assert skipped_of(source_of(tmp_path)) == {"made/__pycache__/__init__.pyc": "binary"}


def test_license_files_at_the_top_of_the_metadata_count_too(tmp_path: Path) -> None:
    install(
        tmp_path,
        "made",
        {"made.py": "a", "{info}/LICENSE.txt": MIT, "{info}/NOTICE": "By Example.", "{info}/licenses/lib/LICENSE": GPL},
    )
    origin = files_of(source_of(tmp_path))["made.py"].origin
    assert (origin.licenses, origin.license_source) == (("MIT",), LicenseSource.DETECTED)
    # The text in a deeper folder is that of something carried along, not of the package.
    assert set(origin.license_files) == {document_id(MIT), document_id("By Example.")}


def test_what_a_package_carries_along_has_its_own_license_or_none(tmp_path: Path) -> None:
    install(
        tmp_path,
        "made",
        {
            "made/a.py": "a",
            "made/_vendor/bare.py": "b",
            "made/_vendor/named/LICENSE": APACHE,
            "made/_vendor/named/c.py": "c",
            "made/part/LICENSE": GPL,
            "made/part/d.py": "d",
            "made/odd/LICENSE": "Ask us.",
            "made/odd/e.py": "e",
        },
        metadata="License-Expression: MIT\n",
    )
    licenses = {path: file.origin.licenses for path, file in files_of(source_of(tmp_path)).items()}
    assert licenses["made/a.py"] == ("MIT",)
    assert licenses["made/_vendor/bare.py"] == ()
    assert licenses["made/_vendor/named/c.py"] == ("Apache-2.0",)
    assert licenses["made/part/d.py"] == ("GPL-3.0",)
    assert licenses["made/odd/e.py"] == ("MIT",)


def test_packages_come_by_name_and_the_first_on_the_path_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    install(first, "made_b", {"b.py": "first"})
    install(second, "Made-B", {"b.py": "second"})
    install(second, "made-a", {"a.py": "a"})
    (tmp_path / "link").symlink_to(first)
    source = source_of(first, tmp_path / "link", second)
    assert [item.data for item in read_all(source) if isinstance(item, RawFile)] == [b"a", b"first"]
    assert source.describe()["packages"] == ["made-a 1.0", "made_b 1.0"]


def test_files_outside_site_packages_and_local_paths_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("secret")
    outside = ["../secret.py", "made/../../secret.py", f"{tmp_path}/secret.py", "C:/secret.py"]
    inside = ["made.py", "made.pth", "__editable__made.py", "gone.py", "made\\inner.py"]
    record = "\n".join([*(f"{path},," for path in [*outside, *inside]), "", ","])
    files = {"made.py": "a", "made/inner.py": "b", "made.pth": f"{tmp_path}\n", "__editable__made.py": "x"}
    install(tmp_path / "site", "made", files, record=record)
    source = source_of(tmp_path / "site")
    assert list(files_of(source)) == ["made.py", "made/inner.py"]
    assert skipped_of(source) == {"gone.py": "unreadable"}


@pytest.mark.parametrize(
    "record", ["", "made-1.0.dist-info/METADATA,,\n__editable__.made.pth,,\n"], ids=["none", "editable"]
)
def test_a_package_that_records_no_code_gives_none(tmp_path: Path, record: str) -> None:
    install(tmp_path, "made", {"made.py": "a"}, record=record)
    assert read_all(source_of(tmp_path)) == []
    assert source_of(tmp_path).describe()["packages"] == ["made 1.0"]


def test_broken_metadata_does_not_stop_the_others(tmp_path: Path) -> None:
    install(tmp_path, "made", {"made.py": "a"})
    (tmp_path / "broken-1.0.dist-info").mkdir()
    (tmp_path / "odd-1.0.dist-info").mkdir()
    (tmp_path / "odd-1.0.dist-info" / "METADATA").write_text("no header at all")
    assert list(files_of(source_of(tmp_path))) == ["made.py"]
    assert source_of(tmp_path).describe()["packages"] == ["made 1.0"]


def test_small_packages_share_a_shard_and_large_ones_are_cut(tmp_path: Path) -> None:
    for i in range(20):
        install(tmp_path, f"small{i}", {f"small{i}.py": "a"})
    install(tmp_path, "large", {f"large/{i}.txt": b"a" * 1_000_000 for i in range(9)})
    shards = list(source_of(tmp_path).shards())
    assert 3 <= len(shards) <= 5
    assert all(shard.n_bytes <= SHARD_BYTES + 1_000_000 for shard in shards)
    assert len(files_of(source_of(tmp_path))) == 29


def test_the_packages_of_this_python_are_read_and_say_what_they_are() -> None:
    source = InstalledSource()
    names = {(distribution.metadata["Name"] or "").lower().replace("_", "-") for distribution in distributions()}
    described = source.describe()
    assert {entry.rpartition(" ")[0].lower().replace("_", "-") for entry in described["packages"]} == names
    assert not any(path and path in repr(described) for path in sys.path)
    licenses: set[str] = set()
    n_files = 0
    for shard in list(source.shards())[:4]:
        for item in shard.read():
            if isinstance(item, RawFile):
                n_files += 1
                licenses.update(item.origin.licenses)
    assert n_files > 50
    assert all(spdx_from_expression(expression) for expression in licenses)
