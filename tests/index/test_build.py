"""A build is a function of its documents: not of workers, shards, order, or how a document came or went."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import swhid, text_sha256
from codewhence.errors import FormatError, IndexMissingError, UsageError
from codewhence.index.bucket_build import BucketTask, build_bucket
from codewhence.index.build import (
    BUCKET_BYTES,
    add_to_index,
    build_index,
    default_buckets,
)
from codewhence.index.manifest import bucket_folder, read_manifest
from codewhence.index.overlay.removals import Removals
from codewhence.index.routing import Progress
from codewhence.index.sources.base import RawFile, Skipped
from codewhence.index.store import open_index
from codewhence.records import LicenseSource, Origin
from tests.index.made_corpus import MadeSource, made_code, made_file, made_source
from tests.index.truth import tree

TEXTS = [made_code(seed, n_lines=12) for seed in range(60)]


def buckets(path: Path) -> dict[str, bytes]:
    """Return every file of every bucket: what depends on the documents alone."""
    return {name: data for name, data in tree(path).items() if name.startswith("bucket-")}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("reference") / "index"
    build_index([made_source(TEXTS)], path, n_buckets=4, n_workers=1)
    return tree(path)


@pytest.mark.parametrize("n_workers", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path, reference: dict, n_workers: int) -> None:
    build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=4, n_workers=n_workers)
    assert tree(tmp_path / "index") == reference


@pytest.mark.parametrize("shard_files", [1, 7, 1000])
def test_any_cut_into_shards_gives_the_same_bytes(tmp_path: Path, reference: dict, shard_files: int) -> None:
    build_index([made_source(TEXTS, shard_files=shard_files)], tmp_path / "index", n_buckets=4, n_workers=1)
    assert tree(tmp_path / "index") == reference


def test_any_order_of_files_and_sources_gives_the_same_buckets(tmp_path: Path, reference: dict) -> None:
    in_order = made_source(TEXTS).files
    files = [*in_order[1::2], *reversed(in_order[::2])]
    sources = [MadeSource(tuple(files[:20]), name="first"), MadeSource(tuple(files[20:]), name="second")]
    for name, some in (("one", sources), ("other", sources[::-1])):
        build_index(some, tmp_path / name, n_buckets=4, n_workers=1)
        assert buckets(tmp_path / name) == {k: v for k, v in reference.items() if k.startswith("bucket-")}


def test_building_again_over_an_index_gives_the_same_bytes(tmp_path: Path, reference: dict) -> None:
    build_index([made_source(TEXTS[:10])], tmp_path / "index", n_buckets=1, n_workers=1)
    for _ in range(2):
        build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=4, n_workers=1)
        assert tree(tmp_path / "index") == reference


def test_an_index_holds_exactly_its_documents_in_the_order_of_their_ids(tmp_path: Path) -> None:
    result = build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=8, n_workers=1, training_set="v1")
    with open_index(tmp_path / "index") as index:
        documents = list(index.documents())
        ids = [document.doc_id for document in documents]
        assert ids == sorted(swhid(text.encode()) for text in TEXTS)
        assert {document.content for document in documents} == set(TEXTS)
        assert all(document.text_sha256 == text_sha256(document.content) for document in documents)
        assert [index.document(doc_id) for doc_id in ids] == documents
        assert index.document(swhid(b"never seen")) is None
        assert index.document("not an id") is None
        assert index.summary.n_documents == result.n_documents == 60
        assert index.summary.training_set == "v1"
        assert index.summary.root == result.root


def test_duplicates_are_one_document_with_every_origin(tmp_path: Path) -> None:
    data = made_code(1).encode()
    origins = [
        Origin("ada/engine", "b.py"),
        Origin("ada/engine", "a.py", licenses=("MIT",), license_source=LicenseSource.DETECTED),
        Origin("bo/copy", "a.py", revision="2.0"),
        Origin("bo/copy", "a.py", revision="1.0"),
        Origin("ada/engine", "b.py"),
    ]
    files = [RawFile(origin, data) for origin in origins]
    one, two = MadeSource(tuple(files[:3]), shard_files=1, name="one"), MadeSource(tuple(files[3:]), name="two")
    result = build_index([one, two], tmp_path / "index", n_workers=1)
    with open_index(tmp_path / "index") as index:
        (document,) = index.documents()
    assert document.origins == (origins[1], origins[0], origins[3], origins[2])
    assert (result.n_documents, result.n_files, result.n_read_files) == (1, 4, 5)
    assert result.licenses == {"not recorded": 3, "MIT": 1}


def test_two_texts_of_one_file_give_one_document_whatever_the_order(tmp_path: Path) -> None:
    blob = "ab" * 20  # the original's id, which a redacted text keeps
    plain = RawFile(Origin("ada/engine", "a.py"), made_code(1).encode(), blob_sha1=blob)
    redacted = RawFile(Origin("ada/engine", "a.py"), b"<NAME>\n" + made_code(1).encode(), blob_sha1=blob)
    contents = set()
    for name, files in (("one", (plain, redacted)), ("other", (redacted, plain))):
        build_index([MadeSource(files)], tmp_path / name, n_workers=1)
        with open_index(tmp_path / name) as index:
            (document,) = index.documents()
        assert document.text_sha256 == text_sha256(document.content)
        contents.add(document.content)
    assert tree(tmp_path / "one") == tree(tmp_path / "other")
    assert len(contents) == 1


small_texts = st.lists(
    st.integers(0, 10_000).map(lambda seed: made_code(seed, 3)), min_size=2, max_size=12, unique=True
)


@settings(max_examples=15)
@given(texts=small_texts, data=st.data())
def test_removing_documents_equals_never_having_had_them(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("removal")
    kept = data.draw(st.lists(st.sampled_from(texts), unique=True, min_size=1))
    removed = Removals.of(swhid(text.encode()) for text in texts if text not in kept)
    build_index([made_source(texts)], path / "all", n_buckets=2, n_workers=1)
    # Paths name the position in ``texts``, so that an origin is the same in both builds.
    files = tuple(file for file, text in zip(made_source(texts).files, texts, strict=True) if text in kept)
    build_index([MadeSource(files)], path / "kept", n_buckets=2, n_workers=1)
    rebuilt = []
    for number, bucket in enumerate(read_manifest(path / "all").buckets):
        task = BucketTask(
            number=number,
            n_buckets=2,
            spills=(),
            previous=(bucket_folder(path / "all", bucket), bucket),
            without=removed,
            folder=path / "rebuilt" / f"bucket-{number:02x}",
        )
        rebuilt.append(build_bucket(task))
    expected = read_manifest(path / "kept")
    assert tuple(rebuilt) == expected.buckets
    for number, bucket in enumerate(expected.buckets):
        assert tree(path / "rebuilt" / f"bucket-{number:02x}") == tree(bucket_folder(path / "kept", bucket))


@settings(max_examples=15)
@given(texts=small_texts, data=st.data())
def test_adding_equals_building_the_union(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("adding")
    files = made_source(texts).files
    first = data.draw(st.lists(st.sampled_from(files), unique=True, min_size=1))
    second = data.draw(st.lists(st.sampled_from(files), unique=True, min_size=1))
    first_source, second_source = MadeSource(tuple(first), name="first"), MadeSource(tuple(second), name="second")
    build_index([first_source], path / "added", n_buckets=2, n_workers=1)
    add_to_index(path / "added", [second_source], n_workers=1)
    build_index([first_source, second_source], path / "union", n_buckets=2, n_workers=1)
    assert buckets(path / "added") == buckets(path / "union")
    assert read_manifest(path / "added").root == read_manifest(path / "union").root


def test_adding_rebuilds_only_the_buckets_that_receive_a_document(tmp_path: Path) -> None:
    build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=4, n_workers=1)
    before = read_manifest(tmp_path / "index")
    inodes = {folder: folder.stat().st_ino for folder in (tmp_path / "index").glob("bucket-*")}
    text = made_code(777)
    add_to_index(tmp_path / "index", [made_source([text])], n_workers=1)
    number = int(swhid(text.encode())[10], 16) // 4
    after = read_manifest(tmp_path / "index")
    assert [old == new for old, new in zip(before.buckets, after.buckets, strict=True)] == [
        n != number for n in range(4)
    ]
    kept = set(inodes) & set((tmp_path / "index").glob("bucket-*"))
    assert len(kept) == 3
    assert all(folder.stat().st_ino == inodes[folder] for folder in kept)


def test_adding_to_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index at"):
        add_to_index(tmp_path / "index", [made_source(TEXTS)], n_workers=1)
    assert not (tmp_path / "index").exists()


def test_adding_to_a_damaged_bucket_is_an_error_and_changes_nothing(copied_index: Path) -> None:
    (table,) = list(copied_index.glob("bucket-00-*/documents.jsonl"))
    table.write_bytes(table.read_bytes().replace(b'"kind":"code"', b'"kind":"coda"', 1))
    before = tree(copied_index)
    with pytest.raises(FormatError, match="damaged"):
        add_to_index(copied_index, [made_source(TEXTS)], n_workers=1)
    assert tree(copied_index) == before


@pytest.mark.parametrize("n_buckets", [0, -1, 3, 5, 6, 12, 65535, 65537, 1 << 17])
def test_only_a_power_of_two_is_a_number_of_buckets(tmp_path: Path, n_buckets: int) -> None:
    with pytest.raises(UsageError, match=rf"--buckets must be a power of two from 1 to 65536, got {n_buckets}\."):
        build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=n_buckets, n_workers=1)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("n_workers", [0, -2])
def test_at_least_one_worker_is_needed(tmp_path: Path, n_workers: int) -> None:
    with pytest.raises(UsageError, match=f"--workers must be at least 1, got {n_workers}"):
        build_index([made_source(TEXTS)], tmp_path / "index", n_workers=n_workers)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("n_text_bytes", "n_buckets"),
    [
        pytest.param(0, 1, id="nothing"),
        pytest.param(1, 1, id="a byte"),
        pytest.param(BUCKET_BYTES, 1, id="one full bucket"),
        pytest.param(BUCKET_BYTES + 1, 2, id="a byte more"),
        pytest.param(2 * BUCKET_BYTES, 2, id="two full buckets"),
        pytest.param(5 * BUCKET_BYTES, 8, id="five"),
        pytest.param(10**18, 1 << 16, id="the most there can be"),
    ],
)
def test_buckets_hold_64_megabytes_by_default(n_text_bytes: int, n_buckets: int) -> None:
    assert default_buckets(n_text_bytes) == n_buckets


@given(n_text_bytes=st.integers(1, BUCKET_BYTES << 16))
def test_the_default_is_the_smallest_power_of_two_that_suffices(n_text_bytes: int) -> None:
    n_buckets = default_buckets(n_text_bytes)
    assert n_text_bytes <= n_buckets * BUCKET_BYTES
    assert n_buckets & (n_buckets - 1) == 0
    assert n_buckets == 1 or n_text_bytes > n_buckets // 2 * BUCKET_BYTES


def test_a_build_counts_what_it_skips_and_says_where(tmp_path: Path) -> None:
    files = (
        made_file(made_code(1)),
        RawFile(Origin("made/repo", "blank.py"), b""),
        RawFile(Origin("made/repo", "picture.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200)),
        *(Skipped(f"{number}.bin", "unreadable") for number in (5, 4, 3, 2)),
    )
    result = build_index([MadeSource(files, shard_files=2)], tmp_path / "index", n_workers=1)
    assert result.skipped == {"binary": 1, "empty": 1, "unreadable": 4}
    assert result.skipped_examples == {
        "binary": ["picture.png"],
        "empty": ["blank.py"],
        "unreadable": ["2.bin", "3.bin", "4.bin"],
    }
    assert read_manifest(tmp_path / "index").training_set["skipped"] == result.skipped
    assert result.n_read_files == 7


@pytest.mark.parametrize("files", [(), (Skipped("a", "binary"), Skipped("b", "empty"))], ids=["none", "all skipped"])
def test_a_source_without_documents_is_an_error(tmp_path: Path, files: tuple[Skipped, ...]) -> None:
    with pytest.raises(UsageError, match=r"no document in made: .*Nothing was written"):
        build_index([MadeSource(files)], tmp_path / "index", n_workers=1)
    assert not (tmp_path / "index").exists()


def test_progress_rises_to_its_end_in_both_stages(tmp_path: Path) -> None:
    seen: list[Progress] = []
    build_index([made_source(TEXTS)], tmp_path / "index", n_buckets=4, n_workers=1, on_progress=seen.append)
    assert [step.stage for step in seen] == sorted((step.stage for step in seen), reverse=True)
    for stage in ("read", "index"):
        done = [step.done_bytes for step in seen if step.stage == stage]
        assert done == sorted(done)
        assert done[-1] == {step.total_bytes for step in seen if step.stage == stage}.pop()
    assert Counter(step.stage for step in seen) == {"read": 15, "index": 4}
