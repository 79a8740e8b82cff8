"""Fit the calibration that ships with the package: laws on the pinned corpus, how they grow with it, a table of bits.

    python -m benchmarks.fit_default_calibration

writes index/calibration/default.json and default-unigrams.bin. The corpus is cut into nested parts by repository, each
indexed by itself; the same texts are asked of all, each without its own repository.
"""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.calibration_corpus import project_folders
from benchmarks.size_law import Part, fit_size_law
from codewhence.index.build import build_index
from codewhence.index.calibration.calibrate import DEFAULT_SEED, own_calibration
from codewhence.index.calibration.calibration import DEFAULT, Calibration
from codewhence.index.calibration.calibration_file import to_bytes
from codewhence.index.calibration.default import CALIBRATION_PATH, UNIGRAMS_PATH, shipped_unigrams, size_of
from codewhence.index.calibration.null import Null, draw_null
from codewhence.index.calibration.null_scoring import here
from codewhence.index.calibration.null_texts import survey
from codewhence.index.calibration.scored import TIERS, Scorer
from codewhence.index.calibration.unigrams import count_unigrams
from codewhence.index.files import write_whole
from codewhence.index.match import make_scorer
from codewhence.index.sources.folder import FolderSource
from codewhence.index.store import Index, open_index

PARTS = (1.0, 0.5, 0.25, 0.125, 0.0625)  # of the repositories
N_TEXTS = 6_000
UNIGRAMS = 16_384  # entries: 150 kB in the wheel


def main() -> None:
    """Fit, write, and print what was found."""
    folders = sorted(project_folders(), key=lambda folder: hashlib.sha256(folder.name.encode()).digest())
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for share in PARTS:
            path = Path(scratch) / f"{share}"
            build_index([FolderSource(str(each)) for each in folders[: round(share * len(folders))]], path)
            paths.append(path)
        # Exact copies are scored by the table: it comes first.
        with open_index(paths[0]) as index:
            write_whole(UNIGRAMS_PATH, count_unigrams(index, max_entries=UNIGRAMS).to_bytes())
        shipped_unigrams.cache_clear()
        calibration = fit_default(paths)
    write_whole(CALIBRATION_PATH, to_bytes(calibration))


def fit_default(paths: list[Path]) -> Calibration:
    """Fit the laws of the first index and how they shrink over the others, which are parts of it."""
    parts: list[Part] = []
    calibration: Calibration | None = None
    with open_index(paths[0]) as whole:
        for path in paths:
            with open_index(path) as index:
                null = _null_of(whole, make_scorer(index))
                parts.append(Part(size_of(index.manifest), null))
            if calibration is None:
                calibration = own_calibration(whole, null, seed=DEFAULT_SEED, otherwise={})
            print(parts[-1].size, len(null), {tier: null.tier(tier).n_found for tier in TIERS}, null.removed)
    if calibration is None:
        raise ValueError("no index was given")
    laws, held = {}, {}
    for tier in TIERS:
        agreement = fit_size_law(calibration, parts, tier)
        laws[tier] = agreement.law
        held[tier] = [list(row) for row in agreement.table]
        print(tier, calibration.tails[tier], agreement)
    evidence = {**calibration.evidence, "size_law_texts": held}
    return replace(calibration, source=DEFAULT, reason="fitted on the pinned corpus", size_laws=laws, evidence=evidence)


def _null_of(whole: Index, scorer: Scorer) -> Null:
    return draw_null(whole, here(scorer), survey(whole, seed=DEFAULT_SEED), seed=DEFAULT_SEED, n_texts=N_TEXTS)


if __name__ == "__main__":
    main()
