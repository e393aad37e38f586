"""A proof as plain text: that one entry stands in the record, under a head that was signed.

Whoever gets it checks it with sha256sum and openssl, or with `resources/pack/verify.py`'s way of going from
a leaf to a root; the steps stand in the text itself. It names no text of the script: the entry has none.

Sources: RFC 9162 §2.1.3 for the path; C2SP tlog-checkpoint and signed-note for the signed head.
"""

from __future__ import annotations

from typing import Final

from studio_assist.domain.errors import Damaged
from studio_assist.ledger.past import write_entry
from studio_assist.ledger.reading import Reader
from studio_assist.ledger.schema import WORK_ON
from studio_assist.ledger.seals import Seals, StoredCheckpoint
from studio_assist.ledger.tree import leaf_hash, verify_inclusion

_HOW: Final = """\
How to check it
1. The leaf is SHA-256 over a zero byte and the entry. Put the entry, exactly as it stands above on one line,
   into a file entry.json (UTF-8, no newline at its end):
   (printf '\\000'; cat entry.json) | sha256sum
2. From the leaf to the root: let i be the entry's number less 1, n the tree size less 1, h the leaf. For each
   hash s of the path, in order: if i is odd or i = n, h becomes SHA-256 of byte 1, s, h, and i and n are
   halved (rounded down) until i is odd or 0; otherwise h becomes SHA-256 of byte 1, h, s. Then i and n are
   halved once. At the end n is 0 and h is the root (RFC 9162, 2.1.3.2)."""
_SIGNED: Final = """\
3. The third line of the checkpoint is the root in base64, its second the tree size. Its signature is Ed25519
   over its text up to the empty line, newline included: the last 64 bytes of the base64 behind the dash.
   openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in TEXT -sigfile SIGNATURE
It shows that the entry was in the record when the checkpoint was signed, and was not changed since. It does
not show whose the key is: ask them on another way for its first digits."""
_UNSIGNED: Final = """\
No checkpoint covers this entry yet: nobody has signed this root. The proof shows that the entry stands in a
record with this root, and no more. Keep the root elsewhere, or ask for the proof again after the next
checkpoint."""


def proof_text(reader: Reader, number: int) -> str:
    """The entry, its leaf, the way to a root, and the newest checkpoint that covers it, as plain text.

    Where no checkpoint covers it, the root is the record's present one, and the text says that nobody signed
    it.

    Raises `BadInput` where there is no such entry, `Damaged` where the entry does not lead to that root: then
    there is nothing to prove.
    """
    entry = reader.entry(number)
    canonical = write_entry(entry)
    leaf = leaf_hash(canonical)
    signed = _newest_over(reader, number)
    size = signed.size if signed is not None else reader.size
    root = signed.root if signed is not None else reader.root
    path = reader.inclusion_proof(number, size)
    if not verify_inclusion(
        leaf, number - 1, size, [bytes.fromhex(one) for one in path], bytes.fromhex(root)
    ):
        raise Damaged(
            f"Entry {number:,} does not lead to the record's root: there is no proof of it.",
            remedy=WORK_ON,
            place=str(reader.path),
        )
    lines = [
        f"Inclusion proof of entry {number} of a Studio Assist record",
        "",
        "Entry",
        canonical.decode("utf-8"),
        "",
        f"Leaf {leaf.hex()}",
        f"Tree size {size}",
        f"Root {root}",
        f"Path, {len(path)} hashes, lowest first",
        *path,
        "",
    ]
    if signed is not None:
        lines += [f"Checkpoint, signed with the Ed25519 key {signed.key}", signed.note.rstrip("\n"), ""]
    lines += [_HOW, _SIGNED if signed is not None else _UNSIGNED]
    return "\n".join(lines) + "\n"


def _newest_over(reader: Reader, number: int) -> StoredCheckpoint | None:
    """The newest checkpoint that covers an entry."""
    last = reader.last_checkpoint() if isinstance(reader, Seals) else None
    return last if last is not None and last.size >= number else None
