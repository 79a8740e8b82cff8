"""A corpus as every peer reads it: a tree of files, numbered, with a digest; and the unseen files beside it.

The tree is laid once, into ``benchmarks/.cache/corpora/<name>``: one folder a project, so that all peers index the
same files. ``python`` is the recipe of ``corpus.py``, about 145 MB; ``languages`` are five other languages; their
``small-…`` forms are random documents of about 10 MB, for trying a change of the harness.
"""

import hashlib
import json
import random
import shutil
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks import corpus, language_corpus

CORPORA = corpus.CACHE / "corpora"
NAMES = ("python", "languages", "small-python", "small-languages")
SMALL_BYTES = 10_000_000
SUFFIX_OF = {"python": ".py", **{language: suffixes[0] for language, suffixes in language_corpus.SUFFIXES.items()}}


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file of a corpus, known by its number in the list.

    Attributes:
        path: Below the corpus's folder; its first part is the project.
        language: Lower-case name.
    """

    path: str
    language: str


@dataclass(frozen=True)
class Corpus:
    """A laid-out corpus.

    Attributes:
        name: One of ``NAMES``.
        folder: Where its files lie.
        files: In the order that numbers them.
        digest: sha256 over paths and contents.
        n_bytes: Of text, UTF-8.
    """

    name: str
    folder: Path
    files: tuple[CorpusFile, ...]
    digest: str
    n_bytes: int
    projects: tuple[str, ...] = field(default=())

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each path."""
        return {file.path: number for number, file in enumerate(self.files)}

    def data(self) -> Iterator[bytes]:
        """Yield the bytes of each file, in order."""
        for file in self.files:
            yield (self.folder / file.path).read_bytes()

    def text(self, number: int) -> str:
        """Return the text of one file."""
        return (self.folder / self.files[number].path).read_bytes().decode("utf-8")


@dataclass(frozen=True, slots=True)
class UnseenFile:
    """A file that no index holds."""

    project: str
    language: str
    text: str


def open_corpus(name: str) -> Corpus:
    """Return a corpus, laying it out the first time."""
    folder = CORPORA / name
    listing = CORPORA / f"{name}.json"
    if not listing.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _lay_out(name, folder, listing)
    known = json.loads(listing.read_text(encoding="utf-8"))
    files = tuple(CorpusFile(path, language) for path, language in known["files"])
    projects = tuple(sorted({file.path.split("/")[0] for file in files}))
    return Corpus(name, folder, files, known["digest"], known["n_bytes"], projects)


def unseen_files(name: str) -> list[UnseenFile]:
    """Return the unseen files that go with a corpus, at least 200 characters each, sorted by project and path."""
    if name.endswith("python"):
        found = [
            (project, "python", path)
            for folder in corpus.unseen_report_folders()
            for project, path in _python_files(folder)
        ]
    else:
        found = [
            (project.name, language, path)
            for language, projects in language_corpus.UNSEEN.items()
            for project in projects
            for _, path in language_corpus.source_files(project, language)
        ]
    texts = [(project, language, _decoded(path.read_bytes())) for project, language, path in found]
    return [UnseenFile(*each) for each in texts if len(each[2]) >= 200]


def _lay_out(name: str, folder: Path, listing: Path) -> None:
    files = sorted(_python_corpus() if name.endswith("python") else _language_corpus())
    readable = [each for each in files if _decoded(each[2].read_bytes())]
    if name.startswith("small-"):
        readable = _some(readable)
    digest = hashlib.sha256()
    n_bytes = 0
    for path, _, original in readable:
        data = original.read_bytes()
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
        n_bytes += len(data)
    known = {"digest": digest.hexdigest(), "n_bytes": n_bytes, "files": [each[:2] for each in readable]}
    listing.write_text(json.dumps(known), encoding="utf-8")


def _python_corpus() -> Iterator[tuple[str, str, Path]]:
    for _, path in _python_files(corpus.seen_folder()):
        yield str(path.relative_to(corpus.seen_folder())), "python", path
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        relative = path.relative_to(library)
        if not {"site-packages", "dist-packages"} & set(relative.parts) and path.is_file():
            yield f"cpython/{relative}", "python", path


def _python_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the Python files of packages installed below a folder, with the package's name."""
    for path in sorted(folder.rglob("*.py")):
        first = path.relative_to(folder).parts[0]
        if first not in {"bin", "share"} and (folder / first).is_dir():
            yield first, path


def _language_corpus() -> Iterator[tuple[str, str, Path]]:
    for language, projects in language_corpus.SEEN.items():
        for project in projects:
            for relative, path in language_corpus.source_files(project, language):
                yield f"{project.name.replace('/', '+')}/{relative}", language, path


def _some(files: list[tuple[str, str, Path]]) -> list[tuple[str, str, Path]]:
    chosen, n_bytes = [], 0
    for each in random.Random(1).sample(files, len(files)):
        if n_bytes < SMALL_BYTES:
            chosen.append(each)
            n_bytes += each[2].stat().st_size
    return sorted(chosen)


def _decoded(data: bytes) -> str:
    """Return the text of UTF-8 without NUL, else nothing."""
    try:
        return "" if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
