"""A folder of data set files is one data set; one file of anything else makes it a folder of source code."""

import json
from pathlib import Path

import pytest

from codewhence.index.sources.dataset_folder import DatasetFolderSource, is_dataset_folder
from tests.index.sources.reading import MIT, files_of, skipped_of, write_tree

LINE = json.dumps({"content": "a"}) + "\n"


@pytest.mark.parametrize(
    ("paths", "is_dataset"),
    [
        pytest.param(["train.jsonl"], True, id="one file"),
        pytest.param(["data/python/1.parquet", "data/java/1.parquet"], True, id="folders"),
        pytest.param(["a.jsonl.gz", "b.jsonl.zst", "c.parquet"], True, id="all kinds"),
        pytest.param(
            ["a.jsonl", "README.md", ".gitattributes", ".git/HEAD", "LICENSE", "dataset_infos.json"],
            True,
            id="companions",
        ),
        pytest.param(["a.jsonl", "load.py"], False, id="a program beside"),
        pytest.param(["a.jsonl", "inner/notes.txt"], False, id="a note deeper"),
        pytest.param(["README.md"], False, id="no data"),
        pytest.param([], False, id="empty"),
    ],
)
def test_data_sets_are_told_from_source_code(tmp_path: Path, paths: list[str], is_dataset: bool) -> None:
    write_tree(tmp_path, dict.fromkeys(paths, ""))
    assert is_dataset_folder(str(tmp_path)) is is_dataset


def test_every_file_is_read_in_order_under_its_path_in_the_folder(tmp_path: Path) -> None:
    root = write_tree(
        tmp_path / "made", {"b/1.jsonl": LINE + "{\n", "a.jsonl": LINE, "LICENSE": MIT, "README.md": "# Card"}
    )
    source = DatasetFolderSource(str(root))
    assert list(files_of(source)) == ["a.jsonl#0", "b/1.jsonl#0"]
    assert files_of(source)["b/1.jsonl#0"].origin.repo == "1"
    assert skipped_of(source) == {"b/1.jsonl:2": "malformed"}
    assert source.describe() == {"kind": "dataset", "name": "made", "n_files": 2, "schemas": ["plain"]}
    assert source.spec == str(root)


def test_no_such_folder_is_no_data_set(tmp_path: Path) -> None:
    assert not is_dataset_folder(str(tmp_path / "gone"))
    (tmp_path / "a.jsonl").write_text(LINE)
    assert not is_dataset_folder(str(tmp_path / "a.jsonl"))
