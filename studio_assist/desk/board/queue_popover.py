"""The queue as a small card: what runs and what waits, with the ways to stop it or change its order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.board.queue_book import QueueBook
from studio_assist.desk.board.states import queued_text, share_of, wait_text, working_text
from studio_assist.desk.kit import Button, Dropdown, ElidedLabel, IconButton, Label, ProgressBar
from studio_assist.desk.theme import Theme
from studio_assist.domain.staging import PREVIS_NAME

_WIDTH_PX: Final = 380
#: More rows than this say only how many more there are.
_MOST_ROWS: Final = 40

#: The built-in drawer's id.
_PREVIS: Final = "previs"


class QueuePopover(Dropdown):
    """Shows the queue as it is now. Esc or a press elsewhere closes it."""

    def __init__(self, theme: Theme, window: QWidget, queue: QueueBook) -> None:
        super().__init__(theme, window, name="Queue")
        self._queue: Final = queue
        self._title: Final = Label(theme, "", "strong")
        self._title.setObjectName("queue_title")
        self._pause: Final = Button(theme, "Pause", kind="ghost", height_px=26)
        self._pause.setObjectName("queue_pause")
        self._all: Final = Button(theme, "Cancel all of mine", kind="ghost", height_px=26)
        self._all.setObjectName("queue_cancel_mine")
        self._pause.clicked.connect(lambda: queue.pause(not queue.paused))
        self._all.clicked.connect(lambda: queue.cancel())
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._pause)
        head.addWidget(self._all)
        self._rows: Final = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        inside = QWidget()
        inside.setLayout(self._rows)
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(inside)
        # The area gives its widget a ground of its own.
        inside.setAutoFillBackground(False)
        self.body.addLayout(head)
        self.body.addWidget(self._area)
        self.setObjectName("queue_popover")
        self.setFixedWidth(_WIDTH_PX)
        self._shown: tuple[object, ...] = ()
        queue.changed.connect(self.refresh)
        self.refresh()

    # methods

    def open_at(self, anchor: QRect) -> None:
        """Show it beside `anchor`, in its window's coordinates, with the keyboard in it."""
        self.refresh()
        self.drop(anchor)
        self.show_at(anchor)
        self._pause.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def refresh(self) -> None:
        """Show the queue as it is now."""
        queue = self._queue
        paused = ", paused" if queue.paused else ""
        count = queue.total
        noun = "picture job" if count == 1 else "picture jobs"
        self._title.set_text(f"{count:,} {noun}{paused}" if count else "Nothing is being drawn")
        self._pause.set_text("Go on" if queue.paused else "Pause")
        self._pause.setEnabled(bool(count) or queue.paused)
        self._all.setEnabled(queue.mine > 0)
        self._all.setToolTip("" if queue.mine else "None of these jobs is yours")
        shown = (queue.items[:_MOST_ROWS], count)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for one in queue.items[:_MOST_ROWS]:
            self._rows.addWidget(self._row(one))
        rest = count - min(len(queue.items), _MOST_ROWS)
        if rest > 0:
            self._rows.addWidget(Label(self._theme, f"{rest:,} more wait behind these", "caption", "text3"))
        self._rows.addStretch(1)
        self._area.setVisible(bool(queue.items))
        self._area.setFixedHeight(min(320, 36 * max(1, min(len(queue.items), _MOST_ROWS)) + 6 * bool(rest)))
        if self.isVisible():
            self.body.activate()
            self.adjustSize()

    # internals

    def _row(self, item: protocol.QueueItem) -> QWidget:
        theme, live = self._theme, item.live
        row = QWidget()
        row.setFixedHeight(34)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(theme, f"{item.label} · {_drawer(item.drawer)}", "captionMedium"))
        running = live.state == "generating"
        wait = wait_text(live.wait_s)
        said = working_text(live) if running else f"{queued_text(live)}{', ' if wait else ''}{wait}"
        words.addWidget(ElidedLabel(theme, f"{said} · {item.person_name}", "meta", "text3"))
        line.addLayout(words, 1)
        if running:
            bar = ProgressBar(theme, width_px=64)
            bar.set_share(share_of(live))
            line.addWidget(bar)
        else:
            first = IconButton(theme, "chevron-up", f"Move {item.label} first")
            first.setObjectName("queue_first")
            first.setEnabled(live.place > 1)
            first.setToolTip(first.toolTip() if live.place > 1 else "It is first already")
            first.clicked.connect(lambda: self._queue.first(item.request))
            line.addWidget(first)
        cancel = IconButton(theme, "cross", f"Cancel {item.label}")
        cancel.setObjectName("queue_cancel_one")
        cancel.clicked.connect(lambda: self._queue.cancel((item.request,)))
        line.addWidget(cancel)
        return row


def _drawer(drawer: str) -> str:
    """The built-in drawer by its name; a host's id is its name already."""
    return PREVIS_NAME if drawer == _PREVIS else drawer
