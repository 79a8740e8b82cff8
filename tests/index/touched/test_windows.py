"""Windows of documents: the tokens that the whole document has there, from whatever checkpoint they are read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codewhence.index.bucket import Bucket
from codewhence.index.fingerprints import CHECKPOINT_TOKENS
from codewhence.index.store import Index
from codewhence.index.touched.candidates import Candidate
from codewhence.index.touched.windows import Window, read_windows
from tests.index.touched.made_functions import LANGUAGES
from tests.index.touched.made_library import MadeText, long_file, short_file
from tests.index.touched.reading import stream_of

FIELDS = ("names", "shape", "identifiers", "literals", "literal_words")
FILES = [file for language in LANGUAGES for file in (long_file(language), short_file(language, 3))]
STREAMS = {file.doc_id: stream_of(file.text, file.language) for file in FILES}


def place_of(index: Index, file: MadeText) -> tuple[Bucket, int]:
    return next((bucket, row) for bucket in index.buckets if (row := bucket.find(file.doc_id)) is not None)


def check_window(window: Window, file: MadeText, first: int, last: int) -> None:
    """Check that a window holds the tokens ``[first, last)`` of a document, and all of it as the document has it."""
    whole = STREAMS[file.doc_id]
    part = slice(window.first, window.first + len(window.stream))
    assert window.first <= max(0, first)
    assert part.stop >= min(last, len(whole))
    assert (window.stream.starts + window.text_start).tolist() == whole.starts[part].tolist()
    assert (window.stream.ends + window.text_start).tolist() == whole.ends[part].tolist()
    for field in FIELDS:
        ours, theirs = getattr(window.stream, field).tolist(), getattr(whole, field)[part].tolist()
        assert ours[2:] == theirs[2:], field  # whether the first ones are members may stand before them
    repeats = window.stream.repeats.tolist()
    assert repeats[11:] == whole.repeats[part].tolist()[11:]
    assert all(distance <= at for at, distance in enumerate(repeats[:11]))
    # Not much more than was asked for is read.
    assert len(window.stream) <= last - first + 2 * CHECKPOINT_TOKENS


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_windows_are_parts_of_the_whole_stream(index: Index, data: st.DataObject) -> None:
    candidates, asked = [], []
    margin = data.draw(st.integers(0, 120))
    for file in data.draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=5)):
        n_tokens = len(STREAMS[file.doc_id])
        first = data.draw(st.integers(0, n_tokens - 1))
        last = data.draw(st.integers(first + 1, min(n_tokens, first + 400)))
        shift = data.draw(st.integers(-200, first))
        bucket, row = place_of(index, file)
        candidates.append(Candidate(bucket, row, first - shift, last - shift, shift, 9.0))
        asked.append((file, first - margin, last + margin))
    windows = read_windows(candidates, margin=margin)
    for window, (file, first, last) in zip(windows, asked, strict=True):
        check_window(window, file, first, last)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("at", [0, 1, 63, 64, 65, 127, 128, 4_096])
def test_the_edges_of_checkpoints(index: Index, language: str, at: int) -> None:
    file = long_file(language)
    bucket, row = place_of(index, file)
    for n_tokens in (1, 63, 64, 65):
        (window,) = read_windows([Candidate(bucket, row, 0, n_tokens, at, 9.0)], margin=0)
        check_window(window, file, at, at + n_tokens)


def test_a_stretch_beyond_the_document_is_read_as_far_as_there_is_any(index: Index) -> None:
    file = short_file("go", 3)
    bucket, row = place_of(index, file)
    n_tokens = len(STREAMS[file.doc_id])
    (window,) = read_windows([Candidate(bucket, row, 0, 10, n_tokens + 500, 9.0)], margin=5)
    assert window.first + len(window.stream) == n_tokens
    (window,) = read_windows([Candidate(bucket, row, 0, n_tokens + 900, -300, 9.0)], margin=5)
    assert (window.first, window.text_start) == (0, 0)
