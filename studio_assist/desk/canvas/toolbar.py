"""Above the page: back to the Board, what is drawn on, onion skin, zoom, and the way out to an editor."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu

from studio_assist.desk.canvas.controls import SliderRow
from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.canvas.saver import SaveState
from studio_assist.desk.kit import Button, Combo, Dropdown, ElidedLabel, Label, Panel
from studio_assist.desk.theme import Theme

#: What the zoom can be set to; "Fit" follows the window.
ZOOMS: Final = ("Fit", "25 %", "50 %", "100 %", "200 %", "400 %", "800 %")
_STATES: Final[dict[SaveState, tuple[str, str]]] = {
    "saved": ("", ""),
    "unsaved": ("•", "There are strokes that the file does not hold yet"),
    "saving": ("• Saving", "The drawing is being saved"),
    "failed": ("• Not saved", "The drawing could not be saved; it is tried again by itself"),
}


class CanvasBar(Panel):
    """The toolbar.

    Signals:
        back: to the Board.
        zoom_wanted: percent, or 0 for the whole page.
        onion_changed: (how many back, how many ahead, opacity).
        editor_wanted: "ora" or "psd".
    """

    back = Signal()
    zoom_wanted = Signal(float)
    onion_changed = Signal(int, int, float)
    editor_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", "b")
        self._theme: Final = theme
        self._back_n, self._ahead_n, self._opacity = 1, 1, 0.14
        self.setFixedHeight(40)
        self.setAccessibleName("Canvas toolbar")
        self._back: Final = Button(theme, "Board", icon="chevron-left", kind="ghost", height_px=26)
        self._back.setObjectName("back_to_board")
        self._back.setToolTip("Back to the Board (Esc)")
        self._back.clicked.connect(self.back)
        self._number: Final = Label(theme, "", "strong", "text")
        self._title: Final = ElidedLabel(theme, "", "body", "text2")
        self._size: Final = ElidedLabel(theme, "", "caption", "text3")
        self._state: Final = Label(theme, "", "caption", "text3")
        self._state.setObjectName("save_state")
        self._onion: Final = Button(theme, "", icon="onion", kind="ghost", height_px=26, role="caption")
        self._onion.setObjectName("onion_settings")
        self._onion.setToolTip("How many neighbours shine through (O turns them on and off)")
        self._onion.clicked.connect(self._show_onion)
        self._zoom: Final = Combo(theme, "Zoom", width_px=74)
        self._zoom.setObjectName("zoom")
        self._zoom.setToolTip("Zoom (Ctrl+wheel; Ctrl+0 shows it all, Ctrl+1 is 100 %)")
        self._zoom.addItems(ZOOMS)
        self._zoom.activated.connect(self._zoomed)
        self._editor: Final = Button(theme, "Open in Krita", icon="open-out", height_px=26, role="caption")
        self._editor.setObjectName("open_in_editor")
        self._editor.clicked.connect(self._show_editor)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(self._back)
        row.addSpacing(2)
        row.addWidget(self._number)
        row.addWidget(self._title, 2)
        row.addWidget(self._size, 3)
        row.addWidget(self._state)
        row.addStretch(0)
        row.addWidget(self._onion)
        row.addWidget(self._zoom)
        row.addWidget(self._editor)
        self._onion_on = False
        self.set_onion(1, 1)

    # methods

    def show_job(self, job: CanvasJob, width: int, height: int) -> None:
        """Show what is drawn on."""
        self._number.set_text(job.number)
        self._title.set_text(job.title)
        lens = " ".join(one for one in (job.size, job.lens) if one)
        self._size.set_text(" · ".join(one for one in (lens, f"{width} × {height}") if one))
        self._editor.set_text(f"Open in {job.editor}" if job.editor else "Open in an editor")
        self._editor.setEnabled(not job.read_only)
        self._editor.setToolTip(
            job.read_only or "Draw on in another program; what it saves comes back, the underlay told apart"
        )
        for label in (self._title, self._size):
            label.setMaximumWidth(label.sizeHint().width() + 2)

    def show_zoom(self, percent: float) -> None:
        """Show the zoom that is on."""
        self._zoom.setItemText(0, f"{round(percent)} %")
        self._zoom.setCurrentIndex(0)

    def show_state(self, state: SaveState) -> None:
        """The autosave's dot, with its words."""
        text, tip = _STATES[state]
        self._state.set_text(text)
        self._state.setToolTip(tip)
        self._state.set_token("text" if state == "failed" else "text3")

    def set_onion(self, back: int, ahead: int) -> None:
        """How many neighbours shine through, without telling."""
        self._back_n, self._ahead_n = back, ahead
        self._say_onion()

    def show_onion(self, on: bool) -> None:
        """Whether they do."""
        self._onion_on = on
        self._say_onion()

    # slots

    def _say_onion(self) -> None:
        words = f"{self._back_n} back, {self._ahead_n} ahead" if self._onion_on else "off"
        self._onion.set_text(f"Onion: {words}")

    def _zoomed(self, at: int) -> None:
        text = self._zoom.itemText(at)
        # The first entry shows the zoom that is on; to choose it fits the page.
        self.zoom_wanted.emit(0.0 if at == 0 else float(text.split()[0]))

    def _show_onion(self) -> None:
        popover = Dropdown(self._theme, self.window(), name="Onion skin")
        for word, value in (("Back", self._back_n), ("Ahead", self._ahead_n)):
            row = QHBoxLayout()
            combo = Combo(self._theme, word, width_px=70)
            combo.setObjectName(f"onion_{word.lower()}")
            combo.addItems(["None", "1", "2", "3"])
            combo.setCurrentIndex(value)
            combo.activated.connect(lambda at, one=word: self._onion_set(one, at))
            row.addWidget(Label(self._theme, word, "caption", "text2"))
            row.addStretch(0)
            row.addWidget(combo)
            popover.body.addLayout(row)
        opacity = SliderRow(self._theme, "Opacity", "%", 5, 80, label_px=52)
        opacity.setFixedWidth(210)
        opacity.set(self._opacity * 100)
        opacity.moved.connect(self._onion_opacity)
        popover.body.addWidget(opacity)
        popover.closed.connect(popover.deleteLater)
        anchor = QRect(self._onion.mapTo(self.window(), QPoint(0, 0)), self._onion.size())
        popover.drop(anchor)
        popover.show_at(anchor)
        opacity.slider.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show_editor(self) -> None:
        menu = QMenu(self)
        menu.addAction("OpenRaster (.ora), layers told apart", lambda: self.editor_wanted.emit("ora"))
        menu.addAction("Photoshop (.psd)", lambda: self.editor_wanted.emit("psd"))
        menu.popup(self._editor.mapToGlobal(QPoint(0, 28)))
        menu.aboutToHide.connect(menu.deleteLater)

    # internals

    def _onion_set(self, word: str, count: int) -> None:
        back, ahead = (count, self._ahead_n) if word == "Back" else (self._back_n, count)
        self.set_onion(back, ahead)
        self.onion_changed.emit(back, ahead, self._opacity)

    def _onion_opacity(self, value: float) -> None:
        self._opacity = value / 100
        self.onion_changed.emit(self._back_n, self._ahead_n, self._opacity)
