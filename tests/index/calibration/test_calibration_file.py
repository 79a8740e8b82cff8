"""The file calibration.json comes back as written, and a damaged or foreign one is one clear error."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.calibration.calibration import Calibration, CorpusSize, SizeLaw
from codewhence.index.calibration.calibration_file import (
    FILE_NAME,
    FORMAT,
    from_bytes,
    read_calibration,
    to_bytes,
    write_calibration,
)
from codewhence.index.calibration.default import CALIBRATION_PATH, UNIGRAMS_PATH, shipped_calibration, shipped_unigrams
from codewhence.index.calibration.scored import TIERS
from codewhence.index.calibration.significance import Joint
from codewhence.index.calibration.tail import Tail

NUMBERS = st.floats(-1e6, 1e6)


@st.composite
def tails(draw: st.DrawFn) -> Tail:
    scores = sorted(draw(st.sets(st.floats(1, 100), max_size=4)))
    rates = sorted(draw(st.lists(st.floats(-3, 0), min_size=len(scores), max_size=len(scores))), reverse=True)
    return Tail(
        kind=draw(st.sampled_from(["generalized-pareto", "empirical"])),
        threshold=draw(st.floats(101, 200)),
        log_rate=draw(st.floats(-20, -4)),
        scale=draw(st.floats(1e-3, 1e3)),
        shape=draw(st.floats(0, 1)),
        length_exponent=draw(st.floats(0, 2)),
        scale_exponent=draw(st.floats(-1, 1)),
        knots=tuple(zip(scores, rates, strict=True)),
        upper=((1.0, 0.1), (50.0, draw(st.floats(0.1, 3)))),
        languages=(("go", draw(NUMBERS)), ("python", draw(NUMBERS))),
    )


CALIBRATIONS = st.builds(
    Calibration,
    source=st.sampled_from(["own", "default"]),
    reason=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    root=st.just("ab" * 32),
    seed=st.integers(0, 10**9),
    size=st.builds(
        CorpusSize,
        n_documents=st.integers(0, 10**9),
        n_tokens=st.integers(0, 10**12),
        languages=st.just(()) | st.just((("c", 3), ("go", 0))),
    ),
    tails=st.fixed_dictionaries(dict.fromkeys(TIERS, tails())),
    joint=st.builds(Joint, factor=st.floats(1, 2), cluster=st.floats(1, 50)),
    size_laws=st.just({}) | st.just(dict.fromkeys(TIERS, SizeLaw(1.0, 0.25))),
    evidence=st.just({"removed": {"too short": 3}, "repositories": ["made/one"], "statistic": "0.25"}),
    unigrams=st.none() | st.just(("unigrams-0123456789ab.bin", "ab" * 32)),
)


@given(calibration=CALIBRATIONS)
def test_what_is_written_comes_back(calibration: Calibration) -> None:
    assert from_bytes(to_bytes(calibration), name="test") == calibration


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(at=st.integers(0, 10**6), value=st.integers(1, 255))
def test_no_changed_byte_goes_unseen(at: int, value: int) -> None:
    data = bytearray(CALIBRATION_PATH.read_bytes())
    data[at % len(data)] ^= value
    try:
        read = from_bytes(bytes(data), name="test")
    except FormatError:
        return
    # White space and such may change and mean the same.
    assert read == shipped_calibration()


def changed(**changes: object) -> bytes:
    """The shipped file with other values and a digest that agrees."""
    value = {**json.loads(CALIBRATION_PATH.read_bytes()), **changes}
    value.pop("digest")
    return canonical_json({**value, "digest": sha256_hex(canonical_json(value))})


TIER = json.loads(CALIBRATION_PATH.read_bytes())["tiers"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "not the JSON of a calibration", id="empty"),
        pytest.param(b"[1]\n", "not the JSON of a calibration", id="a list"),
        pytest.param(b"{" * 100_000, "not the JSON of a calibration", id="deep"),
        pytest.param(changed(format="codewhence.calibration/2"), "of another release", id="the next version"),
        pytest.param(changed(format="something"), "not a calibration", id="another file"),
        pytest.param(CALIBRATION_PATH.read_bytes()[:-100], "not the JSON", id="truncated"),
        pytest.param(changed(source="guess"), "out of range", id="unknown source"),
        pytest.param(changed(tiers={}), "out of range", id="no tiers"),
        pytest.param(changed(joint={"factor": "1", "cluster": "0.5"}), "out of range", id="clusters under one"),
        pytest.param(changed(joint={"factor": "nan", "cluster": "1"}), "out of range", id="no number"),
        pytest.param(changed(size={"documents": -1, "tokens": 0, "languages": {}}), "out of range", id="negative size"),
        pytest.param(changed(unigrams={"file": "../x", "sha256": ""}), "out of range", id="a file elsewhere"),
        pytest.param(changed(tiers={**TIER, "exact": {**TIER["exact"], "scale": "0"}}), "out of range", id="no scale"),
        pytest.param(
            changed(tiers={**TIER, "exact": {**TIER["exact"], "knots": [["9", "1"], ["8", "0"]]}}),
            "out of range",
            id="knots out of order",
        ),
    ],
)
def test_a_bad_file_is_one_clear_error(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        from_bytes(data, name="the file")
    assert "the file" in str(caught.value)
    assert "Delete it" in str(caught.value)


def test_a_missing_file_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_calibration(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(FormatError, match="cannot be read"):
        read_calibration(tmp_path / FILE_NAME)


def test_writing_leaves_nothing_else(tmp_path: Path) -> None:
    write_calibration(tmp_path, shipped_calibration())
    write_calibration(tmp_path, shipped_calibration())
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert read_calibration(tmp_path / FILE_NAME) == shipped_calibration()


def test_the_shipped_default_is_whole_and_small() -> None:
    shipped = shipped_calibration()
    assert shipped.source == "default"
    assert set(shipped.size_laws) == set(shipped.tails) == set(TIERS)
    assert json.loads(CALIBRATION_PATH.read_bytes())["format"] == FORMAT
    assert re.fullmatch("[0-9a-f]{64}", shipped.root)
    assert len(shipped_unigrams().hashes) > 10_000
    assert CALIBRATION_PATH.stat().st_size + UNIGRAMS_PATH.stat().st_size < 300_000
