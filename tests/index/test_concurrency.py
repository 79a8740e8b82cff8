"""Readers while a writer works: each sees one version of the index whole, never a mixture, never an error."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from codewhence.digests import swhid
from codewhence.index.build import build_index
from codewhence.index.match import find_matches
from codewhence.index.stats import index_stats
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from tests.index.made_corpus import SMALL_TEXTS, made_code, made_source

SHARED = made_code(50, n_lines=10)
VERSIONS = [[SHARED, *(made_code(seed, n_lines=5) for seed in range(first, first + 8))] for first in (100, 200)]
IDS = [sorted(swhid(text.encode()) for text in version) for version in VERSIONS]

WRITER = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.index.build import build_index
from tests.index.made_corpus import made_source
from tests.index.test_concurrency import VERSIONS

if __name__ == "__main__":
    print("ready", flush=True)
    for number in range(1, 10**6):
        build_index([made_source(VERSIONS[number % 2])], Path(sys.argv[2]), n_buckets=4, n_workers=1)
        print(number, flush=True)
"""


@pytest.fixture
def rewritten_index(tmp_path: Path) -> Iterator[Path]:
    """An index that another process builds anew all the time, with the one content and the other in turn."""
    index = tmp_path / "index"
    build_index([made_source(VERSIONS[0])], index, n_buckets=4, n_workers=1)
    script = tmp_path / "writer.py"
    script.write_text(WRITER)
    arguments = [sys.executable, script, Path(__file__).parents[2], index]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        yield index
        writer.kill()


def read_for(seconds: float, index: Path) -> list[int]:
    """Open the index again and again; return the number of the version seen at each time."""
    seen = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with open_index(index) as opened:
            ids = [document.doc_id for document in opened.documents()]
            assert ids in IDS
            assert opened.document(IDS[0][0]) is not None or ids == IDS[1]
            (match,) = find_matches(opened, SHARED)
            assert match.n_documents == 1
            assert opened.summary.n_documents == len(ids)
        seen.append(IDS.index(ids))
    return seen


def test_a_reader_sees_one_content_or_the_other(rewritten_index: Path) -> None:
    seen = read_for(2, rewritten_index)
    assert set(seen) == {0, 1}
    assert len(seen) > 20


def test_many_readers_in_one_process_see_one_content_or_the_other(rewritten_index: Path) -> None:
    seen: list[list[int]] = []
    threads = [threading.Thread(target=lambda: seen.append(read_for(1, rewritten_index))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 3  # a thread that failed leaves no list, and pytest reports why


def test_statistics_see_one_content_or_the_other(rewritten_index: Path) -> None:
    end = time.monotonic() + 1
    while time.monotonic() < end:
        assert index_stats(rewritten_index)["n_documents"] == len(VERSIONS[0])


def test_verification_takes_a_writer_at_work_for_no_damage(rewritten_index: Path) -> None:
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert verify_index(rewritten_index) == []


def test_an_open_index_goes_on_answering_from_its_version(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build_index([made_source(VERSIONS[0])], index, n_buckets=4, n_workers=1)
    with open_index(index) as opened:
        build_index([made_source(VERSIONS[1])], index, n_buckets=2, n_workers=1)
        assert [document.doc_id for document in opened.documents()] == IDS[0]
        (match,) = find_matches(opened, VERSIONS[0][1])
        assert match.verbatim
        assert opened.manifest.n_buckets == 4
    with open_index(index) as opened:
        assert [document.doc_id for document in opened.documents()] == IDS[1]


def test_two_threads_share_an_open_index(small_index: Path) -> None:
    answers: list[list[int]] = []
    with open_index(small_index) as opened:

        def ask() -> None:
            answers.append([len(find_matches(opened, text)) for text in SMALL_TEXTS])

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [[1] * len(SMALL_TEXTS)] * 4
