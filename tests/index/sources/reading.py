"""What the tests of the readers share: read a whole source, by path; make the texts that the readers look for."""

import pickle
from pathlib import Path

from identify.vendor.licenses import LICENSES

from codewhence.digests import swhid
from codewhence.index.sources.base import RawFile, Skipped, Source

MIT, APACHE, GPL = (dict(LICENSES)[spdx_id] for spdx_id in ("MIT", "Apache-2.0", "GPL-3.0"))


def read_all(source: Source) -> list[RawFile | Skipped]:
    """Read every shard as a worker does: after a journey through pickle."""
    packed = [pickle.dumps(shard) for shard in source.shards()]
    return [item for shard in packed for item in pickle.loads(shard).read()]  # noqa: S301


def files_of(source: Source) -> dict[str, RawFile]:
    """Return the files that were read, by path."""
    return {item.origin.path: item for item in read_all(source) if isinstance(item, RawFile)}


def skipped_of(source: Source) -> dict[str, str]:
    """Return the reasons of what was skipped, by path."""
    return {item.path: item.reason for item in read_all(source) if isinstance(item, Skipped)}


def write_tree(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below ``root``."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def document_id(text: str) -> str:
    """Return the id of a document with this text."""
    return swhid(text.encode())
