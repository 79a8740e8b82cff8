"""What ``codewhence doctor`` finds: merged settings, versions, extras, git, and the health of the index."""

import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from codewhence import __version__
from codewhence.app.formats.columns import aligned
from codewhence.app.formats.wording import visible
from codewhence.app.settings import Settings, unknown_variables
from codewhence.errors import FormatError

_CORE_PACKAGES = (
    "charset-normalizer",
    "identify",
    "license-expression",
    "numpy",
    "pathspec",
    "rich",
    "typer",
    "zstandard",
)
# Import names, looked for but never imported: some take seconds.
_EXTRAS = {
    "app": ("fastapi", "gradio", "uvicorn"),
    "elasticsearch": ("elasticsearch",),
    "model": ("datasets", "torch", "transformers"),
    "parquet": ("pyarrow",),
    "pii": ("sklearn", "spacy"),
}
_SECRETS = frozenset({"elasticsearch_password", "elasticsearch_api_key"})
_ADDRESSES = frozenset({"registry", "elasticsearch_url"})
_HIDDEN = "set, not shown"
_NOT_SETTINGS = frozenset({"origins", "exclude_folder", "policy_table"})


def diagnose(settings: Settings, *, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return everything as a JSON value, without secrets."""
    return {
        "schema": "codewhence.doctor/1",
        "codewhence": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "settings": _settings(settings),
        "unknown_variables": unknown_variables(environment),
        "packages": {name: _version(name) for name in _CORE_PACKAGES},
        "extras": {extra: _missing(names) for extra, names in _EXTRAS.items()},
        "git": _git_version(),
        "index": _index_health(settings.index),
    }


def diagnosis_text(diagnosis: Mapping[str, Any]) -> str:
    """Return what ``diagnose`` gives, for people."""
    rows = [["  " + name, _shown(entry["value"]), entry["source"]] for name, entry in diagnosis["settings"].items()]
    lines = [
        f"codewhence {diagnosis['codewhence']}, Python {diagnosis['python']}, {visible(diagnosis['platform'])}",
        "settings",
        *aligned(rows),
        *_unknown(diagnosis["unknown_variables"]),
        "packages",
        *aligned([[f"  {name}", found or "missing"] for name, found in diagnosis["packages"].items()]),
        "extras",
        *aligned([[f"  {name}", _extra(name, missing)] for name, missing in diagnosis["extras"].items()]),
        f"git    {visible(diagnosis['git'] or 'not found: --diff and --staged need it')}",
        f"index  {_index(diagnosis['index'])}",
        *(f"  {visible(problem)}" for problem in diagnosis["index"]["problems"]),
    ]
    return "".join(f"{line}\n" for line in lines)


def _settings(settings: Settings) -> dict[str, dict[str, Any]]:
    shown = {}
    for each in fields(settings):
        if each.name in _NOT_SETTINGS:
            continue
        value = getattr(settings, each.name)
        if each.name == "policy" and settings.policy_table is not None:
            value = "written out in the file"
        shown[each.name] = {
            "value": _safe_value(each.name, value),
            "source": settings.origins.get(each.name, "default"),
        }
    return shown


def _safe_value(name: str, value: Any) -> Any:
    if value is not None and name in _SECRETS:
        return _HIDDEN
    if value is not None and name in _ADDRESSES:
        return _without_password(value)
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _without_password(address: str) -> str:
    """Leave the password out of a URL; an address that is no URL is not shown at all, for it may be a secret."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return _HIDDEN
    if not parts.scheme:
        return _HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    query = "…" if parts.query else ""
    return urlunsplit(parts._replace(netloc=f"{name}{':…' if colon else ''}{at}{host}", query=query))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _missing(names: Iterable[str]) -> list[str]:
    return [name for name in names if find_spec(name) is None]


def _git_version() -> str | None:
    try:
        found = subprocess.run(["git", "--version"], capture_output=True, check=True, stdin=subprocess.DEVNULL)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.decode("utf-8", "replace").strip().removeprefix("git version ")


def _index_health(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {"path": None, "sound": True, "problems": []}
    from codewhence.index.verify import verify_index

    try:
        problems = [f"{problem.file}: {problem.reason}" for problem in verify_index(path)]
    except FormatError as error:
        problems = [str(error)]
    return {"path": str(path), "sound": not problems, "problems": problems}


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "not set"
    return visible(", ".join(value) if isinstance(value, list) else str(value))


def _unknown(names: Mapping[str, str | None]) -> list[str]:
    return [
        f"  {visible(name)} sets nothing" + (f"; did you mean {near}?" if near else "") for name, near in names.items()
    ]


def _extra(name: str, missing: list[str]) -> str:
    return f"missing {', '.join(missing)}: pip install 'codewhence[{name}]'" if missing else "installed"


def _index(health: Mapping[str, Any]) -> str:
    if health["path"] is None:
        return "none configured: set CODEWHENCE_INDEX or pass --index DIR"
    return f"{visible(health['path'])}: {'every byte is as it was written' if health['sound'] else 'not sound'}"
