"""The fields of a shot: what an artist writes about it. Every change is one edit of the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.blockout import moves
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.form_parts import FormCombo, Labelled, ListField, WordsField
from studio_assist.desk.board.people_rows import PeopleRows, PiecesRow
from studio_assist.desk.board.renaming import TITLE_LETTERS
from studio_assist.desk.board.shot_words import (
    ANGLE_WORDS,
    LENSES_MM,
    MOVEMENT_WORDS,
    SIZE_WORDS,
    lens_read,
    lens_words,
    seconds_read,
    seconds_words,
)
from studio_assist.desk.kit import Field, IconLabel, Label, LinkButton
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import Angle, Movement, PutShot, ShotId, ShotSize, Tie

#: How long a person pauses before what they typed becomes an edit, ms.
PAUSE_MS: Final = 700


class TieLine(QWidget):
    """Where in the script the shot comes from, or that the place is gone.

    Signals:
        go_wanted: the script is to show the line.
        tie_wanted: the shot is to be tied to the line that is selected in the script.
    """

    go_wanted = Signal()
    tie_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tie_line")
        self._icon: Final = IconLabel(theme, "link", "text3", 14)
        self._said: Final = Label(theme, "", "caption", "text2", wrap=True)
        self.button: Final = LinkButton(theme, "Go to script")
        self.button.setObjectName("tie_button")
        self.button.clicked.connect(self._press)
        self._tied = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._said, 1)
        row.addWidget(self.button)

    # methods

    def show_tie(self, tie: Tie | None, line: int | None) -> None:
        """Show where it is tied to; `line` is counted from 1, None where no script is open."""
        self._tied = tie is not None and tie.state == "tied"
        if tie is None:
            said = "Not tied to the script"
        elif not self._tied:
            said = "The line it was made from is gone"
        else:
            said = f"Script line {line}" if line is not None else "Tied to the script"
        self._said.set_text(said)
        self._icon.set_icon("link" if self._tied else "link-broken", "text3" if self._tied else "text2")
        self.button.setText("Go to script" if self._tied else "Tie again" if tie is not None else "Tie")
        name = "Go to the line in the script" if self._tied else "Tie it to the line selected in the script"
        self.button.setAccessibleName(name)
        self.button.setToolTip(f"{name}. It was: {tie.words}" if tie is not None and not self._tied else name)
        self.button.updateGeometry()

    # slots

    def _press(self) -> None:
        (self.go_wanted if self._tied else self.tie_wanted).emit()


class ShotFields(QWidget):
    """Size, angle, lens and the rest. What is being typed is kept until it is an edit, whatever happens.

    Signals:
        go_to_script: a shot whose line the script is to show.
        tie_wanted: a shot that is to be tied to the selected line.
        rows_changed: what Tab comes to is another.
    """

    rows_changed = Signal()
    go_to_script = Signal(str)
    tie_wanted = Signal(str)

    def __init__(self, theme: Theme, book: BoardBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._shot: ShotId | None = None
        #: What was typed and is no edit yet, by the shot's field.
        self._typed: dict[str, Callable[[], None]] = {}
        #: Where a place of the script stands, as a line counted from 1.
        self.line_of: Callable[[int], int | None] = lambda _start: None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._pause: Final = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._build()

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [
            self.size_combo,
            self.angle_combo,
            self.lens_field,
            self.movement_combo,
            self.action_field,
            self.dialogue_field,
            self.notes_field,
            self.title_field,
            self.duration_field,
            *self.people.tab_stops(),
            *self.pieces.tab_stops(),
            self.tie.button,
        ]

    def show_shot(self, shot: ShotId | None) -> None:
        """Show a shot; what was typed for another becomes an edit of that one first."""
        if shot != self._shot:
            self.flush()
            self._shot = shot
            self.setEnabled(shot is not None)
            self._say("")
        self.refresh()

    def refresh(self) -> None:
        """Show what the book holds, but for fields that the person is typing in."""
        if self._shot is None:
            return
        shot = self._book.shot(self._shot)
        self.size_combo.choose(shot.size.value)
        self.angle_combo.choose(shot.angle.value)
        self.movement_combo.choose(shot.movement.value)
        for field, words in (
            ("lens_mm", lens_words(shot.lens_mm)),
            ("title", shot.title),
            ("duration_ms", seconds_words(shot.duration_ms)),
            ("action", shot.action),
            ("dialogue", shot.dialogue),
            ("notes", shot.notes),
        ):
            if field not in self._typed:
                self._show_words(field, words)
        scene = self._book.board.of_scene(shot.scene)
        known = dict.fromkeys(who.name for one in scene for who in one.characters)
        stops = self.tab_stops()
        self.people.show_people(shot.characters, tuple(known))
        self.pieces.show_pieces(shot.set_pieces)
        if stops != self.tab_stops():
            self.rows_changed.emit()
        tie = shot.tie
        self.tie.show_tie(tie, self.line_of(tie.start) if tie is not None and tie.state == "tied" else None)

    def forget(self) -> None:
        """Drop what was typed: the shot it was for belongs to a project that is shut."""
        self._pause.stop()
        self._typed.clear()
        self._shot = None

    def flush(self) -> None:
        """Make edits of what was typed."""
        self._pause.stop()
        typed, self._typed = self._typed, {}
        for commit in typed.values():
            commit()

    # slots

    def _type_words(self, field: str, source: WordsField | Field) -> None:
        shot = self._shot
        if shot is None:
            return
        words = source.toPlainText() if isinstance(source, WordsField) else source.text()
        self._typed[field] = lambda: self._put(shot, field, words)
        self._pause.start()

    def _type_seconds(self) -> None:
        shot, words = self._shot, self.duration_field.text()
        if shot is not None:
            self._typed["duration_ms"] = lambda: self._put_read(
                shot, "duration_ms", seconds_read(words), "Write a time in seconds, as 2.5, up to 10 minutes."
            )
            self._pause.start()

    def _type_lens(self) -> None:
        # A lens half typed is another lens: it waits until the person is done.
        shot, words = self._shot, self.lens_field.line.text()
        if shot is not None:
            self._typed["lens_mm"] = lambda: self._put_read(
                shot, "lens_mm", lens_read(words), "Write a lens in millimetres, as 50, from 8 to 600."
            )

    def _pick_lens(self, words: str) -> None:
        if self._shot is not None:
            self.lens_field.show_words(words)
            self._type_lens()
            self.flush()

    # internals: editing

    def _put_read(self, shot: ShotId, field: str, value: int | None, how: str) -> None:
        self._say("" if value is not None else how)
        if value is not None:
            self._put(shot, field, value)
        if shot == self._shot:
            self.refresh()

    def _put(self, shot: ShotId, field: str, value: Any) -> None:
        """One edit of one field, of the shot as it stands now."""
        if shot not in self._book.board:
            return
        before = self._book.shot(shot)
        if getattr(before, field) == value:
            return
        changes: dict[str, Any] = {field: value}
        if field == "lens_mm" and before.staging is not None:
            # The stage was set by hand; its camera wears the lens that the field names, and dollies to keep
            # the size that the other field names.
            camera = before.staging.camera
            worn = moves.with_lens(camera, float(value), keep=moves.reach(camera))
            changes["staging"] = before.staging.model_copy(update={"camera": worn})
        self._book.edit(
            PutShot(shot=before.model_copy(update=changes)), f"{_NAMES[field]} of {before.number}"
        )

    def _now(self, field: str, value: Any) -> None:
        if self._shot is not None:
            self.flush()
            self._put(self._shot, field, value)

    # internals: building

    def _build(self) -> None:
        theme = self._theme
        self.size_combo = FormCombo(theme, "Size")
        self.size_combo.fill([(one.value, one.value, SIZE_WORDS[one]) for one in ShotSize])
        self.size_combo.activated.connect(
            lambda _at: self._now("size", ShotSize(self.size_combo.currentData()))
        )
        self.angle_combo = FormCombo(theme, "Angle")
        self.angle_combo.fill([(ANGLE_WORDS[one], one.value, "") for one in Angle])
        self.angle_combo.activated.connect(
            lambda _at: self._now("angle", Angle(self.angle_combo.currentData()))
        )
        self.movement_combo = FormCombo(theme, "Movement")
        self.movement_combo.fill([(MOVEMENT_WORDS[one], one.value, "") for one in Movement])
        self.movement_combo.activated.connect(
            lambda _at: self._now("movement", Movement(self.movement_combo.currentData()))
        )
        self.lens_field = ListField(theme, "Lens")
        self.lens_field.addItems([lens_words(one) for one in LENSES_MM])
        self.lens_field.line.textEdited.connect(self._type_lens)
        self.lens_field.committed.connect(self._pick_lens)
        self.action_field = WordsField(theme, "Action", theme.font("body"))
        self.dialogue_field = WordsField(theme, "Dialogue", theme.script_font(13))
        self.notes_field = WordsField(theme, "Notes", theme.font("body"))
        for field, words in self._words().items():
            words.setObjectName(f"{field}_field")
            words.typed.connect(lambda field=field, words=words: self._type_words(field, words))
            words.finished.connect(self.flush)
        self.title_field = Field(theme, "Title")
        self.title_field.setMaxLength(TITLE_LETTERS)
        self.title_field.textEdited.connect(lambda _text: self._type_words("title", self.title_field))
        self.duration_field = Field(theme, "Duration in seconds")
        self.duration_field.textEdited.connect(lambda _text: self._type_seconds())
        for line in (self.title_field, self.duration_field):
            # Words begin where they do in the combos.
            line.setTextMargins(-2, 0, 0, 0)
            line.editingFinished.connect(self.flush)
        self.people = PeopleRows(theme)
        self.people.changed.connect(lambda people: self._now("characters", people))
        self.pieces = PiecesRow(theme)
        self.pieces.changed.connect(lambda pieces: self._now("set_pieces", pieces))
        self.tie = TieLine(theme)
        self.tie.go_wanted.connect(lambda: self.go_to_script.emit(self._shot or ""))
        self.tie.tie_wanted.connect(lambda: self.tie_wanted.emit(self._shot or ""))
        self._wrong = Label(theme, "", "caption", "text2", wrap=True)
        self._wrong.setObjectName("field_wrong")
        self._wrong.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 11, 12, 12)
        column.setSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for at, (name, field) in enumerate(
            (
                ("Size", self.size_combo),
                ("Angle", self.angle_combo),
                ("Lens", self.lens_field),
                ("Movement", self.movement_combo),
            )
        ):
            grid.addWidget(Labelled(theme, name, field), at // 2, at % 2)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        column.addLayout(grid)
        column.addWidget(self._wrong)
        for name, words in self._words().items():
            column.addWidget(Labelled(theme, name.capitalize(), words))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Labelled(theme, "Title", self.title_field), 2)
        row.addWidget(Labelled(theme, "Duration", self.duration_field), 1)
        column.addLayout(row)
        column.addWidget(Labelled(theme, "Characters", self.people))
        column.addWidget(Labelled(theme, "Set pieces", self.pieces))
        column.addWidget(self.tie)

    # internals: showing

    def _words(self) -> dict[str, WordsField]:
        return {"action": self.action_field, "dialogue": self.dialogue_field, "notes": self.notes_field}

    def _show_words(self, field: str, words: str) -> None:
        if field == "lens_mm":
            self.lens_field.show_words(words)
        elif field in self._words():
            self._words()[field].show_words(words)
        else:
            line = self.title_field if field == "title" else self.duration_field
            if line.text() != words:
                line.setText(words)

    def _say(self, words: str) -> None:
        self._wrong.set_text(words)
        self._wrong.setVisible(bool(words))


#: How an edit of a field is called in "Undo …".
_NAMES: Final = {
    "size": "Size",
    "angle": "Angle",
    "lens_mm": "Lens",
    "movement": "Movement",
    "action": "Action",
    "dialogue": "Dialogue",
    "notes": "Notes",
    "title": "Title",
    "duration_ms": "Duration",
    "characters": "Characters",
    "set_pieces": "Set pieces",
}
