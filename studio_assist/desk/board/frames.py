"""Painting a panel's frame: the picture with its mark, or what stands there in place of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap

from studio_assist.desk.board.states import State, queued_text, share_of, wait_text, working_text
from studio_assist.desk.board.thumbnails import Missing
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Live

BAND_PX: Final = 16
STRIP_PX: Final = 36
#: The part of a picture's height that the band in its pixels takes, and from where on it can be read.
_BAND_SHARE: Final = 0.089
_LEGIBLE_PX: Final = 22
_BUTTON_PX: Final = 24
_LINE_PX: Final = 15
#: From this width on there is room for everything a frame can say.
_ROOMY_PX: Final = 190

#: What can be pressed inside a frame.
Press = Literal["retry", "draw", "clearance"]
_PRESSES: Final[dict[State, tuple[tuple[Press, str], ...]]] = {
    "failed": (("retry", "Retry"), ("draw", "Draw")),
    "lost": (("retry", "Retry"), ("draw", "Draw")),
    "blocked": (("clearance", "Ask for clearance"),),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame shows.

    Attributes:
        picture: what stands in it; a `Missing` where there ought to be one; None while it is read.
        expected: there ought to be a picture.
        temp: it wears the band.
        preview: a rough picture of work under way.
        previs: the built-in drawer made it, which is no AI.
    """

    state: State
    picture: QPixmap | Missing | None
    expected: bool
    temp: bool
    live: Live | None = None
    preview: QPixmap | None = None
    previs: bool = False


def over_band(box: QRectF, frame: Frame) -> QRectF:
    """The part of a frame in which words may stand: over the band of a picture that wears one."""
    if not frame.temp or not isinstance(frame.picture, QPixmap):
        return QRectF(box)
    where = _picture_box(box, frame.picture)
    bottom = where.bottom() - band_px(where.height())
    return QRectF(box.left(), box.top(), box.width(), bottom - box.top())


def presses(theme: Theme, frame: QRectF, state: State) -> list[tuple[Press, str, QRectF]]:
    """The buttons inside a frame, or inside what is left of it over the band, with where they are."""
    found: list[tuple[Press, str, QRectF]] = []
    font = theme.font("captionMedium")
    offered = _PRESSES.get(state, ())
    widths = [paint.text_width(font, words) + 18 for _press, words in offered]
    left = frame.center().x() - (sum(widths) + 8 * max(0, len(widths) - 1)) / 2
    for (press, words), width in zip(offered, widths, strict=True):
        box = QRectF(round(left), frame.bottom() - _BUTTON_PX - 6, round(width), _BUTTON_PX)
        found.append((press, words, box))
        left += width + 8
    return found


def draw_frame(painter: QPainter, theme: Theme, box: QRectF, frame: Frame, ratio: float) -> None:
    """Paint everything inside the frame's box."""
    live = frame.live
    if frame.state == "generating" and live is not None:
        _ground(painter, theme, box, frame)
        if frame.preview is not None:
            _picture(painter, theme, box, frame.preview)
        _progress(painter, theme, box, live)
        if frame.temp and frame.preview is None and isinstance(frame.picture, QPixmap):
            # The band of what stood there before stays in sight over the bar.
            draw_band(painter, theme, box.adjusted(0, 0, 0, -STRIP_PX), previs=frame.previs)
        return
    if frame.state == "empty" and not frame.expected:
        painter.fillRect(box, theme.colour("surface0"))
        _dashes(painter, box, theme, "lineStrong", 1.0, (3.0, 2.0), closed=True)
        _middle(
            painter, theme, box, "plus", "text3", (("Draw, drop a file, or ask", "caption", "text3"),), ratio
        )
        return
    there = isinstance(frame.picture, QPixmap)
    _ground(painter, theme, box, frame)
    if frame.state == "proposed" and isinstance(frame.picture, QPixmap):
        _edge(painter, theme, _picture_box(box, frame.picture))
    match frame.state:
        case "queued" if live is not None:
            wait = wait_text(live.wait_s)
            if there:
                words = f"{queued_text(live)}{' · ' if wait else ''}{wait}"
                _strip(painter, theme, over_band(box, frame), words, "clock", ratio)
            else:
                lines = [(queued_text(live), "caption", "text2"), (wait, "meta", "text3")]
                _middle(
                    painter, theme, box, "clock", "text2", tuple(line for line in lines if line[0]), ratio
                )
        case "failed" | "lost" | "blocked":
            _trouble(painter, theme, box, frame, ratio)
        case _:
            if not there:
                _no_picture(painter, theme, box, frame.picture, ratio)


def band_px(height: float) -> float:
    """How high the band stands in a picture of this height: in a large one that in its pixels is higher."""
    return max(BAND_PX, round(height * _BAND_SHARE))


def draw_band(painter: QPainter, theme: Theme, box: QRectF, *, previs: bool = False) -> None:
    """The band along the lower edge, crisp at this size: the one in the pixels lies under it.

    In a picture so large that the one in its pixels can be read, that one is left to be seen.
    """
    if band_px(box.height()) > _LEGIBLE_PX:
        return
    height = band_px(box.height())
    band = QRectF(box.left(), box.bottom() - height, box.width(), height)
    painter.fillRect(band, theme.colour("amber"))
    font = theme.font("tag")
    left, right = "TEMP PREVIS" if previs else "TEMP AI", "NOT FOR DELIVERY"
    ink = theme.colour("onAmber")
    paint.draw_text(painter, band.adjusted(6, 0, 0, 0), font, ink, left)
    width = text_width(font, right)
    if box.width() > text_width(font, left) + width + 24:
        paint.draw_text(painter, band.adjusted(band.width() - width - 5, 0, 0, 0), font, ink, right)


def _ground(painter: QPainter, theme: Theme, box: QRectF, frame: Frame) -> None:
    """The picture that stands there, with its band, or the plain ground."""
    if isinstance(frame.picture, QPixmap):
        _picture(painter, theme, box, frame.picture)
        if frame.temp:
            draw_band(painter, theme, _picture_box(box, frame.picture), previs=frame.previs)
    else:
        painter.fillRect(box, theme.colour("surface0"))


def _picture(painter: QPainter, theme: Theme, box: QRectF, picture: QPixmap) -> None:
    where = _picture_box(box, picture)
    if where != box:
        painter.fillRect(box, theme.colour("win"))
    painter.drawPixmap(where.topLeft(), picture)


def _picture_box(box: QRectF, picture: QPixmap) -> QRectF:
    """Where a picture stands in the frame: in its middle, where it has another shape."""
    size = picture.deviceIndependentSize()
    left = box.left() + round((box.width() - size.width()) / 2)
    top = box.top() + round((box.height() - size.height()) / 2)
    return QRectF(left, top, size.width(), size.height())


def _edge(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """The dashed amber edge of what is offered: above the band, round the picture."""
    _dashes(
        painter, box.adjusted(0, 0, 0, -band_px(box.height())), theme, "amber", 2.0, (3.0, 2.0), closed=False
    )


def _dashes(
    painter: QPainter,
    box: QRectF,
    theme: Theme,
    token: str,
    width: float,
    pattern: tuple[float, float],
    *,
    closed: bool,
) -> None:
    pen = QPen(theme.colour(token), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(list(pattern))
    painter.setPen(pen)
    half = width / 2
    inner = box.adjusted(half, half, -half, -half if closed else 0)
    painter.drawLine(inner.topLeft(), inner.topRight())
    painter.drawLine(inner.topLeft(), inner.bottomLeft())
    painter.drawLine(inner.topRight(), inner.bottomRight())
    if closed:
        painter.drawLine(inner.bottomLeft(), inner.bottomRight())


def _progress(painter: QPainter, theme: Theme, box: QRectF, live: Live) -> None:
    """What is being made and how far it is: grey, because it is not yet temp material."""
    strip = QRectF(box.left(), box.bottom() - STRIP_PX, box.width(), STRIP_PX)
    painter.fillRect(strip, theme.colour("win"))
    font = theme.font("caption")
    done_share = share_of(live)
    share = "" if done_share is None else f"{round(100 * done_share)} %"
    taken = text_width(font, share) if share else 0.0
    line = QRectF(strip.left() + 9, strip.top() + 6, strip.width() - 19, 16)
    words = _elided(font, working_text(live), line.width() - taken - 8)
    paint.draw_text(painter, line, font, theme.colour("text"), words)
    if share:
        right = line.adjusted(line.width() - taken, 0, 0, 0)
        paint.draw_text(painter, right, font, theme.colour("text"), share)
    bar = QRectF(strip.left() + 9, strip.bottom() - 9.5, strip.width() - 19, 4)
    paint.draw_box(painter, bar, 2, theme.colour("lineStrong"))
    if done_share:
        done = QRectF(bar)
        done.setWidth(max(4.0, bar.width() * done_share))
        paint.draw_box(painter, done, 2, theme.colour("text"))


def _strip(painter: QPainter, theme: Theme, box: QRectF, words: str, icon: str, ratio: float) -> None:
    """A line over the lower edge of a picture that stays."""
    strip = QRectF(box.left(), box.bottom() - 24, box.width(), 24)
    painter.fillRect(strip, theme.colour("win"))
    pixmap = theme.pixmap(icon, "text2", 13, ratio)
    painter.drawPixmap(QPointF(strip.left() + 9, strip.top() + 5.5), pixmap)
    font = theme.font("caption")
    inner = strip.adjusted(28, 0, -8, 0)
    shown = _elided(font, words, inner.width())
    paint.draw_text(painter, inner, font, theme.colour("text2"), shown)


def _middle(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    icon: str,
    token: str,
    lines: tuple[tuple[str, str, str], ...],
    ratio: float,
) -> None:
    """An icon over lines of words (text, role, token), in the middle of the frame."""
    high = 20 + 22 * len(lines)
    top = box.center().y() - high / 2
    painter.drawPixmap(QPointF(round(box.center().x() - 9), round(top)), theme.pixmap(icon, token, 18, ratio))
    at = top + 34
    for text, role, colour in lines:
        font = theme.font(role)
        shown = _elided(font, text, box.width() - 16)
        width = text_width(font, shown)
        line = QRectF(round(box.center().x() - width / 2), at - 8, width + 2, 16)
        paint.draw_text(painter, line, font, theme.colour(colour), shown)
        at += 22


def _trouble(painter: QPainter, theme: Theme, box: QRectF, frame: Frame, ratio: float) -> None:
    """Why there is no new picture, and what can be done; the earlier picture stays behind it."""
    live, there = frame.live, isinstance(frame.picture, QPixmap)
    blocked = frame.state == "blocked"
    why = live.why if live is not None and live.why else "It is not known what became of it."
    if blocked and live is not None and live.rule:
        why = f"{live.rule}: {why}" if live.why else live.rule
    ground = over_band(box, frame) if there else QRectF(box)
    if there:
        ground.setTop(max(box.top(), ground.bottom() - 74))
        painter.fillRect(ground, theme.colour("win"))
    icon, token = ("shield-cross", "redText") if blocked else ("warning", "text2")
    small = there or box.height() < 110
    if small:
        line = QRectF(ground.left() + 28, ground.top() + 5, ground.width() - 36, 2 * _LINE_PX)
        painter.drawPixmap(QPointF(ground.left() + 9, ground.top() + 7), theme.pixmap(icon, token, 14, ratio))
    else:
        pixmap = theme.pixmap(icon, token, 18, ratio)
        painter.drawPixmap(QPointF(round(box.center().x() - 9), box.top() + 20), pixmap)
        line = QRectF(box.left() + 14, box.top() + 46, box.width() - 28, 3 * _LINE_PX)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour("redText" if blocked else "text"))
    side = Qt.AlignmentFlag.AlignLeft if small else Qt.AlignmentFlag.AlignHCenter
    flags = int(Qt.TextFlag.TextWordWrap) | int(side) | int(Qt.AlignmentFlag.AlignTop)
    painter.save()
    painter.setClipRect(line)
    painter.drawText(line, flags, why)
    painter.restore()
    if box.width() < _ROOMY_PX * 0.7:
        return
    font = theme.font("captionMedium")
    for _press, words, button in presses(theme, ground, frame.state):
        paint.draw_box(painter, button, 4, theme.colour("surface2"), theme.colour("lineStrong"))
        paint.draw_text(painter, button.adjusted(9, 0, 0, 0), font, theme.colour("text"), words)


def _no_picture(
    painter: QPainter, theme: Theme, box: QRectF, picture: QPixmap | Missing | None, ratio: float
) -> None:
    if picture is None:
        painter.drawPixmap(
            QPointF(round(box.center().x() - 9), round(box.center().y() - 9)),
            theme.pixmap("picture", "lineStrong", 18, ratio),
        )
        return
    if isinstance(picture, QPixmap):
        return
    where = picture.where.replace("\\", "/").rsplit("/media/", 1)
    place = f"media/{where[1]}" if len(where) == 2 else picture.where
    lines = [("Missing", "captionMedium", "text"), (picture.why, "meta", "text2")]
    lines.append((_middle_cut(theme.font("meta"), place, box.width() - 20), "meta", "text3"))
    shown = tuple(line for line in lines if line[0])
    _dashes(painter, box, theme, "lineStrong", 1.0, (3.0, 2.0), closed=True)
    _middle(painter, theme, box, "link-broken", "text2", shown, ratio)


def _middle_cut(font: QFont, text: str, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, max(0.0, width))


def _elided(font: QFont, text: str, width: float) -> str:
    if text_width(font, text) <= width:
        return text
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def text_width(font: QFont, text: str) -> float:
    """Width of one line; measured once, as the same few words stand in every frame."""
    key = (font.pixelSize(), int(font.weight()), text)
    known = _WIDTHS.get(key)
    if known is None:
        if len(_WIDTHS) > _MOST_WIDTHS:
            _WIDTHS.clear()
        known = _WIDTHS[key] = paint.text_width(font, text)
    return known


_MOST_WIDTHS: Final = 4000
_WIDTHS: Final[dict[tuple[int, int, str], float]] = {}
