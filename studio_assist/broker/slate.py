"""Other projects beside the open one: looked at, never touched.

Everything that is made of them stands in a private folder that goes again: an index without texts, so that
nothing they say is copied. Their own folders are read as they lie, and nothing is written beside them.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import tomllib
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.checking import check
from studio_assist.broker.claiming import checkpoint_seen, claim, witness_seen
from studio_assist.broker.review_making import make_index
from studio_assist.domain.errors import BadInput, Damaged, StudioError
from studio_assist.domain.record import (
    ClearanceApproved,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    ContactTold,
)
from studio_assist.domain.temp import TempFile
from studio_assist.domain.values import EntryNumber, Value
from studio_assist.ledger import Ledger, Verification
from studio_assist.ledger.verify import at_rest
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.boards_file import BoardsFile
from studio_assist.storage.faults import disk
from studio_assist.storage.project_file import ProjectInfo

_ANSWERS: Final = ("clearance_approved", "clearance_refused", "clearance_withdrawn")
#: No record has more of these.
_MOST: Final = 100_000
_V = TypeVar("_V", bound=Value)


class SlateLook:
    """One other project, as it stands when it is looked at.

    Raises:
        BadInput: no project there.
        Damaged: its project.toml, temp.json or boards.json cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._info: Final = _info(path)
        self._ledger: Final = path / "ledger.sqlite"
        if not self._ledger.is_file():
            raise Damaged(
                "That project's record is missing.",
                remedy="Put its ledger.sqlite back from a backup.",
                place=str(self._ledger),
            )
        self._private: Path | None = None

    # methods

    async def look(self) -> protocol.SlateProject:
        """Make its index, check its record, and tell what stands in it.

        Raises:
            StudioError: a file of it cannot be read just now.
        """
        lines, boards = await asyncio.to_thread(self._temp)
        self._private = Path(tempfile.mkdtemp(prefix="studio-assist-slate-"))
        index = self._private / "review.sqlite"
        size, root, told, waiting = await asyncio.to_thread(self._record)
        with ExitStack() as stack:
            # What a crash left may have to be copied first.
            still, _ = await asyncio.to_thread(stack.enter_context, at_rest(self._ledger))
            made, found = await asyncio.gather(
                make_index(still, index, _unheard, texts=False, missing=size),
                check(self._ledger, size, lambda _share: None),
                return_exceptions=True,
            )
        if isinstance(found, BaseException):
            raise found
        review = (
            protocol.ReviewState(state="failed", ledger=str(self._ledger), size=size, why=str(made))
            if isinstance(made, StudioError)
            else protocol.ReviewState(
                state="ready", index=str(index), ledger=str(self._ledger), entries=size, size=size
            )
        )
        if isinstance(made, BaseException) and not isinstance(made, StudioError):
            raise made
        return protocol.SlateProject(
            path=str(self.path),
            title=self._info.title,
            policy=self._info.policy,
            review=review,
            ledger_state=_state(found, size, root),
            temp_lines=lines,
            temp_boards=boards,
            contact_told=told,
            open_clearances=waiting,
        )

    async def close(self) -> None:
        """Remove what was made of it."""
        if self._private is not None:
            await asyncio.to_thread(shutil.rmtree, self._private, ignore_errors=True)
            self._private = None

    # internals

    def _temp(self) -> tuple[int, int]:
        spans = _read(self.path / "temp.json", TempFile)
        boards = _read(self.path / "boards.json", BoardsFile)
        panels = sum(shot.panel.state == "temp" for shot in boards.shots) if boards else 0
        return len(spans.spans) if spans else 0, panels

    def _record(self) -> tuple[int, str, bool, int]:
        """Size and root of the record, whether the contact was told, and how many requests wait."""
        with (
            at_rest(self._ledger) as (still, _),
            Ledger.open(still, read_only=True, at_rest=True) as ledger,
        ):
            told = ledger.entries(type="contact_told", limit=1)
            sent = ledger.entries(type="clearance_sent", limit=_MOST)
            asked = {entry.body.clearance for entry in sent if isinstance(entry.body, ClearanceSent)}
            answered = {
                entry.body.clearance
                for entry in ledger.entries(type=_ANSWERS, limit=_MOST)
                if isinstance(entry.body, ClearanceApproved | ClearanceRefused | ClearanceWithdrawn)
            }
            is_told = any(isinstance(entry.body, ContactTold) for entry in told)
            return ledger.size, ledger.root, is_told, len(asked - answered)


def _unheard(done: int, total: int) -> None:
    """Nobody waits for a share of it."""
    del done, total


def _state(found: Verification, size: int, root: str) -> protocol.LedgerState:
    """What a check of the record found, as the banner of an open project would say it."""
    now = datetime.now(UTC)
    checkpoint = checkpoint_seen(found.checkpoint, None)
    witness = witness_seen(found.witnesses) if found.ok else None
    said = (
        claim(
            size,
            checkpoint,
            witness,
            found.forgotten,
            now.astimezone(),
            strange_keys=found.unvouched_keys,
        )
        if found.ok
        else f"The record was altered: {found.why}"
    )
    return protocol.LedgerState(
        size=size,
        root=root,
        state="intact" if found.ok else "altered",
        first_bad=None if found.first_bad is None else EntryNumber(found.first_bad),
        why=found.why,
        checked_at=now,
        checkpoint=checkpoint,
        witness=witness,
        claim=said,
        forgotten=found.forgotten,
    )


def _info(path: Path) -> ProjectInfo:
    """What a project.toml says; unlike an opened project's, no copy of a damaged one is set aside."""
    file = path / "project.toml"
    with disk(path, "read"):
        is_there = file.is_file()
    if not is_there:
        raise BadInput(
            "There is no Studio Assist project here.",
            remedy="Choose a folder that holds a project.toml.",
            place=str(path),
        )
    try:
        found = tomllib.loads(read_bytes(file).decode("utf-8"))
        known = {name: found[name] for name in ProjectInfo.model_fields if name in found}
        return ProjectInfo.model_validate(known, strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise _unreadable(file) from error


def _read(file: Path, model: type[_V]) -> _V | None:
    if not file.is_file():
        return None
    try:
        return model.model_validate_json(read_bytes(file))
    except ValidationError as error:
        raise _unreadable(file) from error


def _unreadable(file: Path) -> Damaged:
    return Damaged(
        f"That project's {file.name} cannot be read.",
        remedy="Open that project by itself to see what is wrong. Nothing was changed.",
        place=str(file),
    )
