"""The queries: touched copies with their true sources, unseen code as the null, and 2 kB files to time.

Every copied function is asked alone and set into 2 to 3 kB of other, unseen code. Queries are drawn by a seed, written
once as JSON lines into ``benchmarks/.cache/queries``, and interleaved: whoever stops early has seen the same share of
every class.
"""

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.copies import classes
from benchmarks.copies.originals import Original, originals
from benchmarks.copies.truth import Haystack
from benchmarks.documents import Corpus, UnseenFile, open_corpus, unseen_files

ALONE, HOSTED = "alone", "hosted"
NULL_FUNCTION, NULL_FILE, LATENCY = "null function", "null file", "latency"
HOST_CHARS = (2000, 3000)
# Before a definition in Python; in other languages after a line that closes a function or a method.
_BOUNDARIES = {
    True: re.compile(r"\n(?=[ \t]*(?:@\w|class \w|def \w|async def \w))"),
    False: re.compile(r"\n[ \t]*\};?\n(?=\s)|\n\};?\n"),
}
LATENCY_COPY_CHARS, LATENCY_AROUND_CHARS = 300, 850


@dataclass(frozen=True, slots=True)
class Query:
    """One text to ask.

    Attributes:
        name: Unique.
        kind: A class of copies, or one of the null and latency kinds.
        form: ``alone`` or ``hosted`` of copies.
        language: Lower-case name.
        project: Of unseen code: whose.
        text: What is asked.
        start: Where the copy begins, in code points.
        end: Where it ends; equal to ``start`` of unseen code.
        truth: Numbers of the corpus files that hold the original to the letter, by brute force.
    """

    name: str
    kind: str
    form: str
    language: str
    project: str
    text: str
    start: int
    end: int
    truth: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many queries are made."""

    per_class: int = 500
    null_functions: int = 2400
    null_files: int = 800
    latency: int = 200
    seed: int = 20261125


def query_file(corpus_name: str, sizes: Sizes) -> Path:
    """Return the file of the queries over a corpus, making it the first time."""
    indexed = open_corpus(corpus_name)
    made_by = [*sorted(Path(__file__).parent.glob("copies/*.py")), Path(__file__), Path(corpus.__file__)]
    key = hashlib.sha256(f"{indexed.digest} {sizes}".encode() + b"".join(path.read_bytes() for path in made_by))
    path = corpus.CACHE / "queries" / f"{corpus_name}-{key.hexdigest()[:16]}.jsonl"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = _interleaved(list(_queries(indexed, unseen_files(corpus_name), sizes)))
        new = path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(query)) + "\n" for query in made)
        new.replace(path)
    return path


def read_queries(path: Path) -> Iterator[Query]:
    """Yield the queries of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            values: dict[str, Any] = json.loads(line)
            values["truth"] = tuple(values["truth"])
            yield Query(**values)


def _queries(indexed: Corpus, unseen: Sequence[UnseenFile], sizes: Sizes) -> Iterator[Query]:
    rng = random.Random(sizes.seed)
    haystack = Haystack(list(indexed.data()))
    yield from _copies(indexed, unseen, haystack, sizes, rng)
    yield from _null_functions(unseen, sizes.null_functions, rng)
    yield from _null_files(unseen, sizes.null_files, rng)
    yield from _latency(indexed, unseen, haystack, sizes.latency, rng)


def _copies(
    indexed: Corpus, unseen: Sequence[UnseenFile], haystack: Haystack, sizes: Sizes, rng: random.Random
) -> Iterator[Query]:
    languages = sorted({file.language for file in indexed.files})
    for language in languages:
        numbers = [number for number, file in enumerate(indexed.files) if file.language == language]
        texts = [(language, indexed.text(number)) for number in numbers]
        hosts = _hosts([file for file in unseen if file.language == language], rng)
        table = (*classes.MAIN, *classes.HARDER) if language == "python" else classes.OF_LANGUAGES
        n_made = dict.fromkeys((each.name for each in table), 0)
        # A document gives one function where there are enough documents.
        for original in originals(texts, rng, per_text=1 if language == "python" else 8):
            wanted = [each for each in table if n_made[each.name] < sizes.per_class]
            if not wanted:
                break
            copies = {each.name: classes.make(each, original, rng) for each in wanted}
            if any(copies.values()):
                truth = tuple(haystack.holders(original.raw))
                for kind, copied in copies.items():
                    if copied:
                        n_made[kind] += 1
                        yield from _both_forms(kind, n_made[kind], copied, original, truth, next(hosts))


def _both_forms(
    kind: str, number: int, copied: str, original: Original, truth: tuple[int, ...], host: str
) -> Iterator[Query]:
    name = f"{original.language} {kind} {number}"
    yield Query(f"{name} {ALONE}", kind, ALONE, original.language, "", copied, 0, len(copied), truth)
    middle = _between_statements(host, original.language)
    text = f"{host[:middle]}{copied}\n{host[middle:]}"
    yield Query(f"{name} {HOSTED}", kind, HOSTED, original.language, "", text, middle, middle + len(copied), truth)


def _hosts(unseen: Sequence[UnseenFile], rng: random.Random) -> Iterator[str]:
    """Yield stretches of whole lines, 2 to 3 kB, of unseen files, for ever."""
    while True:
        file = rng.choice(unseen)
        cut = _cut(file.text, rng)
        if cut and _between_statements(cut, file.language):
            yield cut


def _between_statements(host: str, language: str) -> int:
    """Return the place nearest to the middle at which a function may stand: not within a doc string, for one."""
    places = [found.end() for found in _BOUNDARIES[language == "python"].finditer(host)]
    near = [place for place in places if len(host) / 4 <= place <= len(host) * 3 / 4]
    return min(near, key=lambda place: abs(place - len(host) / 2), default=0)


def _cut(text: str, rng: random.Random) -> str:
    n_wanted = rng.randint(*HOST_CHARS)
    if len(text) < n_wanted + 200 or "\r" in text:
        return ""
    start = text.find("\n", rng.randrange(len(text) - n_wanted)) + 1
    end = text.rfind("\n", start, start + n_wanted) + 1
    return text[start:end] if start and HOST_CHARS[0] * 0.9 <= end - start else ""


def _by_project(unseen: Sequence[UnseenFile], rng: random.Random) -> list[list[UnseenFile]]:
    groups = defaultdict(list)
    n_languages = len({file.language for file in unseen})
    for file in unseen:  # where there are several languages, each weighs the same
        groups[file.language, file.project if n_languages == 1 else ""].append(file)
    return [rng.sample(groups[key], len(groups[key])) for key in sorted(groups)]


def _null_functions(unseen: Sequence[UnseenFile], n_wanted: int, rng: random.Random) -> Iterator[Query]:
    """Yield functions of unseen files, one a file, project after project in turn."""
    streams = [
        (files, originals([(file.language, file.text) for file in files], rng)) for files in _by_project(unseen, rng)
    ]
    n_made = 0
    while streams and n_made < n_wanted:
        for stream in list(streams):
            files, found = stream
            original = next(found, None)
            if original is None:
                streams.remove(stream)
            elif n_made < n_wanted:
                n_made += 1
                name, file = f"{NULL_FUNCTION} {n_made}", files[original.number]
                yield Query(name, NULL_FUNCTION, ALONE, file.language, file.project, original.raw, 0, 0, ())


def _null_files(unseen: Sequence[UnseenFile], n_wanted: int, rng: random.Random) -> Iterator[Query]:
    """Yield stretches of 2 to 3 kB of unseen files, one a file, project after project in turn."""
    groups = _by_project(unseen, rng)
    n_made = 0
    while any(groups) and n_made < n_wanted:
        for group in groups:
            cut = _cut(group[-1].text, rng) if group else ""
            if group:
                file = group.pop()
                if cut and n_made < n_wanted:
                    n_made += 1
                    yield Query(f"{NULL_FILE} {n_made}", NULL_FILE, HOSTED, file.language, file.project, cut, 0, 0, ())


def _latency(
    indexed: Corpus, unseen: Sequence[UnseenFile], haystack: Haystack, n_wanted: int, rng: random.Random
) -> Iterator[Query]:
    """Yield 300 copied characters between two stretches of 850 unseen ones."""
    long_enough = [file for file in unseen if len(file.text) > 2 * LATENCY_AROUND_CHARS]
    n_made = 0
    while n_made < n_wanted:
        number = rng.randrange(len(indexed.files))
        text = indexed.text(number)
        file = rng.choice(long_enough)
        if len(text) < 1000:
            continue
        at = rng.randrange(len(text) - LATENCY_COPY_CHARS)
        copied = text[at : at + LATENCY_COPY_CHARS]
        before = rng.randrange(len(file.text) - 2 * LATENCY_AROUND_CHARS)
        middle = before + LATENCY_AROUND_CHARS
        whole = file.text[before:middle] + copied + file.text[middle : middle + LATENCY_AROUND_CHARS]
        n_made += 1
        language, truth = indexed.files[number].language, tuple(haystack.holders(copied))
        start, end = LATENCY_AROUND_CHARS, LATENCY_AROUND_CHARS + LATENCY_COPY_CHARS
        yield Query(f"{LATENCY} {n_made}", LATENCY, HOSTED, language, "", whole, start, end, truth)


def _interleaved(queries: list[Query]) -> list[Query]:
    """Order by each query's rank within its class, as a share: every beginning is a fair sample."""
    classes_of = defaultdict(list)
    for query in queries:
        classes_of[query.language if query.start < query.end else "", query.kind, query.form].append(query)
    ranked = [(rank / len(group), key, query) for key, group in classes_of.items() for rank, query in enumerate(group)]
    return [query for _, _, query in sorted(ranked, key=lambda each: each[:2])]
