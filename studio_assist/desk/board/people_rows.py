"""Who is in the frame and on which side of it, and what has to stand in the set."""

from __future__ import annotations

from functools import partial
from typing import Final, get_args

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import Flow, GoneChip, ListField
from studio_assist.desk.kit import ElidedLabel, IconButton, Pressable, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.staging import PIECES
from studio_assist.domain.storyboard import InFrame, Side

_SIDES: Final[tuple[Side, ...]] = get_args(Side)


class _SideButton(Pressable):
    """One side of the frame, as a letter."""

    def __init__(self, theme: Theme, side: Side, who: str) -> None:
        super().__init__(theme, side[0].upper(), f"{who} {_where(side)}", None)
        self.side: Final = side
        self.setCheckable(True)
        self.setToolTip(_where(side).capitalize())

    # events

    def sizeHint(self) -> QSize:
        return QSize(24, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        on = self.isChecked()
        ground = colour("blueGround") if on else colour("surface3") if self._hot() else None
        paint.draw_box(painter, box, 3, ground, colour("blue" if on else "lineStrong"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 3)
        font = self._theme.font("metaMedium")
        left = (box.width() - paint.text_width(font, self.text())) / 2
        token = "text" if on else "text2"
        paint.draw_text(painter, box.adjusted(left, 0, 0, 0), font, colour(token), self.text())


class _PersonRow(QWidget):
    """A character with the three sides, and a cross that takes them out of the frame."""

    changed = Signal(object)
    removed = Signal(str)

    def __init__(self, theme: Theme, who: InFrame) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        row.addWidget(ElidedLabel(theme, who.name, "caption", "text"), 1)
        self.sides: Final = [_SideButton(theme, side, who.name) for side in _SIDES]
        for button in self.sides:
            button.setChecked(button.side == who.side)
            button.clicked.connect(partial(self._turn, who.name, button.side))
            row.addWidget(button)
        away = IconButton(
            theme, "cross", f"Take {who.name} out of the frame", size_px=22, icon_px=12, token="text3"
        )
        away.clicked.connect(lambda: self.removed.emit(who.name))
        row.addWidget(away)
        self._away: Final = away
        self.setFixedHeight(24)

    def _turn(self, name: str, side: Side, _on: bool = False) -> None:
        self.changed.emit(InFrame(name=name, side=side))

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*self.sides, self._away]


class PeopleRows(QWidget):
    """The characters in the frame.

    Signals:
        changed: all of them, as they are to be.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._people: tuple[InFrame, ...] = ()
        self._rows: list[_PersonRow] = []
        self.setObjectName("people_rows")
        self._column: Final = QVBoxLayout()
        self._column.setSpacing(2)
        self.field: Final = AddField(theme, "Add a character")
        self.field.added.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._column)
        column.addWidget(self.field)

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        rows = [stop for row in self._rows for stop in row.tab_stops()]
        return [*rows, self.field]

    def show_people(self, people: tuple[InFrame, ...], known: tuple[str, ...] = ()) -> None:
        """Show these; `known` are offered when another is added."""
        self.field.offer(tuple(one for one in known if one not in {who.name for who in people}))
        if people == self._people and len(self._rows) == len(people):
            return
        self._people = people
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        for who in people:
            row = _PersonRow(self._theme, who)
            row.changed.connect(self._turn)
            row.removed.connect(self._remove)
            self._column.addWidget(row)
            self._rows.append(row)

    # slots

    def _turn(self, who: InFrame) -> None:
        self.changed.emit(tuple(who if one.name == who.name else one for one in self._people))

    def _remove(self, name: str) -> None:
        self.changed.emit(tuple(one for one in self._people if one.name != name))

    def _add(self, words: str) -> None:
        name = " ".join(words.split()).upper()
        if name in {one.name for one in self._people}:
            return
        taken = {one.side for one in self._people}
        order: tuple[Side, ...] = ("left", "right", "centre")
        side: Side = "centre"
        for one in order if taken else ():
            if one not in taken:
                side = one
                break
        self.changed.emit((*self._people, InFrame(name=name, side=side)))


class PiecesRow(QWidget):
    """What has to stand in the set, as chips.

    Signals:
        changed: all of them, as they are to be.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._words: tuple[str, ...] = ()
        self.setObjectName("pieces_row")
        self._flow: Final = Flow()
        self.field: Final = AddField(theme, "Add a set piece")
        self.field.offer(PIECES)
        self.field.added.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._flow)
        column.addWidget(self.field)
        self._flow.hide()

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*self._flow.shown, self.field]

    def show_pieces(self, words: tuple[str, ...]) -> None:
        """Show these."""
        if words == self._words:
            return
        self._words = words
        chips = [GoneChip(self._theme, word) for word in words]
        for chip in chips:
            chip.clicked.connect(lambda _on=False, word=chip.word: self._remove(word))
        self._flow.show_widgets(chips)

    # slots

    def _remove(self, word: str) -> None:
        self.changed.emit(tuple(one for one in self._words if one != word))

    def _add(self, words: str) -> None:
        word = " ".join(words.split()).lower()
        if word not in self._words:
            self.changed.emit((*self._words, word))


class AddField(ListField):
    """A line whose words are added by Enter, or by picking one from its list.

    Signals:
        added: the words.
    """

    added = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.line.setPlaceholderText(name)
        self.setCurrentIndex(-1)
        self.committed.connect(self._commit)

    # methods

    def offer(self, words: tuple[str, ...]) -> None:
        """What the list holds."""
        if words != tuple(self.itemText(at) for at in range(self.count())):
            typed = self.line.text()
            self.blockSignals(True)
            self.clear()
            self.addItems(list(words))
            self.setCurrentIndex(-1)
            self.blockSignals(False)
            self.line.setText(typed)

    # slots

    def _commit(self, words: str) -> None:
        self.blockSignals(True)
        self.setCurrentIndex(-1)
        self.blockSignals(False)
        self.line.clear()
        if words.strip():
            self.added.emit(words)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Enter added the words, and nothing above hears of it.
            event.accept()


def _where(side: Side) -> str:
    return {"left": "on the left", "centre": "in the centre", "right": "on the right"}[side]
