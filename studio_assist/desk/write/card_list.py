"""The cards of the shown request, one under the other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import Label, LinkButton
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.card import CandidateCard
from studio_assist.desk.write.cards_model import WRITING, CandidatesModel, Card
from studio_assist.desk.write.intents import Decide, Dismiss, Presented, UndoDecision
from studio_assist.domain.candidate import State
from studio_assist.domain.values import CandidateId

#: Streaming cards are drawn again at most this often.
FRAME_MS: Final = 33


class CardList(QScrollArea):
    """Scrolls the cards, keeps each as its model has it, and marks what is on its way to the record.

    Words that stream in are gathered for a frame; any other change is shown at once.
    """

    intended = Signal(object)
    back_wanted = Signal()
    others_wanted = Signal()

    def __init__(self, theme: Theme, model: CandidatesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._model: Final = model
        self._cards: dict[CandidateId, CandidateCard] = {}
        self._late: set[CandidateId] = set()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show_late)
        self.setObjectName("candidate_list")
        self.setAccessibleName("Candidates")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build(theme)
        model.changed.connect(self._changed)
        model.listed.connect(self._listed)
        self._listed()

    # methods

    def cards(self) -> list[CandidateCard]:
        """The cards in their order."""
        return [self._cards[card.id] for card in self._model.cards() if card.id in self._cards]

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        stops = [stop for card in self.cards() for stop in card.tab_stops()]
        return [*stops, self._hidden, self._others]

    def focus_first(self) -> bool:
        """Give the first undecided card the focus, or the first of all; False where there is none."""
        cards = self.cards()
        if not cards:
            return False
        first = next((card for card in cards if card.card.decision is None), cards[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # slots

    def _listed(self) -> None:
        """Cards came or went: make, drop and order the widgets."""
        shown = self._model.cards()
        wanted = {card.id for card in shown}
        for gone in [known for known in self._cards if known not in wanted]:
            self._drop(gone)
        for place, card in enumerate(shown):
            widget = self._cards.get(card.id)
            if widget is None:
                widget = self._make(card)
                self._cards[card.id] = widget
            if self._column.indexOf(widget) != place:
                self._column.insertWidget(place, widget)
                widget.show()
            widget.show_card(card, self._quote())
        self._say_rest(shown)

    def _changed(self, candidate: str) -> None:
        card = self._model.card(CandidateId(candidate))
        widget = self._cards.get(CandidateId(candidate))
        if card is None or widget is None:
            return
        if card.state in WRITING and widget.card.state is card.state:
            self._late.add(card.id)
            if not self._frame.isActive():
                self._frame.start()
            return
        self._late.discard(card.id)
        widget.show_card(card, self._quote())
        self._say_rest(self._model.cards())

    def _show_late(self) -> None:
        late, self._late = self._late, set()
        for candidate in late:
            card, widget = self._model.card(candidate), self._cards.get(candidate)
            if card is not None and widget is not None:
                widget.show_card(card, self._quote())

    def _intended(self, intent: object) -> None:
        if isinstance(intent, Presented):
            if self._model.presented(intent.candidate, intent.content):
                self.intended.emit(intent)
            return
        if isinstance(intent, Decide | UndoDecision):
            card = self._model.card(intent.candidate)
            # One decision at a time for a card: a second one waits for what comes of the first.
            if card is None or card.busy or (isinstance(intent, Decide) and not card.was_presented):
                return
            self._model.decision_sent(intent.candidate)
        if isinstance(intent, Dismiss):
            self._model.hide(intent.candidate)
        self.intended.emit(intent)

    def _drafted(self, candidate: str, text: object) -> None:
        self._model.set_draft(CandidateId(candidate), text if isinstance(text, str) else None)

    def _hide(self, candidate: str) -> None:
        self._model.hide(CandidateId(candidate))

    def _moved(self, step: int) -> None:
        cards = self.cards()
        here = next((at for at, card in enumerate(cards) if card.hasFocus()), None)
        if here is not None and 0 <= here + step < len(cards):
            cards[here + step].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_part(self, part: object) -> None:
        sender = self.sender()
        if not isinstance(part, QRect) or not isinstance(sender, CandidateCard):
            return
        # The card may have been laid out a moment ago, and its place is not yet known.
        self._column.activate()
        rect = QRect(sender.mapTo(self._inner, QPoint(0, 0)) + part.topLeft(), part.size())
        bar = self.verticalScrollBar()
        room = self.viewport().height()
        top, bottom = bar.value(), bar.value() + room
        if rect.top() < top or rect.height() > room:
            bar.setValue(rect.top() - 4)
        elif rect.bottom() > bottom:
            bar.setValue(rect.bottom() - room + 4)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_wanted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    # internals

    def _build(self, theme: Theme) -> None:
        self._inner = QWidget()
        self._inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(11, 0, 11, 12)
        self._column.setSpacing(10)
        self._dropped = Label(theme, "", "meta", "text3", wrap=True)
        self._hidden = LinkButton(theme, "", role="meta")
        self._hidden.setObjectName("show_hidden_button")
        self._hidden.clicked.connect(lambda: self._model.show_hidden())
        self._others = LinkButton(theme, "", role="meta")
        self._others.setObjectName("others_button")
        self._others.clicked.connect(self.others_wanted)
        self._empty = Label(theme, "Select a line, pick a task, ask.", "caption", "text3", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(0, 56, 0, 0)
        self._column.addWidget(self._empty)
        for widget in (self._dropped, self._hidden, self._others):
            self._column.addWidget(widget, 0)
        self._column.addStretch(1)
        self.setWidget(self._inner)
        # The scroll bar takes the place of the margin, so that cards keep their width when it comes.
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(
            lambda _least, most: self._column.setContentsMargins(11, 0, 0 if most else 11, 12)
        )

    def _quote(self) -> str:
        current = self._model.current
        return current.quote if current else ""

    def _make(self, card: Card) -> CandidateCard:
        widget = CandidateCard(self._theme, card, self._quote(), self._inner)
        widget.intended.connect(self._intended)
        widget.drafted.connect(self._drafted)
        widget.hide_wanted.connect(self._hide)
        widget.moved.connect(self._moved)
        widget.back_wanted.connect(self.back_wanted)
        widget.show_wanted.connect(self._show_part)
        return widget

    def _drop(self, candidate: CandidateId) -> None:
        widget = self._cards.pop(candidate)
        self._late.discard(candidate)
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _say_rest(self, shown: list[Card]) -> None:
        """Say what is not shown, so that nothing seems lost."""
        away = self._model.put_away()
        hidden = [card for card in away if not card.dropped and card.state is not State.FAILED]
        dropped = [card.dropped.rstrip(".") for card in away if card.dropped]
        others = self._model.undecided_elsewhere()
        self._empty.setVisible(self._model.current is None)
        current = self._model.current
        if current is not None and current.note:
            # The request's own note counts them with the rest that was not worth a card.
            dropped = []
        gone = "1 card was taken off" if len(dropped) == 1 else f"{len(dropped)} cards were taken off"
        self._dropped.set_text(f"{gone}: {', '.join(dict.fromkeys(dropped))}." if dropped else "")
        self._dropped.setVisible(bool(dropped))
        self._hidden.setText(f"{len(hidden)} hidden. Show")
        self._hidden.setVisible(bool(hidden))
        waiting = (
            "1 card of earlier requests waits" if others == 1 else f"{others} cards of earlier requests wait"
        )
        self._others.setText(f"{waiting} for you. Show")
        self._others.setVisible(bool(others))
