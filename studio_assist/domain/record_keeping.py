"""What the ledger holds of its own keeping: keys, certificates, witnesses, packs, forgetting, repairs.

The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studio_assist.domain.record_types import Commitment, Count, EntryTime, Name
from studio_assist.domain.values import EntryNumber, Sha256, Value


class KeyAdded(Value):
    """The envelope's person signs with this key from here on.

    Attributes:
        public: the Ed25519 public key, 64 hexadecimal digits.
        session_only: no keychain holds it; it ended with the session that made it.
    """

    public: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    session_only: bool
    type: Literal["key_added"] = "key_added"
    v: Literal[1] = 1


class CertificateAdded(Value):
    """A root certificate of this project: manifests (C2PA) that lead to it were signed here.

    Attributes:
        root: SHA-256 of the certificate in DER form; the file is `certificates/<root>.pem` in the project.
        session_only: no keychain holds the signing key.
    """

    root: Sha256
    session_only: bool
    type: Literal["certificate_added"] = "certificate_added"
    v: Literal[1] = 1


class Forgotten(Value):
    """The envelope's person had the texts behind these commitments removed. The record still verifies.

    Attributes:
        commitments: whose salt and text are gone; sorted.
        entry: the entry that was named when they asked.
        why: their reason; it stays, so it must not repeat what is forgotten.
    """

    commitments: Annotated[tuple[Commitment, ...], Field(min_length=1)]
    entry: EntryNumber
    type: Literal["forgotten"] = "forgotten"
    v: Literal[1] = 1
    why: Name


class Witnessed(Value):
    """Somebody else holds, or a time authority stamped, a head of this record.

    Attributes:
        key: who co-signed, as a public key in hexadecimal; None for a time stamp.
        kind: a person or machine that co-signed, or a time authority (RFC 3161).
        name: the witness as it names itself.
        proof: SHA-256 of the co-signed note, or of the time authority's response (DER).
        root, size: the head that was witnessed; root in hexadecimal.
        witnessed: when, by the witness's own clock.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    kind: Literal["person", "timestamp"]
    name: Name
    proof: Sha256
    root: Sha256
    size: Count
    type: Literal["witnessed"] = "witnessed"
    v: Literal[1] = 1
    witnessed: EntryTime


class PackMade(Value):
    """The record was handed out as a pack; whoever holds it witnesses the head at `size`.

    Attributes:
        disclosed: entries whose texts went with it.
        manifest: SHA-256 of the pack's manifest.json, which names every other file by its hash.
    """

    disclosed: tuple[EntryNumber, ...]
    manifest: Sha256
    root: Sha256
    size: Count
    type: Literal["pack_made"] = "pack_made"
    v: Literal[1] = 1


class Recovered(Value):
    """Something was put right after a crash or damage; `what` says it in a sentence."""

    type: Literal["recovered"] = "recovered"
    v: Literal[1] = 1
    what: Name
