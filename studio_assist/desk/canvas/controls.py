"""Small things to press and drag that only the canvas has."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from studio_assist.desk.kit import Label, paint
from studio_assist.desk.kit.buttons import Pressable
from studio_assist.desk.theme import Theme


class ToolButton(Pressable):
    """A tool of the rail, with its letter in the corner. Blue where it is in the hand."""

    def __init__(self, theme: Theme, icon: str, name: str, key: str, *, checkable: bool = True) -> None:
        super().__init__(theme, "", name, None)
        self._icon: Final = icon
        self._key: Final = key
        self._quiet = False
        self.setCheckable(checkable)
        self.setToolTip(f"{name} ({key})" if key else name)
        self.setFixedSize(40, 40)

    # methods

    def set_quiet(self, quiet: bool) -> None:
        """A state that is on beside the tool in the hand: its icon is blue, without a box."""
        self._quiet = quiet
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, box = self._theme.colour, QRectF(self.rect())
        on = self.isChecked()
        if on and not self._quiet:
            paint.draw_box(painter, box, 5, colour("selection"), colour("blue"))
        elif self._hot():
            paint.draw_box(painter, box, 5, colour("surface3"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        token = "disabled" if not self.isEnabled() else "text2"
        if on and self.isEnabled():
            token = "blueText" if self._quiet else "text"
        pixmap = self._theme.pixmap(self._icon, token, 18, self.devicePixelRatioF())
        painter.drawPixmap(11, 11, pixmap)
        if self._key:
            font = self._theme.font("meta")
            font.setPixelSize(9)
            inner = box.adjusted(39 - paint.text_width(font, self._key) - 4, 26, 0, 0)
            paint.draw_text(
                painter, inner, font, colour("text2" if on and not self._quiet else "text3"), self._key
            )


class ColourDisc(Pressable):
    """The colour in the hand."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", "Colour", None)
        self._colour = QColor("black")
        self.setFixedSize(40, 40)

    # methods

    def set_colour(self, colour: str) -> None:
        """Show another colour."""
        self._colour = QColor(colour)
        self.setToolTip(f"Colour in the hand: {colour.upper()}")
        self.setAccessibleDescription(colour.upper())
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self._theme.colour("blue" if self.hasFocus() else "text" if self.isEnabled() else "disabled")
        painter.setPen(QPen(ring, 2))
        painter.setBrush(self._colour)
        painter.drawEllipse(QPointF(20, 20), 13, 13)


class TipButton(Pressable):
    """A tip, by the dot that it makes."""

    def __init__(self, theme: Theme, name: str, dot_px: float, *, soft: bool) -> None:
        super().__init__(theme, "", name, None)
        self._dot: Final = dot_px
        self._soft: Final = soft
        self.setCheckable(True)
        self.setToolTip(name)
        self.setFixedSize(36, 36)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, box = self._theme.colour, QRectF(self.rect())
        ground = colour("surface3") if self._hot() else None
        edge = "blue" if self.isChecked() or self.hasFocus() else "lineStrong"
        paint.draw_box(painter, box, 5, ground, colour(edge), 2.0 if self.hasFocus() else 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        dot = colour("text" if self.isEnabled() else "disabled")
        if self._soft:
            # A soft tip fades: three rings stand for it.
            for share, alpha in ((1.0, 90), (0.78, 120), (0.55, 255)):
                dot.setAlpha(alpha)
                painter.setBrush(dot)
                painter.drawEllipse(box.center(), self._dot / 2 * share, self._dot / 2 * share)
        else:
            painter.setBrush(dot)
            painter.drawEllipse(box.center(), self._dot / 2, self._dot / 2)


class SwatchButton(Pressable):
    """A colour to draw with."""

    def __init__(self, theme: Theme, name: str, colour: str) -> None:
        super().__init__(theme, "", name, None)
        self.colour: Final = colour
        self.setCheckable(True)
        self.setToolTip(name)
        self.setFixedHeight(25)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(34, 25)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, 25)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        chosen = self.isChecked() or self.hasFocus()
        edge = self._theme.colour("blue" if chosen else "lineStrong")
        paint.draw_box(painter, box, 3, QColor(self.colour), edge, 2.0 if chosen else 1.0)


class Slider(QSlider):
    """A slider that paints itself from the theme. A click goes where it was clicked."""

    def __init__(self, theme: Theme, name: str, lowest: int, highest: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme: Final = theme
        self.setRange(lowest, highest)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(20)
        theme.changed.connect(self.update)

    # events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour, middle = self._theme.colour, self.height() / 2
        enabled = self.isEnabled()
        span = max(1, self.maximum() - self.minimum())
        at = 6 + (self.width() - 12) * (self.value() - self.minimum()) / span
        paint.draw_box(painter, QRectF(0, middle - 1.5, self.width(), 3), 1.5, colour("surface3"))
        if enabled:
            paint.draw_box(painter, QRectF(0, middle - 1.5, at, 3), 1.5, colour("blue"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colour("blue") if self.hasFocus() else colour("lineStrong")
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(QColor("#F4F6F8") if enabled else colour("surface3"))
        painter.drawEllipse(QPointF(at, middle), 6, 6)

    # internals

    def _go(self, x: float) -> None:
        share = min(1.0, max(0.0, (x - 6) / max(1.0, self.width() - 12.0)))
        self.setValue(self.minimum() + round(share * (self.maximum() - self.minimum())))


class SliderRow(QWidget):
    """A word, a slider and what it says, in one line.

    Signals:
        moved: the value, in its unit, as a person changes it.
    """

    moved = Signal(float)

    def __init__(
        self,
        theme: Theme,
        word: str,
        unit: str,
        lowest: int,
        highest: int,
        *,
        bent: bool = False,
        label_px: int = 72,
    ) -> None:
        super().__init__()
        self._unit: Final = unit
        self._lowest, self._highest = lowest, highest
        #: A bent slider gives small values more room, as sizes need it.
        self._bent: Final = bent
        self._quiet = False
        label = Label(theme, word, "caption", "text2")
        label.setFixedWidth(label_px)
        self.slider: Final = Slider(theme, word, 0, 1000 if bent else highest - lowest)
        self.slider.valueChanged.connect(self._moved)
        self._shown: Final = Label(theme, "", "caption", "text")
        self._shown.setFixedWidth(42)
        self._shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._shown)
        if bent:
            self.slider.setSingleStep(10)

    # methods

    def set(self, value: float) -> None:
        """Show a value without telling anybody."""
        self._quiet = True
        share = (value - self._lowest) / (self._highest - self._lowest)
        self.slider.setValue(round(1000 * share ** (1 / 3)) if self._bent else round(value - self._lowest))
        self._quiet = False
        self._say(value)

    # slots

    def _moved(self, at: int) -> None:
        if self._quiet:
            return
        if self._bent:
            value = self._lowest + (self._highest - self._lowest) * (at / 1000) ** 3
            value = float(round(value)) if value >= 3 else round(value * 2) / 2
        else:
            value = float(self._lowest + at)
        self._say(value)
        self.moved.emit(value)

    # internals

    def _say(self, value: float) -> None:
        text = f"{value:g} {self._unit}" if value < 3 else f"{value:.0f} {self._unit}"
        self._shown.set_text(text)
        self.slider.setAccessibleDescription(text)
