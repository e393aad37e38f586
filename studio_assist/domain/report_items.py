"""What a disclosure report lists: policies, tools, clearances, counts, temp items, shares, incidents, files.

The rules of `domain.report` hold: no confidential text, and None for a name that was forgotten.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from studio_assist.domain.record_types import Permille
from studio_assist.domain.values import EntryNumber, Sha256, UtcTime, Value

Many = Annotated[int, Field(ge=0)]


class PolicyHeld(Value):
    """A policy that the project is under now.

    Attributes:
        sha256: of its file as it reads now; None where it cannot be read.
        pinned: as the record names it; None where the record names none.
        unverified: sentences that were not checked at their source, with where they come from.
    """

    id: str
    title: str
    version: str
    overlay: bool
    source: str
    checked_on: date | None
    disclaimer: str
    sha256: Sha256 | None
    pinned: Sha256 | None
    sentences: Many
    unverified: tuple[tuple[str, str], ...] = ()

    @property
    def state(self) -> Literal["as recorded", "changed since", "not in the record", "file not readable"]:
        """How the file stands to what the record names."""
        if self.sha256 is None:
            return "file not readable"
        if self.pinned is None:
            return "not in the record"
        return "as recorded" if self.sha256 == self.pinned else "changed since"


class PolicyChange(Value):
    """When somebody put the project under policies. `policies`: each id with the hash of its file."""

    entry: EntryNumber
    at: UtcTime
    by: str
    material: str
    policies: tuple[tuple[str, Sha256], ...]


class CardHeld(Value):
    """What is known of a provider, by its card.

    Attributes:
        lines: the terms in sentences: plan, what is kept, whether it is trained on, how nothing is kept.
        residual: what is kept even so.
        verified: the card was checked at the provider's own pages.
    """

    id: str
    name: str
    source: str
    checked_on: date
    expires_on: date
    verified: bool
    lines: tuple[str, ...]
    residual: tuple[str, ...] = ()


class AttestationHeld(Value):
    """Somebody's signed word that an account keeps nothing. `plan`, `region`: None where the file is gone."""

    id: str
    entry: EntryNumber
    by: str
    made: UtcTime
    until: date
    evidence: Sha256
    state: Literal["holds", "ended", "taken back", "file missing"]
    plan: str | None = None
    region: str | None = None


class Tool(Value):
    """A model or service that was asked or set up.

    Attributes:
        name: as people read it. ai: False for pictures that are drawn by rules.
        where: "here" on this machine, "studio" in the studio's network, "outside".
        kinds: "text", "pictures": what it was asked for.
        offered: candidates; `kept` those that were accepted or edited and stand.
        sends, bytes: how often something left for it, and how much.
        names_replaced: how many names went out under another name, counted once a sending.
        unread: sendings whose bytes were forgotten since, so that names in them cannot be counted.
        approvals: clearances (C-001) that cover it today.
    """

    backend: str
    name: str
    models: tuple[str, ...]
    ai: bool
    where: Literal["here", "studio", "outside"]
    host: str
    region: str
    kinds: tuple[str, ...]
    asks: Many = 0
    offered: Many = 0
    kept: Many = 0
    rejected: Many = 0
    blocked: Many = 0
    sends: Many = 0
    bytes: Many = 0
    names_replaced: Many = 0
    unread: Many = 0
    first_at: UtcTime | None = None
    last_at: UtcTime | None = None
    card: CardHeld | None = None
    attestations: tuple[AttestationHeld, ...] = ()
    approvals: tuple[str, ...] = ()


class Sending(Value):
    """Something that left the machine, and who let it. `seconded_by`: "" where nobody else was needed."""

    entry: EntryNumber
    at: UtcTime
    backend: str
    origin: str
    bytes: Many
    approved_by: str
    seconded_by: str
    sensitivity: str


class Notice(Value):
    """That the studio's contact was told. `contact` and `how` are None where they were forgotten."""

    entry: EntryNumber
    at: UtcTime
    told: UtcTime
    by: str
    contact: str | None
    how: str | None
    uses: tuple[str, ...]


class Step(Value):
    """One step of a clearance. `what`: drafted, sent, approved, refused, withdrawn."""

    what: str
    by: str
    at: UtcTime
    entry: EntryNumber


class ClearanceHeld(Value):
    """A clearance request with its answers, and where it stands today by the record.

    Attributes:
        label: as people say it ("C-019"), or the id where its file is gone.
        answers: each question with its answer. triggers: sentences that the requester says apply.
        scope: what an approval holds for, in words. given_by: who gave it, None where that was forgotten.
        evidence: hashes of the documents that the answer rests on.
    """

    id: str
    label: str
    title: str
    use: str
    verdict: str
    state: Literal["draft", "sent", "approved", "refused", "expired", "withdrawn"]
    rule: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    triggers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    scope: str = ""
    until: date | None = None
    given_by: str | None = ""
    evidence: tuple[Sha256, ...] = ()


class ConsentHeld(Value):
    """A consent to uses of a likeness, voice or performance. `person`: None where it was forgotten."""

    id: str
    entry: EntryNumber
    at: UtcTime
    by: str
    person: str | None
    kinds: tuple[str, ...]
    representation: str
    until: date
    state: Literal["valid", "expired", "revoked"]
    document: Sha256


class Counts(Value):
    """Decisions that stand, and what else people did; `undone` were taken back and are in no other number."""

    accepted: Many = 0
    edited: Many = 0
    rejected: Many = 0
    undone: Many = 0
    replaced: Many = 0
    drawn: Many = 0

    @property
    def decided(self) -> int:
        """Accepted, edited and rejected together."""
        return self.accepted + self.edited + self.rejected


class PersonCounts(Value):
    """What one person did. `roles` as the record has them."""

    name: str
    roles: tuple[str, ...]
    automated: bool
    asks: Many
    counts: Counts


class DayCounts(Value):
    """Decisions of one day that stand."""

    day: date
    accepted: Many
    edited: Many
    rejected: Many


class TaskCounts(Value):
    """What was asked for, by task. `task` is its id; `use` the policy's use that it is, or ""."""

    task: str
    use: str
    asks: Many
    offered: Many
    accepted: Many
    edited: Many
    rejected: Many


class TempItem(Value):
    """Temp material that is still in the work.

    Attributes:
        where: "scene 14, page 27, line 31", or the panel's number.
        ai: False for a picture that was drawn by rules.
        lines, words: of a passage; 0 for a panel.
        human_permille: share of a passage's words, or of a panel's area by ink, that is a person's.
        state: "lost" where the passage is not found in the script any more; "unsaved" where its words were
            accepted and the script was not saved since.
    """

    kind: Literal["line", "panel"]
    where: str
    scene: str
    entry: EntryNumber
    at: UtcTime
    by: str
    automated: bool
    outcome: str
    made_by: str
    ai: bool
    lines: Many = 0
    words: Many = 0
    human_permille: Permille = 0
    state: Literal["in place", "lost", "unsaved"] = "in place"


class ReplacedItem(Value):
    """Temp material that a person took out of the work.

    Attributes:
        how: "rewritten", "marked as replaced", "drawn over", "deleted", "taken off the board".
        human_permille: how much of a panel's area was a person's ink then; None for text.
        entry, decision: what took it out, and what had let it in.
    """

    kind: Literal["line", "panel"]
    how: str
    scene: str
    shot: str
    entry: EntryNumber
    decision: EntryNumber
    at: UtcTime
    by: str
    automated: bool
    made_by: str
    human_permille: Permille | None = None


class SceneShare(Value):
    """Whose words a scene has.

    Attributes:
        scene: its number; "" for what stands before the first.
        words: all that it has. temp_words: in passages that a model began and nobody replaced yet;
            model_words: of those, as the model offered them.
        replaced: passages of a model that a person has replaced. by: who decided about passages there.
    """

    scene: str
    page: Many
    words: Many
    temp_words: Many
    model_words: Many
    replaced: Many
    by: tuple[str, ...]

    @property
    def human_permille(self) -> int:
        """Share of words that no model is on record for, in thousandths."""
        return 1000 if not self.words else 1000 * (self.words - self.model_words) // self.words


class PanelShare(Value):
    """Whose picture a panel is.

    Attributes:
        state: "temp" accepted from a model or drawn by rules; "drawn" a person's own; "replaced" a person's
            own in place of a temp one.
        ink_permille: how much of the frame a person's ink covers; None where a person brought a file.
    """

    shot: str
    scene: str
    state: Literal["temp", "drawn", "replaced"]
    ai: bool
    made_by: str
    by: str
    entry: EntryNumber | None
    ink_permille: Permille | None


class Incident(Value):
    """Something that did not go as it should, or that somebody stopped.

    Attributes:
        kind: "blocked" by a rule, "refused" by a person, "recovered" after a crash or damage, "clock" set
            back, "key" that nobody vouched for, "lost" passage, "forgotten" texts.
        entry: the entry behind it. rules: ids of the rules that spoke.
    """

    kind: Literal["blocked", "refused", "recovered", "clock", "key", "lost", "forgotten"]
    entry: EntryNumber
    at: UtcTime
    who: str
    words: str
    rules: tuple[str, ...] = ()


class FileOut(Value):
    """A file that was exported. `recipient`: of one that was handed over; None where it was forgotten."""

    entry: EntryNumber
    at: UtcTime
    by: str
    name: str
    format: str
    sha256: Sha256
    temp_items: Many
    final: bool
    handed_over: bool = False
    recipient: str | None = ""
