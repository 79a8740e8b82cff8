"""Every exception that codewhence raises on purpose, and the exit code each one stands for.

CodewhenceError
  ├─ UsageError          exit 2   the caller asked for something impossible
  ├─ FormatError         exit 3   a file is not what its header says: damaged, truncated, foreign version
  │    └─ IndexMissingError       there is no index where one was named
  ├─ PartialReadError    exit 4   some inputs could not be read; the rest was reported
  ├─ MissingExtraError   exit 5   an optional package or an engine is not there
  └─ ResourceError       exit 74  the machine ran out of disk or memory, or lost a process (BSD EX_IOERR)

Exit 1 is kept for findings, exit 70 for a bug (BSD ``sysexits.h``, EX_SOFTWARE), exit 130 for Ctrl-C.
"""

from typing import ClassVar


class CodewhenceError(Exception):
    """Root of the tree. The message says what is wrong, with the value, and what to do next."""

    exit_code: ClassVar[int] = 70


class UsageError(CodewhenceError):
    """The caller asked for something impossible."""

    exit_code = 2


class FormatError(CodewhenceError):
    """A file is not what its header says: damaged, truncated, or of a version that we do not read."""

    exit_code = 3


class IndexMissingError(FormatError):
    """There is no index where one was named."""


class PartialReadError(CodewhenceError):
    """Some inputs could not be read; the rest was reported."""

    exit_code = 4


class MissingExtraError(CodewhenceError):
    """An optional package or an engine is not there."""

    exit_code = 5

    @classmethod
    def for_extra(cls, extra: str, purpose: str) -> "MissingExtraError":
        """Build the error for an extra of this distribution, with the command that installs it."""
        return cls(f"{purpose} needs the extra '{extra}'. Install it with: pip install 'codewhence[{extra}]'")


class ResourceError(CodewhenceError):
    """The machine ran out of disk or memory, or lost a process; what stood before still stands."""

    exit_code = 74
