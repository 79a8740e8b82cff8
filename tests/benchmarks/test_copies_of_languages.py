"""Functions of other languages: found, re-indented and renamed without a token lost."""

import random

import pytest

from benchmarks.copies import tokens

CODE = {
    "c": """\
static int count_items(struct item *first, int limit)
{
    int n_items = 0;
    struct item *each = first;

    /* walk */
    while (each != NULL && n_items < limit) {
        n_items += each->limit;
        each = each->next;
    }
    return n_items;
}
""",
    "go": """\
func (s *Store) Count(first *Item, limit int) (int, error) {
	total := 0
	var each = first

	for each != nil && total < limit {
		total += each.limit
		log.Printf("total %d", total)
		each = each.next
	}
	return total, nil
}
""",
    "java": """\
    public int countItems(List<Item> items, int limit) throws IOException {
        int total = 0;
        Item last = null;

        for (Item item : items) {
            total += item.limit;
            this.limit = limit;
            last = item;
        }
        return total;
    }
""",
    "javascript": """\
function countItems(items, limit) {
  let total = 0;
  const last = items[0];

  for (const item of items) {
    total += item.limit;
    report({ limit: total });
    console.log(`total ${last}`);
  }
  return total;
}
""",
    "rust": """\
fn count_items(items: &[Item], limit: usize) -> usize {
    let mut total = 0;
    let last = items.len();

    for item in items {
        total += item.limit;
        println!("{limit} of {}", last);
        trace(total);
    }
    total + last
}
""",
}
RENAMED = {
    "c": {"first", "limit", "n_items", "each"},
    "go": {"s", "first", "limit", "total", "each"},
    "java": {"items", "limit", "total", "last", "item"},
    "javascript": {"items", "total", "last", "item"},  # not limit: it is a key too
    "rust": {"items", "total", "last", "item"},  # not limit: a format string names it
}
LANGUAGES = pytest.mark.parametrize("language", sorted(CODE))


@LANGUAGES
def test_a_function_is_cut_out_whole(language: str) -> None:
    other = "/* not a function { */\n\n"
    around = other + CODE[language] + "\n"
    [(start, end)] = tokens.functions(around, language)
    assert around[start:end] == CODE[language].rstrip("\n")


@LANGUAGES
def test_functions_of_seven_lines_are_left_out(language: str) -> None:
    short = "\n".join(CODE[language].split("\n")[:1] + CODE[language].split("\n")[-3:])
    assert tokens.functions(short, language) == []


@LANGUAGES
def test_reindenting_keeps_every_token(language: str) -> None:
    code = CODE[language].rstrip("\n")
    indented = tokens.reindented(code, language)
    assert indented is not None
    assert indented != code
    assert "\n\n" not in indented
    assert indented.split() == code.split()


@LANGUAGES
def test_parameters_and_locals_are_renamed_and_nothing_else(language: str) -> None:
    code = CODE[language].rstrip("\n")
    renamed = tokens.locals_renamed(code, language, random.Random(1))
    assert renamed is not None
    old, new = tokens.pieces(code, language), tokens.pieces(renamed, language)
    changed = {(one.text, two.text) for one, two in zip(old, new, strict=True) if one.text != two.text}
    assert {before for before, _ in changed} == RENAMED[language]
    assert len({after for _, after in changed}) == len(changed)
    # Members keep their name.
    assert "limit" in renamed


@LANGUAGES
def test_code_without_locals_is_refused(language: str) -> None:
    assert tokens.locals_renamed("return 1;", language, random.Random(1)) is None


def test_lines_inside_a_comment_keep_their_blanks() -> None:
    code = "int f(int a)\n{\n/* one\n\n      two */\n    return a;\n}"
    assert tokens.reindented(code, "c") == "int f(int a)\n{\n   /* one\n\n      two */\n   return a;\n}"
