"""What the tests of the app share: a small index, a way to run the command line, and reports made by hypothesis."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from codewhence.index.build import build_index
from codewhence.index.sources.base import RawFile
from codewhence.records import (
    AttributedMatch,
    CalibrationSummary,
    FileReport,
    IndexSummary,
    LicenseSource,
    Match,
    MatchKind,
    Origin,
    Report,
    Source,
    Span,
    Unread,
    Verdict,
    gravest,
)

GEAR = """def turn_gear(gear, n_teeth, direction):
    # A gear that slips is turned back by one tooth.
    if direction not in {"left", "right"}:
        raise ValueError(f"a gear turns left or right, not {direction}")
    step = n_teeth if direction == "right" else -n_teeth
    position = (gear.position + step) % gear.n_all_teeth
    return gear.moved_to(position, slips=gear.load > gear.grip)
"""
KETTLE = """def boil(kettle, *, until_celsius, clock):
    started_at = clock.now()
    while kettle.celsius < until_celsius:
        kettle.heat(watts=kettle.max_watts, seconds=clock.tick())
        if clock.now() - started_at > kettle.patience_seconds:
            raise KettleTooSlowError(kettle, reached=kettle.celsius)
    return clock.now() - started_at
"""
LANTERN = """class Lantern(Lamp):
    def shine(self, path, *, brightness):
        for stone in path.stones[: self.reach_stones(brightness)]:
            stone.lit_by.append((self.name, brightness / stone.distance_to(self) ** 2))
        return [stone for stone in path.stones if not stone.lit_by]
"""
IDIOM = """if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true")
    sys.exit(main(parser.parse_args()))
"""
UNSEEN = (
    "\n".join(f"unseen_{n} = measure(thing_{n}, by=rule_{n * n}) or fallback_{n}(thing_{n})" for n in range(20)) + "\n"
)


@dataclass(frozen=True, slots=True)
class Snippets:
    """Texts of the index, each with the license that it stands under there."""

    mit: str = GEAR
    gpl: str = KETTLE
    unlicensed: str = LANTERN
    idiom: str = IDIOM
    unseen: str = UNSEEN


@dataclass(frozen=True, slots=True)
class _Corpus:
    """A training set held in memory: its own only shard."""

    spec: str = "invented"
    n_bytes: int = 0

    def shards(self) -> "Iterator[_Corpus]":
        yield self

    def describe(self) -> dict[str, Any]:
        return {"kind": "invented"}

    def read(self) -> Iterator[RawFile]:
        yield _raw("Gearbox", "gearbox/turn.py", f"# Copyright (c) Gearbox authors\n\n{GEAR}", "MIT")
        yield _raw("maple/kettle", "src/boil.py", f"import clock\n\n{KETTLE}", "GPL-3.0-only")
        yield _raw("maple/lantern", "lantern.py", LANTERN)
        for number in range(30):
            text = f"number_{number} = {number}\n\n\n{IDIOM}"
            yield _raw(f"tools/tool-{number % 5}", f"main_{number}.py", text, "MIT")


def _raw(repo: str, path: str, text: str, *licenses: str) -> RawFile:
    known = LicenseSource.RECORDED if licenses else LicenseSource.NOT_RECORDED
    return RawFile(Origin(repo, path, revision="1.0", licenses=licenses, license_source=known), text.encode())


@pytest.fixture(scope="session")
def snippets() -> Snippets:
    """The texts that the index holds."""
    return Snippets()


@pytest.fixture(scope="session")
def index_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small index. Read only: copy it to change it."""
    path = tmp_path_factory.mktemp("indexes") / "demo"
    build_index([_Corpus()], path, n_buckets=2, n_workers=1, training_set="invented 1")
    return path


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended."""

    code: int
    stdout: str
    stderr: str


Run = Callable[..., Finished]


@pytest.fixture
def codewhence(tmp_path: Path, index_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in a process of its own, in a folder of its own, with the index configured."""
    monkeypatch.chdir(tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CODEWHENCE_", "GIT_"))}

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Finished:
        finished = subprocess.run(
            [sys.executable, "-m", "codewhence", *arguments],
            input=stdin,
            capture_output=True,
            env={**environment, "CODEWHENCE_INDEX": str(index_path), **variables},
            check=False,
        )
        return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run


@pytest.fixture(scope="session")
def git() -> Callable[..., None]:
    """Run git as an invented person."""
    names = ["-c", "user.name=Robin", "-c", "user.email=robin@example.invalid", "-c", "commit.gpgsign=false"]

    def run(*arguments: str) -> None:
        subprocess.run(["git", *names, *arguments], check=True, capture_output=True)

    return run


@pytest.fixture
def work_tree(tmp_path: Path, git: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty work tree, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git("init", "--quiet", "--initial-branch=main")
    return tmp_path


# Controls, direction changes, a lone surrogate, markup of every format, wide and combining characters.
_HOSTILE = st.sampled_from(
    [
        *(
            "\x1b[31m",
            "\r\n",
            "\x00",
            "\u202e",
            "\u2066",
            "\ud800",
            "\udc80",
            " ",
            "漢",
            "é",
            "e\u0301",
            "👩\u200d💻",
            "א",
        ),
        *("|", "`", "``", "<b>", "&lt;", "{0}", "](0)", "[a](b)", "*", "_", "\\", "\\|", "@who", "#1", "$x$", "www.x"),
    ]
)
_NAMES = st.lists(st.one_of(_HOSTILE, st.text("abz/.-", min_size=1, max_size=6)), min_size=1, max_size=5).map("".join)
_EXPRESSIONS = st.sampled_from(["MIT", "BSD-3-Clause", "MIT OR Apache-2.0", "GPL-3.0-only", "LicenseRef-x"])
_CALIBRATIONS = st.builds(
    CalibrationSummary, source=st.just("default"), reason=st.none() | _NAMES, is_stale=st.booleans()
)
_HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


@st.composite
def _origins(draw: st.DrawFn) -> Origin:
    licenses = tuple(draw(st.lists(_EXPRESSIONS, max_size=2, unique=True)))
    known = st.sampled_from([LicenseSource.RECORDED, LicenseSource.DETECTED])
    return Origin(
        repo=draw(_NAMES),
        path=draw(_NAMES),
        revision=draw(st.none() | _NAMES),
        licenses=licenses,
        license_source=draw(known) if licenses else LicenseSource.NOT_RECORDED,
        origin_url=draw(st.none() | _NAMES),
    )


@st.composite
def _sources(draw: st.DrawFn) -> Source:
    start = draw(st.integers(0, 999))
    line = draw(st.integers(1, 99))
    return Source(
        doc_id=f"swh:1:cnt:{draw(_HEX)[:40]}",
        span=Span(start, start + draw(st.integers(1, 99))),
        start_line=line,
        end_line=line + draw(st.integers(0, 9)),
        origin=draw(_origins()),
    )


@st.composite
def _matches(draw: st.DrawFn, n_characters: int) -> AttributedMatch:
    start = draw(st.integers(0, n_characters - 1))
    kind = draw(st.sampled_from(MatchKind))
    sources = () if kind is MatchKind.POSSIBLE else tuple(draw(st.lists(_sources(), min_size=1, max_size=4)))
    ignored = draw(st.sampled_from([None, "idiom", "own code", "inline ignore", "ignore file", "chance"]))
    line = draw(st.integers(1, 99))
    column = draw(st.integers(1, 99))
    return AttributedMatch(
        match=Match(
            span=Span(start, draw(st.integers(start + 1, n_characters))),
            kind=kind,
            verbatim=draw(st.booleans()) if kind is MatchKind.EXACT else False,
            n_tokens=draw(st.integers(1, 999)),
            sources=sources,
            n_documents=len(sources) + draw(st.integers(0, 300)),
            idiom=ignored == "idiom",
            p_value=draw(st.none() | st.floats(0, 1)),
            q_value=draw(st.none() | st.floats(0, 1)),
            is_chance=ignored == "chance",
            bits=draw(st.none() | st.floats(0, 1e4)),
        ),
        start_line=line,
        end_line=line + draw(st.integers(0, 9)),
        start_column=column,
        end_column=column + draw(st.integers(1, 99)),
        fingerprint=draw(_HEX),
        verdict=Verdict.KEEP if ignored else draw(st.sampled_from(Verdict)),
        reason=draw(_NAMES),
        licenses=tuple(draw(st.lists(_EXPRESSIONS, max_size=2, unique=True))),
        obligations=tuple(draw(st.lists(st.sampled_from(["attribution", "same-license"]), unique=True))),
        ignored=ignored,
    )


@st.composite
def _files(draw: st.DrawFn) -> FileReport:
    n_characters = draw(st.integers(0, 5_000))
    matches = tuple(draw(st.lists(_matches(n_characters), max_size=4))) if n_characters else ()
    return FileReport(
        path=draw(_NAMES | st.just("-")),
        n_characters=n_characters,
        n_matched_characters=draw(st.integers(0, n_characters)) if matches else 0,
        matches=matches,
        verdict=gravest([match.verdict for match in matches]),
    )


@st.composite
def _reports(draw: st.DrawFn) -> Report:
    files = tuple(draw(st.lists(_files(), max_size=3)))
    return Report(
        index=IndexSummary(
            name=draw(_NAMES),
            root=draw(_HEX),
            n_documents=draw(st.integers(0, 10**9)),
            n_files=draw(st.integers(0, 10**9)),
            training_set=draw(st.none() | _NAMES),
            optouts_to=draw(st.none() | st.just("2026-11-20")),
            calibration=draw(st.none() | _CALIBRATIONS),
        ),
        files=files,
        verdict=gravest([file.verdict for file in files]),
        unread=tuple(draw(st.lists(st.builds(Unread, _NAMES, _NAMES), max_size=2))),
        timings={"total_seconds": 0.25},
    )


@pytest.fixture(scope="session")
def reports() -> st.SearchStrategy[Report]:
    """Any report, for ``data.draw``."""
    return _reports()
