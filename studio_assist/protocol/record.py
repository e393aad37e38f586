"""What desk and broker say about the record: its state, witnesses, forgetting, copies and packs."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber, Sha256, Share, UtcTime, Value


class CheckpointSeen(Value):
    """A head of the record that a person's key has signed, and that was found to hold.

    Attributes:
        size: how many entries it covers, counted from the first.
        at: when it was signed, by the clock of that machine.
        who: the person's name.
        session_only: the key was kept in no keychain and ended with its session.
    """

    size: int
    at: UtcTime
    who: str
    session_only: bool


class WitnessSeen(Value):
    """A head of the record that somebody else holds or has stamped, and that was found to hold.

    Attributes:
        name: the witness as it names itself; only its key is proved.
        at: when, by the witness's clock.
        key: a person's public key in hexadecimal; None for a time authority.
    """

    name: str
    kind: Literal["person", "timestamp"]
    at: UtcTime
    size: int
    key: str | None = None


class HeldSeen(Value):
    """A signed head of an altered record, and whether the entries that are there now still fit it.

    Attributes:
        name: who signed it.
    """

    kind: Literal["checkpoint", "person", "timestamp"]
    name: str
    at: UtcTime
    size: int
    holds: bool


class LedgerState(Value):
    """What is known of the record.

    Attributes:
        state: "intact" after a check that found nothing, "checking" while one runs, "altered" with `why`.
        progress: how far a check that runs has come; None where none runs.
        key: whether the person who works here signs with a key that a keychain keeps, with one of this
            session, or has none here (read-only, altered, or not fetched yet).
        key_note: what a person should know of that key, in a sentence; "" where there is nothing.
        checkpoint, witness: the newest that the last check or this session found to hold.
        claim: what may be said of the record just now, in plain sentences: never more than is true.
        forgotten: how many texts were forgotten on purpose.
        held: only where it was altered: the signed heads that are known, the newest first.
    """

    size: int
    root: Sha256
    state: Literal["intact", "checking", "altered"]
    first_bad: EntryNumber | None = None
    why: str | None = None
    checked_at: UtcTime | None = None
    sent_today_bytes: int = 0
    progress: Share | None = None
    key: Literal["kept", "session", "none"] = "none"
    key_note: str = ""
    checkpoint: CheckpointSeen | None = None
    witness: WitnessSeen | None = None
    claim: str = ""
    forgotten: int = 0
    held: tuple[HeldSeen, ...] = ()


class VerifyParams(Value):
    full: bool = True


class WitnessOutParams(Value):
    """Write what another person or a time authority needs to witness the record as it stands now.

    A name that ends in .tsq gets a time-stamp request (RFC 3161), any other an offer to co-sign (JSON).
    """

    out: str
    person: Person


class WitnessOut(Value):
    """`size` is how many entries the witness will vouch for."""

    path: str
    size: int


class CosignParams(Value):
    """Witness another copy's record: the open project is one's own copy, and is compared with the offer."""

    offer: str
    out: str
    person: Person


class Cosigned(Value):
    """`compared` says whether one's own copy is of the same record and agrees with the offer."""

    path: str
    size: int
    compared: bool
    session_only: bool


class WitnessInParams(Value):
    """Take a witness's answer in: a co-signed offer, or a time authority's .tsr.

    Attributes:
        authority: PEM file with the roots of the time authority that is trusted; needed for a .tsr.
    """

    file: str
    person: Person
    authority: str | None = None


class WitnessIn(Value):
    witness: WitnessSeen
    entry: EntryNumber


class ForgetParams(Value):
    """Forget the texts of one entry for good.

    Attributes:
        why: the reason; it stays in the record, so it must not repeat what is forgotten.
        look_only: say what would be forgotten and what else holds it; forget nothing.
    """

    entry: EntryNumber
    why: str
    person: Person
    look_only: bool = False


class Holding(Value):
    """A file that holds a forgotten text still, or may hold it.

    Attributes:
        file: its path inside the project, or the name an export was given.
        where: the place in it as people say it ("scene 14, Maya's 2nd speech"), or "" where it is not known.
        sure: the text was found there; otherwise it was written when the text stood in the script.
    """

    file: str
    where: str = ""
    sure: bool = True


class Forgot(Value):
    """What forgetting did.

    Attributes:
        entry: the entry that says so; None for a look.
        texts: how many texts the record no longer holds (or would no longer hold).
        named_by: every entry that committed to one of them.
        cleaned: recovery copies that no longer hold them, as paths inside the project.
        still_in: what holds them still and is not the program's to change.
    """

    entry: EntryNumber | None
    texts: int
    named_by: tuple[EntryNumber, ...]
    cleaned: tuple[str, ...] = ()
    still_in: tuple[Holding, ...] = ()


class ForgottenSeen(Value):
    """Who had texts forgotten, when and why; `entry` says so in the record."""

    who: str
    at: UtcTime
    why: str
    entry: EntryNumber


class CompareParams(Value):
    """`copy_path` is another copy of this project, or of its ledger.sqlite."""

    copy_path: str


class FieldDiffers(Value):
    """One thing that two copies of an entry say differently; None where a copy says nothing of it."""

    name: str
    there: str | None
    here: str | None


class Compared(Value):
    """What differs between this record and a copy of it.

    Attributes:
        relation: "same"; "grown" where this record goes on after the copy's end, "behind" where the copy goes
            on; "different" where they part at `first_different`; "foreign" where it is another record's.
        here, there: how many entries each holds.
        fields: what the two say differently of the first entry that differs.
        there_holds: whether the copy by itself passes a check; None where it could not be checked.
        there_at: when the copy's last entry was written.
        says: what differs, in sentences for a person; only what the two copies show.
    """

    relation: Literal["same", "grown", "behind", "different", "foreign"]
    first_different: EntryNumber | None
    here: int
    there: int
    fields: tuple[FieldDiffers, ...] = ()
    there_holds: bool | None = None
    there_at: UtcTime | None = None
    says: tuple[str, ...] = ()


class PackParams(Value):
    """Hand the record out as a folder that an outsider can check.

    Attributes:
        out: the folder to make; nothing stands there yet.
        disclose: entries whose texts go along; no other text does.
        files: exported files that go along, by path.
    """

    out: str
    disclose: tuple[EntryNumber, ...] = ()
    files: tuple[str, ...] = ()
    person: Person


class Packed(Value):
    """A pack that was written, read back and found right.

    Attributes:
        manifest: SHA-256 of its manifest.json, which names every other file by its hash.
        entry: records that it was handed out; it came after the pack and is not in it.
        size, root: the signed head that it holds.
        files: how many files it has.
        discloses: what whoever gets it learns, in sentences.
    """

    path: str
    manifest: Sha256
    entry: EntryNumber
    size: int
    root: Sha256
    files: int
    discloses: tuple[str, ...]


class PackText(Value):
    """A text that could go along: what it is to its entry, and its first words."""

    entry: EntryNumber
    what: str
    words: str


class PackLook(Value):
    """What a pack made now would hold and tell. `exported` and `texts` are the newest ones."""

    entries: int
    checkpoints: int
    witnesses: int
    certificates: int
    discloses: tuple[str, ...]
    exported: tuple[str, ...]
    texts: tuple[PackText, ...]
