"""The only module that builds concrete things from Settings: the checker that the command line and the page share."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from codewhence.app.exclusions import Exclusions, IgnoreFile, compile_exclusions, find_ignore_file
from codewhence.app.settings import Settings, load_settings
from codewhence.errors import UsageError
from codewhence.governance.attribution import NO_IGNORES, attribute
from codewhence.governance.licenses.policy import DEFAULT_POLICY, Policy, parse_policy, policy_from_table
from codewhence.governance.own_code import OwnCode
from codewhence.records import Document, FileReport, IndexSummary, Match, Span

if TYPE_CHECKING:
    from codewhence.index.store import Index


@dataclass(slots=True)
class Checker:
    """An open index, a policy, and what is the user's own: says where a text comes from and what may be done with it.

    Attributes:
        index: The training set.
        policy: What is allowed.
        own: Repositories that are the user's.
        ignore_file: What the user asked not to be told about.
        clock: Seconds from any start; for ``timings`` alone.
        timings: Seconds spent, by step, over all texts so far.
    """

    index: "Index"
    policy: Policy = DEFAULT_POLICY
    own: OwnCode = field(default_factory=OwnCode)
    ignore_file: IgnoreFile | None = None
    clock: Callable[[], float] = time.perf_counter
    timings: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def index_summary(self) -> IndexSummary:
        """What a report says about the index, and about the chances that it states.

        Raises:
            FormatError: calibration.json is damaged.
        """
        from codewhence.index.match import calibration_used

        return replace(self.index.summary, calibration=calibration_used(self.index).summary)

    def check_text(self, text: str, *, path: str, added: Sequence[Span] | None = None) -> FileReport:
        """Say where ``text`` comes from.

        Args:
            text: What to check.
            path: How the report names it; ``-`` for text that is no file.
            added: Only matches that touch one of these spans are reported; all of them where ``None``.

        Raises:
            FormatError: The index is damaged where it was read.
        """
        from codewhence.index.languages import language_of
        from codewhence.index.match import find_matches

        started = self.clock()
        self.index.refresh()
        matches = find_matches(self.index, text, language=language_of(path))
        if added is not None:
            matches = [match for match in matches if touches(match, added)]
        matched = self.clock()
        report = attribute(
            text,
            matches,
            path=path,
            policy=self.policy,
            own=self.own,
            ignores=NO_IGNORES if self.ignore_file is None else self.ignore_file.for_path(path),
        )
        self.timings["match_seconds"] += matched - started
        self.timings["attribute_seconds"] += self.clock() - matched
        return report

    def document(self, doc_id: str) -> Document | None:
        """Return a document of the index, ``None`` where it is not there or has been taken out."""
        self.index.refresh()
        return self.index.document(doc_id)

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()


def touches(match: Match, spans: Sequence[Span]) -> bool:
    """Say whether a match shares a code point with one of the spans."""
    return any(span.start < match.span.end and match.span.start < span.end for span in spans)


def open_checker(index: Path | None = None, *, settings: Settings | None = None) -> Checker:
    """Open the index and everything else that a check asks.

    Args:
        index: Folder of the index; that of the settings where ``None``.
        settings: The merged settings; without flags where ``None``.

    Raises:
        UsageError: No index is named, or the policy or the ignore file cannot be read.
        IndexMissingError, FormatError: There is no sound index.
    """
    from codewhence.index.store import open_index

    settings = load_settings() if settings is None else settings
    policy = load_policy(settings)
    own = OwnCode((*policy.own_repos, *settings.own_repos), policy.upstreams)
    ignore_file = find_ignore_file(Path.cwd())
    folder = settings.required_index() if index is None else index
    return Checker(open_index(folder), policy, own, ignore_file)


def load_policy(settings: Settings) -> Policy:
    """Return the license policy: the named file, the project's table, or the default.

    Raises:
        UsageError: The file cannot be read, or says something that no policy can say.
    """
    if settings.policy is not None:
        try:
            text = settings.policy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UsageError(f"policy {settings.policy}: cannot be read: {why}.") from error
        return parse_policy(text, name=str(settings.policy))
    if settings.policy_table is not None:
        return policy_from_table(settings.policy_table, name=f"{settings.origins['policy']}: policy")
    return DEFAULT_POLICY


def load_exclusions(settings: Settings) -> Exclusions:
    """Return what a walk through a folder leaves out.

    Raises:
        UsageError: The ignore file cannot be read, or a pattern is malformed.
    """
    folder = settings.exclude_folder or Path.cwd()
    return compile_exclusions(settings.exclude, folder=folder, ignore_file=find_ignore_file(Path.cwd()))
