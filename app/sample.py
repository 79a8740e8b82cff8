"""Samples that match: put together from the index's own documents, so that no text of others is shipped.

``python -m codewhence.app.sample INDEX FILE`` writes the combined sample to FILE.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codewhence.errors import UsageError
from codewhence.index.frequent import most_repeated_passage
from codewhence.index.match import find_matches
from codewhence.index.store import Index, open_index
from codewhence.records import Document, Match

_MIN_LINES, _MAX_LINES = 12, 30
_BETWEEN = "\n\n\nMAPLE_TAPS_LEFT = 17\n\n\n"  # a line of our own, so that the parts of a sample do not touch
_MAX_TRIED = 300
_MAX_SOURCES = 2  # a sample names its source at a glance


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to try.

    Attributes:
        title: A few words.
        text: The text, with its blanks and line ends as they are.
        description: One sentence: what it is made of, and what to expect.
    """

    title: str
    text: str
    description: str


def samples(index: Index) -> list[Sample]:
    """Make samples from the Python functions in ``index``: a copy, a reformatted copy, an idiom, all three together.

    The same index gives the same samples. An index without Python functions gives fewer, or none.
    """
    made = []
    functions = _distinctive_functions(index)
    exact = next(functions, None)
    if exact is not None:
        made.append(Sample("Exact copy", exact.code, f"A function copied from {exact.place}."))
        reformatted = _function_to_reformat(index, functions, besides=exact.repo)
        if reformatted is not None:
            text = reindented(reformatted.code)
            description = f"A function of {reformatted.place}, indented in another way."
            made.append(Sample("Reformatted copy", text, description))
    idiom = most_repeated_passage(index, language="python") or most_repeated_passage(index)
    if idiom is not None:
        text, match = idiom
        whole_lines = text[text.find("\n") + 1 :]  # the passage may begin in the middle of a line
        made.append(Sample("Common idiom", whole_lines, f"A passage that stands in {match.n_documents} documents."))
    if len(made) > 1:
        # The idiom first: the most repeated passage of most training sets is a license header.
        combined = _BETWEEN.join(sample.text.strip("\n") for sample in reversed(made)) + "\n"
        made.insert(0, Sample("All together", combined, " ".join(sample.description for sample in reversed(made))))
    return made


def reindented(code: str) -> str:
    """Indent with one tab a level, and drop blank lines: what another editor does to a copy."""
    lines = [line for line in code.splitlines() if line.strip()]
    return "\n".join("\t" * ((len(line) - len(line.lstrip(" "))) // 4) + line.lstrip(" ") for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Function:
    code: str
    repo: str
    place: str


def _function_to_reformat(index: Index, functions: Iterator[_Function], *, besides: str) -> _Function | None:
    """Take a function of another project where one of the next shows, else any."""
    fallback = None
    for function in islice(functions, _MAX_TRIED):
        if _survives(index, reindented(function.code)):
            if function.repo != besides:
                return function
            fallback = fallback or function
    return fallback


def _distinctive_functions(index: Index) -> Iterator[_Function]:
    """Yield functions that stand in one or two documents, one of each document."""
    for document in index.documents():
        origin = document.origins[0]
        if document.language != "python" or not origin.licenses:
            continue
        for code in _functions(document):
            whole = _whole_match(index, code)
            if whole is not None and whole.verbatim and whole.n_documents <= _MAX_SOURCES:
                place = f"{origin.repo}, {origin.path} ({' AND '.join(origin.licenses)})"
                yield _Function(code, origin.repo, place)
                break


def _functions(document: Document) -> Iterator[str]:
    try:
        tree = ast.parse(document.content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = document.content.split("\n")
    for node in tree.body:  # a method would lose its indentation, and be a reformatted copy
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            n_lines = node.end_lineno - node.lineno + 1
            if _MIN_LINES <= n_lines <= _MAX_LINES and "\r" not in document.content:
                yield "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _whole_match(index: Index, code: str) -> Match | None:
    n_needed = 0.9 * len(code)
    return next((match for match in find_matches(index, code) if len(match.span) >= n_needed and not match.idiom), None)


def _survives(index: Index, code: str) -> bool:
    match = _whole_match(index, code)
    return match is not None and not match.verbatim


def main(arguments: list[str]) -> None:
    """Write the combined sample of an index to a file."""
    if len(arguments) != 2:
        raise UsageError("usage: python -m codewhence.app.sample INDEX FILE")
    with open_index(Path(arguments[0])) as index:
        made = samples(index)
    if not made:
        raise UsageError(f"the index '{arguments[0]}' holds no Python function to make a sample from.")
    Path(arguments[1]).write_text(made[0].text, encoding="utf-8", newline="")
    print(f"{arguments[1]}: {made[0].description}")


if __name__ == "__main__":
    main(sys.argv[1:])
