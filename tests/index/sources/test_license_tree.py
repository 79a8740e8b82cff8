"""The license files of a tree: the nearest folder speaks, up to the border of other people's code."""

from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.licensing import LicenseClaim, recorded
from codewhence.index.sources.base import SkippedError
from codewhence.index.sources.license_tree import LicenseGroup, LicenseStatement, LicenseTree, state_license
from tests.index.sources.reading import GPL, MIT, document_id

folders = st.lists(st.sampled_from(["a", "b", "vendor"]), max_size=4).map("/".join)


def of_paths(*paths: str) -> LicenseTree:
    """Build a tree whose addresses are its paths."""
    return LicenseTree.of_files((path, path) for path in paths)


@given(licensed=st.sets(folders, max_size=4), folder=folders)
def test_the_nearest_folder_below_the_last_border_speaks(licensed: set[str], folder: str) -> None:
    tree = of_paths(*(f"{each}/LICENSE".lstrip("/") for each in licensed))
    parts = folder.split("/") if folder else []
    above = ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]
    expected: tuple[tuple[str, str], ...] = ()
    for each in above:
        if each in licensed:
            path = f"{each}/LICENSE".lstrip("/")
            expected = ((path, path),)
            break
        if each.rpartition("/")[2] == "vendor":
            break
    assert tree.group_of(folder) == LicenseGroup(expected, is_foreign="vendor" in parts)
    assert tree.group_of(folder) == tree.group_of(folder)


def test_a_licenses_folder_belongs_to_the_folder_around_it() -> None:
    tree = of_paths("LICENSES/MIT.txt", "LICENSES/GPL-3.0-only.txt", "a/LICENSES/MIT.txt", "a/COPYING", "a/b.py")
    assert [path for path, _ in tree.group_of("").files] == ["LICENSES/GPL-3.0-only.txt", "LICENSES/MIT.txt"]
    assert [path for path, _ in tree.group_of("a").files] == ["a/COPYING"]


def test_what_cannot_be_fetched_claims_nothing() -> None:
    def fetch(address: str) -> bytes:
        if address == "gone":
            raise SkippedError("unreadable")
        return address.encode()

    whole = LicenseStatement(recorded("ISC"), ("swh:1:cnt:whole",))
    both = LicenseGroup((("LICENSE", MIT), ("LICENSE-2", "gone")))
    assert state_license(both, fetch, whole=LicenseStatement()) == LicenseStatement(LicenseClaim(), (document_id(MIT),))
    assert state_license(both, fetch, whole=whole) == LicenseStatement(
        whole.claim, (document_id(MIT), "swh:1:cnt:whole")
    )


def test_the_whole_tree_speaks_only_where_nothing_nearer_does() -> None:
    whole = LicenseStatement(recorded("ISC"), ("swh:1:cnt:whole",))

    def state(group: LicenseGroup) -> LicenseStatement:
        return state_license(group, str.encode, whole=whole)

    assert state(LicenseGroup()) == whole
    assert state(LicenseGroup((("x/COPYING", GPL),))).claim.licenses == ("GPL-3.0",)
    assert state(LicenseGroup(is_foreign=True)) == LicenseStatement()
    assert (
        state(LicenseGroup((("vendor/LICENSE", b"\xff\xfe\xfd".decode("latin-1")),), is_foreign=True)).claim
        == LicenseClaim()
    )
