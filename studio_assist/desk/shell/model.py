"""What the frame shows: plain values that the application sets, and one signal when they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

#: "busy" while a check runs, "unknown" before the first one.
LedgerState = Literal["intact", "altered", "busy", "unknown"]


@dataclass(frozen=True, slots=True)
class QueueItem:
    """The piece of work under way.

    Attributes:
        label: what it is, in a few words.
        share: what is done, 0 to 1, or None where it cannot be known.
        waiting: how many pieces wait behind it.
    """

    label: str
    share: float | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class BadgeText:
    """One data-handling badge; red only where the policy blocks it."""

    text: str
    icon: str = "shield-check"
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One line of the list behind the provider chip.

    Attributes:
        handling: in words, what it does with data.
        enabled: it can be chosen; where it cannot, `why` says so.
        state: where it stands, in a few words ("Ready", "No key"); red where `blocked` gives a reason.
        badges: how it handles data.
        acts: what else can be done with it, as ids: "key", "attest", "remove".
        chosen: it is the one that is asked.
    """

    id: str
    label: str
    handling: str
    enabled: bool = True
    why: str = ""
    state: str = ""
    blocked: str = ""
    badges: tuple[BadgeText, ...] = ()
    acts: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SceneRow:
    """A scene that the command box can go to; `index` counts from 0 in script order."""

    index: int
    number: str
    heading: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Who is at the keyboard."""

    name: str
    role: str = ""

    @property
    def initials(self) -> str:
        """Up to two letters: of the first and the last word of the name."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else "?"
        return letters.upper()


class ShellModel(QObject):
    """The state of the frame. Widgets read it; only the application writes it, with `update`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: Title of the open project, "" where none is open.
        self.project = ""
        self.draft = ""
        self.debt_lines = 0
        self.debt_boards = 0
        self.debt_sounds = 0
        #: Keys of the page that is shown, for the right of the status bar; "" for none.
        self.hint = ""
        self.ledger: LedgerState = "unknown"
        self.ledger_entries = 0
        #: Number of the first entry that does not hold, where that is known.
        self.ledger_bad: int | None = None
        #: How far a check has come, 0 to 1; None where none runs or it has not said yet.
        self.ledger_share: float | None = None
        #: What may be said of the ledger just now, or why it does not hold: the tool tip.
        self.ledger_why = ""
        self.sent_bytes_today = 0
        self.queue: QueueItem | None = None
        #: Local time of the last save, as shown ("14:31").
        self.saved_at = ""
        #: Whether there are words that the file does not hold yet; they are in the recovery folder.
        self.edited = False
        #: Why the project cannot be changed here, "" where it can.
        self.read_only = ""
        self.provider = "No model chosen"
        #: False where the chosen provider is outside this machine.
        self.provider_here = True
        self.providers: tuple[ProviderRow, ...] = ()
        self.person: PersonRow | None = None
        self.scenes: tuple[SceneRow, ...] = ()

    # methods

    def update(self, **values: Any) -> None:
        """Set attributes and tell once.

        Raises:
            AttributeError: a name that the model does not have.
        """
        different = False
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
                different = True
        if different:
            self.changed.emit()


def sentences(*parts: str | None) -> str:
    """Parts of a message one after the other, each a sentence of its own."""
    said = [part.strip() for part in parts if part and part.strip()]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in said)


def size_text(size_bytes: int) -> str:
    """A number of bytes for reading, in powers of ten: 0 B, 213 kB, 4.2 MB."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    size = float(size_bytes)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "kB" or size >= 100 else f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} TB"


def debt_text(lines: int, boards: int, sounds: int = 0) -> str:
    """What temp material is left, in words."""
    parts = [
        f"{count:,} {word}{'' if count == 1 else 's'}"
        for count, word in ((lines, "line"), (boards, "board"), (sounds, "sound"))
        if count
    ]
    return "Temp debt " + " · ".join(parts) if parts else "No temp debt"
