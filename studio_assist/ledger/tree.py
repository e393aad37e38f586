"""The Merkle tree over the entries: pure functions on hashes.

Leaves are SHA-256(0x00 ‖ entry), inner nodes SHA-256(0x01 ‖ left ‖ right). A node at `level` and `place`
stands over the leaves from place·2^level up to, not including, (place+1)·2^level; only such complete nodes
are ever kept, for they never change. Leaves and places count from 0.

Source: RFC 9162 §2.1 (which takes the tree of RFC 6962 over unchanged).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

#: Root of a tree without leaves.
EMPTY_ROOT: Final = sha256(b"").digest()

#: Looks up the complete node at (level, place).
NodeAt = Callable[[int, int], bytes]


class Node(NamedTuple):
    """One complete node."""

    level: int
    place: int
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry's canonical bytes as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def peaks_of(size: int) -> list[tuple[int, int]]:
    """Level and place of the largest complete subtrees of a tree, from left to right."""
    peaks: list[tuple[int, int]] = []
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            peaks.append((level, start >> level))
            start += 1 << level
    return peaks


def node_count(size: int) -> int:
    """How many complete nodes a tree has, its leaves among them."""
    return sum(size >> level for level in range(size.bit_length()))


class Frontier:
    """The right edge of a growing tree: enough to append and to know the root, nothing more."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)
        if len(self._peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self._peaks)}")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Hashes of the largest complete subtrees, from left to right; see `peaks_of`."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash; gives the nodes that are now complete, from the leaf upwards."""
        place = self.size
        made = [Node(0, place, leaf)]
        top = leaf
        level = 0
        while place & 1:
            top = node_hash(self._peaks.pop(), top)
            place >>= 1
            level += 1
            made.append(Node(level, place, top))
        self._peaks.append(top)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return fold(self._peaks)

    def copy(self) -> Frontier:
        """An independent copy, to try appends that may not come about."""
        return Frontier(self.size, self._peaks)


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees given from left to right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_at(size: int, node: NodeAt) -> bytes:
    """The root that the tree had at `size` leaves, from its kept nodes."""
    return fold([node(level, place) for level, place in peaks_of(size)])


def inclusion_proof(place: int, size: int, node: NodeAt) -> list[bytes]:
    """The hashes that lead from a leaf to the root at `size`, lowest first (RFC 9162 §2.1.3.1)."""
    if not 0 <= place < size:
        raise ValueError(f"leaf {place} is not in a tree of {size}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if place < middle:
            proof.append(_subtree(middle, high, node))
            high = middle
        else:
            proof.append(_subtree(low, middle, node))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, node: NodeAt) -> list[bytes]:
    """The hashes that show the tree at `size` to have grown from the tree at `old` (RFC 9162 §2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} did not grow from one of {old}")
    proof: list[bytes] = []
    low, high, whole = 0, size, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_subtree(middle, high, node))
            high = middle
        else:
            proof.append(_subtree(low, middle, node))
            low, whole = middle, False
    if not whole:
        proof.append(_subtree(low, high, node))
    return proof[::-1]


def verify_inclusion(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows a leaf's hash at `place` in the tree with this root (RFC 9162 §2.1.3.2)."""
    if not 0 <= place < size:
        return False
    first, last = place, size - 1
    found = leaf
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node_hash(sibling, found)
            while first and not first & 1:
                first >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        first >>= 1
        last >>= 1
    return last == 0 and found == root


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the proof shows that the later tree only added to the earlier one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = old - 1, size - 1
    while first & 1:
        first >>= 1
        last >>= 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
            while first and not first & 1:
                first >>= 1
                last >>= 1
        else:
            after = node_hash(after, sibling)
        first >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == root


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _subtree(low: int, high: int, node: NodeAt) -> bytes:
    """Hash over the leaves [low, high). The tree's splits make `low` fit its complete parts."""
    return fold([node(level, (low >> level) + place) for level, place in peaks_of(high - low)])
