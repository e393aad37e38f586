"""The Board desk and the rest of the window, brought together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from studio_assist import protocol
from studio_assist.desk.clearance_wanted import ClearanceWanted
from studio_assist.desk.leading import Leading
from studio_assist.desk.shell import Command, Notice
from studio_assist.domain.placing import element_at
from studio_assist.domain.storyboard import PutShot, ShotId
from studio_assist.domain.values import RequestId

if TYPE_CHECKING:
    from studio_assist.desk.board_room import BoardRoom
    from studio_assist.desk.studio import Studio

#: What the board tells goes by itself; it asks for nothing.
_NOTICE_MS: Final = 10_000
#: Keys that the Board desk and the canvas handle themselves; listed on F1.
_KEYS: Final = (
    ("board.move", "Previous or next panel", "Arrows"),
    ("board.enter", "Play the animatic from the panel", "Enter"),
    ("board.large", "Show the panel large", "Double click"),
    ("board.variant", "Show variant 1 to 4", "1 2 3 4"),
    ("board.accept", "Accept the variant", "A"),
    ("board.edit", "Edit the variant on the canvas", "E"),
    ("board.reject", "Reject the variant", "R"),
    ("board.draw", "Draw over", "D"),
    ("board.new", "New shot", "N"),
    ("board.remove", "Remove the chosen shots", "Delete"),
    ("board.step", "Move the chosen shots", "Alt Arrows"),
    ("board.rename", "Title of the shot", "F2"),
    ("board.zoom", "Larger or smaller pictures", "Ctrl + -"),
    ("canvas.tools", "Pen, eraser, move, select, colour, onion skin", "B X V M C O"),
    ("canvas.size", "Smaller or larger pen", "[ ]"),
    ("canvas.beside", "Panel before or after", "Alt Left Right"),
    ("canvas.replaced", "Mark as replaced by human", "Ctrl Shift Enter"),
    ("canvas.back", "Back to the Board", "Esc"),
)


def connect_board(studio: Studio) -> None:
    """Let the board be heard by the window, and the other way round."""
    board, shell = studio.board, studio.shell
    board.error.connect(studio.show_error)
    quiet = QTimer(board)
    quiet.setSingleShot(True)
    quiet.setInterval(_NOTICE_MS)
    quiet.timeout.connect(lambda: shell.notices.dismiss("board"))

    def tell(text: str) -> None:
        if not board.is_drawing:
            board.desk.toast.show_words(text)
            return
        shell.notices.show(Notice("board", "info", text))
        quiet.start()

    board.notice.connect(tell)
    board.undoable.connect(board.desk.toast.show_words)
    board.debt_changed.connect(lambda boards: studio.model.update(debt_boards=boards))
    board.clearance_wanted.connect(lambda shot, rule: _clear(studio, shot, rule))
    inspector = board.desk.inspector
    inspector.open_entry.connect(studio.write.show_entry)
    _lead(studio)
    inspector.go_to_script.connect(lambda shot: _show_script(studio, shot))
    inspector.tie_wanted.connect(lambda shot: _tie(studio, shot))
    inspector.opened_elsewhere.connect(board.tell_opened)
    inspector.set_line_of(lambda start: studio.write.document.line_of(start) + 1)
    # A host was found, a key set, a policy chosen: other things may draw now.
    studio.models.changed.connect(lambda: _read_drawers(studio))
    studio.policies.changed.connect(lambda _policies: _read_drawers(studio))
    shell.desk_chosen.connect(lambda desk: _chosen(studio, desk))
    board.working.connect(studio.show_board_work)
    board.desk.play_wanted.connect(studio.cutting.play)
    shell.set_regions(board.regions, "board")
    board.currentChanged.connect(lambda _page: shell.set_regions(board.regions, "board"))
    board.set_script(studio.write.document.script.screenplay)


def _chosen(studio: Studio, desk: str) -> None:
    if desk == "board":
        studio.board.set_script(studio.write.document.script.screenplay)


def _read_drawers(studio: Studio) -> None:
    if studio.state is not None:
        studio.board.desk.inspector.read_drawers()


def _show_script(studio: Studio, shot: str) -> None:
    tie = studio.board.desk.book.shot(ShotId(shot)).tie
    if tie is not None and tie.state == "tied":
        studio.shell.show_desk("write")
        studio.show_place(tie.start, len(tie.words))


def _tie(studio: Studio, shot: str) -> None:
    """Tie a shot to the line that is selected, or holds the caret, in the script."""
    script = studio.write.document.script.screenplay
    start, _end, _text = studio.write.editor.selection()
    element = element_at(script, start)
    if element is None or not element.text.strip():
        words = "Put the caret into the line in the Write desk first, then tie the shot to it."
        studio.board.notice.emit(words)
        return
    # It brings a library for likenesses, which a window that only writes never needs.
    from studio_assist.domain.ties import tied

    book = studio.board.desk.book
    one = book.shot(ShotId(shot))
    tie = tied(script.text, element.start, element.end)
    book.edit(PutShot(shot=one.model_copy(update={"tie": tie})), f"Tie {one.number}")


def _lead(studio: Studio) -> None:
    """What a note names is said under it, with the way to the Clear desk."""
    board, panel = studio.board, studio.board.desk.inspector.ask_panel

    def what() -> protocol.NoticeParams | None:
        params = panel.params
        if params is None or not panel.note_field.isVisible():
            return None
        one = board.desk.book.shot(params.shots[0])
        return protocol.NoticeParams(
            text=params.note,
            context=one.action,
            scene=one.scene or None,
            task="board",
            backend=params.drawer or "",
            person=params.person.id,
        )

    lead = Leading(studio.client, panel.lead, panel.note_field, what, lambda: studio.person, board)
    lead.lead_wanted.connect(studio.producers.start)
    lead.show_wanted.connect(studio.producers.show_request)
    board.heard.connect(lead.take)


def _clear(studio: Studio, shot: str, rule: str) -> None:
    """Ask for clearance of what was blocked for a shot."""
    book = studio.board.desk.book
    one, live = book.shot(ShotId(shot)), book.live(ShotId(shot))
    asked = studio.board.desk.inspector.asked_for(ShotId(shot))
    studio.ask_clearance(
        ClearanceWanted(
            rule=live.rule_id if live else rule,
            why=live.why if live else "",
            request=RequestId(live.request) if live and live.request else None,
            text=asked.note if asked else "",
            context=one.action,
            scene=one.scene or None,
            task="board",
            backend=(asked.drawer or "") if asked else "",
        )
    )


def add_board_commands(studio: Studio) -> None:
    """Register what can be done on the Board desk; it is made when the first of them is wanted."""
    add = studio.shell.commands.add
    ways: tuple[tuple[str, str, Callable[[BoardRoom], object], str, str], ...] = (
        ("board.propose", "Propose shots from the script", lambda room: room.desk.propose(), "", "candidate"),
        ("board.scene", "Board this scene", lambda room: room.desk.doing.board_here(), "", "board"),
        ("board.script", "Board the script", lambda room: room.desk.doing.board_script(), "", "film"),
        ("board.grid", "Panels as a grid", lambda room: room.desk.centre.show_view("grid"), "", "board"),
        ("board.list", "Panels as a list", lambda room: room.desk.centre.show_view("list"), "", "table"),
        ("board.queue", "Queue of frames", lambda room: room.desk.show_queue(), "", "clock"),
        ("board.export", "Export this panel", lambda room: room.export_panel(), "Ctrl+Alt+E", "export"),
        ("board.save", "Save", lambda room: (room.settle(), studio.save()), "Ctrl+S", "save"),
        ("board.undo", "Undo", lambda room: room.undo(), "Ctrl+Z", "undo"),
        ("board.redo", "Redo", lambda room: room.redo(), "Ctrl+Shift+Z", "redo"),
        ("board.close", "Close the project", lambda _room: studio.close_project(), "Ctrl+W", "cross"),
    )
    for name, title, do, keys, icon in ways:
        add(Command(name, title, partial(_do, studio, do), keys, desk="board", icon=icon))
    for name, title, keys in _KEYS:
        add(Command(name, title, None, keys, desk="board", listed=False))


def _do(studio: Studio, do: Callable[[BoardRoom], object]) -> None:
    do(studio.board)
