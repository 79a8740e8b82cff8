"""The list of removals is a set of ids: what it keeps of a document follows from the ids alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.bucket import bucket_number
from codewhence.index.documents import Entry, merge
from codewhence.index.overlay.removals import (
    ID_TYPE,
    Removals,
    blob_id,
    bucket_numbers,
    path_key,
    repository_key,
)
from codewhence.records import Origin

# Ids that share beginnings and end in zeros, which fixed-width bytes of NumPy drop when they are taken out.
doc_ids = st.one_of(
    st.binary(min_size=20, max_size=20),
    st.builds(
        lambda head, tail: head + bytes(20 - len(head) - len(tail)) + tail, st.binary(max_size=2), st.binary(max_size=1)
    ),
).map(lambda blob: f"swh:1:cnt:{blob.hex()}")
keys = st.sampled_from([bytes(16), b"\xff" * 16, b"\x01" + bytes(15), bytes(15) + b"\x01"])
lists = st.tuples(st.sets(doc_ids, max_size=6), st.sets(st.tuples(doc_ids, keys), max_size=6))
origins = st.builds(
    Origin, st.sampled_from(["ada/one", "bo/two"]), st.sampled_from(["a.py", "b"]), st.sampled_from([None, "v1"])
)


def removals(listed: tuple[set[str], set[tuple[str, bytes]]]) -> Removals:
    return Removals.of(listed[0], origins=listed[1])


@given(listed=lists, asked=doc_ids)
def test_it_names_what_it_was_made_of(listed: tuple[set, set], asked: str) -> None:
    made = removals(listed)
    for doc_id in (*listed[0], asked):
        assert made.names(doc_id) == (doc_id in listed[0])
    for doc_id in (*(doc_id for doc_id, _ in listed[1]), asked):
        assert made.keys_of(doc_id) == {key for each, key in listed[1] if each == doc_id}
    assert len(made) == len(listed[0]) + len(listed[1])


@given(one=lists, other=lists)
def test_joining_and_taking_away_are_those_of_sets(one: tuple[set, set], other: tuple[set, set]) -> None:
    joined = removals(one).joined(removals(other))
    assert joined.digest == removals((one[0] | other[0], one[1] | other[1])).digest
    left = removals(one).without(removals(other))
    assert left.digest == removals((one[0] - other[0], one[1] - other[1])).digest


@given(one=lists, other=lists)
def test_the_digest_tells_lists_apart(one: tuple[set, set], other: tuple[set, set]) -> None:
    assert (removals(one).digest == removals(other).digest) == (one == other)


@given(listed=lists, n_buckets=st.sampled_from([1, 2, 16, 256, 1024, 65536]))
def test_parts_are_those_of_the_buckets(listed: tuple[set, set], n_buckets: int) -> None:
    made = removals(listed)
    every = {*listed[0], *(doc_id for doc_id, _ in listed[1])}
    assert set(bucket_numbers(made.ids, n_buckets).tolist()) == {bucket_number(doc_id, n_buckets) for doc_id in every}
    for doc_id in every:
        number = bucket_number(doc_id, n_buckets)
        part = made.within(number, n_buckets)
        expected = [{each for each in listed[0] if bucket_number(each, n_buckets) == number}]
        expected.append({each for each in listed[1] if bucket_number(each[0], n_buckets) == number})
        assert part.digest == removals((expected[0], expected[1])).digest


@given(held=st.sets(origins, min_size=1), repo=st.sampled_from(["ada/one", "bo/two"]), doc_id=doc_ids)
def test_an_origin_goes_with_its_repository_or_with_its_path(held: set[Origin], repo: str, doc_id: str) -> None:
    entry = _entry(doc_id, held)
    by_repo = Removals.of(origins=[(doc_id, repository_key(doc_id, repo))]).kept(entry)
    assert set(by_repo.origins if by_repo else ()) == {each for each in held if each.repo != repo}
    by_path = Removals.of(origins=[(doc_id, path_key(doc_id, repo, "b"))]).kept(entry)
    assert set(by_path.origins if by_path else ()) == {each for each in held if (each.repo, each.path) != (repo, "b")}
    assert Removals.of([doc_id]).kept(entry) is None
    assert Removals().kept(entry) is entry


@given(said=st.dictionaries(origins, st.sampled_from([None, "c", "python"]), min_size=1), data=st.data())
def test_fewer_origins_give_the_row_of_a_document_that_never_had_the_others(
    said: dict[Origin, str | None], data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(said, key=repr)), min_size=1))
    assert _merged(said).with_origins(kept) == _merged({each: said[each] for each in kept})
    line = _merged(said).to_line()
    assert Entry.from_line(line).to_line() == line


def _merged(said: dict[Origin, str | None]) -> Entry:
    entries = [_entry(f"swh:1:cnt:{'ab' * 20}", {origin}, language) for origin, language in said.items()]
    merged = entries[0]
    for entry in entries[1:]:
        merged = merge(entry, merged)
    return merged


def _entry(doc_id: str, held: set[Origin], language: str | None = None) -> Entry:
    entry = Entry(doc_id, "0" * 64, 1, 1, tuple(held), language=language)
    return entry.with_origins(held)


def test_ids_keep_their_zeros() -> None:
    doc_id = f"swh:1:cnt:{'00' * 20}"
    made = Removals.of([doc_id], origins=[(doc_id, bytes(16))])
    assert made.documents.tobytes() == blob_id(doc_id)
    assert made.origin_ids.tobytes() == blob_id(doc_id)
    assert np.array_equal(made.ids, np.array([bytes(20)], dtype=ID_TYPE))
