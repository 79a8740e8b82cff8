"""Texts that were unpacked lately: what many queries have in common, such as license headers, is unpacked once."""

import threading
from collections import OrderedDict
from collections.abc import Callable

MAX_CHARS = 64_000_000  # of all texts together: up to four bytes each
_MAX_TEXT_CHARS = 1_000_000  # larger ones would push out everything else


class TextCache:
    """Keeps the texts that were asked for last. Safe for threads."""

    def __init__(self, max_chars: int = MAX_CHARS) -> None:
        self._max_chars = max_chars
        self._n_chars = 0
        self._texts: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[int, int], unpack: Callable[[], str]) -> str:
        """Return the text of a document, unpacked where it is not kept.

        Args:
            key: Number of an open bucket (unique in the process) and of a document in it.
            unpack: Gives the text.
        """
        with self._lock:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
                return text
        text = unpack()
        if len(text) <= _MAX_TEXT_CHARS:
            with self._lock:
                if self._texts.setdefault(key, text) is text:
                    self._n_chars += len(text)
                while self._n_chars > self._max_chars:
                    _, dropped = self._texts.popitem(last=False)
                    self._n_chars -= len(dropped)
        return text

    def drop(self, bucket: int) -> None:
        """Forget the texts of a bucket."""
        with self._lock:
            for key in [key for key in self._texts if key[0] == bucket]:
                self._n_chars -= len(self._texts.pop(key))
