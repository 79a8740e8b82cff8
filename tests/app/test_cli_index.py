"""``codewhence index`` and ``codewhence doctor`` from outside."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from codewhence.app.cli import root
from codewhence.app.health import diagnose
from codewhence.app.settings import Settings


@pytest.fixture
def training_set(codewhence: Any, snippets: Any) -> Path:
    """A folder with two files of code and one that is none, in the working directory of ``codewhence``."""
    folder = Path("corpus")
    folder.mkdir()
    (folder / "gear.py").write_text(snippets.mit)
    (folder / "kettle.py").write_text(snippets.gpl)
    (folder / "noise.py").write_bytes(b"\0" * 99)
    return folder


def test_a_folder_is_built_summed_up_and_found(codewhence: Any, training_set: Path, snippets: Any) -> None:
    built = codewhence("index", "build", "corpus", "--output", "demo", "--workers", "1", "--buckets", "2")
    assert (built.code, built.stderr) == (0, "")
    first, *rest = built.stdout.splitlines()
    assert first.startswith("index demo@")
    assert first.endswith("2 files, 2 distinct documents, 0.0 MB of text, 2 buckets")
    assert "  1  binary: holds NUL bytes or a known binary format, such as noise.py" in rest
    Path("a.py").write_text(snippets.mit)
    assert "gear.py" in codewhence("check", "a.py", "--index", "demo").stdout


def test_build_and_add_have_one_json_shape(codewhence: Any, training_set: Path) -> None:
    Path("more").mkdir()
    (training_set / "kettle.py").rename("more/kettle.py")
    options = ["--workers", "1", "--json"]
    build = codewhence("index", "build", "corpus", "--output", "demo", "--training-set", "one", *options)
    built = json.loads(build.stdout)
    added = json.loads(codewhence("index", "add", "demo", "more", *options).stdout)
    assert built.keys() == added.keys()
    assert (built["n_documents"], added["n_documents"]) == (1, 2)
    assert built["skipped"] == {"binary": 1}
    assert built["root"] != added["root"]
    stats = json.loads(codewhence("index", "stats", "demo", "--json").stdout)
    assert (stats["n_documents"], stats["training_set"]["version"], stats["root"]) == (2, "one", added["root"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["corpus", "--buckets", "3"], "power of two", id="buckets"),
        pytest.param(["corpus", "--workers", "0"], "--workers", id="no workers"),
        pytest.param(["gone"], "gone", id="no such source"),
        pytest.param(["empty"], "no document", id="nothing in it"),
    ],
)
def test_a_build_that_cannot_be_is_refused_and_leaves_nothing(
    codewhence: Any, training_set: Path, arguments: list[str], message: str
) -> None:
    Path("empty").mkdir()
    finished = codewhence("index", "build", *arguments, "--output", "demo")
    assert (finished.code, finished.stdout) == (2, "")
    assert finished.stderr.startswith("error: ")
    assert finished.stderr.count("\n") == 1
    assert message in finished.stderr
    assert not Path("demo").exists()


def test_stats_are_shown(codewhence: Any, index_path: Path) -> None:
    shown = codewhence("index", "stats", str(index_path)).stdout
    rows = {" ".join(line.split()) for line in shown.splitlines()}
    assert {"documents 33", "files 33", "buckets 2", "training set invented 1"} <= rows
    assert {"31 MIT", "1 GPL-3.0-only", "1 not recorded"} <= rows


def test_stats_say_what_chances_rest_on_until_it_is_stale(
    codewhence: Any, index_path: Path, training_set: Path
) -> None:
    def shown(index: str) -> tuple[str, dict[str, Any]]:
        lines = codewhence("index", "stats", index).stdout.splitlines()
        (row,) = [" ".join(line.split()) for line in lines if line.startswith("calibration")]
        return row, json.loads(codewhence("index", "stats", index, "--json").stdout)["calibration"]

    row, value = shown(str(index_path))
    assert row == "calibration the shipped default: calibration.json is not there"
    assert (value["source"], value["stale"]) == ("default", False)
    codewhence("index", "build", "corpus", "--output", "demo", "--workers", "1")
    row, value = shown("demo")
    assert row == "calibration the shipped default: 1 repository with code, at least 20 are needed"
    assert value == {
        "source": "default",
        "reason": "1 repository with code, at least 20 are needed",
        "stale": False,
        "n_texts": 0,
        "n_repositories": 0,
    }
    before = Path("demo/calibration.json").read_bytes()
    (training_set / "more.py").write_text("maple = 1\n")
    codewhence("index", "add", "demo", "corpus", "--workers", "1")
    Path("demo/calibration.json").write_bytes(before)  # as a process leaves it that is killed before it calibrates
    row, value = shown("demo")
    assert row.endswith("; stale, made before the index last changed")
    assert value["stale"]


def test_verify_names_a_damaged_file(codewhence: Any, index_path: Path) -> None:
    sound = codewhence("index", "verify", str(index_path))
    assert (sound.code, sound.stderr) == (0, "")
    assert sound.stdout.endswith(": every byte is as it was written\n")
    shutil.copytree(index_path, "damaged")
    file = max(Path("damaged").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    damaged = codewhence("index", "verify", "damaged")
    name = file.relative_to("damaged").as_posix()
    assert damaged.code == 3
    assert damaged.stdout.startswith(f"{name}: sha256 is ")
    assert damaged.stderr.startswith("error: damaged: 1 damaged file")
    listed = json.loads(codewhence("index", "verify", "damaged", "--json").stdout)
    assert not listed["sound"]
    assert [problem["file"] for problem in listed["problems"]] == [name]


def test_the_doctor_says_what_is_set_and_where(codewhence: Any, index_path: Path) -> None:
    Path("pyproject.toml").write_text('[tool.codewhence]\nown_repos = ["maple/*"]\n')
    variables = {"CODEWHENCE_ELASTICSEARCH_PASSWORD": "s3cret", "CODEWHENCE_IDNEX": "x"}
    finished = codewhence("doctor", **variables)
    assert (finished.code, finished.stderr) == (0, "")
    words = [line.split() for line in finished.stdout.splitlines()]
    assert ["index", str(index_path), "CODEWHENCE_INDEX"] in words
    assert ["own_repos", "maple/*", str(Path("pyproject.toml").resolve())] in words
    assert ["policy", "not", "set", "default"] in words
    assert ["elasticsearch_password", "set,", "not", "shown", "CODEWHENCE_ELASTICSEARCH_PASSWORD"] in words
    assert "CODEWHENCE_IDNEX sets nothing; did you mean CODEWHENCE_INDEX?" in finished.stdout
    assert "s3cret" not in finished.stdout
    assert finished.stdout.endswith("every byte is as it was written\n")


@pytest.mark.parametrize("kind", ["missing", "damaged"])
def test_the_doctor_ends_with_3_where_the_index_is_not_sound(codewhence: Any, index_path: Path, kind: str) -> None:
    if kind == "damaged":
        shutil.copytree(index_path, "it")
        Path("it/MANIFEST.json").write_bytes(Path("it/MANIFEST.json").read_bytes()[:-9])
    finished = codewhence("doctor", "--json", CODEWHENCE_INDEX="it")
    assert finished.code == 3
    assert finished.stderr.startswith("error: the configured index is not sound: ")
    assert not json.loads(finished.stdout)["index"]["sound"]


def test_the_doctor_without_an_index_is_content(codewhence: Any) -> None:
    finished = codewhence("doctor", CODEWHENCE_INDEX="")
    assert (finished.code, finished.stderr) == (0, "")
    assert "none configured: set CODEWHENCE_INDEX" in finished.stdout


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("postgresql://robin:s3cret@db.invalid/x", "postgresql://robin:…@db.invalid/x", id="password"),
        pytest.param("https://es.invalid:9200", "https://es.invalid:9200", id="no user"),
        pytest.param("https://es.invalid/?token=s3cret", "https://es.invalid/?…", id="query"),
        pytest.param("s3cret", "set, not shown", id="no address"),
        pytest.param("http://[s3cret", "set, not shown", id="malformed"),
    ],
)
def test_passwords_in_addresses_are_not_shown(address: str, shown: str) -> None:
    found = diagnose(Settings(registry=address, elasticsearch_url=address), environment={})
    assert found["settings"]["registry"]["value"] == shown
    assert found["settings"]["elasticsearch_url"]["value"] == shown


def test_serve_without_its_packages_says_what_to_install(
    index_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert root.run(["serve", "--index", str(index_path)]) == 5
    printed = capsysbinary.readouterr()
    assert printed.out == b""
    assert b"pip install 'codewhence[app]'" in printed.err


def test_serve_hands_its_options_on(index_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr("codewhence.app.server.run", lambda **options: seen.update(options))
    assert root.run(["serve", "--index", str(index_path), "--port", "0"]) == 0
    assert seen == {"index": index_path, "host": "127.0.0.1", "port": 0}
    assert capsysbinary.readouterr().out == b""
