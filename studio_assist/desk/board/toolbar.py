"""The strip over the grid: what is shown, filter chips, grid or list, and what is done with many shots."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.filters import Kind
from studio_assist.desk.board.states import seconds_text
from studio_assist.desk.kit import Button, Chip, IconButton, Label, Panel
from studio_assist.desk.theme import Theme

View = Literal["grid", "list"]
TOOLBAR_PX: Final = 40
_CHIPS: Final[tuple[tuple[Kind, str], ...]] = (
    ("all", "All"),
    ("open", "Needs decision"),
    ("temp", "Temp"),
    ("human", "Human"),
)


class BoardToolbar(Panel):
    """Says what was pressed.

    Signals:
        kind_chosen: a filter's `Kind`.
        view_chosen: "grid" or "list".
        menu_wanted: where the menu of what can be done is to open, in global coordinates.
    """

    kind_chosen = Signal(str)
    view_chosen = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, book: BoardBook, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface0", "b", parent)
        self._book: Final = book
        self.setObjectName("board_toolbar")
        self.setAccessibleName("Board tools")
        self.setFixedHeight(TOOLBAR_PX)
        self._title: Final = Label(theme, "", "captionStrong")
        self._title.setObjectName("board_title")
        self._detail: Final = Label(theme, "", "caption", "text3")
        self._detail.setObjectName("board_detail")
        self._chips: Final[dict[Kind, Chip]] = {}
        self._group: Final = QButtonGroup(self)
        self._views: Final = QButtonGroup(self)
        self.play: Final = Button(theme, "Play animatic", icon="play", height_px=26, role="captionMedium")
        self.play.setObjectName("play_animatic")
        self.play.setToolTip("Play from the chosen panel (Enter)")
        self.menu: Final = IconButton(theme, "dots", "What can be done with these shots")
        self.menu.setObjectName("board_menu")
        self.menu.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 1)
        row.setSpacing(0)
        row.addWidget(self._title)
        row.addSpacing(10)
        row.addWidget(self._detail)
        row.addStretch(1)
        for number, (kind, words) in enumerate(_CHIPS):
            chip = Chip(theme, words)
            chip.setObjectName(f"board_chip_{kind}")
            self._chips[kind] = chip
            self._group.addButton(chip, number)
            row.addWidget(chip)
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(self.menu)
        row.addSpacing(4)
        for number, (icon, name) in enumerate((("board", "Grid"), ("table", "List"))):
            button = IconButton(theme, icon, name)
            button.setObjectName(f"board_view_{name.lower()}")
            button.setCheckable(True)
            self._views.addButton(button, number)
            row.addWidget(button)
            row.addSpacing(4 if number == 0 else 8)
        row.addWidget(self.play)
        self._group.idClicked.connect(lambda at: self.kind_chosen.emit(_CHIPS[at][0]))
        self._views.idClicked.connect(lambda at: self.view_chosen.emit("list" if at else "grid"))
        self._chips["all"].setChecked(True)
        self.set_view("grid")
        # A narrow middle leaves words away; it does not push the sides out.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for signal in (book.reset, book.order_changed, book.changed, book.loaded):
            signal.connect(self._count)
        self._count()

    # properties

    @property
    def kind(self) -> Kind:
        """Which chip is on."""
        return _CHIPS[self._group.checkedId()][0]

    # methods

    def set_kind(self, kind: Kind) -> None:
        """Turn a chip on without telling anybody."""
        self._chips[kind].setChecked(True)

    def set_view(self, view: View) -> None:
        """Turn a view's button on without telling anybody."""
        self._views.button(1 if view == "list" else 0).setChecked(True)

    def show_what(self, title: str, panels: int, duration_ms: int) -> None:
        """Say what is in the grid: "Scenes 14 to 17", 19 panels, 51.5 s."""
        noun = "panel" if panels == 1 else "panels"
        self._title.set_text(title)
        self._detail.set_text(f"{panels:,} {noun} · {seconds_text(duration_ms)}" if panels else "")
        self._fit()

    # slots

    def _count(self) -> None:
        counts = self._book.tally.all
        for kind, words in _CHIPS:
            number = counts.of(kind)
            said = words if kind == "all" else f"{words} {number:,}"
            if self._chips[kind].text() != said:
                self._chips[kind].setText(said)
                self._chips[kind].setAccessibleName(said)
                self._chips[kind].updateGeometry()
        self._fit()

    def _open_menu(self) -> None:
        self.menu_wanted.emit(self.menu.mapToGlobal(QPoint(0, self.menu.height() + 2)))

    # events

    def minimumSizeHint(self) -> QSize:
        return QSize(200, TOOLBAR_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # internals

    def _fit(self) -> None:
        """Leave words away where there is no room: first the detail, then Play's words, then the title."""
        chips = sum(chip.sizeHint().width() + 8 for chip in self._chips.values())
        rest = chips + 3 * 28 + 16 + 32
        title, detail = self._title.sizeHint().width(), self._detail.sizeHint().width() + 10
        play = 118
        self._detail.setVisible(self.width() >= rest + play + title + detail + 8)
        words = self.width() >= rest + play + title
        if bool(self.play.text()) != words:
            self.play.set_text("Play animatic" if words else "", "Play animatic")
        self._title.setVisible(self.width() >= rest + 36 + title)
