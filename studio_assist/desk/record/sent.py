"""What was sent off this machine today: a small list behind the status bar's count.

To hook it in: `self.sent = SentControl(theme, self)` in `Studio` once its shell exists; it listens to the
broker by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit import Button, Divider, Dropdown, Label
from studio_assist.desk.record.parts import scrolling
from studio_assist.desk.shell import Command
from studio_assist.desk.shell.model import size_text
from studio_assist.desk.theme import Theme
from studio_assist.domain.values import EntryNumber, RequestId

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

COMMAND: Final = "ledger.sent"
_WIDTH_PX: Final = 400
#: A longer list scrolls, px.
_MOST_PX: Final = 220


@dataclass(frozen=True, slots=True)
class Sending:
    """One time that bytes left.

    Attributes:
        entry: the ledger's entry of the verdict, None where its sheet was not seen here.
        answered: the host has begun to answer.
    """

    at: datetime
    request: RequestId
    to: str
    task: str
    size: int
    entry: EntryNumber | None
    answered: bool = False


class SentControl(QObject):
    """Keeps what this window saw leave today, and shows it beside what the record counts."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._sheets: dict[RequestId, protocol.GateSheet] = {}
        self._sent: list[Sending] = []
        self._card: SentCard | None = None
        studio.client.told.connect(self.take)
        studio.project_opened.connect(lambda _state: self.forget_project())
        studio.shell.status_bar.sent_clicked.connect(self.show)
        command = Command(
            COMMAND, "What was sent off this machine today", self.show, icon="plane", needs_desk=True
        )
        studio.shell.commands.add(command)

    # properties

    @property
    def today(self) -> list[Sending]:
        """What this window saw leave today, the latest first."""
        today = datetime.now().astimezone().date()
        return [one for one in reversed(self._sent) if one.at.date() == today]

    # methods

    def take(self, event: object) -> None:
        """An event of the broker."""
        match event:
            case protocol.GateAsked(sheet=sheet):
                self._sheets[sheet.request] = sheet
            case protocol.GateSent():
                self._note(event)
            case protocol.RequestChanged() if event.state != "running":
                self._sheets.pop(event.request, None)
                if event.state == "done":
                    self._answered(event.request)
            case _:
                pass

    def forget_project(self) -> None:
        """Another project is open: what left for the one before is in that one's record."""
        self._sheets.clear()
        self._sent.clear()
        if self._card is not None:
            self._card.dismiss()

    def show(self) -> None:
        """Open the list beside the status bar's count, or close it."""
        if self._studio.state is None:
            return
        if self._card is None:
            guard_overrides()
            self._card = SentCard(self._theme, self._studio.shell)
            self._card.record_wanted.clicked.connect(self._show_record)
        elif self._card.isVisible():
            self._card.dismiss()
            return
        model = self._studio.model
        self._card.show_sent(self.today, model.sent_bytes_today, altered=model.ledger == "altered")
        item = self._studio.shell.status_bar.sent
        self._card.open_at(QRect(item.mapTo(self._studio.shell, QPoint(0, 0)), item.size()))

    # slots

    def _show_record(self) -> None:
        if self._card is not None:
            self._card.dismiss()
        self._studio.record.show_card()

    # internals

    def _note(self, event: protocol.GateSent) -> None:
        if event.answered:
            self._answered(event.request)
            return
        sheet = self._sheets.get(event.request)
        # The broker counts all that a request has sent so far; the list has each time by itself.
        before = sum(one.size for one in self._sent if one.request == event.request)
        self._sent.append(
            Sending(
                at=datetime.now().astimezone(),
                request=event.request,
                to=sheet.to if sheet else "a host",
                task=sheet.purpose if sheet else "",
                size=event.bytes - before,
                entry=sheet.entry if sheet else None,
            )
        )

    def _answered(self, request: RequestId) -> None:
        self._sent = [replace(one, answered=True) if one.request == request else one for one in self._sent]


class SentCard(Dropdown):
    """The list. Tab and arrows walk it, Esc closes it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, name="Sent off this machine today")
        self.setObjectName("sent_card")
        self.setFixedWidth(_WIDTH_PX)
        self._title: Final = Label(theme, "", "strong", "text")
        self._said: Final = Label(theme, "", "caption", "text2", wrap=True)
        self._said.setObjectName("sent_said")
        self._rows: Final = QVBoxLayout()
        self.record_wanted: Final = Button(
            theme, "What is known of the ledger", icon="link", kind="ghost", height_px=28
        )
        self.record_wanted.setObjectName("sent_ledger")
        told = QVBoxLayout()
        told.setContentsMargins(8, 6, 8, 6)
        told.setSpacing(7)
        told.addWidget(self._title)
        told.addLayout(self._rows)
        told.addWidget(self._said)
        self.body.setContentsMargins(6, 6, 6, 6)
        self.body.setSpacing(2)
        self.body.addLayout(told)
        self.body.addWidget(Divider(theme, token="lineStrong"))
        self.body.addWidget(self.record_wanted)

    # properties

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join(label.plain for label in self.findChildren(Label) if label.plain)

    # methods

    def show_sent(self, sent: list[Sending], counted: int, *, altered: bool) -> None:
        """Show what left. `counted`: bytes that the record counts for today."""
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        here = sum(one.size for one in sent)
        self._title.set_text(f"Sent off this machine today: {size_text(max(counted, here))}")
        if sent:
            inner = self._list(sent)
            area = scrolling(inner, "What was sent", _MOST_PX)
            grid = inner.layout()
            if grid is not None:
                area.setFixedHeight(min(_MOST_PX, grid.totalHeightForWidth(_WIDTH_PX - 30) + 2))
            self._rows.addWidget(area)
        self._said.set_text(_said(here, counted, altered=altered))

    def open_at(self, anchor: QRect) -> None:
        """Open it beside `anchor` and take the keyboard."""
        self.drop(anchor)
        self.show_at(anchor)
        self.record_wanted.setFocus(Qt.FocusReason.PopupFocusReason)

    # internals

    def _list(self, sent: list[Sending]) -> QWidget:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, one in enumerate(sent):
            entry = f", entry {one.entry:,}" if one.entry is not None else ""
            what = f"{one.to}: {one.task}" if one.task else one.to
            unanswered = "" if one.answered else ", no answer yet"
            cells = (f"{one.at:%H:%M}", f"{what}{entry}{unanswered}", size_text(one.size))
            for column, words in enumerate(cells):
                middle = column == 1
                label = Label(self._theme, words, "caption", "text" if middle else "text3", wrap=middle)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        return inner


def _said(here: int, counted: int, *, altered: bool) -> str:
    if altered:
        return "The record does not hold, so what it says of the bytes that left is not relied on."
    if not counted and not here:
        return "Nothing of this project has left this machine today."
    if counted > here and here:
        return f"Before this window was opened: {size_text(counted - here)}. The record has each of them."
    if counted > here:
        return "All of it before this window was opened. The record has each of them."
    return "The record has each of them, with who said yes to it."
