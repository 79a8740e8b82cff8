"""From matches to an attributed report: verdicts over all sources, reasons, what does not count, speed."""

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.governance.attribution import FailOn, attribute, counts, fingerprint, is_finding, make_report
from codewhence.governance.ignores import Ignores
from codewhence.governance.licenses.policy import DEFAULT_POLICY, Policy, parse_policy
from codewhence.governance.own_code import OwnCode
from codewhence.records import (
    AttributedMatch,
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

TEXT = "def tap(tree):\n    return tree.sap\n\n\ndef boil(sap):\n    return sap.syrup()\n"
STRICT = parse_policy('licenses.deny = ["unknown"]', name="strict")
NUMBERS = itertools.count()


def source(
    *licenses: str,
    repo: str | None = None,
    detected: bool = False,
    stars: int | None = None,
    path: str = "sap.py",
    forked_from: str | None = None,
) -> Source:
    how = LicenseSource.DETECTED if detected else LicenseSource.RECORDED
    number = next(NUMBERS)
    origin = Origin(
        repo or f"owner{number:06}/trees",
        path,
        licenses=licenses,
        license_source=how if licenses else LicenseSource.NOT_RECORDED,
        stars=stars,
        forked_from=forked_from,
    )
    return Source(f"swh:1:cnt:{number:040x}", Span(0, 34), 1, 2, origin)


def match(
    *sources: Source,
    start: int = 0,
    end: int = 34,
    kind: MatchKind = MatchKind.EXACT,
    idiom: bool = False,
    n_documents: int = 1,
) -> Match:
    return Match(Span(start, end), kind, True, 9, sources, n_documents, idiom)


def attributed(
    *sources: Source, policy: Policy = DEFAULT_POLICY, idiom: bool = False, n_documents: int = 1
) -> AttributedMatch:
    item = match(*sources, idiom=idiom, n_documents=n_documents)
    return attribute(TEXT, [item], path="a.py", policy=policy).matches[0]


def repos(item: AttributedMatch) -> list[str]:
    return [place.origin.repo for place in item.match.sources]


some_licenses = st.sampled_from(
    [(), ("MIT",), ("CC0-1.0",), ("GPL-3.0-only",), ("MPL-2.0",), ("LicenseRef-a",), ("MIT", "GPL-2.0-only"), ("x y",)]
)
some_sources = st.lists(
    st.builds(
        lambda licenses, stars, name: source(*licenses, stars=stars, repo=f"{name}/r"),
        some_licenses,
        st.none() | st.integers(0, 3),
        st.sampled_from("abc"),
    ),
    max_size=6,
)


class TestVerdictOverAllSources:
    @given(sources=some_sources, policy=st.sampled_from([DEFAULT_POLICY, STRICT]))
    def test_the_first_source_decides_alone(self, sources: list[Source], policy: Policy) -> None:
        whole = attributed(*sources, policy=policy)
        if not sources:
            assert whole.verdict is Verdict.UNKNOWN_LICENSE
            return
        alone = attributed(whole.match.sources[0], policy=policy)
        assert (whole.verdict, whole.obligations) == (alone.verdict, alone.obligations)
        assert whole.licenses[:1] == alone.licenses or not alone.licenses

    @given(sources=some_sources, data=st.data())
    def test_the_order_in_which_sources_are_given_does_not_matter(
        self, sources: list[Source], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(sources))
        assert attributed(*shuffled) == attributed(*sources)

    @given(sources=some_sources)
    def test_a_permissive_original_counts_and_nothing_else_does(self, sources: list[Source]) -> None:
        permissive = {("MIT",), ("CC0-1.0",)}
        is_kept = attributed(*sources).verdict in (Verdict.KEEP, Verdict.KEEP_WITH_NOTICE)
        assert is_kept == any(item.origin.licenses in permissive for item in sources)

    @given(sources=some_sources)
    def test_sources_are_ordered_and_none_is_lost(self, sources: list[Source]) -> None:
        assert sorted(attributed(*sources).match.sources, key=id) == sorted(sources, key=id)

    @pytest.mark.parametrize(
        ("sources", "verdict", "licenses", "obligations"),
        [
            pytest.param(
                [("GPL-3.0-only",), ("MIT",)],
                Verdict.KEEP_WITH_NOTICE,
                ("MIT", "GPL-3.0-only"),
                ("attribution", "license-text"),
                id="permissive and copyleft",
            ),
            pytest.param([()], Verdict.UNKNOWN_LICENSE, (), (), id="not recorded"),
            pytest.param([(), (), ()], Verdict.UNKNOWN_LICENSE, (), (), id="starcoderdata"),
            pytest.param(
                [(), ("MIT",)], Verdict.KEEP_WITH_NOTICE, ("MIT",), ("attribution", "license-text"), id="one recorded"
            ),
            pytest.param([("CC0-1.0",)], Verdict.KEEP, ("CC0-1.0",), (), id="public domain"),
            pytest.param(
                [("MIT",), ("CC0-1.0",)], Verdict.KEEP, ("CC0-1.0", "MIT"), (), id="the one that asks for least"
            ),
            pytest.param(
                [("MIT OR GPL-2.0",)],
                Verdict.KEEP_WITH_NOTICE,
                ("MIT OR GPL-2.0-only",),
                ("attribution", "license-text"),
                id="dual license",
            ),
            pytest.param(
                [("MIT", "Apache-2.0")],
                Verdict.KEEP_WITH_NOTICE,
                ("MIT AND Apache-2.0",),
                ("attribution", "license-text", "notice-file", "state-changes", "patent-termination"),
                id="both apply",
            ),
            pytest.param(
                [("GPL-2.0-only",)],
                Verdict.REWRITE,
                ("GPL-2.0-only",),
                ("attribution", "license-text", "state-changes", "source-disclosure", "same-license"),
                id="copyleft alone",
            ),
            pytest.param(
                [("GPL-2.0-only WITH Classpath-exception-2.0",)],
                Verdict.REWRITE,
                ("GPL-2.0-only WITH Classpath-exception-2.0",),
                ("attribution", "license-text", "state-changes", "source-disclosure", "same-license"),
                id="linking exception",
            ),
            pytest.param(
                [("MPL-2.0",)],
                Verdict.REWRITE,
                ("MPL-2.0",),
                ("attribution", "license-text", "patent-termination", "source-disclosure", "same-license"),
                id="to be reviewed",
            ),
            pytest.param([("LicenseRef-x",)], Verdict.UNKNOWN_LICENSE, ("LicenseRef-x",), (), id="reference"),
            pytest.param([("GNU LGPL",)], Verdict.UNKNOWN_LICENSE, ("GNU LGPL",), (), id="nonsense"),
            pytest.param([("MIT", "x y")], Verdict.UNKNOWN_LICENSE, ("MIT AND x y",), (), id="nonsense applies too"),
            pytest.param(
                [(), ("GPL-2.0-only",)],
                Verdict.REWRITE,
                ("GPL-2.0-only",),
                ("attribution", "license-text", "state-changes", "source-disclosure", "same-license"),
                id="denied and unknown",
            ),
            pytest.param(
                [(), ("MPL-2.0",)],
                Verdict.REWRITE,
                ("MPL-2.0",),
                ("attribution", "license-text", "patent-termination", "source-disclosure", "same-license"),
                id="review and unknown",
            ),
            pytest.param(
                [("MIT",)] * 3, Verdict.KEEP_WITH_NOTICE, ("MIT",), ("attribution", "license-text"), id="three"
            ),
            pytest.param([], Verdict.UNKNOWN_LICENSE, (), (), id="no source"),
        ],
    )
    def test_verdict(
        self, sources: list[tuple[str, ...]], verdict: Verdict, licenses: tuple[str, ...], obligations: tuple[str, ...]
    ) -> None:
        item = attributed(*(source(*each) for each in sources))
        assert (item.verdict, item.licenses, item.obligations) == (verdict, licenses, obligations)
        assert all(type(each) is str for each in item.obligations)

    def test_a_policy_that_denies_unknown_licenses_asks_to_rewrite(self) -> None:
        item = attributed(source(), policy=STRICT)
        assert item.verdict is Verdict.REWRITE
        assert item.reason == "No license is recorded and the policy denies unknown licenses, in the only place found."

    def test_accepting_a_license_after_review_turns_the_verdict(self) -> None:
        accepted = parse_policy('licenses.allow = ["MPL-2.0"]', name="ours")
        assert attributed(source("MPL-2.0"), policy=accepted).verdict is Verdict.KEEP_WITH_NOTICE

    def test_sources_stand_in_the_order_of_what_they_offer(self) -> None:
        given_sources = [
            source(repo="h/unrecorded", stars=9_000),
            source("LicenseRef-x", repo="g/unknown"),
            source("GPL-3.0-only", repo="f/denied"),
            source("MPL-2.0", repo="e/review"),
            source("Apache-2.0", repo="d/asks-more", stars=9_000),
            source("MIT", repo="c/detected", detected=True, stars=9_000),
            source("MIT", repo="b/a-few-stars", stars=1),
            source("MIT", repo="b/many-stars", stars=10),
            source("MIT", repo="a/no-stars", path="b.py"),
            source("MIT", repo="a/no-stars", path="a.py"),
            source("CC0-1.0", repo="z/asks-nothing"),
        ]
        item = attributed(*given_sources)
        assert repos(item) == [
            "z/asks-nothing",
            "b/many-stars",
            "b/a-few-stars",
            "a/no-stars",
            "a/no-stars",
            "c/detected",
            "d/asks-more",
            "e/review",
            "f/denied",
            "g/unknown",
            "h/unrecorded",
        ]
        assert [place.origin.path for place in item.match.sources[3:5]] == ["a.py", "b.py"]
        assert item.licenses == ("CC0-1.0", "MIT", "Apache-2.0", "MPL-2.0", "GPL-3.0-only", "LicenseRef-x")


class TestReason:
    @pytest.mark.parametrize(
        ("sources", "reason"),
        [
            pytest.param([source("MIT")], "MIT allows keeping it with a notice, in the only place found.", id="one"),
            pytest.param(
                [source("CC0-1.0")],
                "CC0-1.0 allows keeping it and asks for nothing, in the only place found.",
                id="free",
            ),
            pytest.param(
                [source("MIT"), source("GPL-3.0-only"), source("GPL-3.0-only"), source()],
                "MIT allows keeping it with a notice, in 1 of 4 places; it also stands under GPL-3.0-only in 2 places "
                "and without a recorded license in 1 place, so check that the allowed copy is the original.",
                id="conflict",
            ),
            pytest.param(
                [source("MIT"), source("ISC")],
                "MIT allows keeping it with a notice, in 1 of 2 places; it also stands under ISC in 1 place.",
                id="two permissive licenses are no conflict",
            ),
            pytest.param(
                [source("MIT OR GPL-2.0-only", detected=True)],
                "MIT (chosen from MIT OR GPL-2.0-only), as detected, allows keeping it with a notice, in the only "
                "place found.",
                id="dual, detected",
            ),
            pytest.param(
                [source("MPL-2.0"), source("MPL-2.0")],
                "Needs review: under MPL-2.0, in all 2 places, it may be kept only once a person accepts that license.",
                id="review",
            ),
            pytest.param(
                [source("MIT", "GPL-2.0-only"), source()],
                "The policy denies GPL-2.0-only, in 1 of 2 places, and no place offers an allowed license; it also "
                "stands without a recorded license in 1 place.",
                id="denied",
            ),
            pytest.param([source(), source()], "No license is recorded, in all 2 places.", id="not recorded"),
            pytest.param(
                [source("see LICENSE")],
                "The license table does not know 'see LICENSE', in the only place found.",
                id="unknown",
            ),
            pytest.param(
                [source(name) for name in ("MIT", "ISC", "GPL-3.0-only", "MPL-2.0", "x y", "AGPL-3.0-only")],
                "MIT allows keeping it with a notice, in 1 of 6 places; it also stands under ISC in 1 place, under "
                "MPL-2.0 in 1 place, under GPL-3.0-only in 1 place and under 2 more licenses, so check that the "
                "allowed copy is the original.",
                id="many",
            ),
            pytest.param(
                [],
                "The text is known to the membership filter, but no file was found, so its license is not known.",
                id="membership alone",
            ),
        ],
    )
    def test_reason(self, sources: list[Source], reason: str) -> None:
        assert attributed(*sources).reason == reason

    @given(sources=some_sources)
    def test_a_reason_is_one_sentence_on_one_line(self, sources: list[Source]) -> None:
        reason = attributed(*sources).reason
        assert reason.endswith(".")
        assert reason[0].isupper()
        assert reason.isprintable()


class TestWhatDoesNotCount:
    def check(self, item: AttributedMatch, ignored: str) -> None:
        assert item.ignored == ignored
        assert not counts(item)
        assert item.verdict is Verdict.KEEP
        assert item.obligations == ()
        assert item.licenses == ("GPL-3.0-only",)
        assert item.reason.startswith("Does not count: ")

    def test_idioms(self) -> None:
        item = attributed(source("GPL-3.0-only"), idiom=True, n_documents=2_140)
        self.check(item, "idiom")
        assert "in 2,140 files" in item.reason

    @pytest.mark.parametrize(
        ("policy_text", "place"),
        [
            ('own_repos = ["maple/*"]', source("GPL-3.0-only", repo="Maple/syrup")),
            ('own_repos = ["maple/syrup"]', source("GPL-3.0-only", repo="birch/syrup", forked_from="maple/syrup")),
            ('upstreams = ["oak/acorn"]', source("GPL-3.0-only", repo="oak/acorn")),
        ],
        ids=["own", "fork", "upstream"],
    )
    def test_own_code_of_the_policy(self, policy_text: str, place: Source) -> None:
        policy = parse_policy(policy_text, name="ours")
        self.check(attributed(place, policy=policy), "own code")
        self.check(attributed(source("GPL-3.0-only"), place, policy=policy), "own code")

    def test_own_code_given_apart_replaces_that_of_the_policy(self) -> None:
        policy = parse_policy('own_repos = ["maple/*"]', name="ours")
        ours = [match(source("GPL-3.0-only", repo="maple/syrup"))]
        other = attribute(TEXT, ours, path="a.py", policy=policy, own=OwnCode(repos=("oak/*",)))
        assert other.verdict is Verdict.REWRITE

    @pytest.mark.parametrize(
        ("text", "is_ignored"),
        [
            ("# codewhence: ignore\nMATCH\n", True),
            ("MATCH  # codewhence: ignore\n", True),
            ("x\r# codewhence: ignore\rMATCH\r", True),
            ("# codewhence: ignore\n\nMATCH\n", False),
            ("MATCH\n# codewhence: ignore\n", False),
        ],
    )
    def test_inline_marks(self, text: str, is_ignored: bool) -> None:
        start = text.index("MATCH")
        item = attribute(
            text, [match(source("GPL-3.0-only"), start=start, end=start + 5)], path="a.py", policy=DEFAULT_POLICY
        ).matches[0]
        if is_ignored:
            self.check(item, "inline ignore")
        assert counts(item) is not is_ignored

    def test_the_ignore_file_by_path_and_by_fingerprint(self) -> None:
        matches = [match(source("GPL-3.0-only"))]
        by_path = Ignores(path_patterns=("*.py",))
        by_fingerprint = Ignores(fingerprints=frozenset({fingerprint(TEXT[:34])}))
        for ignores in (by_path, by_fingerprint):
            report = attribute(TEXT, matches, path="a.py", policy=DEFAULT_POLICY, ignores=ignores)
            self.check(report.matches[0], "ignore file")
            assert (report.verdict, report.n_matched_characters) == (Verdict.KEEP, 0)
        assert counts(attribute(TEXT, matches, path="-", policy=DEFAULT_POLICY, ignores=by_path).matches[0])


class TestFileReport:
    @given(
        bounds=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=8),
        idioms=st.lists(st.booleans(), min_size=8, max_size=8),
    )
    def test_characters_under_matches_are_counted_once(self, bounds: list[tuple[int, int]], idioms: list[bool]) -> None:
        text = "x" * 60
        matches = [
            match(source("MIT"), start=start, end=start + length, idiom=idiom)
            for (start, length), idiom in zip(bounds, idioms, strict=False)
        ]
        report = attribute(text, matches, path="a.py", policy=DEFAULT_POLICY)
        counted = [item.match.span for item in report.matches if counts(item)]
        covered = {offset for span in counted for offset in range(span.start, span.end)}
        assert not any(item.match.idiom for item in report.matches if counts(item))
        assert report.n_matched_characters == len(covered)
        assert report.n_characters == 60
        assert report.verdict is gravest([item.verdict for item in report.matches if counts(item)])

    @given(data=st.data(), spans=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=6))
    def test_matches_are_ordered_by_start_then_longest_first(
        self, data: st.DataObject, spans: list[tuple[int, int]]
    ) -> None:
        matches = [match(source("MIT"), start=start, end=start + length) for start, length in spans]
        report = attribute("y" * 20, matches, path="a.py", policy=DEFAULT_POLICY)
        keys = [(item.match.span.start, -len(item.match.span)) for item in report.matches]
        assert keys == sorted(keys)
        assert len(keys) == len(spans)
        shuffled = data.draw(st.permutations(matches))
        assert attribute("y" * 20, shuffled, path="a.py", policy=DEFAULT_POLICY) == report

    @given(
        text=st.text(alphabet="ab \t\r\n😀א\u2028", min_size=1, max_size=40),
        data=st.data(),
    )
    def test_lines_and_columns_lead_back_to_the_matched_text(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        item = attribute(text, [match(source("MIT"), start=start, end=end)], path="-", policy=DEFAULT_POLICY).matches[0]
        starts = [0]
        for offset, character in enumerate(text):
            if character == "\n" or (character == "\r" and text[offset + 1 : offset + 2] != "\n"):
                starts.append(offset + 1)
        first = starts[item.start_line - 1] + item.start_column - 1
        past_last = starts[item.end_line - 1] + item.end_column - 1
        assert text[first:past_last] == text[start:end]
        assert item.end_line >= item.start_line

    def test_the_gravest_verdict_is_that_of_the_file_and_of_the_report(self) -> None:
        kept = attribute(TEXT, [match(source("MIT"))], path="kept.py", policy=DEFAULT_POLICY)
        both = attribute(
            TEXT,
            [match(source("MIT")), match(source("GPL-3.0-only"), start=37, end=60)],
            path="b.py",
            policy=DEFAULT_POLICY,
        )
        assert (kept.verdict, both.verdict) == (Verdict.KEEP_WITH_NOTICE, Verdict.REWRITE)
        unread = Unread("gone.py", "it went away while being read")
        report = make_report(INDEX, [kept, both], unread=[unread], timings={"match": 0.1})
        assert report == Report(INDEX, (kept, both), Verdict.REWRITE, (unread,), {"match": 0.1})

    def test_nothing_found_is_kept(self) -> None:
        report = attribute("", [], path="-", policy=DEFAULT_POLICY)
        assert report == FileReport("-", 0, 0, (), Verdict.KEEP)
        assert make_report(INDEX, []).verdict is Verdict.KEEP

    def test_a_match_beyond_the_text_is_a_mistake_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match=r"end=61\) of a match ends after its text of 60 characters"):
            attribute("x" * 60, [match(source("MIT"), end=61)], path="-", policy=DEFAULT_POLICY)

    def test_lone_surrogates_in_the_text_do_no_harm(self) -> None:
        item = attribute("\ud800" * 40, [match(source("MIT"))], path="-", policy=DEFAULT_POLICY).matches[0]
        assert len(item.fingerprint) == 64


class TestKinds:
    @pytest.mark.parametrize("licenses", [("MIT",), ("GPL-3.0-only",), ("MPL-2.0",), ()])
    def test_a_copy_under_other_names_has_the_duties_of_an_exact_one(self, licenses: tuple[str, ...]) -> None:
        place = source(*licenses)
        exact, renamed = (
            attribute(TEXT, [match(place, kind=kind)], path="a.py", policy=DEFAULT_POLICY).matches[0]
            for kind in (MatchKind.EXACT, MatchKind.RENAMED)
        )
        assert (renamed.verdict, renamed.obligations, renamed.reason) == (
            exact.verdict,
            exact.obligations,
            exact.reason,
        )

    def test_what_chance_explains_stays_in_the_report_and_asks_for_nothing(self) -> None:
        item = replace(match(source("GPL-3.0-only")), is_chance=True)
        report = attribute(TEXT, [item], path="a.py", policy=DEFAULT_POLICY)
        (found,) = report.matches
        assert (found.ignored, found.verdict, found.obligations) == ("chance", Verdict.KEEP, ())
        assert "agrees by chance" in found.reason
        assert (report.verdict, report.n_matched_characters) == (Verdict.KEEP, 0)

    def test_an_idiom_is_called_an_idiom_first(self) -> None:
        item = replace(match(source("MIT"), idiom=True), is_chance=True)
        assert attribute(TEXT, [item], path="a.py", policy=DEFAULT_POLICY).matches[0].ignored == "idiom"


INDEX = IndexSummary("demo", "ab" * 32, 3, 4)


class TestFindings:
    LEVELS = (FailOn.EXACT, FailOn.COPYLEFT, FailOn.UNKNOWN, FailOn.ANY)

    @pytest.mark.parametrize(
        ("item", "findings"),
        [
            pytest.param(match(source("MIT")), (True, False, False, True), id="exact, allowed"),
            pytest.param(
                match(source("MIT"), kind=MatchKind.RENAMED), (False, False, False, True), id="renamed, allowed"
            ),
            pytest.param(
                match(source("GPL-2.0-only"), kind=MatchKind.RENAMED), (False, True, True, True), id="renamed, denied"
            ),
            pytest.param(match(source("MPL-2.0")), (True, True, True, True), id="exact, to be reviewed"),
            pytest.param(match(source(), kind=MatchKind.RENAMED), (False, False, True, True), id="renamed, unknown"),
            pytest.param(match(kind=MatchKind.POSSIBLE), (False, False, True, True), id="possible"),
            pytest.param(match(source("GPL-2.0-only"), idiom=True), (False, False, False, False), id="does not count"),
            pytest.param(
                replace(match(source("GPL-2.0-only")), is_chance=True), (False, False, False, False), id="chance"
            ),
        ],
    )
    def test_findings_by_level(self, item: Match, findings: tuple[bool, ...]) -> None:
        report = make_report(INDEX, [attribute(TEXT, [item], path="a.py", policy=DEFAULT_POLICY)])
        assert tuple(is_finding(report, level) for level in self.LEVELS) == findings

    def test_a_report_without_matches_has_no_findings(self) -> None:
        report = make_report(INDEX, [attribute(TEXT, [], path="a.py", policy=DEFAULT_POLICY)])
        assert not any(is_finding(report, level) for level in self.LEVELS)


class TestFingerprint:
    @given(words=st.lists(st.text(alphabet="abc(){}=+", min_size=1, max_size=5), min_size=1), data=st.data())
    def test_layout_leaves_it_as_it_is(self, words: list[str], data: st.DataObject) -> None:
        blanks = data.draw(st.lists(st.text(" \t\r\n\u00a0", max_size=3), min_size=len(words), max_size=len(words)))
        assert fingerprint("".join(a + b for a, b in zip(words, blanks, strict=True))) == fingerprint("".join(words))

    def test_another_text_has_another_one(self) -> None:
        assert fingerprint("a = b") != fingerprint("a = c")

    def test_equal_texts_in_one_file_share_it_wherever_they_stand(self) -> None:
        text = "tap(tree)\n\n\ttap( tree )\n"
        spans = [(0, 9), (12, 23)]
        matches = [match(source("MIT"), start=start, end=end) for start, end in spans]
        report = attribute(text, matches, path="a.py", policy=DEFAULT_POLICY)
        assert len({item.fingerprint for item in report.matches}) == 1

    def test_it_is_a_promise_to_ignore_files(self) -> None:
        assert fingerprint("if a:\n\tb()") == "1ef38a931956b35ccfb886b645f3b9295e005f0b31dc7d09a48a7c454d599b58"


class TestSpeed:
    def test_a_typical_report_takes_less_than_a_third_of_a_millisecond_once_warm(self) -> None:
        matches = [
            match(source("MIT"), source("GPL-3.0-only"), source(), start=index * 10, end=index * 10 + 9)
            for index in range(5)
        ]
        best = min(_timed(TEXT, matches) for _ in range(200))
        assert best < 0.000_3

    def test_three_thousand_sources_take_less_than_50_milliseconds(self) -> None:
        licenses = [("MIT",), ("GPL-3.0-only",), (), ("Apache-2.0",), ("MIT", "BSD-3-Clause")]
        many = [source(*licenses[index % 5], stars=index % 7) for index in range(3_000)]
        best = min(_timed(TEXT, [match(*many)]) for _ in range(5))
        assert best < 0.050

    def test_thousands_of_matches_in_one_line_of_50_megabytes_take_no_two_seconds(self) -> None:
        place = source("MIT")
        matches = [match(place, start=start, end=start + 900) for start in range(0, 49_000_000, 10_000)]
        assert _timed("x" * 50_000_000, matches) < 2


def _timed(text: str, matches: list[Match]) -> float:
    started = time.perf_counter()
    attribute(text, matches, path="a.py", policy=DEFAULT_POLICY)
    return time.perf_counter() - started
