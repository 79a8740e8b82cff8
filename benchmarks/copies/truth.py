"""Brute force: which documents hold a text, to the letter."""

from collections.abc import Sequence


class Haystack:
    """All documents as one run of bytes: a text is looked for in every one of them, without any index.

    Args:
        documents: Their bytes, none with a NUL.
    """

    def __init__(self, documents: Sequence[bytes]) -> None:
        self._joined = b"\0".join(documents)
        self._starts = [0]
        for document in documents:
            self._starts.append(self._starts[-1] + len(document) + 1)

    def holders(self, text: str) -> list[int]:
        """Return the number of every document that holds ``text``, in order.

        >>> Haystack([b"one two", b"two", b"three"]).holders("two")
        [0, 1]
        """
        needle = text.encode()
        found = []
        number, at = 0, self._joined.find(needle)
        while at >= 0:
            while self._starts[number + 1] <= at:
                number += 1
            found.append(number)
            at = self._joined.find(needle, self._starts[number + 1])
        return found
