"""Witnesses: another person or machine signs the head of a ledger, and so keeps it from being rolled back.

Two files go between people. The offer holds a checkpoint and proofs that the ledger only grew since earlier
sizes. The reply holds the same checkpoint with the witness's co-signature, and is kept by both: by the ledger
as a proof, by the witness as what tells if this record is ever rolled back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from studio_assist.domain.errors import BadInput, Damaged, Refusal
from studio_assist.domain.ports import Signer
from studio_assist.domain.record import Witnessed
from studio_assist.domain.values import PersonId, Sha256, Value
from studio_assist.ledger import notes, proofs, tree
from studio_assist.ledger.proofs import Seen
from studio_assist.ledger.schema import WORK_ON
from studio_assist.ledger.seals import Head, Seals, StoredWitness, read_head
from studio_assist.ledger.store import Ledger

#: Sizes of earlier witnesses and checkpoints for which an offer holds a proof, besides those that halve the
#: way back: a copy was most likely made of a closed project, and closing signs a checkpoint.
_WITNESSED: Final = 8
_SIGNED: Final = 64
#: What opening a copy and looking at it writes into the copy alone. It is no other history of the project.
_BY_LOOKING: Final = frozenset({"person_added", "key_added", "presented", "request_ended", "recovered"})
_MOST_BY_LOOKING: Final = 1000
#: A file that is handed in is not read beyond this.
_MOST_BYTES: Final = 1_000_000
_REMEDY: Final = "Ask for the file again, as it was made."
_Exchanged = TypeVar("_Exchanged", "Offer", "Reply")
_Line = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Growth(Value):
    """The proof that a ledger at the offer's size holds all that it held at `size` (RFC 9162 §2.1.4)."""

    proof: tuple[Sha256, ...]
    size: Annotated[int, Field(ge=1)]


class Offer(Value):
    """What is handed to a witness. `earlier` has the largest size first; `vkeys` names who signed."""

    earlier: tuple[Growth, ...]
    note: str
    origin: str
    type: Literal["studio-assist witness offer"] = "studio-assist witness offer"
    v: Literal[1] = 1
    vkeys: tuple[_Line, ...]


class Reply(Value):
    """What a witness hands back.

    Attributes:
        agreed: up to how many entries the witness's own copy or earlier co-signature is the same; 0 where
            they had nothing to compare with, and saw this ledger for the first time.
        name: the witness as people know them, as they say themselves.
        note: the offer's checkpoint with one more signature.
        vkey: the witness's public key.
    """

    agreed: Annotated[int, Field(ge=0)]
    name: _Line
    note: str
    origin: str
    type: Literal["studio-assist witness reply"] = "studio-assist witness reply"
    v: Literal[1] = 1
    vkey: _Line


class Cosigned(NamedTuple):
    """A co-signature that was made. `reply` is the file to hand back, and to keep."""

    reply: str
    size: int
    agreed: int


class Agreement(NamedTuple):
    """Whether a ledger is still the one that a witness signed.

    Attributes:
        root: of the tree that was witnessed, in hexadecimal.
        first_bad: the first entry that cannot be relied on, or None.
        why: in a sentence, or None where they agree.
    """

    ok: bool
    size: int
    root: str
    name: str
    key: str
    at: datetime
    first_bad: int | None = None
    why: str | None = None


# the ledger's side: offering


def offer(ledger: Ledger, signer: Signer, at: datetime, *, since: Sequence[int] = ()) -> str:
    """The file to hand to a witness. Signs a checkpoint where the newest is not over all entries.

    Args:
        since: sizes that the witness asked a proof for, besides those that the ledger knows of.

    Raises as `Ledger.checkpoint`.
    """
    last = ledger.checkpoint(signer, at)
    size = last.size
    sizes = {witness.size for witness in ledger.witnesses(_WITNESSED)} | set(since)
    sizes |= {checkpoint.size for checkpoint in ledger.checkpoints(_SIGNED)}
    sizes |= {size - (1 << step) for step in range(size.bit_length())}
    earlier = tuple(
        Growth(proof=tuple(ledger.consistency_proof(old, size)), size=old)
        for old in sorted(sizes, reverse=True)
        if 0 < old < size
    )
    vkeys = (notes.vkey(signer.name, signer.public),)
    return _written(Offer(earlier=earlier, note=last.note, origin=ledger.origin, vkeys=vkeys))


# the witness's side


def read_offer(text: str) -> Offer:
    """Read an offer, and verify that its checkpoint is signed by a key that it names. Raises `BadInput`."""
    found = _read(Offer, text)
    head = read_head(found.note)
    keys = [notes.read_vkey(line) for line in found.vkeys]
    if head.origin != found.origin or not any(
        key.kind == notes.ED25519 and notes.verify_note(found.note, key.name, key.public) for key in keys
    ):
        raise BadInput("The offered checkpoint is not signed by its own key.", remedy=_REMEDY)
    return found


def cosign(
    offer: str,
    own: Seals | None,
    signer: Signer,
    at: datetime,
    *,
    name: str,
    before: str | None = None,
) -> Cosigned:
    """Co-sign an offered checkpoint, unless it disagrees with what the witness has.

    Args:
        own: the witness's own copy of the same ledger, older or newer; a copy of another is not looked at.
        name: the witness as people know them.
        before: the reply that this witness gave for this ledger the last time.

    Raises:
        BadInput: not an offer, or not properly signed.
        Refusal: the ledger is not the one that the witness has, but rewritten or rolled back; or the offer
            does not show that it is.
    """
    found = read_offer(offer)
    head = read_head(found.note)
    agreed = 0
    if own is not None and own.origin == found.origin:
        agreed = _agree(head, found.earlier, own)
    if before is not None:
        earlier = read_reply(before)
        seen = proofs.read_cosigned(earlier.note, earlier.origin, notes.read_vkey(earlier.vkey).public.hex())
        if earlier.origin == found.origin:
            agreed = max(agreed, _follows(head, found.earlier, seen))
    note = notes.cosign_note(found.note, signer, at)
    reply = Reply(
        agreed=agreed,
        name=name,
        note=note,
        origin=found.origin,
        vkey=notes.vkey(signer.name, signer.public, notes.COSIGNATURE),
    )
    return Cosigned(_written(reply), head.size, agreed)


# taking in


def read_reply(text: str) -> Reply:
    """Read a reply; its co-signature is verified by `check`. Raises `BadInput`."""
    found = _read(Reply, text)
    if notes.read_vkey(found.vkey).kind != notes.COSIGNATURE or read_head(found.note).origin != found.origin:
        raise BadInput("This is not a witness's reply.", remedy=_REMEDY)
    return found


def check(reply: str, ledger: Seals) -> Agreement:
    """Whether a ledger is still what a witness signed. What it is and was rolled back from is in `why`.

    Raises `BadInput` where the reply is none, is another project's, or its co-signature is not good.
    """
    found = read_reply(reply)
    key = notes.read_vkey(found.vkey)
    seen = proofs.read_cosigned(found.note, ledger.origin, key.public.hex())
    agreement = Agreement(True, seen.size, seen.root.hex(), found.name, key.public.hex(), seen.at)
    when = f"{seen.at:%Y-%m-%d %H:%M} UTC"
    if seen.size > ledger.size:
        return agreement._replace(
            ok=False,
            first_bad=ledger.size + 1,
            why=f"{found.name} witnessed {seen.size} entries at {when}, and this record has {ledger.size}: "
            "it was cut off or rolled back.",
        )
    if ledger.root_at(seen.size) != agreement.root:
        return agreement._replace(
            ok=False,
            first_bad=1,
            why=f"Entries up to {seen.size} are not those that {found.name} witnessed at {when}.",
        )
    return agreement


def take_in(ledger: Ledger, reply: str, at: datetime, person: PersonId, signer: Signer) -> StoredWitness:
    """Keep a witness's co-signature, with an entry that says so; the one that is kept where it is already.

    Raises:
        BadInput: not a reply, another project's, or its co-signature is not good.
        Damaged: this record is not the one that was witnessed.
        Others as `Ledger.append_many`.
    """
    found = check(reply, ledger)
    if not found.ok:
        raise Damaged(found.why or "", remedy=WORK_ON, place=str(ledger.path))
    proof = read_reply(reply).note.encode()
    for kept in ledger.witnesses(limit=1_000_000):
        if kept.proof == proof:
            return kept
    body = Witnessed(
        key=found.key,
        kind="person",
        name=found.name,
        proof=proofs.proof_hash("person", proof),
        root=found.root,
        size=found.size,
        witnessed=found.at,
    )
    return ledger.add_witness(body, proof, at=at, person=person, signer=signer)


def timestamp_request(note: str) -> bytes:
    """What to send to a time authority for a checkpoint (RFC 3161, DER). Raises `Unavailable`."""
    return proofs.timestamp_request(note)


def take_timestamp(
    ledger: Ledger, response: bytes, roots: Sequence[bytes], at: datetime, person: PersonId, signer: Signer
) -> StoredWitness:
    """Keep a time authority's response over one of the ledger's checkpoints, with an entry that says so.

    Args:
        response: as the authority sent it (DER).
        roots: certificates (PEM) that are trusted to lead to the authority.

    Raises:
        BadInput: not a time stamp, altered, over no checkpoint of this ledger, or by nobody who is trusted.
        Unavailable: rfc3161-client is not installed.
        Others as `Ledger.append_many`.
    """
    imprint = proofs.stamped_hash(response)
    before: int | None = None
    while page := ledger.checkpoints(500, before=before):
        for checkpoint in page:
            if proofs.imprint_of(checkpoint.note) == imprint:
                pems = [root.decode("ascii", "replace") for root in roots]
                proof = proofs.anchor_of(checkpoint.note, response, pems)
                seen = proofs.read_timestamp(proof, ledger.origin)
                return _keep_timestamp(ledger, proof, seen, at, person, signer)
        before = page[-1].size
    raise BadInput(
        "The time stamp is not over any checkpoint of this record.",
        remedy="Ask for a time stamp over a checkpoint of this project.",
    )


# internals


def _keep_timestamp(
    ledger: Ledger, proof: proofs.TimestampProof, seen: Seen, at: datetime, person: PersonId, signer: Signer
) -> StoredWitness:
    kept = proofs.write_timestamp_proof(proof)
    for known in ledger.witnesses(limit=1_000_000):
        if known.proof == kept:
            return known
    if seen.root.hex() != ledger.root_at(seen.size):
        why = f"Entries up to {seen.size} are not those that {seen.name} stamped."
        raise Damaged(why, remedy=WORK_ON, place=str(ledger.path))
    body = Witnessed(
        key=None,
        kind="timestamp",
        name=seen.name,
        proof=proofs.proof_hash("timestamp", kept),
        root=seen.root.hex(),
        size=seen.size,
        witnessed=seen.at,
    )
    return ledger.add_witness(body, kept, at=at, person=person, signer=signer)


def _agree(head: Head, earlier: Sequence[Growth], own: Seals) -> int:
    """Up to how many entries the offered head and the own copy are the same; `Refusal` where they are not."""
    came_with = _came_with(own)
    if own.size >= head.size:
        if own.root_at(head.size) == head.root.hex():
            return head.size
        if head.size <= came_with:
            raise _disagrees(f"The {head.size} entries offered are not the first {head.size} of your copy.")
    for growth in earlier:
        if growth.size <= own.size:
            if _grew(head, growth, bytes.fromhex(own.root_at(growth.size))):
                return growth.size
            if growth.size <= came_with:
                raise _disagrees(
                    f"The offered record is not your copy with more entries (up to {growth.size})."
                )
    return 0


def _came_with(own: Seals) -> int:
    """How many entries a copy had before it was opened here, as far as its end tells."""
    size = own.size
    for entry in own.entries(newest_first=True, limit=_MOST_BY_LOOKING):
        if entry.body.type not in _BY_LOOKING:
            break
        size = entry.number - 1
    return size


def _follows(head: Head, earlier: Sequence[Growth], seen: Seen) -> int:
    """The same, for what the witness signed the last time."""
    if head.size < seen.size:
        raise _disagrees(f"You witnessed {seen.size} entries before, and now {head.size} are offered.")
    if head.size == seen.size:
        if head.root != seen.root:
            raise _disagrees(f"The {head.size} entries offered are not those that you witnessed before.")
        return head.size
    for growth in earlier:
        if growth.size == seen.size:
            if not _grew(head, growth, seen.root):
                raise _disagrees(
                    f"The offered record is not the {seen.size} entries you witnessed, and more."
                )
            return seen.size
    # Silence is no agreement: a record that was rolled back offers no proof for what it lost.
    raise Refusal(
        f"The offer does not show that this record still holds the {seen.size} entries you witnessed before.",
        remedy=f"Nothing was signed. Ask for an offer that shows it (since {seen.size} entries).",
        rule="witness.no-proof",
    )


def _grew(head: Head, growth: Growth, old: bytes) -> bool:
    proof = [bytes.fromhex(step) for step in growth.proof]
    return tree.verify_consistency(growth.size, head.size, proof, old, head.root)


def _disagrees(message: str) -> Refusal:
    return Refusal(
        f"{message} It was rewritten or rolled back.",
        remedy="Nothing was signed. Keep your copy, and compare the two.",
        rule="witness.disagrees",
    )


def _written(value: Offer | Reply) -> str:
    return json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read(kind: type[_Exchanged], text: str) -> _Exchanged:
    what = "an offer to witness" if kind is Offer else "a witness's reply"
    try:
        if len(text) <= _MOST_BYTES:
            return kind.model_validate_json(text)
    except (ValidationError, UnicodeEncodeError):
        pass
    raise BadInput(f"This file is not {what}.", remedy="Choose another file, or ask for it again.")
