"""The tree is RFC 9162's: known roots, and proofs that hold for what is true and for nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.ledger import tree

#: The leaves and roots that certificate transparency implementations are tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
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


class Grown:
    """A tree grown leaf by leaf, with all its nodes."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.roots = [tree.EMPTY_ROOT]
        frontier = tree.Frontier()
        for leaf in leaves:
            for node in frontier.append(tree.leaf_hash(leaf)):
                self.nodes[node.level, node.place] = node.hash
            self.roots.append(frontier.root())

    def node(self, level: int, place: int) -> bytes:
        return self.nodes[level, place]


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition in RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_known_ones(size):
    assert Grown(LEAVES[:size]).roots[-1].hex() == ROOTS[size - 1]


@given(st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_every_size_has_the_root_of_the_definition_and_counts_its_nodes(size):
    leaves = [str(at).encode() for at in range(size)]
    grown = Grown(leaves)
    assert grown.roots[-1] == recursive_root(leaves) == tree.root_at(size, grown.node)
    assert len(grown.nodes) == tree.node_count(size)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_inclusion_proof_holds_for_its_leaf_alone(data):
    size = data.draw(st.integers(1, 130))
    place = data.draw(st.integers(0, size - 1))
    grown = Grown([str(at).encode() for at in range(size)])
    proof = tree.inclusion_proof(place, size, grown.node)
    leaf, root = grown.node(0, place), grown.roots[size]
    assert tree.verify_inclusion(leaf, place, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != place)) if size > 1 else None
    if other is not None:
        assert not tree.verify_inclusion(grown.node(0, other), place, size, proof, root)
        assert not tree.verify_inclusion(leaf, other, size, proof, root)
    assert not tree.verify_inclusion(leaf, place, size, [*proof, leaf], root)
    if proof:
        assert not tree.verify_inclusion(leaf, place, size, proof[:-1], root)
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:at], sha256(proof[at]).digest(), *proof[at + 1 :]]
        assert not tree.verify_inclusion(leaf, place, size, wrong, root)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_consistency_proof_holds_for_growth_and_for_no_rewriting(data):
    size = data.draw(st.integers(1, 130))
    old = data.draw(st.integers(1, size))
    leaves = [str(at).encode() for at in range(size)]
    grown = Grown(leaves)
    proof = tree.consistency_proof(old, size, grown.node)
    assert tree.verify_consistency(old, size, proof, grown.roots[old], grown.roots[size])
    rewritten = list(leaves)
    rewritten[data.draw(st.integers(0, old - 1))] = b"rewritten"
    other = Grown(rewritten)
    forged = tree.consistency_proof(old, size, other.node)
    assert not tree.verify_consistency(old, size, forged, grown.roots[old], other.roots[size])
    assert not tree.verify_consistency(old, size, proof, other.roots[old], grown.roots[size])
    if proof:
        assert not tree.verify_consistency(old, size, proof[:-1], grown.roots[old], grown.roots[size])
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:at], sha256(proof[at]).digest(), *proof[at + 1 :]]
        assert not tree.verify_consistency(old, size, wrong, grown.roots[old], grown.roots[size])


def test_proofs_outside_the_tree_are_refused():
    grown = Grown(LEAVES)
    with pytest.raises(ValueError, match="not in a tree"):
        tree.inclusion_proof(8, 8, grown.node)
    with pytest.raises(ValueError, match="did not grow"):
        tree.consistency_proof(0, 8, grown.node)
    assert not tree.verify_consistency(9, 8, [], grown.roots[8], grown.roots[8])
