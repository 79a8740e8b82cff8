"""Unforeseen errors as one line for whoever runs the server: an id and the places, never the message."""

import secrets
import traceback
from pathlib import PurePath

_FRAMES = 4


def new_error_id() -> str:
    """Return a short id, hard to guess and easy to read out."""
    return secrets.token_hex(4)


def describe(error: BaseException, error_id: str) -> str:
    """Return the type of ``error`` and the innermost places it came through.

    The message is left out on purpose: it may quote what a user pasted.

    >>> try:
    ...     {}["secret"]
    ... except KeyError as error:
    ...     "secret" in describe(error, "0000")
    False
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"error {error_id}: {type(error).__name__} at {places or 'an unknown place'}"
