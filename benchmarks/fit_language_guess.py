"""Train the table by which the language of a pasted text is guessed (index/touched/language_guess.py).

    python -m benchmarks.fit_language_guess

Pieces of 30 lines of the pinned projects of ``benchmarks/lexing_corpus.py``. One half of the projects, by a hash of
their name, is trained on, the others tell how often the guess is right. The shipped table is trained on all.
"""

import hashlib
import json
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.lexing_corpus import LANGUAGES as CORPUS_LANGUAGES
from benchmarks.lexing_corpus import source_files
from codewhence.index.tokens import tokenize
from codewhence.index.touched.language_guess import TABLE_PATH, feature_counts, feature_words
from codewhence.index.touched.vocabulary import LANGUAGES

N_LINES = 30
MAX_PIECES = 3_000  # a language
_SMOOTHING = 0.5


def main() -> None:
    """Train on half, say how often it is right on the other half, train on all, write."""
    pieces = {language: list(_pieces(language)) for language in CORPUS_LANGUAGES}
    table = _table({language: [counts for half, counts in some if half] for language, some in pieces.items()})
    for language, some in pieces.items():
        held_out = [counts for half, counts in some if not half]
        right = sum(LANGUAGES[int(np.argmax(table @ counts))] == language for counts in held_out)
        print(f"{language:12s} right {right} of {len(held_out)}")
    final = _table({language: [counts for _, counts in some] for language, some in pieces.items()})
    steps = np.rint(final * 16).astype(int).tolist()
    data = {"languages": list(LANGUAGES), "words": list(feature_words()), "sixteenths": steps}
    TABLE_PATH.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def _pieces(language: str) -> Iterator[tuple[bool, NDArray[np.float64]]]:
    n_given = 0
    for file in source_files(language):
        project = file.path.partition("/")[0]
        half = hashlib.sha256(project.encode()).digest()[3] % 2 == 1
        lines = file.text.split("\n")
        for first in range(0, len(lines) - N_LINES, 4 * N_LINES):
            yield half, feature_counts(tokenize("\n".join(lines[first : first + N_LINES])))
            n_given += 1
            if n_given == MAX_PIECES:
                return


def _table(pieces: dict[str, list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    """Return the logarithm of how probable each feature is in each language, less its mean over languages."""
    n_features = len(feature_words())
    rows = [
        np.log(sum(pieces[language], np.zeros(n_features)) + _SMOOTHING) if language in pieces else np.zeros(n_features)
        for language in LANGUAGES
    ]
    table = np.array([row - np.logaddexp.reduce(row) for row in rows])
    return table - table.mean(axis=0)


if __name__ == "__main__":
    main()
