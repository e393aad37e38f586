"""What desk and broker say about what leaves: the sheet, and what a person answers to it."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber, RequestId, Sha256, Value
from studio_assist.gate.rules import Check


class Piece(Value):
    """A run of text on the sheet.

    Attributes:
        kind: "plain"; "name" what was written, on the left; "token" what stands for it, on the right;
            "question" a word that may be a name; "hidden" a character that shows nothing, written out here
            ("U+200B").
        link: for names and tokens the place in `GateSheet.names`, for questions that in
            `GateSheet.questions`; else None.
    """

    text: str
    kind: Literal["plain", "name", "token", "question", "hidden"] = "plain"
    link: int | None = None


class Passage(Value):
    """One string of the request's body.

    Attributes:
        label: what it is, for a person: "Instructions", "Your text", or the field's own path.
    """

    label: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece.text for piece in self.pieces)


class SwapSeen(Value):
    """A name as it was written, and what stands for it."""

    name: str
    token: str


class QuestionSeen(Value):
    """A word that a person has to say something about before anything is sent.

    Attributes:
        id: names it in the answer.
        question: a sentence: "Is this a name?".
        answers: what may be answered. "name": have it replaced; "no-name": it may leave as it is.
        known_as: the listed name that it may be, where there is one.
        lasting: the answer is kept for the project; else it is for this request alone.
    """

    id: str
    word: str
    where: str
    question: str
    answers: tuple[Literal["name", "no-name"], ...]
    known_as: str | None = None
    lasting: bool = False


class ProviderFact(Value):
    """A row of the provider's card: "Retention", "0 days"; `bad` where it keeps the gate shut."""

    label: str
    value: str
    bad: bool = False
    mono: bool = False


class PurposeSeen(Value):
    """A question of the policy and how this request answers it; `good` where the answer is the wanted one."""

    question: str
    answer: Literal["Yes", "No", "Unsure"]
    good: bool


class Tag(Value):
    """Something that stood in the file of a picture: "GPS", "58.6411, -3.0702"."""

    label: str
    value: str


class PictureSeen(Value):
    """A picture as it was and as it is sent.

    Attributes:
        name, size_bytes, width, height, tags, more_tags: of the person's file; `more_tags` are not listed.
        sent_name, sent_bytes, sent_width, sent_height: of what is sent.
        done: what was done and found: "Re-encoded from pixels", "Drawing, no real face".
        was, sent: files that hold the two for display; "" where there is none.
        bad: what `done` says keeps it here.
    """

    name: str
    size_bytes: int
    width: int
    height: int
    tags: tuple[Tag, ...]
    more_tags: int
    sent_name: str
    sent_bytes: int
    sent_width: int
    sent_height: int
    done: tuple[str, ...]
    was: str = ""
    sent: str = ""
    bad: str = ""


class GateSheet(Value):
    """What leaves, for a person's eyes: made from the very bytes that are sent.

    Attributes:
        digest: of the exact bytes; an approval names it.
        size: bytes of the body; `times`: how often the same bytes are sent (one answer each).
        entry: the ledger's entry of the verdict.
        before, after: the strings of the body as the person wrote them, and as they are sent.
        fields: the body's other fields ("temperature: 0.8"), in order.
        raw: the whole request as text, characters that show nothing written out; keys are not in it.
        rules: those that the sheet shows, the four headlines first.
        may_remember: *Ask once a session* may be chosen; `remember` says for what.
        second: a second person has to say yes too; `seconded_by` who did.
        local: id of a model on this machine that could be asked instead, or None.
        to: who it is sent to, short: "Northlight".
    """

    request: RequestId
    backend: str
    digest: Sha256
    size: int
    times: int
    asked_by: str
    desk: str
    scene: str | None
    sensitivity: str
    verdict: Literal["ask", "hold", "blocked"]
    why: str
    remedy: str
    entry: EntryNumber
    to: str
    provider: str
    facts: tuple[ProviderFact, ...]
    purpose: str
    purposes: tuple[PurposeSeen, ...]
    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    fields: tuple[str, ...]
    raw: str
    names: tuple[SwapSeen, ...]
    questions: tuple[QuestionSeen, ...]
    pictures: tuple[PictureSeen, ...]
    rules: tuple[Check, ...]
    policy: str
    may_remember: bool = False
    remember: str = ""
    second: bool = False
    seconded_by: str = ""
    local: str | None = None


class ApproveSendParams(Value):
    """A person has read exactly these bytes and sends them. There is no call that approves unseen bytes."""

    request: RequestId
    digest: Sha256
    person: Person
    remember: bool = False


class SecondSendParams(Value):
    """Somebody other than who asked has read exactly these bytes and agrees."""

    request: RequestId
    digest: Sha256
    person: Person


class RefuseSendParams(Value):
    """A person read the sheet and does not send."""

    request: RequestId
    digest: Sha256
    person: Person


class NameAnswer(Value):
    """What a person says of one question of the sheet."""

    question: str
    answer: Literal["name", "no-name"]


class AnswerNamesParams(Value):
    """Answers to questions of the sheet. The sheet comes again with what they change."""

    request: RequestId
    digest: Sha256
    answers: tuple[NameAnswer, ...]
    person: Person
