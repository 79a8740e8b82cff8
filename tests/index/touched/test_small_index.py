"""A copy under other names is found however few documents the index holds."""

from pathlib import Path

import pytest

from codewhence.index.build import build_index
from codewhence.index.match import find_matches
from codewhence.index.sources.folder import FolderSource
from codewhence.index.store import open_index
from codewhence.records import MatchKind

PEEL = """\
def peel(trunk, strip_width_cm, season):
    strips = []
    for ring in trunk.rings(outermost_first=True):
        if ring.is_loose and season in ("spring", "early summer"):
            strips.append(ring.cut(width_cm=strip_width_cm))
        elif ring.age_years > trunk.age_years // 2:
            trunk.mark(ring, depth_mm=ring.width_mm - strip_width_cm * 10)
            break
    return sorted(strips, key=lambda strip: strip.weight_grams)
"""
HARVEST = """\
def harvest(log, size, month):
    found = []
    for layer in log.rings(outermost_first=True):
        if layer.is_loose and month in ("spring", "early summer"):
            found.append(layer.cut(width_cm=size))
        elif layer.age_years > log.age_years // 2:
            log.mark(layer, depth_mm=layer.width_mm - size * 10)
            break
    return sorted(found, key=lambda each: each.weight_grams)
"""


@pytest.mark.parametrize("n_others", [0, 1, 40])
def test_a_renamed_copy_is_found_in_an_index_of_few_documents(tmp_path: Path, n_others: int) -> None:
    folder = tmp_path / "trees"
    folder.mkdir()
    (folder / "peel.py").write_text(PEEL)
    for number in range(n_others):
        (folder / f"other_{number}.py").write_text(f"RINGS_{number} = {number}\n")
    build_index([FolderSource(str(folder))], tmp_path / "index", n_workers=1)
    with open_index(tmp_path / "index") as index:
        (match,) = find_matches(index, HARVEST, language="python")
    assert match.kind is MatchKind.RENAMED
    assert [source.origin.path for source in match.sources] == ["peel.py"]
