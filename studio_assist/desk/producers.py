"""The producer's desks and the rest of the window: Clear, Review, reports, and the ways that lead there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, QTimer

from studio_assist import protocol
from studio_assist.desk.clear.desk import ClearDesk
from studio_assist.desk.clearance_wanted import ClearanceWanted
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.later_desk import LaterDesk
from studio_assist.desk.shell import Action, Command, Notice
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.temp import Debt

if TYPE_CHECKING:
    from studio_assist.desk.review.desk import ReviewDesk
    from studio_assist.desk.review.report_sheet import ReportSheet, ReportWanted
    from studio_assist.desk.studio import Studio

#: After the board, which more people go to.
_IDLE_MS: Final = 1500
_REVIEW: Final = ("studio_assist.desk.review.desk", "studio_assist.ledger.stories")
#: Notices of a draft or an entry go by themselves; they ask for nothing.
_NOTICE: Final = "producer"
#: How long a sentence about what was done stays, ms.
_TOLD_MS: Final = 8000
#: Keys that the desks handle themselves; listed on F1.
_KEYS: Final = (
    ("clear.move", "Previous or next question", "Up Down", "clear"),
    ("clear.answer", "Answer yes, no, unsure", "Y N U", "clear"),
    ("review.find", "Search the ledger", "/", "review"),
    ("review.move", "Previous or next row", "Up Down", "review"),
    ("review.story", "Go to the story of the row", "Enter", "review"),
)


class Producers(QObject):
    """Puts the two desks into the window, and tells them what happens.

    Attributes:
        clear: the Clear desk, which makes itself when somebody goes there.
        place: where the Review desk is, or will be.
    """

    def __init__(self, theme: Theme, studio: Studio, layout: QSettings) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._report: ReportSheet | None = None
        self._desk: protocol.ClearDesk | None = None
        # What was done is told in passing, and does not keep the room of the desks.
        self._told: Final = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(lambda: studio.shell.notices.dismiss(_NOTICE))
        self.clear: Final = ClearDesk(theme, studio.client, layout)
        self.place: Final[LaterDesk[ReviewDesk]] = LaterDesk(
            _REVIEW, lambda: _review(theme, studio, layout), _IDLE_MS
        )
        shell = studio.shell
        shell.add_desk("clear", "Clear", "clear", self.clear, focus=self.clear)
        shell.add_desk("review", "Review", "review", self.place, focus=self.place)
        self._connect()
        self._add_commands()

    # properties

    @property
    def review(self) -> ReviewDesk:
        """The Review desk; made now where nobody has been there yet."""
        return self.place.desk

    @property
    def is_keeping(self) -> bool:
        """Whether a draft is on its way to disk; the project is not to be shut before."""
        return self.clear.is_keeping

    # methods

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """A project was opened."""
        self._desk = None
        self.clear.set_person(person)
        self.clear.set_project(state)
        self.place.set_project(state)
        call = self._studio.client.call(protocol.SHOW_CLEAR, protocol.Nothing(), owner=self)
        call.on_done(self._take_clear).on_error(self._studio.show_error)

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again."""
        self.clear.rejoin(state)
        self.place.rejoin(state)

    def close_project(self) -> None:
        """No project is open any more."""
        self._desk = None
        self.clear.set_project(None)
        self.place.set_project(None)
        self._studio.shell.top_bar.tabs.set_mark("clear", "")

    def set_person(self, person: Person) -> None:
        """Who is at the keyboard from now on."""
        self.clear.set_person(person)

    def set_ledger(self, ledger: protocol.LedgerState) -> None:
        """What is known of the record now, as an answer and not as an event."""
        self.place.take(protocol.LedgerChanged(ledger=ledger))

    def set_debt(self, debt: Debt) -> None:
        """How much temp material is in the work now."""
        self.clear.set_scenes(tuple(scene.number for scene in self._studio.write.scenes if scene.number))
        if self.place.is_built:
            self.review.set_debt(debt.lines, self._studio.model.debt_boards)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        self.clear.take(event)
        self.place.take(event)
        if isinstance(event, protocol.ClearanceChanged):
            self._take_clear(event.desk)
        elif isinstance(event, protocol.Progress) and event.job == "report" and self._report is not None:
            self._report.show_progress(event.share)

    def settle(self) -> None:
        """Everything that was typed into a draft goes to disk now."""
        self.clear.settle()

    # the ways there

    def ask_clearance(self, wanted: ClearanceWanted) -> None:
        """Begin to ask for clearance of what was blocked, on the Clear desk."""
        person = self._studio.person
        if person is None:
            return
        if wanted.rule != "clearance":
            params = protocol.DraftClearanceParams(
                request=wanted.request,
                rule=wanted.rule or "blocked",
                why=wanted.why,
                backend=wanted.backend,
                person=person,
            )
            call = self._studio.client.call(protocol.DRAFT_CLEARANCE, params, owner=self)
            call.on_done(lambda draft: self.show_request(draft.id)).on_error(self._studio.show_error)
            return
        looked = protocol.NoticeParams(
            text=wanted.text,
            context=wanted.context,
            scene=wanted.scene,
            task=wanted.task,
            backend=wanted.backend,
            person=person.id,
        )

        def begin(found: protocol.Noticing) -> None:
            closed = found.closed
            if closed is not None and closed.request:
                self.show_request(closed.request)
                return
            self.start(
                protocol.SaveClearanceParams(
                    use=closed.use if closed else "",
                    names=closed.names if closed else (),
                    rule=closed.rule if closed else "",
                    why=closed.why if closed else wanted.why,
                    request=wanted.request,
                    scene=wanted.scene,
                    task=wanted.task,
                    backend=wanted.backend,
                    person=person,
                )
            )

        call = self._studio.client.call(protocol.NOTICE, looked, owner=self)
        call.on_done(begin).on_error(self._studio.show_error)

    def start(self, prefill: protocol.SaveClearanceParams) -> None:
        """Begin a request with what is known of it."""
        self._studio.shell.show_desk("clear")
        self.clear.start(prefill)

    def show_request(self, request: str) -> None:
        """Show a request on the Clear desk."""
        self._studio.shell.show_desk("clear")
        self.clear.show_request(request)

    def show_entry(self, entry: int) -> None:
        """Show an entry of the record on the Review desk."""
        self._studio.shell.show_desk("review")
        self.review.show_entry(entry)

    def show_record(self) -> None:
        """Show the record, or the first entry of it that does not hold."""
        self._studio.shell.show_desk("review")
        if self._studio.record.altered:
            self.review.show_broken()

    def make_report(self) -> None:
        """Put up the sheet of the disclosure report."""
        state, person = self._studio.state, self._studio.person
        if state is None or person is None or self._report is not None:
            return
        from datetime import date

        from studio_assist.desk.review.report_sheet import ReportSheet

        guard_overrides()
        folder = Path(state.path).parent
        self._report = sheet = ReportSheet(
            self._theme,
            self._studio.shell,
            person.name,
            folder,
            state.title,
            date.today(),
            altered=self._studio.record.altered,
        )
        sheet.wanted.connect(self._make)
        sheet.stop_wanted.connect(
            lambda: self._studio.client.call(protocol.STOP_REPORT, protocol.Nothing(), owner=self)
        )
        sheet.closed.connect(self._report_closed)
        sheet.open()

    # slots

    def _make(self, wanted: ReportWanted) -> None:
        sheet, person = self._report, self._studio.person
        if sheet is None or person is None:
            return
        params = protocol.ReportParams(
            out=wanted.path,
            kind=wanted.kind,
            since=wanted.since,
            until=wanted.until,
            recipient=wanted.recipient,
            person=person,
        )
        call = self._studio.client.call(protocol.REPORT, params, owner=sheet)
        call.on_done(sheet.show_done).on_error(lambda error: sheet.show_error(error.message, error.remedy))

    def _report_closed(self) -> None:
        self._report = None

    def _take_clear(self, desk: protocol.ClearDesk) -> None:
        """Say quietly what was never done or ends soon, as long as it is so."""
        if self._desk is not None and desk.version < self._desk.version:
            return
        first, self._desk = self._desk is None, desk
        words = [one.words for one in desk.reminders]
        self._studio.shell.top_bar.tabs.set_mark("clear", "\n".join(words))
        untold = next((one for one in desk.reminders if one.kind == "contact"), None)
        notices = self._studio.shell.notices
        if untold is None or not desk.can_change:
            notices.dismiss("contact")
        elif first and self._studio.shell.desk != "clear":
            told = Action("tell", "Tell the studio contact", self.tell_contact)
            notices.show(Notice("contact", "info", untold.words, (told,)))
        if self.place.is_built:
            waiting = sum(1 for one in desk.requests if one.state == "sent")
            self.review.set_clearance(desk.contact is not None, waiting)

    def tell_contact(self) -> None:
        """Note that the studio's contact was told (on the Clear desk)."""
        self._studio.shell.show_desk("clear")
        self.clear.tell_contact()

    # internals

    def _connect(self) -> None:
        studio, clear = self._studio, self.clear
        clear.error.connect(studio.show_error)
        clear.notice.connect(self._tell)
        clear.go_to_review.connect(self.show_entry)
        clear.built.connect(lambda: studio.shell.set_regions(clear.regions, "clear"))
        self.place.built.connect(self._review_built)
        studio.write.clearance_wanted.connect(self.ask_clearance)
        studio.write.lead.lead_wanted.connect(self.start)
        studio.write.lead.show_wanted.connect(self.show_request)
        studio.shell.desk_chosen.connect(self._chosen)

    def _chosen(self, desk: str) -> None:
        self._studio.record.show_banner_here()
        if desk == "clear":
            # The desk says it itself, as long as it is so.
            self._studio.shell.notices.dismiss("contact")

    def _review_built(self) -> None:
        from studio_assist.desk.review.tampered_doing import TamperedDoing

        studio, review = self._studio, self.review
        record = studio.record
        review.error.connect(studio.show_error)
        review.notice.connect(self._tell)
        review.go_to_script.connect(self._go_to_script)
        review.go_to_board.connect(self._go_to_board)
        review.forget_wanted.connect(record.forget)
        review.check_wanted.connect(record.check)
        review.report_wanted.connect(self.make_report)
        TamperedDoing(
            self._theme, review.story, studio.client, studio.shell, lambda: (studio.state, studio.person)
        )
        studio.shell.set_regions(review.regions, "review")
        kept = studio.settings.load().recents
        review.set_recent([(one.path, one.title) for one in kept])
        if self._desk is not None:
            waiting = sum(1 for one in self._desk.requests if one.state == "sent")
            review.set_clearance(self._desk.contact is not None, waiting)

    def _go_to_script(self, position: int) -> None:
        studio, decision = self._studio, self.review.story.decision
        studio.shell.show_desk("write")
        # The place in the record is where the words were put; since then the script may have changed.
        spans = studio.write.content()[1]
        live = next((span for span in spans if span.entry == decision and span.state == "anchored"), None)
        if live is not None:
            studio.show_place(live.start, live.length)
        else:
            studio.show_place(min(position, len(studio.write.content()[0])), 0)

    def _go_to_board(self, shot: str) -> None:
        self._studio.shell.show_desk("board")
        self._studio.board.desk.go_to(ShotId(shot))

    def _tell(self, words: str) -> None:
        self._studio.shell.notices.show(Notice(_NOTICE, "info", words))
        self._told.start()

    def _add_commands(self) -> None:
        add = self._studio.shell.commands.add
        ways = (
            ("report.make", "Export a disclosure report", self.make_report, "Ctrl+Shift+E", "export"),
            ("clear.contact", "Tell the studio contact", self.tell_contact, "", "plane"),
        )
        for name, title, run, keys, icon in ways:
            add(Command(name, title, run, keys, icon=icon, needs_desk=True))
        on_clear = (
            ("clear.send", "Send the request for approval", self.clear.send, "", "plane"),
            ("clear.attach", "Attach evidence", self.clear.attach, "Ctrl+Shift+A", "attach"),
        )
        for name, title, run, keys, icon in on_clear:
            add(Command(name, title, run, keys, desk="clear", icon=icon))
        for name, title, keys, desk in _KEYS:
            add(Command(name, title, None, keys, desk=desk, listed=False))


def _review(theme: Theme, studio: Studio, layout: QSettings) -> ReviewDesk:
    from studio_assist.desk.review.desk import ReviewDesk

    guard_overrides()
    return ReviewDesk(theme, studio.client, layout)
