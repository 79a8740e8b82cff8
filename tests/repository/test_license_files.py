"""The license texts are the ones that we may use, to the byte."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        # BigCode Open RAIL-M v1 License Agreement, verbatim: its use restrictions travel with the weights.
        ("LICENSE-OpenRAIL-M", "a4e6c896af6c3f2b1fa9693cdc72510ab0f4f0dbc88776476634639fbe4aa8f4"),
        # Apache License 2.0, as Debian's base-files carries it in /usr/share/common-licenses.
        ("LICENSE", "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"),
    ],
)
def test_license_texts_are_verbatim(name: str, sha256: str) -> None:
    assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == sha256


def test_the_use_restrictions_are_in_the_weights_license() -> None:
    text = (ROOT / "LICENSE-OpenRAIL-M").read_text(encoding="utf-8")
    assert "Attachment A" in text
    assert "USE RESTRICTIONS" in text.upper()
