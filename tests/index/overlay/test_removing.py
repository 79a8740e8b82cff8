"""What is taken out of an index is seen by no reader, from the moment that the removal returns."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import swhid
from codewhence.errors import UsageError
from codewhence.index.build import add_to_index, build_index
from codewhence.index.manifest import read_manifest
from codewhence.index.overlay import suppressed_file
from codewhence.index.overlay.removing import plan_removal, remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.stats import index_stats
from codewhence.index.store import open_index
from tests.index.made_corpus import MadeSource, made_code, made_file
from tests.index.overlay.states import (
    IDS,
    NEW,
    OTHERS,
    OWN,
    SHARED,
    build,
    exact_copies,
    files,
    files_of_others,
    new_files,
    seen,
    told,
)
from tests.index.truth import check_tidy, check_truth, tree

ADA = Request(repos=("ada/engine",))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return build(tmp_path / "index")


def test_a_removed_repository_is_seen_by_no_reader(tmp_path: Path, index: Path) -> None:
    plan = remove_from_index(index, ADA)
    assert {change.doc_id for change in plan.masked} == {IDS[text] for text in OWN}
    assert [change.doc_id for change in plan.kept_elsewhere] == [IDS[SHARED]]
    assert plan.n_files == len(OWN) + 1
    assert plan.n_text_bytes == sum(len(text.encode()) for text in OWN)
    assert seen(index) == seen(build(tmp_path / "never", files_of_others()))
    check_tidy(index)


def test_a_document_by_its_id_goes_with_all_its_origins(index: Path) -> None:
    plan = remove_from_index(index, Request((IDS[SHARED],)))
    (change,) = plan.changes
    assert {origin.repo for origin in change.lost} == {"ada/engine", "bo/tools"}
    assert change.left == ()
    assert IDS[SHARED] not in seen(index).ids


def test_paths_of_a_repository_go_alone(index: Path) -> None:
    plan = remove_from_index(index, Request(repos=("ada/engine",), globs=("src/[01].py", "src/sh*")))
    assert {change.doc_id for change in plan.masked} == {IDS[OWN[0]], IDS[OWN[1]]}
    assert [change.doc_id for change in plan.kept_elsewhere] == [IDS[SHARED]]
    after = seen(index)
    assert {IDS[OWN[2]], IDS[OWN[3]], IDS[SHARED]} <= set(after.ids)
    assert (IDS[SHARED], "bo/tools", "shared.txt") in after.origins


def test_the_last_origin_takes_the_document_along(index: Path) -> None:
    remove_from_index(index, ADA)
    assert IDS[SHARED] in seen(index).ids
    remove_from_index(index, Request(repos=("bo/tools",), globs=("shared.txt",)))
    assert IDS[SHARED] not in seen(index).ids


def test_masked_documents_count_neither_as_holders_nor_for_idioms(tmp_path: Path) -> None:
    idiom = made_code(1, n_lines=3)
    texts = [f"{made_code(number + 2, n_lines=4)}\n{idiom}" for number in range(40)]
    some = tuple(made_file(text, repo=f"maker-{number}/repo") for number, text in enumerate(texts))
    path = build(tmp_path / "index", some)
    with open_index(path) as opened:
        (match,) = exact_copies(opened, idiom)
        assert (match.n_documents, match.idiom) == (40, True)
        remove_from_index(path, Request(tuple(swhid(text.encode()) for text in texts[1:])))
        opened.refresh()
        (match,) = exact_copies(opened, idiom)
        assert (match.n_documents, match.idiom, len(match.sources)) == (1, False, 1)


small_texts = st.lists(
    st.integers(0, 10_000).map(lambda seed: made_code(seed, 3)), min_size=2, max_size=10, unique=True
)


@settings(max_examples=25, deadline=None)
@given(texts=small_texts, data=st.data())
def test_masking_answers_as_if_the_files_had_never_been_there(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("masking")
    places = st.tuples(st.sampled_from(texts), st.sampled_from(["ada/one", "bo/two"]), st.sampled_from(["a.py", "b.c"]))
    chosen = data.draw(st.lists(places, min_size=2, unique=True))
    gone_repo = chosen[0][1]
    kept = [place for place in chosen if place[1] != gone_repo]
    request = Request(repos=(gone_repo,))
    if not kept or data.draw(st.booleans()):
        gone_text = chosen[0][0]
        kept = [place for place in chosen if place[0] != gone_text]
        request = Request((swhid(gone_text.encode()),))
    if not kept:
        return
    build(path / "all", tuple(made_file(text, repo=repo, path=name) for text, repo, name in chosen))
    build(path / "kept", tuple(made_file(text, repo=repo, path=name) for text, repo, name in kept))
    remove_from_index(path / "all", request)
    query = "\n".join(texts)
    with open_index(path / "all") as masked, open_index(path / "kept") as never:
        assert list(masked.documents()) == list(never.documents())
        matches = exact_copies(masked, query)
        assert list(map(told, matches)) == list(map(told, exact_copies(never, query)))
        check_truth(masked, query, matches)


def test_an_open_index_takes_note_and_one_that_is_opened_knows(index: Path) -> None:
    with open_index(index) as opened:
        assert len(exact_copies(opened, OWN[0])) == 1
        remove_from_index(index, ADA)
        opened.refresh()
        assert exact_copies(opened, OWN[0]) == []
        assert opened.document(IDS[OWN[0]]) is None
        with open_index(index) as second:
            assert exact_copies(second, OWN[0]) == []


def test_taking_out_twice_changes_nothing_more(index: Path) -> None:
    first = remove_from_index(index, ADA)
    before = tree(index)
    again = remove_from_index(index, ADA)
    assert (again.changes, again.n_already) == ((), len(first.changes))
    assert tree(index) == before


def test_a_dry_run_says_the_same_and_changes_nothing(index: Path) -> None:
    before = tree(index)
    plan = plan_removal(index, ADA)
    assert tree(index) == before
    assert plan.changes == remove_from_index(index, ADA).changes


def test_what_was_taken_out_does_not_come_back_with_a_source(tmp_path: Path, index: Path) -> None:
    remove_from_index(index, ADA)
    remove_from_index(index, Request((IDS[OTHERS[0]],)))
    add_to_index(index, [MadeSource((*new_files(), *files()))], n_workers=1)
    after = seen(index)
    assert not {IDS[text] for text in (*OWN, OTHERS[0])} & set(after.ids)
    assert {IDS[text] for text in NEW} <= set(after.ids)
    assert not [origin for origin in after.origins if origin[1] == "ada/engine"]
    build_index(
        [MadeSource((*new_files(), *files()))], index, n_buckets=2, n_workers=1
    )  # a build over it keeps the list
    assert seen(index).origins == after.origins
    check_tidy(index)


def test_a_document_gone_with_its_repository_may_come_from_another(index: Path) -> None:
    remove_from_index(index, ADA)
    add_to_index(index, [MadeSource((made_file(OWN[0], repo="di/other", path="a.py"),))], n_workers=1)
    assert [origin[1:] for origin in seen(index).origins if origin[0] == IDS[OWN[0]]] == [("di/other", "a.py")]


def test_a_file_of_the_repository_that_moved_stays_out(index: Path) -> None:
    remove_from_index(index, ADA)
    add_to_index(
        index, [MadeSource((made_file(OWN[0], repo="ada/engine", path="lib/moved.py"), *new_files()))], n_workers=1
    )
    assert IDS[OWN[0]] not in seen(index).ids


def test_an_addition_of_nothing_but_what_was_taken_out_changes_no_answer(index: Path) -> None:
    remove_from_index(index, ADA)
    before = seen(index)
    add_to_index(index, [MadeSource(tuple(file for file in files() if file.origin.repo == "ada/engine"))], n_workers=1)
    assert seen(index) == before


def test_a_build_of_nothing_but_what_was_taken_out_is_refused(index: Path) -> None:
    remove_from_index(index, Request((IDS[OWN[0]],)))
    before = tree(index)
    with pytest.raises(UsageError, match=r"no document is left.*Nothing was written"):
        build_index([MadeSource((made_file(OWN[0]),))], index, n_workers=1)
    assert tree(index) == before


def test_statistics_say_what_is_masked(index: Path) -> None:
    remove_from_index(index, ADA)
    masked = index_stats(index)["masked"]
    assert masked["n_documents"] == len(OWN)
    assert masked["n_files"] == len(OWN) + 1
    assert masked["n_text_bytes"] == sum(len(text.encode()) for text in OWN)
    assert masked["n_listed"] == len(OWN) + 1


def test_a_report_names_the_list_that_it_was_made_with(index: Path) -> None:
    with open_index(index) as opened:
        assert opened.summary.removals is None
        digests = {opened.summary.removals}
        for request in (ADA, Request((IDS[OTHERS[0]],))):
            remove_from_index(index, request)
            opened.refresh()
            digests.add(opened.summary.removals)
        assert len(digests) == 3
        assert opened.summary.root == read_manifest(index).root


def test_the_list_holds_no_name(index: Path) -> None:
    remove_from_index(index, Request(repos=("ada/engine",), globs=("src/*.py",)))
    data = (index / suppressed_file.FILE_NAME).read_bytes()
    assert b"ada" not in data
    assert b"src" not in data


def test_an_index_without_removals_is_as_before(index: Path) -> None:
    assert not read_manifest(index).has_removals
    assert b"has_removals" not in (index / "MANIFEST.json").read_bytes()
    with open_index(index) as opened:
        assert opened.buckets == opened.held_buckets
