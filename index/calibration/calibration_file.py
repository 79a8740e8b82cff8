"""The file calibration.json: the calibration of an index, beside its manifest.

Canonical JSON (codewhence.digests) of one object; numbers that are not whole are texts, as ``repr`` writes them:

    format     "codewhence.calibration/1"; another number is refused, never guessed at
    source     "own" or "default", reason (why the default, or null), root (of the manifest), seed
    size       {documents, tokens, languages: {name: documents}} of the corpus
    tiers      {name: {kind, threshold, log_rate, scale, shape, length_exponent, scale_exponent,
                       knots, upper, languages}}
    joint      {factor, cluster}
    size_laws  {name: {score_exponent, rate_exponent}}, of the shipped default
    evidence   repositories used, texts removed by reason, fit tests, standard errors; for people, not read back
    unigrams   {file, sha256} of the table of bits, or null
    digest     sha256 of the canonical JSON of all that

It is no part of what makes two indexes equal, and of no bucket (DESIGN 4.2): it can be made again at any time.
"""

import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.calibration.calibration import DEFAULT, OWN, Calibration, CorpusSize, SizeLaw
from codewhence.index.calibration.scored import TIERS
from codewhence.index.calibration.significance import Joint
from codewhence.index.calibration.tail import KINDS, Tail
from codewhence.index.files import write_whole

FORMAT = "codewhence.calibration/1"
FILE_NAME = "calibration.json"
_FAMILY = "codewhence.calibration/"
_UNIGRAMS_NAME = re.compile(r"unigrams-[0-9a-f]{12}\.bin")
_ADVICE = "Delete it, and the shipped default is used; the next index build, add or compact makes it anew."


def is_unigrams_name(name: str) -> bool:
    """Say whether a file is named as tables of bits are; of two of them the one that is not named here is left over."""
    return _UNIGRAMS_NAME.fullmatch(name) is not None


def to_bytes(calibration: Calibration) -> bytes:
    """Return the file's bytes."""
    value = {
        "format": FORMAT,
        "source": calibration.source,
        "reason": calibration.reason,
        "root": calibration.root,
        "seed": calibration.seed,
        "size": {
            "documents": calibration.size.n_documents,
            "tokens": calibration.size.n_tokens,
            "languages": dict(calibration.size.languages),
        },
        "tiers": {
            tier: {**asdict(tail), "languages": dict(tail.languages)} for tier, tail in calibration.tails.items()
        },
        "joint": asdict(calibration.joint),
        "size_laws": {tier: asdict(law) for tier, law in calibration.size_laws.items()},
        "evidence": calibration.evidence,
        "unigrams": None,
    }
    if calibration.unigrams is not None:
        name, sha256 = calibration.unigrams
        value["unigrams"] = {"file": name, "sha256": sha256}
    value = _with_texts(value)
    return canonical_json({**value, "digest": sha256_hex(canonical_json(value))})


def write_calibration(index_path: Path, calibration: Calibration) -> None:
    """Replace the calibration of ``index_path`` atomically."""
    write_whole(index_path / FILE_NAME, to_bytes(calibration))


def read_calibration(path: Path) -> Calibration:
    """Read and check a calibration.

    Args:
        path: The file itself.

    Raises:
        FileNotFoundError: There is none.
        FormatError: It is damaged, or of a version that this release does not read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}. {_ADVICE}") from error
    return from_bytes(data, name=str(path))


def from_bytes(data: bytes, *, name: str, advice: str = _ADVICE) -> Calibration:
    """Read a calibration from its bytes; ``name`` and ``advice`` are for the error.

    Raises:
        FormatError: They are damaged, or of a version that this release does not read.
    """
    try:
        value = json.loads(data)
        found = value["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(f"{name} is damaged: it is not the JSON of a calibration. {advice}") from None
    if found != FORMAT:
        other = isinstance(found, str) and found.startswith(_FAMILY)
        what = "of another release" if other else "not a calibration"
        raise FormatError(f"{name} is {what}: format is {found!r:.60}, this release reads {FORMAT!r}. {advice}")
    try:
        digest = value.pop("digest")
        intact = sha256_hex(canonical_json(value)) == digest
        calibration = _from_json(value) if intact else None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        calibration = None
    if calibration is None:
        raise FormatError(
            f"{name} is damaged: its bytes do not agree with its digest, or a value is out of range. {advice}"
        )
    return calibration


def _from_json(value: dict[str, Any]) -> Calibration:
    unigrams = value["unigrams"]
    if unigrams is not None and not is_unigrams_name(unigrams["file"]):
        raise ValueError("the table of bits stands beside this file")
    if value["source"] not in (OWN, DEFAULT) or set(value["tiers"]) != set(TIERS):
        raise ValueError("source or tiers")
    return Calibration(
        source=value["source"],
        reason=value["reason"],
        root=value["root"],
        seed=int(value["seed"]),
        size=_size(value["size"]),
        tails={tier: _tail(held) for tier, held in value["tiers"].items()},
        joint=Joint(_at_least(1e-3, value["joint"]["factor"]), _at_least(1, value["joint"]["cluster"])),
        size_laws={
            tier: SizeLaw(_number(law["score_exponent"]), _number(law["rate_exponent"]))
            for tier, law in value["size_laws"].items()
        },
        evidence=value["evidence"],
        unigrams=None if unigrams is None else (unigrams["file"], unigrams["sha256"]),
    )


def _size(held: dict[str, Any]) -> CorpusSize:
    languages = tuple((name, _count(n_documents)) for name, n_documents in sorted(held["languages"].items()))
    return CorpusSize(_count(held["documents"]), _count(held["tokens"]), languages)


def _tail(held: dict[str, Any]) -> Tail:
    if held["kind"] not in KINDS:
        raise ValueError("kind")
    tail = Tail(
        kind=held["kind"],
        threshold=_number(held["threshold"]),
        log_rate=_number(held["log_rate"]),
        scale=_at_least(1e-9, held["scale"]),
        shape=_at_least(0, held["shape"]),
        length_exponent=_at_least(0, held["length_exponent"]),
        scale_exponent=_number(held["scale_exponent"]),
        knots=_pairs(held["knots"]),
        upper=_pairs(held["upper"]),
        languages=tuple((name, _number(factor)) for name, factor in sorted(held["languages"].items())),
    )
    scores = [score for score, _ in (*tail.knots, (tail.threshold, 0.0))]
    rates = [rate for _, rate in (*tail.knots, (0.0, tail.log_rate))]
    if scores != sorted(set(scores)) or rates != sorted(rates, reverse=True):
        raise ValueError("knots must climb in score and fall in rate")
    return tail


def _pairs(held: list[list[str]]) -> tuple[tuple[float, float], ...]:
    pairs = tuple((_number(first), _number(second)) for first, second in held)
    if [score for score, _ in pairs] != sorted({score for score, _ in pairs}):
        raise ValueError("scores must climb")
    return pairs


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _at_least(least: float, text: str) -> float:
    number = _number(text)
    if number < least:
        raise ValueError(text)
    return number


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def _with_texts(value: Any) -> Any:
    """Return a JSON value with every float as a text that gives the same float back."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _with_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_texts(item) for item in value]
    return value
