"""Above the frame: the way back, what is played, how much of it is temp, volume, full screen and export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy

from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.range_picker import rate_words
from studio_assist.desk.canvas.controls import SliderRow
from studio_assist.desk.kit import Button, Dropdown, IconButton, Label, Panel, Swatch
from studio_assist.desk.theme import Theme
from studio_assist.domain.timeline import Playing

#: So many scenes are named one by one where they do not follow each other.
_NAMED: Final = 4
#: To this width the words of a button may be cut short.
_LEAST_PX: Final = 96
#: Narrower than this, the size of the frame is not said.
_ROOMY_PX: Final = 1240
#: The width of a whole frame, as an export has it unless told otherwise.
_WIDTH_PX: Final = 1920


class AnimaticTopBar(Panel):
    """The page's head.

    Signals:
        back: to the Board.
        full_screen_wanted, export_wanted: a button was pressed.
        volume_changed: 0 to 100, as a person moves it.
        mute_wanted: silence, or sound again.
        scenes_wanted, rate_wanted: what says so was pressed: other scenes, another frame rate.
    """

    back = Signal()
    full_screen_wanted = Signal()
    export_wanted = Signal()
    volume_changed = Signal(int)
    mute_wanted = Signal()
    scenes_wanted = Signal()
    rate_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "b")
        self._theme: Final = theme
        self._volume, self._muted, self._has_device = 100, False, True
        self.setObjectName("animatic_top_bar")
        self.setAccessibleName("Animatic, head")
        self.setFixedHeight(48)
        self._back: Final = IconButton(theme, "chevron-left", "Back to the Board (Esc)")
        self._back.setObjectName("back_to_board")
        self.scenes: Final = _Words(theme)
        self.scenes.setObjectName("animatic_range")
        self._swatch: Final = Swatch(theme, "amber", 9, 9)
        self._debt: Final = Label(theme, "", "control", "amberText")
        self._debt.setObjectName("animatic_debt")
        self.rate: Final = _Words(theme)
        self.rate.setObjectName("animatic_rate")
        self._form: Final = Label(theme, "", "body", "text3")
        self._form.setObjectName("animatic_form")
        self._sound: Final = IconButton(theme, "volume", "Volume (M mutes)")
        self._sound.setObjectName("animatic_volume")
        self._full: Final = IconButton(theme, "full-screen", "Full screen (F)")
        self._full.setObjectName("animatic_full_screen")
        self.export: Final = Button(
            theme, "Export", icon="export", kind="primary", chevron=True, name="Export (Ctrl+E)"
        )
        self.export.setObjectName("animatic_export")
        self.export.setToolTip("Boards, film, timeline or shot list (Ctrl+E)")
        self._lay_out(theme)
        self._back.clicked.connect(self.back)
        self._full.clicked.connect(self.full_screen_wanted)
        self.export.clicked.connect(self.export_wanted)
        self._sound.clicked.connect(self._show_volume)
        self.scenes.clicked.connect(self.scenes_wanted)
        self.rate.clicked.connect(self.rate_wanted)

    # methods

    def show_book(self, book: AnimaticBook, aspect: str) -> None:
        """What is played, and how much of it is temp."""
        cuts = book.timeline.cuts
        scenes = scenes_words([cut.shot.scene for cut in cuts])
        said = f"{book.title}, {scenes}" if scenes else book.title
        self.scenes.set_text(said)
        # In a narrow window the words are cut short.
        self.scenes.setToolTip(f"{said}: choose which scenes are played")
        self.scenes.setEnabled(book.board is not None and bool(book.board.shots))
        shows: list[Playing] = [book.playing(cut.shot) for cut in cuts]
        words, amber = debt_words(
            len(cuts),
            sum(book.holds_temp(cut.shot) for cut in cuts),
            shows.count("undecided"),
            len(book.animatic.temp_sounds),
        )
        self._debt.set_text(words)
        self._debt.set_token("amberText" if amber else "text2")
        self._swatch.setVisible(amber)
        self.rate.set_text(rate_words(book.rate))
        self.rate.setEnabled(not book.read_only)
        self.rate.setToolTip(
            book.read_only or "Frame rate of the project. Shots last as long as before, to the nearest frame."
        )
        self._form.set_text(f"· {_size(aspect)}")

    def show_volume(self, volume: int, *, muted: bool, has_device: bool) -> None:
        """How loud it is; `has_device`: there is something to be heard by."""
        self._volume, self._muted, self._has_device = volume, muted, has_device
        silent = muted or not volume or not has_device
        words = (
            "No sound device: pictures play without sound"
            if not has_device
            else "Muted (M: sound again)"
            if muted
            else f"Volume {volume} % (M mutes)"
        )
        self._sound.set_icon("volume-off" if silent else "volume", words)

    # slots

    def _show_volume(self) -> None:
        popover = Dropdown(self._theme, self.window(), name="Volume")
        if not self._has_device:
            words = "There is no sound device. Pictures play without sound."
            popover.body.addWidget(Label(self._theme, words, "caption", "text2"))
        else:
            row = SliderRow(self._theme, "Volume", "%", 0, 100, label_px=52)
            row.setFixedWidth(230)
            row.set(self._volume)
            row.moved.connect(lambda value: self.volume_changed.emit(round(value)))
            popover.body.addWidget(row)
            mute = Button(
                self._theme, "Sound again" if self._muted else "Mute", key="M", height_px=26, role="caption"
            )
            mute.setObjectName("animatic_mute")
            mute.clicked.connect(self.mute_wanted)
            mute.clicked.connect(popover.dismiss)
            popover.body.addWidget(mute, 0, Qt.AlignmentFlag.AlignLeft)
        popover.closed.connect(popover.deleteLater)
        anchor = QRect(self._sound.mapTo(self.window(), QPoint(0, 0)), self._sound.size())
        popover.drop(anchor)
        popover.show_at(anchor)
        for slider in popover.findChildren(SliderRow):
            slider.slider.setFocus(Qt.FocusReason.PopupFocusReason)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Which scenes are played matters more than how many px they have.
        self._form.setVisible(self.width() >= _ROOMY_PX)

    # internals

    def _lay_out(self, theme: Theme) -> None:
        left, middle, right = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._back)
        left.addSpacing(4)
        left.addWidget(Label(theme, "Animatic", "strong", "text"))
        left.addWidget(self.scenes, 1)
        left.addStretch(0)
        middle.setSpacing(6)
        for widget in (self._swatch, self._debt, self.rate, self._form):
            middle.addWidget(widget)
        right.setSpacing(8)
        right.addStretch(1)
        for widget in (self._sound, self._full, self.export):
            right.addWidget(widget)
        # What is temp stands in the middle, whatever the project is called.
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 12, 1)
        grid.setHorizontalSpacing(16)
        for column, (row, stretch) in enumerate(((left, 1), (middle, 0), (right, 1))):
            grid.addLayout(row, 0, column)
            grid.setColumnStretch(column, stretch)


class _Words(Button):
    """Words that open a menu. Where there is little room they are cut short."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, kind="ghost", height_px=26, chevron=True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_PX, self.sizeHint().width()), self.sizeHint().height())


def scenes_words(scenes: Sequence[str]) -> str:
    """Which scenes these are: "scene 14", "scenes 14 to 17", "scenes 3, 9"."""
    names = list(dict.fromkeys(scenes))
    if len(names) < 2:
        return f"scene {names[0]}" if names else ""
    numbers = [int(name) if name.isdecimal() else None for name in names]
    first = numbers[0]
    follow = first is not None and numbers == list(range(first, first + len(names)))
    if (follow and len(names) > 2) or len(names) > _NAMED:
        return f"scenes {names[0]} to {names[-1]}"
    return f"scenes {', '.join(names)}"


def debt_words(shots: int, temp: int, undecided: int, sounds: int) -> tuple[str, bool]:
    """What of it is temp, in words; and whether anything is."""
    if not shots:
        return "", False
    parts = [f"{temp:,} of {shots:,} {'shot' if shots == 1 else 'shots'} temp"] if temp else []
    if undecided:
        parts.append(f"{undecided:,} undecided")
    if sounds:
        parts.append(f"{sounds:,} temp {'sound' if sounds == 1 else 'sounds'}")
    if parts:
        return ", ".join(parts), True
    return f"{shots:,} {'shot' if shots == 1 else 'shots'}, none temp", False


def _size(aspect: str) -> str:
    across, _, down = aspect.partition(":")
    return f"{_WIDTH_PX} × {2 * round(_WIDTH_PX * float(down) / float(across) / 2)}"
