"""Records refuse what they cannot mean, and every error on purpose has its exit code."""

import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence import errors, records
from codewhence.records import LicenseSource, Origin, Span, Verdict, gravest

offsets = st.integers(0, 50)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, 0)])
def test_a_span_is_never_empty_or_turned_around(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"0 <= start < end, got \[{start}, {end}\)"):
        Span(start, end)


@given(a=offsets, b=offsets, c=offsets, d=offsets)
def test_a_span_contains_what_lies_within_it(a: int, b: int, c: int, d: int) -> None:
    outer, inner = Span(min(a, b), max(a, b) + 1), Span(min(c, d), max(c, d) + 1)
    points = set(range(inner.start, inner.end))
    assert outer.contains(inner) == points.issubset(range(outer.start, outer.end))
    assert len(inner) == len(points)


@pytest.mark.parametrize(
    ("licenses", "license_source"),
    [((), LicenseSource.RECORDED), ((), LicenseSource.DETECTED), (("MIT",), LicenseSource.NOT_RECORDED)],
)
def test_an_origin_says_how_its_license_is_known_or_has_none(
    licenses: tuple[str, ...], license_source: LicenseSource
) -> None:
    with pytest.raises(ValueError, match="contradict"):
        Origin("maple/syrup", "sap.py", licenses=licenses, license_source=license_source)


@given(verdicts=st.lists(st.sampled_from(list(Verdict))))
def test_the_gravest_verdict_counts(verdicts: list[Verdict]) -> None:
    order = [Verdict.KEEP, Verdict.KEEP_WITH_NOTICE, Verdict.UNKNOWN_LICENSE, Verdict.REWRITE]
    assert gravest(verdicts) is order[max(map(order.index, verdicts), default=0)]


@pytest.mark.parametrize(
    "record", [each for each in vars(records).values() if dataclasses.is_dataclass(each) and isinstance(each, type)]
)
def test_records_are_frozen(record: type) -> None:
    assert vars(record)["__dataclass_params__"].frozen
    assert "__slots__" in vars(record)


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("UsageError", 2),
        ("FormatError", 3),
        ("IndexMissingError", 3),
        ("PartialReadError", 4),
        ("MissingExtraError", 5),
        ("ResourceError", 74),
    ],
)
def test_exit_codes_are_those_that_scripts_rely_on(name: str, exit_code: int) -> None:
    error = getattr(errors, name)
    assert error.exit_code == exit_code
    assert issubclass(error, errors.CodewhenceError)


def test_a_missing_extra_names_the_command_that_installs_it() -> None:
    error = errors.MissingExtraError.for_extra("app", "The page")
    assert str(error) == "The page needs the extra 'app'. Install it with: pip install 'codewhence[app]'"


def test_the_ground_floor_imports_the_standard_library_only() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "import codewhence.digests, codewhence.errors, codewhence.lines, codewhence.records\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before} - {'codewhence'}\n"
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
