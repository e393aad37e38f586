"""The right side of the Clear desk: requests, the evidence of the one that is shown, what ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.clear import words
from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.evidence import EvidencePart
from studio_assist.desk.clear.rows import REQUEST_PX, RequestRow, RowList
from studio_assist.desk.clear.words import Status
from studio_assist.desk.kit import Button, IconLabel, Label, Panel
from studio_assist.desk.theme import Theme
from studio_assist.protocol import Reminder

#: Stands in the list for a draft that has no number yet.
NEW: Final = "new"
_EMPTY: Final = "No requests yet"
_EMPTY_LONG: Final = "Choose a use on the left and answer its questions. What you ask for stands here."
#: What the evidence keeps of the panel's height, px.
_EVIDENCE_PX: Final = 190


class RequestsPanel(Panel):
    """The list and what belongs to the request that is shown.

    Signals:
        chosen: id of a request, or `NEW`.
        new_wanted: begin another.
    """

    chosen = Signal(str)
    new_wanted = Signal()

    def __init__(self, theme: Theme, book: ClearBook) -> None:
        super().__init__(theme, "surface1", "l")
        self._book: Final = book
        self.setObjectName("requests_panel")
        self._count: Final = Label(theme, "", "caption", "text3")
        self.new: Final = Button(theme, "New request", icon="plus", height_px=26)
        self.new.setObjectName("new_request")
        self.new.clicked.connect(self.new_wanted)
        header = Panel(theme, "surface1", "b")
        header.setFixedHeight(40)
        head = QHBoxLayout(header)
        head.setContentsMargins(13, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(Label(theme, "Requests", "strong"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.new)
        self.rows: Final = RowList(theme, "Requests", REQUEST_PX)
        self.rows.setObjectName("request_rows")
        self.rows.chosen.connect(self.chosen)
        self._empty: Final = QWidget()
        self._empty.setObjectName("requests_empty")
        none = QVBoxLayout(self._empty)
        none.setContentsMargins(24, 40, 24, 24)
        none.setSpacing(6)
        none.addWidget(IconLabel(theme, "clear", "text3", 28), 0, Qt.AlignmentFlag.AlignHCenter)
        none.addWidget(Label(theme, _EMPTY, "sheetTitle"), 0, Qt.AlignmentFlag.AlignHCenter)
        long = Label(theme, _EMPTY_LONG, "caption", "text2", wrap=True)
        long.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        none.addWidget(long)
        none.addStretch(1)
        self.evidence: Final = EvidencePart(theme)
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self.evidence)
        self.evidence.setAutoFillBackground(False)
        self._foot: Final = Panel(theme, "surface1", "t")
        line = QHBoxLayout(self._foot)
        line.setContentsMargins(13, 9, 12, 9)
        line.setSpacing(8)
        line.addWidget(IconLabel(theme, "clock", "text3", 14), 0, Qt.AlignmentFlag.AlignTop)
        self._reminder: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._reminder.setObjectName("clear_reminder")
        line.addWidget(self._reminder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.rows)
        column.addWidget(self._empty, 1)
        column.addWidget(self._area, 1)
        column.addWidget(self._foot)

    # methods

    def show_book(self, current: str | None, fresh: RequestRow | None) -> None:
        """Show the requests; `fresh` is a draft that has no number yet."""
        book = self._book
        rows = [] if fresh is None else [fresh]
        for seen in book.requests:
            request = seen.request
            when = words.day_words(words.here_day(request.changed), book.today)
            under = f"{request.by.name}, {when}"
            title = words.title_of(seen, book.uses)
            rows.append(RequestRow(request.id, request.label, title, under, words.status_of(seen)))
        self.rows.show_rows(rows, current)
        self._count.set_text(str(len(book.requests)) if book.requests else "")
        self._empty.setVisible(not rows)
        self.rows.setVisible(bool(rows))
        self._area.setVisible(bool(rows))
        off = book.why_not
        self.new.setEnabled(not off)
        self.new.setToolTip(off)
        self.new.setAccessibleDescription(off)
        said = reminder_words(book)
        self._reminder.set_text(said)
        self._foot.setVisible(bool(said))
        self._fit()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # internals

    def _fit(self) -> None:
        """The list is as high as its rows, as long as the evidence keeps its part."""
        room = max(2 * REQUEST_PX, self.height() - 40 - _EVIDENCE_PX - 36)
        self.rows.setFixedHeight(min(len(self.rows.rows) * REQUEST_PX, room))


def reminder_words(book: ClearBook) -> str:
    """What ends next, or has ended, in a line."""
    shown = book.shown
    if shown is None:
        return ""
    told: Sequence[Reminder] = [one for one in shown.reminders if one.kind != "contact"]
    said = [one.words for one in sorted(told, key=lambda one: one.until or book.today)]
    return " ".join(said[:2]) + (f" And {len(said) - 2} more." if len(said) > 2 else "")


def fresh_row(title: str, by: str) -> RequestRow:
    """A draft that has no number yet."""
    return RequestRow(NEW, "New", title, f"{by}, today", Status("Draft", "", "outline"))
