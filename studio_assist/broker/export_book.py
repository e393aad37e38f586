"""How an export is written down: in the journal before, in the record after, and what a crash makes of it.

A crash between the moment in which a file gets its name and the moment in which its entry is in the record
would leave a file that the record does not know. So the journal is told before the file gets its name, and
the next opening compares. A file that stands there exactly as it was found right is recorded then: it may
have been copied on by now, and taking it away would leave those copies unknown. Where another person opens
the project, who cannot sign for the one who exported, a note in the record names the file by its hash. No
file is removed on the word of a journal but those with a name that only an unfinished file has.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Final, Protocol

from pydantic import ValidationError

from studio_assist.broker.export_files import SUMS, Format, Leaving, is_partial, partials_beside, remove
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.values import EntryNumber, Sha256, Value
from studio_assist.storage.journal import Journal, Record

_PREFIX: Final = "export-"


class Book(Protocol):
    """Takes down one export, step by step."""

    def writing(self, leaving: Leaving, staged: Path) -> None:
        """Bytes are about to be written to `staged`."""
        ...

    def naming(self, sha256: Sha256, replaced: Path | None) -> None:
        """The file was found right and is about to get its name; `replaced` keeps what stands there now."""
        ...

    async def record(self, leaving: Leaving, sha256: Sha256) -> EntryNumber | None:
        """The file has its name. None where there is no record that could hold it.

        What it raises goes on to whoever exports, and the file is gone again.
        """
        ...

    def ended(self, *, done: bool) -> None:
        """It is over, one way or the other."""
        ...


class NoBook:
    """Takes nothing down: for a copy out of a project whose record cannot be opened at all."""

    def writing(self, leaving: Leaving, staged: Path) -> None:
        return

    def naming(self, sha256: Sha256, replaced: Path | None) -> None:
        return

    async def record(self, leaving: Leaving, sha256: Sha256) -> EntryNumber | None:
        return None

    def ended(self, *, done: bool) -> None:
        return


class ProjectBook:
    """Takes down an export in an open project's journal and record.

    Args:
        altered: the project's record does not hold: nothing is written into it.
    """

    def __init__(self, session: Session, person: Person, *, altered: bool = False) -> None:
        self._session: Final = session
        self._person: Final = person
        self._altered: Final = altered
        self._journal: Final[Journal | None] = session.journal
        self._job: Final = f"{_PREFIX}{secrets.token_hex(6)}"
        self._intent: Intent | None = None

    def writing(self, leaving: Leaving, staged: Path) -> None:
        self._note(
            Intent(
                target=str(leaving.target),
                staged=str(staged),
                person=self._person,
                format=leaving.format,
                final=leaving.final,
                temp_items=leaving.temp_items,
            )
        )

    def naming(self, sha256: Sha256, replaced: Path | None) -> None:
        if self._intent and not self._altered:
            known = {
                "sha256": sha256,
                "replaced": str(replaced) if replaced else None,
                "size": self._session.ledger.size,
            }
            self._note(self._intent.model_copy(update=known))

    async def record(self, leaving: Leaving, sha256: Sha256) -> EntryNumber | None:
        if self._altered or self._intent is None:
            return None
        body = self._intent.body(sha256)
        return self._session.append(body, person=self._person, durable=True).number

    def ended(self, *, done: bool) -> None:
        if self._journal:
            try:
                self._journal.write(self._job, "done" if done else "failed")
            except StudioError:
                # The next opening finds the same out by itself.
                return
        if done and not self._altered:
            self._session.checkpoint_now(self._person)

    def _note(self, intent: Intent) -> None:
        self._intent = intent
        if self._journal:
            self._journal.write(
                self._job, "naming" if intent.sha256 else "writing", intent.model_dump(mode="json")
            )


class Intent(Value):
    """What the journal holds of one export under way.

    Attributes:
        target: the file as it is to be called, absolute.
        staged: where it waits for its name.
        replaced: where the file that it replaces is kept meanwhile, or None.
        sha256: None until the file was read back and found right.
        size: how many entries the ledger held then.
    """

    target: str
    staged: str
    person: Person
    format: Format
    final: bool
    temp_items: int
    replaced: str | None = None
    sha256: Sha256 | None = None
    size: int = 0

    def body(self, sha256: Sha256) -> record.Exported:
        """The entry that says that the file was written."""
        return record.Exported(
            automated=self.person.automated,
            final=self.final,
            format=self.format,
            name=Path(self.target).name,
            sha256=sha256,
            temp_items=self.temp_items,
        )


# After a crash ------------------------------------------------------------------------------------------


async def settle_exports(session: Session) -> None:
    """Put right what a crash left of exports that it cut off.

    What cannot be put right now waits for the next opening.
    """
    if session.journal is None or session.read_only or session.is_altered:
        return
    for note in session.journal.states().values():
        if not note.job.startswith(_PREFIX) or note.ended:
            continue
        intent = _read(note)
        try:
            if intent is None:
                session.journal.write(note.job, "failed")
            else:
                await session.ready(session.person)
                _settle(session, session.journal, note.job, intent)
        except (StudioError, OSError):
            continue


def _settle(session: Session, journal: Journal, job: str, intent: Intent) -> None:
    target, staged = Path(intent.target), Path(intent.staged)
    replaced = Path(intent.replaced) if intent.replaced else None
    if is_partial(staged):
        # A film is written under a name of its own before it is signed.
        for half in (*partials_beside(staged), staged):
            remove(half)
    sha256 = intent.sha256
    stands = sha256 is not None and digest_of(target) == sha256
    if sha256 is not None and stands and not _recorded(session, intent):
        if session.person.id == intent.person.id:
            session.append(intent.body(sha256), person=intent.person, durable=True)
            what = (
                f"The export {target.name} had been written when the program ended, and was recorded when "
                "the project was opened again."
            )
        else:
            what = (
                f"The export {target.name} (SHA-256 {sha256}) had been written when the program ended, and "
                f"{intent.person.name}, who asked for it, has not signed for it."
            )
        session.append(record.Recovered(what=what), person=session.person, durable=True)
    if replaced and is_partial(replaced) and replaced.exists():
        if target.exists():
            replaced.unlink()
        else:
            replaced.replace(target)
    journal.write(job, "done" if stands else "failed")


def digest_of(file: Path) -> Sha256 | None:
    """A file's SHA-256, or of a folder that was exported that of its list; None where none can be read."""
    try:
        listed = file / SUMS if file.is_dir() else file
        if not listed.is_file():
            # A pipe would be waited for, and a device read without end.
            return None
        with listed.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def _recorded(session: Session, intent: Intent) -> bool:
    """Whether the export's entry is in the record after all."""
    after = intent.size
    while page := session.ledger.entries(after, 1000, type="exported"):
        for entry in page:
            if isinstance(entry.body, record.Exported) and entry.body.sha256 == intent.sha256:
                return True
        after = page[-1].number
    return False


def _read(note: Record) -> Intent | None:
    try:
        # Not strict, for JSON has lists where values have tuples.
        return Intent.model_validate(dict(note.data), strict=False)
    except ValidationError:
        return None
