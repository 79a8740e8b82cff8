"""Flags beat the environment, which beats pyproject.toml, which beats defaults; mistakes are named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as unhurried
from hypothesis import strategies as st

from codewhence.app.settings import FAIL_ON_LEVELS, Settings, load_settings, unknown_variables
from codewhence.errors import UsageError
from codewhence.governance.attribution import FailOn


def load(directory: Path, table: str = "", flags: dict | None = None, environment: dict | None = None) -> Settings:
    if table:
        (directory / "pyproject.toml").write_text(table, encoding="utf-8")
    return load_settings(flags=flags, environment=environment or {}, directory=directory)


@unhurried(deadline=None)
@given(st.lists(st.sampled_from(["file", "environment", "flag"]), unique=True))
def test_the_nearest_layer_wins(tmp_path_factory: pytest.TempPathFactory, layers: list[str]) -> None:
    levels = {"file": "exact", "environment": "copyleft", "flag": "any"}
    settings = load(
        tmp_path_factory.mktemp("project"),
        '[tool.codewhence]\nfail_on = "exact"\n' if "file" in layers else "",
        flags={"fail_on": "any" if "flag" in layers else None},
        environment={"CODEWHENCE_FAIL_ON": "copyleft"} if "environment" in layers else {},
    )
    expected = next((name for name in ("flag", "environment", "file") if name in layers), None)
    assert settings.fail_on == (levels[expected] if expected else None)


def test_the_levels_are_those_that_governance_knows() -> None:
    assert tuple(level.value for level in FailOn) == FAIL_ON_LEVELS


def test_a_table_is_found_above_and_its_paths_are_relative_to_it(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (below / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.codewhence]\nindex = "demo"\npolicy = "policy.toml"\nexclude = ["gen/"]\nown_repos = ["maple/*"]\n',
        encoding="utf-8",
    )
    settings = load(below)
    assert settings.index == tmp_path / "demo"
    assert settings.policy == tmp_path / "policy.toml"
    assert settings.exclude_folder == tmp_path
    assert settings.own_repos == ("maple/*",)
    assert settings.origins["index"] == str(tmp_path / "pyproject.toml")


def test_each_setting_says_where_it_was_set(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[tool.codewhence]\nown_repos = ["maple/*"]\n',
        flags={"index": Path("demo")},
        environment={"CODEWHENCE_EXCLUDE": "gen/, *.min.js", "CODEWHENCE_POLICY": "  "},
    )
    assert settings.exclude == ("gen/", "*.min.js")
    assert settings.policy is None
    assert dict(settings.origins) == {
        "own_repos": str(tmp_path / "pyproject.toml"),
        "exclude": "CODEWHENCE_EXCLUDE",
        "index": "--index",
    }


def test_a_policy_flag_replaces_the_table_of_the_file(tmp_path: Path) -> None:
    table = '[tool.codewhence.policy.licenses]\nallow = ["MIT"]\n'
    assert load(tmp_path, table).policy_table == {"licenses": {"allow": ["MIT"]}}
    settings = load(tmp_path, flags={"policy": Path("other.toml")})
    assert (settings.policy, settings.policy_table) == (Path("other.toml"), None)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param('idnex = "demo"', "unknown key 'idnex'.*Did you mean 'index'", id="near miss"),
        pytest.param("color = true", "unknown key 'color'.*Known keys: index, policy", id="nothing near"),
        pytest.param("index = 3", "index must be a string, got 3", id="number for a path"),
        pytest.param('own_repos = "maple/*"', r"own_repos must be a list of strings, got 'maple/\*'", id="bare string"),
        pytest.param('exclude = ["a", 1]', "exclude must be a list of strings", id="number in a list"),
        pytest.param('fail_on = "copy-left"', "Did you mean 'copyleft'", id="level misspelled"),
        pytest.param("index = ", "is no TOML", id="no TOML"),
    ],
)
def test_a_wrong_table_is_refused_with_file_key_and_value(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        load(tmp_path, f"[tool.codewhence]\n{table}\n")
    assert str(tmp_path / "pyproject.toml") in str(refused.value)


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\nother = 1\n", ""], ids=["no table", "another tool", "empty"])
def test_a_file_without_our_table_sets_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path).origins == {}


def test_a_table_that_is_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"tool\.codewhence must be a table, got 3"):
        load(tmp_path, "[tool]\ncodewhence = 3\n")


def test_a_level_from_the_command_line_is_checked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--fail-on must be one of exact, copyleft, unknown, any, got 'all'"):
        load(tmp_path, flags={"fail_on": "all"})


def test_no_index_names_both_ways_to_name_one() -> None:
    with pytest.raises(UsageError, match="--index DIR, or set CODEWHENCE_INDEX"):
        Settings().required_index()


def test_secrets_are_not_in_the_repr(tmp_path: Path) -> None:
    invented = "invented"
    settings = load(tmp_path, environment={"CODEWHENCE_ELASTICSEARCH_PASSWORD": invented})
    assert settings.elasticsearch_password == invented
    assert invented not in repr(settings)


def test_variables_that_set_nothing_are_named_with_the_near_one() -> None:
    environment = {"CODEWHENCE_IDNEX": "x", "CODEWHENCE_DEBUG": "1", "CODEWHENCE_INDEX": "y", "PATH": "z"}
    assert unknown_variables(environment) == {"CODEWHENCE_IDNEX": "CODEWHENCE_INDEX"}
