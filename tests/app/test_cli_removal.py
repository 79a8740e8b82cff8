"""``codewhence index remove``, ``compact`` and ``restore`` from outside, and a server's checker meanwhile."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from codewhence.app.settings import Settings
from codewhence.app.wiring import open_checker
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request

KETTLE = "maple/kettle"


@pytest.fixture
def demo(codewhence: Any, index_path: Path) -> str:
    """A copy of the index in the working directory of ``codewhence``."""
    shutil.copytree(index_path, "demo")
    return "demo"


def found(codewhence: Any, text: str) -> list[dict[str, Any]]:
    Path("a.py").write_text(text)
    (file,) = json.loads(codewhence("check", "a.py", "--index", "demo", "--json").stdout)["files"]
    return file["matches"]


def test_a_repository_goes_stays_out_is_erased_and_comes_back(codewhence: Any, demo: str, snippets: Any) -> None:
    (match,) = found(codewhence, snippets.gpl)
    doc_id = match["sources"][0]["doc_id"]
    removed = codewhence("index", "remove", demo, "--repo", KETTLE)
    assert (removed.code, removed.stderr) == (0, "")
    first, row, last = removed.stdout.splitlines()
    assert first.startswith("demo: taken out: 1 document, 1 file, ")
    assert row == f"  {doc_id}  {KETTLE}, src/boil.py"
    assert last.endswith("to erase them: codewhence index compact demo")
    assert found(codewhence, snippets.gpl) == []
    stats = codewhence("index", "stats", demo).stdout
    assert "1 entry on the list, 1 file still on the disk: codewhence index compact erases them" in stats
    compacted = codewhence("index", "compact", demo, "--workers", "1")
    assert compacted.code == 0
    assert "erased: 1 document, 1 file" in compacted.stdout
    assert "1 of 2 buckets written again; still on the list of what does not come back: 1 entry" in compacted.stdout
    assert codewhence("index", "compact", demo, "--workers", "1").stdout == "demo: nothing to erase\n"
    assert "1 entry on the list, all erased" in codewhence("index", "stats", demo).stdout
    assert codewhence("index", "verify", demo).code == 0
    restored = codewhence("index", "restore", demo, "--repo", KETTLE)
    assert restored.stdout.splitlines()[0] == "demo: let back in: 0 documents, 0 files shown again"
    assert "1 document let in that the index does not hold: codewhence index add demo SOURCE" in restored.stdout


def test_the_json_shapes(codewhence: Any, demo: str, snippets: Any) -> None:
    dry = json.loads(codewhence("index", "remove", demo, "--repo", KETTLE, "--dry-run", "--json").stdout)
    done = json.loads(codewhence("index", "remove", demo, "--repo", KETTLE, "--json").stdout)
    assert dry == done | {"dry_run": True}
    assert done["schema"] == "codewhence.removal/1"
    assert (done["n_documents"], done["n_files"], done["n_kept_elsewhere"], done["missing"]) == (1, 1, 0, [])
    (document,) = done["documents"]
    assert document["files"] == [{"repo": KETTLE, "path": "src/boil.py", "revision": "1.0"}]
    assert document["kept_in"] == []
    report = json.loads(codewhence("check", "-", "--index", demo, "--json", stdin=snippets.mit.encode()).stdout)
    assert (report["index"]["n_documents"], report["index"]["n_files"]) == (32, 32)
    assert len(report["index"]["removals"]) == 64
    compacted = json.loads(codewhence("index", "compact", demo, "--workers", "1", "--json").stdout)
    assert compacted["schema"] == "codewhence.compaction/1"
    assert (compacted["n_documents"], compacted["n_rebuilt_buckets"], compacted["n_listed"]) == (1, 1, 1)
    restored = json.loads(codewhence("index", "restore", demo, "--repo", KETTLE, "--json").stdout)
    assert restored["schema"] == "codewhence.restoration/1"
    assert (restored["n_entries"], restored["n_documents"], restored["n_gone"]) == (1, 0, 1)


def test_ids_come_from_a_file_or_from_stdin(codewhence: Any, demo: str, snippets: Any) -> None:
    ids = [found(codewhence, text)[0]["sources"][0]["doc_id"] for text in (snippets.gpl, snippets.unlicensed)]
    Path("ids.txt").write_bytes(f"\ufeff# asked for on paper\r\n{ids[0]}  # the kettle\r\n\r\n".encode())
    assert codewhence("index", "remove", demo, "--from", "ids.txt").code == 0
    assert codewhence("index", "remove", demo, "--from", "-", stdin=f"{ids[1]}\n".encode()).code == 0
    assert found(codewhence, snippets.gpl) == found(codewhence, snippets.unlicensed) == []


UNKNOWN = f"swh:1:cnt:{'0' * 40}"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param([], 2, "nothing is named", id="nothing"),
        pytest.param(["--doc", UNKNOWN], 2, f"1 of 1 asked for are not in 'demo': {UNKNOWN}", id="unknown id"),
        pytest.param(["--doc", "kettle"], 2, "'kettle' is not the id of a document", id="no id"),
        pytest.param(["--repo", "maple"], 2, "repository 'maple'", id="unknown repository"),
        pytest.param(["--path", "*"], 2, "pass --repo too", id="path alone"),
        pytest.param(["--repo", KETTLE, "--path", "*.rs"], 2, "path '*.rs'", id="glob matching nothing"),
        pytest.param(["--from", "empty.txt"], 2, "holds no id", id="empty file"),
        pytest.param(["--from", "gone.txt"], 2, "gone.txt: cannot be read: No such file", id="no file"),
        pytest.param(["--from", "noise.bin"], 2, "it is not UTF-8", id="no text"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    codewhence: Any, demo: str, arguments: list[str], code: int, message: str
) -> None:
    Path("empty.txt").write_text("\n# nothing yet\n")
    Path("noise.bin").write_bytes(b"\xff\xfe\xfd")
    finished = codewhence("index", "remove", demo, *arguments)
    assert (finished.code, finished.stdout) == (code, "")
    assert finished.stderr.startswith("error: ")
    assert finished.stderr.count("\n") == 1
    assert message in finished.stderr
    assert not Path("demo/suppressed").exists()


@pytest.mark.parametrize("command", ["remove", "compact", "restore"])
def test_a_missing_index_ends_with_3(codewhence: Any, command: str) -> None:
    arguments = [] if command == "compact" else ["--repo", KETTLE]
    finished = codewhence("index", command, "gone", *arguments)
    assert (finished.code, finished.stdout) == (3, "")
    assert "no index at 'gone'" in finished.stderr


def test_a_lost_list_ends_every_command_with_3(codewhence: Any, demo: str) -> None:
    codewhence("index", "remove", demo, "--repo", KETTLE)
    Path("demo/suppressed").unlink()
    Path("a.py").write_text("x = 1\n")
    for arguments in (["check", "a.py", "--index", demo], ["index", "stats", demo], ["index", "compact", demo]):
        finished = codewhence(*arguments)
        assert (finished.code, finished.stdout) == (3, "")
        assert "suppressed is missing" in finished.stderr
    verified = codewhence("index", "verify", demo)
    assert verified.code == 3
    assert verified.stdout.startswith("suppressed: ")


def test_a_checker_that_stays_open_takes_note(tmp_path: Path, index_path: Path, snippets: Any) -> None:
    path = Path(shutil.copytree(index_path, tmp_path / "demo"))
    with open_checker(path, settings=Settings()) as checker:
        (match,) = checker.check_text(snippets.gpl, path="-").matches
        before = checker.index_summary
        remove_from_index(path, Request(repos=(KETTLE,)))
        assert checker.check_text(snippets.gpl, path="-").matches == ()
        assert checker.document(match.match.sources[0].doc_id) is None
        assert checker.index_summary.n_files == before.n_files - 1
        assert before.removals is None
        assert checker.index_summary.removals is not None
