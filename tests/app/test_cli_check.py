"""``codewhence check`` and ``notice`` from outside: what is printed, where, and with which exit code."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

SCREEN = """\
generated.py  3 matches, 32 % of 2,197 characters                                             index demo@ROOT…  33 files
  1:1-7:64     exact, 388 chars        gearbox/turn.py:3-9           MIT           keep with notice
  27:68-34:33  reformatted, 45 tokens  maple/kettle/src/boil.py:2-9  GPL-3.0-only  rewrite
  34:33-40:40  exact, 186 chars        in 30 files                   common idiom  ignored
calibration: the shipped default: calibration.json is not there
verdict: rewrite (2 sources, MIT, GPL-3.0-only)   codewhence notice generated.py > THIRD-PARTY-NOTICES
"""
MATCH_KEYS = {
    *("start", "end", "start_line", "end_line", "start_column", "end_column", "kind", "verbatim", "tokens", "p_value"),
    *("q_value", "bits"),
    *("idiom", "n_documents", "fingerprint", "sources", "licenses", "obligations", "ignored", "reason", "verdict"),
}
SOURCE_KEYS = {
    *("repo", "path", "revision", "start_line", "end_line", "license", "license_source", "url", "doc_id"),
}


def write(path: str, *parts: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes("".join(parts).encode("utf-8", "surrogateescape"))


def paths_with_matches(stdout: str) -> dict[str, int]:
    return {file["path"]: len(file["matches"]) for file in json.loads(stdout)["files"]}


def test_the_screen(codewhence: Any, snippets: Any) -> None:
    reindented = snippets.gpl.replace("    ", "\t")
    write("generated.py", snippets.mit, snippets.unseen, reindented, "\n\n", snippets.idiom)
    finished = codewhence("check", "generated.py")
    assert re.sub(r"@[0-9a-f]{4}", "@ROOT", finished.stdout) == SCREEN
    assert (finished.code, finished.stderr) == (0, "")


def test_the_json_report_has_the_pinned_shape(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit)
    report = json.loads(codewhence("check", "a.py", "--json").stdout)
    assert set(report) == {"schema", "index", "files", "unread", "verdict", "timings"}
    assert report["schema"] == "codewhence.report/1"
    assert report["index"] | {"root": ""} == {
        "name": "demo",
        "root": "",
        "n_documents": 33,
        "n_files": 33,
        "training_set": "invented 1",
        "optouts_to": None,
        "removals": None,
        "calibration": {"source": "default", "reason": "calibration.json is not there", "stale": False},
    }
    (file,) = report["files"]
    assert set(file) == {"path", "characters", "matched_characters", "matches", "verdict"}
    (match,) = file["matches"]
    assert set(match) == MATCH_KEYS
    (source,) = match["sources"]
    assert set(source) == SOURCE_KEYS
    assert (source["repo"], source["path"], source["license"]) == ("Gearbox", "gearbox/turn.py", "MIT")
    assert report["verdict"] == file["verdict"] == match["verdict"] == "keep with notice"


def test_two_runs_differ_in_their_timings_alone(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit, snippets.gpl)
    first, second = (json.loads(codewhence("check", "a.py", "--json").stdout) for _ in range(2))
    assert first.pop("timings").keys() == second.pop("timings").keys()
    assert first == second


@pytest.mark.parametrize("arguments", [["--format", "json"], ["--json", "--format", "json"]])
def test_json_is_short_for_format_json(codewhence: Any, snippets: Any, arguments: list[str]) -> None:
    write("a.py", snippets.mit)
    assert paths_with_matches(codewhence("check", "a.py", *arguments).stdout) == {"a.py": 1}


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "markdown"])
def test_a_file_gets_what_a_pipe_gets(codewhence: Any, snippets: Any, format_: str) -> None:
    write("a.py", snippets.mit)
    printed = codewhence("check", "a.py", "--format", format_)
    written = codewhence("check", "a.py", "--format", format_, "--output", "report")
    assert (written.code, written.stdout, written.stderr) == (0, "", "")
    timeless = re.compile(r'"\w+_seconds": [\d.e-]+')
    assert timeless.sub("", Path("report").read_text()) == timeless.sub("", printed.stdout)
    assert {path.name for path in Path().iterdir()} == {"a.py", "report"}


def test_standard_input_is_bytes(codewhence: Any, snippets: Any) -> None:
    text = f"# шестерня\r\n{snippets.mit}"
    report = json.loads(codewhence("check", "-", "--json", stdin=text.encode("utf-16")).stdout)
    (file,) = report["files"]
    match = file["matches"][0]
    assert file["path"] == "-"
    assert text[match["start"] : match["end"]] == text[match["start"] :]
    assert text[match["start"] :].strip() == snippets.mit.strip()


@pytest.mark.parametrize(
    ("held", "level", "code"),
    [
        pytest.param("unseen", "any", 0, id="nothing found"),
        pytest.param("mit", None, 0, id="no level never fails"),
        pytest.param("gpl", None, 0, id="no level never fails, copyleft"),
        pytest.param("mit", "exact", 1, id="a copy is exact whatever its license"),
        pytest.param("mit", "copyleft", 0, id="permissive is under copyleft"),
        pytest.param("mit", "unknown", 0, id="permissive is under unknown"),
        pytest.param("mit", "any", 1, id="permissive is a match"),
        pytest.param("gpl", "copyleft", 1, id="copyleft"),
        pytest.param("gpl", "unknown", 1, id="copyleft is over unknown"),
        pytest.param("unlicensed", "copyleft", 0, id="unknown is under copyleft"),
        pytest.param("unlicensed", "unknown", 1, id="unknown"),
        pytest.param("idiom", "any", 0, id="an idiom does not count"),
    ],
)
def test_the_level_decides_between_0_and_1(
    codewhence: Any, snippets: Any, held: str, level: str | None, code: int
) -> None:
    write("a.py", getattr(snippets, held))
    finished = codewhence("check", "a.py", *(["--fail-on", level] if level else []))
    assert (finished.code, finished.stderr) == (code, "")
    assert finished.stdout


def test_the_level_can_come_from_the_environment(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.gpl)
    assert codewhence("check", "a.py", CODEWHENCE_FAIL_ON="copyleft").code == 1


def test_a_file_that_cannot_be_read_leaves_the_rest_reported(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit)
    write("b.py", "\0" * 20)
    finished = codewhence("check", "a.py", "b.py", "--json")
    assert finished.code == 4
    assert finished.stderr.startswith("error: 1 of 2 files could not be read; the rest is reported. First: b.py: ")
    assert paths_with_matches(finished.stdout) == {"a.py": 1}
    assert json.loads(finished.stdout)["unread"][0]["path"] == "b.py"


def test_findings_beat_unread_files(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit)
    write("b.py", "\0" * 20)
    assert codewhence("check", "a.py", "b.py", "--fail-on", "any").code == 1
    assert codewhence("check", "a.py", "b.py", "--fail-on", "copyleft").code == 4


@pytest.mark.parametrize("content", ["", " \n\t \r\n"], ids=["empty", "white space alone"])
def test_a_file_without_words_has_no_matches(codewhence: Any, content: str) -> None:
    write("a.py", content)
    finished = codewhence("check", "a.py", "--json", "--fail-on", "any")
    assert (finished.code, finished.stderr) == (0, "")
    assert paths_with_matches(finished.stdout) == {"a.py": 0}


def test_a_diff_reports_matches_on_added_lines_alone(codewhence: Any, git: Any, snippets: Any) -> None:
    git("init", "--quiet")
    write("a.py", snippets.mit, snippets.unseen)
    write("b.py", snippets.gpl)
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    write("a.py", snippets.mit, snippets.unseen, snippets.gpl)
    report = json.loads(codewhence("check", "--diff", "HEAD", "--json").stdout)
    assert paths_with_matches(json.dumps(report)) == {"a.py": 1}
    assert report["files"][0]["matches"][0]["licenses"] == ["GPL-3.0-only"]
    assert codewhence("check", "b.py", "--diff", "HEAD", "--json").code == 0


def test_staged_text_is_checked_not_the_work_tree(codewhence: Any, git: Any, snippets: Any) -> None:
    git("init", "--quiet")
    write("a.py", snippets.gpl)
    git("add", ".")
    write("a.py", snippets.unseen)
    assert paths_with_matches(codewhence("check", "--staged", "--json").stdout) == {"a.py": 1}
    assert paths_with_matches(codewhence("check", "a.py", "--json").stdout) == {"a.py": 0}


def test_nothing_staged_is_clean(codewhence: Any, git: Any) -> None:
    git("init", "--quiet")
    finished = codewhence("check", "--staged", "--fail-on", "any")
    assert (finished.code, finished.stderr) == (0, "")
    assert "there was nothing to check" in finished.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(".codewhenceignore", "sub/\n", id="a path in the ignore file"),
        pytest.param("pyproject.toml", '[tool.codewhence]\nown_repos = ["maple/*"]\n', id="own code"),
        pytest.param(
            "pyproject.toml",
            '[tool.codewhence.policy]\nown_repos = ["maple/kettle"]\n',
            id="own code of a policy table",
        ),
        pytest.param("sub/.codewhenceignore", "/a.py\n", id="an ignore file below is not asked"),
    ],
)
def test_what_is_ignored_is_shown_and_does_not_count(codewhence: Any, snippets: Any, name: str, text: str) -> None:
    write("sub/a.py", snippets.gpl)
    write(name, text)
    finished = codewhence("check", "sub/a.py", "--fail-on", "any")
    assert "GPL-3.0-only" in finished.stdout
    is_asked = name != "sub/.codewhenceignore"
    assert ("ignored: " in finished.stdout) == is_asked
    assert finished.code == (0 if is_asked else 1)


def test_a_copy_under_other_names_is_shown_judged_and_noticed(codewhence: Any, snippets: Any) -> None:
    other = snippets.mit
    names = {"gear": "cog", "n_teeth": "count", "direction": "side", "step": "by", "position": "spot"}
    for name, new in names.items():
        other = re.sub(rf"\b(?<!\.){name}\b", new, other)
    write("a.py", other.replace("    # A gear that slips is turned back by one tooth.\n", "").replace("    ", "\t"))
    (match,) = json.loads(codewhence("check", "a.py", "--json").stdout)["files"][0]["matches"]
    assert (match["kind"], match["verbatim"], match["licenses"]) == ("renamed", False, ["MIT"])
    assert 0 <= match["p_value"] <= 1
    assert (match["sources"][0]["start_line"], match["sources"][0]["end_line"]) == (3, 9)
    row = codewhence("check", "a.py").stdout.splitlines()[1]
    assert re.search(r"renamed, \d+ tokens.*gearbox/turn\.py:3-9  MIT  keep with notice$", row)
    assert "Copyright (c) Gearbox authors" in codewhence("notice", "a.py").stdout
    log = json.loads(codewhence("check", "a.py", "--format", "sarif").stdout)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["renamed-match"]


def test_a_fingerprint_of_the_report_silences_its_match(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.gpl, snippets.unseen, snippets.mit)
    matches = json.loads(codewhence("check", "a.py", "--json").stdout)["files"][0]["matches"]
    copyleft = next(match for match in matches if match["verdict"] == "rewrite")
    write(".codewhenceignore", f"fingerprint:{copyleft['fingerprint']}\n")
    assert codewhence("check", "a.py", "--fail-on", "copyleft").code == 0
    assert codewhence("check", "a.py", "--fail-on", "any").code == 1


def test_a_policy_file_turns_the_verdict(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit)
    write("policy.toml", '[licenses]\ndeny = ["MIT"]\n')
    assert codewhence("check", "a.py", "--policy", "policy.toml", "--fail-on", "copyleft").code == 1


def test_a_name_that_is_no_text_passes_through_every_format(codewhence: Any, snippets: Any) -> None:
    name = os.fsdecode(b"\xff\x1b[2J.py")
    write(name, snippets.mit)
    assert paths_with_matches(codewhence("check", ".", "--json").stdout) == {name: 1}
    assert codewhence("check", name).stdout.startswith("\\udcff\\x1b[2J.py  1 match")
    assert '"uri": "%FF%1B%5B2J.py"' in codewhence("check", name, "--format", "sarif").stdout
    assert "&#92;udcff&#92;x1b&#91;2J.py" in codewhence("check", name, "--format", "markdown").stdout


def test_a_terminal_without_the_characters_gets_escapes(codewhence: Any, snippets: Any) -> None:
    write("ö.py", snippets.mit)
    finished = codewhence("check", "ö.py", PYTHONIOENCODING="ascii")
    assert finished.stdout.startswith("\\xf6.py  1 match")
    assert (finished.code, finished.stderr) == (0, "")


def test_notices_name_project_license_and_authors(codewhence: Any, snippets: Any) -> None:
    write("a.py", snippets.mit)
    finished = codewhence("notice", "a.py")
    assert (finished.code, finished.stderr) == (0, "")
    for expected in ("THIRD-PARTY NOTICES", "Gearbox", "MIT", "Copyright (c) Gearbox authors"):
        assert expected in finished.stdout
    value = json.loads(codewhence("notice", "a.py", "--json").stdout)
    assert value["schema"] == "codewhence.notice/1"
    assert value["text"] == finished.stdout
    codewhence("notice", "a.py", "--output", "NOTICES")
    assert Path("NOTICES").read_text() == finished.stdout
