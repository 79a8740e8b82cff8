"""Lines of a plain, gzip or zstd file, streamed; one clear error for a file that is cut short or damaged."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import zstandard

from codewhence.errors import FormatError

_CHUNK_BYTES = 1 << 18
# A zstd block of 4 bytes can stand for 128 kB, and all that a chunk holds is unpacked at once.
_ZSTD_CHUNK_BYTES = 1 << 13


def unpacked_chunks(path: Path, *, start_byte: int = 0) -> Iterator[bytes]:
    """Yield the contents of a file, unpacked by its ending: ``.gz``, ``.zst``, else as they are.

    Args:
        path: The file.
        start_byte: Where to start in a plain file.

    Raises:
        FormatError: The file is cut short or damaged.
        OSError: It cannot be read.
    """
    try:
        if path.suffix == ".gz":
            yield from _gzip_chunks(path)
        elif path.suffix == ".zst":
            yield from _zstd_chunks(path)
        else:
            yield from _plain_chunks(path, start_byte)
    except EOFError as error:
        raise FormatError(f"'{path.name}' is cut short: it ends inside its data. Get it again.") from error
    except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise FormatError(f"'{path.name}' is damaged: {error}. Get it again.") from error


def lines(chunks: Iterable[bytes], *, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    r"""Split chunks into lines.

    Args:
        chunks: Contents in order.
        max_bytes: Longest line that is kept in memory.

    Yields:
        Offset of the line from the first chunk, in bytes, and the line without its ``\n``; ``None`` for a line over
        ``max_bytes``.

    >>> list(lines([b"a\nb", b"c\nd"], max_bytes=9))
    [(0, b'a'), (2, b'bc'), (5, b'd')]
    """
    start, kept, n_bytes = 0, [], 0
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            n_bytes += len(part)
            yield start, b"".join([*kept, part]) if n_bytes <= max_bytes else None
            start, kept, n_bytes = start + n_bytes + 1, [], 0
        n_bytes += len(rest)
        kept = [*kept, rest] if n_bytes <= max_bytes else []
    if n_bytes:
        yield start, b"".join(kept) if n_bytes <= max_bytes else None


def _plain_chunks(path: Path, start_byte: int) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as stream:
        stream.seek(start_byte)
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _gzip_chunks(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _zstd_chunks(path: Path) -> Iterator[bytes]:
    """Unpack frame by frame: zstandard's own stream takes a file that ends inside a frame for a whole one."""
    context = zstandard.ZstdDecompressor()
    frame = context.decompressobj()
    is_inside = False
    with path.open("rb") as stream:
        while packed := stream.read(_ZSTD_CHUNK_BYTES):
            while packed:
                unpacked = frame.decompress(packed)
                is_inside, packed = not frame.eof, frame.unused_data
                if frame.eof:
                    frame = context.decompressobj()
                if unpacked:
                    yield unpacked
    if is_inside:
        raise EOFError
