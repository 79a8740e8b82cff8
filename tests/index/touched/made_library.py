"""A training set of made functions in six languages: short files, and one long file a language."""

from dataclasses import dataclass

from codewhence.digests import swhid
from codewhence.index.sources.base import RawFile
from tests.index.made_corpus import made_file
from tests.index.touched.made_functions import EXTENSIONS, LANGUAGES, Function

N_FILES = 16  # a language
N_LONG = 40  # functions in a long file: over 5,000 tokens, so over 80 checkpoints


@dataclass(frozen=True)
class MadeText:
    """A file of functions that stand one after the other."""

    path: str
    language: str
    seeds: tuple[int, ...]

    @property
    def pieces(self) -> list[str]:
        """The functions, each with the blank lines that follow it."""
        return [Function(seed).write(self.language) + "\n\n" for seed in self.seeds]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    @property
    def doc_id(self) -> str:
        """Its SWHID."""
        return swhid(self.text.encode())

    def lines_of(self, number: int) -> tuple[int, int]:
        """Return the first and the last line of a function, from 1."""
        first = "".join(self.pieces[:number]).count("\n") + 1
        return first, first + self.pieces[number].rstrip("\n").count("\n")

    def raw(self) -> RawFile:
        """Return it as a source gives it."""
        return made_file(self.text, repo=f"made/{self.language}", path=self.path)


def short_file(language: str, number: int) -> MadeText:
    """Return one of the short files of a language: three functions."""
    first = 10_000 * (LANGUAGES.index(language) + 1) + 3 * number
    return MadeText(f"short_{number}.{EXTENSIONS[language]}", language, (first, first + 1, first + 2))


def long_file(language: str) -> MadeText:
    """Return the long file of a language."""
    first = 10_000 * (LANGUAGES.index(language) + 1) + 5_000
    return MadeText(f"long.{EXTENSIONS[language]}", language, tuple(range(first, first + N_LONG)))


def library() -> tuple[RawFile, ...]:
    """Return all files."""
    texts = [short_file(language, number) for language in LANGUAGES for number in range(N_FILES)]
    return tuple(each.raw() for each in [*texts, *(long_file(language) for language in LANGUAGES)])
