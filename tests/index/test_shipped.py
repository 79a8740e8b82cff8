"""Files of the package that are missing or damaged: installing again is the only advice that helps."""

from collections.abc import Callable
from inspect import unwrap
from pathlib import Path

import pytest

from codewhence.errors import FormatError
from codewhence.index.calibration import default
from codewhence.index.touched import language_guess, token_model


@pytest.mark.parametrize("data", [None, b"", b"{}", b"\xff\x00"], ids=["missing", "empty", "another file", "no text"])
@pytest.mark.parametrize(
    ("module", "name", "read"),
    [
        pytest.param(default, "CALIBRATION_PATH", default.shipped_calibration, id="laws"),
        pytest.param(default, "UNIGRAMS_PATH", default.shipped_unigrams, id="bits of tokens"),
        pytest.param(token_model, "PATH", token_model.shipped, id="token model"),
        pytest.param(language_guess, "TABLE_PATH", language_guess._table, id="languages"),
    ],
)
def test_a_damaged_installation_is_to_be_installed_again(
    module: object, name: str, read: Callable, data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shipped"
    if data is not None:
        path.write_bytes(data)
    monkeypatch.setattr(module, name, path)

    with pytest.raises(FormatError, match=r"Install codewhence again\.$"):
        unwrap(read)()
