"""The file of removals is there whole or not at all, and anything wrong with it is one clear error."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.overlay.removals import ID_TYPE, Removals, packed
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.overlay.suppressed_file import (
    FILE_NAME,
    Masked,
    current_stamp,
    read_overlay,
    to_bytes,
    write_overlay,
)
from tests.index.overlay.states import IDS, OWN, build

DOC_IDS = [f"swh:1:cnt:{number:02x}{'00' * 19}" for number in (0, 3, 128, 255)]
REMOVALS = Removals.of(DOC_IDS, origins=[(doc_id, bytes([number] * 16)) for number, doc_id in enumerate(DOC_IDS)])
MASKED = Masked("ab" * 32, 7, 70, packed([bytes(20), b"\xff" * 20], ID_TYPE), np.array([0, 2**64 - 1], dtype=np.uint64))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_overlay(tmp_path, REMOVALS, MASKED)
    overlay = read_overlay(tmp_path, required=True)
    assert overlay.masked is not None
    assert to_bytes(overlay.removals, overlay.masked) == to_bytes(REMOVALS, MASKED)
    assert overlay.removals.digest == REMOVALS.digest
    assert overlay.masked.tiles.tolist() == [0, 2**64 - 1]
    assert overlay.stamp == current_stamp(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_no_file_is_no_removals_unless_there_were_some(tmp_path: Path) -> None:
    assert len(read_overlay(tmp_path, required=False).removals) == 0
    assert current_stamp(tmp_path) is None
    with pytest.raises(FormatError, match="suppressed is missing"):
        read_overlay(tmp_path, required=True)


@settings(max_examples=200, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_damage(tmp_path_factory: pytest.TempPathFactory, where: float, bit: int) -> None:
    data = bytearray(to_bytes(REMOVALS, MASKED))
    data[int(where * len(data))] ^= 1 << bit
    path = tmp_path_factory.getbasetemp() / "flipped"
    path.mkdir(exist_ok=True)
    (path / FILE_NAME).write_bytes(data)
    with pytest.raises(FormatError, match=r"suppressed(: format| is damaged)"):
        read_overlay(path, required=False)


def _changed(**changes: object) -> bytes:
    """Return the file with a changed header whose digest is right."""
    head, _, body = to_bytes(REMOVALS, MASKED).partition(b"\n")
    header = json.loads(head) | changes
    del header["sha256"]
    return canonical_json(header | {"sha256": sha256_hex(canonical_json(header) + body)}) + body


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "does not begin as", id="empty"),
        pytest.param(b"\n", "does not begin as", id="a blank line"),
        pytest.param(b"[]\n", "does not begin as", id="another JSON"),
        pytest.param(b"[" * 5000, "does not begin as", id="deep"),
        pytest.param(os.urandom(5000), "does not begin as", id="noise"),
        pytest.param(to_bytes(REMOVALS, MASKED)[:-1], "is damaged", id="cut"),
        pytest.param(to_bytes(REMOVALS, MASKED) + b"\0", "is damaged", id="grown"),
        pytest.param(_changed(format="codewhence.suppressed/2"), "Use the release that wrote it", id="version"),
        pytest.param(_changed(format="other/1"), "this release reads", id="foreign"),
        pytest.param(_changed(n_documents=3), "is damaged", id="count"),
        pytest.param(_changed(n_documents=-1), "is damaged", id="negative"),
        pytest.param(_changed(n_documents=True), "is damaged", id="no number"),
        pytest.param(_changed(n_documents=1 << 60), "is damaged", id="huge"),
        pytest.param(_changed(masked=None), "is damaged", id="no account"),
        pytest.param(_changed(more=1), "is damaged", id="another key"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(FormatError, match=message):
        read_overlay(tmp_path, required=False)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(FormatError, match="cannot be read"):
        read_overlay(tmp_path, required=False)


def test_every_replacement_has_another_stamp(tmp_path: Path) -> None:
    stamps = set()
    for number in range(50):
        write_overlay(tmp_path, REMOVALS, Masked(f"{number:064x}"))
        before = current_stamp(tmp_path)
        assert before not in stamps
        stamps = {before}  # one that a reader may still hold is that of the file just replaced


def test_a_removal_flushes_before_it_renames_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = build(tmp_path / "index")
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        done.append(f"flush {Path(f'/proc/self/fd/{descriptor}').readlink().name.split('.')[-2:][0]}")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        done.append(f"rename {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    remove_from_index(index, Request((IDS[OWN[0]],)))
    assert done == [
        *("flush suppressed", "rename suppressed", "flush index"),
        *("flush json", "rename MANIFEST.json", "flush index"),
    ]
