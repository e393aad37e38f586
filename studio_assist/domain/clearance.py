"""Clearance: a use of a generative tool put to somebody who may allow it, and what they allowed.

The values are what files under `clearance/` of a project hold, and what the record commits to. Where they
differ, the record counts: the gate and the tasks read approvals from there. Pure.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from studio_assist.domain.people import Person
from studio_assist.domain.policy import Plain
from studio_assist.domain.record_types import Slug
from studio_assist.domain.values import EntryNumber, RequestId, Sha256, UtcTime, Value

#: What one of the policy's questions is answered with.
Answer = Literal["yes", "no", "unsure"]
#: Where a request stands. "expired" is an approval whose last day is over; "withdrawn" was taken back.
ClearanceState = Literal["draft", "sent", "approved", "refused", "expired", "withdrawn"]
#: What somebody consents to.
ConsentKind = Literal["likeness", "voice", "performance", "personal-data"]

#: The longest that an approval or consent may hold without being renewed, in days: terms change. The house's
#: own, as for attestations.
LONGEST_DAYS: Final = 731
#: Days before its end on which somebody is asked to renew an approval or consent (screens.md, 05 Clear).
REMIND_DAYS: Final = 14

Text = Annotated[str, StringConstraints(max_length=4000)]
Short = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\r\n]*$")]


class Evidence(Value):
    """A document, a picture or a mail; a copy is kept in `clearance/evidence` by its hash.

    Attributes:
        name: file name without folders; size: in bytes.
    """

    added: UtcTime
    by: Plain
    name: Plain
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]


class Scope(Value):
    """What something holds for. An empty list covers all of its kind.

    Attributes:
        scenes: scene numbers as the script has them.
        tasks: ids of tasks ("alternative-lines", "board"…).
        backends: ids of models.
        since, until: first and last day; None where nobody has said yet.
    """

    scenes: tuple[str, ...] = ()
    tasks: tuple[Slug, ...] = ()
    backends: tuple[Slug, ...] = ()
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the last day is before the first")
        return self

    def covers(self, *, scene: str | None, task: str, backend: str, day: date) -> bool:
        """Whether one ask falls into it. An ask outside every scene is covered only by all scenes."""
        return (
            (not self.scenes or scene in self.scenes)
            and (not self.tasks or task in self.tasks)
            and (not self.backends or backend in self.backends)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


class ClearanceRequest(Value):
    """One request, as its requester filled it in; `clearance/requests/<id>.json`.

    Attributes:
        number: counted in the project from 1; people say C-019.
        use: id of the policy's use, or "" where none was chosen yet.
        answers: by the policy's principles.
        triggers: ids of the policy's triggers that the requester says apply.
        names: named works, artists, performers or real people that it is about.
        approver: who is asked, as people know them.
        rule, why: of the gate or the policy, that said no; "" where nobody was refused.
        request: the ask that was refused, by the record.
        scene, task, backend, host: of that ask.
        policy: id of the project's policy when it was made.
    """

    format_version: Literal[2] = 2
    id: Slug
    number: Annotated[int, Field(ge=1)]
    made: UtcTime
    changed: UtcTime
    by: Person
    use: str = ""
    title: Short = ""
    answers: dict[Slug, Answer] = {}
    triggers: tuple[Slug, ...] = ()
    names: tuple[Short, ...] = ()
    scope: Scope = Scope()
    approver: Short = ""
    needed_by: date | None = None
    words: Text = ""
    evidence: tuple[Evidence, ...] = ()
    rule: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_.-]{0,63})?$")] = ""
    why: Text = ""
    request: RequestId | None = None
    scene: str | None = None
    task: str = ""
    backend: str = ""
    host: str = ""
    policy: str

    @property
    def label(self) -> str:
        """As people say it: C-019."""
        return f"C-{self.number:03}"


class Approval(Value):
    """What the record's *clearance_approved* commits to besides its open scope.

    Attributes:
        by: who gave it, as the evidence names them; the entry's person records it.
        names: the named works and people that it covers.
        words: limits, as the document says them.
        evidence: the documents, with their names.
    """

    by: Short
    names: tuple[Short, ...] = ()
    words: Text = ""
    evidence: tuple[Evidence, ...] = ()


class Notice(Value):
    """What the studio's contact was told.

    Attributes:
        contact: their name; how: "mail", "meeting", "call" or other words.
        words: what was said of the intended uses.
    """

    contact: Plain
    how: Plain
    words: Text = ""


class Consent(Value):
    """A person's consent to uses of themselves; `clearance/consents/<id>.json`.

    Source: SAG-AFTRA 2023 (specific, informed), California AB 2602 and AB 1836, see `guidance.md`.

    Attributes:
        person: who consents. aliases: other ways they are written.
        uses: the intended uses, in plain words and specific.
        representation: union, agent or lawyer who represented them, or "none".
        deceased: then `estate` names who consents for them.
        document: the signed paper.
    """

    format_version: Literal[1] = 1
    id: Slug
    made: UtcTime
    by: Person
    person: Plain
    aliases: tuple[Plain, ...] = ()
    kinds: Annotated[tuple[ConsentKind, ...], Field(min_length=1)]
    uses: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    representation: Plain
    deceased: bool = False
    estate: Short = ""
    scope: Scope
    document: Evidence

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.deceased and not self.estate.strip():
            raise ValueError("for somebody who has died, the estate consents: name it")
        if self.scope.until is None:
            raise ValueError("a consent has a last day")
        return self


class Reference(Value):
    """A work or a person that is noticed where a prompt names it; one of `references.toml`.

    Attributes:
        kind: "person" is any real person who is no artist or performer.
        note: why it is on the list, for people.
    """

    text: Annotated[str, StringConstraints(min_length=2, max_length=120, pattern=r"^\S[^\r\n]*$")]
    kind: Literal["work", "artist", "performer", "person"]
    aliases: tuple[Annotated[str, StringConstraints(min_length=2, max_length=120)], ...] = ()
    note: Short = ""


class Noticed(Value):
    """Something in a prompt that names a work, an artist, a performer or a real person, or copies a manner.

    Attributes:
        text: the words as they stand there; start, end: where, in code points of the looked-at text.
        name: what it refers to, as the list has it; or the words after "in the style of".
        kind: as `Reference.kind`, or "style" where a pattern spoke.
        use: id of the use that clears it (`ClearanceRequest.use`).
    """

    text: str
    start: int
    end: int
    name: str
    kind: Literal["work", "artist", "performer", "person", "style"]
    use: str


class Reason(Value):
    """Why answers come out as they do: a sentence, the rule of the policy, and whether that is verified."""

    rule: str
    words: str
    verified: bool = True


class Assessment(Value):
    """What a set of answers gives.

    Attributes:
        result: "open" until every question is answered and nothing escalates yet.
        reasons: why it escalates; for "proceed" the rule that asks for the contact to be told.
        would: what would have to be otherwise for the result that it is not, in sentences.
        unanswered: ids of the principles that wait for an answer.
    """

    result: Literal["open", "proceed", "escalate"]
    reasons: tuple[Reason, ...] = ()
    would: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


class ClearanceSeen(Value):
    """A request with where it stands, by the record.

    Attributes:
        stood: each step in order, as (what, who, when); what: "drafted", "sent", "approved", "refused",
            "withdrawn".
        entries: numbers of the entries of those steps, in the same order.
        pdf: path of the PDF that was sent, "" where it is not there.
        approved: its scope, where it was approved; `rules`, `uses`, `names` that it opens.
        answered_by: who recorded the answer; `given_by` who gave it.
        missing: evidence that is not in the project any more, or is not what was hashed.
        days_left: of an approval, counting today; None for others.
        vouched: False where the key that signed the answer is one nobody has vouched for.
    """

    request: ClearanceRequest
    state: ClearanceState
    stood: tuple[tuple[str, str, UtcTime], ...] = ()
    entries: tuple[EntryNumber, ...] = ()
    pdf: str = ""
    approved: Scope | None = None
    rules: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    answered_by: str = ""
    given_by: str = ""
    answer_words: str = ""
    answer_evidence: tuple[Evidence, ...] = ()
    missing: tuple[Sha256, ...] = ()
    days_left: int | None = None
    vouched: bool = True


class ConsentSeen(Value):
    """A consent with where it stands."""

    consent: Consent
    state: Literal["valid", "expired", "revoked", "no document", "altered"]
    days_left: int
