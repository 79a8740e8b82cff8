"""Calibrate an index: survey its repositories, draw the null, fit the laws; write them and the bits beside it.

index ─► survey ─► null texts ─► scorer, own repository left out ─► copies removed ─► a law for each tier ─► file
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from codewhence.digests import sha256_hex
from codewhence.index.calibration.calibration import OWN, Calibration
from codewhence.index.calibration.calibration_file import FILE_NAME, read_calibration, write_calibration
from codewhence.index.calibration.default import default_for, shipped_calibration, shipped_unigrams, size_of
from codewhence.index.calibration.null import Null, draw_null
from codewhence.index.calibration.null_scoring import MakeScorer, ScoreAll, in_workers
from codewhence.index.calibration.null_texts import MIN_REPOSITORIES, survey
from codewhence.index.calibration.scored import TIERS
from codewhence.index.calibration.significance import measure_joint
from codewhence.index.calibration.surprise import Surprise, UnigramTable
from codewhence.index.calibration.tail import Tail
from codewhence.index.calibration.tail_choice import MIN_SCORES, choose_tail
from codewhence.index.calibration.unigrams import count_unigrams
from codewhence.index.files import disk_errors_named, write_whole
from codewhence.index.manifest import Manifest
from codewhence.index.routing import OnProgress, Progress
from codewhence.index.store import Index, open_index

# Measured choice: 3,000 texts put 15 scores over a threshold of one in 200, which the fitted tail smooths.
N_TEXTS = 3_000
MIN_TEXTS = 400
DEFAULT_SEED = 1


def calibrate_index(
    index_path: Path,
    make_scorer: MakeScorer,
    *,
    seed: int = DEFAULT_SEED,
    n_texts: int = N_TEXTS,
    n_workers: int = 1,
    on_progress: OnProgress | None = None,
) -> Calibration:
    """Calibrate the index at ``index_path`` and write calibration.json and the table of bits beside its manifest.

    Called at the end of every command that changes an index, when its manifest is committed; where this is stopped,
    the index stands with its former calibration, which readers then know to be stale.

    Args:
        index_path: A sound index.
        make_scorer: Gives the scorer over an open index; a function of a module, for workers to find.
        seed: Chooses repositories and pieces.
        n_texts: Texts of the null.
        n_workers: Processes. The result does not depend on it.
        on_progress: Called in this process, often, with stage ``calibrate`` and texts for bytes.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        ResourceError: The disk is full or a worker was killed. The former calibration is untouched.
    """
    with disk_errors_named(index_path), open_index(index_path) as index:
        score_all = in_workers(index_path, make_scorer, n_workers=n_workers)
        calibration = calibrate(index, score_all, seed=seed, n_texts=n_texts, on_progress=on_progress)
        data = count_unigrams(index).to_bytes()
        sha256 = sha256_hex(data)
        name = f"unigrams-{sha256[:12]}.bin"
        write_whole(index_path / name, data)  # before the file that names it
        calibration = replace(calibration, unigrams=(name, sha256))
        write_calibration(index_path, calibration)
    for other in index_path.glob("unigrams-*.bin"):
        if other.name != name:
            other.unlink(missing_ok=True)
    return calibration


def calibrate(
    index: Index,
    score_all: ScoreAll,
    *,
    seed: int = DEFAULT_SEED,
    n_texts: int = N_TEXTS,
    on_progress: OnProgress | None = None,
) -> Calibration:
    """Measure the null laws of an index; where it has too little for that, return the shipped default for its size.

    Args:
        index: The index.
        score_all: Finds scored spans over it.
        seed: Chooses repositories and pieces, and draws the fit tests.
        n_texts: Texts of the null.
        on_progress: Called in this process, often.
    """
    found = survey(index, seed=seed)
    if found.n_repositories < MIN_REPOSITORIES:
        reason = f"{_counted(found.n_repositories)} with code, at least {MIN_REPOSITORIES} are needed"
        return _default(index, seed, reason)
    n_scored = 0

    def on_scored(n_more: int) -> None:
        nonlocal n_scored
        n_scored = min(n_scored + n_more, n_texts)
        if on_progress:
            on_progress(Progress("calibrate", n_scored, n_texts, n_scored))

    null = draw_null(index, score_all, found, seed=seed, n_texts=n_texts, on_scored=on_scored)
    if len(null) < MIN_TEXTS or len(null.repositories) < MIN_REPOSITORIES:
        removed = ", ".join(f"{count} {reason}" for reason, count in null.removed.items())
        reason = (
            f"{len(null)} texts of {_counted(len(null.repositories))} are left for the null, at least {MIN_TEXTS} of "
            f"{MIN_REPOSITORIES} are needed"
        )
        return _default(index, seed, f"{reason} (left out: {removed})" if removed else reason, _facts(null))
    default = default_for(index.manifest, reason="too few scores")
    return own_calibration(index, null, seed=seed, otherwise=default.tails)


def calibration_of(index: Index) -> Calibration:
    """Return the calibration that answers from an index rest on.

    One that was made before the index changed is used and marked ``is_stale``. Where there is none, the shipped
    default for the size of the index.

    Raises:
        FormatError: calibration.json is damaged or of another version.
    """
    return calibration_at(index.path, index.manifest)


def calibration_at(path: Path, manifest: Manifest) -> Calibration:
    """Return what ``calibration_of`` returns, for an index that is not open.

    Raises:
        FormatError: calibration.json is damaged or of another version.
    """
    try:
        calibration = read_calibration(path / FILE_NAME)
    except FileNotFoundError:
        return default_for(manifest, reason=f"{FILE_NAME} is not there")
    return calibration if calibration.root == manifest.root else replace(calibration, is_stale=True)


def surprise_of(index: Index, calibration: Calibration) -> Surprise:
    """Return the table of bits of an index; the shipped one where it has none.

    Raises:
        FormatError: The table is damaged.
    """
    if calibration.unigrams is None:
        return shipped_unigrams()
    path = index.path / calibration.unigrams[0]
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return shipped_unigrams()  # a writer replaced it between the two reads
    return UnigramTable.from_bytes(data, name=str(path))


def own_calibration(index: Index, null: Null, *, seed: int, otherwise: Mapping[str, Tail]) -> Calibration:
    """Fit the laws of an index to its null.

    Args:
        index: The index.
        null: With ``MIN_TEXTS`` or more.
        seed: Draws the fit tests and the confidence bounds.
        otherwise: The law of a tier in which too few texts have a chance match.
    """
    rng = np.random.default_rng(seed)
    tails: dict[str, Tail] = {}
    facts = _facts(null)
    for tier in TIERS:
        scores = null.tier(tier)
        if scores.n_found < MIN_SCORES:
            tails[tier] = otherwise[tier]
            few = f"{scores.n_found} texts with a chance match, at least {MIN_SCORES} are needed"
            facts["tiers"][tier] = {"default": few}
            continue
        chosen = choose_tail(scores, rng)
        tails[tier] = chosen.tail
        facts["tiers"][tier] = chosen.evidence
    return Calibration(
        source=OWN,
        reason=None,
        root=index.manifest.root,
        seed=seed,
        size=size_of(index.manifest),
        tails=tails,
        joint=measure_joint(tails, null.spans, null.n_tokens, null.languages),
        evidence=facts,
    )


def _default(index: Index, seed: int, reason: str, facts: dict[str, Any] | None = None) -> Calibration:
    scaled = default_for(index.manifest, reason=reason)
    return replace(scaled, seed=seed, evidence={**(facts or {}), "default_root": shipped_calibration().root})


def _facts(null: Null) -> dict[str, Any]:
    return {
        "n_texts": len(null),
        "n_tokens": int(null.n_tokens.sum()),
        "repositories": list(null.repositories),
        "removed": null.removed,
        "tiers": {},
    }


def _counted(n_repositories: int) -> str:
    return "1 repository" if n_repositories == 1 else f"{n_repositories} repositories"
