"""Erasing what was taken out: each bucket written again is, to the bit, one that never held it; no answer changes."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import swhid
from codewhence.errors import FormatError, IndexMissingError, UsageError
from codewhence.index.bucket import bucket_number
from codewhence.index.build import add_to_index
from codewhence.index.manifest import read_manifest
from codewhence.index.overlay.compaction import compact_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.sources.base import RawFile
from codewhence.index.store import open_index
from codewhence.index.workspace import Workspace
from codewhence.records import Origin
from tests.index.made_corpus import MadeSource, made_code
from tests.index.overlay.states import (
    IDS,
    OTHERS,
    OWN,
    SHARED,
    bucket_bytes,
    build,
    exact_copies,
    files,
    files_of_others,
    new_files,
    root,
    seen,
)
from tests.index.truth import check_tidy, tree

ADA = Request(repos=("ada/engine",))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return build(tmp_path / "index")


@pytest.mark.parametrize("n_workers", [1, 2])
def test_buckets_and_roots_are_those_of_a_build_that_never_held_the_files(
    tmp_path: Path, index: Path, n_workers: int
) -> None:
    remove_from_index(index, ADA)
    masked = seen(index)
    result = compact_index(index, n_workers=n_workers)
    never = build(tmp_path / "never", files_of_others())
    assert bucket_bytes(index) == bucket_bytes(never)
    assert root(index) == root(never)
    assert read_manifest(index).root == read_manifest(never).root  # here the sources read alike, too
    assert seen(index) == masked
    assert (result.erased.n_documents, result.erased.n_files) == (len(OWN), len(OWN) + 1)
    check_tidy(index)


def test_nothing_of_an_erased_file_is_left_on_the_disk(index: Path) -> None:
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    with open_index(index) as opened:
        texts = [document.content for document in opened.documents()]
    on_disk = b"".join(tree(index).values())
    for text in OWN:
        assert text not in texts
        assert IDS[text][10:].encode() not in on_disk
    assert b"ada/engine" not in on_disk


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[RawFile], str]:
    texts = draw(
        st.lists(st.integers(0, 10_000).map(lambda seed: made_code(seed, 3)), min_size=1, max_size=8, unique=True)
    )
    place = st.tuples(
        st.sampled_from(texts),
        st.sampled_from(["ada/one", "bo/two", "cy/three"]),
        st.sampled_from(["a.py", "b.txt", "LICENSE", "d/e.js"]),
        st.sampled_from([None, "v1", "v2"]),
    )
    places = draw(st.lists(place, min_size=1, max_size=20, unique=True))
    some = [RawFile(Origin(repo, path, revision=revision), text.encode()) for text, repo, path, revision in places]
    return some, draw(st.sampled_from(places))[1]


@settings(max_examples=25, deadline=None)
@given(corpus=corpora(), n_buckets=st.sampled_from([1, 2, 8]), by_id=st.booleans())
def test_compaction_equals_never_having_had_the_files(
    tmp_path_factory: pytest.TempPathFactory, corpus: tuple[list[RawFile], str], n_buckets: int, *, by_id: bool
) -> None:
    some, repo = corpus
    path = tmp_path_factory.mktemp("compaction")
    if by_id:
        gone = next(file.data for file in some if file.origin.repo == repo)
        kept = tuple(file for file in some if file.data != gone)
        request = Request((swhid(gone),))
    else:
        kept = tuple(file for file in some if file.origin.repo != repo)
        request = Request(repos=(repo,))
    if not kept:
        return
    build(path / "all", tuple(some), n_buckets=n_buckets)
    build(path / "never", kept, n_buckets=n_buckets)
    remove_from_index(path / "all", request)
    compact_index(path / "all", n_workers=1)
    assert bucket_bytes(path / "all") == bucket_bytes(path / "never")
    assert read_manifest(path / "all").buckets == read_manifest(path / "never").buckets


def test_only_buckets_that_hold_something_masked_are_touched(index: Path) -> None:
    before = {folder: folder.stat().st_ino for folder in index.glob("bucket-*")}
    remove_from_index(index, Request((IDS[OWN[0]],)))
    result = compact_index(index, n_workers=1)
    assert result.n_rebuilt_buckets == 1
    after = {folder: folder.stat().st_ino for folder in index.glob("bucket-*")}
    gone = [folder.name for folder in before.keys() - after.keys()]
    assert [name[:9] for name in gone] == [f"bucket-{bucket_number(IDS[OWN[0]], 4):02x}"]
    assert all(before[folder] == after[folder] for folder in before.keys() & after.keys())


def test_with_nothing_masked_nothing_is_written(index: Path) -> None:
    before = tree(index)
    assert compact_index(index, n_workers=1).n_rebuilt_buckets == 0
    assert tree(index) == before
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    before = tree(index)
    assert compact_index(index, n_workers=1).n_rebuilt_buckets == 0
    assert tree(index) == before


def test_old_buckets_that_a_killed_compaction_left_are_erased_by_the_next(tmp_path: Path, index: Path) -> None:
    shutil.copytree(index, tmp_path / "old")
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    for folder in (tmp_path / "old").glob("bucket-*"):
        shutil.copytree(folder, index / folder.name, dirs_exist_ok=True)
    assert b"ada/engine" in b"".join(tree(index).values())
    compact_index(index, n_workers=1)
    assert b"ada/engine" not in b"".join(tree(index).values())
    check_tidy(index)


def test_what_was_erased_does_not_come_back_with_a_source(index: Path) -> None:
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    add_to_index(index, [MadeSource(new_files())], n_workers=1)
    assert not [origin for origin in seen(index).origins if origin[1] == "ada/engine"]
    assert b"ada/engine" not in b"".join(tree(index).values())


def test_adding_after_compaction_equals_a_build_without_the_files(tmp_path: Path, index: Path) -> None:
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    add_to_index(index, [MadeSource(new_files())], n_workers=1)
    new = tuple(file for file in new_files() if file.origin.repo != "ada/engine")
    assert bucket_bytes(index) == bucket_bytes(build(tmp_path / "never", (*files_of_others(), *new)))


def test_an_index_that_was_open_goes_on_hiding_what_is_erased(index: Path) -> None:
    with open_index(index) as opened:
        remove_from_index(index, ADA)
        compact_index(index, n_workers=1)
        opened.refresh()
        assert [exact_copies(opened, text) for text in OWN] == [[]] * len(OWN)
        assert len(exact_copies(opened, OTHERS[0])) == 1
        assert opened.summary.n_documents == len(OTHERS) + 1


def test_the_language_of_a_document_is_that_of_the_files_that_stay(tmp_path: Path, index: Path) -> None:
    with open_index(index) as opened:
        document = opened.document(IDS[SHARED])
        assert document is not None
        assert document.language == "python"
    remove_from_index(index, ADA)
    for _ in range(2):
        with open_index(index) as opened:
            document = opened.document(IDS[SHARED])
            assert document is not None
            assert document.language == "text"  # shared.txt
        compact_index(index, n_workers=1)


def test_where_no_index_is_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        compact_index(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_a_second_writer_and_no_workers_are_refused(index: Path) -> None:
    remove_from_index(index, ADA)
    before = tree(index)
    with Workspace.open(index), pytest.raises(UsageError, match="another process is writing"):
        compact_index(index, n_workers=1)
    with pytest.raises(UsageError, match="--workers must be at least 1, got 0"):
        compact_index(index, n_workers=0)
    assert tree(index) == before


def test_a_damaged_bucket_is_an_error_and_changes_nothing(index: Path) -> None:
    remove_from_index(index, ADA)
    for table in index.glob("bucket-*/documents.jsonl"):
        table.write_bytes(table.read_bytes().replace(b'"kind":"code"', b'"kind":"coda"'))
    before = tree(index)
    with pytest.raises(FormatError, match="damaged"):
        compact_index(index, n_workers=1)
    assert tree(index) == before


def test_every_version_of_the_list_is_accounted_for(index: Path) -> None:
    # What `suppressed` says that it hides in this version is what readers would work out.
    for change in (
        lambda: remove_from_index(index, ADA),
        lambda: add_to_index(index, [MadeSource(new_files())], n_workers=1),
        lambda: remove_from_index(index, Request((IDS[OTHERS[1]],))),
        lambda: compact_index(index, n_workers=1),
        lambda: build(index, files()),
    ):
        change()
        with open_index(index) as opened:
            assert opened.masked.root == opened.manifest.root
            hidden = [bucket.hidden_rows.sum() for bucket in opened.buckets if bucket.hidden_rows is not None]
            assert opened.masked.n_documents == sum(hidden)
