"""The filter of an open index: read when first asked for, and no other than the one of its very buckets."""

from weakref import WeakKeyDictionary

from codewhence.errors import FormatError
from codewhence.index.portrait.filter import TileFilter
from codewhence.index.portrait.folder import FOLDER_NAME, read_filter, read_portrait_file
from codewhence.index.store import Index

_ATTEMPTS = 3
_FILTERS: WeakKeyDictionary[Index, TileFilter | None] = WeakKeyDictionary()


def filter_of(index: Index) -> TileFilter | None:
    """Return the filter of an open index; ``None`` where there is none, or one of another version of the index.

    What was taken out of the index is in it still: pass ``index.masked.tiles`` to what asks it.

    Raises:
        FormatError: The portrait is damaged or of another release.
    """
    if index not in _FILTERS:
        _FILTERS[index] = _read(index)
    return _FILTERS[index]


def _read(index: Index) -> TileFilter | None:
    for _ in range(_ATTEMPTS):
        try:
            file = read_portrait_file(index.path)
        except FileNotFoundError:
            return None
        if file.root != index.manifest.root:
            return None
        try:
            return read_filter(index.path, file)
        except FileNotFoundError:
            continue  # a writer replaced it between the two reads
    raise FormatError(
        f"{index.path / FOLDER_NAME} is damaged: a partition is missing. Delete the folder; the next index build, add "
        "or compact makes it again."
    )
