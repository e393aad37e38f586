"""What stands in a panel and why: who accepted or drew it, what made it, and the entry that says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, IconLabel, LinkButton
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Panel, Variant

#: What separates the parts of a line.
_DOT: Final = " · "


def origin_of(made_by: str, seed: int | None) -> str:
    """As "SD-Turbo on this machine · seed 41733"."""
    return _DOT.join(part for part in (made_by, f"seed {seed}" if seed is not None else "") if part)


def references_words(count: int) -> str:
    """As "no references", "2 references"."""
    return f"{count or 'no'} {'reference' if count == 1 else 'references'}"


def story_of(panel: Panel) -> str:
    """As "Accepted by J. Lindqvist at 14:31", or who drew it."""
    did = "Drawn" if panel.state == "drawn" else "Accepted"
    return f"{did} by {panel.by or 'a person'}{_when(panel.at) if panel.at else ''}"


def provenance_line(panel: Panel | None, variant: Variant | None) -> str:
    """The line under the large view."""
    if variant is not None:
        parts = (origin_of(variant.made_by, variant.seed), "offered, not decided", variant.source.word)
    elif panel is not None and panel.state != "empty":
        entry = f"ledger entry {panel.entry}" if panel.entry is not None else ""
        source = panel.source.word if panel.source else ""
        parts = (story_of(panel), origin_of(panel.made_by, panel.seed), source, entry)
    else:
        parts = ("Empty",)
    return _DOT.join(part for part in parts if part)


def _when(at: datetime) -> str:
    """The time, and the day where that is another."""
    there, now = at.astimezone(), datetime.now(UTC).astimezone()
    day = "" if there.date() == now.date() else f" on {there.day} {there:%b}"
    return f" at {there:%H:%M}{day}"


class PanelStory(QWidget):
    """Hidden while nothing stands in the panel, or a variant is shown.

    Signals:
        open_entry: the number of a ledger entry.
        undo_wanted: the decision is to be taken back; it stays in the record.
    """

    open_entry = Signal(int)
    undo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = 0
        self.setObjectName("panel_story")
        self._icon: Final = IconLabel(theme, "check", "green", 14)
        self._said: Final = ElidedLabel(theme, "", "caption", "amberText")
        self._origin: Final = ElidedLabel(theme, "", "meta", "text3")
        self.entry_button: Final = LinkButton(theme, "Open ledger entry")
        self.entry_button.setObjectName("open_entry_button")
        self.entry_button.clicked.connect(lambda: self.open_entry.emit(self._entry))
        self.undo_button: Final = LinkButton(theme, "Undo decision")
        self.undo_button.setObjectName("undo_decision_button")
        self.undo_button.clicked.connect(self.undo_wanted)
        head = QHBoxLayout()
        head.setSpacing(7)
        head.addWidget(self._icon)
        head.addWidget(self._said, 1)
        links = QHBoxLayout()
        links.setContentsMargins(18, 0, 0, 0)
        links.setSpacing(12)
        links.addWidget(self.entry_button)
        links.addWidget(self.undo_button)
        links.addStretch(1)
        about = QHBoxLayout()
        about.setContentsMargins(21, 0, 0, 0)
        about.addWidget(self._origin, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(about)
        column.addLayout(links)

    # methods

    def show_panel(self, panel: Panel | None) -> None:
        """Tell a panel's story; None tells nothing."""
        told = panel is not None and panel.state != "empty"
        self.setVisible(told)
        if panel is None or not told:
            return
        drawn = panel.state == "drawn"
        self._icon.set_icon("brush" if drawn else "check", "greenText" if drawn else "green")
        self._said.set_text(story_of(panel))
        self._said.set_token("greenText" if drawn else "amberText")
        origin = origin_of(panel.made_by, panel.seed)
        if drawn and panel.human_permille:
            ink = f"{panel.human_permille / 10:g} % of it is their ink"
            origin = _DOT.join(part for part in (ink, origin) if part)
        self._origin.set_text(origin)
        self._origin.setVisible(bool(origin))
        self._entry = int(panel.entry or 0)
        for button in (self.entry_button, self.undo_button):
            button.setVisible(panel.entry is not None)
        self.entry_button.setText(f"Open ledger entry {self._entry}")
        self.entry_button.setAccessibleName(self.entry_button.text())
        self.entry_button.updateGeometry()
        self.undo_button.setAccessibleDescription("The decision is taken back; both stay in the record.")
