"""What the record says of clearance: who asked, who answered, what an answer opens, and until when.

The gate and the tasks ask here. Files of the project are not asked: an approval that the record does not
hold, whose document is gone, or whose day is over, opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from pydantic import ValidationError

from studio_assist.broker.clearance_files import ClearanceFiles
from studio_assist.domain.clearance import Approval, ClearanceRequest, ClearanceState, Consent, Notice, Scope
from studio_assist.domain.record import (
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    Commitment,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    Entry,
    Forgotten,
)
from studio_assist.domain.values import Value

if TYPE_CHECKING:
    from studio_assist.broker.session import Session

_V = TypeVar("_V", bound=Value)

_TYPES: Final = (
    "clearance_drafted",
    "clearance_sent",
    "clearance_approved",
    "clearance_refused",
    "clearance_withdrawn",
    "consent_recorded",
    "consent_revoked",
    "contact_told",
    "forgotten",
)


@dataclass
class Stood:
    """Where one request stands by the record.

    Attributes:
        steps: every entry about it, in order.
        request: exactly as it was sent; None before that, or where its words were forgotten.
        approval: what its approval holds; None where there is none, or its words were forgotten.
    """

    steps: list[Entry] = field(default_factory=list[Entry])
    sent: Entry | None = None
    approved: tuple[Entry, ClearanceApproved] | None = None
    refused: tuple[Entry, ClearanceRefused] | None = None
    withdrawn: tuple[Entry, ClearanceWithdrawn] | None = None
    request: ClearanceRequest | None = None
    approval: Approval | None = None


@dataclass
class Given:
    """A consent by the record. `consent` None where its words were forgotten."""

    entry: Entry
    body: ConsentRecorded
    consent: Consent | None
    revoked: bool = False


class Ask(NamedTuple):
    """One ask, as far as a scope is about it. `scene` None: of no scene in particular."""

    scene: str | None
    task: str
    backend: str


@dataclass(frozen=True)
class Opening:
    """An approval that is in force for one ask."""

    clearance: str
    body: ClearanceApproved
    approval: Approval | None


class Clearances:
    """The clearances of one open project."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self.files: Final = ClearanceFiles(session.folder.clearance_path)
        self._seen = 0
        self._stood: Final[dict[str, Stood]] = {}
        self._given: Final[dict[str, Given]] = {}
        self._told: tuple[Entry, ContactTold] | None = None

    # what the record says

    def stood(self) -> dict[str, Stood]:
        """Every request that the record names, by its id."""
        self._read_on()
        return self._stood

    def given(self) -> dict[str, Given]:
        """Every consent that the record names, by its id."""
        self._read_on()
        return self._given

    def contact(self) -> tuple[Entry, ContactTold, Notice | None] | None:
        """The newest notice to the studio's contact, with its words where they are not forgotten."""
        self._read_on()
        if self._told is None:
            return None
        entry, body = self._told
        return entry, body, self._content(Notice, body.content)

    @property
    def contact_told(self) -> bool:
        """Whether anybody told the studio's contact."""
        self._read_on()
        return self._told is not None

    def today(self) -> date:
        """The day by which approvals hold: this machine's."""
        return self._session.now().astimezone().date()

    def clock_is_back(self) -> bool:
        """Whether this machine's clock is behind the record: then no day can be relied on."""
        size = self._session.ledger.size
        return bool(size) and self._session.ledger.entry(size).at > self._session.now()

    # what it opens

    def openings(self, ask: Ask) -> Iterator[Opening]:
        """Approvals that are in force today for one ask."""
        if self.clock_is_back():
            return
        today = self.today()
        for identifier, stood in self.stood().items():
            # What nobody can read any more opens nothing: it could not be looked at or taken back either.
            if stood.approved is None or stood.withdrawn is not None or stood.request is None:
                continue
            _entry, body = stood.approved
            if scope_of(body).covers(scene=ask.scene, task=ask.task, backend=ask.backend, day=today) and all(
                self.files.store.holds(digest) for digest in body.evidence
            ):
                yield Opening(identifier, body, stood.approval)

    def approved_rules(self, ask: Ask) -> frozenset[str]:
        """Rules of the policy whose written approval is on file and in force for one ask."""
        found = self.openings(ask)
        return frozenset(rule for one in found for rule in one.body.rules)

    def consents_for(self, ask: Ask) -> Iterator[Consent]:
        """Consents that are in force today for one ask."""
        if self.clock_is_back():
            return
        today = self.today()
        for given in self.given().values():
            consent = given.consent
            if (
                consent is not None
                and not given.revoked
                and today <= date.fromisoformat(given.body.until)
                and consent.scope.covers(scene=ask.scene, task=ask.task, backend=ask.backend, day=today)
                and self.files.store.holds(given.body.document)
            ):
                yield consent

    # internals

    def _read_on(self) -> None:
        """Read what the record has gained since the last look; it only ever grows."""
        ledger = self._session.ledger
        size = ledger.size
        while self._seen < size:
            entries = ledger.entries(self._seen, 500, type=_TYPES)
            for entry in entries:
                self._take(entry)
            self._seen = max(entries[-1].number, self._seen) if len(entries) == 500 else size

    def _take(self, entry: Entry) -> None:
        match entry.body:
            case ClearanceDrafted() as body:
                self._of(body.clearance, entry)
            case ClearanceSent() as body:
                stood = self._of(body.clearance, entry)
                stood.sent, stood.request = entry, self._content(ClearanceRequest, body.content)
            case ClearanceApproved() as body:
                stood = self._of(body.clearance, entry)
                stood.approved, stood.approval = (entry, body), self._content(Approval, body.content)
            case ClearanceRefused() as body:
                self._of(body.clearance, entry).refused = (entry, body)
            case ClearanceWithdrawn() as body:
                self._of(body.clearance, entry).withdrawn = (entry, body)
            case ConsentRecorded() as body:
                self._given[body.consent] = Given(entry, body, self._content(Consent, body.content))
            case ConsentRevoked() as body:
                self._given[body.consent].revoked = True
            case ContactTold() as body:
                self._told = (entry, body)
            case Forgotten() as body:
                self._forget(frozenset(body.commitments))
            case _:
                pass

    def _forget(self, gone: frozenset[Commitment]) -> None:
        """Let go of what was read of texts that were forgotten since."""
        for stood in self._stood.values():
            sent = stood.sent.body if stood.sent else None
            if isinstance(sent, ClearanceSent) and sent.content in gone:
                stood.request = None
            if stood.approved is not None and stood.approved[1].content in gone:
                stood.approval = None
        for given in self._given.values():
            if given.body.content in gone:
                given.consent = None

    def _of(self, identifier: str, entry: Entry) -> Stood:
        stood = self._stood.setdefault(identifier, Stood())
        stood.steps.append(entry)
        return stood

    def _content(self, kind: type[_V], commitment: Commitment) -> _V | None:
        kept = self._session.ledger.content(commitment)
        if kept is None:
            return None
        try:
            return kind.model_validate_json(kept)
        except ValidationError:
            # Written by another version: what it opened is in the entry itself.
            return None


def scope_of(body: ClearanceApproved) -> Scope:
    """What an approval covers, as the record has it."""
    return Scope(
        scenes=body.scenes,
        tasks=body.tasks,
        backends=body.backends,
        since=date.fromisoformat(body.since),
        until=date.fromisoformat(body.until),
    )


def state_of(stood: Stood, today: date) -> ClearanceState:
    """Where a request stands on a day."""
    if stood.withdrawn is not None:
        return "withdrawn"
    if stood.refused is not None:
        return "refused"
    if stood.approved is not None:
        return "approved" if today <= date.fromisoformat(stood.approved[1].until) else "expired"
    return "sent" if stood.sent is not None else "draft"


def same_name(one: str, other: str) -> bool:
    """Whether two names are what two people would type for the same one."""
    bare = ["".join(letter for letter in name.casefold() if letter.isalnum()) for name in (one, other)]
    return bare[0] == bare[1] != ""


class ClearanceBook:
    """The clearances of whichever project is open."""

    def __init__(self) -> None:
        self._open: tuple[Session, Clearances] | None = None

    def of(self, session: Session) -> Clearances:
        """Those of a project; what was read of it is kept while it is the one that is asked for."""
        if self._open is None or self._open[0] is not session:
            self._open = (session, Clearances(session))
        return self._open[1]
