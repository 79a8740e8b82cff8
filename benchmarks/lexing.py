"""How far index/lexing and Pygments agree on real code, and how fast ours is.

Each file is in one of two halves by the hash of its path. Rules were written looking at one half; what is printed
comes from the other. Counted are characters that are no white space: comment, string or code.

How Pygments' tokens are read: ``Comment`` is a comment but for ``Comment.Preproc`` and ``Comment.PreprocFile``, which
are code; ``Literal.String`` and all below it is a string; everything else is code. One exception: ``String.Doc`` is a
comment in Rust and PHP, where Pygments gives it to ``///`` and ``/** */``. The table also has the figure without it.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pygments
from lexing_corpus import LANGUAGES, packages, source_files
from numpy.typing import NDArray
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType

from codewhence.index.lexing.forms import CODE, COMMENT, STRING
from codewhence.index.lexing.regions import regions

RESULTS = Path(__file__).parent / "results"
# Pygments' SQL lexer knows no dollar quotes, and most of the SQL is PostgreSQL's.
LEXERS = {"c++": "cpp", "shell": "bash", "sql": "postgresql"}
DOCUMENTATION_IS_COMMENT = frozenset({"php", "rust"})
_KIND_NAMES = ("code", "comment", "string")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was measured of a language.

    Attributes:
        language: Its name.
        packages: Pinned packages that the files come from.
        n_files: Files of the measuring half that were compared.
        n_bytes: Their size in UTF-8.
        rate: Share of characters, white space left out, of equal class.
        rate_literal: The same with ``String.Doc`` as a string in every language.
        confusions: Characters by Pygments' class (rows: code, comment, string) and ours (columns).
        cpu_ms_per_mb: CPU milliseconds of ``regions`` per 10**6 bytes of these files, best of three passes.
        examples: The text at the first disagreement of the files with most of them.
    """

    language: str
    packages: list[str]
    n_files: int
    n_bytes: int
    rate: float
    rate_literal: float
    confusions: list[list[int]]
    cpu_ms_per_mb: float
    examples: list[str]


def main() -> None:
    """Measure the languages named on the command line, or all, and write the results where it was all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--bytes", type=int, default=2_500_000, help="of code to compare in each language")
    arguments = parser.parse_args()
    measured = []
    for language in arguments.languages:
        measured.append(measure(language, n_bytes=arguments.bytes))
        print(_row(measured[-1]), flush=True)
    if arguments.languages == list(LANGUAGES):
        RESULTS.mkdir(exist_ok=True)
        content = {"pygments": pygments.__version__, "languages": [asdict(one) for one in measured]}
        (RESULTS / "lexing.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (RESULTS / "lexing.md").write_text(_markdown(measured), encoding="utf-8")


def measure(language: str, *, n_bytes: int) -> Agreement:
    """Compare the files of a language's measuring half until there are ``n_bytes`` of them."""
    lexer = get_lexer_by_name(LEXERS.get(language, language))
    texts, worst = [], []
    confusions = np.zeros((3, 3), dtype=np.int64)
    n_equal_literal = size = 0
    for file in source_files(language):
        if size >= n_bytes:
            break
        if not file.is_measured or not file.text:
            continue
        texts.append(file.text)
        size += len(file.text.encode())
        theirs, theirs_literal = _their_classes(file.text, lexer, language)
        ours = _our_classes(file.text, language)
        seen = np.array([not character.isspace() for character in file.text])
        np.add.at(confusions, (theirs[seen], ours[seen]), 1)
        n_equal_literal += int((theirs_literal == ours)[seen].sum())
        different = np.flatnonzero((theirs != ours) & seen)
        if len(different):
            worst.append((len(different), file.path, _example(file.text, int(different[0]), theirs, ours)))
    worst.sort(reverse=True)
    total = int(confusions.sum())
    return Agreement(
        language=language,
        packages=packages(language),
        n_files=len(texts),
        n_bytes=size,
        rate=float(np.trace(confusions)) / total,
        rate_literal=n_equal_literal / total,
        confusions=confusions.tolist(),
        cpu_ms_per_mb=_cpu_ms(texts, language) / size * 1e6,
        examples=[f"{count} characters, {path}: {example}" for count, path, example in worst[:5]],
    )


def _their_classes(text: str, lexer: Lexer, language: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return Pygments' class of each character, with documentation comments as comments, and as it names them."""
    classes = np.zeros(len(text), dtype=np.uint8)
    literal = np.zeros(len(text), dtype=np.uint8)
    position = 0
    # The positions it gives are wrong inside of PostgreSQL's function bodies; the order is right.
    for _, token, value in lexer.get_tokens_unprocessed(text):
        end = position + len(value)
        literal[position:end] = kind = _kind(token)
        is_comment = token is Token.Literal.String.Doc and language in DOCUMENTATION_IS_COMMENT
        classes[position:end] = COMMENT if is_comment else kind
        position = end
    if position != len(text):
        raise RuntimeError(f"Pygments gave tokens for {position} of {len(text)} characters. Another version?")
    return classes, literal


def _kind(token: _TokenType) -> int:
    if token in Token.Comment:
        is_directive = token in Token.Comment.Preproc or token in Token.Comment.PreprocFile
        return CODE if is_directive else COMMENT
    return STRING if token in Token.Literal.String else CODE


def _our_classes(text: str, language: str) -> NDArray[np.uint8]:
    classes = np.zeros(len(text), dtype=np.uint8)
    found = regions(text, language)
    if found is not None:
        for start, end, kind in zip(found.starts.tolist(), found.ends.tolist(), found.kinds.tolist(), strict=True):
            classes[start:end] = kind
    return classes


def _example(text: str, place: int, theirs: NDArray[np.uint8], ours: NDArray[np.uint8]) -> str:
    names = f"{_KIND_NAMES[theirs[place]]} for Pygments, {_KIND_NAMES[ours[place]]} for us"
    return f"{names}: …{text[max(0, place - 40) : place]!r} then {text[place : place + 40]!r}…"


def _cpu_ms(texts: list[str], language: str) -> float:
    passes = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            regions(text, language)
        passes.append(time.process_time() - start)
    return min(passes) * 1000


def _row(one: Agreement) -> str:
    return (
        f"| {one.language} | {one.n_files:,} | {one.n_bytes:,} | {one.rate:.3%} | {one.rate_literal:.3%} "
        f"| {one.cpu_ms_per_mb:.1f} |"
    )


def _markdown(measured: list[Agreement]) -> str:
    head = (
        f"| language | files | bytes | agreement with Pygments {pygments.__version__} | … documentation comments as "
        "strings | CPU ms per MB |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "".join(f"{_row(one)}\n" for one in measured)


if __name__ == "__main__":
    main()
