"""Samples from a real index: each is found as what it says it is, alone and with the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from codewhence.app.sample import Sample, main, samples
from codewhence.errors import UsageError
from codewhence.index.build import build_index
from codewhence.index.match import find_matches
from codewhence.index.sources.base import RawFile
from codewhence.index.store import Index, open_index
from codewhence.records import LicenseSource, Match, MatchKind, Origin


@dataclass(frozen=True, slots=True)
class Workshops:
    """Eight invented projects with one function each that no other has; its own only shard."""

    spec: str = "invented"
    n_bytes: int = 0

    def shards(self) -> "Iterator[Workshops]":
        yield self

    def describe(self) -> dict[str, Any]:
        return {"kind": "invented"}

    def read(self) -> Iterator[RawFile]:
        for number in range(8):
            origin = Origin(
                f"tools/tool-{number}",
                f"tool_{number}.py",
                licenses=("MIT",),
                license_source=LicenseSource.RECORDED,
            )
            yield RawFile(origin, f"import tools\n\n\n{_function(number, 15 + 20 * (number % 2))}\n".encode())


def _function(number: int, n_steps: int) -> str:
    """Return a function of so many steps, each of its own kind: which calls and operators follow is told by a hash."""
    verbs = ("turn", "lift", "press", "cool", "weigh", "sand", "bend", "mark")
    operators = ("+", "-", "*", "//", "%", "|", "&", "^")
    lines = [f"def assemble_{number}(bench, parts, limit):", "    done = []"]
    for step in range(n_steps):
        roll = (number * 7_919 + step * 104_729 + 13) ** 3
        verb, other, last = (verbs[roll // 8**place % 8] for place in range(3))
        operator = operators[roll // 64 % 8]
        lines.append(
            (
                f"    part = bench.{verb}_{roll % 97}(parts[{roll % 11}] {operator} limit)",
                f"    if part.{other} > limit {operator} {roll % 31}: done.append(part.{last}_{roll % 83}())",
                f"    limit = min(limit, part.{verb}_{roll % 79}) {operator} len(done)",
            )[roll // 512 % 3]
        )
    return "\n".join([*lines, "    return done"])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("workshops") / "index"
    build_index([Workshops()], path, n_workers=1)
    with open_index(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def made(index: Index) -> dict[str, Sample]:
    return {sample.title: sample for sample in samples(index)}


def telling(index: Index, text: str) -> list[Match]:
    return [match for match in find_matches(index, text) if not match.is_chance]


@pytest.mark.parametrize(
    ("title", "kind", "verbatim"),
    [
        ("Exact copy", MatchKind.EXACT, True),
        ("Reformatted copy", MatchKind.EXACT, False),
        ("Renamed copy", MatchKind.RENAMED, False),
    ],
)
def test_a_sample_is_found_as_what_it_is(
    index: Index, made: dict[str, Sample], title: str, kind: MatchKind, verbatim: bool
) -> None:
    sample = made[title]
    (match,) = telling(index, sample.text)
    assert (match.kind, match.verbatim) == (kind, verbatim)
    assert len(match.span) >= 0.9 * len(sample.text)
    (source,) = match.sources
    assert f"{source.origin.repo}, {source.origin.path} (MIT)" in sample.description


def test_a_renamed_sample_holds_no_name_of_its_source_that_is_local_there(made: dict[str, Sample]) -> None:
    words = set(made["Renamed copy"].text.replace("(", " ").replace(",", " ").split())
    assert words.isdisjoint({"bench", "parts", "limit", "part"})


def test_all_together_shows_every_kind(index: Index, made: dict[str, Sample]) -> None:
    kinds = {(match.kind, match.verbatim) for match in telling(index, made["All together"].text)}
    assert kinds == {(MatchKind.EXACT, True), (MatchKind.EXACT, False), (MatchKind.RENAMED, False)}


def test_the_same_index_gives_the_same_samples(index: Index, made: dict[str, Sample]) -> None:
    assert {sample.title: sample for sample in samples(index)} == made


def test_main_writes_the_combined_sample(index: Index, made: dict[str, Sample], tmp_path: Path, capsys: Any) -> None:
    main([str(index.path), str(tmp_path / "generated.py")])
    assert (tmp_path / "generated.py").read_text() == made["All together"].text
    assert "under other local names" in capsys.readouterr().out


def test_main_needs_an_index_and_a_file() -> None:
    with pytest.raises(UsageError, match="usage: python -m codewhence"):
        main(["index"])
