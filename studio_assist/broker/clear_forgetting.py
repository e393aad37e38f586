"""Forgetting what stands in clearance requests, approvals and consents: the files that repeat it go too.

The documents themselves are somebody's proof; that they hold it still is said, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.domain.record import ClearanceApproved, ClearanceSent, ConsentRecorded, Entry
from studio_assist.storage.faults import disk


class ForgottenClearances:
    """What an entry about clearing has beside it in the project's folder."""

    def __init__(self, session: Session, entry: Entry) -> None:
        self._session: Final = session
        self._entry: Final = entry
        self._folder: Final = session.folder.clearance_path

    # methods

    def left(self) -> tuple[protocol.Holding, ...]:
        """What holds it still."""
        return tuple(self._held())

    def clean(self) -> tuple[str, ...]:
        """Take the repeating file away; gives its path inside the project. Raises `Unavailable`."""
        file = self._repeated()
        if file is None or not file.is_file():
            return ()
        with disk(file, "removed"):
            file.unlink()
        return (file.relative_to(self._session.folder.path).as_posix(),)

    # internals

    def _repeated(self) -> Path | None:
        match self._entry.body:
            case ClearanceSent() as body:
                return self._folder / "requests" / f"{body.clearance}.json"
            case ConsentRecorded() as body:
                return self._folder / "consents" / f"{body.consent}.json"
            case _:
                return None

    def _held(self) -> Iterator[protocol.Holding]:
        body = self._entry.body
        name = self._session.folder.path
        file = self._repeated()
        if file is not None and file.is_file():
            yield protocol.Holding(file=file.relative_to(name).as_posix())
        digests: tuple[str, ...] = ()
        match body:
            case ClearanceSent():
                for pdf in sorted((self._folder / "sent").glob("*.pdf")):
                    yield protocol.Holding(file=pdf.relative_to(name).as_posix(), sure=False)
                yield from self._others(body.clearance, "clearance_approved")
            case ClearanceApproved():
                digests = body.evidence
                yield from self._others(body.clearance, "clearance_sent")
            case ConsentRecorded():
                digests = (body.document,)
            case _:
                pass
        for digest in digests:
            for document in sorted((self._folder / "evidence").glob(f"{digest}*")):
                yield protocol.Holding(file=document.relative_to(name).as_posix(), where="the document")

    def _others(self, clearance: str, kind: str) -> Iterator[protocol.Holding]:
        """The request and its answer name the same works and people."""
        ledger = self._session.ledger
        for entry in ledger.entries(type=kind, limit=100_000):
            match entry.body:
                case ClearanceSent() | ClearanceApproved() as body if body.clearance == clearance:
                    if ledger.content_bytes(body.content) is not None:
                        words = f"the request or its answer; forget entry {entry.number} too"
                        yield protocol.Holding(file="ledger.sqlite", where=words, sure=False)
                case _:
                    pass
