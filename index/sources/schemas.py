"""Schemas of data sets, told by their columns: The Stack v1, v2 and v3, starcoderdata, plain names.

One table for JSONL and Parquet; a later data set is one more row of ``SCHEMAS``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from codewhence.errors import FormatError, UsageError
from codewhence.records import LicenseSource


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of one data set.

    Attributes:
        name: As people call the data set.
        required: Columns that all must be there for this to be the schema.
        text: Columns that may hold the text; the first that is there does.
        fields: By field of ``Origin`` or ``RawFile``: columns that may hold it; the first that is there does.
        url: What stands before ``repo`` in its address, where the data set comes from one forge.
        ids: Columns that hold ids of the text, where the data set may come without texts.
        files: Column with the list of files, where a row is a repository; the other columns are those of the row and
            of its files together.
        repository_facts: Column with more columns of the repository.
        license_source: How the data set knows its licenses.
    """

    name: str
    required: frozenset[str]
    text: tuple[str, ...] = ("content",)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    url: str | None = None
    ids: tuple[str, ...] = ()
    files: str | None = None
    repository_facts: str | None = None
    license_source: LicenseSource = LicenseSource.RECORDED

    def matches(self, columns: Iterable[str]) -> bool:
        """Say whether these columns are of this schema."""
        found = set(columns)
        has_text = bool(self.ids or self.files) or any(column in found for column in self.text)
        return self.required <= found and has_text

    def needed(self, columns: Iterable[str]) -> list[str]:
        """Return the columns that are read, in the order of the data set."""
        own = (self.files, self.repository_facts)
        wanted = {*self.text, *self.ids, *own, *(column for names in self.fields.values() for column in names)}
        return [column for column in columns if column in wanted]


_STACK_V2 = {  # huggingface.co/datasets/bigcode/the-stack-v2, "Data Fields"
    "repo": ("repo_name",),
    "path": ("path",),
    "revision": ("revision_id",),
    "branch": ("branch_name",),
    "licenses": ("detected_licenses",),
    "license_type": ("license_type",),
    "is_vendor": ("is_vendor",),
    "stars": ("star_events_count",),
    "language": ("language",),
    "encoding": ("src_encoding",),
}

_PLAIN = {
    "repo": ("repo", "repo_name", "repository", "repository_name"),
    "path": ("path", "file_path", "filepath", "file_name", "filename"),
    "revision": ("revision", "commit", "commit_id"),
    "branch": ("branch",),
    "licenses": ("licenses", "license"),
    "stars": ("stars",),
    "language": ("language", "lang"),
    "url": ("origin_url", "repo_url", "url"),
}

# The most specific first: every one of them also matches the plain names.
SCHEMAS = (
    Schema(
        name="The Stack v1",  # huggingface.co/datasets/bigcode/the-stack, "Data Fields"
        required=frozenset({"max_stars_repo_name", "max_stars_repo_path", "max_stars_repo_licenses"}),
        fields={
            "repo": ("max_stars_repo_name",),
            "path": ("max_stars_repo_path",),
            "revision": ("max_stars_repo_head_hexsha",),
            "licenses": ("max_stars_repo_licenses",),
            "stars": ("max_stars_count",),
            "language": ("lang",),
            "blob_sha1": ("hexsha",),
        },
        url="https://github.com/",
    ),
    Schema(
        # No column for license and commit. That the set was chosen among permissive files does not say which license a
        # file has, so it is not recorded. The text is redacted: its blob id is not that of the original.
        name="starcoderdata",
        required=frozenset({"max_stars_repo_name", "max_stars_repo_path"}),
        fields={
            "repo": ("max_stars_repo_name",),
            "path": ("max_stars_repo_path",),
            "stars": ("max_stars_count",),
        },
        url="https://github.com/",
    ),
    Schema(
        # huggingface.co/datasets/HuggingFaceCode/stack-v3-train, "dataset_info": the texts are in UTF-8 and partly
        # anonymized; content_id is the sha1 of the bare text, as a published row shows, so it is no blob id.
        name="The Stack v3",
        required=frozenset({"repo_path", "commit_id", "files"}),
        files="files",
        repository_facts="github_metadata",
        fields={
            "repo": ("repo_path",),
            "path": ("file_path", "path"),
            "revision": ("commit_id",),
            "branch": ("branch",),
            "licenses": ("detected_licenses",),
            "license_type": ("license_type",),
            "is_vendor": ("is_vendor",),
            "stars": ("stars",),
            "is_fork": ("is_fork",),
            "forked_from": ("forked_from",),
            "language": ("language",),
        },
        url="https://github.com/",
        license_source=LicenseSource.DETECTED,
    ),
    Schema(
        name="The Stack v2 by repository",  # the-stack-v2-train-full-ids, the-stack-v2-train-smol-ids
        required=frozenset({"repo_name", "files"}),
        text=("content", "text"),
        ids=("blob_id", "content_id"),
        files="files",
        fields=_STACK_V2,
        url="https://github.com/",
        license_source=LicenseSource.DETECTED,
    ),
    Schema(
        name="The Stack v2",
        required=frozenset({"blob_id", "repo_name", "path"}),
        text=("content", "text"),
        ids=("blob_id", "content_id"),
        fields=_STACK_V2,
        url="https://github.com/",
        license_source=LicenseSource.DETECTED,
    ),
    Schema(
        name="plain",
        required=frozenset(),
        text=("content", "text"),
        fields=_PLAIN,
    ),
    Schema(
        # Assumed of any other set with one row a repository: each file is an object with its text and its path, and
        # may carry the plain names; what the row says holds for all its files.
        name="plain by repository",
        required=frozenset({"files"}),
        text=("content", "text"),
        files="files",
        fields=_PLAIN,
    ),
)


def detect_schema(columns: Iterable[str], *, where: str) -> Schema:
    """Return the schema of a data set.

    Args:
        columns: Its columns.
        where: File, for the message.

    Raises:
        FormatError: No schema matches.
    """
    found = list(columns)
    for schema in SCHEMAS:
        if schema.matches(found):
            return schema
    accepted = "; ".join(f"{each.name}: {', '.join([*sorted(each.required), *_texts(each)])}" for each in SCHEMAS)
    raise FormatError(f"'{where}' has the columns {', '.join(found) or '(none)'}. Accepted: {accepted}.")


def refuse_ids_alone(schema: Schema, columns: Iterable[str], *, contents: str | None, where: str) -> None:
    """Refuse a data set that names its texts by id and comes without them.

    Args:
        schema: The data set's.
        columns: Its columns.
        contents: Folder of supplied texts.
        where: File, for the message.

    Raises:
        UsageError: There is neither a column nor a folder of texts.
    """
    if schema.files or not schema.ids or contents or not set(schema.text).isdisjoint(columns):
        return
    raise UsageError(
        f"'{where}' ({schema.name}) holds ids and no text. Put the texts into a folder 'content' beside it, each in a "
        "file named by its blob_id, as they are or with .gz or .zst; or give rows with a column 'content'."
    )


def _texts(schema: Schema) -> list[str]:
    texts = " or ".join(schema.text)
    if schema.files:
        return [f"{texts} in each of {schema.files}"]
    return [f"{texts} or a folder 'content' beside it"] if schema.ids else [texts]
