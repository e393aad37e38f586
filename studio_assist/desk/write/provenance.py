"""Where temp text came from: the card beside it, and the sheet with the whole entry."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.kit import Button, IconLabel, Label, LinkButton, Sheet, paint
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.card_words import clock, forgotten_words
from studio_assist.desk.write.diff_view import DiffView, Stretch, made_of
from studio_assist.desk.write.intents import ForgetText, MarkReplaced, RewriteSpan, ShowLedgerEntry
from studio_assist.domain.candidate import State
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.words import word_diff
from studio_assist.protocol import Provenance

#: How long the pointer may be on its way from the words to the card, ms.
_LEAVE_MS: Final = 300
_WHERE: Final = {
    "here": "on this machine",
    "studio": "in the studio's network",
    "outside": "off this machine",
}


def by_line(span: TempSpan, automated: bool) -> tuple[str, str, str]:
    """What the card says of a span: before the name, the name, behind it."""
    name = "Automated tour" if automated else span.person_name
    edited = f", edited {max(1, round(100 * span.edited))} %" if span.edited > 0 else ""
    lost = ". Its place in the script was lost" if span.state == "lost" else ""
    return "Accepted by ", name, f" {clock(span.at)}{edited}, {span.model}{lost}"


class ProvenancePopover(QFrame):
    """A small card under temp text: who let it in, when, what they changed, and which model wrote it."""

    intended = Signal(object)  # an intent
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._span: TempSpan | None = None
        self._at = QRect()
        self._before: QWidget | None = None
        self.setObjectName("provenance")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(_LEAVE_MS)
        self._leave.timeout.connect(self._left)
        glyph = IconLabel(theme, "check", "green", 14)
        self._words = _Words(theme)
        self._entry = LinkButton(theme, "")
        self._entry.setObjectName("open_entry_link")
        self._entry.clicked.connect(self._open_entry)
        self._rewrite = LinkButton(theme, "Rewrite it yourself")
        self._rewrite.setObjectName("rewrite_link")
        self._rewrite.clicked.connect(self._rewrite_it)
        self._mark = LinkButton(theme, "Mark as replaced…")
        self._mark.setObjectName("mark_replaced_link")
        self._mark.clicked.connect(self._mark_it)
        self._forget = LinkButton(theme, "Forget the text…", token="text3")
        self._forget.setObjectName("forget_link")
        self._forget.clicked.connect(self._forget_it)
        self._gone = Label(theme, "", "caption", "text2")
        self._gone.setContentsMargins(22, 0, 0, 0)
        self._gone.hide()
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(glyph)
        first.addWidget(self._words, 1)
        second = QHBoxLayout()
        second.setContentsMargins(19, 0, 0, 0)
        second.setSpacing(10)
        for link in (self._entry, self._rewrite, self._mark, self._forget):
            second.addWidget(link)
        second.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 9, 18, 8)
        column.setSpacing(5)
        column.addLayout(first)
        column.addWidget(self._gone)
        column.addLayout(second)
        theme.changed.connect(self.update)
        self.hide()

    # properties

    @property
    def span(self) -> TempSpan | None:
        """The span that it speaks of."""
        return self._span

    # methods

    def show_span(self, span: TempSpan, at: QRect, *, focus: bool, automated: bool = False) -> None:
        """Show it under `at`, or above it where there is no room below.

        Args:
            at: the words it speaks of, in the coordinates of its parent.
            focus: take the keyboard, as F2 does; hovering does not.
        """
        self._leave.stop()
        self._span = span
        self._at = at
        self._gone.hide()
        self._forget.show()
        before, name, behind = by_line(span, automated)
        self._words.set_parts(before, name, behind)
        self._entry.setText(f"Open ledger entry {span.entry:,}")
        self._entry.setAccessibleName(f"Open ledger entry {span.entry}")
        self.setAccessibleName("Where these words came from")
        self.setAccessibleDescription(f"{before}{name}{behind}")
        self._place(at)
        if self.isHidden() and focus:
            self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        if focus:
            self._entry.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_forgotten(self, entry: int, said: str) -> None:
        """Say that the record keeps the words of this entry no more, where it is still the one shown."""
        if self.isHidden() or self._span is None or self._span.entry != entry:
            return
        self._gone.set_text(f"{said}; these stand in the script still.")
        self._gone.show()
        held = self._forget.hasFocus()
        self._forget.hide()
        if held:
            self._entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleDescription(f"{self.accessibleDescription()}. {self._gone.plain}")
        self._place(self._at)

    def leave(self) -> None:
        """The pointer left the words: close soon, unless it comes here or the keyboard is here."""
        self._leave.start()

    def close_now(self) -> None:
        """Close it, and give the focus back where it had taken it."""
        if self.isHidden():
            return
        self._leave.stop()
        held = self._holds_focus()
        self.hide()
        if held and self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    # slots

    def _left(self) -> None:
        if not self.underMouse() and not self._holds_focus():
            self.close_now()

    def _open_entry(self) -> None:
        if self._span is not None:
            self.intended.emit(ShowLedgerEntry(entry=self._span.entry, span=self._span.id))

    def _rewrite_it(self) -> None:
        if self._span is not None:
            span = self._span.id
            self.close_now()
            self.intended.emit(RewriteSpan(span=span))

    def _mark_it(self) -> None:
        if self._span is not None:
            span = self._span.id
            self.close_now()
            self.intended.emit(MarkReplaced(span=span))

    def _forget_it(self) -> None:
        if self._span is not None:
            entry = self._span.entry
            self.close_now()
            self.intended.emit(ForgetText(entry=entry))

    # events

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._leave.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A link opens on Enter, as links do; none of them decides anything.
            link = QApplication.focusWidget()
            if isinstance(link, LinkButton) and self.isAncestorOf(link):
                link.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A press on the card must not move the caret in the text under it.
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        links = [self._entry, self._rewrite, self._mark]
        if not self._forget.isHidden():
            links.append(self._forget)
        here = next((at for at, link in enumerate(links) if link.hasFocus()), -1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        links[(here + (1 if forward else -1)) % len(links)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.draw_box(painter, box, 6, self._theme.colour("surface2"), self._theme.colour("lineStrong"))
        painter.setClipRect(QRectF(0, 0, 3, box.height()))
        paint.draw_box(painter, box, 6, self._theme.colour("amber"))

    # internals

    def _holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _place(self, at: QRect) -> None:
        parent = self.parentWidget()
        assert parent is not None  # it is made as a child and stays one
        room = parent.rect()
        self._words.set_room(room.width() - 80)
        layout = self.layout()
        assert layout is not None
        # Rows within a hidden layout keep the widths they had until it is made to look at them again.
        layout.activate()
        self.adjustSize()
        left = max(4, min(at.left(), room.width() - self.width() - 4))
        top = at.bottom() + 6
        if top + self.height() > room.height() - 4:
            top = max(4, at.top() - self.height() - 6)
        self.move(QPoint(left, top))


class _Words(QWidget):
    """One line of which the name is bold; what does not fit is cut and shown as a tool tip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._labels = [Label(theme, "", role) for role in ("caption", "captionStrong", "caption")]
        for label in self._labels:
            row.addWidget(label)
        row.addStretch(1)

    # methods

    def set_parts(self, *parts: str) -> None:
        """What the labels say, one after the other."""
        for label, part in zip(self._labels, parts, strict=True):
            label.set_text(part)
        # Hidden, it hears too late from its labels that they grew; its own parent would use the old width.
        self.updateGeometry()

    def set_room(self, width: int) -> None:
        """Break the last label into lines where they would be wider than this, px."""
        last = self._labels[-1]
        taken = sum(label.sizeHint().width() for label in self._labels[:-1])
        natural = QLabel.sizeHint(last).width()
        last.setMaximumWidth(max(80, width - taken) if taken + natural > width else 16_777_215)
        last.setToolTip(last.plain if taken + natural > width else "")
        self.updateGeometry()


class EntrySheet(Sheet):
    """One ledger entry: what was asked, what was offered, and what a person made of it.

    Words of the model are amber, words of a person green, removed ones struck.

    Signals:
        forget_wanted: the number of the entry whose texts are to be forgotten.
    """

    forget_wanted = Signal(int)

    def __init__(self, theme: Theme, provenance: Provenance, parent: QWidget) -> None:
        """Make it over the window that `parent` is in; `open` shows it, and closing it deletes it."""
        done = "Rejected" if provenance.outcome is State.REJECTED else "Accepted"
        changed = (
            f", edited {round(100 * (1 - provenance.kept))} %" if provenance.outcome is State.EDITED else ""
        )
        name = "Automated tour" if provenance.automated else provenance.person_name
        super().__init__(
            theme,
            parent.window(),
            f"Ledger entry {provenance.entry:,}",
            subtitle=f"{done} by {name} {clock(provenance.at)}{changed}",
            icon="review",
            width_px=560,
        )
        self.setObjectName("entry_sheet")
        self.closed.connect(self.deleteLater)
        self._theme_used: Final = theme
        facts = QGridLayout()
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(6)
        facts.setColumnStretch(1, 1)
        rows = (
            ("Asked", f"{clock(provenance.asked_at)}, {provenance.task.replace('-', ' ')}"),
            ("Note", provenance.note or "none"),
            ("Model", f"{provenance.model} {_WHERE[provenance.where]}, seed {provenance.seed}"),
            ("Decided", f"{provenance.at.astimezone():%d %B %Y, %H:%M} by {name}"),
            ("Kept", f"{round(100 * provenance.kept)} % of the offered words stand in the result"),
        )
        for at, (title, said) in enumerate(rows):
            facts.addWidget(Label(theme, title, "caption", "text3"), at, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(Label(theme, said, "caption", "text", wrap=True), at, 1)
        self.body.addLayout(facts)
        self._add_words(provenance)
        close = Button(theme, "Close")
        close.setObjectName("entry_close_button")
        close.clicked.connect(self.dismiss)
        if provenance.forgotten is None:
            forget = LinkButton(theme, "Forget the text…", token="text3")
            forget.setObjectName("entry_forget_link")
            forget.clicked.connect(lambda: self._forget(provenance.entry))
            self.footer.addWidget(forget)
        self.footer.addStretch(1)
        self.footer.addWidget(close)

    # slots

    def _forget(self, entry: int) -> None:
        self.dismiss()
        self.forget_wanted.emit(entry)

    # internals

    def _add_words(self, provenance: Provenance) -> None:
        theme = self._theme_used
        seen = provenance.forgotten
        if seen is not None:
            gone = (
                f"{forgotten_words(seen)}: {seen.why.rstrip('.')}. Ledger entry {seen.entry:,} says so; the "
                "record still proves that words stood here."
            )
            said = Label(theme, gone, "body", "text", wrap=True)
            said.setObjectName("entry_forgotten")
            self.body.addWidget(said)
        if provenance.offered is None:
            if seen is None:
                gone = "The words are not kept any more. The record still proves that they were there."
                self.body.addWidget(Label(theme, gone, "caption", "text2", wrap=True))
            return
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        self._part(column, "Offered by the model", [Stretch("model", provenance.offered)])
        if provenance.result is not None:
            made = made_of(word_diff(provenance.offered, provenance.result))
            self._part(column, "What went into the script: a person's words are green", made)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        shown.setAutoFillBackground(False)
        scroll.setWidget(shown)
        scroll.setMinimumHeight(min(320, 24 + shown.heightForWidth(500)))
        scroll.setAccessibleName("Offered and accepted words")
        self.body.addWidget(scroll, 1)

    def _part(self, column: QVBoxLayout, title: str, words: list[Stretch]) -> None:
        column.addWidget(Label(self._theme_used, title, "caption", "text3"))
        view = DiffView(self._theme_used)
        view.set_words(words)
        column.addWidget(view)
