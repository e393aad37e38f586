"""The record of an open project: every entry goes through here, and its person signs what they answer for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from studio_assist import protocol
from studio_assist.broker.health import Health
from studio_assist.broker.keys import Keys, PersonKey
from studio_assist.broker.signing import Signing
from studio_assist.broker.story import Story
from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.record import (
    SIGNED,
    Body,
    CertificateAdded,
    DecisionMade,
    DecisionUndone,
    Entry,
    PanelCleared,
    PanelDrawn,
    PanelReplaced,
    PanelRestored,
    PersonAdded,
    Replaced,
    SpanDeleted,
)
from studio_assist.domain.values import PersonId
from studio_assist.ledger import Contents, Ledger
from studio_assist.ledger.seals import StoredCheckpoint
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk
from studio_assist.storage.project import ProjectFolder

if TYPE_CHECKING:
    from studio_assist.marks.certificates import Identity

Clock = Callable[[], datetime]
Tell = Callable[[protocol.Event], None]

#: A group of these is over when its person pauses; then the head is signed.
_DECISIONS: Final = (
    DecisionMade,
    DecisionUndone,
    Replaced,
    SpanDeleted,
    PanelDrawn,
    PanelReplaced,
    PanelCleared,
    PanelRestored,
)


class OpenRecord:
    """The record of a project that somebody works in.

    It belongs to one event loop; its ledger is used from that thread alone.

    Args:
        read_only: why nothing may be written here, in a sentence; None where it may.
        keys: where people's keys come from.
    """

    def __init__(
        self,
        folder: ProjectFolder,
        ledger: Ledger,
        *,
        person: Person,
        read_only: str | None,
        tell: Tell,
        clock: Clock,
        keys: Keys,
    ) -> None:
        self.folder: Final = folder
        self.ledger: Final = ledger
        self.story: Final = Story(ledger)
        self.person = person
        self.read_only: Final = read_only
        self._tell: Final = tell
        self._clock: Final = clock
        self._health: Final = Health(folder.ledger_path, ledger, self.story, clock, self._tell_health)
        self._signing: Final = Signing(
            ledger,
            keys,
            clock,
            may_sign=lambda: not self.read_only and self._health.state == "intact",
            trouble=self._tell_unsigned,
            signed=self._signed,
        )
        self._told_size = -1
        #: What else reads the ledger holds still in it, and takes out what was forgotten.
        self.quiet: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        #: Called when the record has grown.
        self.grown: Callable[[], None] = lambda: None

    # what is known

    def now(self) -> datetime:
        """The time that entries carry."""
        return self._clock()

    def ledger_state(self) -> protocol.LedgerState:
        """What is known of the record just now."""
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        sent = self.ledger.sent_bytes(midnight.astimezone(UTC))
        key = self._signing.at_hand(self.person) if not self.read_only and not self.is_altered else None
        if key is None:
            return self._health.describe(sent_today=sent, key="none", key_note="")
        return self._health.describe(
            sent_today=sent, key="session" if key.session_only else "kept", key_note=key.note
        )

    @property
    def is_altered(self) -> bool:
        """Whether the record was found not to hold: nothing is asked or decided then."""
        return self._health.state == "altered"

    @property
    def why_altered(self) -> str | None:
        """What is wrong with an altered record, in a sentence."""
        return self._health.why if self.is_altered else None

    # entries

    def append(
        self, body: Body, *, contents: Contents | None = None, person: Person | None = None, durable: bool
    ) -> Entry:
        """Write one entry, signed by its person where it is one that a person answers for.

        The first signature of a key brings the entry that names the key. It waits for the key: `ready`
        before this keeps the loop free meanwhile.

        Raises:
            Refusal: the project is read-only here, or its record was altered.
        """
        self.may_write()
        bodies: list[tuple[Body, PersonId | None]] = [(body, person.id if person else None)]
        signer: PersonKey | None = None
        if isinstance(body, SIGNED) and person:
            signer = self._signing.signer(person)
            bodies[:0] = self._introduction(person, signer)
        *_, entry = self.ledger.append_many(
            bodies, at=self._clock(), contents=contents, durable=durable, signer=signer
        )
        self._tell_size()
        if isinstance(body, _DECISIONS) and person:
            self._signing.decided(person)
        return entry

    def may_write(self) -> None:
        """Raises `Refusal` where nothing may be written."""
        if self.read_only:
            raise Refusal(self.read_only, remedy="Close the other window, then open the project again.")
        if self.is_altered:
            raise Refusal(
                f"The record was altered: {self._health.why}",
                remedy="Compare it with a copy. Until then nothing is asked or decided; the script is yours.",
                rule="record-intact",
            )

    # keys and heads

    def fetch_key(self) -> None:
        """Look for the key of who works here, in the background. What is signed first waits for it."""
        if not self.read_only and not self.is_altered:
            self._signing.begin(self.person)

    async def ready(self, person: Person | None = None) -> PersonKey:
        """A person's key, once it is there: a few seconds at most, and at once from the second time on."""
        return await self._signing.ready(person or self.person)

    def checkpoint_now(self, person: Person | None = None) -> StoredCheckpoint | None:
        """Sign the head as it stands. Never raises: a head that cannot be signed is told, and comes later.

        None where it was not signed: before the record was checked, where this person has signed nothing in
        it yet, or where the disk did not take it.
        """
        return self._signing.try_checkpoint(person or self.person)

    async def checkpoint(self, person: Person) -> tuple[StoredCheckpoint, PersonKey]:
        """Sign the head for somebody outside, once the whole record was checked; with the key that signed.

        Raises:
            Refusal: the project is read-only here, or its record was altered.
            Unavailable: the disk did not take it, or the record could not be checked.
        """
        self.may_write()
        if self._health.state == "checking":
            await self.check_record()
        self.may_write()
        if self._health.state != "intact":
            raise Unavailable(
                f"The record could not be checked: {self._health.why}", remedy="Check it again, then go on."
            )
        key = await self.introduced(person)
        signed = self._signing.checkpoint(person)
        assert signed is not None, "a key that the record names signs a record that was checked"
        return signed, key

    async def introduced(self, person: Person) -> PersonKey:
        """A person's key that the record names, so that what it signs can be checked.

        Raises:
            Refusal: the project is read-only here, or its record was altered.
        """
        self.may_write()
        key = await self.ready(person)
        self.may_write()
        self.meet(person)
        for body, who in self._introduction(person, key):
            self.ledger.append(body, at=self._clock(), person=who, durable=True)
        return key

    async def identity(self, person: Person | None = None) -> Identity:
        """What signs manifests (C2PA) here.

        A new one's certificates are kept in the project, and its root is named in the record.

        Raises:
            Refusal: the project is read-only here, or its record was altered.
            Unavailable: the disk did not take the certificates.
        """
        self.may_write()
        person = person or self.person
        folder = self.folder.certificates_path

        def chain(root: str) -> bytes | None:
            file = folder / f"{root}.pem"
            return read_bytes(file) if file.is_file() else None

        kept = await self._signing.identity(person, self.folder.info.title, chain)
        self.may_write()
        if chain(kept.root) != kept.identity.chain_pem:
            with disk(folder, "made"):
                folder.mkdir(exist_ok=True)
            write_atomic(folder / f"{kept.root}.pem", kept.identity.chain_pem)
        named = self.ledger.entries(type="certificate_added", limit=100_000)
        if not any(
            isinstance(entry.body, CertificateAdded) and entry.body.root == kept.root for entry in named
        ):
            body = CertificateAdded(root=kept.root, session_only=kept.session_only)
            self.append(body, person=person, durable=True)
        return kept.identity

    def witnessed(self, witness: protocol.WitnessSeen) -> None:
        """Tell what a witness's word shows, from now on."""
        self._health.witnessed(witness)
        self._tell_size()

    def forgot(self, texts: int) -> None:
        """Tell that texts were forgotten, from now on."""
        self._health.forgot(texts)
        self._tell_size()

    def meet(self, person: Person) -> None:
        """Note who works here now, once."""
        self.person = person
        roles = " ".join(person.roles)
        known = [
            entry.body
            for entry in self.ledger.entries(type="person_added", limit=100_000)
            if isinstance(entry.body, PersonAdded) and entry.body.person == person.id
        ]
        if known and (known[-1].name, known[-1].role) == (person.name, roles):
            return
        body = PersonAdded(person=person.id, name=person.name, role=roles)
        self.append(body, person=person, durable=False)

    @asynccontextmanager
    async def unread(self) -> AsyncGenerator[None]:
        """Nothing here reads the ledger's file meanwhile; a check that ran begins again afterwards."""
        async with self.quiet():
            ran = await self._health.close()
            try:
                yield
            finally:
                if ran:
                    self._health.check()

    def check_record(self) -> asyncio.Task[None]:
        """Check the whole record beside the work."""
        return self._health.check()

    async def close_record(self) -> None:
        """End the check, sign the head once more where the key is at hand, and let go of the ledger."""
        await self._health.close()
        self._signing.close(self.person)
        self.ledger.close()

    # internals

    def _tell_size(self) -> None:
        if self.ledger.size != self._told_size:
            self._told_size = self.ledger.size
            self.grown()
            self._tell(protocol.LedgerChanged(ledger=self.ledger_state()))

    def _tell_health(self) -> None:
        if self._health.state == "intact":
            # What was decided while the check went on can be signed now.
            self._signing.resume()
        self._tell(protocol.LedgerChanged(ledger=self.ledger_state()))

    def _introduction(self, person: Person, key: PersonKey) -> list[tuple[Body, PersonId | None]]:
        body = self._signing.introduction(person, key)
        return [(body, person.id)] if body else []

    def _signed(self, head: StoredCheckpoint | None) -> None:
        if head is not None:
            who = self.story.name_of(head.person)[0]
            self._health.signed(head.size, head.at, who, session_only=head.session_only)
        self._tell(protocol.LedgerChanged(ledger=self.ledger_state()))

    def _tell_unsigned(self, error: StudioError) -> None:
        message = f"The record's head could not be signed just now: {error.message}"
        self._tell(protocol.Trouble(kind="record", message=message, remedy=error.remedy))
