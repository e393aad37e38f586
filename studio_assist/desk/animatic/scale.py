"""Where a frame stands on the screen: zoom and scroll of the timeline."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist.domain.timebase import SAMPLE_RATE, FrameRate

#: Before the first frame and after the last, px.
PAD_PX: Final = 4
END_PX: Final = 26
#: A step of the zoom.
STEP: Final = 1.25
_MOST_PX: Final = 48.0
#: A timeline that would be narrower than this a second is first shown at a second's usual width.
_NARROW_PX: Final = 10.0
_USUAL_PX: Final = 36.0


class Scale(QObject):
    """Frames to px and back.

    Signals:
        changed: everything stands elsewhere.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._px = 1.0
        self._px_a_sample = 1.0
        self._offset = 0.0
        self._whole = 0
        self._width = 1
        self._total = 0
        self._rate = FrameRate(num=24)
        self._fitted = True
        #: Nobody has zoomed: the width that can be read follows the window's.
        self._untouched = True

    # properties

    @property
    def px(self) -> float:
        """Px a frame."""
        return self._px

    @property
    def px_a_sample(self) -> float:
        return self._px_a_sample

    @property
    def offset(self) -> int:
        """Px that are scrolled away on the left; whole ones, so that lines stay sharp while it scrolls."""
        return self._whole

    @property
    def most_offset(self) -> float:
        """As far as it scrolls."""
        return max(0.0, PAD_PX + self._total * self._px + END_PX - self._width)

    @property
    def width(self) -> int:
        """What is in sight, px."""
        return self._width

    @property
    def is_fitted(self) -> bool:
        """Whether all of it is in sight, and stays so."""
        return self._fitted

    # methods

    def x(self, frame: float) -> float:
        """Where a frame begins."""
        return PAD_PX + frame * self._px - self._whole

    def x_of_sample(self, sample: float) -> float:
        return PAD_PX + sample * self._px_a_sample - self._whole

    def frame(self, x: float) -> float:
        """What is at a place, in frames and parts of them."""
        return (x - PAD_PX + self._whole) / self._px

    def sample(self, x: float) -> float:
        return (x - PAD_PX + self._whole) / self._px_a_sample

    def set_content(self, total: int, rate: FrameRate, *, first: bool = False) -> None:
        """How many frames there are. `first`: it is shown for the first time, at a width that can be read."""
        self._total, self._rate = total, rate
        if first:
            self._untouched, self._offset = True, 0.0
        self._settle()

    def set_width(self, width: int) -> None:
        self._width = max(1, width)
        self._settle()

    def fit(self) -> None:
        """All of it in sight."""
        self._fitted, self._untouched = True, False
        self._settle()

    def zoom(self, factor: float, around: float) -> None:
        """Closer or further; what stands at `around` stays there."""
        held = (around - PAD_PX + self._offset) / self._px
        fit = self._fit_px()
        wanted = min(_MOST_PX, self._px * factor)
        self._fitted, self._untouched = wanted <= fit, False
        self._px = max(fit, wanted)
        self._offset = PAD_PX + held * self._px - around
        self._settle()

    def scroll_to(self, offset: float) -> None:
        """Have this many px scrolled away on the left."""
        self._offset = offset
        self._settle()

    def show_frame(self, frame: int, *, share: float = 0.1) -> None:
        """Scroll until a frame is in sight; one that is not comes to this share of the width."""
        x = self.x(frame)
        if not 0 <= x < self._width - 1:
            self.scroll_to(PAD_PX + frame * self._px - share * self._width)

    # internals

    def _fit_px(self) -> float:
        room = max(1, self._width - PAD_PX - END_PX)
        # A timeline of next to nothing is not blown up to fill the window.
        return min(_MOST_PX, room / max(1, self._total, self._rate.nominal))

    def _settle(self) -> None:
        if self._untouched:
            fps = float(self._rate.fps)
            self._fitted = self._fit_px() * fps >= _NARROW_PX
            self._px = _USUAL_PX / fps
        if self._fitted:
            self._px, self._offset = self._fit_px(), 0.0
        self._px = max(self._px, self._fit_px()) if self._total else self._px
        self._offset = min(max(0.0, self._offset), self.most_offset)
        # Painting asks for these some thousand times a frame.
        self._whole = round(self._offset)
        self._px_a_sample = self._px * float(self._rate.fps) / SAMPLE_RATE
        self.changed.emit()
