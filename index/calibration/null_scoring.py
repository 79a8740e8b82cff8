"""Scores many null texts, here or in several processes; the outcome is the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codewhence.index.calibration.null_texts import NullText
from codewhence.index.calibration.scored import ScoredSpan, Scorer
from codewhence.index.store import Index, open_index
from codewhence.index.workers import check_stop, run_tasks

Spans = tuple[ScoredSpan, ...]
OnScored = Callable[[int], None]
# Scores texts, in their order, and is told to call back with how many more are done.
ScoreAll = Callable[[Sequence[NullText], OnScored], list[Spans]]
MakeScorer = Callable[[Index], Scorer]

_BATCH = 24  # texts that a worker scores at a time: a second's work


@dataclass(frozen=True, slots=True)
class _Task:
    index_path: Path
    make_scorer: MakeScorer
    number: int
    texts: tuple[NullText, ...]


def here(scorer: Scorer) -> ScoreAll:
    """Score in this process."""

    def score_all(texts: Sequence[NullText], on_scored: OnScored) -> list[Spans]:
        found = []
        for text in texts:
            check_stop()
            found.append(tuple(scorer(text.text, text.language, text.family)))
            on_scored(1)
        return found

    return score_all


def in_workers(index_path: Path, make_scorer: MakeScorer, *, n_workers: int) -> ScoreAll:
    """Score in ``n_workers`` processes, each of which opens the index and imports ``make_scorer`` by its name."""

    def score_all(texts: Sequence[NullText], on_scored: OnScored) -> list[Spans]:
        batches = [tuple(texts[first : first + _BATCH]) for first in range(0, len(texts), _BATCH)]
        tasks = (_Task(index_path, make_scorer, number, batch) for number, batch in enumerate(batches))
        found: dict[int, list[Spans]] = {}
        try:
            for task, spans in run_tasks(_score, tasks, n_workers=max(1, min(n_workers, len(batches)))):
                found[task.number] = spans
                on_scored(len(spans))
        finally:
            _scorer.cache_clear()  # with one worker the index was opened in this process
        return [spans for number in range(len(batches)) for spans in found[number]]

    return score_all


def _score(task: _Task) -> list[Spans]:
    scorer = _scorer(task.index_path, task.make_scorer)
    return here(scorer)(task.texts, unheard)


@cache
def _scorer(index_path: Path, make_scorer: MakeScorer) -> Scorer:
    return make_scorer(open_index(index_path))


def unheard(_n_scored: int) -> None:
    """Nobody watches a worker."""
