"""The frame that is on, with everything that is burned into it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.animatic import burning
from studio_assist.desk.animatic.animatic_copy import media_of
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.frames import FramePictures, NoPicture, Wanted
from studio_assist.desk.animatic.player import Player
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.burnin import FrameLayout, frame_layout, slate_words
from studio_assist.domain.captions import Caption, captions_of
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.timeline import Cut, Playing, is_temp

#: How many pictures are decoded ahead of the playhead, where there is room to keep them.
AHEAD: Final = 12
#: A window that is dragged to another size has pictures of the new size this long after.
_SETTLES_MS: Final = 150
#: Round the frame, in shares of the room's height.
_MARGIN: Final = 0.05


class AnimaticViewer(QWidget):
    """Shows the player's frame. It asks for pictures ahead, and never waits for one.

    Signals:
        pressed_twice: the frame was double-clicked.
    """

    pressed_twice = Signal()

    def __init__(
        self, theme: Theme, book: AnimaticBook, player: Player, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._player: Final = player
        self._aspect = (16.0, 9.0)
        self._margin = _MARGIN
        self.pictures: Final = FramePictures(self)
        #: What was painted last, and goes on to be shown while the next picture is not there yet.
        self._before: tuple[Shot, QImage | Playing] | None = None
        self._cut: Cut | None = None
        self._caption: Caption | None = None
        self._captions: tuple[Cut, tuple[Caption, ...]] | None = None
        self._temp_words: frozenset[ShotId] = frozenset()
        self._settling: Final = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLES_MS)
        self.setObjectName("animatic_viewer")
        self.setAccessibleName("Animatic")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 135)
        # Every pixel is painted here: Qt need not clear the ground first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._settling.timeout.connect(self.ask)
        self.pictures.came.connect(self._picture_came)
        player.frame_changed.connect(self._frame_changed)
        player.state_changed.connect(self.ask)
        theme.changed.connect(self.update)

    # properties

    @property
    def caption(self) -> str:
        """The words of the caption that is on, or ""."""
        return self._caption.text if self._caption is not None else ""

    @property
    def slate(self) -> tuple[str, ...]:
        """The words of the slate that is on."""
        cut = self._player.cut
        return self._slate(self._shown()[0]) if cut is not None else ()

    @property
    def blank(self) -> Playing | None:
        """What a labelled blank that is on says; None: a picture is on, or none yet."""
        cut = self._player.cut
        content = self._shown()[1] if cut is not None else None
        return content if isinstance(content, str) else None

    @property
    def wears_drawn_band(self) -> bool:
        """Whether the words that are on are temp, and the picture is not and brings no band."""
        cut = self._player.cut
        return (
            self._caption is not None
            and cut is not None
            and cut.shot.id in self._temp_words
            and not is_temp(self._book.playing(self._shown()[0]))
        )

    @property
    def is_ready(self) -> bool:
        """Whether the shot that is due is what is shown, and not the one before it."""
        cut = self._player.cut
        return cut is None or self._content(cut) is not None

    # methods

    def open(self, aspect: str) -> None:
        """Another project or range: nothing that was shown before is shown again."""
        across, _, down = aspect.partition(":")
        self._aspect = (float(across), float(down))
        self._before = None
        self.pictures.clear()
        self.refresh()

    def set_temp_words(self, shots: Collection[ShotId]) -> None:
        """Shots whose dialogue holds temp words of the script: a frame with them as its caption is temp."""
        self._temp_words = frozenset(shots)
        self.update()

    def set_margin(self, on: bool) -> None:
        """Room round the frame; none where the screen is all frame."""
        self._margin = _MARGIN if on else 0.0
        self.update()

    def refresh(self) -> None:
        """Shots, panels or captions are others now."""
        self._captions = None
        self._cut = self._player.cut
        self._caption = self._caption_now()
        self._describe()
        self.ask()
        self.update()

    def ask(self) -> None:
        """Say which pictures are needed from here on."""
        cuts = self._player.timeline.cuts
        box = self._box()
        if not cuts or box.isEmpty():
            self.pictures.want(())
            return
        here = self._player.timeline.at(self._player.frame)
        most = min(AHEAD + 2, self.pictures.room(box.width(), box.height()) - 1)
        wanted: list[Wanted] = []
        for place in self._places(here):
            one = self._wanted(cuts[place].shot, box)
            if one is not None and one not in wanted:
                wanted.append(one)
            if len(wanted) >= most:
                break
        self.pictures.want(wanted)

    # slots

    def _frame_changed(self) -> None:
        cut = self._player.cut
        caption = self._caption_now()
        if cut is not self._cut:
            self._cut = cut
            self._describe()
            self.ask()
            self.update()
        elif caption != self._caption:
            self.update()
        else:
            # Within a shot the timecode alone is another.
            self.update(self._slate_box())
        self._caption = caption

    def _picture_came(self, file: object) -> None:
        cut = self._player.cut
        if cut is not None and self._book.picture(cut.shot) == file:
            self._describe()
            self.update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().isEmpty() or not self.pictures.bytes:
            self.ask()
        else:
            self._settling.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What was asked for before it had its place had another size.
        self.ask()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pressed_twice.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._player.cut is None:
            self._paint_none(painter)
            return
        ratio = self.devicePixelRatioF()
        box = self._box()
        shot, content = self._shown()
        layout = self._layout(box, shot if isinstance(content, QImage) else None)
        # From here on everything is in pixels of the frame, as in an export.
        painter.scale(1 / ratio, 1 / ratio)
        if not self._slate_box().contains(event.rect()):
            self._paint_ground(painter, box, ratio)
            painter.translate(box.topLeft())
            self._paint_content(painter, layout, shot, content)
            if self.wears_drawn_band:
                burning.draw_band(painter, self._theme, layout)
            if self._caption is not None:
                foot = self._band_top(layout, shot, content)
                burning.draw_caption(painter, self._theme, layout, self._caption.text, foot)
        else:
            painter.translate(box.topLeft())
        burning.draw_slate(painter, self._theme, layout, self._slate(shot))

    # internals

    def _paint_ground(self, painter: QPainter, box: QRect, ratio: float) -> None:
        """The room round the frame, and not under it."""
        # A screen that is all frame is dark in either theme.
        win = self._theme.colour("win") if self._margin else burning.GROUND
        width, height = round(self.width() * ratio) + 1, round(self.height() * ratio) + 1
        painter.fillRect(0, 0, width, box.top(), win)
        painter.fillRect(0, box.bottom() + 1, width, height - box.bottom(), win)
        painter.fillRect(0, box.top(), box.left(), box.height(), win)
        painter.fillRect(box.right() + 1, box.top(), width - box.right(), box.height(), win)

    def _paint_content(
        self, painter: QPainter, layout: FrameLayout, shot: Shot, content: QImage | Playing | None
    ) -> None:
        if not isinstance(content, QImage):
            burning.draw_blank(painter, self._theme, layout, shot.number, content)
            return
        inner = layout.picture
        if (inner.width, inner.height) != (layout.width, layout.height):
            painter.fillRect(0, 0, layout.width, layout.height, burning.GROUND)
        painter.drawImage(QRect(inner.x, inner.y, inner.width, inner.height), content)

    def _band_top(self, layout: FrameLayout, shot: Shot, content: QImage | Playing | None) -> int | None:
        """The first row of the band, where the frame has one."""
        if self.wears_drawn_band:
            return burning.drawn_band_top(layout)
        media = media_of(shot)
        if isinstance(content, QImage) and media is not None and shot.panel.state == "temp":
            return burning.worn_band_top(layout, media.width, media.height)
        return None

    def _paint_none(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.colour("win"))
        middle = self.height() / 2
        for words, role, token, top in (
            ("No panels in this range", "sheetTitle", "text", middle - 22),
            ("Choose other scenes, or add shots on the Board.", "body", "text3", middle + 4),
        ):
            font = self._theme.font(role)
            left = (self.width() - paint.text_width(font, words)) / 2
            paint.draw_text(
                painter, QRectF(left, top, self.width(), 20), font, self._theme.colour(token), words
            )

    def _shown(self) -> tuple[Shot, QImage | Playing | None]:
        """The shot that can be shown now and what of it; the one before while its picture is not there."""
        cut = self._player.cut
        assert cut is not None
        content = self._content(cut)
        if content is not None:
            self._before = cut.shot, content
            return self._before
        return self._before or (cut.shot, None)

    def _content(self, cut: Cut) -> QImage | Playing | None:
        """A shot's picture, or what its blank says; None where the picture is not decoded yet."""
        shows = self._book.playing(cut.shot)
        if shows in ("undecided", "empty", "missing"):
            return shows
        file = self._book.picture(cut.shot)
        found = self.pictures.picture(file) if file is not None else None
        if file is None or isinstance(found, NoPicture):
            return "missing"
        return found

    def _wanted(self, shot: Shot, box: QRect) -> Wanted | None:
        """The picture that a shot needs decoded, if it has one."""
        if self._book.playing(shot) in ("undecided", "empty", "missing"):
            return None
        file = self._book.picture(shot)
        inner = self._layout(box, shot).picture
        return Wanted(file, max(1, inner.width), max(1, inner.height)) if file is not None else None

    def _places(self, here: int) -> list[int]:
        """The shot that is on, those that come next, and the one before, by how soon they are needed."""
        count = len(self._player.timeline.cuts)
        if self._player.loop == "shot" and self._player.is_playing:
            return [here]
        way = -1 if self._player.speed < 0 else 1
        ahead = [here + way * step for step in range(1, AHEAD + 1)]
        if self._player.loop == "range":
            places = [here, *(place % count for place in ahead), (here - way) % count]
        else:
            places = [place for place in (here, *ahead, here - way) if 0 <= place < count]
        return list(dict.fromkeys(places))

    def _layout(self, box: QRect, shot: Shot | None) -> FrameLayout:
        media = media_of(shot) if shot is not None else None
        return frame_layout(
            max(1, box.width()), max(1, box.height()), (media.width, media.height) if media else None
        )

    def _slate(self, shot: Shot) -> tuple[str, ...]:
        return slate_words(self._book.title, shot, self._player.frame, self._player.timeline.rate)

    def _box(self) -> QRect:
        """The frame in device pixels: as large as fits, in the middle."""
        ratio = self.devicePixelRatioF()
        margin = round(self.height() * self._margin)
        across, down = self._aspect
        scale = min((self.width() - 2 * margin) / across, (self.height() - 2 * margin) / down) * ratio
        width, height = max(0, round(across * scale)), max(0, round(down * scale))
        left, top = round((self.width() * ratio - width) / 2), round((self.height() * ratio - height) / 2)
        return QRect(left, top, width, height)

    def _slate_box(self) -> QRect:
        """The slate's strip in the widget's own measures, grown to whole ones."""
        ratio, box = self.devicePixelRatioF(), self._box()
        strip = self._layout(box, None).slate
        inside = QRectF(box.left() / ratio, box.top() / ratio, strip.width / ratio, strip.height / ratio)
        return inside.toAlignedRect()

    def _caption_now(self) -> Caption | None:
        cut, frame = self._player.cut, self._player.frame
        if cut is None or not self._book.animatic.captions:
            return None
        if self._captions is None or self._captions[0] is not cut:
            self._captions = cut, captions_of(cut, self._player.timeline.rate)
        return next((one for one in self._captions[1] if one.start <= frame < one.end), None)

    def _describe(self) -> None:
        """What is on, in words, for who does not see it."""
        if self._cut is None:
            self.setAccessibleDescription("No panels in this range")
            return
        shows = self._book.playing(self._cut.shot)
        self.setAccessibleDescription(f"Shot {self._cut.shot.number}, {shows}")
