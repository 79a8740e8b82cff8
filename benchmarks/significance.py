"""Do the p-values hold? On code of projects used nowhere else: uniform by chance, false discoveries under the promise.

    python -m benchmarks.significance

Writes results/significance.{json,md}. Three indexes: one of enough repositories to be calibrated on itself, and the two
benchmark corpora, which have too few and answer by the shipped default. The queries are those of ``matching``: unseen
functions and stretches of files, and renamed copies set into unseen code. Texts that hold a copy by the rule that the
null has (50 equal tokens in a row) are counted apart: they are no chance.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibration_corpus import project_folders
from benchmarks.corpus import CACHE
from benchmarks.documents import open_corpus
from benchmarks.intervals import interval
from benchmarks.queries import HOSTED, NULL_FILE, NULL_FUNCTION, Query, Sizes, query_file, read_queries
from benchmarks.uniformity import anderson_darling_p_value, kolmogorov_p_value
from codewhence.index.build import build_index
from codewhence.index.calibration.calibrate import calibrate_index
from codewhence.index.calibration.calibration import Calibration
from codewhence.index.calibration.null import copied, of_chance
from codewhence.index.calibration.scored import Scorer
from codewhence.index.match import make_scorer
from codewhence.index.sources.folder import FolderSource
from codewhence.index.store import open_index
from codewhence.index.tokens import tokenize
from codewhence.records import Span

RESULTS = Path(__file__).parent / "results"
LEVELS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
PROMISES = (0.005, 0.01, 0.05, 0.1, 0.2)
UNIFORM_UNDER = 0.1  # p-values above belong to scores under the fitted tail, or to no match at all
COPY_CLASS = "V3"
N_NULL, N_COPIES = 1000, 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query was answered."""

    query: Query
    is_copy: bool
    p_value: float
    found: tuple[tuple[Span, float], ...]  # spans with their q-values


def main() -> None:
    """Measure the three indexes, print and write."""
    results = [
        measure("own calibration", ("python", "languages"), with_others=True),
        measure("default, Python", ("python",), with_others=False),
        measure("default, five languages", ("languages",), with_others=False),
    ]
    table = "\n".join(_markdown(each) for each in results)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "significance.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "significance.md").write_text(table, encoding="utf-8")
    print(table)


def measure(name: str, corpora: tuple[str, ...], *, with_others: bool) -> dict[str, Any]:
    """Build an index, calibrate it, ask it the queries of its corpora."""
    path = CACHE / "significance" / name.replace(", ", "-").replace(" ", "-")
    folders = [project for each in corpora for project in sorted(open_corpus(each).folder.iterdir())]
    folders += project_folders() if with_others else []
    build_index([FolderSource(str(folder)) for folder in folders], path)
    calibration = calibrate_index(path, make_scorer, n_workers=2)
    answers: list[Answer] = []
    with open_index(path) as index:
        scorer = make_scorer(index)
        for corpus in corpora:
            answers += [_answer(query, scorer, calibration) for query in _some(corpus)]
    return {
        "name": name,
        "n_repositories": len(folders),
        "source": calibration.source,
        "reason": calibration.reason,
        **{
            kind: _uniform([each for each in answers if each.query.kind == kind]) for kind in (NULL_FUNCTION, NULL_FILE)
        },
        "false discoveries": _false_discoveries([each for each in answers if each.query.kind == COPY_CLASS]),
    }


def _some(corpus: str) -> Iterator[Query]:
    left = {NULL_FUNCTION: N_NULL, NULL_FILE: N_NULL, COPY_CLASS: N_COPIES}
    for query in read_queries(query_file(corpus, Sizes())):
        wanted = left.get(query.kind, 0)
        if wanted and (query.kind != COPY_CLASS or query.form == HOSTED):
            left[query.kind] = wanted - 1
            yield query


def _answer(query: Query, scorer: Scorer, calibration: Calibration) -> Answer:
    tokens = tokenize(query.text)
    spans = of_chance(scorer(query.text, query.language, frozenset()), query.text)
    found = calibration.significances(spans, n_tokens=len(tokens), language=query.language)
    pairs = tuple((Span(span.start, span.end), each.q_value) for span, each in zip(spans, found, strict=True))
    p_value = min((each.p_value for each in found), default=1.0)
    return Answer(query, copied(spans, tokens) is not None, p_value, pairs)


def _uniform(answers: list[Answer]) -> dict[str, Any]:
    """Count the p-values under each level, with intervals, and test those of the tail."""
    p_values = np.array([each.p_value for each in answers if not each.is_copy])
    n = len(p_values)
    tail = np.sort(p_values[p_values <= UNIFORM_UNDER]) / UNIFORM_UNDER
    flagged = sum(min((q for _, q in each.found), default=1.0) <= PROMISES[0] for each in answers)
    return {
        "n_texts": n,
        "n_copies_apart": len(answers) - n,
        "levels": [
            {
                "p": level,
                "share": float((p_values <= level).mean()),
                "interval": interval(int((p_values <= level).sum()), n),
            }
            for level in LEVELS
        ],
        "flagged": {"share": flagged / len(answers), "interval": interval(flagged, len(answers))},
        "kolmogorov_smirnov_p_value": kolmogorov_p_value(tail),
        "anderson_darling_p_value": anderson_darling_p_value(tail, seed=1),
    }


def _false_discoveries(answers: list[Answer]) -> list[dict[str, Any]]:
    """Of texts with one planted copy: the share of false ones among what counts, and how many copies are found."""
    rows = []
    for promise in PROMISES:
        shares, n_found = [], 0
        for answer in answers:
            counted = [span for span, q_value in answer.found if q_value <= promise]
            true = [span for span in counted if _overlaps(span, answer.query)]
            shares.append((len(counted) - len(true)) / max(1, len(counted)))
            n_found += bool(true)
        error = float(np.std(shares) / len(shares) ** 0.5)
        rows.append({"q": promise, "false": float(np.mean(shares)), "error": error, "found": n_found / len(answers)})
    return rows


def _overlaps(span: Span, query: Query) -> bool:
    return min(span.end, query.end) > max(span.start, query.start)


def _markdown(result: dict[str, Any]) -> str:
    lines = [f"## {result['name']} ({result['n_repositories']} repositories; calibration: {result['source']})", ""]
    if result["reason"]:
        lines += [f"Default because: {result['reason']}.", ""]
    lines += ["| p-value at most | of unseen functions | of stretches of unseen files |", "| --- | --- | --- |"]
    for functions, files in zip(result[NULL_FUNCTION]["levels"], result[NULL_FILE]["levels"], strict=True):
        cells = [
            f"{each['share']:.4f} ({each['interval'][0]:.4f} to {each['interval'][1]:.4f})"
            for each in (functions, files)
        ]
        lines.append(f"| {functions['p']:g} | {' | '.join(cells)} |")
    for kind in (NULL_FUNCTION, NULL_FILE):
        held = result[kind]
        low, high = held["flagged"]["interval"]
        lines.append(
            f"\n{kind}: {held['n_texts']} texts, {held['n_copies_apart']} more with a copy by the null's rule; uniform "
            f"under {UNIFORM_UNDER}: Kolmogorov-Smirnov p = {held['kolmogorov_smirnov_p_value']:.2f}, Anderson-Darling "
            f"p = {held['anderson_darling_p_value']:.2f}; flagged at q {PROMISES[0]}, copies included: "
            f"{held['flagged']['share']:.4f} ({low:.4f} to {high:.4f})."
        )
    lines += ["", "| q-value at most | false among those found | copies found |", "| --- | --- | --- |"]
    for row in result["false discoveries"]:
        lines.append(f"| {row['q']:g} | {row['false']:.4f} ± {row['error']:.4f} | {row['found']:.3f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
