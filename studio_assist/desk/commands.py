"""Every command of the window, with its keys: one list for menu, command box and F1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio_assist.desk.shell import Command

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

#: Keys that one widget handles itself; listed on F1.
_WIDGET_KEYS: Final = (
    ("line.tab", "Change the element", "Tab"),
    ("line.enter", "Next element", "Enter"),
    ("line.who", "Who accepted this temp text", "F2"),
    ("tray.ask", "Ask", "Ctrl Enter"),
    ("tray.move", "Previous or next candidate", "Up Down"),
    ("tray.accept", "Accept the candidate", "A"),
    ("tray.edit", "Edit the candidate, Ctrl Enter accepts", "E"),
    ("tray.reject", "Reject the candidate", "R"),
    ("tray.back", "Back to the page, undecided", "Esc"),
)


def add_commands(studio: Studio) -> None:
    """Register what the window can do."""
    shell, write = studio.shell, studio.write
    editor, pane = write.editor, write.pane
    add = shell.commands.add
    add(Command("file.new", "New project", lambda: studio.start_page.ask_project(), "Ctrl+N", icon="plus"))
    add(Command("file.open", "Open a project", studio.open_other, "Ctrl+O", icon="folder"))
    add(Command("file.sample", "Open the sample", studio.open_sample, icon="film"))
    add(Command("file.import", "Import a file", studio.import_file, "Ctrl+I", icon="download"))
    add(Command("file.save", "Save", studio.save, "Ctrl+S", desk="write", icon="save"))
    add(Command("file.export", "Export", studio.cutting.export, "Ctrl+E", desk="write", icon="export"))
    add(
        Command("file.close", "Close the project", studio.close_project, "Ctrl+W", desk="write", icon="cross")
    )
    add(Command("edit.undo", "Undo", editor.undo, "Ctrl+Z", desk="write", icon="undo"))
    add(Command("edit.redo", "Redo", editor.redo, "Ctrl+Shift+Z", desk="write", icon="redo"))
    add(Command("edit.cut", "Cut", editor.cut, desk="write"))
    add(Command("edit.copy", "Copy", editor.copy, desk="write", icon="copy"))
    add(Command("edit.paste", "Paste", editor.paste, desk="write"))
    add(Command("edit.select_all", "Select all", editor.selectAll, desk="write"))
    add(Command("edit.find", "Find", pane.find, "Ctrl+F", desk="write", icon="search"))
    add(Command("edit.replace", "Find and replace", pane.replace, "Ctrl+H", desk="write", icon="search"))
    add(Command("edit.find_next", "Find next", pane.find_next, "F3", desk="write"))
    add(Command("edit.find_previous", "Find previous", pane.find_previous, "Shift+F3", desk="write"))
    zoom = editor.set_zoom
    add(Command("view.zoom_in", "Zoom in", lambda: zoom(editor.zoom_percent + 10), "Ctrl++", desk="write"))
    add(Command("view.zoom_out", "Zoom out", lambda: zoom(editor.zoom_percent - 10), "Ctrl+-", desk="write"))
    add(Command("view.zoom_reset", "Zoom to 94 %", lambda: zoom(94), "Ctrl+0", desk="write"))
    add(
        Command(
            "write.ask",
            "Ask about this line",
            write.focus_ask,
            "Ctrl+Shift+Space",
            desk="write",
            icon="candidate",
        )
    )
    add(Command("write.cards", "Go to the candidates", write.tray.focus_cards, "Ctrl+Shift+C", desk="write"))
    add(
        Command(
            "write.rewrite",
            "Rewrite this temp text yourself",
            write.rewrite_here,
            "Ctrl+Shift+R",
            desk="write",
            icon="pencil",
        )
    )
    _add_record(studio)
    add(Command("models.show", "Models you can use", studio.start_page.show_models, icon="chip"))
    add(Command("models.look", "Look for models again", studio.models.look, icon="refresh"))
    add(
        Command(
            "person.change",
            "Your roles",
            lambda: studio.start_page.ask_person(change=True),
            icon="person",
        )
    )
    for name, title, keys in _WIDGET_KEYS:
        add(Command(name, title, None, keys, desk="write", listed=False))


def _add_record(studio: Studio) -> None:
    """What can be done about the record, and with the marks on files. It belongs to every desk."""
    record = studio.record
    ways = (
        ("ledger.state", "What is known of the ledger", record.show_card, "", "link"),
        ("ledger.check", "Check the ledger again", record.check, "F9", "refresh"),
        ("ledger.differs", "Show what differs in the ledger", record.show_differs, "", "warning"),
        ("ledger.witness", "Witness this record", record.witness, "", "person"),
        ("ledger.pack", "Hand out a pack of the record", record.hand_out, "", "export"),
        ("ledger.forget", "Forget a text", record.forget, "", "minus"),
    )
    for name, title, run, keys, icon in ways:
        studio.shell.commands.add(Command(name, title, run, keys, icon=icon, needs_desk=True))
    # A file can be asked about with no project open.
    asked = Command("marks.where_from", "Where does this come from?", studio.where_from.ask, icon="search")
    studio.shell.commands.add(asked)
