"""Signed notes, checkpoints and co-signatures: pure functions on text and keys.

A note is a text, an empty line, and a line for each signature: "— <name> <base64(key id ‖ signature)>". A
checkpoint is a note whose text begins with an origin, a size and a root. Whoever has the public key checks
either with openssl alone.

Sources: C2SP signed-note, tlog-checkpoint and tlog-cosignature (cosignature/v1), read 2026-11; RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple

from studio_assist.domain.errors import BadInput
from studio_assist.domain.ports import Signer
from studio_assist.ledger.signatures import is_good

#: Signature types by which key ids are told apart (signed-note, "Signature types").
ED25519: Final = 1
COSIGNATURE: Final = 4

#: A note of ours has a few hundred bytes; whoever hands in more is not heard.
_MOST_BYTES: Final = 64_000
_MOST_SIGNATURES: Final = 64
_REMEDY: Final = "Ask for the file again, as it was made."
#: What no note holds: control characters but the end of a line, and half of a sign.
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_SIGNATURE_LINE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<base64>[A-Za-z0-9+/]+={0,2})")
_VKEY: Final = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<base64>[A-Za-z0-9+/]+={0,2})")
#: The largest that a POSIX time stamp may be (tlog-cosignature).
_LATEST: Final = 2**63 - 1


class NoteSignature(NamedTuple):
    """One signature line. `signature` is what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A note taken apart. `text` ends with a newline; nothing in it is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]


class Checkpoint(NamedTuple):
    """What a checkpoint's text says. `root` has 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...]


class VerifierKey(NamedTuple):
    """A public key with its name and signature type, as people hand it over."""

    name: str
    kind: int
    public: bytes


# keys


def key_name(tag: str, person: str) -> str:
    """The name that a person's key has in the notes of a project."""
    # A name in a note has no space and no plus sign. Our ids have neither; other makers' ids might.
    return f"studio-assist/{tag}/" + re.sub(r"[\s+]", "_", person)


def key_id(name: str, public: bytes, kind: int = ED25519) -> bytes:
    """The four bytes by which a note's reader finds the key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name: str, public: bytes, kind: int = ED25519) -> str:
    """A public key as one line: name, key id, and base64 of type and key."""
    material = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, public, kind).hex()}+{material}"


def read_vkey(text: str) -> VerifierKey:
    """Raises `BadInput` where the line is no Ed25519 key, or does not fit its own id."""
    found = _VKEY.fullmatch(text.strip())
    if found:
        material = _decoded(found["base64"])
        if material and material[0] in (ED25519, COSIGNATURE) and len(material) == 33:
            key = VerifierKey(found["name"], material[0], material[1:])
            if key_id(key.name, key.public, key.kind).hex() == found["id"]:
                return key
    raise BadInput("This is not a public key.", remedy=_REMEDY, place=text[:80])


# checkpoints


def checkpoint_text(origin: str, size: int, root: bytes, extensions: Iterable[str] = ()) -> str:
    """The text of a checkpoint, to be signed. `root` has 32 bytes."""
    lines = [origin, str(size), base64.b64encode(root).decode(), *extensions]
    if any(not line or "\n" in line for line in lines):
        raise ValueError("a checkpoint has neither empty lines nor lines in lines")
    return "".join(f"{line}\n" for line in lines)


def read_checkpoint(text: str) -> Checkpoint:
    """Raises `BadInput` where the text is no checkpoint, with the line."""
    lines = text.split("\n")
    if lines.pop() != "" or len(lines) < 3 or not all(lines):
        raise BadInput("This is not a checkpoint: it has no three full lines.", remedy=_REMEDY)
    origin, size, root, *extensions = lines
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", size):
        raise BadInput("The checkpoint's size is no number.", remedy=_REMEDY, place="line 2")
    hashed = _decoded(root)
    if hashed is None or len(hashed) != 32:
        raise BadInput("The checkpoint's root is no hash.", remedy=_REMEDY, place="line 3")
    return Checkpoint(origin, int(size), hashed, tuple(extensions))


# notes


def sign_note(text: str, signer: Signer) -> str:
    """The note over a text, or over a note's text with one more signature."""
    text, lines = _parted(text)
    return (
        f"{text}\n{lines}{_line(signer.name, key_id(signer.name, signer.public), signer.sign(text.encode()))}"
    )


def cosign_note(note: str, signer: Signer, at: datetime) -> str:
    """A checkpoint with one more line: the signer saw this head of the log at this time (to the second)."""
    text, lines = _parted(note)
    moment = int(at.timestamp())
    signature = moment.to_bytes(8, "big") + signer.sign(cosigned_message(text, moment))
    line = _line(signer.name, key_id(signer.name, signer.public, COSIGNATURE), signature)
    return f"{text}\n{lines}{line}"


def read_note(note: str) -> Note:
    """Take a note apart. Raises `BadInput` with the line that is not as it should be."""
    if len(note) > _MOST_BYTES or "\n\n" not in note:
        raise BadInput("This is not a signed note.", remedy=_REMEDY)
    if _CONTROL.search(note):
        raise BadInput("This is not a signed note: it holds control characters.", remedy=_REMEDY)
    text, lines = _parted(note)
    rows = lines.split("\n")
    if rows.pop() != "" or not 0 < len(rows) <= _MOST_SIGNATURES:
        raise BadInput("The note has no signatures, or too many.", remedy=_REMEDY)
    first = text.count("\n") + 2
    signatures: list[NoteSignature] = []
    for at, row in enumerate(rows):
        found = _SIGNATURE_LINE.fullmatch(row)
        content = _decoded(found["base64"]) if found else None
        if not found or content is None or len(content) < 5:
            raise BadInput(
                "A signature of the note is unreadable.", remedy=_REMEDY, place=f"line {first + at}"
            )
        signatures.append(NoteSignature(found["name"], content[:4], content[4:]))
    return Note(text, tuple(signatures))


def verify_note(note: str, name: str, public: bytes) -> bool:
    """Whether the note carries a good signature by this key; `BadInput` where it is no note."""
    text, signatures = read_note(note)
    ours = [line for line in signatures if line[:2] == (name, key_id(name, public))]
    return bool(ours) and all(verify_signature(public, line.signature, text.encode()) for line in ours)


def verify_cosignature(note: str, name: str, public: bytes) -> datetime | None:
    """When this key co-signed the checkpoint, or None where it did not; `BadInput` where it is no note."""
    text, signatures = read_note(note)
    ours = [line for line in signatures if line[:2] == (name, key_id(name, public, COSIGNATURE))]
    moments: list[datetime] = []
    for line in ours:
        moment = int.from_bytes(line.signature[:8], "big")
        if moment > _LATEST or not verify_signature(
            public, line.signature[8:], cosigned_message(text, moment)
        ):
            return None
        try:
            moments.append(datetime.fromtimestamp(moment, UTC))
        except (OverflowError, ValueError, OSError):
            return None
    return max(moments, default=None)


def cosigned_message(text: str, moment: int) -> bytes:
    """What a co-signature is made over; `moment` in seconds since 1970 (tlog-cosignature)."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


# signatures


def entry_message(tag: str, leaf: bytes) -> bytes:
    """What a person signs of an entry: the project's tag and the entry's hash in its tree."""
    return f"studio-assist entry v1\n{tag}\n{leaf.hex()}\n".encode()


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this Ed25519 key made this signature. About 60 µs."""
    return is_good(public, signature, message)


# internals


def _parted(note: str) -> tuple[str, str]:
    """Text and signature lines; a text alone has no lines. The last empty line is what parts them."""
    at = note.rfind("\n\n")
    return (note[: at + 1], note[at + 2 :]) if at >= 0 else (note, "")


def _line(name: str, key: bytes, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(key + signature).decode()}\n"


def _decoded(text: str) -> bytes | None:
    """Bytes from base64 in the one form it may have, or None."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Base64 has spare bits; a note whose bytes can be written in two ways could not be compared.
    return content if base64.b64encode(content).decode() == text else None
