"""A .tgz of npm: read as its unpacked folder is; links and climbing names do no harm, damage is an error."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from codewhence.errors import FormatError, UsageError
from codewhence.index.sources.base import MAX_FILE_BYTES
from codewhence.index.sources.npm import NpmSource
from codewhence.index.sources.npm_archive import NpmArchiveSource
from tests.index.sources.reading import GPL, MIT, files_of, skipped_of, write_tree

MANIFEST = json.dumps({"name": "@example/motor", "version": "2.0.0", "license": "MIT", "repository": "example/motor"})


def write_archive(path: Path, files: Mapping[str, str | bytes | None]) -> str:
    """Write a ``.tgz``; ``None`` makes a symbolic link."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            data = content.encode() if isinstance(content, str) else content
            if data is None:
                header.type, header.linkname = tarfile.SYMTYPE, "/etc/passwd"
            header.size = len(data or b"")
            archive.addfile(header, io.BytesIO(data or b""))
    return str(path)


def test_an_archive_of_the_registry_reads_as_its_unpacked_folder_does(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "gpl/COPYING": GPL,
        "gpl/g.js": "g",
        "lib/a.js": "a",
        "LICENSE": MIT,
        "vendor/v.js": "v",
    }
    files |= {"package.json": MANIFEST}
    packed = {f"package/{name}": text for name, text in files.items()}
    source = NpmArchiveSource(write_archive(tmp_path / "motor-2.0.0.tgz", packed))
    unpacked = files_of(NpmSource(str(write_tree(tmp_path / "motor", files))))
    assert files_of(source) == unpacked
    assert set(unpacked) == set(files)
    assert source.describe() == {"kind": "npm", "name": "@example/motor", "revision": "2.0.0"}


def test_links_climbing_names_and_huge_files_of_an_archive_do_no_harm(tmp_path: Path) -> None:
    files = {
        "pkg/package.json": MANIFEST,
        "pkg/link": None,
        "pkg/../../up.js": "up",
        "/pkg/abs.js": "abs",
        "pkg/huge.js": bytes(MAX_FILE_BYTES + 1),
        "pkg/LICENSE": MIT,
    }
    source = NpmArchiveSource(write_archive(tmp_path / "a.tgz", files))
    assert skipped_of(source) == {"huge.js": "too_large"}
    assert set(files_of(source)) == {"package.json", "up.js", "pkg/abs.js", "LICENSE"}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_an_archive_that_is_cut_short_is_an_error_that_names_it(tmp_path: Path, share: float) -> None:
    noise = "".join(f"x{i * i % 99991} = {i}\n" for i in range(3000))
    path = Path(write_archive(tmp_path / "a.tgz", {"package/package.json": MANIFEST, "package/a.js": noise}))
    shards = list(NpmArchiveSource(str(path)).shards())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(FormatError, match=r"'a\.tgz' is no whole \.tgz archive: .*Get it again"):
        NpmArchiveSource(str(path))
    with pytest.raises(FormatError, match=r"'a\.tgz' is no whole \.tgz archive"):
        list(shards[0].read())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "no whole|holds no package.json", id="empty"),
        pytest.param(b"plain text", "no whole", id="no gzip"),
        pytest.param(gzip.compress(b"plain text"), "no whole", id="no tar"),
    ],
)
def test_what_is_no_archive_is_an_error(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.tgz").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        NpmArchiveSource(str(tmp_path / "a.tgz"))


def test_an_archive_of_something_else_or_of_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"holds no package\.json .*Unpack it and give the folder"):
        NpmArchiveSource(write_archive(tmp_path / "a.tgz", {"src/main.c": "a"}))
    with pytest.raises(UsageError, match=r"Cannot read 'gone\.tgz'"):
        NpmArchiveSource(str(tmp_path / "gone.tgz"))
