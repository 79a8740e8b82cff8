"""How much an exact copy says: the surprise of its tokens, each sequence of three counted once.

Tables, license lists and import blocks repeat themselves: a sequence that the span held before counts a tenth. A token
is worth its bits under the shipped table of frequencies, within bounds, so that no rare name decides alone.
"""

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.default import shipped_unigrams
from codewhence.index.calibration.surprise import token_classes
from codewhence.index.tokens import Tokens, mix

# In bits; docs/decisions/0009 says how they were found.
_COMMON = 4.0  # what every token gives up: brackets, ``=`` and ``self`` say nothing
_LEAST, _MOST = 0.2, 10.0
_SEQUENCE = 3
_AGAIN = 0.1


def token_worths(text: str, tokens: Tokens) -> NDArray[np.float64]:
    """Return what each T2 token of a text is worth in an exact copy, in bits. Shape ``(n_tokens,)``."""
    bits = shipped_unigrams().token_bits(tokens, token_classes(text, tokens))
    return np.clip(bits - _COMMON, _LEAST, _MOST)


def exact_score(hashes: NDArray[np.uint64], worths: NDArray[np.float64]) -> float:
    """Return the bits of a copied run of tokens, given by their hashes and worths. Shapes ``(n_tokens,)``."""
    worth = worths.copy()
    n_sequences = len(hashes) - _SEQUENCE + 1
    if n_sequences > 0:
        sequences = hashes[:n_sequences].copy()
        for step in range(1, _SEQUENCE):
            sequences = mix(sequences) + hashes[step : step + n_sequences]
        _, firsts = np.unique(sequences, return_index=True)
        again = np.ones(len(hashes), dtype=np.bool_)
        again[: _SEQUENCE - 1] = False
        again[firsts + _SEQUENCE - 1] = False
        worth[again] *= _AGAIN
    return float(worth.sum())
