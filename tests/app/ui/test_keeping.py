"""What the server keeps of what people paste: nothing."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MAX_SESSIONS = 200
MARKER = "pasted_by_somebody_7c1f"
SAMPLE = f"\n\n\tdef {MARKER}_sample():\n\t\tpass\n    "


class Sample:
    title, text, description = "A sample", SAMPLE, "What it shows."


@pytest.fixture
def client(kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    from starlette.testclient import TestClient

    from codewhence.app.server import create_app

    document = kit.document("x" * 400)
    checker = kit.checker(lambda text: [kit.match(document, at=0, length=len(text) - 1)], {document.doc_id: document})
    with TestClient(create_app(checker, [Sample()])) as client:
        yield client


def call(client: Any, n_inputs: int, data: list[Any], **event: Any) -> Any:
    config = client.get("/ui/config").json()
    name = "select" if event else "click"
    number = next(
        item["id"]
        for item in config["dependencies"]
        if item["targets"][0][1] == name and len(item["inputs"]) == n_inputs
    )
    body = {"data": data, "fn_index": number, "session_hash": "abc", **event}
    return client.post("/ui/gradio_api/run/predict", json=body)


def pages() -> list[Any]:
    import gradio

    return [item for item in gc.get_objects() if isinstance(item, gradio.Blocks)]


def held_in_memory(marker: str) -> list[str]:
    """Return what Gradio's sessions and queues still hold of a text."""
    found = []
    for blocks in pages():
        for session in blocks.state_holder.session_data.values():
            for config in session.config_values.values():
                if marker in json.dumps(config, default=repr):
                    found.append(str(config.get("type")))
            found += [str(key) for key, value in session.state_data.items() if marker in repr(value)]
        if marker in repr(vars(blocks._queue)):
            found.append("queue")
    return found


def test_a_check_leaves_nothing_of_the_text(client: Any, tmp_path: Path) -> None:
    text = f"def {MARKER}(): pass\n" * 3
    answer = call(client, 1, [text])
    assert answer.status_code == 200
    assert MARKER in answer.text  # it was shown
    assert held_in_memory(MARKER) == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and MARKER in path.read_text(errors="replace")]


def test_a_sample_comes_to_the_character_and_is_checked(client: Any) -> None:
    answer = call(client, 0, [], event_data={"sample": 0}).json()
    assert answer["data"][0] == SAMPLE
    assert MARKER in answer["data"][2]
    assert held_in_memory(MARKER) == []


def test_a_selection_is_answered_from_the_kept_report(client: Any) -> None:
    call(client, 1, ["some text to check"])
    answer = call(client, 1, [None], event_data={"match": 0}).json()
    assert "invented/queue" in answer["data"][0]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, id="a file"),
        pytest.param(
            {"path": "http://127.0.0.1:1/x", "url": "http://127.0.0.1:1/x", "meta": {"_type": "gradio.FileData"}},
            id="an address",
        ),
        pytest.param(["a", "b"], id="a list"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_value_that_is_no_text_is_no_text(client: Any, value: object) -> None:
    answer = call(client, 1, [value])
    assert answer.status_code == 200
    assert "There is nothing to check yet" in answer.json()["data"][0]


def test_hostile_text_survives_the_wire(client: Any) -> None:
    text = "\x00 \\ud800 </mark><script>alert(1)</script> ${x} {{y}}"
    body = json.dumps([text]).replace("\\\\ud800", "\\ud800")  # a lone surrogate, as a browser may send it
    config = client.get("/ui/config").json()
    number = next(item["id"] for item in config["dependencies"] if item["targets"][0][1] == "click")
    answer = client.post(
        "/ui/gradio_api/run/predict",
        content=f'{{"data": {body}, "fn_index": {number}, "session_hash": "abc"}}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 200
    assert "<script" not in "".join(part for part in answer.json()["data"] if part)


def test_the_page_offers_no_api_and_no_history(client: Any) -> None:
    config = client.get("/ui/config").json()
    assert {dependency["api_visibility"] for dependency in config["dependencies"]} == {"private"}
    assert not config.get("run_history", False)
    assert not config["analytics_enabled"]
    assert config["footer_links"] == []


def test_few_sessions_are_kept(client: Any) -> None:
    call(client, 1, ["some text to check"])
    assert {blocks.state_holder.capacity for blocks in pages()} == {MAX_SESSIONS}


def test_gradio_writes_no_stub_files_beside_our_modules(client: Any) -> None:
    # It does for every subclass of a component, wherever the module lies.
    import codewhence.app.ui

    folder = Path(codewhence.app.ui.__file__).parent
    assert client.get("/ui/").status_code == 200
    assert list(folder.glob("*.pyi")) == []
