"""Autosaves: the words as they are typed, in files of their own, until they are saved or let go.

Each running program writes under a session of its own, so that a program that starts after a crash never
writes over what the crashed one left. What other sessions left are offers; only a person's answer ends one.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk

_NAME: Final = re.compile(r"autosave-(?P<key>[a-z0-9-]{1,64})-(?P<session>[0-9a-f]{12})\.json")


@dataclass(frozen=True, slots=True)
class Autosave:
    """One text as it was typed.

    Attributes:
        key: what it is the text of: "script", or an untitled draft's own key (a-z, 0-9, hyphens).
        title: what to call it when it is offered.
        spans_json: its temp spans, as temp.json would hold them.
        base: SHA-256 of the file the text was typed over, or None for a draft that was never saved.
        session: which run of the program wrote it; filled in by `Autosaves.save`.
    """

    key: str
    title: str
    text: str
    spans_json: str
    base: str | None
    at: datetime
    session: str = ""


class Autosaves:
    """The autosaves in one folder: a project's recovery folder, or the user's own for untitled drafts.

    Args:
        session: twelve hexadecimal digits, to carry a session on; None begins a new one.
    """

    def __init__(self, folder: Path, session: str | None = None) -> None:
        self.folder: Final = folder
        self.session: Final = session or secrets.token_hex(6)

    def save(self, autosave: Autosave) -> Path:
        """Write this session's autosave of a text over its last one."""
        path = self.folder / f"autosave-{autosave.key}-{self.session}.json"
        if not _NAME.fullmatch(path.name):
            raise ValueError(f"{autosave.key!r} cannot be part of a file's name")
        # Plain ASCII keeps a lone surrogate, which a text from the clipboard may hold, as it is.
        content = {
            "at": autosave.at.astimezone(UTC).isoformat(),
            "base": autosave.base,
            "spans": autosave.spans_json,
            "text": autosave.text,
            "text_sha256": _digest(autosave.text),
            "title": autosave.title,
            "version": 1,
        }
        with disk(self.folder, "made"):
            self.folder.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(content, indent=1).encode() + b"\n")
        return path

    def offers(self, key: str | None = None) -> list[Autosave]:
        """What other sessions left, newest first. What cannot be read is left alone; see `unreadable`."""
        found = (self.read(path) for path in self._paths(key) if self._session_of(path) != self.session)
        return sorted((offer for offer in found if offer), key=lambda offer: offer.at, reverse=True)

    def unreadable(self) -> list[Path]:
        """Autosaves that are damaged: they stay where they are, for a person to look at."""
        return [path for path in self._paths(None) if self.read(path) is None]

    def discard(self, key: str) -> None:
        """Remove this session's own autosave of a text, because the text has been saved."""
        for path in self._paths(key):
            if self._session_of(path) == self.session:
                self._remove(path)

    def dismiss(self, offer: Autosave) -> None:
        """Remove an offer that a person has answered."""
        self._remove(self.folder / f"autosave-{offer.key}-{offer.session}.json")

    def _remove(self, path: Path) -> None:
        with disk(path, "removed"):
            path.unlink(missing_ok=True)

    def _paths(self, key: str | None) -> list[Path]:
        if not self.folder.is_dir():
            return []
        with disk(self.folder, "read"):
            matches = [(path, _NAME.fullmatch(path.name)) for path in sorted(self.folder.iterdir())]
        return [path for path, match in matches if match and key in (None, match["key"])]

    @staticmethod
    def _session_of(path: Path) -> str:
        match = _NAME.fullmatch(path.name)
        return match["session"] if match else ""

    @staticmethod
    def read(path: Path) -> Autosave | None:
        """What an autosave's file holds; None where it is damaged, or is none."""
        match = _NAME.fullmatch(path.name)
        try:
            content = json.loads(read_bytes(path))
            text, title, spans, base = (content[name] for name in ("text", "title", "spans", "base"))
            at = datetime.fromisoformat(content["at"])
            whole = content["text_sha256"] == _digest(text) and at.tzinfo is not None
        except (ValueError, KeyError, TypeError, AttributeError, BadInput, Unavailable):
            return None
        if not match or not whole or not isinstance(title, str) or not isinstance(spans, str):
            return None
        return Autosave(match["key"], title, text, spans, base, at, match["session"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
