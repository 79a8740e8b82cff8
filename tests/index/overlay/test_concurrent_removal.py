"""Readers while another process takes out, erases, lets in and adds: each sees one version whole, and what was taken
out is not seen once the removal has returned, by an index that was open before either.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codewhence.index.stats import index_stats
from codewhence.index.store import Index, open_index
from codewhence.index.verify import verify_index
from tests.index.overlay.states import IDS, OTHERS, OWN, SHARED, build, exact_copies

WRITER = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.index.build import add_to_index
from codewhence.index.overlay.compaction import compact_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.overlay.restoring import restore_to_index
from tests.index.made_corpus import MadeSource
from tests.index.overlay.states import files

ADA = Request(repos=("ada/engine",))

if __name__ == "__main__":
    index = Path(sys.argv[2])
    for line in sys.stdin:
        if line == "remove\\n":
            remove_from_index(index, ADA)
        elif line == "compact\\n":
            compact_index(index, n_workers=1)
        elif line == "restore\\n":
            restore_to_index(index, ADA)
        else:
            add_to_index(index, [MadeSource(files())], n_workers=1)
        print("done", flush=True)
"""
WITHOUT = sorted(IDS[text] for text in (*OTHERS, SHARED))
WITH = sorted([*WITHOUT, *(IDS[text] for text in OWN)])

Ask = Callable[[str], None]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return build(tmp_path / "index")


@pytest.fixture
def ask(tmp_path: Path, index: Path) -> Iterator[Ask]:
    """Have another process change ``index``, and wait until it has."""
    script = tmp_path / "writer.py"
    script.write_text(WRITER)
    arguments = [sys.executable, script, Path(__file__).parents[3], index]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None

        def do(step: str) -> None:
            print(step, file=writer.stdin, flush=True)
            assert writer.stdout is not None
            assert writer.stdout.readline() == "done\n"

        yield do
        writer.kill()


def version(index: Index) -> list[str]:
    """Return what an open index holds, after checking that all its answers are of one version."""
    ids = [document.doc_id for document in index.documents()]
    assert ids in (WITH, WITHOUT)
    matches = exact_copies(index, OWN[0]) + exact_copies(index, SHARED)
    sources = sorted((source.doc_id, source.origin.repo) for match in matches for source in match.sources)
    own = [(IDS[OWN[0]], "ada/engine"), (IDS[SHARED], "ada/engine")] if ids == WITH else []
    assert sources == sorted([*own, (IDS[SHARED], "bo/tools")])
    assert index.summary.n_documents == len(ids)
    return ids


def test_every_reader_sees_one_version_whole(index: Path, ask: Ask) -> None:
    seen: set[int] = set()
    stop = threading.Event()
    rounds = []

    def read(work: Callable[[], object]) -> None:
        n_rounds = 0
        while not stop.is_set():
            work()
            n_rounds += 1
        rounds.append(n_rounds)

    def open_anew() -> None:
        with open_index(index) as opened:
            seen.add(len(version(opened)))

    def count() -> None:
        assert index_stats(index)["n_documents"] in (len(WITH), len(WITHOUT))

    def verify() -> None:
        assert verify_index(index) == []

    threads = [threading.Thread(target=read, args=(work,)) for work in (open_anew, open_anew, count, verify)]
    for thread in threads:
        thread.start()
    try:
        for step in ("remove", "compact", "restore", "add") * 8:
            ask(step)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert seen == {len(WITH), len(WITHOUT)}
    assert len(rounds) == 4  # a thread that failed leaves no number, and pytest reports why
    assert min(rounds) > 3


def test_what_was_taken_out_is_not_seen_once_the_removal_has_returned(index: Path, ask: Ask) -> None:
    def check(opened: Index, expected: list[str]) -> None:
        opened.refresh()
        assert version(opened) == expected
        with open_index(index) as anew:
            assert version(anew) == expected

    with open_index(index) as opened:
        check(opened, WITH)
        ask("remove")
        check(opened, WITHOUT)
        ask("compact")
        check(opened, WITHOUT)
        with open_index(index) as later:
            ask("add")  # brings the same files again
            check(later, WITHOUT)
            check(opened, WITHOUT)
            ask("restore")
            ask("add")
            with open_index(index) as anew:
                assert version(anew) == WITH


def test_threads_that_share_an_index_see_one_version_in_one_answer(index: Path, ask: Ask) -> None:
    failed: list[BaseException] = []
    stop = threading.Event()
    with open_index(index) as opened:

        def read() -> None:
            try:
                while not stop.is_set():
                    opened.refresh()
                    for match in exact_copies(opened, SHARED):
                        assert match.n_documents == 1
                        assert {source.origin.repo for source in match.sources} <= {"ada/engine", "bo/tools"}
                    for match in exact_copies(opened, OWN[1]):
                        assert [source.origin.repo for source in match.sources] == ["ada/engine"]
            except BaseException as error:
                failed.append(error)
                raise

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for step in ("remove", "restore") * 15:
                ask(step)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert failed == []
