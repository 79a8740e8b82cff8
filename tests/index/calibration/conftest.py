"""What the tests of calibration share."""

from pathlib import Path

import pytest

from tests.index.calibration.chance import build, corpus


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-five repositories of thirty files each. Read only."""
    return build(tmp_path_factory.mktemp("corpus") / "index", corpus(25, 30))
