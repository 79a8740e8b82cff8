"""What the server lets in, and what it tells browsers."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from codewhence.app.guard import MAX_BODY_BYTES, Guard

PAGE = b'<html><script>go()</script><script src="a.js"></script><script type="module">\nrun()\n</script></html>'


async def application(scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
    headers = [(b"content-type", b"text/html"), (b"x-frame-options", b"ALLOWALL")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE[:40], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[40:]})


def request(
    path: str = "/ui/",
    method: str = "GET",
    *,
    hosts: Sequence[str] | None = None,
    kind: str = "http",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("the guard must not read a body")

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": kind, "path": path, "method": method, "headers": pairs}
    asyncio.run(Guard(application, hosts=hosts)(scope, receive, send))
    if kind != "http":
        return sent[0]["code"], {}, b""
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message["body"] for message in sent[1:])


@pytest.mark.parametrize("path", ["/ui/", "/healthz", "/ui/gradio_api/upload"])
def test_every_answer_carries_the_policy(path: str) -> None:
    _status, headers, _body = request(path)
    policy = headers["content-security-policy"]
    for directive in ("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'"):
        assert directive in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "//" not in policy  # no other host
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_scripts_of_the_page_are_allowed_by_their_hash_and_no_others() -> None:
    _status, headers, body = request()
    assert body == PAGE
    hashes = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in (b"go()", b"\nrun()\n")]
    script_sources = headers["content-security-policy"].split("script-src ")[1].split(";")[0]
    assert script_sources == f"'self' 'unsafe-eval' 'sha256-{hashes[0]}' 'sha256-{hashes[1]}'"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("127.0.0.1:7860", 200, id="address"),
        pytest.param("LOCALHOST", 200, id="name, no port"),
        pytest.param("[::1]:7860", 200, id="IPv6"),
        pytest.param("attacker.example:7860", 421, id="a name that points here"),
        pytest.param("127.0.0.1.attacker.example", 421, id="a name that looks like it"),
        pytest.param("", 421, id="none"),
    ],
)
def test_only_its_own_names_are_answered(host: str, status: int) -> None:
    assert request(headers={"host": host}, hosts=("127.0.0.1", "localhost", "[::1]"))[0] == status


def test_any_name_is_answered_where_none_is_required() -> None:
    assert request(headers={"host": "codewhence.example"}, hosts=None)[0] == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/ui/", 200, id="page"),
        pytest.param("/ui/assets/index-1.js", 200, id="script"),
        pytest.param("/ui/static/fonts/a.woff2", 200, id="font"),
        pytest.param("/ui/gradio_api/heartbeat/abc123", 200, id="heartbeat"),
        pytest.param("/ui/gradio_api/upload", 404, id="upload"),
        pytest.param("/ui/gradio_api/file=/etc/passwd", 404, id="file"),
        pytest.param("/ui/gradio_api/proxy=https://example.com", 404, id="proxy"),
        pytest.param("/ui/gradio_api/queue/join", 404, id="queue"),
        pytest.param("/ui/gradio_api/process_recording", 404, id="recording"),
        pytest.param("/ui/gradio_api/runs", 404, id="run history"),
        pytest.param("/ui/gradio_api/component_server", 404, id="server functions"),
        pytest.param("/ui/gradio_api/vibe-edit/", 404, id="code editing"),
        pytest.param("/ui/monitoring", 404, id="monitoring"),
        pytest.param("/healthz", 200, id="not of the page"),
    ],
)
def test_only_routes_that_the_page_uses_are_open(path: str, status: int) -> None:
    assert request(path)[0] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"content_length": "10"}, 200, id="ordinary"),
        pytest.param({"content_length": "10", "sec_fetch_site": "same-origin"}, 200, id="from the page"),
        pytest.param({"content_length": "10", "sec_fetch_site": "cross-site"}, 403, id="from another site"),
        pytest.param({}, 411, id="no length"),
        pytest.param({"content_length": "-1"}, 411, id="negative length"),
        pytest.param({"content_length": "many"}, 411, id="no number"),
        pytest.param({"content_length": str(MAX_BODY_BYTES)}, 200, id="at the limit"),
        pytest.param({"content_length": str(MAX_BODY_BYTES + 1)}, 413, id="over the limit"),
    ],
)
def test_bodies_are_bounded_and_from_here(headers: dict[str, str], status: int) -> None:
    assert request("/ui/gradio_api/run/predict", "POST", headers=headers)[0] == status


def test_web_sockets_are_closed() -> None:
    assert request("/ui/", kind="websocket")[0] == 1008
