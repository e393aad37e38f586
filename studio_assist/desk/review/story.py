"""The right side of the Review desk: the story of the chosen entry, or what is known of a broken record."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import ElidedLabel, IconButton, IconLabel, Label, LinkButton, Panel, TempTag
from studio_assist.desk.record.work import Work
from studio_assist.desk.review.story_page import StoryPage, as_text
from studio_assist.desk.review.story_source import StorySource
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.review import EntryStory

if TYPE_CHECKING:
    from studio_assist.desk.board.thumbnails import Thumbnails
    from studio_assist.desk.review.tampered import TamperedView

_HEAD_PX: Final = 40
_FOOT_PX: Final = 36
#: So long the story before stays while the next is read, ms.
_LATE_MS: Final = 250


class StoryPanel(QWidget):
    """Shows one entry at a time, read in the pool; a newer choice takes the place of an older one.

    Signals:
        go_to: "script" with a code point as text, or "board" with a shot's id. `decision` says by which
            entry the words came in.
        notice: a sentence to show for a while. error: a `StudioError`.
        forget_wanted, entry_wanted, copy_proof: the number of an entry.
        compare_wanted, evidence_wanted, contact_wanted: the buttons under a broken record.
    """

    go_to = Signal(str, str)
    notice = Signal(str)
    error = Signal(object)
    forget_wanted = Signal(int)
    compare_wanted = Signal()
    evidence_wanted = Signal()
    contact_wanted = Signal()
    entry_wanted = Signal(int)
    copy_proof = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._source: StorySource | None = None
        self._own = True
        self._ledger: protocol.LedgerState | None = None
        self._entry: int | None = None
        self._story: EntryStory | None = None
        #: What is read now, as (source, entry, kept scroll); None while nothing is.
        self._reading: tuple[StorySource, int] | None = None
        self._again = False
        self._thumbnails: Thumbnails | None = None
        self._tampered: TamperedView | None = None
        self.setObjectName("entry_story")
        self.setAccessibleName("Detail")
        self.setMinimumWidth(200)
        # What it is given the focus for is inside it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._late: Final = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE_MS)
        self._late.timeout.connect(self._say_late)
        self._stack: Final = QStackedWidget()
        self._nothing: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setContentsMargins(24, 0, 24, 0)
        self._stack.addWidget(self._nothing)
        self._page: Final = StoryPage(theme, self._stack)
        self._page.entry_wanted.connect(self.entry_wanted)
        self._stack.addWidget(self._page)
        self._title: Final = Label(theme, "", "strong", "text")
        self._about: Final = ElidedLabel(theme, "", "body", "text2")
        self._tag: Final = TempTag(theme, solid=True)
        self._more: Final = IconButton(theme, "dots", "More about this entry", size_px=26)
        self._more.setObjectName("story_more")
        self._more.clicked.connect(self._show_menu)
        self._chain: Final = IconLabel(theme, "link", "green", 14)
        self._hashes: Final = ElidedLabel(theme, "", "meta", "text3")
        self._goes: Final = LinkButton(theme, "", role="meta")
        self._goes.setObjectName("story_go_to")
        self._goes.clicked.connect(self._go)
        self._proof: Final = LinkButton(theme, "Copy proof", role="meta")
        self._proof.setObjectName("story_copy_proof")
        self._proof.clicked.connect(self.copy)
        self._foot: Final = self._footer()
        ground = Panel(theme, "surface1", parent=self)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ground)
        self.show_nothing()

    # properties

    @property
    def entry(self) -> int | None:
        """What is shown or being read; None for nothing."""
        return self._entry

    @property
    def decision(self) -> int | None:
        """The decision that let what is shown in; spans of the script are named after it."""
        return self._story.decision if self._story is not None else None

    @property
    def tampered(self) -> TamperedView | None:
        """What is known of a broken record, while that is shown."""
        return self._tampered

    # methods

    def set_project(self, ledger: Path | None, media: Path | None, *, own: bool = True) -> None:
        """Read from this record from now on; None: no project. `own`: the open project's, not another's."""
        old, self._source = self._source, None
        if old is not None:
            old.close()
        self._own, self._ledger, self._again = own, None, False
        if ledger is not None:
            self._source = StorySource(ledger, own=own)
        self._take_thumbnails(media)
        self.show_nothing()

    def set_ledger(self, state: protocol.LedgerState | None) -> None:
        """What is known of the record now."""
        self._ledger = state
        if self._tampered is not None and state is not None and state.state == "altered":
            self._tampered.show_state(state)
        self._show_foot()
        self._page.set_doubt(self._doubt())

    def show_entry(self, number: int) -> None:
        """Show an entry's story as soon as it is read."""
        if self._source is None:
            return
        self._drop_tampered()
        self._entry = number
        if self._story is None:
            self._title.set_text(f"Entry {number:,}")
        # What is shown stays whole, with its title and links, until the new story is there, or is late.
        self._late.start()
        self._read()

    def show_nothing(self, words: str = "") -> None:
        """Show no entry, and say why."""
        self._drop_tampered()
        self._entry, self._story = None, None
        self._late.stop()
        self._title.set_text("")
        self._about.set_text("")
        self._about.set_token("text2")
        self._tag.hide()
        self._more.hide()
        self._nothing.set_text(words)
        self._stack.setCurrentWidget(self._nothing)
        self._show_foot()

    def show_tampered(self, state: protocol.LedgerState) -> None:
        """Show what is known of a record that does not hold."""
        from studio_assist.desk.review.tampered import TamperedView

        if self._tampered is not None and self._tampered.ledger.first_bad == state.first_bad:
            # A comparison that is shown stays.
            self._ledger = state
            self._tampered.show_state(state)
            return
        self.show_nothing()
        self._ledger = state
        self._entry = state.first_bad
        view = self._tampered = TamperedView(self._theme, state)
        view.compare_wanted.connect(self.compare_wanted)
        view.evidence_wanted.connect(self.evidence_wanted)
        view.contact_wanted.connect(self.contact_wanted)
        self._title.set_text("The record" if state.first_bad is None else f"Entry {state.first_bad:,}")
        self._about.set_text("First broken entry" if state.first_bad is not None else "Altered")
        self._about.set_token("redText")
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        self._foot.hide()

    def refresh(self) -> None:
        """The record changed: read the shown entry again."""
        if self._tampered is None and self._entry is not None and self._source is not None:
            self._read()

    def copy(self) -> None:
        """Put the proof of the shown entry on the clipboard."""
        source, story = self._source, self._story
        if source is None or story is None or not self._proof.isEnabled():
            return
        number = story.number

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.notice.emit(f"The proof of entry {number:,} is on the clipboard.")
            self.copy_proof.emit(number)

        Work(lambda: source.proof(number), self, done, self.error.emit).start()

    # slots

    def _say_late(self) -> None:
        number = self._entry
        if number is not None and (self._story is None or self._story.number != number):
            self._blank(number, f"Reading entry {number:,}.")

    def _go(self) -> None:
        if self._story is not None and self._story.goes_to is not None:
            self.go_to.emit(*self._story.goes_to)

    def _show_menu(self) -> None:
        story = self._story
        if story is None:
            return
        menu = QMenu(self)
        copy = QAction("Copy the story as text", menu)
        copy.triggered.connect(lambda: self._copy_story(story))
        menu.addAction(copy)
        if self._own:
            forget = QAction("Forget the texts of this entry…", menu)
            forget.setEnabled(not self._doubt())
            forget.triggered.connect(lambda: self.forget_wanted.emit(story.number))
            menu.addAction(forget)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _copy_story(self, story: EntryStory) -> None:
        QGuiApplication.clipboard().setText(as_text(story))
        self.notice.emit(f"The story of entry {story.number:,} is on the clipboard.")

    # events

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._tampered is not None:
            self._tampered.compare.setFocus(event.reason())
        elif self._story is not None:
            self._page.area.setFocus(event.reason())

    # internals

    def _read(self) -> None:
        source, number = self._source, self._entry
        if source is None or number is None:
            return
        if self._reading is not None:
            # Arrow keys held down: when this one is read, only the last is asked for.
            self._again = True
            return
        self._reading, self._again = (source, number), False
        Work(lambda: source.story(number), self, self._take, self._fail).start()

    def _take(self, story: EntryStory | None) -> None:
        read, self._reading = self._reading, None
        if story is not None and read == (self._source, self._entry) and self._tampered is None:
            self._show(story)
        if self._again:
            self._again = False
            self._read()

    def _fail(self, error: StudioError) -> None:
        read, self._reading = self._reading, None
        if read == (self._source, self._entry) and self._tampered is None and not self._again:
            self._blank(read[1] if read else None, f"{error.message} {error.remedy}")
        if self._again:
            self._again = False
            self._read()

    def _blank(self, number: int | None, words: str) -> None:
        """No story of this entry, and why."""
        self.show_nothing(words)
        self._entry = number
        if number is not None:
            self._title.set_text(f"Entry {number:,}")

    def _show(self, story: EntryStory) -> None:
        self._late.stop()
        same = self._story is not None and self._story.number == story.number
        if same and self._story == story:
            return
        self._story = story
        self._title.set_text(f"Entry {story.number:,}")
        self._about.set_text(story.heading)
        self._about.set_token("text2")
        self._tag.setVisible(story.temp)
        self._more.show()
        held = self.hasFocus() or self._page.holds_focus
        self._page.show_story(story, self._thumbnails, top=not same)
        self._page.set_doubt(self._doubt())
        self._stack.setCurrentWidget(self._page)
        self._order()
        if held:
            self._page.area.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_foot()

    def _show_foot(self) -> None:
        story = self._story
        self._foot.setVisible(story is not None)
        if story is None:
            return
        doubt = self._doubt()
        self._chain.set_icon("link-broken" if doubt else "link", "text3" if doubt else "green")
        self._hashes.set_text(f"{story.first} → {story.last}")
        self._hashes.setToolTip(
            f"This entry's hash, {story.first}, and the root of the record when it was read, {story.last}"
        )
        where = story.goes_to[0] if story.goes_to is not None and self._own else ""
        self._goes.setText(f"Go to {where}" if where else "")
        self._goes.setAccessibleName(self._goes.text())
        self._goes.updateGeometry()
        self._goes.setVisible(bool(where))
        self._proof.setEnabled(not doubt)
        self._proof.setToolTip(f"{doubt} There is nothing to prove by it." if doubt else "")

    def _doubt(self) -> str:
        """Why the shown entry cannot be relied on, "" where it can as far as is known."""
        ledger, story = self._ledger, self._story
        if ledger is None or story is None or ledger.state != "altered":
            return ""
        if ledger.first_bad is not None and story.number < ledger.first_bad:
            return ""
        where = f" at entry {ledger.first_bad:,}" if ledger.first_bad is not None else ""
        return f"Not verified: the ledger is broken{where}."

    def _take_thumbnails(self, media: Path | None) -> None:
        if self._thumbnails is not None:
            self._thumbnails.deleteLater()
        if media is None:
            self._thumbnails = None
            return
        from studio_assist.desk.board.thumbnails import Thumbnails

        self._thumbnails = Thumbnails(self, most_bytes=16_000_000)
        self._thumbnails.set_folder(media)

    def _drop_tampered(self) -> None:
        old, self._tampered = self._tampered, None
        if old is not None:
            self._entry = None
            self._stack.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _order(self) -> None:
        """Tab walks the story from its top, then what can be done with it."""
        stops = [self._page.area, *self._page.stops(), self._more, self._goes, self._proof]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _header(self) -> QWidget:
        head = Panel(self._theme, "surface1", "b")
        head.setFixedHeight(_HEAD_PX)
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._about, 1)
        row.addWidget(self._more)
        row.addWidget(self._tag)
        return head

    def _footer(self) -> QWidget:
        foot = Panel(self._theme, "surface1", "t")
        foot.setFixedHeight(_FOOT_PX)
        row = QHBoxLayout(foot)
        row.setContentsMargins(14, 0, 10, 0)
        row.setSpacing(8)
        row.addWidget(self._chain)
        row.addWidget(self._hashes, 1)
        row.addWidget(self._goes)
        row.addWidget(self._proof)
        return foot
