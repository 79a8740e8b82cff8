"""Merkle tree hash: the published vectors, and that any change of the leaves changes the root."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.merkle import merkle_root

leaves = st.lists(st.binary(max_size=8), max_size=20)

# Inputs and roots of Certificate Transparency's reference tests (google/certificate-transparency, merkletree).
LEAVES = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes(range(0x60, 0x70)))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("n_leaves", range(1, 9))
def test_roots_are_those_of_certificate_transparency(n_leaves: int) -> None:
    assert merkle_root(LEAVES[:n_leaves]) == ROOTS[n_leaves - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle_root([]) == hashlib.sha256(b"").hexdigest()


@given(first=leaves, second=leaves)
def test_different_leaves_have_different_roots(first: list[bytes], second: list[bytes]) -> None:
    assert (merkle_root(first) == merkle_root(second)) == (first == second)


@given(left=st.binary(max_size=8), right=st.binary(max_size=8))
def test_a_node_is_no_leaf(left: bytes, right: bytes) -> None:
    node = hashlib.sha256(b"\x00" + left).digest() + hashlib.sha256(b"\x00" + right).digest()
    assert merkle_root([left, right]) != merkle_root([node])
