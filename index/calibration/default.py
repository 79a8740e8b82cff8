"""The shipped default: laws and bits measured on a pinned corpus (benchmarks/fit_default_calibration.py), by size."""

from functools import cache
from pathlib import Path

from codewhence.index.calibration.calibration import Calibration, CorpusSize
from codewhence.index.calibration.calibration_file import from_bytes
from codewhence.index.calibration.surprise import UnigramTable
from codewhence.index.manifest import Manifest
from codewhence.index.shipped import INSTALL_AGAIN, shipped_bytes

CALIBRATION_PATH = Path(__file__).with_name("default.json")
UNIGRAMS_PATH = Path(__file__).with_name("default-unigrams.bin")


@cache
def shipped_calibration() -> Calibration:
    """Return the default as it was fitted.

    Raises:
        FormatError: The installation is damaged.
    """
    return from_bytes(shipped_bytes(CALIBRATION_PATH), name=str(CALIBRATION_PATH), advice=INSTALL_AGAIN)


@cache
def shipped_unigrams() -> UnigramTable:
    """Return the default table of bits.

    Raises:
        FormatError: The installation is damaged.
    """
    return UnigramTable.from_bytes(shipped_bytes(UNIGRAMS_PATH), name=str(UNIGRAMS_PATH), advice=INSTALL_AGAIN)


def default_for(manifest: Manifest, *, reason: str) -> Calibration:
    """Return the default, scaled to the corpus of an index; ``reason`` says why it has no laws of its own."""
    return shipped_calibration().scaled_to(size_of(manifest), root=manifest.root, reason=reason)


def size_of(manifest: Manifest) -> CorpusSize:
    """Return the size of an index's corpus."""
    languages = tuple(sorted(manifest.tally("languages").items()))
    return CorpusSize(manifest.total("n_documents"), manifest.total("n_tokens"), languages)
