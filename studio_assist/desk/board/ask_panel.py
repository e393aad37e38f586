"""Where pictures are asked for: who draws, how many, from what. What a drawer cannot do is not offered."""

from __future__ import annotations

from typing import Final, Literal, cast

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.form_parts import FormCombo, Labelled, is_enter
from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.references import References
from studio_assist.desk.clear.lead_bar import LeadBar
from studio_assist.desk.kit import Badge, Button, CheckBox, Field, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.growing_field import GrowingField
from studio_assist.domain.pictures import MOST_PICTURES
from studio_assist.domain.storyboard import ShotId
from studio_assist.protocol import BoardAskParams, Drawer, Drawers, Noticing

_USUAL: Final = 4
_MOST_SEED: Final = 2**31 - 1
#: Where a drawer runs, as the provider list says it, and its icon.
_WHERE: Final = {
    "here": ("Nothing leaves", "shield-check"),
    "studio": ("Studio network", "server"),
    "outside": ("Off machine", "cloud"),
}


class Strength(QSlider):
    """How far a picture may go from its ground."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme: Final = theme
        self.setRange(5, 100)
        self.setSingleStep(5)
        self.setValue(60)
        self.setAccessibleName("Strength of the change, percent")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        return QSize(120, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        share = (self.value() - self.minimum()) / (self.maximum() - self.minimum())
        middle = self.height() / 2
        track = QRectF(8, middle - 2, self.width() - 16, 4)
        paint.draw_box(painter, track, 2, colour("surface3"))
        done = QRectF(track)
        done.setWidth(track.width() * share)
        paint.draw_box(painter, done, 2, colour("text2"))
        knob = QRectF(0, 0, 14, 14)
        knob.moveCenter(done.center())
        knob.moveLeft(done.right() - 7)
        edge = "blue" if self.hasFocus() else "lineStrong"
        paint.draw_box(painter, knob, 7, colour("surface2"), colour(edge), 2.0 if self.hasFocus() else 1.0)


class AskPanel(QWidget):
    """Drawer, count, seed, note, references, what to follow, and Ask. Ctrl Enter asks; Enter does nothing.

    Signals:
        asked: the `BoardAskParams` that were put into the queue.
    """

    asked = Signal(object)

    def __init__(
        self, theme: Theme, book: BoardBook, pictures: FramePictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._shot: ShotId | None = None
        self._drawers: tuple[Drawer, ...] = ()
        self._badge: Badge | None = None
        self._badged: Drawer | None = None
        self._several: tuple[ShotId, ...] = ()
        self.setObjectName("ask_panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._build(pictures)
        self._show_drawer()

    # properties

    @property
    def drawer(self) -> Drawer | None:
        """Who is to draw."""
        chosen = self.drawer_combo.currentData()
        return next((one for one in self._drawers if one.id == chosen), None)

    @property
    def params(self) -> BoardAskParams | None:
        """What would be asked; None where nothing can be."""
        shot, person, drawer = self._shot, self._book.person, self.drawer
        if shot is None or person is None or drawer is None or self._why_not():
            return None
        skills = drawer.skills
        seed = self.seed_field.text().strip()
        edits = skills.edits and self.edit_box.isChecked() and self.edit_box.isEnabled()
        return BoardAskParams(
            shots=self._several or (shot,),
            drawer=drawer.id,
            count=self.count_combo.currentIndex() + 1,
            seed=int(seed) if seed and not self.seed_row.isHidden() else None,
            note=self.note_field.toPlainText().strip() if drawer.is_ai else "",
            control=cast(
                Literal["none", "line", "depth"],
                self.follow_combo.currentData() if skills.controls else "none",
            ),
            references=self.references.files if skills.references else (),
            edit=edits,
            strength=self.strength.value() / 100,
            person=person,
        )

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [
            self.drawer_combo,
            self.count_combo,
            self.seed_field,
            self.note_field,
            self.lead.button,
            self.follow_combo,
            self.edit_box,
            self.strength,
            self.references.add_button,
            self.ask_button,
        ]

    def show_shot(self, shot: ShotId | None) -> None:
        """Ask for this shot."""
        self._shot = shot
        self.refresh()

    def set_several(self, shots: tuple[ShotId, ...]) -> None:
        """Ask for all of these at once; none: for the one that is shown."""
        if shots == self._several:
            return
        self._several = shots
        many = f"Ask for {len(shots)} shots" if shots else "Ask"
        self.ask_button.set_text(many, "Ask for pictures" if not shots else f"{many}: pictures")

    def refresh(self) -> None:
        """Look again at what can be asked."""
        self._show_drawer()

    def read_drawers(self) -> None:
        """Ask the broker who draws."""
        call = self._book.client.call(protocol.LIST_DRAWERS, protocol.Nothing(), owner=self)
        call.on_done(self.show_drawers).on_error(self._book.failed.emit)

    def show_drawers(self, drawers: Drawers) -> None:
        """Offer these; the one that was chosen stays so while it is among them."""
        chosen = self.drawer_combo.currentData()
        self._drawers = drawers.drawers
        self.drawer_combo.blockSignals(True)
        self.drawer_combo.clear()
        for one in drawers.drawers:
            words = one.name if one.ready else f"{one.name} (closed)"
            self.drawer_combo.addItem(words, one.id)
            said = " ".join(part for part in (one.why, one.remedy) if part)
            self.drawer_combo.setItemData(self.drawer_combo.count() - 1, said, Qt.ItemDataRole.ToolTipRole)
        self.drawer_combo.setCurrentIndex(max(0, self.drawer_combo.findData(chosen)))
        self.drawer_combo.blockSignals(False)
        self._show_drawer()

    def choose_drawer(self, drawer: str) -> None:
        """Choose who draws; an unknown one changes nothing."""
        at = self.drawer_combo.findData(drawer)
        if at >= 0:
            self.drawer_combo.setCurrentIndex(at)

    def ask(self) -> None:
        """Put the shot into the queue as it is set here; nothing where that cannot be."""
        params = self.params
        if params is None:
            return
        self._book.ask(params)
        self.asked.emit(params)

    def focus(self) -> None:
        """Go to the note, or to who draws where none is taken."""
        target = self.note_field if self.note_field.isVisible() else self.drawer_combo
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # slots

    def _show_drawer(self) -> None:
        drawer = self.drawer
        skills = drawer.skills if drawer is not None else None
        self._show_badge(drawer)
        is_ai = drawer is not None and drawer.is_ai
        self.note_field.setVisible(is_ai)
        if not is_ai:
            # The built-in drawer reads no note.
            self.lead.show_noticing(Noticing())
        self.seed_row.setVisible(drawer is not None and (not drawer.is_ai or drawer.skills.seed))
        self._show_follow(drawer)
        self.references.set_most(skills.references if skills is not None else 0)
        has_picture = self._has_picture()
        self.edit_box.setVisible(skills is not None and skills.edits)
        self.edit_box.setEnabled(has_picture)
        self.edit_box.setToolTip("" if has_picture else "The panel holds no picture yet.")
        self._show_strength()
        why = self._why_not()
        said = why
        if drawer is not None and not drawer.ready:
            said = " ".join(part for part in (drawer.why, drawer.remedy) if part)
        self._why.set_text(said)
        self._why.setVisible(bool(said))
        self.ask_button.setEnabled(not why)
        self.ask_button.setAccessibleDescription(said)

    def _show_strength(self) -> None:
        wanted = not self.edit_box.isHidden() and self.edit_box.isEnabled() and self.edit_box.isChecked()
        self._strength_row.setVisible(wanted)
        self._percent.set_text(f"{self.strength.value()} %")

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            event.accept()
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not event.isAutoRepeat():
                self.ask()
        else:
            super().keyPressEvent(event)

    # internals

    def _has_picture(self) -> bool:
        return self._shot is not None and self._book.shot(self._shot).panel.state != "empty"

    def _why_not(self) -> str:
        drawer = self.drawer
        seed = self.seed_field.text().strip()
        if drawer is None:
            return "Nothing that draws is known yet."
        if not drawer.ready:
            return drawer.why or "It cannot draw now."
        if self._shot is None:
            return "Choose a shot first."
        if self._book.person is None:
            return "No project is open."
        if seed and (not seed.isdecimal() or not seed.isascii() or int(seed) > _MOST_SEED):
            return "A seed is a whole number up to 2147483647, or nothing."
        return ""

    def _show_badge(self, drawer: Drawer | None) -> None:
        if drawer == self._badged:
            return
        self._badged = drawer
        words, icon = _WHERE[drawer.where] if drawer is not None else ("", "")
        if self._badge is not None:
            self._badge.hide()
            self._badge.deleteLater()
            self._badge = None
        if drawer is not None:
            closed = drawer.where != "here" and not drawer.ready
            self._badge = Badge(self._theme, words, icon, "red" if closed else "neutral")
            self._about.insertWidget(0, self._badge)
            self._ai_words.set_text("AI: wears the band" if drawer.is_ai else "Not AI; temp all the same")

    def _show_follow(self, drawer: Drawer | None) -> None:
        controls = drawer.skills.controls if drawer is not None else ()
        self._follow_row.setVisible(bool(controls))
        wanted = [("Does not follow the previs", "none", "")]
        names = {"line": "Follows the previs' lines", "depth": "Follows the previs' depth"}
        wanted += [(names[one], one, "") for one in controls]
        if [value for _words, value, _tip in wanted] != [
            self.follow_combo.itemData(at) for at in range(self.follow_combo.count())
        ]:
            chosen = str(self.follow_combo.currentData() or "none")
            self.follow_combo.clear()
            self.follow_combo.fill(wanted)
            self.follow_combo.choose(chosen)

    def _build(self, pictures: FramePictures) -> None:
        theme = self._theme
        self.drawer_combo = FormCombo(theme, "Who draws")
        self.drawer_combo.setObjectName("drawer_combo")
        self.drawer_combo.currentIndexChanged.connect(lambda _at: self._show_drawer())
        self._ai_words = Label(theme, "", "meta", "text3")
        self._about = QHBoxLayout()
        self._about.setSpacing(8)
        self._about.addWidget(self._ai_words)
        self._about.addStretch(1)
        self.count_combo = FormCombo(theme, "How many")
        self.count_combo.setObjectName("ask_count_combo")
        for count in range(1, MOST_PICTURES + 1):
            self.count_combo.addItem(f"{count} {'variant' if count == 1 else 'variants'}", count)
        self.count_combo.setCurrentIndex(_USUAL - 1)
        self.seed_field = Field(theme, "Seed", placeholder="Any")
        self.seed_field.setObjectName("seed_field")
        self.seed_field.textChanged.connect(lambda _text: self._show_drawer())
        self.note_field = GrowingField(theme, "Note to whoever draws", (1, 5), 12)
        self.note_field.setObjectName("board_note_field")
        self.note_field.set_hint("What matters in this picture")
        self.note_field.done.connect(self.ask)
        self.note_field.document().setDocumentMargin(1)
        self.follow_combo = FormCombo(theme, "Follow the previs")
        self.edit_box = CheckBox(theme, "Change the picture in the panel")
        self.edit_box.toggled.connect(lambda _on: self._show_strength())
        self.strength = Strength(theme)
        self.strength.valueChanged.connect(lambda _value: self._show_strength())
        self._percent = Label(theme, "60 %", "caption", "text2")
        self.references = References(theme, pictures)
        self._why = Label(theme, "", "caption", "text2", wrap=True)
        self._why.setObjectName("ask_why")
        self.ask_button = Button(theme, "Ask", key="Ctrl ↵", name="Ask for pictures")
        self.ask_button.setObjectName("board_ask_button")
        self.ask_button.clicked.connect(self.ask)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 14)
        column.setSpacing(8)
        column.addWidget(self.drawer_combo)
        column.addLayout(self._about)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.seed_row = Labelled(theme, "Seed", self.seed_field)
        row.addWidget(Labelled(theme, "How many", self.count_combo), 1)
        row.addWidget(self.seed_row, 1)
        column.addLayout(row)
        column.addWidget(self.note_field)
        self.lead = LeadBar(theme)
        column.addWidget(self.lead)
        self._follow_row = Labelled(theme, "Follow the previs", self.follow_combo)
        column.addWidget(self._follow_row)
        column.addWidget(self.edit_box)
        self._strength_row = QWidget()
        strength = QHBoxLayout(self._strength_row)
        strength.setContentsMargins(0, 0, 0, 0)
        strength.addWidget(Label(theme, "Strength", "caption", "text3"))
        strength.addWidget(self.strength, 1)
        strength.addWidget(self._percent)
        column.addWidget(self._strength_row)
        column.addWidget(self.references)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._why, 1)
        foot.addStretch(0)
        foot.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(foot)
