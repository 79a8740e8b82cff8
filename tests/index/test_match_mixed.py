"""Documents and queries mixed from the same pieces, some in another layout: sources complete, nothing uncovered."""

import numpy as np
import pytest

from codewhence.index.build import build_index
from codewhence.index.store import open_index
from codewhence.index.winnow import GUARANTEE
from tests.index.made_corpus import made_code, made_source
from tests.index.truth import check_truth, exact_matches


def mixed(seed: int) -> tuple[list[str], str]:
    """Return documents and a query, both of a few blocks of code, each as it is or with another layout."""
    numbers = iter(np.random.default_rng(seed).integers(0, 1 << 30, 500).tolist())
    blocks = [made_code(next(numbers), n_lines=1 + next(numbers) % 5) for _ in range(3 + next(numbers) % 8)]

    def block() -> str:
        chosen, form = blocks[next(numbers) % len(blocks)], next(numbers) % 10
        if form == 7:
            return chosen.replace("\n", "\r\n")
        if form == 8:
            return "".join(f"  {line}" for line in chosen.splitlines(keepends=True))
        return chosen[next(numbers) % 40 :] if form == 9 else chosen

    texts = [
        f"unique_{n}\n" + "".join(block() for _ in range(1 + next(numbers) % 6)) for n in range(1 + next(numbers) % 8)
    ]
    query = [block() if next(numbers) % 5 else made_code(next(numbers), 2) for _ in range(1 + next(numbers) % 6)]
    return texts, "".join(query)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_answers_about_mixed_copies_are_true_and_complete(
    tmp_path_factory: pytest.TempPathFactory, hundred: int
) -> None:
    path = tmp_path_factory.mktemp("mixed") / "index"
    for seed in range(100 * hundred, 100 * hundred + 100):
        texts, text = mixed(seed)
        build_index([made_source(texts)], path, n_buckets=1 + seed % 2, n_workers=1)
        with open_index(path) as index:
            matches = exact_matches(index, text)
            check_truth(index, text, matches)
            contents = {document.doc_id: document.content for document in index.documents()}
        for match in matches:
            if match.n_tokens < GUARANTEE + 2:
                continue  # a document where the words at its ends are longer shares fewer tokens than the guarantee
            copy = text[match.span.start : match.span.end]
            holders = {doc_id for doc_id, content in contents.items() if copy in content}
            assert {source.doc_id for source in match.sources if source.verbatim} == holders, (seed, match.span)
