"""The documents table: rows survive the disk, duplicates join the same way in any order, damage is an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import swhid, text_sha256
from codewhence.index.documents import (
    NOT_RECORDED,
    Entry,
    license_label,
    merge,
    origin_from_json,
    origin_to_json,
    sorted_origins,
)
from codewhence.records import DocumentKind, LicenseSource, Origin

names = st.text(st.characters(codec="utf-8"), max_size=8)
licensed = st.one_of(
    st.just(((), LicenseSource.NOT_RECORDED)),
    st.tuples(
        st.lists(st.sampled_from(["MIT", "Apache-2.0", "GPL-3.0-only WITH Classpath-exception-2.0"]), min_size=1),
        st.sampled_from([LicenseSource.RECORDED, LicenseSource.DETECTED]),
    ),
)


@st.composite
def made_origins(draw: st.DrawFn) -> Origin:
    """Draw an origin; few repositories and paths, so that two draws often differ in one field alone."""
    licenses, license_source = draw(licensed)
    return Origin(
        repo=draw(st.sampled_from(["ada/engine", "ada/engines", "bo/tools"])),
        path=draw(st.sampled_from(["a.py", "src/ä.py"]) | names),
        revision=draw(st.none() | st.sampled_from(["", "1.0", "2.0"])),
        branch=draw(st.none() | names),
        licenses=tuple(licenses),
        license_source=license_source,
        license_files=tuple(draw(st.lists(names, max_size=2))),
        stars=draw(st.none() | st.integers(0, 10**6)),
        is_fork=draw(st.none() | st.booleans()),
        forked_from=draw(st.none() | names),
        origin_url=draw(st.none() | names),
    )


@st.composite
def made_entries(draw: st.DrawFn, data: bytes | None = None) -> Entry:
    """Draw a row, of the document ``data`` if given; two texts are possible for it (plain and redacted)."""
    text = draw(st.sampled_from(["plain text", "redacted"]))
    return Entry(
        doc_id=swhid(draw(st.binary(max_size=4)) if data is None else data),
        text_sha256=text_sha256(text),
        n_chars=len(text),
        n_bytes=len(text.encode()),
        origins=sorted_origins(draw(st.lists(made_origins(), min_size=1, max_size=3))),
        kind=draw(st.sampled_from(DocumentKind)),
        language=draw(st.none() | st.sampled_from(["c", "python"])),
    )


same_document = made_entries(b"one document")


@given(origin=made_origins())
def test_an_origin_survives_json(origin: Origin) -> None:
    assert origin_from_json(origin_to_json(origin)) == origin


def test_what_an_origin_does_not_know_takes_no_room() -> None:
    assert origin_to_json(Origin(repo="ada/engine", path="a.py")) == {"repo": "ada/engine", "path": "a.py"}


@given(entry=made_entries())
def test_a_row_survives_the_disk(entry: Entry) -> None:
    line = entry.to_line()
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert Entry.from_line(line) == entry
    assert Entry.from_line(line).to_line() == line


@given(entry=made_entries())
def test_a_row_begins_with_the_document_id(entry: Entry) -> None:
    # The spill (index/spill.py) reads the id at that place without parsing the row.
    assert entry.to_line().startswith(b'{"doc_id":"' + entry.doc_id.encode() + b'"')


@given(entry=made_entries())
def test_a_document_is_its_row_and_its_text(entry: Entry) -> None:
    document = entry.document("the text")
    assert document.content == "the text"
    assert (document.doc_id, document.text_sha256, document.origins) == (
        entry.doc_id,
        entry.text_sha256,
        entry.origins,
    )
    assert (document.kind, document.language) == (entry.kind, entry.language)


@settings(max_examples=50)
@given(first=same_document, second=same_document)
def test_the_order_of_two_duplicates_does_not_matter(first: Entry, second: Entry) -> None:
    assert merge(first, second).to_line() == merge(second, first).to_line()


@settings(max_examples=50)
@given(first=same_document, second=same_document, third=same_document)
def test_the_grouping_of_three_duplicates_does_not_matter(first: Entry, second: Entry, third: Entry) -> None:
    assert merge(merge(first, second), third).to_line() == merge(first, merge(second, third)).to_line()


@settings(max_examples=50)
@given(first=same_document, second=same_document)
def test_every_origin_of_duplicates_is_kept_once(first: Entry, second: Entry) -> None:
    joined = merge(first, second)
    assert set(joined.origins) == {*first.origins, *second.origins}
    assert len(joined.origins) == len(set(joined.origins))
    assert merge(joined, first).to_line() == joined.to_line()


@settings(max_examples=50)
@given(first=same_document, second=same_document)
def test_lengths_stay_with_their_text(first: Entry, second: Entry) -> None:
    joined = merge(first, second)
    assert (joined.text_sha256, joined.n_chars, joined.n_bytes) in {
        (entry.text_sha256, entry.n_chars, entry.n_bytes) for entry in (first, second)
    }


@given(
    origins=st.lists(made_origins(), max_size=6).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))
)
def test_sorting_origins_forgets_their_order(origins: tuple[list[Origin], list[Origin]]) -> None:
    one, other = origins
    assert sorted_origins(one) == sorted_origins(other)


@pytest.mark.parametrize(
    ("licenses", "label"),
    [
        pytest.param((), NOT_RECORDED, id="none is not permissive"),
        pytest.param(("MIT",), "MIT", id="one"),
        pytest.param(("MIT", "BSD-3-Clause"), "MIT AND BSD-3-Clause", id="all apply"),
    ],
)
def test_license_label_names_all_that_apply(licenses: tuple[str, ...], label: str) -> None:
    known = LicenseSource.RECORDED if licenses else LicenseSource.NOT_RECORDED
    assert license_label(Origin("ada/engine", "a.py", licenses=licenses, license_source=known)) == label


GOOD_ENTRY = Entry(
    doc_id=swhid(b"x"),
    text_sha256=text_sha256("x"),
    n_chars=1,
    n_bytes=1,
    origins=(
        Origin("ada/engine", "ä.py", revision="1.0", licenses=("MIT",), license_source=LicenseSource.RECORDED, stars=3),
    ),
    language="python",
)
GOOD_LINE = GOOD_ENTRY.to_line()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"", id="empty"),
        pytest.param(GOOD_LINE[:-20], id="cut"),
        pytest.param(GOOD_LINE * 2, id="two rows"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"{}", id="no key"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(GOOD_LINE.replace(b'"kind":"code"', b'"kind":"cod"'), id="unknown kind"),
        pytest.param(GOOD_LINE.replace(b'"origins":[', b'"origins":[3,'), id="origin is a number"),
        pytest.param(GOOD_LINE.replace(b'"origins":[', b'"origins":["ab",'), id="origin is a string"),
        pytest.param(GOOD_LINE.replace(b'"path"', b'"bath"'), id="unknown field"),
        pytest.param(GOOD_LINE.replace(b'"recorded"', b'"not_recorded"'), id="licenses contradict their source"),
    ],
)
def test_a_damaged_row_raises_what_it_promises(line: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Entry.from_line(line)


@given(at=st.integers(0, len(GOOD_LINE) - 1), value=st.integers(0, 255))
def test_a_changed_byte_gives_a_row_or_the_promised_errors(at: int, value: int) -> None:
    damaged = bytearray(GOOD_LINE)
    damaged[at] = value
    try:
        entry = Entry.from_line(bytes(damaged))
    except (ValueError, KeyError, TypeError):
        return
    assert (entry == GOOD_ENTRY) == (damaged[:-1] == GOOD_LINE[:-1])  # the last byte is the newline
