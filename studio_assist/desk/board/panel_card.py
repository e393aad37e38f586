"""The upper part of the inspector: the panel or a variant large, the strip, and the decision on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.board import framing
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.live_row import LiveRow
from studio_assist.desk.board.panel_story import PanelStory
from studio_assist.desk.board.preview import RING_PX, Preview
from studio_assist.desk.board.variant_strip import VariantStrip
from studio_assist.desk.board.way_button import EditorButton, WayButton
from studio_assist.desk.kit import Button, ElidedLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.candidate import Outcome, State
from studio_assist.domain.errors import StudioError
from studio_assist.domain.storyboard import Shot, ShotId, Variant
from studio_assist.domain.values import CandidateId

#: How long a picture is on the screen before it counts as shown, ms: flicking past is not looking.
LOOK_MS: Final = 250
_DIGITS: Final = {getattr(Qt.Key, f"Key_{digit}"): digit for digit in range(9)}
#: Narrower than this, the two lower buttons stand one under the other, px.
_NARROW_PX: Final = 290
_LETTERS: Final = (Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R, Qt.Key.Key_D)


class PanelCard(QWidget):
    """What stands in a shot's frame or is offered for it. A, E and R decide on the one that is shown.

    They do so while the focus is in this card, and only once that variant has been on the screen, whole.
    Enter decides nothing.

    Signals:
        large_wanted: the large view.
        ask_wanted: an empty frame was pressed.
        retry_wanted: what failed is to be asked again.
        clearance_wanted: the rule that blocked it.
        open_entry: a ledger entry.
        editor_wanted: a format ("ora", "psd"), and True where the person wants to choose the program.
        shown: another picture is shown large.
        sight_wanted: somebody decides on what is scrolled out of sight.
        chose: the person chose a variant, or what stands in the panel.
    """

    large_wanted = Signal()
    ask_wanted = Signal()
    retry_wanted = Signal()
    clearance_wanted = Signal(str)
    open_entry = Signal(int)
    editor_wanted = Signal(str, bool)
    shown = Signal()
    sight_wanted = Signal()
    chose = Signal()

    def __init__(
        self, theme: Theme, book: BoardBook, pictures: FramePictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._book: Final = book
        self._pictures: Final = pictures
        self._shot: ShotId | None = None
        self._variants: tuple[Variant, ...] = ()
        #: The chosen variant; None for what stands in the panel.
        self._chosen: CandidateId | None = None
        self._place = 0
        self._presented: set[tuple[str, str, str]] = set()
        self._deciding: CandidateId | None = None
        self._staging = False
        self.setObjectName("candidate_card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._look: Final = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._looked)
        self._build()
        book.failed.connect(self._failed)

    # properties

    @property
    def variant(self) -> Variant | None:
        """The variant that is shown large; None while the panel is."""
        return next((one for one in self._variants if one.candidate == self._chosen), None)

    @property
    def may_decide(self) -> bool:
        """Whether the variant that is shown can be accepted now."""
        variant = self.variant
        return variant is not None and variant.state != "stale" and self._was_shown(variant)

    # methods

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        live, story = self._live, self.story
        return [
            self.preview,
            live.clearance_button,
            live.retry_button,
            live.draw_button,
            story.entry_button,
            story.undo_button,
            self.draw_over_button,
            self.editor_button,
        ]

    def show_shot(self, shot: ShotId | None) -> None:
        """Show a shot's panel, or the first variant that waits for a decision."""
        if shot != self._shot:
            self._shot, self._chosen, self._place, self._deciding = shot, None, 0, None
            self._variants = ()
            if shot is not None:
                self._choose_first(self._book.variants(shot))
        self.refresh()

    def refresh(self) -> None:
        """Show what the book holds now."""
        shot = self._book.shot(self._shot) if self._shot is not None else None
        before = {one.candidate for one in self._variants}
        self._variants = self._book.variants(shot.id) if shot is not None else ()
        ids = [one.candidate for one in self._variants]
        if self._deciding not in ids:
            self._deciding = None
        if self._chosen is not None and self._chosen not in ids:
            self._choose_next()
        elif self._chosen is None and any(one not in before for one in ids):
            # What was asked for came in: it waits for a decision, and that is what the frame shows.
            self._choose_first(self._variants)
        if self._chosen is not None:
            self._place = ids.index(self._chosen)
        self._show(shot)

    def show_variant(self, number: int) -> None:
        """Show a variant large, counted from 1; 0 shows what stands in the panel. Others change nothing."""
        if number == 0:
            if self._shot is not None and self._book.shot(self._shot).panel.state != "empty":
                self._chosen = None
                self.refresh()
                self.chose.emit()
        elif number <= len(self._variants):
            self._chosen = self._variants[number - 1].candidate
            self.refresh()
            self.chose.emit()

    def set_staging(self, staging: bool) -> None:
        """The frame shows the stage, and nothing is decided meanwhile; or it shows the panel again."""
        self._staging = staging
        self.refresh()

    def accept_variant(self) -> None:
        """Accept the variant that is shown; the others stay open."""
        self._decide(State.ACCEPTED)

    def reject_variant(self) -> None:
        """Reject the variant that is shown."""
        variant = self.variant
        if variant is not None and self._was_shown(variant):
            self._decide(State.REJECTED, stale_too=True)

    def edit_variant(self) -> None:
        """Open the canvas with the variant that is shown; what is drawn there is accepted there."""
        variant = self.variant
        if self._shot is not None and variant is not None and self.may_decide:
            self._book.canvas_wanted.emit(self._shot, variant.candidate)

    def draw_over(self) -> None:
        """Open the canvas on the panel; where that is empty, on the variant that is shown."""
        if self._shot is None:
            return
        if self.variant is not None and self._book.shot(self._shot).panel.state == "empty":
            self.edit_variant()
        else:
            self._book.canvas_wanted.emit(self._shot, "")

    # slots

    def _chose(self, at: int) -> None:
        self.show_variant(at + 1 if at < len(self._variants) else 0)
        self.preview.setFocus(Qt.FocusReason.MouseFocusReason)

    def _looked(self) -> None:
        variant = self.variant
        if variant is None or not self.preview.was_seen or not self.window().isActiveWindow():
            return
        key = self._key(variant)
        if key not in self._presented:
            self._presented.add(key)
            self._book.present(variant)
            self._show_ways()

    def _failed(self, _error: StudioError) -> None:
        if self._deciding is not None:
            self._deciding = None
            self._show_ways()

    def _undo(self) -> None:
        if self._shot is not None:
            self._book.undo_decision(self._shot)

    def _draw(self) -> None:
        if self._shot is not None:
            self._book.canvas_wanted.emit(self._shot, "")

    # events

    def event(self, event: QEvent) -> bool:
        # The letters belong to the card while the focus is in it, whatever the window makes of them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ours = event.key() in _LETTERS or event.key() in _DIGITS
            if event.modifiers() == Qt.KeyboardModifier.NoModifier and ours:
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._over_row.setDirection(down if self.width() < _NARROW_PX else across)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or not self.press(Qt.Key(event.key()), held=event.isAutoRepeat()):
            super().keyPressEvent(event)

    # internals: keys

    def press(self, key: Qt.Key, *, held: bool = False) -> bool:
        """Do what a key means here; False where it means nothing. Held down, it decides nothing twice."""
        if key in _DIGITS:
            self.show_variant(_DIGITS[key])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self.show_variant(min(len(self._variants), max(1, self._place + 1 + step)))
        elif key in _LETTERS:
            does = {
                Qt.Key.Key_A: self.accept_variant,
                Qt.Key.Key_E: self.edit_variant,
                Qt.Key.Key_R: self.reject_variant,
                Qt.Key.Key_D: self.draw_over,
            }
            if not held:
                does[key]()
        else:
            return False
        return True

    # internals: building

    def _build(self) -> None:
        theme = self._theme
        self.preview = Preview(theme, self._pictures)
        self.preview.seen.connect(self._look.start, Qt.ConnectionType.QueuedConnection)
        self.preview.large_wanted.connect(self.large_wanted)
        self.preview.ask_wanted.connect(self.ask_wanted)
        self.strip = VariantStrip(theme, self._pictures)
        self.strip.chosen.connect(self._chose)
        self._which = Label(theme, "", "caption", "text3")
        self._which.setObjectName("variant_words")
        self._settles = ElidedLabel(theme, "", "caption", "text3")
        self.accept_button = WayButton(theme, "Accept", "check", "A", "accept_button")
        self.edit_button = WayButton(theme, "Edit", "pencil", "E", "edit_button")
        self.reject_button = WayButton(theme, "Reject", "cross", "R", "reject_button")
        self.accept_button.clicked.connect(self.accept_variant)
        self.edit_button.clicked.connect(self.edit_variant)
        self.reject_button.clicked.connect(self.reject_variant)
        self._live = LiveRow(theme)
        self._live.retry_wanted.connect(self.retry_wanted)
        self._live.draw_wanted.connect(self._draw)
        self._live.clearance_wanted.connect(self.clearance_wanted)
        self.story = PanelStory(theme)
        self.story.open_entry.connect(self.open_entry)
        self.story.undo_wanted.connect(self._undo)
        self.draw_over_button = Button(theme, "Draw over", icon="brush", key="D")
        self.draw_over_button.setObjectName("draw_over_button")
        self.draw_over_button.clicked.connect(self.draw_over)
        self.editor_button = EditorButton(theme)
        self.editor_button.wanted.connect(self.editor_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        # The preview's ring and the strip's lie in the margins.
        column.setContentsMargins(12 - RING_PX, 12 - RING_PX, 12 - RING_PX, 12)
        column.setSpacing(0)
        column.addWidget(self.preview)
        below = QVBoxLayout()
        below.setContentsMargins(RING_PX, 9 - RING_PX - 2, RING_PX, 0)
        below.setSpacing(0)
        column.addLayout(below)
        below.addWidget(self.strip)
        self._words = QWidget()
        words = QHBoxLayout(self._words)
        words.setContentsMargins(0, 5, 0, 8)
        words.setSpacing(8)
        words.addWidget(self._which)
        words.addStretch(1)
        words.addWidget(self._settles)
        below.addWidget(self._words)
        self._trio = QWidget()
        trio = QHBoxLayout(self._trio)
        trio.setContentsMargins(0, 0, 0, 6)
        trio.setSpacing(6)
        for way in (self.accept_button, self.edit_button, self.reject_button):
            trio.addWidget(way, 1)
        below.addWidget(self._trio)
        for row in (self._live, self.story):
            held = QVBoxLayout()
            held.setContentsMargins(0, 0, 0, 0)
            row.layout().setContentsMargins(0, 3, 0, 10)  # pyright: ignore[reportOptionalMemberAccess]
            held.addWidget(row)
            below.addLayout(held)
        self._over = QWidget()
        self._over_row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._over)
        self._over_row.setContentsMargins(0, 0, 0, 0)
        self._over_row.setSpacing(6)
        for button in (self.draw_over_button, self.editor_button):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._over_row.addWidget(button, 1)
        below.addWidget(self._over)

    # internals: showing

    def _choose_first(self, variants: tuple[Variant, ...]) -> None:
        first = next((one for one in variants if one.state != "stale"), None)
        self._chosen = first.candidate if first is not None else None

    def _choose_next(self) -> None:
        """After a decision: the next that waits, from the place where the decided one stood."""
        waiting = [one for one in self._variants if one.state != "stale"]
        after = [one for one in self._variants[self._place :] if one in waiting]
        following = next(iter(after or waiting), None)
        self._chosen = following.candidate if following is not None else None

    def _show(self, shot: Shot | None) -> None:
        variant = self.variant
        live = self._book.live(shot.id) if shot is not None else None
        framed = framing.framed_of(self._book, shot, variant, self._place, len(self._variants))
        changed = (framed.path, framed.place) != (self.preview.framed.path, self.preview.framed.place)
        self.preview.show_framed(framed)
        free = not framed.place
        self._live.show_live(live, in_frame=free)
        self._show_strip(shot, variant)
        told = shot is not None and variant is None and not self._staging
        self.story.show_panel(shot.panel if shot is not None and told else None)
        self.setProperty("candidate_id", str(variant.candidate) if variant is not None else "")
        self.setProperty("state", variant.state if variant is not None else "")
        self.draw_over_button.set_text(
            "Draw over" if not free else "Draw", "Draw over it" if not free else "Draw this panel"
        )
        for button in (self.draw_over_button, self.editor_button):
            button.setEnabled(shot is not None)
        self._show_ways()
        if changed:
            self.shown.emit()

    def _show_strip(self, shot: Shot | None, variant: Variant | None) -> None:
        smalls = framing.smalls_of(self._book, shot, self._variants)
        at = self._place if variant is not None else len(smalls) - 1
        self.strip.show_smalls(smalls, at)
        # While the stage is open, the frame is the stage's, and what is under it makes room.
        free = not self._staging
        self.strip.setVisible(bool(smalls) and free)
        self._words.setVisible(bool(smalls) and free)
        self._trio.setVisible(variant is not None and free)
        self._over.setVisible(free)
        if variant is None:
            self._which.set_text("In the panel")
            self._settles.set_text(f"{len(self._variants)} to decide on")
        else:
            self._which.set_text(f"Variant {self._place + 1} of {len(self._variants)}")
            stale = variant.state == "stale"
            self._settles.set_text(
                "The shot has changed since" if stale else "Deciding settles this one only"
            )

    def _was_shown(self, variant: Variant) -> bool:
        # While the stage is open, the frame shows another picture than the one that would be decided on.
        return (
            not self._staging
            and variant.candidate != self._deciding
            and self._key(variant) in self._presented
        )

    def _key(self, variant: Variant) -> tuple[str, str, str]:
        """What one person was shown another was not."""
        person = self._book.person
        return (person.id if person is not None else "", variant.candidate, variant.content)

    def _show_ways(self) -> None:
        variant = self.variant
        may = self.may_decide
        self.accept_button.setEnabled(may)
        self.edit_button.setEnabled(may)
        self.reject_button.setEnabled(variant is not None and self._was_shown(variant))
        why = "" if may else "First all of the picture has to be on the screen."
        if self._staging:
            why = "The stage is open: shut it to decide."
        for button in (self.accept_button, self.edit_button, self.reject_button):
            button.setAccessibleDescription(why or f"Key {button.text()[:1]}")
            button.setToolTip(why or f"{button.text()} ({button.text()[:1]})")

    # internals: deciding

    def _decide(self, outcome: Outcome, *, stale_too: bool = False) -> None:
        variant = self.variant
        if variant is None or not (self.may_decide or stale_too):
            return
        if not self.preview.visibleRegion().contains(self.preview.frame.center()):
            # A decision is on what a person sees.
            self.sight_wanted.emit()
            return
        self._deciding = variant.candidate
        self._show_ways()
        self._book.decide(variant, outcome)
