"""What the tests of the index share: a small index, built once, and a way to copy it."""

import shutil
import sys
from pathlib import Path

import pytest

# Spawned workers unpickle the sources of tests.index.made_corpus by that name; with importlib mode pytest itself
# leaves the repository off the path unless it was started as `python -m pytest`.
sys.path.insert(0, str(Path(__file__).parents[2]))

from codewhence.index.build import build_index
from tests.index.made_corpus import SMALL_TEXTS, made_source


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of ``SMALL_TEXTS`` in two buckets. Read only: copy it to change it."""
    path = tmp_path_factory.mktemp("small") / "index"
    build_index([made_source(SMALL_TEXTS)], path, n_buckets=2, n_workers=1)
    return path


@pytest.fixture
def copied_index(small_index: Path, tmp_path: Path) -> Path:
    """A copy of ``small_index`` to damage."""
    return shutil.copytree(small_index, tmp_path / "copied")
