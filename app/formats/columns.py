"""Cells aligned for a terminal: widths counted as terminals count them, names shortened at their start."""

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells

GAP = "  "


def width_of(text: str) -> int:
    """Return the width of ``text`` in terminal cells: 2 for a wide character, 0 for a combining one."""
    return cell_len(text)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join each row's cells, every column but the last as wide as its widest cell.

    >>> aligned([["a", "bb", "c"], ["aaa", "b", "c"]])
    ['a    bb  c', 'aaa  b   c']
    """
    if not rows:
        return []
    widths = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)]
        lines.append(GAP.join(cells).rstrip())
    return lines


def without_start(text: str, *, width_cells: int) -> str:
    """Shorten ``text`` to its end: of a path, the file name tells most.

    >>> without_start("very/long/path.py:1-3", width_cells=12)
    '…path.py:1-3'
    """
    if width_of(text) <= width_cells:
        return text
    kept = text[-(width_cells - 1) :] if width_cells > 1 else ""
    while width_of(kept) > width_cells - 1:
        kept = kept[1:]
    return f"…{kept}"


def without_end(text: str, *, width_cells: int) -> str:
    """Shorten ``text`` to its start.

    >>> without_end("MIT OR Apache-2.0", width_cells=8)
    'MIT OR …'
    """
    if width_of(text) <= width_cells:
        return text
    return f"{chop_cells(text, width_cells - 1)[0]}…" if width_cells > 1 else "…"
