"""Matches against brute force: every copy found, exact to the character, with every document that holds it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.build import build_index
from codewhence.index.store import Index, open_index
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import GUARANTEE
from tests.index.made_corpus import SMALL_TEXTS, MadeSource, made_code, made_file, made_source
from tests.index.truth import check_truth, exact_matches, grown, n_whole_tokens

# Code of these seeds stands in no index.
unseen_code = st.integers(10**6, 2 * 10**6).map(lambda seed: made_code(seed, n_lines=3))


def built(path: Path, texts: list[str], *, n_buckets: int = 2) -> Index:
    build_index([made_source(texts)], path / "index", n_buckets=n_buckets, n_workers=1)
    return open_index(path / "index")


@settings(max_examples=40)
@given(data=st.data())
def test_every_copy_is_found_with_exact_ends(small_index: Path, data: st.DataObject) -> None:
    text, copies = "", []
    for _ in range(data.draw(st.integers(1, 3))):
        text += data.draw(unseen_code)
        stored = data.draw(st.sampled_from(SMALL_TEXTS))
        start = data.draw(st.integers(0, len(stored) - 250))
        end = data.draw(st.integers(start + 100, min(len(stored), start + 700)))
        copies.append((len(text), len(text) + end - start, stored, start))
        text += stored[start:end]
    text += data.draw(unseen_code)
    with open_index(small_index) as index:
        matches = exact_matches(index, text)
        check_truth(index, text, matches)
        found = {
            (match.span.start, match.span.end, document.content)
            for match in matches
            for source in match.sources
            if (document := index.document(source.doc_id)) is not None and source.verbatim
        }
    for start, end, stored, stored_start in copies:
        if n_whole_tokens(stored, stored_start, stored_start + end - start) >= GUARANTEE:
            assert (*grown(text, start, end, stored, stored_start), stored) in found


BLOCKS = [made_code(seed, n_lines=5) for seed in range(500, 506)]
block_lists = st.lists(st.integers(0, len(BLOCKS) - 1), min_size=1, max_size=4)


@settings(max_examples=40)
@given(documents=st.lists(block_lists, min_size=1, max_size=8), query=block_lists, filler=unseen_code)
def test_sources_are_all_the_documents_that_hold_the_span(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[int]], query: list[int], filler: str
) -> None:
    texts = [f"unique_{number}\n" + "".join(BLOCKS[block] for block in some) for number, some in enumerate(documents)]
    text = filler + "".join(BLOCKS[block] for block in query) + filler
    with built(tmp_path_factory.mktemp("blocks"), texts) as index:
        matches = exact_matches(index, text)
        check_truth(index, text, matches)
        contents = {document.doc_id: document.content for document in index.documents()}
    for match in matches:
        start, end = match.span.start, match.span.end
        holders = {doc_id for doc_id, content in contents.items() if text[start:end] in content}
        assert {source.doc_id for source in match.sources if source.verbatim} == holders
        # No longer span is held by the same documents.
        assert not start or any(text[start - 1 : end] not in contents[doc_id] for doc_id in holders)
        assert end == len(text) or any(text[start : end + 1] not in contents[doc_id] for doc_id in holders)


@settings(max_examples=40)
@given(documents=st.lists(block_lists, min_size=1, max_size=8), query=block_lists)
def test_whatever_stands_in_a_document_is_covered(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[int]], query: list[int]
) -> None:
    texts = [f"unique_{number}\n" + "".join(BLOCKS[block] for block in some) for number, some in enumerate(documents)]
    text = "".join(BLOCKS[block] for block in query)
    with built(tmp_path_factory.mktemp("blocks"), texts) as index:
        matches = exact_matches(index, text)
    covered = {at for match in matches for at in range(match.span.start, match.span.end)}
    at = 0
    for block in query:
        if any(block in some for some in documents):
            assert covered >= {*range(at, at + len(BLOCKS[block]))}
        at += len(BLOCKS[block])


def test_a_copy_in_every_document_of_many_buckets_names_them_all(tmp_path: Path) -> None:
    shared = made_code(1, n_lines=8)
    texts = [made_code(1000 + number, 4) + shared + made_code(2000 + number, 4) for number in range(100)]
    with built(tmp_path, texts, n_buckets=8) as index:
        (match,) = [m for m in exact_matches(index, shared) if m.span.start == 0 and m.span.end == len(shared)]
        check_truth(index, shared, [match])
    assert match.n_documents == len(match.sources) == 100
    assert not match.idiom  # one project


def test_each_origin_of_a_document_is_a_source(tmp_path: Path) -> None:
    files = tuple(made_file(made_code(1), repo=f"made/{n}", path=path) for n in range(3) for path in ("a.py", "b.py"))
    build_index([MadeSource(files)], tmp_path / "index", n_workers=1)
    with open_index(tmp_path / "index") as index:
        (match,) = exact_matches(index, made_code(1))
    assert match.n_documents == 1
    assert [(source.origin.repo, source.origin.path) for source in match.sources] == [
        (file.origin.repo, file.origin.path) for file in files
    ]


REFORMATS: dict[str, Callable[[str], str]] = {
    "deeper": lambda code: "".join(f"    {line}" for line in code.splitlines(keepends=True)),
    "flat": lambda code: "".join(line.lstrip(" ") for line in code.splitlines(keepends=True)),
    "tabs": lambda code: code.replace("    ", "\t"),
    "CRLF": lambda code: code.replace("\n", "\r\n"),
    "CR": lambda code: code.replace("\n", "\r"),
    "one line": lambda code: " ".join(code.split()),
    "wrapped": lambda code: code.replace(", ", ",\n        ").replace(" = ", " = \\\n  "),
    "tight": lambda code: code.replace(", ", ",").replace(" + ", "+").replace(" = ", "="),
    "other quotes": lambda code: code.replace('"', "'").replace("\n", " \n"),
}


@pytest.mark.parametrize("layout", REFORMATS)
@settings(max_examples=10)
@given(number=st.integers(0, 29), before=unseen_code, after=unseen_code)
def test_a_reformatted_copy_is_found_and_not_called_verbatim(
    small_index: Path, layout: str, number: int, before: str, after: str
) -> None:
    stored = SMALL_TEXTS[number]
    copy = REFORMATS[layout](stored).strip() + "\n"
    text = before + copy + after
    n_tokens = len(tokenize(copy))
    with open_index(small_index) as index:
        matches = exact_matches(index, text)
        check_truth(index, text, matches)
        (match,) = [match for match in matches if match.n_tokens >= n_tokens]
        (source,) = match.sources
        document = index.document(source.doc_id)
    assert document is not None
    assert document.content == stored
    assert not match.verbatim
    assert not source.verbatim
    tokens, first = tokenize(text), len(tokenize(before))
    assert match.span.start <= tokens.starts[first]
    assert match.span.end >= tokens.ends[first + n_tokens - 1]
    in_text = tokenize(text[match.span.start : match.span.end]).hashes.tolist()
    in_source = tokenize(stored[source.span.start : source.span.end]).hashes.tolist()
    assert in_text == in_source
    assert len(in_text) >= n_tokens


# Lines of other scripts and line ends, each long enough to be found.
SCRIPTS = {
    "tabs": "\tif\tcount\t>\tlimit:\n\t\treturn\tcount\t-\tlimit\n\telse:\n\t\treturn\tlimit\t+\tcount\t*\t3\nx=-y+z\n",
    "CRLF": "while head < tail:\r\n    move(head, tail - step)\r\n    size += head * scale + 3 - 3 % tail\r\na = 1\r\n",
    "lone CR": "for row in table:\r    fill(row, width / depth)\r    area -= row * width + 9 - 9 % depth\ra = last\r",
    "emoji": "greetings = ['👋🏽', '🙂', '🚀'] + ['👩\u200d🚀', '🇫🇷'] + more_greetings + [wave * 3] + last * total\n",
    "right to left": "שלום = עולם + ערך * גודל - מספר / אורך % רוחב + שורה * עמודה - שכבה + הכל + סוף + עוד\n",
    "mixed directions": "name = 'שלום' + abc * 3 - 'مرحبا' / \u202eabc\u202c % x + y * z - last + first * t + a + b\n",
    "no blanks": "変数=値;結果=関数(変数,値);もし結果なら印刷する(結果);終わり\n",
    "accents": "größe = übergabe + élan * naïve - señor / façade % über + straße * Ärger - Öl + ça + été + où\n",
    "beyond the basic plane": "𠀀 = 𠀁 + 𠀂 * 𠀃 - 𠀄 / 𠀅 % 𠀆 + 𠀇 * 𠀈 - 𠀉 + 𠀊 * 𠀋 - 𠀌\n",
}


@pytest.fixture(scope="module")
def scripts_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scripts") / "index"
    texts = [f"# {name} 🙂 é\n{body}# end of {name}\n" for name, body in SCRIPTS.items()]
    build_index([made_source(texts)], path, n_workers=1)
    return path


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("before", ["", "x\n", "🚀é\r\n\tשם\n"], ids=["at the start", "after ASCII", "after emoji"])
def test_offsets_slice_back_in_any_script(scripts_index: Path, script: str, before: str) -> None:
    body = SCRIPTS[script]
    text = f"{before}{body}\tother 中 text\n"
    with open_index(scripts_index) as index:
        matches = exact_matches(index, text)
        check_truth(index, text, matches)
    (match,) = matches
    assert match.verbatim
    assert body.strip() in text[match.span.start : match.span.end]
    assert text[match.span.start : match.span.end].strip() in before.strip() + body  # no more than chance before it
