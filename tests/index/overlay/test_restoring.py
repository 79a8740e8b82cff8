"""What was taken out can be let back in: at once where it is still held, with a source where it was erased."""

from pathlib import Path

import pytest

from codewhence.errors import UsageError
from codewhence.index.build import add_to_index
from codewhence.index.overlay.compaction import compact_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.overlay.restoring import restore_to_index
from tests.index.made_corpus import MadeSource
from tests.index.overlay.states import IDS, OWN, SHARED, build, files, seen
from tests.index.truth import check_tidy, tree

ADA = Request(repos=("ada/engine",))
REQUESTS = [
    pytest.param(ADA, ADA, id="a repository"),
    pytest.param(Request(repos=("ada/engine",), globs=("src/*",)), ADA, id="paths, by their repository"),
    pytest.param(Request((IDS[OWN[0]], IDS[SHARED])), Request((IDS[SHARED], IDS[OWN[0]])), id="documents"),
    pytest.param(ADA, Request(tuple(IDS[text] for text in (*OWN, SHARED))), id="a repository, by its documents"),
]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return build(tmp_path / "index")


@pytest.mark.parametrize(("out", "back"), REQUESTS)
def test_what_is_still_held_is_shown_again_at_once(index: Path, out: Request, back: Request) -> None:
    before = seen(index)
    plan = remove_from_index(index, out)
    assert seen(index) != before
    restored = restore_to_index(index, back)
    assert seen(index) == before
    assert (restored.n_documents, restored.n_files, restored.n_gone) == (len(plan.masked), plan.n_files, 0)
    check_tidy(index)


def test_what_was_erased_comes_back_with_a_source(index: Path) -> None:
    before = seen(index)
    remove_from_index(index, ADA)
    compact_index(index, n_workers=1)
    restored = restore_to_index(index, ADA)
    assert (restored.n_documents, restored.n_files, restored.n_gone) == (0, 0, len(OWN))
    assert seen(index) != before
    add_to_index(index, [MadeSource(files())], n_workers=1)
    assert seen(index) == before


def test_what_was_not_named_stays_out(index: Path) -> None:
    remove_from_index(index, ADA)
    restore_to_index(index, Request((IDS[OWN[0]],)))
    assert {IDS[text] for text in OWN} & set(seen(index).ids) == {IDS[OWN[0]]}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param(Request((IDS[SHARED],)), "nothing of this was taken out", id="a document that is in"),
        pytest.param(Request(repos=("bo/tools",)), "nothing of this was taken out", id="a repository that is in"),
        pytest.param(Request(repos=("ada/engine",), globs=("*",)), "--path cannot be let back in", id="paths"),
    ],
)
def test_what_is_not_out_cannot_be_let_in(index: Path, request_: Request, message: str) -> None:
    remove_from_index(index, Request((IDS[OWN[0]],)))
    before = tree(index)
    with pytest.raises(UsageError, match=message):
        restore_to_index(index, request_)
    assert tree(index) == before
