"""``codewhence portrait`` from outside: export, verify and query; and what a changed index does to its portrait."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

INDENTED = str.maketrans({"\n": "\n        "})


@pytest.fixture
def demo(codewhence: Any, index_path: Path) -> str:
    """A copy of the index in the working directory of ``codewhence``."""
    shutil.copytree(index_path, "demo")
    return "demo"


@pytest.fixture
def portrait(codewhence: Any, demo: str) -> str:
    made = codewhence("portrait", "export", "--index", demo, "--output", "a.portrait", "--version", "first")
    assert (made.code, made.stderr) == (0, "")
    return "a.portrait"


def change_day(name: str, key: str, value: str) -> None:
    """Change a day in an export and give it the digest that goes with it."""
    from codewhence.digests import canonical_json, sha256_hex

    line, _, body = Path(name).read_bytes().partition(b"\n")
    header = json.loads(line) | {key: value}
    del header["sha256"]
    sealed = canonical_json({**header, "sha256": sha256_hex(canonical_json(header) + body)})
    Path(name).write_bytes(sealed + body)


def test_an_export_finds_a_re_indented_copy_without_an_index(codewhence: Any, portrait: str, snippets: Any) -> None:
    shutil.rmtree("demo")
    text = f"{snippets.unseen}\n        {snippets.gpl.translate(INDENTED)}"
    Path("mine.py").write_text(text)
    asked = codewhence("portrait", "query", portrait, "mine.py", "--json")
    assert (asked.code, asked.stderr) == (0, "")
    answered = json.loads(asked.stdout)
    assert answered["schema"] == "codewhence.membership/1"
    assert answered["portrait"]["version"] == "first"
    (file,) = answered["files"]
    (passage,) = file["passages"]
    assert passage["start"] > len(snippets.unseen)
    assert passage["end"] <= len(text)
    assert passage["n_tiles"] >= 5
    assert passage["error"] < file["error"] < 0.01
    assert file["note"] is None
    shown = codewhence("portrait", "query", portrait, stdin=text.encode())
    assert shown.code == 0
    first, row, last = shown.stdout.splitlines()
    assert first == "-: 1 passage"
    assert row.startswith(f"  lines {passage['start_line']}-{passage['end_line']}")
    assert last.startswith("portrait first, expires on ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "5 characters without layout: too short to say anything; 100 may be found, 149 are certain"),
        ("long_name = " + "y" * 110, "a copy may be missed; 149 are certain to be found"),
        ("", "0 characters without layout: too short"),
    ],
    ids=["one line", "between", "empty"],
)
def test_a_short_query_says_what_cannot_be_said(codewhence: Any, portrait: str, text: str, said: str) -> None:
    shown = codewhence("portrait", "query", portrait, "-", stdin=text.encode())
    assert shown.code == 0
    assert said in shown.stdout


def test_verify_measures_the_rate_and_asks_the_index(codewhence: Any, portrait: str, demo: str) -> None:
    options = ("--index", demo, "--samples", "50000", "--seed", "3")
    found = codewhence("portrait", "verify", portrait, *options)
    assert found.code == 0
    assert "random hashes: " in found.stdout
    assert "of it asked for, all held" in found.stdout
    value = json.loads(codewhence("portrait", "verify", portrait, *options, "--json").stdout)
    assert value["rates"]["random_text"]["low"] < 0.001
    assert value["expired"] is False


def test_an_expired_export_is_refused_by_query_and_named_by_verify(codewhence: Any, portrait: str) -> None:
    change_day(portrait, "created", "2001-01-01")
    change_day(portrait, "expires", "2001-02-03")
    refused = codewhence("portrait", "query", portrait, stdin=b"x")
    assert (refused.code, refused.stdout) == (3, "")
    assert "version first expired on 2001-02-03" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert "expired on 2001-02-03" in codewhence("portrait", "verify", portrait, "--samples", "10000").stdout


@pytest.mark.parametrize("command", ["query", "verify"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:-50], "is truncated"),
        (lambda data: data[:-50] + b"\x7f" + data[-49:], "do not agree with its sha256"),
        (lambda data: data.replace(b"portrait-export/1", b"portrait-export/7", 1), "this release reads"),
        (lambda data: b"print(1)\n", "is not a portrait"),
    ],
    ids=["truncated", "flipped", "other version", "no portrait"],
)
def test_damage_is_one_line_and_exit_code_3(
    codewhence: Any, portrait: str, command: str, damage: Any, message: str
) -> None:
    Path(portrait).write_bytes(damage(Path(portrait).read_bytes()))
    refused = codewhence("portrait", command, portrait, stdin=b"x")
    assert (refused.code, refused.stdout) == (3, "")
    assert len(refused.stderr.splitlines()) == 1
    assert message in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("export", "--output", "b", "--days", "-1"), 2, "must expire"),
        (("export", "--output", "b", "--days", "99999999999"), 2, "is no day"),
        (("export", "--output", "b", "--expires", "soon"), 2, "is no day"),
        (("export", "--output", "b", "--expires", "2099-01-01", "--days", "3"), 2, "say the same thing"),
        (("export", "--output", "b", "--index", "nowhere"), 3, "nowhere"),
        (("verify", "nowhere"), 3, "cannot be read"),
        (("verify", "a.portrait", "--samples", "3"), 2, "--samples must be"),
        (("query", "a.portrait", "nowhere.py"), 2, "nowhere.py"),
    ],
    ids=["past", "far", "no date", "both", "no index", "no file", "few samples", "no text"],
)
def test_what_cannot_be_done_is_one_line(
    codewhence: Any, portrait: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    refused = codewhence("portrait", *arguments)
    assert (refused.code, refused.stdout) == (code, "")
    assert len(refused.stderr.splitlines()) == 1
    assert message in refused.stderr
    assert not Path("b").exists()


def test_building_and_adding_leave_a_portrait_that_check_asks(codewhence: Any) -> None:
    # No word to speak of, so that no fingerprint finds it; unlike text, a drawing of punctuation has tiles.
    rows = ["".join(".,:;'`\"#()[]"[(n * n + n * k + k * k * 7) % 12] for k in range(61)) for n in range(12)]
    drawing = "\n".join(rows) + "\n"
    Path("set").mkdir()
    Path("set/drawing.txt").write_text("# a drawing\n" + drawing)
    assert codewhence("index", "build", "set", "--output", "made", "--workers", "1").code == 0
    Path("copy.txt").write_text(drawing)
    (file,) = json.loads(codewhence("check", "copy.txt", "--index", "made", "--json").stdout)["files"]
    (match,) = file["matches"]
    assert (match["kind"], match["sources"], match["n_documents"]) == ("possible", [], 0)
    assert match["p_value"] < 1e-6
    assert file["verdict"] == "unknown license"
    shown = codewhence("check", "copy.txt", "--index", "made").stdout
    assert "possible" in shown
    for form in ("sarif", "markdown"):
        assert codewhence("check", "copy.txt", "--index", "made", "--format", form).code == 0
    Path("more").mkdir()
    Path("more/other.txt").write_text("".join(f"other_{n} = {n * n}\n" for n in range(50)))
    assert codewhence("index", "add", "made", "more", "--workers", "1").code == 0
    Path("other.txt").write_text(Path("more/other.txt").read_text())
    codewhence("portrait", "export", "--index", "made", "--output", "b")
    assert "1 passage" in codewhence("portrait", "query", "b", "other.txt").stdout
    assert codewhence("index", "verify", "made").code == 0
