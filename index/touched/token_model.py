"""How surprising a T3 token is after the two before it: a trigram model over hashed counts, shipped with the package.

Interpolated with constant weights (Jelinek & Mercer 1980; the weights after Witten & Bell as Dirichlet priors of fixed
mass). Its symbols are the values of the *names* reading, with two symbols for parameters: new, and repeated nearby.
Counts stand in tables addressed by hash, one byte each on a logarithmic scale; two sequences that share a cell look
more frequent than they are, so a collision makes a match weaker, never stronger. Trained by
``benchmarks/fit_token_model.py`` on pinned projects that no benchmark reports on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.shipped import INSTALL_AGAIN, shipped_bytes
from codewhence.index.tokens import mix
from codewhence.index.touched.streams import Stream

PATH = Path(__file__).parent / "token_model.bin"
_MAGIC = b"codewhence.token-model/1\n"
# Cells for symbols, pairs and triples: four times what 60 MB of twelve languages fill, or more.
_TABLE_BITS = (18, 20, 22)
_STEPS_A_DOUBLING = 8  # of a count: a cell errs by 4 % at most
_PRIOR_MASS = 4.0  # of the shorter context, in counts
_UNSEEN_MASS = 0.5
_NEW, _REPEATED, _EDGE = np.uint64(11), np.uint64(12), np.uint64(7)


@dataclass(frozen=True, slots=True)
class TokenModel:
    """Counts of symbols, pairs and triples.

    Attributes:
        n_tokens: Tokens that were counted.
        tables: One array of codes each; ``round(8 * log2(1 + count))``. Shapes ``(2**18,)``, ``(2**20,)``,
            ``(2**22,)``, uint8.
    """

    n_tokens: int
    tables: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

    def bits(self, stream: Stream) -> NDArray[np.float64]:
        """Return ``-log2 p`` of each token given the two before it. Shape ``(n_tokens,)``."""
        symbols = symbols_of(stream)
        one, two, three = (cells.astype(np.int64) for cells in _cells(symbols))
        n_one, n_two, n_three = (
            _COUNTS[table[cells]] for table, cells in zip(self.tables, (one, two, three), strict=True)
        )
        # The counts of the contexts are those of the symbol and the pair that end just before.
        n_before = np.concatenate(([0.0], n_one[:-1]))[: len(symbols)]
        n_two_before = np.concatenate(([0.0], n_two[:-1]))[: len(symbols)]
        p_one = (n_one + _UNSEEN_MASS) / (self.n_tokens + _UNSEEN_MASS * (1 << _TABLE_BITS[0]))
        p_two = (n_two + _PRIOR_MASS * p_one) / (np.maximum(n_before, n_two) + _PRIOR_MASS)
        p_three = (n_three + _PRIOR_MASS * p_two) / (np.maximum(n_two_before, n_three) + _PRIOR_MASS)
        return -np.log2(p_three)

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        body = self.n_tokens.to_bytes(8, "little") + b"".join(table.tobytes() for table in self.tables)
        return _MAGIC + zstandard.ZstdCompressor(level=19, write_checksum=True).compress(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> "TokenModel":
        """Read a model.

        Raises:
            FormatError: It is none.
        """
        sizes = [1 << bits for bits in _TABLE_BITS]
        try:
            body = zstandard.ZstdDecompressor().decompress(data.removeprefix(_MAGIC), max_output_size=sum(sizes) + 8)
        except zstandard.ZstdError as error:
            raise FormatError(f"the token model is damaged: {error}. {INSTALL_AGAIN}") from error
        if not data.startswith(_MAGIC) or len(body) != sum(sizes) + 8:
            raise FormatError(f"the token model is not of this release. {INSTALL_AGAIN}")
        codes = np.frombuffer(body, dtype=np.uint8, offset=8)
        first, second, third = np.split(codes, np.cumsum(sizes)[:-1])
        return cls(int.from_bytes(body[:8], "little"), (first, second, third))


def train(streams: Iterable[Stream]) -> TokenModel:
    """Count the symbols, pairs and triples of streams."""
    counts = [np.zeros(1 << bits, dtype=np.int64) for bits in _TABLE_BITS]
    n_tokens = 0
    for stream in streams:
        n_tokens += len(stream)
        for table, cells in zip(counts, _cells(symbols_of(stream)), strict=True):
            np.add.at(table, cells.astype(np.int64), 1)
    first, second, third = (_coded(table) for table in counts)
    return TokenModel(n_tokens, (first, second, third))


@cache
def shipped() -> TokenModel:
    """Return the model of this release, read once.

    Raises:
        FormatError: The installation is damaged.
    """
    return TokenModel.from_bytes(shipped_bytes(PATH))


def symbols_of(stream: Stream) -> NDArray[np.uint64]:
    """Return what the model sees of each token. Shape ``(n_tokens,)``."""
    return np.where(stream.is_parameter, np.where(stream.repeats == 0, _NEW, _REPEATED), stream.names)


def _cells(symbols: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the cell of each symbol, of each pair that ends with it, and of each triple."""
    edges = np.full(2, _EDGE, dtype=np.uint64)
    padded = mix(np.concatenate((edges, symbols)))
    last, before, first = padded[2:], padded[1:-1], padded[:-2]
    pairs = mix(last * np.uint64(3) + before * np.uint64(5))
    triples = mix(pairs + first * np.uint64(7))
    one, two, three = (
        hashes >> np.uint64(64 - bits) for hashes, bits in zip((last, pairs, triples), _TABLE_BITS, strict=True)
    )
    return one, two, three


def _coded(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.minimum(np.rint(_STEPS_A_DOUBLING * np.log2(1.0 + counts)), 255).astype(np.uint8)


_COUNTS = np.exp2(np.arange(256) / _STEPS_A_DOUBLING) - 1.0
