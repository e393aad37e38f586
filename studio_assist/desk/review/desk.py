"""The Review desk: banner, tiles, the rows of the ledger, and the story of the one that is chosen."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.record.work import Work
from studio_assist.desk.review.banner import ReviewBanner
from studio_assist.desk.review.feed import Sums
from studio_assist.desk.review.ledger_view import LedgerView
from studio_assist.desk.review.rows_csv import write_rows
from studio_assist.desk.review.slate import Slate
from studio_assist.desk.review.story import StoryPanel
from studio_assist.desk.review.tiles import Tiles
from studio_assist.desk.shell.splitter import DeskSplitter
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.temp import debt_of
from studio_assist.protocol import LedgerState, ProjectState, ReviewState

RIGHT_PX: Final = 408
CHOOSE: Final = "Choose a row to see its story."
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_REPORT: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ReviewDesk(QWidget):
    """What AI touched, who decided, and what left: everything of the desk that is not a widget of its own.

    Signals:
        error: a `StudioError` for the window to show.
        notice: a sentence for the window to show for a while.
        go_to_script: a code point of the script.
        go_to_board: a shot's id.
        forget_wanted: the number of the entry whose texts are to be forgotten.
        check_wanted: check the whole record again.
        report_wanted: make a disclosure report.
        compare_wanted, evidence_wanted, contact_wanted: of an altered record: compare it with another copy,
            save what the check found, tell the studio's contact.
    """

    error = Signal(object)
    notice = Signal(str)
    go_to_script = Signal(int)
    go_to_board = Signal(str)
    forget_wanted = Signal(int)
    check_wanted = Signal()
    report_wanted = Signal()
    compare_wanted = Signal()
    evidence_wanted = Signal()
    contact_wanted = Signal()

    def __init__(
        self, theme: Theme, client: BrokerClient, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._client: Final = client
        self._state: ProjectState | None = None
        self._ledger: LedgerState | None = None
        self._review: ReviewState | None = None
        #: The ledger whose stories are told: this project's, or another's of the slate.
        self._telling: Path | None = None
        self.setObjectName("review_desk")
        self.banner: Final = ReviewBanner(theme)
        self.tiles: Final = Tiles(theme)
        self.view: Final = LedgerView(theme, layout)
        self.slate: Final = Slate(theme, client, layout)
        self.story: Final = StoryPanel(theme)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tiles)
        column.addWidget(self.slate)
        column.addWidget(self.view, 1)
        self._splitter: Final = DeskSplitter(layout, "review", None, left, self.story, right_px=RIGHT_PX)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self._splitter, 1)
        self._connect()
        self._show_place()
        self.story.show_nothing(CHOOSE)

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks, from the top and left to right."""
        return [self.banner, self.tiles, self.slate, self.view, self.story]

    @property
    def altered(self) -> bool:
        """Whether the record of this project was found not to hold."""
        return self._ledger is not None and self._ledger.state == "altered"

    # methods

    def set_project(self, state: ProjectState | None) -> None:
        """Show a project's record; None where none is open any more."""
        self._state, self._review, self._telling = state, None, None
        self.view.take(None)
        self.view.filters.reset()
        if state is None:
            self.set_ledger(None)
            self.slate.set_own(None)
            self.story.set_project(None, None)
            self.story.show_nothing()
            return
        self.slate.set_own(state)
        self._tell_of(Path(state.path))
        debt = debt_of(state.spans, state.script, state.boards_temp)
        self.set_debt(debt.lines, debt.boards)
        self.set_ledger(state.ledger)
        self._open_review(anew=False)

    def rejoin(self) -> None:
        """The broker was started again: it is to keep the index up to date as the one before did."""
        if self._state is not None:
            self._open_review(anew=False)
            self.slate.rejoin()

    def set_ledger(self, ledger: LedgerState | None) -> None:
        """What is known of the record now."""
        was = self.altered
        self._ledger = ledger
        self.banner.show_state(ledger)
        self.story.set_ledger(ledger)
        self.slate.set_ledger(ledger)
        self._show_trust()
        if ledger is not None and self.altered and not was and self.slate.current is None:
            self.story.show_tampered(ledger)

    def set_debt(self, lines: int, boards: int) -> None:
        """How much temp material is still in the work, as the window counts it."""
        self.tiles.set_debt(lines, boards)
        self.slate.set_debt(lines, boards)

    def set_clearance(self, contact_told: bool, open_requests: int) -> None:
        """What the slate says of this project's clearance beside that of the others."""
        self.slate.set_clearance(contact_told, open_requests)

    def set_recent(self, projects: list[tuple[str, str]]) -> None:
        """Projects that were open lately: (path, title), for the slate to offer."""
        self.slate.set_recent(projects)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        if isinstance(event, protocol.LedgerChanged):
            self.set_ledger(event.ledger)
        elif isinstance(event, protocol.ReviewChanged):
            if self._state is not None and Path(event.state.ledger).parent == Path(self._state.path):
                self._take_review(event.state)
            else:
                self.slate.take(event.state)

    def show_entry(self, number: int) -> None:
        """Go to an entry: from a card beside the words, or from a frame."""
        self.slate.choose_own()
        self.view.go_to(number)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_broken(self) -> None:
        """Go to the first entry that does not hold."""
        ledger = self._ledger
        if ledger is not None and ledger.first_bad is not None:
            self.story.show_tampered(ledger)
            self.show_entry(ledger.first_bad)

    def search(self) -> None:
        """Put the caret into the search (/)."""
        self.view.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.filters.search.selectAll()

    def save_csv(self) -> None:
        """Ask where to, and write the rows that are shown."""
        index = self.view.index
        if index is None:
            return
        folder = Path(self._state.path).parent if self._state is not None else Path.home()
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(), "Export these rows", str(folder / "Ledger rows.csv"), "CSV (*.csv)"
        )
        if not chosen:
            return
        out = Path(chosen if chosen.casefold().endswith(".csv") else f"{chosen}.csv")
        write = partial(write_rows, index, self.view.query, out)
        Work(write, self, partial(self._written, out), self.error.emit).start()

    # slots

    def _connect(self) -> None:
        banner, view, story, slate = self.banner, self.view, self.story, self.slate
        banner.check_wanted.connect(self.check_wanted)
        banner.report_wanted.connect(self.report_wanted)
        banner.broken_wanted.connect(self.show_broken)
        self.tiles.chart.day_chosen.connect(view.filters.choose_day)
        view.chosen.connect(self._chosen)
        view.opened.connect(lambda: story.setFocus(Qt.FocusReason.OtherFocusReason))
        view.summed.connect(self._summed)
        view.anew_wanted.connect(lambda: self._open_review(anew=True))
        view.menu_wanted.connect(self._open_menu)
        view.error.connect(self.error)
        view.filters.csv_wanted.connect(self.save_csv)
        view.filters.slate_wanted.connect(self._turn_slate)
        slate.current_changed.connect(self._show_place)
        slate.shown_changed.connect(self._show_place)
        slate.error.connect(self.error)
        story.go_to.connect(self._go_to)
        story.notice.connect(self.notice)
        story.error.connect(self.error)
        story.forget_wanted.connect(self.forget_wanted)
        story.compare_wanted.connect(self.compare_wanted)
        story.evidence_wanted.connect(self.evidence_wanted)
        story.contact_wanted.connect(self.contact_wanted)
        story.entry_wanted.connect(self.view.go_to)

    def _take_review(self, state: ReviewState) -> None:
        grown = self._review is not None and self._review.entries != state.entries
        self._review = state
        if self.slate.current is None:
            self.view.take(state)
            if grown:
                self.story.refresh()
        self.slate.show_own(state)

    def _chosen(self, number: int) -> None:
        ledger = self._ledger
        if self.slate.current is None and self.altered and ledger is not None and number == ledger.first_bad:
            self.story.show_tampered(ledger)
        else:
            self.story.show_entry(number)

    def _summed(self, sums: Sums) -> None:
        self.tiles.show_totals(sums.totals)
        self.tiles.chart.show_days(sums.days, self.view.filters.day)

    def _go_to(self, kind: str, where: str) -> None:
        if kind == "board":
            self.go_to_board.emit(where)
        else:
            self.go_to_script.emit(int(where))

    def _turn_slate(self) -> None:
        self.slate.turn(not self.slate.is_on)

    def _show_place(self) -> None:
        """Which project's rows are shown, and whether the slate or the tiles stand over them."""
        other = self.slate.current
        self.tiles.setVisible(not self.slate.is_on)
        self.view.filters.show_slate(self.slate.is_on)
        if other is not None:
            self._tell_of(Path(other.review.ledger).parent, own=False)
            self.story.set_ledger(other.ledger_state)
            self.view.take(other.review)
        elif self._state is not None:
            self._tell_of(Path(self._state.path))
            self.story.set_ledger(self._ledger)
            self.view.take(self._review)
        self._show_trust()

    def _tell_of(self, folder: Path, *, own: bool = True) -> None:
        """Tell the stories of a project's record, unless it is the one that they are told of already."""
        ledger = folder / "ledger.sqlite"
        if ledger != self._telling:
            self._telling = ledger
            self.story.set_project(ledger, folder / "media" if own else None, own=own)
            self.story.show_nothing(CHOOSE)

    def _show_trust(self) -> None:
        other = self.slate.current
        ledger = other.ledger_state if other is not None else self._ledger
        altered = ledger is not None and ledger.state == "altered"
        self.tiles.set_verified(not self.altered)
        bad = ledger.first_bad if altered and ledger is not None else None
        self.view.set_first_bad(bad, ledger.size if ledger is not None else 0)

    def _open_menu(self, at: QPoint) -> None:
        """What can be done with the current row."""
        number = self.view.table.number
        menu = QMenu(self)
        menu.setAccessibleName("Entry")
        for words, does, may in (
            ("Show its story\tEnter", self.view.opened.emit, number is not None),
            ("Copy this row\tCtrl+C", self.view.table.copy, number is not None),
            ("Export these rows as CSV…", self.save_csv, self.view.index is not None),
        ):
            action = menu.addAction(words)
            action.setEnabled(may)
            action.triggered.connect(lambda _checked=False, does=does: does())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _written(self, out: Path, rows: int | None) -> None:
        if rows is not None:
            self.notice.emit(f"{rows:,} row{'' if rows == 1 else 's'} written to {out.name}.")

    def _not_opened(self, error: StudioError) -> None:
        self._take_review(ReviewState(state="failed", why=f"{error.message} {error.remedy}".strip()))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # With a focus proxy, Tab would take this for a stop of its own and go past what is in it.
        super().focusInEvent(event)
        self.view.setFocus(event.reason())

    def sizeHint(self) -> QSize:
        return QSize(1440, 824)

    # internals

    def _key(self, event: QKeyEvent) -> bool:
        """What a key means that nothing under the focus has taken; False where it means nothing."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_E and modifiers == _REPORT:
            if self.banner.report.isEnabled():
                self.report_wanted.emit()
            return True
        if key == Qt.Key.Key_F9 and modifiers in _PLAIN:
            if self.banner.check.isEnabled():
                self.check_wanted.emit()
            return True
        if key == Qt.Key.Key_Escape:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        # On many keyboards the slash is typed with Shift.
        typing = isinstance(QApplication.focusWidget(), QLineEdit)
        if event.text() == "/" and not typing and not modifiers & Qt.KeyboardModifier.ControlModifier:
            self.search()
            return True
        return False

    def _open_review(self, *, anew: bool) -> None:
        call = self._client.call(protocol.OPEN_REVIEW, protocol.OpenReviewParams(anew=anew), owner=self)
        call.on_done(self._take_review).on_error(self._not_opened)
