"""Hashes of runs of parameterized tokens (Baker 1996), at a constant cost a token.

The value of a parameter depends on the gram: its distance to its previous occurrence counts only where that occurrence
lies in the gram as well. The sums are made as if none did, and put right by a second pair of prefix sums over the range
of grams in which it does.
"""

import numpy as np
from numpy.typing import NDArray

from codewhence.index.tokens import mix
from codewhence.index.touched.streams import Stream
from codewhence.index.winnow import BASE_POWERS, GRAM_TOKENS, INVERSE_POWERS, blocks, rolling_sums

# Written to disk: a change needs a new FORMAT_VERSION (index/manifest.py).
# What a parameter adds to the value of its token, by its distance; new ones by distance 0.
_DISTANCE_VALUES = mix(np.arange(1, GRAM_TOKENS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def names_grams(stream: Stream) -> NDArray[np.uint64]:
    """Hash every gram of the *names* reading: identifiers that are neither called nor members are parameters."""
    return parameterized_grams(stream.names, stream.repeats, stream.is_parameter)


def shape_grams(stream: Stream) -> NDArray[np.uint64]:
    """Hash every gram of the *shape* reading: every identifier is a parameter."""
    return parameterized_grams(stream.shape, stream.repeats, stream.identifiers != 0)


def parameterized_grams(
    values: NDArray[np.uint64], repeats: NDArray[np.uint8], parameters: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """Hash every run of ``GRAM_TOKENS`` tokens.

    Args:
        values: Value of each token; what ``repeats`` adds to a parameter comes on top. Shape ``(n_tokens,)``.
        repeats: Distance of each token to its previous occurrence, 0 for none. Shape ``(n_tokens,)``.
        parameters: Which tokens are parameters. Shape ``(n_tokens,)``.

    Returns:
        Shape ``(max(0, n_tokens - GRAM_TOKENS + 1),)``.
    """
    n_grams = max(0, len(values) - GRAM_TOKENS + 1)
    sums = np.empty(n_grams, dtype=np.uint64)
    as_new = values + np.where(parameters, _DISTANCE_VALUES[0], np.uint64(0))
    distances = np.where(parameters, repeats, 0).astype(np.uint8)
    for grams, tokens in blocks(n_grams):
        sums[grams] = rolling_sums(as_new[tokens]) + _corrections(distances[tokens])
    return mix(sums)


def _corrections(distances: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return what the repeated parameters of each gram add to its sum, over what they add as new ones."""
    n_tokens = len(distances)
    head = distances[:GRAM_TOKENS]
    distances = np.concatenate((np.where(head <= np.arange(len(head)), head, 0), distances[GRAM_TOKENS:]))
    # Token i at distance d counts as repeated in the grams i - k + 1 to i - d.
    correction = (_DISTANCE_VALUES[distances] - _DISTANCE_VALUES[0]) * BASE_POWERS[:n_tokens]
    changes = np.zeros(n_tokens + 1, dtype=np.uint64)
    n_grams = n_tokens - GRAM_TOKENS + 1
    changes[:n_grams] += correction[GRAM_TOKENS - 1 :]
    changes[:1] += correction[: GRAM_TOKENS - 1].sum(keepdims=True)  # their grams begin before the block does
    for distance in range(1, GRAM_TOKENS):
        places = np.flatnonzero(distances == distance)
        changes[places - distance + 1] -= correction[places]
    return np.cumsum(changes[:n_grams]) * INVERSE_POWERS[:n_grams]
