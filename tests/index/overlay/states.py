"""Indexes with something to take out, and all that a reader can see of one: what is old or new, never a third."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.digests import swhid
from codewhence.index.build import build_index
from codewhence.index.manifest import read_manifest
from codewhence.index.match import find_matches
from codewhence.index.sources.base import RawFile
from codewhence.index.stats import index_stats
from codewhence.index.store import Index, open_index
from codewhence.index.verify import verify_index
from codewhence.records import Match, MatchKind
from tests.index.made_corpus import MadeSource, made_code, made_file

SHARED = made_code(900, n_lines=9)
OWN = [made_code(901 + number, n_lines=9) for number in range(4)]
OTHERS = [made_code(950 + number, n_lines=9) for number in range(8)]
NEW = [made_code(980 + number, n_lines=9) for number in range(4)]
IDS = {text: swhid(text.encode()) for text in (SHARED, *OWN, *OTHERS, *NEW)}


def files() -> tuple[RawFile, ...]:
    """Return the files of two repositories: ``ada/engine`` holds ``OWN``, ``bo/tools`` ``OTHERS``, both ``SHARED``."""
    own = [made_file(text, repo="ada/engine", path=f"src/{number}.py") for number, text in enumerate(OWN)]
    others = [made_file(text, repo="bo/tools", path=f"{number}.py") for number, text in enumerate(OTHERS)]
    shared = [
        made_file(SHARED, repo="ada/engine", path="src/shared.py"),
        made_file(SHARED, repo="bo/tools", path="shared.txt"),
    ]
    return (*own, *others, *shared)


def files_of_others() -> tuple[RawFile, ...]:
    """Return the files but for those of ``ada/engine``."""
    return tuple(file for file in files() if file.origin.repo != "ada/engine")


def new_files() -> tuple[RawFile, ...]:
    """Return files to add: new ones, and all those of ``ada/engine`` once more."""
    new = [made_file(text, repo="cy/new", path=f"{number}.py") for number, text in enumerate(NEW)]
    return (*new, *(file for file in files() if file.origin.repo == "ada/engine"))


def build(path: Path, some: tuple[RawFile, ...] | None = None, *, n_buckets: int = 4) -> Path:
    """Build an index of ``files()``, or of the given files."""
    build_index([MadeSource(files() if some is None else some)], path, n_buckets=n_buckets, n_workers=1)
    return path


@dataclass(frozen=True)
class Seen:
    """Everything that readers can tell of an index."""

    ids: tuple[str, ...]
    origins: tuple[tuple[str, str, str], ...]
    matches: tuple[Any, ...]
    counts: tuple[int, int]
    stats: tuple[Any, ...]


def seen(path: Path) -> Seen:
    """Ask every reader for everything, and check that they agree and that each byte is as written."""
    assert verify_index(path) == []
    with open_index(path) as index:
        documents = list(index.documents())
        held = {text: index.document(doc_id) for text, doc_id in IDS.items()}
        assert {each.doc_id for each in held.values() if each is not None} == {each.doc_id for each in documents}
        matches = tuple((text, tuple(map(told, exact_copies(index, text)))) for text in IDS)
        for text, found in matches:
            document = held[text]
            sources = {(source.doc_id, source.origin) for each in found for source in each[1]}
            origins = () if document is None else document.origins
            assert sources == {(IDS[text], origin) for origin in origins}
            assert all(n_documents == 1 for _, _, n_documents, *_ in found)
        counts = (index.summary.n_documents, index.summary.n_files)
    assert counts == (len(documents), sum(len(document.origins) for document in documents))
    stats = index_stats(path)
    names = ("n_documents", "n_files", "n_text_bytes", "n_text_chars", "languages", "licenses")
    assert (stats["n_documents"], stats["n_files"]) == counts
    return Seen(
        tuple(document.doc_id for document in documents),
        tuple((each.doc_id, origin.repo, origin.path) for each in documents for origin in each.origins),
        matches,
        counts,
        tuple(stats[name] if isinstance(stats[name], int) else tuple(sorted(stats[name].items())) for name in names),
    )


def exact_copies(index: Index, text: str) -> list[Match]:
    """Return the exact matches; touched copies and what is told of chance depend on how frequent words are."""
    return [match for match in find_matches(index, text) if match.kind is MatchKind.EXACT]


def told(match: Match) -> tuple[Any, ...]:
    """Return what a match tells of its sources."""
    return match.span, match.sources, match.n_documents, match.n_tokens, match.verbatim, match.idiom


def bucket_bytes(path: Path) -> dict[str, bytes]:
    """Return every file of every bucket by its name."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.glob("bucket-*/*")}


def root(path: Path) -> str:
    """Return the Merkle root over the buckets alone."""
    return read_manifest(path).content_root
