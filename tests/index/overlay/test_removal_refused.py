"""A removal that cannot be changes nothing, and a list that is lost or damaged shows nothing again."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codewhence.digests import swhid
from codewhence.errors import FormatError, IndexMissingError, UsageError
from codewhence.index.build import add_to_index, build_index
from codewhence.index.overlay import suppressed_file
from codewhence.index.overlay.removing import plan_removal, remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.stats import index_stats
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from codewhence.index.workspace import Workspace
from tests.index.made_corpus import MadeSource, made_code, made_file
from tests.index.overlay.states import (
    IDS,
    OWN,
    build,
    exact_copies,
    new_files,
)
from tests.index.truth import tree

ADA = Request(repos=("ada/engine",))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return build(tmp_path / "index")


UNKNOWN = [swhid(b"never"), swhid(b"seen")]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(
            lambda: Request((UNKNOWN[0], IDS[OWN[0]])), rf"1 of 2 .* not in .*: {UNKNOWN[0]}\.", id="unknown id"
        ),
        pytest.param(lambda: Request(tuple(UNKNOWN)), rf"2 of 2 .*{UNKNOWN[0]}, {UNKNOWN[1]}", id="unknown ids"),
        pytest.param(
            lambda: Request(("swh:1:cnt:12",)), r"'swh:1:cnt:12' is not the id of a document \(1 of 1", id="no id"
        ),
        pytest.param(lambda: Request((IDS[OWN[0]].upper(),)), "is not the id of a document", id="upper case"),
        pytest.param(lambda: Request(()), "nothing is named", id="nothing"),
        pytest.param(lambda: Request((IDS[OWN[0]],), globs=("*",)), "pass --repo", id="paths of no repository"),
        pytest.param(lambda: Request(repos=("ada/engin",)), "repository 'ada/engin'", id="part of a name"),
        pytest.param(lambda: Request(repos=("ada/engine", "no/one")), "1 of 2 .*'no/one'", id="an unknown repository"),
        pytest.param(lambda: Request(repos=("ada/engine",), globs=("*.py",)), r"path '\*\.py'", id="matches nothing"),
        pytest.param(lambda: Request(repos=("ada/engine",), globs=("/src/*",)), "inside the repository", id="absolute"),
        pytest.param(lambda: Request(repos=("ada/engine",), globs=("[z-a]",)), "is no pattern", id="bad set"),
        pytest.param(lambda: Request(repos=("ada/engine", "bo/tools")), "no document would be left", id="everything"),
    ],
)
def test_a_request_that_cannot_be_met_changes_nothing(
    index: Path, request_: Callable[[], Request], message: str
) -> None:
    before = tree(index)
    for work in (plan_removal, remove_from_index):
        with pytest.raises(UsageError, match=message):
            work(index, request_())
    assert tree(index) == before


def test_with_ignore_missing_the_rest_goes_and_unknown_ids_never_enter(index: Path) -> None:
    unknown = made_file(made_code(4000))
    plan = remove_from_index(index, Request((swhid(unknown.data), IDS[OWN[0]])), ignore_missing=True)
    assert [change.doc_id for change in plan.changes] == [IDS[OWN[0]]]
    assert plan.missing == (swhid(unknown.data),)
    add_to_index(index, [MadeSource((unknown, *new_files()))], n_workers=1)
    with open_index(index) as opened:
        assert opened.document(swhid(unknown.data)) is None
    assert remove_from_index(index, Request((swhid(unknown.data),))).n_already == 1


def test_where_no_index_is_nothing_is_made(tmp_path: Path) -> None:
    for work in (plan_removal, remove_from_index):
        with pytest.raises(IndexMissingError):
            work(tmp_path / "gone", ADA)
    assert not (tmp_path / "gone").exists()


def test_a_second_writer_is_refused(index: Path) -> None:
    with Workspace.open(index), pytest.raises(UsageError, match="another process is writing"):
        remove_from_index(index, ADA)
    assert not (index / suppressed_file.FILE_NAME).exists()


@pytest.fixture
def removed(index: Path) -> Iterator[Path]:
    remove_from_index(index, ADA)
    yield index
    assert verify_index(index)[0].file == suppressed_file.FILE_NAME  # damage is named


def damage_is_met_everywhere(path: Path, message: str) -> None:
    before = tree(path)
    for work in (
        open_index,
        index_stats,
        lambda path: remove_from_index(path, ADA),
        lambda path: add_to_index(path, [MadeSource(new_files())], n_workers=1),
        lambda path: build_index([MadeSource(new_files())], path, n_workers=1),
    ):
        with pytest.raises(FormatError, match=message):
            work(path)
    assert tree(path) == before


def test_a_missing_list_is_damage(removed: Path) -> None:
    (removed / suppressed_file.FILE_NAME).unlink()
    damage_is_met_everywhere(removed, "suppressed is missing.*Nothing is answered until")


@pytest.mark.parametrize("place", [0, 40, 300, -1])
def test_a_damaged_list_is_damage(removed: Path, place: int) -> None:
    data = bytearray((removed / suppressed_file.FILE_NAME).read_bytes())
    data[place] ^= 1
    (removed / suppressed_file.FILE_NAME).write_bytes(data)
    damage_is_met_everywhere(removed, "suppressed")


def test_a_list_that_is_lost_or_damaged_while_an_index_is_open_shows_nothing_again(removed: Path) -> None:
    path = removed / suppressed_file.FILE_NAME
    sound = path.read_bytes()
    with open_index(removed) as opened:
        path.unlink()
        with pytest.raises(FormatError, match="missing"):
            opened.refresh()
        path.write_bytes(sound[:-1])
        for _ in range(2):
            with pytest.raises(FormatError, match="damaged"):
                opened.refresh()
        assert exact_copies(opened, OWN[0]) == []
        path.write_bytes(sound)
        opened.refresh()
        assert exact_copies(opened, OWN[0]) == []
    os.truncate(path, 3)
