"""Measuring anew what an export promises: its rate of false answers with an interval, and that it holds its index."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError, UsageError
from codewhence.index.portrait.export_file import Export
from codewhence.index.portrait.filter import PROMISED_RATE, TileFilter
from codewhence.index.portrait.tile_file import TileRows
from codewhence.index.portrait.tiles import TILE_BITS, TILE_CHARS, tile_hashes
from codewhence.index.portrait.writing import bucket_folders
from codewhence.index.store import Index

DEFAULT_SAMPLES = 1_000_000
MIN_SAMPLES = 10_000
MAX_SAMPLES = 100_000_000
_AT_ONCE = 1 << 16
_Z_95 = 1.959963984540054  # of the normal distribution, two-sided 95 %
_N_HELD = 20_000


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A rate of false answers, measured.

    Attributes:
        n_samples: Tiles that were asked for and never put in.
        n_false: Of which the filter holds.
        low: Lower end of the 95 % interval (Wilson 1927).
        high: Its upper end.
    """

    n_samples: int
    n_false: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The rate itself."""
        return self.n_false / self.n_samples


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of an export.

    Attributes:
        hashes: Rate on random hashes.
        texts: Rate on tiles of random text, by way of normalizing and hashing.
        computed: Rate computed from how full the filter is.
        n_held: Tiles of the index that were asked for and are all held; ``None`` where no index was given.
        n_masked: Tiles that only documents hold that the index has taken out.
        n_masked_held: Of which the export still holds: it was made before, or errs.
    """

    hashes: MeasuredRate
    texts: MeasuredRate
    computed: float
    n_held: int | None = None
    n_masked: int = 0
    n_masked_held: int = 0


def verify_export(export: Export, *, name: str, n_samples: int = DEFAULT_SAMPLES, seed: int = 1) -> Verified:
    """Measure the rate of an export, and refuse one that does not keep its promise.

    Args:
        export: Read, and so sound to the last bit.
        name: Its file, for the error.
        n_samples: Tiles of each kind.
        seed: Draws them.

    Raises:
        UsageError: ``n_samples`` is out of range.
        FormatError: The whole interval of a measured rate lies over the promise.
    """
    if not MIN_SAMPLES <= n_samples <= MAX_SAMPLES:
        raise UsageError(f"--samples must be {MIN_SAMPLES} to {MAX_SAMPLES}, got {n_samples}.")
    rng = np.random.default_rng(seed)
    found = Verified(
        hashes=_measured(export.tile_filter, n_samples, lambda n: rng.integers(0, 1 << TILE_BITS, n, np.uint64)),
        texts=_measured(export.tile_filter, n_samples, lambda n: tile_hashes(_random_text(rng, n * TILE_CHARS))),
        computed=export.tile_filter.rate,
    )
    for what, rate in (("random hashes", found.hashes), ("random text", found.texts)):
        if rate.low > PROMISED_RATE:
            raise FormatError(
                f"{name} promises {PROMISED_RATE:g} false answers a tile; on {rate.n_samples:,} tiles of {what} it "
                f"gave {rate.rate:.3g} (95 % interval {rate.low:.3g} to {rate.high:.3g}). Do not use it."
            )
    return found


def verify_against(found: Verified, export: Export, index: Index, *, name: str, seed: int = 1) -> Verified:
    """Check that an export was made from an index and holds what it should of it.

    Raises:
        FormatError: It was made from another version of the index, or a tile of the index is missing.
    """
    if export.header.root != index.manifest.root:
        raise FormatError(
            f"{name} was made from root {export.header.root[:12]}…, '{index.path}' has {index.manifest.root[:12]}…. "
            "Export it again, or name the index that it was made from."
        )
    rng = np.random.default_rng(seed)
    masked = index.masked.tiles
    n_asked = n_missing = 0
    rows = [TileRows(folder) for folder in bucket_folders(index.path, index.manifest)]
    n_all = max(1, sum(map(len, rows)))
    for bucket in rows:
        if not len(bucket):
            continue
        n_here = min(len(bucket), max(1, _N_HELD * len(bucket) // n_all))
        tiles = bucket.at(np.sort(rng.choice(len(bucket), n_here, replace=False)))
        tiles = np.setdiff1d(tiles, masked)
        n_asked += len(tiles)
        n_missing += int((~export.tile_filter.holds(tiles)).sum())
    if n_missing:
        raise FormatError(
            f"{name} lacks {n_missing} of {n_asked} tiles of '{index.path}', though a filter forgets none. "
            "Do not use it; export it again."
        )
    n_masked_held = int(export.tile_filter.holds(masked).sum())
    return Verified(found.hashes, found.texts, found.computed, n_asked, len(masked), n_masked_held)


def wilson(n_false: int, n_samples: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate (Wilson 1927).

    >>> [round(end, 6) for end in wilson(10, 10_000)]
    [0.000543, 0.00184]
    """
    rate, z2 = n_false / n_samples, _Z_95**2
    middle = rate + z2 / (2 * n_samples)
    half = _Z_95 * math.sqrt(rate * (1 - rate) / n_samples + z2 / (4 * n_samples**2))
    return max(0.0, (middle - half) / (1 + z2 / n_samples)), min(1.0, (middle + half) / (1 + z2 / n_samples))


def _measured(tile_filter: TileFilter, n_samples: int, draw: Callable[[int], NDArray[np.uint64]]) -> MeasuredRate:
    n_false = 0
    for first in range(0, n_samples, _AT_ONCE):
        n_false += int(tile_filter.holds(draw(min(_AT_ONCE, n_samples - first))).sum())
    return MeasuredRate(n_samples, n_false, *wilson(n_false, n_samples))


def _random_text(rng: np.random.Generator, n_chars: int) -> str:
    return rng.integers(ord("a"), ord("z") + 1, n_chars, dtype=np.uint8).tobytes().decode("ascii")
