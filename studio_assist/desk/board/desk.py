"""The Board desk: shots, panels and the inspector, side by side, over one board."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.centre import Centre
from studio_assist.desk.board.doing import Doing
from studio_assist.desk.board.inspector import Inspector
from studio_assist.desk.board.menus import BoardMenus
from studio_assist.desk.board.proposals import ProposalsSheet
from studio_assist.desk.board.queue_popover import QueuePopover
from studio_assist.desk.board.renaming import RenamePopover
from studio_assist.desk.board.shot_tree import ShotTree
from studio_assist.desk.board.toast import Toast
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.record.work import Work
from studio_assist.desk.shell.splitter import DeskSplitter
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.storyboard import ShotId
from studio_assist.interchange.fountain import parse

LEFT_PX: Final = 232
RIGHT_PX: Final = 340
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
#: What the inspector's picture does by key: variants, the decision, drawing over.
_INSPECTORS: Final = frozenset(
    {
        Qt.Key.Key_1,
        Qt.Key.Key_2,
        Qt.Key.Key_3,
        Qt.Key.Key_4,
        Qt.Key.Key_5,
        Qt.Key.Key_6,
        Qt.Key.Key_7,
        Qt.Key.Key_8,
        Qt.Key.Key_0,
        Qt.Key.Key_A,
        Qt.Key.Key_E,
        Qt.Key.Key_R,
        Qt.Key.Key_D,
    }
)
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
_DECIDED: Final = {"temp": "Accepted as temp", "drawn": "Drawn by a person", "empty": "Decided"}


class BoardDesk(QWidget):
    """Everything of the Board desk that is not a widget of its own: what goes from one to the others.

    Signals:
        error: a `StudioError` for the window to show.
        notice: a sentence for the window to show for a while.
        undoable: a sentence, and what takes it back: to be shown with an Undo.
        debt_changed: how many boards hold accepted temp material.
        working: a `shell.QueueItem` for the status bar; None when nothing is being drawn.
        open_canvas: a shot's id and a variant's candidate id or "".
        play_wanted: the shot from which the animatic is to play.
        clearance_wanted: a shot, and the rule that blocked its request.
    """

    error = Signal(object)
    notice = Signal(str)
    undoable = Signal(str, object)
    debt_changed = Signal(int)
    working = Signal(object)
    open_canvas = Signal(str, str)
    play_wanted = Signal(str)
    clearance_wanted = Signal(str, str)

    def __init__(
        self, theme: Theme, client: BrokerClient, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._debt = -1
        self._script: Screenplay | None = None
        self._reading = 0
        self.setObjectName("board_desk")
        self.book: Final = BoardBook(client, self)
        self.doing: Final = Doing(self.book, self)
        self.tree: Final = ShotTree(theme, self.book)
        self.centre: Final = Centre(theme, self.book, layout)
        self.grid: Final = self.centre.grid
        self.inspector: Final = Inspector(theme, self.book)
        self.menus: Final = BoardMenus(theme, self.doing, self)
        self._queue: QueuePopover | None = None
        self._splitter: Final = DeskSplitter(
            layout,
            "board",
            self.tree,
            self.centre,
            self.inspector,
            left_px=LEFT_PX,
            right_px=RIGHT_PX,
            parent=self,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
        self.toast: Final = Toast(theme, self.centre)
        self._connect()

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks, left to right."""
        return [self.tree, self.centre, self.inspector]

    @property
    def debt(self) -> int:
        """How many boards hold accepted temp material."""
        return self.book.tally.all.temp

    # methods

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """Show a project's board."""
        self.set_media_folder(Path(state.path) / "media")
        self.book.load(state, person)
        self.set_script(state.script)

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again: what it has is what counts."""
        self.book.rejoin(state)
        self._may()

    def close_project(self) -> None:
        """No project is open any more."""
        self.book.close()
        self.toast.dismiss()
        self.set_media_folder(None)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        if isinstance(event, protocol.BoardChanged):
            # A picture that was missing may be there now.
            self.grid.thumbnails.forget_missing()
        self.book.take(event)
        if isinstance(event, protocol.EditorChanged):
            self._tell_editor(event)

    def set_person(self, person: Person) -> None:
        self.book.set_person(person)

    def set_media_folder(self, media: Path | None) -> None:
        """Where the project's pictures are."""
        self.grid.thumbnails.set_folder(media)

    def set_script(self, script: Screenplay | str) -> None:
        """The script as it stands, read or as text: slug lines, and what shots are proposed from."""
        self._reading += 1
        if isinstance(script, str):
            which = self._reading
            read = partial(_read, script)
            Work(read, self, partial(self._script_read, which), self.error.emit).start()
        else:
            self._take_script(script)

    def next_temp(self) -> None:
        """Go to the next panel that holds temp material or waits for a decision (F8)."""
        book = self.book
        shots = book.shots
        start = book.board.place(book.current) + 1 if book.current is not None else 0
        owed = next(
            (
                shot
                for shot in (*shots[start:], *shots[:start])
                if shot.panel.state == "temp" or book.variants(shot.id)
            ),
            None,
        )
        if owed is None:
            self.notice.emit("There is no temp board here.")
            return
        self.go_to(owed.id)

    def go_to(self, shot: ShotId) -> None:
        """Show a shot's panel and choose it; one that is on the board no more is said to be."""
        if shot not in self.book.board:
            self.notice.emit("That shot is not on the board any more.")
            return
        self.centre.reveal(shot)
        self.book.set_selection((shot,), shot)
        self.centre.view_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def undo(self) -> None:
        self.book.undo()

    def redo(self) -> None:
        self.book.redo()

    def select_all(self) -> None:
        """Choose every shot that is shown."""
        self.book.set_selection(self.centre.shown.shown, self.book.current)

    def rename(self) -> None:
        """Name the current shot in a few words (F2)."""
        current = self.book.current
        if current is None or self.book.read_only:
            return
        self.centre.reveal(current)
        box = self._place_of(current)
        popover = RenamePopover(self._theme, self.window(), self.book.shot(current))
        popover.named.connect(lambda title: self.doing.retitle(current, title))
        popover.open_at(box)

    def cancel_running(self) -> None:
        """Stop what is being drawn just now (Ctrl .)."""
        self.book.queue.cancel_running()

    def zoom_in(self) -> None:
        self.grid.zoom_by(1)

    def zoom_out(self) -> None:
        self.grid.zoom_by(-1)

    def zoom_reset(self) -> None:
        self.grid.set_zoom(100)

    def play(self) -> None:
        """Play the animatic from the current panel."""
        if self.book.current is not None:
            self.play_wanted.emit(self.book.current)

    def propose(self, scene: str | None = None) -> None:
        """Show what rules propose for a scene or for the whole script."""
        if self._script is None or self.book.loading:
            self.error.emit(Unavailable("The script is still being read.", remedy="Try again in a moment."))
            return
        sheet = ProposalsSheet(self._theme, self.window(), self.book, self._script, scene)
        sheet.closed.connect(lambda: QTimer.singleShot(0, self, self._regain))
        sheet.open()

    def show_queue(self, anchor: QRect | None = None) -> None:
        """Open the queue's card, beside `anchor` in the window's coordinates."""
        if self._queue is None or self._queue.parent() is not self.window():
            self._queue = QueuePopover(self._theme, self.window(), self.book.queue)
        if anchor is None:
            menu = self.centre.toolbar.menu
            anchor = QRect(menu.mapTo(self.window(), QPoint(0, 0)), menu.size())
        self._queue.open_at(anchor)

    # slots

    def _connect(self) -> None:
        book, doing, grid, tree = self.book, self.doing, self.grid, self.tree
        book.failed.connect(self.error)
        # Its Undo takes back what was done last: once something else was, it is no longer that.
        book.pile_changed.connect(self.toast.dismiss)
        book.canvas_wanted.connect(self.open_canvas)
        book.decided.connect(self._decided)
        book.queue.changed.connect(lambda: self.working.emit(book.queue.shown))
        for signal in (book.reset, book.order_changed, book.changed, book.loaded):
            signal.connect(self._count)
        doing.wanted.connect(self._do)
        doing.removed.connect(self._removed)
        doing.notice.connect(self.notice)
        grid.moved.connect(doing.move_behind)
        grid.pressed_in.connect(self._pressed_in)
        grid.file_dropped.connect(lambda shot, file: book.put_picture(ShotId(shot), file))
        grid.menu_wanted.connect(self.menus.of_shots)
        grid.doubleClicked.connect(lambda _index: self.inspector.open_large())
        self.centre.table.menu_wanted.connect(self.menus.of_shots)
        self.centre.table.doubleClicked.connect(lambda _index: self.inspector.open_large())
        self.centre.toolbar.play.clicked.connect(self.play)
        self.centre.toolbar.menu_wanted.connect(self.menus.of_board)
        self.centre.empty.propose_wanted.connect(self.propose)
        self.centre.empty.new_wanted.connect(doing.new_shot)
        tree.new_wanted.connect(doing.new_shot)
        tree.words_changed.connect(self.centre.show_words)
        tree.list.scene_chosen.connect(self.centre.go_to_scene)
        tree.list.scene_alone.connect(self.centre.show_scene)
        tree.list.menu_wanted.connect(self._tree_menu)
        self.inspector.clearance_wanted.connect(self.clearance_wanted)

    def _script_read(self, which: int, script: Screenplay | None) -> None:
        if which == self._reading and script is not None:
            self._take_script(script)

    def _take_script(self, script: Screenplay) -> None:
        self._script = script
        self.book.set_headings({scene.number: scene.heading for scene in script.scenes})
        self._may()

    def _may(self) -> None:
        self.doing.has_script = self._script is not None and bool(self._script.text.strip())
        self.centre.set_may(script=self.doing.has_script, why_not=self.book.read_only)

    def _count(self) -> None:
        if self.debt != self._debt:
            self._debt = self.debt
            self.debt_changed.emit(self._debt)

    def _regain(self) -> None:
        """What had the focus before a sheet may be gone: an empty board's button, once there are shots."""
        focus = QApplication.focusWidget()
        if self.isVisible() and (focus is None or not self.isAncestorOf(focus)):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, task: str, scene: str) -> None:
        match task:
            case "rename":
                self.rename()
            case "propose":
                self.propose(scene or None)
            case "queue":
                self.show_queue()
            case "ask":
                self.inspector.focus_ask()
            case "draw":
                self.inspector.card.draw_over()
            case "all":
                self.centre.show_all()
            case "scene":
                self.centre.show_scene(scene)
            case "larger":
                self.zoom_in()
            case "smaller":
                self.zoom_out()
            case _:
                self.zoom_reset()

    def _removed(self, count: int, temp: int) -> None:
        words = f"Removed {count:,} {'shot' if count == 1 else 'shots'}."
        if temp:
            held = "It holds" if count == 1 else f"{temp:,} of them hold"
            words += f" {held} temp material, which stays in the record."
        self.undoable.emit(words, self.undo)

    def _decided(self, told: protocol.PanelChanged) -> None:
        shot = told.shot.shot
        if told.entry is None:
            return
        words = f"{_DECIDED[shot.panel.state]}: {shot.number}."
        self.undoable.emit(words, partial(self.book.undo_decision, shot.id))

    def _pressed_in(self, shot: str, press: str) -> None:
        """A button inside a frame."""
        match press:
            case "retry":
                self.doing.retry()
            case "draw":
                self.book.canvas_wanted.emit(shot, "")
            case _:
                live = self.book.live(ShotId(shot))
                self.clearance_wanted.emit(shot, live.rule if live is not None else "")

    def _tree_menu(self, scene: str, at: QPoint) -> None:
        if scene:
            self.menus.of_scene(scene, at)
        else:
            self.menus.of_shots(at)

    def _tell_editor(self, event: protocol.EditorChanged) -> None:
        if event.what == "unreadable":
            remedy = event.remedy or "Save it again in the other program."
            self.error.emit(StudioError(event.message, remedy=remedy))
        elif event.message:
            self.notice.emit(f"{event.message} {event.remedy}".strip())

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # With a focus proxy, Tab would take this for a stop of its own and go past the shots.
        super().focusInEvent(event)
        self.centre.setFocus(event.reason())

    def sizeHint(self) -> QSize:
        return QSize(1440, 824)

    # internals

    def _key(self, event: QKeyEvent) -> bool:
        """What a key means that nothing under the focus has taken; False where it means nothing."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if modifiers in _PLAIN:
            return self._plain_key(key, held=event.isAutoRepeat())
        if modifiers == _ALT and key in _STEPS:
            self.doing.step(_STEPS[key])
            return True
        if not modifiers & _CTRL:
            return False
        does = {
            Qt.Key.Key_Z: self.redo if modifiers & _SHIFT else self.undo,
            Qt.Key.Key_Y: self.redo,
            Qt.Key.Key_A: self.select_all,
            Qt.Key.Key_Period: self.cancel_running,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_reset,
        }.get(key)
        if does is None:
            return False
        does()
        return True

    def _plain_key(self, key: Qt.Key, *, held: bool) -> bool:
        if key in _INSPECTORS:
            # The picture that they are about is the large one of the inspector. Where a field or a button of
            # a shot has the focus ("R" is a side of the frame there), they decide nothing.
            return self._on_shots() and self.inspector.card.press(key, held=held)
        if held and key in (Qt.Key.Key_N, Qt.Key.Key_Delete):
            return True
        does = {
            Qt.Key.Key_N: self.doing.new_shot,
            Qt.Key.Key_F2: self.rename,
            Qt.Key.Key_F8: self.next_temp,
        }
        if self._on_shots():
            does[Qt.Key.Key_Delete] = self.doing.remove
            # In a field of the inspector Enter is the field's.
            does[Qt.Key.Key_Return] = does[Qt.Key.Key_Enter] = self.play
        else:
            does[Qt.Key.Key_Escape] = self.centre.setFocus
        if key not in does:
            return False
        does[key]()
        return True

    def _on_shots(self) -> bool:
        """Whether the focus is where shots are chosen: what removes them does it nowhere else."""
        focus = QApplication.focusWidget()
        return (
            focus is None or focus is self or self.tree.isAncestorOf(focus) or self.centre.isAncestorOf(focus)
        )

    def _place_of(self, shot: ShotId) -> QRect:
        """Where a shot is on the screen, in the window's coordinates."""
        view = self.centre.view_widget
        if view is self.grid:
            box = self.grid.visualRect(self.centre.shown.place_of(shot))
            box = self.grid.cards.card_of(box.toRectF()).toRect()
            port = self.grid.viewport()
        else:
            box = self.centre.table.visualRect(self.centre.shown.place_of(shot))
            port = self.centre.table.viewport()
        box = box.intersected(port.rect())
        return QRect(port.mapTo(self.window(), box.topLeft()), box.size())


def _read(text: str) -> Screenplay:
    return parse(text).screenplay
