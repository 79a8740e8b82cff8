"""What the server lets in, and what it tells browsers: hosts, paths, sizes, and a content security policy.

A page on this machine's own address is within reach of every site that its user visits: names that point here
(DNS rebinding) and requests from other sites are refused. Of Gradio's routes those that the page uses are open;
uploads, files, proxying, recording and the like answer 404. Nothing here reads, keeps or logs a body.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# The page takes 1,000,000 code points (app/ui/states.py): at most 4 bytes each as UTF-8, or 6 where JSON escapes
# control characters. Its own cut keeps a larger paste from being sent at all.
MAX_BODY_BYTES = 16_000_000

PAGE = "/ui/"
_OPEN_BELOW_PAGE = re.compile(
    r"|config|theme\.css|(assets|static)/.*|favicon\.ico|manifest\.json|robots\.txt"
    r"|gradio_api/(app_id|info|heartbeat/[a-z0-9]+|startup-events|run/predict|theme\.css)/?"
)

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# 'unsafe-eval': Gradio makes functions of its templates and of js_on_load. 'unsafe-inline' for styles: it writes
# style elements. Scripts inside the page are allowed by hash, so that a handler or a script that somehow got into
# the page does not run.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Guard:
    """ASGI middleware around the whole application.

    Args:
        application: What is guarded.
        hosts: Names under which the server may be addressed, lower case, without port; ``None`` for any.
    """

    def __init__(self, application: Application, *, hosts: Iterable[str] | None) -> None:
        self._application = application
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        if scope["type"] != "http":  # web sockets: nothing here speaks them
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if refusal := self._refusal(scope, headers):
            await _answer(send, *refusal)
        elif scope["path"] == PAGE:
            await self._page(scope, receive, send)
        else:
            await self._application(scope, receive, _with_headers(send, hashes=()))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and reason for a request that is not let in."""
        if self._hosts is not None and _host(headers.get("host", "")) not in self._hosts:
            return 421, "This server answers to its own address only."
        below = scope["path"].removeprefix(PAGE)
        if below != scope["path"] and not _OPEN_BELOW_PAGE.fullmatch(below):
            return 404, "There is nothing here."
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            return None
        if headers.get("sec-fetch-site") == "cross-site":
            return 403, "Requests from other sites are not answered."
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return 411, "Say how long the body is: Content-Length is missing."
        if int(length) > MAX_BODY_BYTES:
            return 413, f"The body is over {MAX_BODY_BYTES:,} bytes."
        return None

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request for the page itself, whole and uncompressed, so that its scripts can be hashed."""
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                body = b"".join(parts)
                guarded = _with_headers(send, hashes=_script_hashes(body))
                await guarded(start)
                await guarded({"type": "http.response.body", "body": body})

        await self._application({**scope, "headers": headers}, receive, collect)


def _host(value: str) -> str:
    """Return the name in a Host header, without its port.

    >>> _host("LocalHost:7860"), _host("[::1]:7860")
    ('localhost', '[::1]')
    """
    return re.sub(r":\d*\Z", "", value).lower()


def _script_hashes(body: bytes) -> list[str]:
    """Return a policy source for each script that stands inside the page (CSP level 2, section 4.2.5)."""
    digests = (hashlib.sha256(match[1]).digest() for match in _INLINE_SCRIPT.finditer(body))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _with_headers(send: Send, *, hashes: Iterable[str]) -> Send:
    policy = _POLICY.format(hashes="".join(f" {source}" for source in hashes))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {**_HEADERS, "content-security-policy": policy}
            kept = [(name, value) for name, value in message.get("headers", ()) if name.decode("latin-1") not in ours]
            added = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in ours.items()]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return sending


async def _answer(send: Send, status: int, reason: str) -> None:
    body = reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    guarded = _with_headers(send, hashes=())
    await guarded({"type": "http.response.start", "status": status, "headers": headers})
    await guarded({"type": "http.response.body", "body": body})
