"""Pictures that go along with an ask: dropped or chosen, shown small, taken out by a press."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import Flow
from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.preview import draw_picture
from studio_assist.desk.kit import Button, Label, Pressable, paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme

_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
_SMALL: Final = QSize(72, 42)


class _Small(Pressable):
    """One picture; a press takes it out."""

    def __init__(self, theme: Theme, pictures: FramePictures, path: Path) -> None:
        super().__init__(theme, "", f"Take out {path.name}", None)
        self._pictures: Final = pictures
        self._path: Final = path
        self.setToolTip(f"{path.name}: press to take it out")

    # events

    def sizeHint(self) -> QSize:
        return _SMALL

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        colour = self._theme.colour
        painter.fillRect(box, colour("win"))
        look = self._pictures.look(self._path, round(_SMALL.width() * self.devicePixelRatioF()))
        if look.state == "ready":
            draw_picture(painter, box, look.image)
        elif look.state != "loading":
            pixmap = self._theme.pixmap("link-broken", "text3", 16, self.devicePixelRatioF())
            painter.drawPixmap(28, 13, pixmap)
        paint.draw_box(painter, box, 2, None, colour("lineStrong"))
        if self._hot() or self.hasFocus():
            paint.draw_box(painter, box, 2, None, colour("blue" if self.hasFocus() else "text3"), 2.0)
            spot = QRectF(box.right() - 18, box.top() + 4, 14, 14)
            paint.draw_box(painter, spot, 2, colour("surface2"))
            pixmap = self._theme.pixmap("cross", "text", 10, self.devicePixelRatioF())
            painter.drawPixmap(round(spot.left()) + 2, round(spot.top()) + 2, pixmap)


class References(QWidget):
    """The pictures of an ask, as many as the chosen drawer takes."""

    changed = Signal()

    def __init__(self, theme: Theme, pictures: FramePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._pictures: Final = pictures
        self._files: list[Path] = []
        self._most = 0
        self.setObjectName("references")
        self.setAcceptDrops(True)
        self.setAccessibleName("Reference pictures")
        self._flow: Final = Flow()
        self._said: Final = Label(theme, "", "meta", "text3", wrap=True)
        self.add_button: Final = Button(
            theme, "Add pictures…", icon="picture", height_px=26, role="captionMedium"
        )
        self.add_button.setObjectName("add_references_button")
        self.add_button.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self._said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._flow)
        column.addLayout(row)
        self._flow.hide()
        pictures.came.connect(lambda _path: self.update())

    # properties

    @property
    def files(self) -> tuple[str, ...]:
        """What goes along."""
        return tuple(str(one) for one in self._files[: self._most])

    # methods

    def set_most(self, most: int) -> None:
        """How many may go along; 0 hides it."""
        self._most = most
        self.setVisible(most > 0)
        self._show()

    def add(self, files: tuple[Path, ...]) -> None:
        """Take more files along; what is no picture is left out, and said."""
        wrong = [one for one in files if one.suffix.lower() not in _ENDINGS]
        for one in files:
            if one not in wrong and one not in self._files and len(self._files) < self._most:
                self._files.append(one)
        over = len(files) - len(wrong) > self._most
        self._show(
            f"{wrong[0].name} is not a PNG, JPEG or WebP picture."
            if wrong
            else f"It takes {self._most} at most."
            if over
            else ""
        )
        self.changed.emit()

    # slots

    def _choose(self) -> None:
        found, _kind = QFileDialog.getOpenFileNames(
            self.window(), "Reference pictures", "", "Pictures (*.png *.jpg *.jpeg *.webp)"
        )
        if found:
            self.add(tuple(Path(one) for one in found))

    def _remove(self, path: Path) -> None:
        self._files.remove(path)
        self._show()
        self.changed.emit()

    # events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add(files_in(event.mimeData()))

    # internals

    def _show(self, said: str = "") -> None:
        smalls = [_Small(self._theme, self._pictures, one) for one in self._files[: self._most]]
        for small, path in zip(smalls, self._files, strict=False):
            small.clicked.connect(lambda _on=False, path=path: self._remove(path))
        self._flow.show_widgets(smalls)
        self.add_button.setEnabled(len(self._files) < self._most)
        self._said.set_text(said or f"{len(smalls)} of {self._most}, or drop them here")
