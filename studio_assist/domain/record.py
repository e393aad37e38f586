"""What the ledger holds: one strict, versioned value for each kind of entry.

An entry never carries confidential text. Where a text matters it carries a commitment, HMAC-SHA256 of the
text under a random salt; text and salt stand in a side table of the ledger, so that a text can be forgotten
while the record still verifies. A plain hash of a short line would be guessed at once.

Every class lists its fields in alphabetical order, and no field is a float. The JSON that pydantic writes is
then the canonical form of RFC 8785, so that `ledger verify` checks form and content in one pass; a test holds
both properties for every class.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, Self, get_args

import rfc8785
from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, model_validator

from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId, Sha256, UtcTime, Value

#: Lower-case hexadecimal HMAC-SHA256(salt of 32 bytes, UTF-8 of the text).
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

#: The largest integer that every JSON reader holds exactly (RFC 8785 §3.2.2.3).
EXACT_INTEGER: Final = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=EXACT_INTEGER)]
Integer = Annotated[int, Field(ge=-EXACT_INTEGER, le=EXACT_INTEGER)]
#: A share in thousandths: canonical JSON is only portable for integers.
Permille = Annotated[int, Field(ge=0, le=1000)]
#: A short name of a task, rule, format or setting.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Name = Annotated[str, StringConstraints(min_length=1)]
Where = Literal["here", "studio", "outside"]


def entry_time(moment: datetime) -> str:
    """A UTC moment as entries write it: always 27 characters, so that text order is time order."""
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


#: A moment in UTC, written with exactly six decimals of a second and a Z.
EntryTime = Annotated[UtcTime, PlainSerializer(entry_time, when_used="json")]

Settings = Annotated[
    dict[Slug, str | bool | Integer], AfterValidator(lambda settings: dict(sorted(settings.items())))
]


class Anchor(Value):
    """The part of the script a request was made about. Offsets and lengths are code points."""

    length: Count
    quote: Commitment
    start: Count


class Dropped(Value):
    """Candidates that were not shown (empty, looping, a duplicate), with the reason."""

    count: Count
    reason: Name


class Placement(Value):
    """Where accepted text went in. Start and length are code points in the script after placing."""

    kind: Slug
    length: Count
    start: Count


class ProjectCreated(Value):
    """The project was made. Stands first in a ledger, or nowhere."""

    policy: Slug
    sample: bool
    title: str
    type: Literal["project_created"] = "project_created"
    v: Literal[1] = 1


class PersonAdded(Value):
    """A person began to work in this project. `person` is who was added; the envelope says by whom."""

    name: Name
    person: PersonId
    role: str
    type: Literal["person_added"] = "person_added"
    v: Literal[1] = 1


class ScriptImported(Value):
    """A script was read into the project; `content` commits to its whole text."""

    content: Commitment
    source_name: str
    type: Literal["script_imported"] = "script_imported"
    v: Literal[1] = 1


class Requested(Value):
    """Somebody asked for candidates. Written before anything else is done.

    Attributes:
        where: where the model runs: this machine, the studio's network, outside.
        scene: number of the scene as written in the script, or None.
        prompt: the prompt as the model got it, whole.
        note: what the person typed beside it.
        settings: sampling settings; a decimal fraction is written as text ("0.8").
    """

    anchor: Anchor | None
    backend: Name
    count: Annotated[int, Field(ge=1, le=1000)]
    model: str
    note: Commitment | None
    prompt: Commitment
    request: RequestId
    scene: str | None
    seed: Integer | None
    settings: Settings
    task: Slug
    type: Literal["requested"] = "requested"
    v: Literal[1] = 1
    where: Where


class VerdictGiven(Value):
    """What the gate said about a request, with the ids of the rules that spoke."""

    request: RequestId
    rules: tuple[str, ...]
    type: Literal["verdict"] = "verdict"
    v: Literal[1] = 1
    verdict: Literal["here", "ask", "hold", "blocked"]


class Sent(Value):
    """Bytes left this machine for `origin`; `envelope` commits to exactly what was sent."""

    bytes: Count
    envelope: Commitment
    origin: Name
    request: RequestId
    type: Literal["sent"] = "sent"
    v: Literal[1] = 1


class CandidateMade(Value):
    """A model offered something. `index` counts from 0 within the request; `ms` is its own running time."""

    candidate: CandidateId
    content: Commitment
    index: Count
    ms: Count
    request: RequestId
    seed: Integer | None
    state: Literal["ready", "stopped", "failed"]
    tokens: Count
    type: Literal["candidate"] = "candidate"
    v: Literal[1] = 1
    why: str | None


class RequestEnded(Value):
    """A request is over, and what of it was dropped."""

    dropped: tuple[Dropped, ...]
    request: RequestId
    state: Literal["done", "stopped", "failed"]
    type: Literal["request_ended"] = "request_ended"
    v: Literal[1] = 1
    why: str | None


class Presented(Value):
    """The envelope's person was shown a candidate with exactly this content."""

    candidate: CandidateId
    content: Commitment
    type: Literal["presented"] = "presented"
    v: Literal[1] = 1


class DecisionMade(Value):
    """What the envelope's person did with one candidate.

    Attributes:
        automated: made by a script in the person's stead (the tour, a test), and said so.
        content: what was on the card.
        kept_permille: share of the candidate's words that stand in the result, in thousandths.
        redo_of: the undone decision that this one repeats.
        result: the text that goes in: the same commitment as `content` for accepted, its own for edited,
            None for rejected.
    """

    automated: bool
    candidate: CandidateId
    content: Commitment
    kept_permille: Permille
    outcome: Literal["accepted", "edited", "rejected"]
    placement: Placement | None
    redo_of: EntryNumber | None
    result: Commitment | None
    type: Literal["decision"] = "decision"
    v: Literal[1] = 1

    @model_validator(mode="after")
    def _result_fits(self) -> Self:
        if self.outcome == "rejected" and (self.result is not None or self.placement is not None):
            raise ValueError("a rejected candidate leaves nothing behind")
        if self.outcome == "accepted" and self.result != self.content:
            raise ValueError("what is accepted goes in exactly as it was shown")
        if self.outcome == "edited" and self.result is None:
            raise ValueError("an edited candidate has a result")
        return self


class DecisionUndone(Value):
    """A decision was taken back; its candidate is open again. The decision's entry stays."""

    automated: bool
    decision: EntryNumber
    type: Literal["decision_undone"] = "decision_undone"
    v: Literal[1] = 1


class MarkedStale(Value):
    """The text a candidate was made for has changed."""

    candidate: CandidateId
    type: Literal["marked_stale"] = "marked_stale"
    v: Literal[1] = 1
    why: str


class MarkedFresh(Value):
    """The text a stale candidate was made for is back, by an undo; the candidate is open again."""

    candidate: CandidateId
    type: Literal["marked_fresh"] = "marked_fresh"
    v: Literal[1] = 1
    why: str


class Placed(Value):
    """A decision's text is in the script on disk. `script` is SHA-256 of the whole file."""

    decision: EntryNumber
    script: Sha256
    type: Literal["placed"] = "placed"
    v: Literal[1] = 1


class Replaced(Value):
    """A person put their own work in place of temp material; the span is temp no more."""

    automated: bool
    decision: EntryNumber
    how: Literal["rewritten", "marked"]
    result: Commitment | None
    span: Name
    type: Literal["replaced"] = "replaced"
    v: Literal[1] = 1


class SpanDeleted(Value):
    """A person deleted a temp span's text from the script."""

    decision: EntryNumber
    span: Name
    type: Literal["span_deleted"] = "span_deleted"
    v: Literal[1] = 1


class SpanLost(Value):
    """A temp span's place in the script could not be found again."""

    decision: EntryNumber
    span: Name
    type: Literal["span_lost"] = "span_lost"
    v: Literal[1] = 1


class Exported(Value):
    """A file was written, read back and found right. `name` is its file name without folders."""

    automated: bool
    final: bool
    format: Slug
    name: Name
    sha256: Sha256
    temp_items: Count
    type: Literal["exported"] = "exported"
    v: Literal[1] = 1


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


Body = Annotated[
    ProjectCreated
    | PersonAdded
    | ScriptImported
    | Requested
    | VerdictGiven
    | Sent
    | CandidateMade
    | RequestEnded
    | Presented
    | DecisionMade
    | DecisionUndone
    | MarkedStale
    | MarkedFresh
    | Placed
    | Replaced
    | SpanDeleted
    | SpanLost
    | Exported
    | KeyAdded
    | CertificateAdded
    | Forgotten
    | Witnessed
    | PackMade
    | Recovered,
    Field(discriminator="type"),
]

#: Every class of body, by its type.
BODIES: Final[dict[str, type[Value]]] = {
    body.model_fields["type"].default: body for body in get_args(get_args(Body)[0])
}

#: What a person answers for: each of these carries that person's signature once they have a key.
SIGNED: Final = (
    DecisionMade,
    DecisionUndone,
    Replaced,
    SpanDeleted,
    Exported,
    Forgotten,
    Witnessed,
    PackMade,
)
#: What only a named person can do.
_BY_A_PERSON: Final = (Presented, KeyAdded, *SIGNED)


class Entry(Value):
    """One entry of the ledger.

    Attributes:
        at: when it was written, by the clock of the machine that wrote it.
        number: its place in the ledger, counted from 1.
        person: who did it; None where the program acted on its own.
    """

    at: EntryTime
    body: Body
    number: Annotated[EntryNumber, Field(ge=1, le=EXACT_INTEGER)]
    person: PersonId | None

    @model_validator(mode="after")
    def _someone_did_it(self) -> Self:
        if not self.person and isinstance(self.body, _BY_A_PERSON):
            raise ValueError(f"{self.body.type} is something only a named person can do")
        return self

    def canonical(self) -> bytes:
        """The entry's bytes in canonical JSON (RFC 8785): what the ledger stores and hashes."""
        return rfc8785.dumps(self.model_dump(mode="json"))


def commitments(body: Body) -> tuple[Commitment, ...]:
    """Every commitment that a body carries, without repeats."""
    match body:
        case ScriptImported() | CandidateMade() | Presented():
            return (body.content,)
        case DecisionMade():
            return (body.content,) if body.result in (None, body.content) else (body.content, body.result)
        case Requested():
            found = (body.prompt, body.note, body.anchor.quote if body.anchor else None)
            return tuple(dict.fromkeys(commitment for commitment in found if commitment is not None))
        case Replaced():
            return () if body.result is None else (body.result,)
        case Sent():
            return (body.envelope,)
        case _:
            return ()
