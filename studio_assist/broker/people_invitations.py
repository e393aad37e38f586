"""Invitations that wait for their answer, on the machine they were made on, and the files that go out and in.

They stand in the user's own folder and not in the project: a copy of the project is no reason to take an
answer in. Each is taken away with the answer that was taken in, so that a second answer finds nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.invitations import (
    MOST_BYTES,
    Answer,
    Invitation,
    file_of,
    read_answer,
    read_invitation,
)
from studio_assist.ledger.signatures import is_good
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk

_NAME: Final = re.compile(r"[0-9a-f]{16}-[0-9a-f]{32}", re.ASCII)


class OpenInvitations:
    """The invitations that were made here and wait. Any thread may call.

    Args:
        home: the user's own folder.
    """

    def __init__(self, home: Path) -> None:
        self._folder: Final = home / "invitations"

    def keep(self, invitation: Invitation, now: datetime) -> None:
        """Keep one until it is answered; those of the same project that ran out are taken away."""
        with disk(self._folder, "made"):
            self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._folder.glob(f"{invitation.project}-*.json"):
            try:
                over = read_invitation(read_bytes(file), str(file), is_good).until < now
            except StudioError:
                # It can be answered by nobody.
                over = True
            if over:
                self._remove(file)
        write_atomic(self._file(invitation.project, invitation.nonce), file_of(invitation))

    def find(self, project: str, nonce: str) -> Invitation | None:
        """The one of this number, whole as it was made; None where none waits."""
        file = self._file(project, nonce)
        if not file.is_file():
            return None
        return read_invitation(_bytes(file, "an invitation"), str(file), is_good)

    def done(self, project: str, nonce: str) -> None:
        """It was answered, and is not answered again."""
        self._remove(self._file(project, nonce))

    # internals

    def _file(self, project: str, nonce: str) -> Path:
        name = f"{project}-{nonce}"
        if not _NAME.fullmatch(name):
            raise ValueError("an invitation's number is hexadecimal")
        return self._folder / f"{name}.json"

    def _remove(self, file: Path) -> None:
        with disk(file, "removed"):
            file.unlink(missing_ok=True)


def invitation_in(path: str) -> Invitation:
    """The invitation that a file holds. Raises `BadInput` with the place."""
    return read_invitation(_bytes(Path(path), "an invitation"), path, is_good)


def answer_in(path: str) -> Answer:
    """The answer that a file holds. Raises `BadInput` with the place."""
    return read_answer(_bytes(Path(path), "an answer to an invitation"), path, is_good)


def new_file(path: str) -> Path:
    """A place for a file that is not there yet. Raises `BadInput` where it will not do."""
    out = Path(path)
    if "\0" in path:
        raise BadInput("That is no name for a file.", remedy="Choose another name.", place="out")
    with disk(out, "written"):
        there, folder = out.exists(), out.parent.is_dir()
    if there:
        raise BadInput(
            "There is something in that place already.", remedy="Choose a new name.", place=str(out)
        )
    if not folder:
        raise BadInput("There is no such folder.", remedy="Choose another place.", place=str(out.parent))
    return out


def write_out(out: Path, value: Invitation | Answer) -> None:
    """Write a file for somebody else's hands."""
    write_atomic(out, file_of(value))


def _bytes(file: Path, what: str) -> bytes:
    try:
        fits = file.is_file() and file.stat().st_size <= MOST_BYTES
    except (OSError, ValueError):
        # A path that the system does not take at all, or one it does not let us look at.
        fits = False
    if not fits:
        raise BadInput(f"This is not {what}.", remedy="Check the path.", place=str(file))
    return read_bytes(file)
