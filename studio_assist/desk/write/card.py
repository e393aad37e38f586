"""One candidate with its word diff and three equal ways to decide."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import ElidedLabel, IconButton, Label, TempTag, paint
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.card_words import details_of, note_of, pieces_of, trouble_of
from studio_assist.desk.write.cards_model import DECIDED, WRITING, Card
from studio_assist.desk.write.decision_row import DecisionCell, DecisionRow
from studio_assist.desk.write.diff_view import DiffView, offered
from studio_assist.desk.write.edit_pane import EditPane
from studio_assist.desk.write.fold_line import FoldLine
from studio_assist.desk.write.intents import (
    AskAgain,
    Decide,
    Dismiss,
    Presented,
    Stop,
    UndoDecision,
)
from studio_assist.domain.candidate import OPEN, State
from studio_assist.domain.words import Piece

_TRIO: Final = ("accept_button", "edit_button", "reject_button")


class CandidateCard(QWidget):
    """One candidate. It shows a `Card`, and says what the person wants of it.

    A, E and R decide while the card has the focus; Enter, Space and Tab never do. Nothing about it turns
    green before the record holds the decision.
    """

    intended = Signal(object)  # an intent
    drafted = Signal(str, object)  # candidate id, the text in the open edit field or None
    hide_wanted = Signal(str)
    moved = Signal(int)  # -1 to the card above, 1 to the one below
    back_wanted = Signal()
    show_wanted = Signal(object)  # a QRect of the card that should be scrolled to
    focused = Signal(str)

    def __init__(self, theme: Theme, card: Card, quote: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._card = card
        self._quote = quote
        self._pieces: list[Piece] = []
        self._note = ""
        self.setObjectName("candidate_card")
        self.setProperty("candidate_id", str(card.id))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._build()
        self.show_card(card, quote)
        theme.changed.connect(self.update)

    # properties

    @property
    def card(self) -> Card:
        """What it shows."""
        return self._card

    @property
    def editing(self) -> bool:
        """Whether its words stand open in a field."""
        return self._card.draft is not None and self._card.state in OPEN

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [self, self._more, self._edit.field, self._fold.undo_button]

    def show_card(self, card: Card, quote: str) -> None:
        """Show a card as it is now. `quote` is the text that it would replace, or ""."""
        opened = card.draft is not None and self._card.draft is None
        closed = card.draft is None and self._card.draft is not None
        held = self._edit.isAncestorOf(QApplication.focusWidget() or self)
        self._card, self._quote = card, quote
        self.setProperty("state", str(card.state))
        folded = card.state in DECIDED
        self._show_text(card)
        self._fold.setVisible(folded)
        self._open.setVisible(not folded)
        if folded:
            self._fold.show_card(card)
        else:
            self._show_head(card)
            self._show_body(card)
        self._say()
        if opened and self.isVisible():
            self._edit.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif closed and held:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def accept_candidate(self) -> None:
        """Accept the words as they stand: the offer, or what the person made of it in the edit field."""
        card = self._card
        if self.editing:
            self._accept_edited()
        elif self._may_decide():
            self._decide(State.ACCEPTED, card.candidate.text)

    def edit_candidate(self) -> None:
        """Open the words in a field."""
        if self.editing:
            self._edit.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._may_decide():
            self.drafted.emit(str(self._card.id), self._card.candidate.text)

    def reject_candidate(self) -> None:
        """Reject the candidate; the model is told of it when the person asks again."""
        card = self._card
        stale = card.state is State.STALE and card.was_presented and not card.busy
        if stale or (not self.editing and self._may_decide()):
            self._decide(State.REJECTED, None)

    def leave_edit(self) -> None:
        """Shut the edit field; nothing is decided."""
        self.drafted.emit(str(self._card.id), None)

    # slots

    def _undo(self) -> None:
        decision = self._card.decision
        if decision is not None and not self._card.busy:
            self.intended.emit(UndoDecision(candidate=self._card.id, entry=decision.entry))

    def _retry(self) -> None:
        self.intended.emit(AskAgain(request=self._card.candidate.request, candidate=self._card.id))

    def _dismiss(self) -> None:
        self.intended.emit(Dismiss(candidate=self._card.id))

    def _seen(self) -> None:
        card = self._card
        # The diff may have been given other words since it was painted; then it is not seen any more.
        if self._diff.was_seen and (card.state in OPEN or card.state is State.STALE):
            # What was painted is what the diff was given, so that text is what was presented.
            self.intended.emit(Presented(candidate=card.id, content=card.content))

    def _menu_or_stop(self) -> None:
        if self._card.state in WRITING:
            self.intended.emit(Stop(request=self._card.candidate.request))
            return
        menu = self._menu()
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = (
            event.key(),
            event.modifiers()
            in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            ),
        )
        # Enter and Space press nothing here, on purpose, and go nowhere else either.
        event.accept()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._card.candidate.text)
        elif plain and not event.isAutoRepeat() and key in (Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R):
            # A key held down must not decide twice.
            if key == Qt.Key.Key_A and not self.editing:
                self.accept_candidate()
            elif key == Qt.Key.Key_E:
                self.edit_candidate()
            elif key == Qt.Key.Key_R:
                self.reject_candidate()
        elif not plain or key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(str(self._card.id))
        self.show_wanted.emit(self.rect())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def event(self, event: QEvent) -> bool:
        # The letters belong to the card while it has the focus, whatever the window makes of them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            letters = (Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R, Qt.Key.Key_Escape)
            if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in letters:
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        inner = box.adjusted(1, 1, -1, -1)
        if self.hasFocus():
            paint.draw_box(painter, inner, 6, colour("surface2"))
            paint.draw_focus(painter, self._theme, box, 7)
        else:
            paint.draw_box(painter, inner, 6, colour("surface2"), colour("lineStrong"))

    # internals: building

    def _build(self) -> None:
        theme = self._theme
        self._number = Label(theme, "", "captionStrong", "text")
        self._tag = TempTag(theme, solid=False)
        self._caption = ElidedLabel(theme, "", "meta", "text3")
        self._more = IconButton(theme, "dots", "More", size_px=22, icon_px=13, token="text3")
        self._more.clicked.connect(self._menu_or_stop)
        head = QHBoxLayout()
        head.setContentsMargins(11, 5, 6, 0)
        head.setSpacing(8)
        for widget in (self._number, self._tag):
            head.addWidget(widget)
        head.addWidget(self._caption, 1)
        head.addWidget(self._more)
        self._diff = DiffView(theme)
        self._diff.seen.connect(self._seen, Qt.ConnectionType.QueuedConnection)
        self._edit = EditPane(theme)
        self._edit.typed.connect(self._typed)
        self._edit.done.connect(self._accept_edited)
        self._edit.left.connect(self.leave_edit)
        self._trouble = Label(theme, "", "caption", "text2", wrap=True)
        body = QVBoxLayout()
        body.setContentsMargins(10, 5, 8, 9)
        body.setSpacing(6)
        for widget in (self._diff, self._edit, self._trouble):
            body.addWidget(widget)
        self._open = QWidget()
        column = QVBoxLayout(self._open)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body)
        column.addWidget(self._build_row())
        self._fold = FoldLine(theme)
        self._fold.undo_wanted.connect(self._undo)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.setSpacing(0)
        outer.addWidget(self._open)
        outer.addWidget(self._fold)

    def _build_row(self) -> DecisionRow:
        theme = self._theme
        ways = (
            ("Accept", "check", "A", "accept_button", "Accept", self.accept_candidate),
            ("Edit", "pencil", "E", "edit_button", "Edit", self.edit_candidate),
            ("Ask again", "refresh", "", "ask_again_button", "Ask again", self._retry),
            ("Reject", "cross", "R", "reject_button", "Reject", self.reject_candidate),
            ("Back", "undo", "Esc", "back_button", "Back without deciding", self.leave_edit),
            ("Retry", "refresh", "", "retry_button", "Retry", self._retry),
            ("Dismiss", "cross", "", "dismiss_button", "Dismiss", self._dismiss),
        )
        self._cells: dict[str, DecisionCell] = {}
        for text, icon, key, name, says, does in ways:
            cell = self._cells[name] = DecisionCell(theme, text, icon, key, name, says)
            cell.clicked.connect(does)
        self._row = DecisionRow(theme, list(self._cells.values()))
        return self._row

    # internals: showing

    def _show_text(self, card: Card) -> None:
        self._pieces = pieces_of(card, self._quote)
        streaming = card.state in WRITING
        self._diff.set_words(offered(self._pieces), caret=streaming, dimmed=card.state is State.STALE)
        if self._diff.was_seen and not card.was_presented:
            self._seen()

    def _show_head(self, card: Card) -> None:
        number = str(card.candidate.index + 1)
        self._number.set_text(number)
        self._note = note_of(card, self._pieces, self._quote)
        self._caption.set_text(self._note)
        writing = card.state in WRITING
        self._more.set_icon(
            "cross" if writing else "dots", "Stop writing" if writing else f"More on {number}"
        )

    def _show_body(self, card: Card) -> None:
        editing = self.editing
        # Shown even where it is empty: what was never on the screen could not be rejected either.
        self._diff.setVisible(not editing)
        self._edit.setVisible(editing)
        if editing:
            self._edit.open_with(card.candidate.text, card.draft or "")
            self._edit.field.setReadOnly(card.busy)
        self._trouble.set_text(trouble_of(card))
        self._trouble.setVisible(bool(self._trouble.plain))
        if card.state is State.FAILED:
            shown: tuple[str, ...] = ("retry_button", "dismiss_button")
        elif card.state is State.STALE:
            shown = ("ask_again_button", "reject_button")
        elif editing:
            shown = ("accept_button", "back_button")
        else:
            shown = _TRIO
        self._cells["accept_button"].set_way(
            *(
                ("Accept edited", "Ctrl ↵", "Accept the edited words")
                if editing
                else ("Accept", "A", "Accept")
            )
        )
        self._row.show_only(shown)
        may = card.state in OPEN and not card.busy
        for name in _TRIO:
            self._cells[name].setEnabled(may)
        if card.state is State.STALE:
            self._cells["reject_button"].setEnabled(not card.busy)
        if editing:
            self._cells["accept_button"].setEnabled(may and bool(self._edit.text.strip()))

    def _say(self) -> None:
        card = self._card
        said = self._fold.said if card.state in DECIDED else f"{card.state}, {self._note}"
        self.setAccessibleName(f"Candidate {card.candidate.index + 1}, {said}")
        keys = " A accepts, E edits, R rejects." if card.may_decide and not self.editing else ""
        self.setAccessibleDescription(f"{self._diff.accessibleName()} {trouble_of(card)}{keys}".strip())

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self._theme.icon("copy"), "Copy the words")
        copy.triggered.connect(lambda: QApplication.clipboard().setText(self._card.candidate.text))
        hide = menu.addAction(self._theme.icon("eye"), "Hide, undecided")
        hide.triggered.connect(lambda: self.hide_wanted.emit(str(self._card.id)))
        report = menu.addAction(self._theme.icon("info"), "Copy details for a report")
        report.triggered.connect(lambda: QApplication.clipboard().setText(details_of(self._card)))
        return menu

    # internals: deciding

    def _may_decide(self) -> bool:
        card = self._card
        if card.may_decide:
            return True
        if card.state in OPEN and not card.busy:
            # Not all of it has been on the screen: show the part that has not.
            unseen = self._diff.unseen_rect()
            self.show_wanted.emit(QRect(self._diff.mapTo(self, unseen.topLeft()), unseen.size()))
        return False

    def _decide(self, outcome: State, result: str | None) -> None:
        assert outcome in (State.ACCEPTED, State.EDITED, State.REJECTED)
        card = self._card
        self.intended.emit(Decide(candidate=card.id, content=card.content, outcome=outcome, result=result))

    def _accept_edited(self) -> None:
        text, card = self._edit.text, self._card
        if not text.strip() or not self.editing or not card.may_decide:
            return
        # Words that nobody changed are accepted, not edited.
        same = text == card.candidate.text
        self._decide(State.ACCEPTED if same else State.EDITED, text)

    def _typed(self, text: str) -> None:
        if self.editing:
            self.drafted.emit(str(self._card.id), text)
            self._cells["accept_button"].setEnabled(bool(text.strip()) and not self._card.busy)
