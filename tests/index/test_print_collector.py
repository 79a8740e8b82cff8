"""The fingerprints of a bucket: in the order of the documents, whatever batches they were taken in."""

import numpy as np
import pytest

from codewhence.errors import UsageError
from codewhence.index import print_collector
from codewhence.index.fingerprints import BATCH_CHARS, fingerprint
from codewhence.index.postings import Postings
from codewhence.index.print_collector import PrintCollector
from tests.index.made_corpus import made_code

# Texts that are all ASCII and others take turns; each kind fills more than one batch.
LONG = [made_code(seed, n_lines=2_500) for seed in range(6)]
TEXTS = [
    *(text if seed % 2 else text.replace("account", "größe") for seed, text in enumerate(LONG)),
    "",
    "é",
    "x = 1\n",
    *(made_code(seed, n_lines=20) + "# é\n" * (seed % 3) for seed in range(40, 60)),
]
LANGUAGES = ["python", None, "c"]
PARTS = [(text, LANGUAGES[number % 3]) for number, text in enumerate(TEXTS)]


def pairs(postings: Postings) -> list[tuple[int, int]]:
    """Return the 32 bits of each gram that are kept, and its position."""
    slots = np.repeat(np.arange(1 << 16), np.diff(postings.directory.astype(np.int64)))
    short = (slots << 16 | postings.keys.astype(np.int64)).tolist()
    return list(zip(short, postings.positions.tolist(), strict=True))


def test_many_documents_give_what_each_gives_alone() -> None:
    assert sum(len(text) for text in TEXTS if text.isascii()) > 1.2 * BATCH_CHARS
    assert sum(len(text) for text in TEXTS if not text.isascii()) > BATCH_CHARS
    collector = PrintCollector("bucket-00")
    for text, language in PARTS:
        collector.add(text, language)
    plain, sets = collector.arrays()
    alone = [fingerprint([part]) for part in PARTS]
    token_starts = np.cumsum([0] + [len(batch.token_bytes[0]) for batch in alone]).tolist()
    touched_starts = np.cumsum([0] + [int(batch.n_touched[0]) for batch in alone]).tolist()
    assert plain["token_starts"].tolist() == token_starts
    assert plain["touched_starts"].tolist() == touched_starts
    assert plain["token_bytes"].tolist() == [byte for batch in alone for byte in batch.token_bytes[0].tolist()]
    assert plain["checkpoints"].tolist() == [place for batch in alone for place in batch.checkpoints[0].tolist()]
    assert {name: plain[name].dtype for name in plain} == {
        "token_starts": np.uint32, "token_bytes": np.uint8, "touched_starts": np.uint32, "checkpoints": np.uint32,
    }  # fmt: skip
    for name, starts in (("words", token_starts), ("names", touched_starts), ("shape", touched_starts)):
        expected = [
            (gram >> 32, start + position)
            for batch, start in zip(alone, starts, strict=False)
            for gram, position in zip(
                getattr(batch, name).grams.tolist(), getattr(batch, name).positions.tolist(), strict=True
            )
        ]
        assert pairs(sets[name]) == sorted(expected), name


def test_no_document_gives_empty_arrays() -> None:
    plain, sets = PrintCollector("bucket-00").arrays()
    assert {name: array.tolist() for name, array in plain.items()} == {
        "token_starts": [0], "token_bytes": [], "touched_starts": [0], "checkpoints": [],
    }  # fmt: skip
    assert [len(each) for each in sets.values()] == [0, 0, 0]


def test_more_tokens_than_the_format_numbers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_collector, "_MAX_TOKENS", 100)
    collector = PrintCollector("bucket-0b")
    collector.add("a " * 100, None)
    collector.add("b", None)
    with pytest.raises(UsageError, match=r"bucket-0b would hold over 100 tokens.*more buckets"):
        collector.arrays()
