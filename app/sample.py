"""Samples that match: put together from the index's own documents, so that no text of others is shipped.

``python -m codewhence.app.sample INDEX FILE`` writes the combined sample to FILE.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codewhence.app.renaming import renamed
from codewhence.errors import UsageError
from codewhence.index.frequent import most_repeated_passage
from codewhence.index.match import find_matches
from codewhence.index.store import Index, open_index
from codewhence.records import Document, Match, MatchKind

_LINES = range(12, 31)
_LINES_RENAMED = range(30, 61)  # the longer, the surer; and still to be read at a glance
_BETWEEN = "\n\n\nMAPLE_TAPS_LEFT = 17\n\n\n"  # a line of our own, so that the parts of a sample do not touch
_MAX_TRIED = 300
_MAX_RENAMED = 60  # half a second
_WHOLE = 0.9  # of a sample is under its match
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
    """Make samples from the Python functions in ``index``: a copy, one reformatted, one renamed, an idiom; and all.

    The same index gives the same samples. An index without Python functions gives fewer, or none.
    """
    made = []
    functions = _distinctive_functions(index, _LINES)
    exact = next(functions, None)
    if exact is not None:
        made.append(Sample("Exact copy", exact.code, f"A function copied from {exact.place}."))
        reformatted = _function_to_reformat(index, functions, besides=exact.repo)
        if reformatted is not None:
            text = reindented(reformatted.code)
            description = f"A function of {reformatted.place}, indented in another way."
            made.append(Sample("Reformatted copy", text, description))
    other_names = _function_to_rename(index, _distinctive_functions(index, _LINES_RENAMED))
    if other_names is not None:
        function, text = other_names
        description = f"A function of {function.place} under other local names."
        made.append(Sample("Renamed copy", text, description))
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


def _function_to_rename(index: Index, functions: Iterator[_Function]) -> tuple[_Function, str] | None:
    """Take that of the next functions which is the surest to be found under other names, and give those names."""
    found: list[tuple[float, int, _Function, str]] = []
    for place, function in enumerate(islice(functions, _MAX_RENAMED)):
        text = renamed(function.code)
        match = None if text is None else _renamed_match(index, text)
        if text is not None and match is not None and match.p_value is not None:
            found.append((match.p_value, place, function, text))
    return min(found)[2:] if found else None


def _distinctive_functions(index: Index, lines: range) -> Iterator[_Function]:
    """Yield functions of so many lines that stand in one or two documents, one of each document."""
    for document in index.documents():
        origin = document.origins[0]
        if document.language != "python" or not origin.licenses:
            continue
        for code in _functions(document, lines):
            whole = _whole_match(index, code)
            if whole is not None and whole.verbatim and whole.n_documents <= _MAX_SOURCES:
                place = f"{origin.repo}, {origin.path} ({' AND '.join(origin.licenses)})"
                yield _Function(code, origin.repo, place)
                break


def _functions(document: Document, n_lines: range) -> Iterator[str]:
    try:
        tree = ast.parse(document.content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if "\r" in document.content:  # ast counts lines by other ends than these
        return
    lines = document.content.split("\n")
    for node in tree.body:  # a method would lose its indentation, and be a reformatted copy
        last = node.end_lineno
        if isinstance(node, ast.FunctionDef) and last is not None and last - node.lineno + 1 in n_lines:
            yield "\n".join(lines[node.lineno - 1 : last])


def _whole_match(index: Index, code: str) -> Match | None:
    n_needed = _WHOLE * len(code)
    return next((match for match in find_matches(index, code) if len(match.span) >= n_needed and not match.idiom), None)


def _survives(index: Index, code: str) -> bool:
    match = _whole_match(index, code)
    return match is not None and not match.verbatim and len(_telling(index, code)) == 1


def _renamed_match(index: Index, code: str) -> Match | None:
    """Return the match of a text under other names that tells of all of it, with no exact one of a doc string, say."""
    matches = _telling(index, code)
    whole = len(matches) == 1 and len(matches[0].span) >= _WHOLE * len(code)
    return matches[0] if whole and matches[0].kind is MatchKind.RENAMED and not matches[0].idiom else None


def _telling(index: Index, code: str) -> list[Match]:
    return [match for match in find_matches(index, code) if not match.is_chance]


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
