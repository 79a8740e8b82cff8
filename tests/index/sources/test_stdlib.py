"""The standard library: all of it, its tests included, under Python's license, without what is installed beside it."""

import platform
import sysconfig
from pathlib import Path

import pytest

from codewhence.index.sources.base import RawFile
from codewhence.index.sources.stdlib import StdlibSource
from codewhence.records import LicenseSource
from tests.index.sources.reading import files_of, write_tree


def test_modules_and_tests_are_read_under_the_license_of_python() -> None:
    paths = files_of(StdlibSource()).keys()
    assert "Lib/json/decoder.py" in paths
    assert not any("site-packages" in path or "__pycache__" in path or "_sysconfigdata" in path for path in paths)
    first = next(item for shard in StdlibSource().shards() for item in shard.read() if isinstance(item, RawFile))
    assert (first.origin.repo, first.origin.revision) == ("python/cpython", platform.python_version())
    assert (first.origin.licenses, first.origin.license_source) == (("PSF-2.0",), LicenseSource.RECORDED)
    assert StdlibSource().describe() == {
        "kind": "stdlib",
        "name": "python/cpython",
        "revision": platform.python_version(),
    }


def test_what_the_build_wrote_and_what_is_installed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"json/decoder.py": "a", "test/test_json.py": "b", "LICENSE.txt": "Python"}
    installed = {"site-packages/x.py": "", "dist-packages/y.py": ""}
    built = {"config-3.11-linux/Makefile": str(tmp_path), "_sysconfigdata__linux.py": str(tmp_path)}
    write_tree(tmp_path, {**kept, **installed, **built})
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    files = files_of(StdlibSource())
    assert sorted(files) == ["Lib/LICENSE.txt", "Lib/json/decoder.py", "Lib/test/test_json.py"]
    assert len(files["Lib/json/decoder.py"].origin.license_files) == 1
