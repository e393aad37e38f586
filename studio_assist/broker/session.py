"""One open project: its folder, lock and record, and what a crash left in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker.animatic_keeper import AnimaticKeeper, settle_sounds
from studio_assist.broker.board_keeper import BoardKeeper
from studio_assist.broker.board_story import settle
from studio_assist.broker.keys import Keys
from studio_assist.broker.open_record import Clock, OpenRecord, Tell
from studio_assist.broker.story import is_of_board
from studio_assist.domain.errors import BadInput, Damaged, Refusal, StudioError, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.record import (
    DecisionMade,
    Placed,
    Recovered,
    Requested,
    RequestEnded,
    SpanDeleted,
    SpanLost,
)
from studio_assist.domain.temp import TempFile, TempSpan, anchored, with_copies
from studio_assist.domain.values import EntryNumber, RequestId, Sha256, sha256_of
from studio_assist.interchange.fountain import read_script_bytes
from studio_assist.ledger import Ledger
from studio_assist.storage.journal import Journal
from studio_assist.storage.lock import Locked, ProjectLock
from studio_assist.storage.project import ProjectFolder, Stamp
from studio_assist.storage.recovery import Autosave, Autosaves

#: The autosave of the project's own script.
SCRIPT_KEY: Final = "script"


def utc_now() -> datetime:
    """The time that entries carry."""
    return datetime.now(UTC)


class Session(OpenRecord):
    """An open project. Every change to its files and record goes through here.

    One session belongs to one event loop; its ledger is used from that thread alone.
    """

    def __init__(
        self,
        folder: ProjectFolder,
        ledger: Ledger,
        lock: ProjectLock | None,
        *,
        person: Person,
        read_only: str | None,
        tell: Tell,
        clock: Clock,
        keys: Keys,
        resumed: str | None = None,
    ) -> None:
        super().__init__(
            folder, ledger, person=person, read_only=read_only, tell=tell, clock=clock, keys=keys
        )
        self.journal: Final = None if read_only else Journal(folder.recovery_path / "journal.jsonl")
        self._lock = lock
        self.boards: Final = BoardKeeper(
            folder,
            read_only=read_only is not None,
            record_size=lambda: ledger.size,
            tell=tell,
            saved=self._boards_saved,
        )
        self.animatic: Final = AnimaticKeeper(folder, read_only=read_only is not None, tell=tell)
        self._autosaves: Final = Autosaves(folder.recovery_path, resumed)
        self._saved_spans: tuple[TempSpan, ...] = ()
        self._warnings: list[str] = []
        #: What was found amiss with the board and the animatic when they were opened.
        self._troubles: tuple[str, ...] = ()
        #: Whether an autosave of this session may be there; one that goes on may have left one.
        self._has_autosave = resumed is not None

    # opening and closing

    @classmethod
    def open(
        cls,
        path: Path,
        person: Person,
        *,
        tell: Tell,
        clock: Clock = utc_now,
        keys: Keys | None = None,
        read_only: bool = False,
        what: Literal["window", "command line"] = "window",
        at_rest: bool = False,
        resumed: str | None = None,
    ) -> Session:
        """Open a project; one that another window holds opens read-only.

        `at_rest`, with `read_only`, is for one quick look that leaves no file behind. `resumed` is the
        session of a window whose broker ended and which goes on.

        Raises:
            BadInput: no project there, or one of a newer version.
            Damaged: the script is gone; or the record is gone or is none. The script can still be opened
                as a file.
        """
        folder = ProjectFolder.open(path)
        if not folder.script_path.exists():
            raise Damaged(
                "The project's script, script.fountain, is gone. Everything else was left as it is.",
                remedy="Put it back into the project's folder, or copy the newest version there that the "
                "folder recovery/previous holds, and open the project again.",
                place=str(folder.script_path),
            )
        why: str | None = "Opened to read only." if read_only else None
        lock: ProjectLock | None = None
        if not read_only:
            held = ProjectLock.acquire(path, what=what)
            if isinstance(held, Locked):
                since = held.since.astimezone().strftime("%H:%M")
                why = f"Open in another {held.what} since {since}. Here it can be read, not changed."
            else:
                lock = held
                folder.sweep()
        damage: Damaged | None = None
        try:
            try:
                ledger = Ledger.open(
                    folder.ledger_path, create=False, read_only=why is not None, at_rest=at_rest
                )
            except Damaged as found:
                # The script is the writer's, whatever happened to the record: it opens all the same.
                damage = found
                ledger = Ledger.open(folder.ledger_path, read_only=True)
        except StudioError:
            if lock:
                lock.release()
            raise
        session = cls(
            folder,
            ledger,
            lock,
            person=person,
            read_only=why,
            tell=tell,
            clock=clock,
            keys=keys or Keys(),
            resumed=resumed,
        )
        try:
            trouble = session.boards.load()
            sound_trouble = session.animatic.load()
        except StudioError:
            # A newer program wrote the board.
            ledger.close()
            if lock:
                lock.release()
            raise
        damage = damage or ledger.damage
        if damage:
            session._health.alter(damage.message)
        else:
            try:
                if why is None:
                    session._settle()
                said = settle(session, session.boards)
                trouble = " ".join(filter(None, (trouble, said))) or None
                heard = settle_sounds(session, session.animatic)
                sound_trouble = " ".join(filter(None, (sound_trouble, heard))) or None
            except Damaged as found:
                # An entry that cannot be read: the record is altered, and the script opens all the same.
                session._health.alter(found.message)
        session._troubles = tuple(filter(None, (trouble, sound_trouble)))
        return session

    async def close(self) -> None:
        """Let go of the project. Open candidates stay undecided."""
        await self.boards.close()
        await self.animatic.close()
        await self.close_record()
        if self.journal:
            self.journal.close()
        if self._lock:
            self._lock.release()

    # what is told

    def state(self, backend: str | None = None) -> protocol.ProjectState:
        """The project as it stands on disk, with what waits for a person."""
        data, stamp = self.folder.read_script()
        script = read_script_bytes(data, str(self.folder.script_path))
        self._warnings = list(self._troubles)
        spans = self._load_spans(script)
        self._saved_spans = spans
        info = self.folder.info
        return protocol.ProjectState(
            path=str(self.folder.path),
            session=self._autosaves.session,
            title=info.title,
            draft="",
            policy=info.policy,
            script=script,
            stamp=_stamp(stamp),
            spans=spans,
            boards_temp=self.boards.temp,
            board=protocol.BoardSummary(
                shots=len(self.boards.board),
                open=self.story.open_pictures(),
                version=self.boards.version,
            ),
            aspect=info.aspect,
            rate=info.rate,
            temp_sounds=len(self.animatic.animatic.temp_sounds),
            read_only=self.read_only,
            ledger=self.ledger_state(),
            open_requests=self.story.open_requests(),
            recovery=self._offers(script, stamp, spans) if not self.read_only else (),
            warnings=tuple(self._warnings),
            backend=backend,
        )

    # the script

    def save(self, text: str, spans: tuple[TempSpan, ...], expected: protocol.Stamp | None) -> protocol.Saved:
        """Write the script and its temp spans; then record what reached the file.

        Raises:
            Conflict: the file changed on disk since it was read.
            Refusal: the project is read-only here.
        """
        if self.read_only:
            raise Refusal(self.read_only, remedy="Save a copy, or close the other window.")
        data = text.encode("utf-8")
        there = self.folder.script_stamp()
        known = Stamp(**expected.model_dump()) if expected else there
        if there is not None and there.sha256 == sha256_of(data):
            # Ours already: a broker that ended after the rename could not tell the window.
            known = there
        if known is not None and self._has_autosave:
            # What a crash in the middle leaves is then the words being saved, not older ones.
            self.autosave(text, spans, known.sha256)
        stamp = self.folder.save_script_and_temp(data, TempFile(spans=spans), known)
        self._autosaves.discard(SCRIPT_KEY)
        self._has_autosave = False
        if not self.is_altered:
            self._record_placement(spans, sha256_of(data))
        self._saved_spans = spans
        return protocol.Saved(stamp=_stamp(stamp), at=self._clock())

    def would_delete(self, spans: tuple[TempSpan, ...]) -> bool:
        """Whether saving with these spans says that a person deleted temp text, which they sign."""
        kept = {span.id for span in spans}
        return any(span.id not in kept for span in self._saved_spans)

    def take_in(self, text: str, more: Sequence[TempSpan] = ()) -> list[str]:
        """Put another script in place of the project's. Says what a person should know of it.

        Temp text that the new script holds too stays temp. What it does not hold is lost, and waits for a
        person as lost spans do: a script that comes from outside takes no mark off.

        Args:
            more: temp spans that come in with it.
        """
        before = self.state()
        told: list[str] = []
        if before.script and before.script != text:
            kept = self.folder.save_copy(before.script.encode("utf-8"))
            told.append(f"The script before is kept as {kept.name}.")
        spans = tuple(sorted((*spans_in(before, text), *more), key=lambda span: (span.start, span.entry)))
        self.save(text, spans, None)
        were = {span.id for span in before.spans if span.state == "anchored"}
        lost = [span for span in spans if span.state == "lost" and span.id in were]
        for span in lost:
            self.append(SpanLost(span=span.id, decision=span.entry), durable=False)
        if lost:
            told.append(
                f"{len(lost)} temp passage{'s' * (len(lost) != 1)} of the script before could not be found "
                "in this one, and count as temp until a person marks them as replaced."
            )
        return told

    def autosave(self, text: str, spans: tuple[TempSpan, ...], base: str) -> protocol.Autosaved:
        """Put the script as it is typed into the recovery folder. The saved file stays as it is."""
        at = self._clock()
        if not self.read_only:
            file = TempFile(spans=spans)
            self._autosaves.save(
                Autosave(
                    key=SCRIPT_KEY,
                    title=self.folder.info.title,
                    text=text,
                    spans_json=file.model_dump_json(),
                    base=base,
                    at=at,
                )
            )
            self._has_autosave = True
        return protocol.Autosaved(at=at)

    def recover(self, offer: str, *, take: bool) -> None:
        """Note that a person took or left what a crash had left behind.

        Typed words that are left are kept as a file. Accepted words that are left are deleted temp text:
        the decision and its words stay in the record.
        """
        kind, _, key = offer.partition(":")
        if kind == "autosave":
            for autosave in self._autosaves.offers(SCRIPT_KEY):
                if autosave.session == key:
                    if not take:
                        self.folder.save_copy(autosave.text.encode("utf-8", "replace"))
                    self._autosaves.dismiss(autosave)
            what = "text that was typed before the program ended"
        elif kind == "decision" and key.isdigit():
            number = EntryNumber(int(key))
            what = f"the words of decision {key}, which had not reached the script"
            if not take and self.story.is_live(number):
                body = SpanDeleted(span=f"t{key}", decision=number)
                self.append(body, person=self.person, durable=True)
        else:
            raise BadInput(f"There is nothing to recover called {offer}.", remedy="Open the project again.")
        verb = "Taken back" if take else "Left aside"
        self.append(Recovered(what=f"{verb}: {what}."), person=self.person, durable=False)

    # internals

    def _settle(self) -> None:
        """Write down what a crash left open: requests that were cut off."""
        self.meet(self.person)
        for entry in self.ledger.unfinished():
            body = entry.body
            if isinstance(body, Requested):
                self.append(
                    RequestEnded(
                        request=body.request,
                        state="failed",
                        why="The program ended while it ran.",
                        dropped=(),
                    ),
                    durable=False,
                )
                if self.journal:
                    self.journal.write(body.request, "failed", {"why": "interrupted"})

    def _load_spans(self, script: str) -> tuple[TempSpan, ...]:
        try:
            file = self.folder.load_temp(TempFile)
        except Damaged as damage:
            self._warnings.append(f"{damage.message} {damage.remedy}")
            file = TempFile(spans=self.story.live_spans())
        before = file.spans if isinstance(file, TempFile) else ()
        spans = anchored(before, script, self.story.quote_of)
        # A crash between the two files of a save leaves spans whose words are still to come: those are
        # offered with their decision, and are not lost.
        unplaced = {entry.number for entry in self.ledger.unplaced()}
        spans = tuple(span for span in spans if span.state == "anchored" or span.entry not in unplaced)
        if not self.read_only and not self.is_altered:
            was_anchored = {span.id for span in before if span.state == "anchored"}
            for span in spans:
                if span.state == "lost" and span.id in was_anchored:
                    self.append(SpanLost(span=span.id, decision=span.entry), durable=False)
        return spans

    def _boards_saved(self, digest: Sha256, record: int) -> None:
        """Say which decisions on pictures have reached boards.json, which had `record` entries before it."""
        if self.is_altered:
            return
        for entry in self.ledger.unplaced():
            decision = entry.body
            if isinstance(decision, DecisionMade) and is_of_board(decision) and entry.number <= record:
                self.append(Placed(decision=entry.number, script=digest), durable=False)

    def _record_placement(self, spans: tuple[TempSpan, ...], script: str) -> None:
        """Say which decisions have reached the file, and which temp text a person has deleted from it."""
        here = {span.entry for span in spans}
        for entry in self.ledger.unplaced():
            if entry.number in here:
                self.append(Placed(decision=entry.number, script=script), durable=True)
        kept = {span.id for span in spans}
        for span in self._saved_spans:
            if span.id not in kept and self.story.is_live(span.entry):
                self.append(SpanDeleted(span=span.id, decision=span.entry), person=self.person, durable=True)
        before = {span.id for span in self._saved_spans}
        for span in spans:
            if span.id not in before and self.ledger.entries(
                type=("replaced", "span_deleted"), decision=span.entry, limit=1
            ):
                what = f"An undo brought the temp text of decision {span.entry} back into the script."
                self.append(Recovered(what=what), person=self.person, durable=True)

    def _offers(
        self, script: str, stamp: Stamp, spans: tuple[TempSpan, ...]
    ) -> tuple[protocol.RecoveryOffer, ...]:
        offers: list[protocol.RecoveryOffer] = []
        in_autosave: set[EntryNumber] = set()
        for autosave in self._autosaves.offers(SCRIPT_KEY):
            if autosave.text == script:
                # Saved after all; later it would seem to hold other words than the script.
                self._autosaves.dismiss(autosave)
                continue
            kept = TempFile.model_validate_json(autosave.spans_json).spans
            in_autosave |= {span.entry for span in kept}
            offers.append(
                protocol.RecoveryOffer(
                    id=f"autosave:{autosave.session}",
                    kind="autosave",
                    at=autosave.at,
                    text=autosave.text,
                    spans=kept,
                )
            )
        placed = {span.entry for span in spans}
        for entry in self.ledger.unplaced():
            decision = entry.body
            if not isinstance(decision, DecisionMade) or entry.number in placed | in_autosave:
                continue
            if is_of_board(decision):
                continue
            if not self.story.is_live(entry.number):
                continue
            offer = self.story.offer_of(entry, decision, script)
            if offer:
                offers.append(offer)
        return tuple(offers)


def spans_in(state: protocol.ProjectState, text: str) -> tuple[TempSpan, ...]:
    """The temp spans as they would stand in a text from outside, which may hold their words twice."""
    words = {one.id: state.script[one.start : one.end] for one in state.spans if one.state == "anchored"}
    stand = anchored(state.spans, text, lambda span: words.get(span.id))
    return with_copies(stand, text, state.script, lambda span: words.get(span.id))


def new_request_id() -> RequestId:
    """An id that no other request has."""
    return RequestId(uuid.uuid4().hex[:16])


def no_project() -> Unavailable:
    """What is raised where a call needs an open project and none is."""
    return Unavailable("No project is open.", remedy="Open a project first.")


def _stamp(stamp: Stamp) -> protocol.Stamp:
    return protocol.Stamp(sha256=stamp.sha256, size=stamp.size, mtime_ns=stamp.mtime_ns)
