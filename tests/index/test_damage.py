"""A damaged index gives one clear error or an answer: never another exception, never an endless loop."""

import json
import shutil
import struct
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from codewhence.digests import canonical_json, swhid
from codewhence.errors import FormatError, IndexMissingError
from codewhence.index.bucket import ARRAY_COUNTS, array_layout
from codewhence.index.manifest import BUCKET_FILES, FILE_NAME, Manifest, bucket_folder, read_manifest
from codewhence.index.match import find_matches
from codewhence.index.stats import index_stats
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from tests.index.made_corpus import SMALL_TEXTS

IDS = [swhid(text.encode()) for text in SMALL_TEXTS]
ARRAYS = list(array_layout(dict.fromkeys(ARRAY_COUNTS, 0)))
QUERIES = ["".join(SMALL_TEXTS), SMALL_TEXTS[0].replace("\n", "\r\n"), SMALL_TEXTS[7][30:500], "    " + SMALL_TEXTS[9]]


def refusal(question: Callable[[], object]) -> str | None:
    """Ask a question; return the message of the ``FormatError`` that it raises, or ``None``."""
    try:
        question()
    except FormatError as error:
        return str(error)
    return None


def use(path: Path) -> int:
    """Ask the index everything; return how many questions were refused with a ``FormatError``."""
    try:
        index = open_index(path)
    except FormatError:
        return 1
    with index:
        questions: list[Callable[[], Any]] = [lambda text=text: find_matches(index, text) for text in QUERIES]
        questions += [lambda doc_id=doc_id: index.document(doc_id) for doc_id in IDS]
        questions.append(lambda: list(index.documents()))
        return sum(refusal(question) is not None for question in questions)


@contextmanager
def overwritten(file: Path, data: bytes) -> Generator[None]:
    """Replace the bytes of ``file`` for a while; its index is shared."""
    sound = file.read_bytes()
    try:
        file.write_bytes(data)
        yield
    finally:
        file.write_bytes(sound)


def file_of(index: Path, name: str, number: int = 0) -> Path:
    (folder,) = index.glob(f"bucket-{number:02x}-*")
    return folder / name


def place_of(index: Path, name: str, number: int) -> tuple[int, np.dtype, int]:
    """Return where an array begins in ``arrays.bin``, its type and how many values it has."""
    entry = read_manifest(index).buckets[number]
    layout = array_layout(entry)
    offset = 0
    for each, spec in layout.items():
        if each == name:
            return offset, spec.stored_dtype, spec.n_bytes // spec.stored_dtype.itemsize
        offset += (spec.n_bytes + 7) // 8 * 8
    raise KeyError(name)


def array_of(index: Path, name: str, number: int = 0) -> NDArray:
    """Return a copy of an array, flat."""
    offset, dtype, count = place_of(index, name, number)
    return np.frombuffer(file_of(index, "arrays.bin", number).read_bytes(), dtype, count, offset).copy()


@contextmanager
def with_array(index: Path, name: str, values: NDArray, number: int = 0) -> Generator[None]:
    """Put other values in place of an array for a while."""
    offset, _, _ = place_of(index, name, number)
    file = file_of(index, "arrays.bin", number)
    data = file.read_bytes()
    with overwritten(file, data[:offset] + values.tobytes() + data[offset + values.nbytes :]):
        yield


def test_a_sound_index_refuses_nothing(small_index: Path) -> None:
    assert use(small_index) == 0


@pytest.mark.parametrize("name", BUCKET_FILES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_changed_bytes_give_an_answer_or_a_format_error(small_index: Path, name: str, data: st.DataObject) -> None:
    file = file_of(small_index, name, data.draw(st.integers(0, 1)))
    changed = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.sampled_from([changed[at] ^ 1 << bit for bit in range(8)] + [0, 255]))
    with warnings.catch_warnings(), overwritten(file, bytes(changed)):
        warnings.simplefilter("error")  # a warning on standard error is no clear message either
        use(small_index)


@pytest.mark.parametrize("name", ARRAYS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_changed_values_of_an_array_give_an_answer_or_a_format_error(
    small_index: Path, name: str, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, 1))
    values = array_of(small_index, name, number)
    largest = np.iinfo(values.dtype).max
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(values) - 1))
        values[at] = data.draw(st.integers(0, int(values.max())) | st.sampled_from([0, 1, largest // 2, largest]))
    with with_array(small_index, name, values, number):
        use(small_index)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("nonsense", ["zeros", "ones", "largest", "counted down"])
def test_arrays_of_nonsense_give_an_answer_or_a_format_error(small_index: Path, name: str, nonsense: str) -> None:
    values = array_of(small_index, name)
    filled = {"zeros": 0, "ones": 1, "largest": np.iinfo(values.dtype).max}.get(nonsense)
    values[:] = values[::-1].copy() if filled is None else filled
    with with_array(small_index, name, values):
        n_refused = use(small_index)
    counts_up = name.endswith("_directory") or name in ("text_offsets", "row_offsets", "token_starts", "touched_starts")
    assert n_refused >= counts_up


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("at", range(4, 14))
def test_any_bit_of_a_frame_head_is_refused_or_read(small_index: Path, at: int, bit: int) -> None:
    # Bytes 4 to 13 of a zstd frame (RFC 8878, 3.1.1.1): descriptor, window, dictionary id, content size.
    file = file_of(small_index, "text.zst")
    changed = bytearray(file.read_bytes())
    changed[at] ^= 1 << bit
    with overwritten(file, bytes(changed)):
        assert use(small_index) >= 0


@pytest.mark.parametrize("size", [2**62, 2**63 - 1, 2**64 - 1, 2**40, 2**33], ids=hex)
def test_a_frame_that_claims_a_huge_text_is_refused(small_index: Path, size: int) -> None:
    file = file_of(small_index, "text.zst")
    changed = bytearray(file.read_bytes())
    changed[4] |= 0xC0  # the content size has eight bytes
    changed[5:13] = struct.pack("<Q", size)
    with overwritten(file, bytes(changed)):
        assert use(small_index) >= 1


@pytest.mark.parametrize("name", BUCKET_FILES)
def test_a_missing_file_is_a_format_error_that_names_it(copied_index: Path, name: str) -> None:
    file_of(copied_index, name).unlink()
    with pytest.raises(FormatError, match=name):
        open_index(copied_index)


@pytest.mark.parametrize("name", BUCKET_FILES)
@pytest.mark.parametrize("n_bytes", [-1, 1], ids=["a byte less", "a byte more"])
def test_a_file_of_another_size_is_a_format_error_that_names_it(copied_index: Path, name: str, n_bytes: int) -> None:
    file = file_of(copied_index, name)
    file.write_bytes(file.read_bytes()[:-1] if n_bytes < 0 else file.read_bytes() + b"\0")
    with pytest.raises(FormatError, match=name):
        open_index(copied_index)


@pytest.mark.parametrize("name", BUCKET_FILES)
def test_a_file_that_cannot_be_read_is_a_format_error_that_names_it(copied_index: Path, name: str) -> None:
    file = file_of(copied_index, name)
    file.unlink()
    file.symlink_to(file.name)  # a link to itself: not even root can read it
    with pytest.raises(FormatError, match=name):
        open_index(copied_index)


def test_a_missing_bucket_is_a_format_error(copied_index: Path) -> None:
    shutil.rmtree(bucket_folder(copied_index, read_manifest(copied_index).buckets[0]))
    with pytest.raises(FormatError, match=r"bucket-00-"):
        open_index(copied_index)


def test_a_file_in_place_of_a_bucket_is_a_format_error(copied_index: Path) -> None:
    folder = bucket_folder(copied_index, read_manifest(copied_index).buckets[0])
    shutil.rmtree(folder)
    folder.write_text("text")
    with pytest.raises(FormatError, match=folder.name):
        open_index(copied_index)


def test_a_folder_in_place_of_a_file_is_a_format_error(copied_index: Path) -> None:
    file = file_of(copied_index, "text.zst")
    file.unlink()
    file.mkdir()
    with pytest.raises(FormatError, match=r"text\.zst"):
        open_index(copied_index)


@pytest.mark.parametrize("read", [open_index, verify_index, index_stats], ids=lambda read: read.__name__)
def test_where_there_is_no_index_every_reader_says_so(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    (tmp_path / "file").write_text("text")
    for path in (tmp_path / "missing", tmp_path / "file", tmp_path / "file" / "below", tmp_path):
        with pytest.raises(IndexMissingError, match="no index at"):
            read(path)


@pytest.mark.parametrize("read", [open_index, index_stats], ids=lambda read: read.__name__)
@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"format":"codewhence.index/9"}', b'{"format":"codewhence.index/1"}'], ids=ascii
)
def test_a_damaged_or_foreign_manifest_is_a_format_error(
    copied_index: Path, read: Callable[[Path], Any], data: bytes
) -> None:
    (copied_index / FILE_NAME).write_bytes(data)
    with pytest.raises(FormatError, match=FILE_NAME) as caught:
        read(copied_index)
    assert not isinstance(caught.value, IndexMissingError)


FORGERIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a bucket without keys": lambda value: value["buckets"].__setitem__(0, {}),
    "a bucket that is a number": lambda value: value["buckets"].__setitem__(0, 3),
    "files that are a list": lambda value: value["buckets"][0].update(files=[]),
    "a file that is a number": lambda value: value["buckets"][0]["files"].update({"text.zst": 3}),
    "a count that is a string": lambda value: value["buckets"][0].update(n_documents="15"),
    "a negative count": lambda value: value["buckets"][0].update(n_documents=-1),
    "a huge count": lambda value: value["buckets"][0].update(n_documents=2**70),
    "a bucket elsewhere": lambda value: value["buckets"][0].update(id="../../elsewhere"),
    "a name with a NUL": lambda value: value["buckets"][0].update(id="00-\0"),
    "a training set that is null": lambda value: value.update(training_set=None),
    "a training set without keys": lambda value: value.update(training_set={}),
    "languages that are a number": lambda value: value["buckets"][0].update(languages=7),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_manifest_rewritten_with_a_root_that_agrees_is_read_or_a_format_error(
    copied_index: Path, forgery: str
) -> None:
    value = json.loads((copied_index / FILE_NAME).read_bytes())
    FORGERIES[forgery](value)
    manifest = Manifest(value["parameters"]["n_buckets"], value["training_set"], tuple(value["buckets"]))
    (copied_index / FILE_NAME).write_bytes(canonical_json({**value, "root": manifest.root}))
    for read in (use, index_stats, verify_index, lambda path: open_index(path).summary):
        message = refusal(lambda read=read: read(copied_index))
        assert message is None or str(copied_index) in message
