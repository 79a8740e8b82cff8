"""Statistics add up what the documents say."""

from pathlib import Path

from codewhence.digests import canonical_json
from codewhence.index.build import build_index
from codewhence.index.sources.base import RawFile, Skipped
from codewhence.index.stats import index_stats
from codewhence.index.store import open_index
from codewhence.records import LicenseSource, Origin
from tests.index.made_corpus import MadeSource, made_code


def test_statistics_are_those_of_the_documents(tmp_path: Path) -> None:
    files = (
        RawFile(Origin("ada/engine", "a.py", licenses=("MIT",), license_source=LicenseSource.RECORDED), b"one = 1\n"),
        RawFile(Origin("ada/engine", "b.py"), b"one = 1\n"),
        RawFile(Origin("bo/tools", "c.c"), "größe = 中;\n".encode()),
        RawFile(Origin("bo/tools", "d.unknown-suffix"), made_code(1).encode()),
        Skipped("picture.png", "binary"),
    )
    build_index([MadeSource(files)], tmp_path / "index", n_buckets=2, n_workers=1, training_set="demo")
    stats = index_stats(tmp_path / "index")
    assert (stats["n_documents"], stats["n_files"], stats["n_buckets"]) == (3, 4, 2)
    assert stats["licenses"] == {"not recorded": 3, "MIT": 1}
    assert list(stats["licenses"]) == ["not recorded", "MIT"]
    assert stats["languages"] == {"python": 1, "c": 1, "unknown": 1}
    with open_index(tmp_path / "index") as index:
        contents = [document.content for document in index.documents()]
        assert stats["root"] == index.summary.root
    assert stats["n_text_chars"] == sum(map(len, contents))
    assert stats["n_text_bytes"] == sum(len(content.encode()) for content in contents)
    written = list((tmp_path / "index").glob("bucket-*/*"))
    assert stats["n_index_bytes"] == sum(file.stat().st_size for file in written)
    assert stats["training_set"]["skipped"] == {"binary": 1}
    assert stats["training_set"]["version"] == "demo"
    canonical_json(stats)  # ready for JSON, no float in it
