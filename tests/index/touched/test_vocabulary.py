"""Reserved words of each language, and the language that a text reads like."""

import re
from pathlib import Path

import numpy as np
import pytest

from codewhence.errors import FormatError
from codewhence.index.lexing.table import TABLE, rules_of
from codewhence.index.tokens import tokenize
from codewhence.index.touched import language_guess
from codewhence.index.touched.language_guess import guess_language
from codewhence.index.touched.vocabulary import LANGUAGES, NO_RULES, are_reserved, language_number


def reserved(text: str, language: str | None) -> list[bool]:
    hashes = tokenize(text).hashes
    return are_reserved(hashes, np.full(len(hashes), language_number(language), dtype=np.uint8)).tolist()


def test_every_language_with_rules_has_a_number() -> None:
    assert {*LANGUAGES} == {*TABLE}
    assert [LANGUAGES[language_number(language)] for language in TABLE] == list(TABLE)
    assert {language_number(each) for each in (None, "brainfuck", "Python")} == {NO_RULES}


def words_of(language: str) -> set[str]:
    """Return the keywords of a language as words of letters; ``defined?`` is one and a sign."""
    rules = rules_of(language)
    assert rules is not None
    words = {word for keyword in rules.keywords for word in re.findall(r"\w+", keyword)}
    return (
        {cased for word in words for cased in (word, word.upper(), word.capitalize())} if rules.ignores_case else words
    )


@pytest.mark.parametrize("language", sorted(TABLE))
def test_exactly_the_keywords_of_a_language_are_reserved(language: str) -> None:
    every = sorted({word for each in TABLE for word in words_of(each)} | {"glacier", "lantern", "_", "x1"})
    expected = [word in words_of(language) for word in every]
    assert reserved(" ".join(every), language) == expected
    assert 10 < sum(expected) < len(every)


def test_each_token_is_asked_for_in_its_own_language() -> None:
    hashes = tokenize("elif elif func func").hashes
    languages = np.array([language_number(each) for each in ("python", "go", "python", "go")], dtype=np.uint8)
    assert are_reserved(hashes, languages).tolist() == [True, False, False, True]


@pytest.mark.parametrize("language", [None, "brainfuck"])
def test_nothing_is_reserved_in_a_language_without_rules(language: str | None) -> None:
    assert not any(reserved("if else for while class def return", language))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        pytest.param("sql", [True, True, True], id="any case"),
        pytest.param("python", [True, False, False], id="its case"),
    ],
)
def test_case_counts_where_the_language_says_so(language: str, expected: list[bool]) -> None:
    assert reserved("in IN In", language) == expected


def test_no_token_is_no_answer() -> None:
    assert reserved("", "python") == []


SNIPPETS = {
    "c": """
static int ring_push(struct ring *ring, const char *item)
{
    size_t next = (ring->head + 1) % ring->capacity;
    if (next == ring->tail)
        return -1;
    ring->slots[ring->head] = strdup(item);
    ring->head = next;
    return 0;
}
""",
    "c++": """
template <typename Key>
class Registry {
public:
    explicit Registry(std::size_t limit) : limit_(limit) {}
    bool add(const Key& key) {
        if (seen_.size() >= limit_) throw std::runtime_error("full");
        return seen_.insert(key).second;
    }
private:
    std::size_t limit_;
    std::unordered_set<Key> seen_;
};
""",
    "go": """
func (s *Store) Load(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, ok := s.entries[name]
	if !ok {
		return nil, fmt.Errorf("no entry %q", name)
	}
	for _, hook := range s.hooks {
		go hook(entry)
	}
	return entry.data, nil
}
""",
    "java": """
public final class Ledger implements Iterable<Entry> {
    private final List<Entry> entries = new ArrayList<>();

    @Override
    public Iterator<Entry> iterator() {
        return entries.iterator();
    }

    public void record(String account, long cents) throws LedgerException {
        if (cents == 0) {
            throw new LedgerException("nothing to record for " + account);
        }
        entries.add(new Entry(account, cents));
    }
}
""",
    "javascript": """
export async function loadPages(urls, { retries = 3 } = {}) {
  const pages = new Map();
  for (const url of urls) {
    let answer = null;
    for (let tries = 0; tries < retries && answer === null; tries++) {
      try {
        answer = await fetch(url);
      } catch (error) {
        console.warn(`failed: ${url}`, error);
      }
    }
    pages.set(url, answer);
  }
  return pages;
}
""",
    "php": """
<?php
namespace Shop\\Cart;

final class Basket
{
    private array $items = [];

    public function add(string $name, int $count = 1): void
    {
        foreach ($this->items as $item) {
            if ($item['name'] === $name) {
                echo "again";
            }
        }
        $this->items[] = ['name' => $name, 'count' => $count];
    }
}
""",
    "python": """
def merge_intervals(intervals, *, gap=0):
    \"\"\"Merge intervals that overlap or are at most a gap apart.\"\"\"
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged if merged is not None else []
""",
    "ruby": """
module Garden
  class Plot
    attr_reader :plants

    def initialize(rows)
      @rows = rows
      @plants = []
    end

    def sow(name)
      return false unless @rows.positive?
      @plants << name
      @rows -= 1
      yield name if block_given?
      self
    end
  end
end
""",
    "rust": """
impl<T: Clone> Shelf<T> {
    pub fn take(&mut self, at: usize) -> Option<T> {
        let slot = self.slots.get_mut(at)?;
        match slot.take() {
            Some(item) => {
                self.free += 1;
                Some(item)
            }
            None => None,
        }
    }
}
""",
    "shell": """
#!/bin/sh
set -eu
for name in "$@"; do
    if [ ! -f "$name" ]; then
        echo "no such file: $name" >&2
        exit 1
    fi
    case "$name" in
        *.gz) gunzip "$name" ;;
        *) cp "$name" backup/ ;;
    esac
done
""",
    "sql": """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id),
    placed TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
SELECT c.name, COUNT(*) AS n
FROM customers c LEFT JOIN orders o ON o.customer = c.id
WHERE o.placed > '2020-01-01' GROUP BY c.name HAVING COUNT(*) > 3 ORDER BY n DESC;
""",
    "typescript": """
export interface Shape { readonly kind: string; area(): number; }

export class Square implements Shape {
  public readonly kind = "square";
  constructor(private readonly side: number) {}
  area(): number { return this.side ** 2; }
}

export function total(shapes: readonly Shape[]): number {
  let sum: number = 0;
  for (const shape of shapes) sum += shape.area();
  return sum;
}
""",
}


def test_every_language_with_rules_has_a_snippet() -> None:
    assert {*SNIPPETS} == {*TABLE}


# A language may be taken for one whose comments and strings look alike: the outcome is nearly the same.
ALIKE = ({"c", "c++"}, {"javascript", "typescript"})


@pytest.mark.parametrize("language", sorted(SNIPPETS))
def test_the_language_of_real_looking_code_is_guessed(language: str) -> None:
    guessed = guess_language(tokenize(SNIPPETS[language]))
    assert guessed == language or any({language, guessed} <= pair for pair in ALIKE)


def test_a_damaged_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "{}", language_guess.TABLE_PATH.read_text().replace('"yield"', '"yields"')):
        (tmp_path / "table").write_text(text)
        monkeypatch.setattr(language_guess, "TABLE_PATH", tmp_path / "table")
        language_guess._table.cache_clear()
        with pytest.raises(FormatError, match="Install codewhence again"):
            guess_language(tokenize("return"))
    language_guess._table.cache_clear()


@pytest.mark.parametrize("text", ["", "\n", "12 (34)", "glacier lantern oyster"], ids=ascii)
def test_a_text_without_reserved_words_is_no_language(text: str) -> None:
    assert guess_language(tokenize(text)) is None
