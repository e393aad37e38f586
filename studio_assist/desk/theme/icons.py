"""Icons: our own SVG strokes, tinted with a token and rendered at the screen's resolution.

Every file in `resources/icons` is drawn on a 24-unit grid with `currentColor` strokes and no fill, so one
substitution tints it. Qt's SVG reader does not know `currentColor`; it is replaced before reading.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio_assist.paths import resource


def icon_names() -> tuple[str, ...]:
    """The names of the shipped icons, in order."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


@cache
def _source(name: str) -> str:
    path = resource("icons", f"{name}.svg")
    if not path.is_file():
        raise KeyError(f"no icon is called {name!r}")
    return path.read_text("utf-8")


def render(name: str, colour: QColor, size_px: int, ratio: float) -> QPixmap:
    """Draw an icon.

    Args:
        name: a file of `resources/icons` without its ending.
        colour: the stroke.
        size_px: edge of the square in device-independent px.
        ratio: device pixels to one px.

    Raises:
        KeyError: no such icon.
    """
    source = _source(name).replace("currentColor", colour.name())
    source = source.replace('stroke-width="1.6"', f'stroke-width="{_stroke(size_px)}"')
    renderer = QSvgRenderer(QByteArray(source.encode()))
    edge = max(1, round(size_px * ratio))
    pixmap = QPixmap(edge, edge)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _stroke(size_px: int) -> float:
    """Width of the stroke in units of the grid: 1.6, and more where that would fade below 1.25 px."""
    return round(min(2.2, max(1.6, 1.25 * 24 / size_px)), 2)


def make_icon(name: str, colour: QColor, disabled: QColor, size_px: int) -> QIcon:
    """An icon with its disabled form, sharp on a screen of one and of two device pixels to a px."""
    icon = QIcon()
    for ratio in sorted({1.0, 2.0, screen_ratio()}):
        icon.addPixmap(render(name, colour, size_px, ratio), QIcon.Mode.Normal)
        icon.addPixmap(render(name, colour, size_px, ratio), QIcon.Mode.Selected)
        icon.addPixmap(render(name, colour, size_px, ratio), QIcon.Mode.Active)
        icon.addPixmap(render(name, disabled, size_px, ratio), QIcon.Mode.Disabled)
    return icon


def screen_ratio() -> float:
    """The highest device pixel ratio of the screens in use."""
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


def blank_icon(size_px: int) -> QIcon:
    """An icon that only holds the place, so that menu texts line up."""
    pixmap = QPixmap(QSize(size_px, size_px))
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)
