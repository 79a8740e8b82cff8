"""What a person has set, and where: flags over environment over ``pyproject.toml`` over defaults."""

import difflib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from codewhence.errors import UsageError

FAIL_ON_LEVELS = ("exact", "copyleft", "unknown", "any")
STORES = ("embedded", "elasticsearch")

_PREFIX = "CODEWHENCE_"
_TABLE = "[tool.codewhence]"
# What a project may set for all who work on it; where services and secrets are is each machine's affair.
_FILE_KEYS = ("index", "policy", "own_repos", "fail_on", "exclude")
# For the project's own tests and for developers; no settings.
_OTHER_VARIABLES = frozenset({"CODEWHENCE_ELASTICSEARCH_ZIP", "CODEWHENCE_DEBUG"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The merged settings.

    Attributes:
        index: Folder of the index.
        policy: License policy file, TOML.
        policy_table: License policy written in ``pyproject.toml`` itself.
        own_repos: Patterns of repositories whose code is the user's own.
        fail_on: Findings at or over this level make ``check`` exit with 1; ``None`` never does.
        exclude: Patterns, as in ``.gitignore``, of files that a walk through a folder leaves out.
        exclude_folder: What ``exclude`` is relative to; the working directory where ``None``.
        registry: SQLAlchemy URL of the opt-out registry.
        elasticsearch_url: Address of an Elasticsearch cluster.
        elasticsearch_username: User there.
        elasticsearch_password: The user's password.
        elasticsearch_api_key: API key in place of user and password.
        elasticsearch_ca_certs: Certificates to trust there.
        origins: For each setting that has been set, where: a flag, a variable, a file.
    """

    index: Path | None = None
    policy: Path | None = None
    policy_table: Mapping[str, Any] | None = None
    own_repos: tuple[str, ...] = ()
    fail_on: str | None = None
    exclude: tuple[str, ...] = ()
    exclude_folder: Path | None = None
    registry: str | None = None
    elasticsearch_url: str | None = None
    elasticsearch_username: str | None = None
    elasticsearch_password: str | None = field(default=None, repr=False)
    elasticsearch_api_key: str | None = field(default=None, repr=False)
    elasticsearch_ca_certs: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def required_index(self) -> Path:
        """Return the index folder.

        Raises:
            UsageError: None has been named.
        """
        if self.index is None:
            raise UsageError(
                "no index named. Pass --index DIR, or set CODEWHENCE_INDEX. "
                "To make one: codewhence index build installed --output DIR"
            )
        return self.index


def load_settings(
    *,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """Merge everything that sets something.

    Args:
        flags: Settings given on the command line by name; ``None`` and empty ones were not given.
        environment: Variables; the process's own by default.
        directory: Where to look for ``pyproject.toml``, and then upward; the working directory by default.

    Raises:
        UsageError: A value cannot be what it says, or ``pyproject.toml`` holds an unknown key or is no TOML.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer, origin in (
        _from_file(directory or Path.cwd()),
        _from_environment(environment),
        _from_flags(flags or {}),
    ):
        values |= layer
        origins |= origin
        if "policy" in layer:  # a file named later replaces the table
            values.pop("policy_table", None)
        if "exclude" in layer and "exclude_folder" not in layer:
            values.pop("exclude_folder", None)
    return Settings(**values, origins=origins)


def unknown_variables(environment: Mapping[str, str]) -> dict[str, str | None]:
    """Return the ``CODEWHENCE_`` variables that set nothing, each with the name that may have been meant."""
    known = {_variable(name) for name in _ENVIRONMENT_NAMES} | _OTHER_VARIABLES
    return {name: _near(name, known) for name in sorted(environment) if name.startswith(_PREFIX) and name not in known}


def _from_flags(flags: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    given = {name: value for name, value in flags.items() if value not in (None, (), [])}
    origins = {name: f"--{name.replace('_', '-')}" for name in given}
    if "fail_on" in given:
        given["fail_on"] = _level(given["fail_on"], origins["fail_on"])
    return given, origins


def _from_environment(environment: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in _ENVIRONMENT_NAMES:
        variable = _variable(name)
        # An empty variable counts as unset: a shell has no other way to take one back for a single command.
        if text := environment.get(variable, "").strip():
            values[name] = _READERS[name](text, variable)
            origins[name] = variable
    return values, origins


def _from_file(directory: Path) -> tuple[dict[str, Any], dict[str, str]]:
    for folder in (directory, *directory.parents):
        path = folder / "pyproject.toml"
        table = _table(path)
        if table is not None:
            return _from_table(table, path)
    return {}, {}


def _table(path: Path) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is no TOML: {error}.") from error
    tools = document.get("tool", {})
    table = tools.get("codewhence") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.codewhence must be a table, got {table!r}. Write a {_TABLE} section.")
    return table


def _from_table(table: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}: {key}"
        if key not in _FILE_KEYS:
            near = _near(key, _FILE_KEYS)
            hint = f" Did you mean {near!r}?" if near else f" Known keys: {', '.join(_FILE_KEYS)}."
            raise UsageError(f"{path}: unknown key {key!r} in {_TABLE}.{hint}")
        if key == "policy" and isinstance(value, dict):
            values["policy_table"] = value
        elif key in {"own_repos", "exclude"}:
            values[key] = _strings(value, where)
            values |= {"exclude_folder": path.parent} if key == "exclude" else {}
        elif not isinstance(value, str):
            raise UsageError(f"{where} must be a string, got {value!r}.")
        elif key == "fail_on":
            values[key] = _level(value, where)
        else:
            values[key] = path.parent / value
    return values, dict.fromkeys(table, str(path))


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise UsageError(f'{where} must be a list of strings, got {value!r}. Write it as ["…", "…"].')
    return tuple(value)


def _level(text: str, where: str) -> str:
    if text not in FAIL_ON_LEVELS:
        near = _near(text, FAIL_ON_LEVELS)
        hint = f" Did you mean {near!r}?" if near else ""
        raise UsageError(f"{where} must be one of {', '.join(FAIL_ON_LEVELS)}, got {text!r}.{hint}")
    return text


def _near(name: str, known: Any) -> str | None:
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1)), None)


def _words(text: str, _where: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _text(text: str, _where: str) -> str:
    return text


def _path(text: str, _where: str) -> Path:
    return Path(text)


_READERS: dict[str, Callable[[str, str], Any]] = {
    "index": _path,
    "policy": _path,
    "own_repos": _words,
    "fail_on": _level,
    "exclude": _words,
    "registry": _text,
    "elasticsearch_url": _text,
    "elasticsearch_username": _text,
    "elasticsearch_password": _text,
    "elasticsearch_api_key": _text,
    "elasticsearch_ca_certs": _path,
}
_ENVIRONMENT_NAMES = tuple(each.name for each in fields(Settings) if each.name in _READERS)


def _variable(name: str) -> str:
    return _PREFIX + name.upper()
