"""Candidates: what shared fingerprints are worth, against a plain count, and where they point."""

import math
from pathlib import Path

import numpy as np
import pytest

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.build import build_index
from codewhence.index.fingerprints import fingerprint
from codewhence.index.postings import Postings
from codewhence.index.store import Index, open_index
from codewhence.index.touched import candidates as module
from codewhence.index.touched.candidates import Candidate, find_candidates, worth_aligning
from codewhence.index.touched.grams import names_grams, shape_grams
from codewhence.index.touched.streams import Stream
from codewhence.index.winnow import GRAM_TOKENS
from tests.index.made_corpus import made_source
from tests.index.touched.made_functions import ALL_RENAMED, LANGUAGES, RENAMED, Function
from tests.index.touched.made_library import library, short_file
from tests.index.touched.reading import stream_of


@pytest.fixture(scope="module")
def places() -> dict[str, dict[int, int]]:
    """How many places of the library hold each gram, by reading."""
    counts: dict[str, dict[int, int]] = {"names": {}, "shape": {}}
    languages = {"py": "python", "js": "javascript", "rs": "rust"}
    for file in library():
        extension = file.origin.path.rpartition(".")[2]
        batch = fingerprint([(file.data.decode(), languages.get(extension, extension))])
        for name, of_reading in counts.items():
            for gram in getattr(batch, name).grams.tolist():
                of_reading[gram >> 32] = of_reading.get(gram >> 32, 0) + 1
    return counts


def found(index: Index, stream: Stream) -> list[Candidate]:
    return find_candidates(index.buckets, stream, n_documents=sum(bucket.n_documents for bucket in index.buckets))


def slow_bits(stream: Stream, source: str, language: str, places: dict[str, dict[int, int]], n_documents: int) -> float:
    """Return what the fingerprints that a query shares with a document are worth, all on one diagonal, each once."""
    batch = fingerprint([(source, language)])
    hits: list[tuple[int, int, float]] = []
    for name, grams in (("names", names_grams(stream)), ("shape", shape_grams(stream))):
        kept = {gram >> 32 for gram in getattr(batch, name).grams.tolist()}
        for at, gram in enumerate(grams.tolist()):
            if gram >> 32 in kept:
                hits.append((at, gram, max(0.0, math.log2(n_documents / places[name][gram >> 32]))))
    total, before, seen = 0.0, -GRAM_TOKENS, set()
    # Names before shape at one place, as they are found.
    for at, gram, bits in sorted(hits, key=lambda hit: hit[0]):
        if gram not in seen and bits > 0:
            total += bits * min(1.0, (at - before) / GRAM_TOKENS)
            before = at
        seen.add(gram)
    return total


@pytest.mark.parametrize("language", LANGUAGES)
def test_bits_are_those_of_the_definition(index: Index, language: str, places: dict[str, dict[int, int]]) -> None:
    source = short_file(language, 4)
    stream = stream_of(Function(source.seeds[1]).write(language, RENAMED), language)
    best = found(index, stream)[0]
    n_documents = sum(bucket.n_documents for bucket in index.buckets)
    assert best.bucket.doc_id(best.row) == source.doc_id
    # Of the whole document, the function alone is shared but for a few idioms.
    expected = slow_bits(stream, source.text, language, places, n_documents)
    assert best.bits == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_candidate_points_at_the_tokens_of_the_copy(index: Index, language: str, number: int) -> None:
    source = short_file(language, 6)
    stream = stream_of(Function(source.seeds[number]).write(language, ALL_RENAMED), language)
    before = "".join(source.pieces[:number])
    best = found(index, stream)[0]
    assert best.bucket.doc_id(best.row) == source.doc_id
    assert best.shift == len(stream_of(before, language))
    assert best.start < 20
    assert best.end > len(stream) - 20


def test_each_distinct_gram_counts_once(tmp_path: Path) -> None:
    line = "check(alpha, beta.gamma, delta[1])\n"
    build_index([made_source([line * 40])], tmp_path / "index", n_workers=1)
    batch = fingerprint([(line * 40, "python")])
    distinct = [{*marks.grams.tolist()} for marks in (batch.names, batch.shape)]
    with open_index(tmp_path / "index") as index:
        candidates = find_candidates(index.buckets, stream_of(line * 40, "python"), n_documents=10_000)
        assert candidates
        assert max(each.bits for each in candidates) <= sum(map(len, distinct)) * math.log2(10_000)
    assert len(batch.names.grams) > 5 * len(distinct[0])


def test_the_strongest_stand_first_and_the_order_is_settled(index: Index) -> None:
    text = "".join(Function(short_file("java", number).seeds[0]).write("java", RENAMED) for number in range(6))
    candidates = found(index, stream_of(text, "java"))
    keys = [(-each.bits, each.start, each.bucket.folder.name, each.row) for each in candidates]
    assert keys == sorted(keys)
    assert len(keys) > 6
    assert [key[1:] for key in keys] != sorted(key[1:] for key in keys)


@pytest.mark.parametrize("n_tokens", [0, 1, GRAM_TOKENS - 1])
def test_fewer_tokens_than_a_gram_have_no_candidate(index: Index, n_tokens: int) -> None:
    assert found(index, stream_of("a " * n_tokens, "python")) == []


def test_a_gram_in_too_many_places_starts_none(monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    stream = stream_of(Function(short_file("go", 1).seeds[0]).write("go"), "go")
    assert found(index, stream) != []
    monkeypatch.setattr(module, "MAX_PLACES", 0)
    assert found(index, stream) == []


def test_a_gram_is_worth_more_among_more_documents(index: Index) -> None:
    stream = stream_of(Function(short_file("go", 1).seeds[0]).write("go"), "go")
    few, many = (find_candidates(index.buckets, stream, n_documents=each)[0].bits for each in (100, 10_000))
    assert few < many < 2.1 * few


def replaced(bucket: Bucket, **arrays: Postings) -> Bucket:
    """Return a bucket with other postings."""
    changed = bucket.masked(np.zeros(bucket.n_documents, dtype=np.bool_), lambda entry: entry, frozenset())
    for name, postings in arrays.items():
        setattr(changed, name, postings)
    return changed


@pytest.mark.parametrize("reading", ["names", "shape"])
def test_positions_outside_the_tokens_are_damage(index: Index, reading: str) -> None:
    stream = stream_of(Function(short_file("go", 1).seeds[0]).write("go"), "go")
    broken = []
    for bucket in index.buckets:
        postings: Postings = getattr(bucket, reading)
        outside = np.full_like(postings.positions, int(bucket.touched_starts[-1]))
        broken.append(replaced(bucket, **{reading: Postings(postings.directory, postings.keys, outside)}))
    with pytest.raises(FormatError, match=r"arrays\.bin is damaged"):
        find_candidates(broken, stream, n_documents=100)


def candidate(bucket: Bucket, start: int, end: int, bits: float, row: int = 0) -> Candidate:
    return Candidate(bucket, row, start, end, 0, bits)


def test_six_are_aligned_over_one_stretch(index: Index) -> None:
    bucket = index.buckets[0]
    some = [candidate(bucket, 0, 100, 90.0 - row, row) for row in range(20)]
    elsewhere = [candidate(bucket, 100, 200, 60.0 - row, row) for row in range(3)]
    chosen = worth_aligning([*some, *elsewhere], n_tokens=400, n_documents=100)
    assert chosen == [*some[:6], *elsewhere]


def test_half_of_a_stretch_that_is_full_still_counts(index: Index) -> None:
    bucket = index.buckets[0]
    full = [candidate(bucket, 0, 100, 90.0 - row, row) for row in range(6)]
    mostly_inside, mostly_outside = candidate(bucket, 40, 150, 50.0), candidate(bucket, 60, 150, 40.0)
    chosen = worth_aligning([*full, mostly_inside, mostly_outside], n_tokens=200, n_documents=100)
    assert chosen == [*full, mostly_outside]


@pytest.mark.parametrize(("n_tokens", "n_weak"), [pytest.param(150, 4, id="short"), pytest.param(151, 0, id="long")])
def test_weak_ones_are_aligned_in_short_texts_alone(index: Index, n_tokens: int, n_weak: int) -> None:
    bucket = index.buckets[0]
    strong = candidate(bucket, 0, 20, 30.0)
    weak = [candidate(bucket, 20, 40, math.log2(1_000), row) for row in range(10)]
    chosen = worth_aligning([strong, *weak], n_tokens=n_tokens, n_documents=1_000)
    assert chosen == [strong, *weak[:n_weak]]
