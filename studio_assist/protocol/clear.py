"""What desk and broker say about clearance: requests, answers, consents, the contact, and named works."""

from __future__ import annotations

from datetime import date
from typing import Literal

from studio_assist.domain.clearance import (
    Answer,
    ClearanceSeen,
    ConsentKind,
    ConsentSeen,
    Noticed,
    Reference,
    Scope,
)
from studio_assist.domain.people import Person
from studio_assist.domain.policy import PolicyRule, Principle, Use
from studio_assist.domain.values import EntryNumber, PersonId, RequestId, UtcTime, Value


class ContactSeen(Value):
    """Who at the studio was told of the intended uses; `uses` are ids of the policy's."""

    contact: str
    how: str
    told: UtcTime
    by: str
    uses: tuple[str, ...]
    words: str = ""
    entry: EntryNumber


class Reminder(Value):
    """Something that ends soon, has ended, or was never done.

    Attributes:
        about: id of the clearance or consent; "" for the contact.
        until: its last day; None for the contact.
    """

    kind: Literal["clearance", "consent", "contact", "attestation"]
    about: str
    words: str
    until: date | None = None


class PersonSeen(Value):
    """Somebody on the project, as lists show them. `may_answer` clearance requests that are another's."""

    id: PersonId
    name: str
    roles: tuple[str, ...]
    may_answer: bool


class ClearDesk(Value):
    """Everything that the Clear desk shows.

    Attributes:
        policy, policy_title: the project's; uses, questions, triggers: its, and its overlays'.
        wants_contact: the policy asks for the contact to be told of every use; `notice_rule` is the rule.
        contact: the newest notice; None where nobody was told.
        can_change: False where the project is read-only or its record was altered; `why_not` says it.
        version: counts up with every change, so that an older answer is not shown over a newer one.
    """

    policy: str
    policy_title: str
    disclaimer: str
    uses: tuple[Use, ...]
    questions: tuple[Principle, ...]
    triggers: tuple[PolicyRule, ...]
    requests: tuple[ClearanceSeen, ...]
    consents: tuple[ConsentSeen, ...]
    wants_contact: bool
    notice_rule: PolicyRule | None = None
    contact: ContactSeen | None
    people: tuple[PersonSeen, ...]
    reminders: tuple[Reminder, ...]
    references: tuple[Reference, ...]
    can_change: bool = True
    why_not: str = ""
    problems: tuple[str, ...] = ()
    version: int = 0


class SaveClearanceParams(Value):
    """Keep a draft. `id` None makes a new one; only its requester changes a draft, and nobody a sent one."""

    id: str | None = None
    use: str = ""
    title: str = ""
    answers: dict[str, Answer] = {}
    triggers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    scope: Scope = Scope()
    approver: str = ""
    needed_by: date | None = None
    words: str = ""
    rule: str = ""
    why: str = ""
    request: RequestId | None = None
    scene: str | None = None
    task: str = ""
    backend: str = ""
    person: Person


class ClearanceRef(Value):
    """One request. `person` is who acts; for a look, who looks."""

    id: str
    person: Person


class AttachParams(Value):
    """Copy a file into the project as evidence of a draft, or of a request that waits (by who answers it).

    Progress comes as `Progress(job="evidence")`.
    """

    id: str
    path: str
    person: Person


class DetachParams(Value):
    """Take evidence off a draft. The file stays where it came from."""

    id: str
    sha256: str
    person: Person


class SendClearanceParams(Value):
    """Put a request to whoever answers it: a PDF and the text of a mail are made; the app sends nothing.

    `out`: where the PDF goes; "" for `clearance/sent/` in the project.
    """

    id: str
    out: str = ""
    person: Person


class ClearanceSentTo(Value):
    """`to`: whom the mail goes to as they are known; subject and text are to be copied into a mail."""

    seen: ClearanceSeen
    pdf: str
    to: str
    subject: str
    text: str
    entry: EntryNumber


class AnswerClearanceParams(Value):
    """Record somebody's written answer.

    Attributes:
        given_by: who gave it, as the document names them.
        evidence: paths of documents; those attached to the waiting request count too. A yes needs one.
        scope: what a yes covers; both of its days are set.
        names: the named works and people that a yes covers.
        words: limits; or why not.
        person: who records it; not the requester.
    """

    id: str
    answer: Literal["approved", "refused"]
    given_by: str
    evidence: tuple[str, ...] = ()
    scope: Scope = Scope()
    names: tuple[str, ...] = ()
    words: str = ""
    person: Person


class WithdrawClearanceParams(Value):
    """Take a sent request or an approval back."""

    id: str
    why: str
    person: Person


class AddConsentParams(Value):
    """Record a consent. `document` is the path of the signed paper; a copy goes into the project."""

    who: str
    aliases: tuple[str, ...] = ()
    kinds: tuple[ConsentKind, ...]
    uses: str
    representation: str
    deceased: bool = False
    estate: str = ""
    scope: Scope
    document: str
    person: Person


class RevokeConsentParams(Value):
    id: str
    why: str
    person: Person


class TellContactParams(Value):
    """Note that the studio's contact was told of the intended uses; the app tells nobody itself."""

    contact: str
    how: str
    told: UtcTime
    uses: tuple[str, ...]
    words: str = ""
    person: Person


class ContactTextParams(Value):
    """The words of a mail to the contact about these uses."""

    uses: tuple[str, ...]
    person: Person


class Letter(Value):
    """A mail to be copied. The app sends nothing."""

    subject: str
    text: str


class NoticeParams(Value):
    """Does this prompt need clearance? Asked while somebody types, and before they ask.

    Attributes:
        text: what the person typed; context: other words that go into the prompt (shot descriptions).
    """

    text: str
    context: str = ""
    scene: str | None = None
    task: str
    backend: str = ""
    person: PersonId | None = None


class Closed(Value):
    """Why a task is closed, and what opens it.

    Attributes:
        rule: of the policy; use: what to ask clearance for; names: what was noticed and is not cleared.
        request: id of a clearance that was asked for it already and waits, or "".
    """

    rule: str
    use: str
    why: str
    remedy: str
    names: tuple[str, ...] = ()
    request: str = ""


class Noticing(Value):
    """What was noticed in a prompt. `closed` None: it may be asked. `cleared`: by which approval or consent,
    as people say it ("C-016, until 3 Feb 2027")."""

    found: tuple[Noticed, ...] = ()
    closed: Closed | None = None
    cleared: tuple[str, ...] = ()


class SetReferenceParams(Value):
    """Add to the list of named works and people, or change it; `was`: its text before."""

    reference: Reference
    was: str | None = None
    person: Person


class RemoveReferenceParams(Value):
    text: str
    person: Person


class ClearanceChanged(Value):
    """What the Clear desk shows has changed; also told when a day is over on which something ended."""

    event: Literal["clearance"] = "clearance"
    desk: ClearDesk
