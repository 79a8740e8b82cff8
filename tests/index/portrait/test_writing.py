"""The portrait of an index: bit-identical after a removal, stamped with its root, never trusted when stale."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from codewhence.errors import FormatError
from codewhence.index.build import add_to_index, build_index
from codewhence.index.manifest import read_manifest
from codewhence.index.overlay.compaction import compact_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.portrait.chains import find_passages
from codewhence.index.portrait.folder import FILE_NAME, FOLDER_NAME, read_portrait_file
from codewhence.index.portrait.opened import filter_of
from codewhence.index.portrait.possible import untold_passages
from codewhence.index.portrait.tiles import distinct_tiles
from codewhence.index.portrait.writing import bucket_folders, kept_capacity, make_filter, write_portrait
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from tests.index.made_corpus import made_source

TEXTS = {
    f"{name}.py": "".join(f"{name}_{n} = {verb}({name}_{n + 1}, {n * n})  # {verb} the {name}\n" for n in range(40))
    for name, verb in (("hull", "caulk"), ("mast", "step"), ("sail", "reef"), ("helm", "turn"))
}
MORE = {"keel.py": "".join(f"keel_{n} = lay(keel_{n * 3}, along={n})\n" for n in range(60))}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    build_index([made_source([*TEXTS.values()])], path, n_buckets=2, n_workers=1)
    write_portrait(path, n_workers=1)
    return path


def doc_id_of(path: Path, text: str) -> str:
    with open_index(path) as opened:
        return next(document.doc_id for document in opened.documents() if document.content == text)


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (path / FOLDER_NAME).iterdir()}


def test_a_portrait_holds_every_tile_and_verifies(index: Path) -> None:
    with open_index(index) as opened:
        found = filter_of(opened)
        assert found is not None
        for text in TEXTS.values():
            assert found.holds(distinct_tiles(text)).all()
    assert verify_index(index) == []
    assert read_portrait_file(index).n_tiles == len({t for x in TEXTS.values() for t in distinct_tiles(x).tolist()})


def test_the_number_of_workers_changes_no_byte(index: Path) -> None:
    folders = bucket_folders(index, read_manifest(index))
    capacity = (1 << 20) + (1 << 17)  # two partitions
    one, two = (make_filter(folders, least_capacity=capacity, n_workers=n) for n in (1, 2))
    assert one == two or (one.partitions, one.n_tiles) == (two.partitions, two.n_tiles)
    assert len(one.partitions) == 2


def test_a_filter_after_a_removal_is_one_that_never_held_it(index: Path, tmp_path: Path) -> None:
    gone = TEXTS["mast.py"]
    capacity = kept_capacity(index)
    remove_from_index(index, Request((doc_id_of(index, gone),), (), ()))
    compact_index(index, n_workers=1)
    write_portrait(index, least_capacity=kept_capacity(index), n_workers=1)
    other = tmp_path / "other"
    build_index([made_source([text for text in TEXTS.values() if text != gone])], other, n_buckets=2, n_workers=1)
    write_portrait(other, least_capacity=capacity, n_workers=1)
    ours, theirs = files(index), files(other)
    assert {n: d for n, d in ours.items() if n != FILE_NAME} == {n: d for n, d in theirs.items() if n != FILE_NAME}
    assert read_portrait_file(index).partitions == read_portrait_file(other).partitions


def test_masked_documents_answer_no_at_once_and_shared_tiles_stay(index: Path) -> None:
    gone, kept = TEXTS["mast.py"], TEXTS["hull.py"]
    with open_index(index) as opened:
        found = filter_of(opened)
        assert found is not None
        assert untold_passages(opened, gone, [])
        remove_from_index(index, Request((doc_id_of(index, gone),), (), ()))
        opened.refresh()
        assert opened.masked.tiles.tolist() == np.setdiff1d(distinct_tiles(gone), distinct_tiles(kept)).tolist()
        assert untold_passages(opened, gone, []) == []
        assert len(find_passages(found, kept, without=opened.masked.tiles)) == 1


def test_a_stale_or_missing_portrait_answers_nothing(index: Path) -> None:
    add_to_index(index, [made_source([*MORE.values()])], n_workers=1)
    with open_index(index) as opened:
        assert filter_of(opened) is None
        assert untold_passages(opened, TEXTS["hull.py"], []) == []
    assert verify_index(index) == []
    write_portrait(index, least_capacity=kept_capacity(index), n_workers=1)
    with open_index(index) as opened:
        assert untold_passages(opened, MORE["keel.py"], [])
    shutil.rmtree(index / FOLDER_NAME)
    with open_index(index) as opened:
        assert filter_of(opened) is None


def test_former_partitions_go_with_the_portrait_that_names_new_ones(index: Path) -> None:
    before = set(files(index))
    add_to_index(index, [made_source([*MORE.values()])], n_workers=1)
    write_portrait(index, n_workers=1)
    assert len(files(index)) == len(before) == 2
    assert before & set(files(index)) == {FILE_NAME}


def change_json(path: Path, key: str, value: object) -> None:
    held = json.loads(path.read_text())
    path.write_text(json.dumps(held | {key: value}))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("json cut", "damaged"),
        ("format", "another release"),
        ("root", "digest"),
        ("flipped", "sha256"),
        ("gone", "missing"),
    ],
)
def test_damage_is_one_error_and_verify_names_it(index: Path, name: str, message: str) -> None:
    path = index / FOLDER_NAME / FILE_NAME
    (partition,) = (index / FOLDER_NAME).glob("filter-*")
    data = partition.read_bytes()
    match name:
        case "json cut":
            path.write_bytes(path.read_bytes()[:-20])
        case "format":
            change_json(path, "format", "codewhence.portrait/9")
        case "root":
            change_json(path, "n_tiles", 7)
        case "flipped":
            partition.write_bytes(data[:99] + bytes([data[99] ^ 1]) + data[100:])
        case "gone":
            partition.unlink()
    with open_index(index) as opened, pytest.raises(FormatError, match=message):
        filter_of(opened)
    (problem,) = verify_index(index)
    assert problem.file.startswith(FOLDER_NAME)
    write_portrait(index, n_workers=1)
    assert verify_index(index) == []
