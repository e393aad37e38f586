"""The boards that would come in: a small picture, its name, and the shot that it goes into."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from studio_assist.desk.board.decoding import Broken, decoded
from studio_assist.desk.kit import paint
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.protocol.importing import BoardLine

ROW_PX: Final = 64
_PICTURE: Final = QSize(84, 47)
#: How many are read at once, and how many are kept.
_AT_ONCE: Final = 2
_MOST: Final = 600
_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = int(Qt.ItemDataRole.UserRole)


class FilePictures(QObject):
    """Small pictures of files outside the project, read in the pool for what is in sight.

    Signals:
        came: the path of one that can be shown now, or cannot be read.
    """

    came = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: Final[dict[str, QPixmap | None]] = {}
        self._waiting: Final[list[str]] = []
        self._reading: Final[set[str]] = set()

    # properties

    @property
    def busy(self) -> bool:
        """Whether something is read or waits to be."""
        return bool(self._waiting or self._reading)

    # methods

    def picture(self, file: str, ratio: float) -> tuple[bool, QPixmap | None]:
        """Whether it was read, and what it looks like; None where it cannot be shown. Asks for it if not."""
        if file in self._kept:
            return True, self._kept[file]
        if file not in self._reading:
            if file in self._waiting:
                self._waiting.remove(file)
            # What was painted last is in sight, and is read first; what was scrolled by falls out behind.
            self._waiting.append(file)
            del self._waiting[:-40]
            self._go_on(ratio)
        return False, None

    # internals

    def _go_on(self, ratio: float) -> None:
        while self._waiting and len(self._reading) < _AT_ONCE:
            file = self._waiting.pop()
            self._reading.add(file)
            done: Callable[[QImage | None], None] = partial(self._take, file, ratio)
            failed: Callable[[StudioError], None] = partial(self._failed, file, ratio)
            Work(partial(_read, file, ratio), self, done, failed).start()

    def _take(self, file: str, ratio: float, image: QImage | None) -> None:
        self._reading.discard(file)
        pixmap = QPixmap.fromImage(image) if image is not None else None
        if pixmap is not None:
            pixmap.setDevicePixelRatio(ratio)
        while len(self._kept) >= _MOST:
            self._kept.pop(next(iter(self._kept)))
        self._kept[file] = pixmap
        self._go_on(ratio)
        self.came.emit(file)

    def _failed(self, file: str, ratio: float, _error: StudioError) -> None:
        self._take(file, ratio, None)


def _read(file: str, ratio: float) -> QImage | None:
    try:
        return decoded(Path(file), round(_PICTURE.width() * ratio), round(_PICTURE.height() * ratio))
    except (FileNotFoundError, Broken):
        return None


class BoardLines(QAbstractListModel):
    """Boards in the file's order.

    Attributes:
        scene: of new shots where the file names none.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: tuple[BoardLine, ...] = ()
        self.scene = ""

    # methods

    def set_lines(self, lines: tuple[BoardLine, ...]) -> None:
        """Other boards."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def set_scene(self, scene: str) -> None:
        """New shots go elsewhere."""
        self.scene = scene
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))

    def where(self, line: BoardLine) -> str:
        """Which shot a board goes into, in words."""
        if line.shot:
            return f"Into {line.shot}"
        scene = line.scene or self.scene
        return f"New shot in scene {scene}" if scene else "New shot"

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == _ROW:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(filter(None, (line.name, self.where(line), line.lacks)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.lacks or None
        return None


class BoardsList(QListView):
    """The boards, a row each, with what they lack."""

    def __init__(self, theme: Theme, lines: BoardLines) -> None:
        super().__init__()
        self.setObjectName("import_boards")
        self.setAccessibleName("Boards in the file")
        self.setModel(lines)
        self.pictures: Final = FilePictures(self)
        self.pictures.came.connect(self._picture_came)
        self.setItemDelegate(_Delegate(theme, lines, self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    # slots

    def _picture_came(self, _file: str) -> None:
        self.viewport().update()


class _Delegate(QStyledItemDelegate):
    """Draws one board."""

    def __init__(self, theme: Theme, lines: BoardLines, view: BoardsList) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._lines: Final = lines
        self._view: Final = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(400, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(_ROW)
        if not isinstance(line, BoardLine):
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        theme, colour = self._theme, self._theme.colour
        painter.save()
        if state & QStyle.StateFlag.State_Selected and self._view.hasFocus():
            painter.fillRect(box, colour("selection"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line"))
        self._picture(painter, QRectF(QPointF(box.left() + 4, box.top() + 8), _PICTURE), line)
        left = box.left() + 4 + _PICTURE.width() + 14
        seconds = f"{line.duration_ms / 1000:.1f} s"
        meta = theme.font("meta")
        wide = paint.text_width(meta, seconds)
        at = QRectF(box.right() - wide - 10, box.top() + 12, wide + 4, 18)
        paint.draw_text(painter, at, meta, colour("text3"), seconds)
        strong, caption = theme.font("strong"), theme.font("caption")
        name = QFontMetricsF(strong).elidedText(
            line.name, Qt.TextElideMode.ElideMiddle, at.left() - left - 12
        )
        paint.draw_text(painter, QRectF(left, box.top() + 12, box.width(), 18), strong, colour("text"), name)
        where = self._lines.where(line)
        below = QRectF(left, box.top() + 33, box.right() - left - 10, 18)
        paint.draw_text(painter, below, caption, colour("text2"), where)
        if line.lacks:
            gone = paint.text_width(caption, where) + 14
            room = below.width() - gone
            lacks = QFontMetricsF(caption).elidedText(line.lacks, Qt.TextElideMode.ElideRight, room)
            paint.draw_text(painter, below.adjusted(gone, 0, 0, 0), caption, colour("text3"), lacks)
        painter.restore()

    # internals

    def _picture(self, painter: QPainter, box: QRectF, line: BoardLine) -> None:
        painter.fillRect(box, self._theme.colour("surface0"))
        was_read, picture = True, None
        if line.picture is not None:
            was_read, picture = self._view.pictures.picture(line.picture, self._view.devicePixelRatioF())
        if picture is not None:
            size = picture.deviceIndependentSize()
            at = QPointF(box.center().x() - size.width() / 2, box.center().y() - size.height() / 2)
            painter.drawPixmap(QRectF(at, size), picture, QRectF(picture.rect()))
        elif was_read:
            meta = self._theme.font("meta")
            text = "Empty" if line.picture is None and not line.lacks.startswith("Missing") else "Missing"
            wide = paint.text_width(meta, text)
            at = box.adjusted((box.width() - wide) / 2, 0, 0, 0)
            paint.draw_text(painter, at, meta, self._theme.colour("text3"), text)
        paint.draw_box(painter, box, 2, None, self._theme.colour("lineStrong"))
