"""Files that come with the package: measured laws, a token model, a table of features."""

from pathlib import Path

from codewhence.errors import FormatError

INSTALL_AGAIN = "Install codewhence again."


def shipped_bytes(path: Path) -> bytes:
    """Return a file of the package.

    Raises:
        FormatError: The installation is damaged.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}. {INSTALL_AGAIN}") from error
