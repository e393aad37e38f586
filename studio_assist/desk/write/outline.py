"""The outline: the script's scenes with their lengths and their temp counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.kit import (
    Button,
    CheckBox,
    Divider,
    Field,
    IconButton,
    Label,
    Panel,
    Swatch,
    paint,
)
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.outline_model import CURRENT, ROW, OutlineModel, Row, SceneRow, SectionRow

__all__ = ["Outline", "Row", "SceneRow", "SectionRow"]

ROW_PX: Final = 52
SECTION_PX: Final = 30
#: How long typing goes on to look for the same scene, ms.
_FIND_MS: Final = 1000

_Index = QModelIndex | QPersistentModelIndex


class SceneDelegate(QStyledItemDelegate):
    """Draws one row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        section = isinstance(index.data(ROW), SectionRow)
        return QSize(120, SECTION_PX if section else ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(ROW)
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if isinstance(row, SceneRow):
            hot = bool(state & QStyle.StateFlag.State_MouseOver)
            here = bool(state & QStyle.StateFlag.State_HasFocus)
            self._scene(painter, box, row, bool(index.data(CURRENT)), hot)
            if here:
                paint.draw_focus(painter, self._theme, box.adjusted(0, 0, 0, -1), 2)
        elif isinstance(row, SectionRow):
            self._section(painter, box, row)
        painter.restore()

    # internals

    def _scene(self, painter: QPainter, box: QRectF, row: SceneRow, current: bool, hot: bool) -> None:
        colour = self._theme.colour
        if current:
            painter.fillRect(box, colour("selection"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("blue"))
        elif hot:
            painter.fillRect(box, colour("surface2"))
        if not current:
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line"))
        upper = QRectF(box.left(), box.top() + 7, box.width(), 18)
        lower = QRectF(box.left(), box.top() + 26, box.width(), 16)
        # Letters on the selection's ground need the stronger of the two quiet greys.
        quiet = colour("text2" if current else "text3")
        number, heading = self._theme.font("strong"), self._theme.font("captionMedium")
        paint.draw_text(
            painter, upper.adjusted(12, 3, 0, 0), number, colour("text" if current else "text2"), row.number
        )
        left = max(48.0, 12 + paint.text_width(number, row.number) + 8)
        room = box.width() - left - 12 - (self._badge(painter, box, row.temp) + 6 if row.temp else 0)
        words = QFontMetricsF(heading).elidedText(row.heading, Qt.TextElideMode.ElideRight, max(0, room))
        paint.draw_text(painter, upper.adjusted(left, 0, 0, 0), heading, colour("text"), words)
        paint.draw_text(painter, lower.adjusted(left, 1, 0, 0), self._theme.font("meta"), quiet, row.length)

    def _badge(self, painter: QPainter, box: QRectF, temp: int) -> float:
        """The amber count at the right. Answers its width."""
        font, text = self._theme.font("metaMedium"), str(temp)
        font.setWeight(QFont.Weight.Bold)
        width = max(18.0, paint.text_width(font, text) + 10)
        badge = QRectF(box.right() - 11 - width, box.top() + 10, width, 16)
        paint.draw_box(painter, badge, 2, self._theme.colour("amber"))
        inner = badge.adjusted((width - paint.text_width(font, text)) / 2, 0, 0, 0)
        paint.draw_text(painter, inner, font, self._theme.colour("onAmber"), text)
        return width

    def _section(self, painter: QPainter, box: QRectF, row: SectionRow) -> None:
        font = self._theme.font("metaMedium")
        left = 12.0 + 10 * (row.level - 1)
        words = QFontMetricsF(font).elidedText(
            row.title, Qt.TextElideMode.ElideRight, box.width() - left - 12
        )
        painter.fillRect(box, self._theme.colour("surface0"))
        paint.draw_text(painter, box.adjusted(left, 0, 0, -1), font, self._theme.colour("text3"), words)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), self._theme.colour("line"))


class SceneList(QListView):
    """The rows. Enter goes to a scene, typing finds one; the caret's scene is marked apart from the focus."""

    chosen = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme, model: OutlineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Final = model
        self._typed = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_FIND_MS)
        self._pause.timeout.connect(self._forget)
        self.setObjectName("outline")
        self.setAccessibleName("Outline")
        self.setModel(model)
        self.setItemDelegate(SceneDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)
        theme.changed.connect(self.viewport().update)

    # slots

    def _choose(self, index: QModelIndex) -> None:
        row = self._rows.row(index)
        if isinstance(row, SceneRow):
            self.chosen.emit(row.index)

    def _forget(self) -> None:
        self._typed = ""

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        # A longer word looks on from where the shorter one was found; a new one from the next row.
        at = self.currentIndex().row()
        self._typed += search
        self._pause.start()
        found = self._rows.find(self._typed, at - 1 if len(self._typed) > 1 else at)
        if found.isValid():
            self.setCurrentIndex(found)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            here = self._rows.place_of(self._rows.current)
            self.setCurrentIndex(here if here.isValid() else self._rows.index(0))


class Outline(Panel):
    """The left side of the Write desk."""

    scene_chosen = Signal(int)
    new_scene_wanted = Signal(int)  # the scene after which it comes, -1 for the script's start
    next_temp_wanted = Signal()
    back_to_page = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "r", parent)
        self._model = OutlineModel(self)
        self.setObjectName("outline_panel")
        self.setAccessibleName("Outline")
        self.setMinimumWidth(200)
        self.list = SceneList(theme, self._model)
        self.list.chosen.connect(self.scene_chosen)
        self.list.left.connect(self.back_to_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._build_header())
        column.addWidget(Divider(theme))
        column.addWidget(self._build_filter())
        column.addWidget(self.list, 1)
        self._empty = Label(theme, "", "caption", "text3", wrap=True)
        self._empty.setContentsMargins(12, 16, 12, 0)
        column.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(Divider(theme))
        column.addWidget(self._build_footer())
        self.set_debt(0)
        self._count()

    # properties

    @property
    def model(self) -> OutlineModel:
        """The rows that it shows."""
        return self._model

    # methods

    def set_scenes(self, rows: Sequence[Row]) -> None:
        """Show these scenes, and sections between them where there are any."""
        self._model.set_rows(rows)
        # Rows of one height are laid out without asking each; ten thousand scenes then cost nothing.
        self.list.setUniformItemSizes(not self._model.has_sections)
        self._count()

    def set_current(self, scene: int | None) -> None:
        """Mark the scene that the caret stands in, and keep it in sight."""
        if scene == self._model.current:
            return
        self._model.set_current(scene)
        if not self.list.hasFocus():
            place = self._model.place_of(scene)
            if place.isValid():
                self.list.scrollTo(place, QAbstractItemView.ScrollHint.EnsureVisible)

    def set_debt(self, lines: int) -> None:
        """Say how many temp lines the script has left."""
        said = f"{lines} temp {'line' if lines == 1 else 'lines'}" if lines else "No temp lines"
        self._debt.set_text(said)
        self._debt.set_token("amberText" if lines else "text3")
        self._debt_mark.setVisible(bool(lines))
        self._next.setEnabled(bool(lines))
        self._next.setToolTip("" if lines else "There is no temp line to go to")

    # slots

    def _filter_toggled(self, shown: bool) -> None:
        self._filter.setVisible(shown)
        if shown:
            self._wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._wanted.clear()
            self._only_temp.setChecked(False)

    def _filter_changed(self) -> None:
        self._model.set_filter(self._wanted.text(), self._only_temp.isChecked())
        self._count()

    def _add(self) -> None:
        self.new_scene_wanted.emit(-1 if self._model.current is None else self._model.current)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._filter_button.isChecked():
                self._filter_button.setChecked(False)
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.back_to_page.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    # internals

    def _count(self) -> None:
        scenes, shown = self._model.scenes, self._model.shown_scenes
        noun = "scene" if scenes == 1 else "scenes"
        self._counted.set_text(f"{shown} of {scenes} {noun}" if self._model.filtered else f"{scenes} {noun}")
        nothing = self._model.rowCount() == 0
        self.list.setVisible(not nothing)
        self._empty.setVisible(nothing)
        self._empty.set_text(
            "No scene matches the filter."
            if self._model.filtered
            else "No scenes yet. Write a line that begins with INT. or EXT., or add a scene with the plus."
        )

    def _build_header(self) -> QWidget:
        theme = self._theme
        header = QWidget()
        header.setFixedHeight(39)
        self._counted = Label(theme, "", "caption", "text3")
        self._filter_button = IconButton(theme, "filter", "Filter scenes")
        self._filter_button.setObjectName("outline_filter_button")
        self._filter_button.setCheckable(True)
        self._filter_button.toggled.connect(self._filter_toggled)
        add = IconButton(theme, "plus", "New scene after this one")
        add.setObjectName("outline_add_button")
        add.clicked.connect(self._add)
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 1, 6, 0)
        row.setSpacing(0)
        row.addWidget(Label(theme, "Outline", "strong"))
        row.addSpacing(8)
        row.addWidget(self._counted)
        row.addStretch(1)
        row.addWidget(self._filter_button)
        row.addWidget(add)
        return header

    def _build_filter(self) -> QWidget:
        theme = self._theme
        self._wanted = Field(theme, "Filter scenes by number or heading", placeholder="Number or heading")
        self._wanted.setObjectName("outline_filter")
        self._wanted.textChanged.connect(self._filter_changed)
        self._only_temp = CheckBox(theme, "Only with temp lines")
        self._only_temp.setObjectName("outline_only_temp")
        self._only_temp.toggled.connect(self._filter_changed)
        self._filter = QWidget()
        column = QVBoxLayout(self._filter)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._wanted)
        column.addWidget(self._only_temp)
        self._filter.hide()
        return self._filter

    def _build_footer(self) -> QWidget:
        theme = self._theme
        footer = QWidget()
        footer.setFixedHeight(37)
        self._debt_mark = Swatch(theme, "amber", 10, 10)
        self._debt = Label(theme, "", "captionMedium", "amberText")
        self._debt.setObjectName("outline_debt")
        self._next = Button(theme, "Next", kind="ghost", key="F8", height_px=26)
        self._next.setObjectName("outline_next_button")
        self._next.setAccessibleName("Next temp line")
        self._next.clicked.connect(self.next_temp_wanted)
        row = QHBoxLayout(footer)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(self._debt_mark)
        row.addWidget(self._debt)
        row.addStretch(1)
        row.addWidget(self._next)
        return footer
