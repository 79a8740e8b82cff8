"""An index of made functions that the tests of touched copies share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codewhence.index.build import build_index
from codewhence.index.store import Index, open_index
from tests.index.made_corpus import MadeSource
from tests.index.touched.made_library import library


@pytest.fixture(scope="session")
def library_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of ``library()`` in two buckets. Read only: copy it to change it."""
    path = tmp_path_factory.mktemp("library") / "index"
    build_index([MadeSource(library())], path, n_buckets=2, n_workers=1)
    return path


@pytest.fixture
def index(library_path: Path) -> Iterator[Index]:
    """The same, opened."""
    with open_index(library_path) as opened:
        yield opened
