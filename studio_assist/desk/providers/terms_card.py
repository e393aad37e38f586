"""What is known of how a host handles what it is sent: its provider card, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Card, IconLabel, Label, paint
from studio_assist.desk.providers.parts import day_words, sentence
from studio_assist.desk.record.parts import facts
from studio_assist.desk.theme import Theme

_WHERE: Final = {
    "here": "On this machine. A server can pass on what it is sent.",
    "studio": "In the studio's own network, off this machine.",
    "outside": "Outside, off this machine.",
}
#: Cards that speak of no provider by name.
_NO_CARD: Final = "other-host"
_NOTHING_KNOWN: Final = "No card: it counts as keeping what it is sent, and as training on it."
_FIRST_PX: Final = 92
#: Width of the words on a sheet's right half, px.
_INNER_PX: Final = 380


class TermsCard(Card):
    """Shows a `CardSeen`, or why there is none to show. It scrolls by the keyboard where it is long.

    Args:
        most_px: how high it makes itself for its words, px.
    """

    def __init__(self, theme: Theme, *, most_px: int = 330) -> None:
        super().__init__(theme, "surface0", 8, None)
        self.setObjectName("terms_card")
        self._theme_used: Final = theme
        self._most_px: Final = most_px
        self._icon: Final = IconLabel(theme, "cloud", "text2", 16)
        self._title: Final = Label(theme, "", "strong")
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # It takes what the other half of the sheet leaves it, and asks for what its words need.
        self._area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setAccessibleName("What is known of this host")
        # Tab stops here only where there is something to scroll.
        self._area.verticalScrollBar().rangeChanged.connect(self._may_scroll)
        self._area.installEventFilter(self)
        self._words = ""
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 6, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        self.show_nothing()

    # properties

    @property
    def words(self) -> str:
        """Everything that it says."""
        return self._words

    # methods

    def show_nothing(self) -> None:
        """There is no address yet."""
        self.show_words("What is known of it", "Type an address to see how it handles what it is sent.")

    def show_words(self, title: str, words: str) -> None:
        """Say something in place of a card."""
        self._fill(title, "info", ((words, "text2"),), ())

    def show_card(self, card: protocol.CardSeen) -> None:
        """Show a card."""
        icon = {"here": "chip", "studio": "server"}.get(card.where, "cloud")
        above: list[tuple[str, str]] = []
        if card.id == _NO_CARD:
            above.append((_NOTHING_KNOWN, "text"))
        elif card.about:
            above.append((sentence(card.about), "text2"))
        rows: list[tuple[str, str]] = [("Where", _WHERE[card.where])]
        for terms in _different(card.terms):
            rows += [
                ("For", sentence(terms.plan)) if len(_different(card.terms)) > 1 else ("", ""),
                ("It keeps", sentence(terms.retention)),
                ("It trains", sentence(terms.trains)),
                ("To keep none", sentence(terms.zero)),
            ]
        left = dict.fromkeys(line for terms in card.terms for line in terms.residual)
        rows.append(("Even so", " ".join(sentence(line) for line in left)))
        rows.append(("Source", f"{sentence(card.source)} Checked on {day_words(card.checked_on)}."))
        title = "No card for this address" if card.id == _NO_CARD else card.name
        self._fill(title, icon, above, [row for row in rows if row[1]])

    # slots

    def _may_scroll(self, _least: int, most: int) -> None:
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._area.hasFocus():
            paint.draw_focus(QPainter(self), self._theme_used, QRectF(self.rect()), 8)

    # internals

    def _fill(
        self, title: str, icon: str, above: Iterable[tuple[str, str]], rows: Iterable[tuple[str, str]]
    ) -> None:
        theme = self._theme_used
        above, rows = tuple(above), tuple(rows)
        self._title.set_text(title)
        self._icon.set_icon(icon, "text2")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        for words, token in above:
            column.addWidget(Label(theme, words, "caption", token, wrap=True))
        if rows:
            column.addLayout(facts(theme, rows, _FIRST_PX))
        column.addStretch(1)
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self._area.setMinimumHeight(min(self._most_px, column.totalHeightForWidth(_INNER_PX)))
        self._words = "\n".join([title, *(words for words, _ in above), *(f"{a}: {b}" for a, b in rows)])
        self._area.setAccessibleDescription(self._words)
        self.setAccessibleName(title)


def _different(terms: tuple[protocol.TermsSeen, ...]) -> tuple[protocol.TermsSeen, ...]:
    """One of each kind: endpoints with the same terms are said once."""
    seen: dict[tuple[str, str, str, str], protocol.TermsSeen] = {}
    for one in terms:
        seen.setdefault((one.plan, one.retention, one.trains, one.zero), one)
    return tuple(seen.values())
