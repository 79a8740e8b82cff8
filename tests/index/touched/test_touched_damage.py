"""Damage in what the touched tier reads gives one clear error or an answer, never another exception."""

import shutil
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codewhence.errors import FormatError
from codewhence.index.bucket import array_layout
from codewhence.index.manifest import bucket_folder, read_manifest
from codewhence.index.match import find_matches
from codewhence.index.store import open_index
from tests.index.touched.made_functions import LANGUAGES, RENAMED, Function
from tests.index.touched.made_library import long_file, short_file

ARRAYS = ["touched_starts", "checkpoints"] + [
    f"{name}_{part}" for name in ("names", "shape") for part in ("directory", "keys", "positions")
]
FILES = [long_file("python"), *(short_file(language, 2) for language in LANGUAGES)]
QUERIES = [(Function(file.seeds[1]).write(file.language, RENAMED), file.language) for file in FILES]


@pytest.fixture(scope="module")
def damaged_path(library_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(library_path, tmp_path_factory.mktemp("damaged") / "index")


def place_of(path: Path, name: str) -> tuple[Path, int, int, int]:
    """Return the file of an array in the first bucket, where it begins, and size and number of its values."""
    entry = read_manifest(path).buckets[0]
    offset = 0
    for each, spec in array_layout(entry).items():
        if each == name:
            size = spec.stored_dtype.itemsize
            return bucket_folder(path, entry) / "arrays.bin", offset, size, spec.n_bytes // size
        offset += (spec.n_bytes + 7) // 8 * 8
    raise KeyError(name)


def ask(path: Path) -> tuple[int, int]:
    """Ask every query; return how many were answered and how many were refused."""
    n_answered = n_refused = 0
    try:
        index = open_index(path)
    except FormatError:
        return 0, 1
    with index:
        for text, language in QUERIES:
            try:
                find_matches(index, text, language=language)
                n_answered += 1
            except FormatError:
                n_refused += 1
    return n_answered, n_refused


def overwrite(path: Path, name: str, values: dict[int, int]) -> bytes:
    """Replace values of an array; return the file as it was."""
    file, offset, size, n_values = place_of(path, name)
    sound = file.read_bytes()
    data = bytearray(sound)
    for at, value in values.items():
        struct.pack_into({2: "<H", 4: "<I"}[size], data, offset + at % n_values * size, value % (1 << 8 * size))
    file.write_bytes(bytes(data))
    return sound


@pytest.mark.parametrize("name", ARRAYS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(values=st.dictionaries(st.integers(0, 2**20), st.integers(0, 2**32 - 1), min_size=1, max_size=400))
def test_any_damage_gives_an_answer_or_one_clear_error(damaged_path: Path, name: str, values: dict[int, int]) -> None:
    sound = overwrite(damaged_path, name, values)
    try:
        assert sum(ask(damaged_path)) >= 1
    finally:
        place_of(damaged_path, name)[0].write_bytes(sound)


def test_the_sound_index_answers_all(damaged_path: Path) -> None:
    assert ask(damaged_path) == (len(QUERIES), 0)


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [
        pytest.param("touched_starts", 0, 5, id="documents do not begin at 0"),
        pytest.param("touched_starts", 3, 0, id="a document that ends before it begins"),
        pytest.param("touched_starts", 3, 2**31, id="a document that begins beyond the last"),
        pytest.param("names_directory", 0, 1, id="a directory that does not begin at 0"),
        pytest.param("shape_directory", 999, 2**31, id="a directory that points outside"),
    ],
)
def test_what_does_not_count_up_is_refused_when_opened(damaged_path: Path, name: str, at: int, value: int) -> None:
    sound = overwrite(damaged_path, name, {at: value})
    try:
        with pytest.raises(FormatError, match=f"{name} does not count up|checkpoint_starts does not count up"):
            open_index(damaged_path)
    finally:
        place_of(damaged_path, name)[0].write_bytes(sound)
