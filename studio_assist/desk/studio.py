"""The application's window: projects come and go, and every part is told what it needs to know."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, QSettings, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.board_doors import add_board_commands, connect_board
from studio_assist.desk.board_place import BoardPlace
from studio_assist.desk.broker_client import BrokerBug, BrokerClient, Operation
from studio_assist.desk.clearance_wanted import ClearanceWanted
from studio_assist.desk.commands import add_commands
from studio_assist.desk.cutting import Cutting
from studio_assist.desk.doors import connect_gate
from studio_assist.desk.first_run.roles import roles_words
from studio_assist.desk.gate.control import GateControl
from studio_assist.desk.models import Models
from studio_assist.desk.names.control import NamesControl
from studio_assist.desk.offers import Offers
from studio_assist.desk.people.control import PeopleControl
from studio_assist.desk.policy.control import PolicyControl
from studio_assist.desk.producers import Producers
from studio_assist.desk.record.control import RecordControl
from studio_assist.desk.record.sent import SentControl
from studio_assist.desk.shell import (
    Action,
    Notice,
    PersonRow,
    QueueItem,
    SceneRow,
    Shell,
    ShellModel,
)
from studio_assist.desk.start import StartPage
from studio_assist.desk.theme import Theme
from studio_assist.desk.where_from.asking import WhereFrom
from studio_assist.desk.write.desk import WriteDesk
from studio_assist.desk.write.saving import clock_time
from studio_assist.domain.errors import Conflict, StudioError, Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.temp import Debt, TempFile, anchored
from studio_assist.domain.values import Value
from studio_assist.storage.settings import Settings

if TYPE_CHECKING:
    from studio_assist.desk.board_room import BoardRoom

log = logging.getLogger(__name__)

P = TypeVar("P", bound=Value)

#: How long is waited before it is looked again whether a decision has reached the record.
_A_MOMENT_MS: Final = 30
#: What stops a piece of work that tells how far it is, by its job.
_STOPS: Final = {
    "export": protocol.STOP_EXPORT,
    "import": protocol.STOP_TAKING_IN,
    "sound": protocol.STOP_SOUND,
}
#: The longest name of a draft that stands beside the title, in characters.
_DRAFT_LENGTH: Final = 24


class Studio(QObject):
    """Brings window, Write desk and broker together.

    Signals:
        project_opened: a `ProjectState` is shown.
        closed: the window may go; nothing is left to save.
    """

    project_opened = Signal(object)
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        client: BrokerClient,
        settings: Settings,
        layout: QSettings,
        *,
        person: Person | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme: Final = theme
        self.client: Final = client
        self.settings: Final = settings
        self._person = person or settings.load().profile
        self._state: protocol.ProjectState | None = None
        self._wanted: Path | None = None
        self._closing = False
        self._running: dict[str, protocol.RequestChanged] = {}
        self._progress: protocol.Progress | None = None
        self._board_work: QueueItem | None = None
        self._sample_stopped = False
        self._rejoining: Operation[protocol.ProjectState] | None = None
        self._wants_close = False

        self.model: Final = ShellModel(self)
        self.shell: Final = Shell(theme, self.model, layout)
        self.write: Final = WriteDesk(theme, client, layout)
        self.models: Final = Models(client, settings, self)
        self.start_page: Final = StartPage(theme, self)
        self.shell.set_start_page(self.start_page.page)
        self.shell.add_desk("write", "Write", "write", self.write, regions=self.write.regions)
        self.board_place: Final = BoardPlace(theme, client, layout)
        self.shell.add_desk("board", "Board", "board", self.board_place, focus=self.board_place)
        self.shell.set_close_guard(self._may_close)
        self.record: Final = RecordControl(theme, self)
        self.where_from: Final = WhereFrom(theme, self)
        self.gate: Final = GateControl(theme, client, self.shell, lambda: self._person, self)
        self.names: Final = NamesControl(theme, self)
        self.policies: Final = PolicyControl(theme, self)
        self.sent: Final = SentControl(theme, self)
        self.people: Final = PeopleControl(theme, self)
        self.producers: Final = Producers(theme, self, layout)
        self.cutting: Final = Cutting(theme, self, layout)
        add_commands(self)
        self.offers: Final = Offers(client, self.write, self.shell.notices, self.show_error, self)
        self._connect()
        connect_gate(self)
        self.board_place.built.connect(lambda: connect_board(self))
        add_board_commands(self)
        self._show_person()

    # properties

    @property
    def person(self) -> Person | None:
        return self._person

    @property
    def board(self) -> BoardRoom:
        """The Board desk; made now where nobody has been there yet."""
        return self.board_place.room

    @property
    def state(self) -> protocol.ProjectState | None:
        return self._state

    # methods

    def begin(self, project: Path | None) -> None:
        """Start the broker and show the window, with a project or the start page."""
        self.client.start()
        if project is not None and self._person is not None:
            # The call waits in the pipe until the broker is up; the page need not.
            self.open_project(project)
        else:
            self._wanted = project
            self.shell.show_start()
        self.start_page.refresh_recent()
        self.shell.show()
        if self._person is None:
            self.start_page.ask_person()

    def open_project(self, path: Path) -> None:
        """Open a project folder, once the one that is open is safe."""
        if self._person is None:
            self._wanted = path
            self.start_page.ask_person()
            return
        person = self._person

        def open_it() -> None:
            self._show_page_of(path)
            params = protocol.OpenProjectParams(path=str(path), person=person)
            self._call_project(protocol.OPEN_PROJECT, params)

        self._leave(open_it)

    def create_project(self, path: Path, title: str, policy: str, script: Path | None = None) -> None:
        """Make a project, with a script taken in byte for byte where one is given."""
        if self._person is None:
            return
        params = protocol.CreateProjectParams(
            path=str(path),
            title=title,
            policy=policy,
            script_file=str(script) if script else None,
            person=self._person,
        )
        self._leave(lambda: self._call_project(protocol.CREATE_PROJECT, params))

    def open_sample(self) -> None:
        """Open the sample; it is made on first use, by the real model on this machine."""
        if self._person is None:
            self.start_page.ask_person(then=self.open_sample)
            return
        path = self.projects_folder() / "Sample.studio"
        if (path / "project.toml").exists():
            self.open_project(path)
            return
        params = protocol.MakeSampleParams(path=str(path), person=self._person)
        self.start_page.show_making("Making the sample")
        self._sample_stopped = False

        def failed(error: StudioError) -> None:
            # A person who stopped it knows that it was stopped.
            if not self._sample_stopped:
                self.show_error(error)

        def make() -> None:
            call = self.client.call(protocol.MAKE_SAMPLE, params, owner=self)
            call.on_done(self.show_project).on_error(failed)

        self._leave(make)

    def cancel_sample(self) -> None:
        """Stop making the sample; nothing of it is kept."""
        self._sample_stopped = True
        self._progress = None
        self._show_queue()
        self.start_page.stop_making()
        self.client.call(protocol.CANCEL_SAMPLE, protocol.Nothing(), owner=self).on_error(self.show_error)

    def close_project(self) -> None:
        """Back to the start page."""

        def closed(_nothing: protocol.Nothing) -> None:
            self._state = None
            self.model.update(project="", draft="", scenes=(), ledger="unknown", saved_at="", read_only="")
            self.record.forget_project()
            self.board_place.close_project()
            self.producers.close_project()
            self.cutting.close_project()
            self.gate.forget()
            for notice in self.shell.notices.ids:
                self.shell.notices.dismiss(notice)
            self.start_page.refresh_recent()
            self.shell.show_start()

        self._leave(
            lambda: self.client.call(protocol.CLOSE_PROJECT, protocol.Nothing(), owner=self).on_done(closed)
        )

    def set_person(self, person: Person) -> None:
        """Who is at the keyboard from now on."""
        self._person = person
        kept = self.settings.load()
        self.settings.save(kept.with_profile(person))
        self.write.set_person(person)
        self.board_place.set_person(person)
        self.producers.set_person(person)
        self.cutting.set_person(person)
        self._show_person()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.open_project(wanted)

    def ask_clearance(self, wanted: ClearanceWanted) -> None:
        """Begin to ask for clearance of what was blocked."""
        self.producers.ask_clearance(wanted)

    def save(self) -> None:
        """Write the script's file now (Ctrl S)."""
        self.write.saver.touch()
        self.write.saver.save()

    def import_file(self) -> None:
        """Pick a file for the open project; with none open, a script to make a project of."""
        if self._state is not None:
            self.cutting.importing.choose()
            return
        chosen, _ = QFileDialog.getOpenFileName(
            self.shell,
            "Import a script",
            str(Path.home()),
            "Scripts (*.fountain *.spmd *.txt *.fdx *.pdf);;All files (*)",
        )
        if chosen:
            self.start_page.ask_project(script=Path(chosen))

    def open_other(self) -> None:
        """Pick a project folder."""
        chosen = QFileDialog.getExistingDirectory(self.shell, "Open a project", str(self.projects_folder()))
        if chosen:
            self.open_project(Path(chosen))

    def projects_folder(self) -> Path:
        """Where new projects go unless the person says otherwise."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        custom = self.settings.load().options.get("projects_folder")
        return Path(custom) if isinstance(custom, str) else Path(documents or Path.home()) / "Studio Assist"

    def check_ledger(self) -> None:
        """Check the whole record again (F9)."""
        self.record.check()

    def show_ledger(self, ledger: protocol.LedgerState) -> None:
        """Tell every part what is known of the record."""
        self.start_page.stop_making()
        self.record.show(ledger)
        self.write.set_record(ledger)
        self.producers.set_ledger(ledger)

    def show_error(self, error: StudioError) -> None:
        """Show an error that the person can act on; a conflict has its own ways out."""
        if isinstance(error, Conflict):
            self._offer_conflict(error)
            return
        self.start_page.stop_making()
        if self._state is None:
            self.shell.show_start()
        self.shell.show_error(error)

    # slots

    def _save_failed(self, error: StudioError) -> None:
        wanted_close, self._wants_close = self._wants_close, False
        if wanted_close and not isinstance(error, Conflict):
            self._ask_to_close(f"{error.message} {error.remedy}")
        else:
            self.show_error(error)

    def _connect(self) -> None:
        self.models.changed.connect(self._show_models)
        self.models.changed.connect(self.start_page.show_models_found)
        self.models.failed.connect(self.show_error)
        self.client.told.connect(self._take)
        self.client.restarting.connect(self._rejoin)
        self.client.started.connect(self._broker_started)
        self.client.error.connect(self.show_error)
        self.client.bug.connect(self._show_bug)
        self.client.gone.connect(self._broker_gone)
        self.write.error.connect(self.show_error)
        self.write.save_failed.connect(self._save_failed)
        self.write.not_kept.connect(self._show_not_kept)
        self.write.notice.connect(lambda text: self.shell.notices.show(Notice("write", "info", text)))
        self.write.debt_changed.connect(self._show_debt)
        self.write.saved.connect(lambda at: self.model.update(saved_at=clock_time(at)))
        self.write.saver.dirty_changed.connect(lambda dirty: self.model.update(edited=dirty))
        self.write.working.connect(self._show_work)
        self.write.gate.changed.connect(self._show_queue)
        self.shell.next_temp.connect(self._next_temp)
        self.shell.scene_chosen.connect(self.write.show_scene)
        self.shell.cancel_queue.connect(self._cancel)
        self.shell.open_ledger.connect(self.producers.show_record)
        self.write.forget_wanted.connect(self.record.forget)
        self.shell.provider_chosen.connect(self.models.choose)
        self.shell.provider_menu.connect(self.start_page.show_models)
        self.shell.person_menu.connect(self.people.show_profiles)
        self.shell.recent_chosen.connect(self.open_project)
        self.shell.theme_chosen.connect(self._keep_theme)

    def _take(self, event: protocol.Event) -> None:
        self.write.take(event)
        self.board_place.take(event)
        self.record.take(event)
        self.people.take(event)
        self.producers.take(event)
        self.cutting.take(event)
        match event:
            case protocol.LedgerChanged():
                self.show_ledger(event.ledger)
            case protocol.Trouble():
                self.shell.notices.show(Notice(event.kind, "warning", f"{event.message} {event.remedy}"))
            case protocol.Progress(job="pack" | "import"):
                # Their sheets show how far they have come, and have the way to stop them.
                pass
            case protocol.Progress():
                if event.job == "sample" and self._sample_stopped:
                    return
                self._progress = event if event.share < 1 else None
                self.start_page.show_progress(event)
                self._show_queue()
            case _:
                pass

    def _show_not_kept(self, error: StudioError | None) -> None:
        """Words that are in this window alone are said once, not every half minute."""
        if error is None:
            self.shell.notices.dismiss("autosave")
        else:
            text = f"What you type is not being kept: {error.message} {error.remedy}"
            self.shell.notices.show(Notice("autosave", "warning", text))

    def _rejoin(self) -> None:
        """A new broker: the open project is the first thing that it hears of."""
        self._running.clear()
        self._progress = None
        self._show_queue()
        if self._rejoining is not None:
            self._rejoining.let_go()
            self._rejoining = None
        if self._state is None or self._person is None:
            return
        params = protocol.OpenProjectParams(
            path=self._state.path, person=self._person, session=self._state.session
        )
        self._rejoining = self.client.call(protocol.OPEN_PROJECT, params, owner=self)
        self._rejoining.on_done(self._rejoined).on_error(self.show_error)

    def _rejoined(self, state: protocol.ProjectState) -> None:
        self._rejoining = None
        self._state = state
        self.model.update(read_only=state.read_only or "")
        self.show_ledger(state.ledger)
        self.write.rejoin(state)
        self.board_place.rejoin(state)
        self.producers.rejoin(state)
        self.cutting.rejoin(state)
        if state.read_only:
            self.shell.notices.show(Notice("read-only", "info", state.read_only, closable=False))

    def _broker_started(self, again: bool) -> None:
        self.models.look(again=False)
        if again:
            self.shell.notices.show(
                Notice(
                    "broker",
                    "warning",
                    "The part that keeps the record ended and was started again. Nothing is lost.",
                )
            )
        elif self._wanted is not None and self._person is not None:
            wanted, self._wanted = self._wanted, None
            self.open_project(wanted)

    def _broker_gone(self, message: str) -> None:
        self.write.tray.set_paused(message)
        self.shell.notices.show(
            Notice(
                "broker",
                "blocked",
                f"{message} The script stays open; copy it or try again.",
                (Action("again", "Start it again", self.client.start),),
                closable=False,
            )
        )

    def _show_bug(self, bug: BrokerBug) -> None:
        self.write.saver.autosave()
        self.shell.show_bug(f"{bug}\n{bug.details}")

    def show_project(self, state: protocol.ProjectState) -> None:
        """A project is open now, or the open one has another script."""
        self.start_page.stop_making()
        if self._person is None:
            return
        self._state = state
        self._running.clear()
        for notice in self.shell.notices.ids:
            self.shell.notices.dismiss(notice)
        self.model.update(
            project=state.title,
            read_only=state.read_only or "",
            saved_at="",
            debt_boards=state.boards_temp,
            debt_sounds=state.temp_sounds,
            queue=None,
        )
        self.show_ledger(state.ledger)
        self.write.load(state, self._person)
        self.board_place.load(state, self._person)
        self.producers.load(state, self._person)
        self.cutting.load(state, self._person)
        self._show_models()
        self.shell.show_desk("write")
        self.write.editor.setFocus()
        self.settings.remember(Path(state.path), state.title, at=datetime.now(UTC))
        self.start_page.refresh_recent()
        if state.read_only:
            self.shell.notices.show(Notice("read-only", "info", state.read_only, closable=False))
        for number, warning in enumerate(state.warnings):
            self.shell.notices.show(Notice(f"warning-{number}", "warning", warning))
        for offer in state.recovery:
            self.offers.recovery(offer)
        self.project_opened.emit(state)

    def _show_debt(self, debt: Debt) -> None:
        self.model.update(
            debt_lines=debt.lines,
            draft=_draft_of(self.write.document.script.title_page),
            scenes=tuple(SceneRow(scene.index, scene.number, scene.heading) for scene in self.write.scenes),
        )
        self.producers.set_debt(debt)

    def _show_work(self, event: protocol.RequestChanged) -> None:
        if event.state == "running":
            self._running[event.request] = event
        else:
            self._running.pop(event.request, None)
        self._show_queue()

    def _show_queue(self) -> None:
        queue: QueueItem | None = None
        if self._running:
            first = next(iter(self._running.values()))
            title = first.task.replace("-", " ").capitalize()
            at_gate = self.write.gate.now
            # While a request waits at the gate nothing is being made, and the tray says who is waited for.
            label = (
                at_gate.said if at_gate else f"{title}, {min(first.done + 1, first.total)} of {first.total}"
            )
            queue = QueueItem(label, first.done / max(first.total, 1), len(self._running) - 1)
        elif self._progress is not None:
            queue = QueueItem(self._progress.label, self._progress.share)
        else:
            queue = self._board_work
        self.model.update(queue=queue)

    def end_progress(self, job: str) -> None:
        """A piece of work is over, however it ended: the status bar speaks of it no more."""
        if self._progress is not None and self._progress.job == job:
            self._progress = None
            self._show_queue()

    def show_board_work(self, work: QueueItem | None) -> None:
        """Show in the status bar what is drawn for the board."""
        self._board_work = work
        self._show_queue()

    def _next_temp(self) -> None:
        """F8: the next temp words, or on the Board and in the animatic the next temp panel."""
        if self.shell.desk == "board":
            self.board.next_temp()
        elif self.shell.desk == "animatic":
            self.cutting.desk.next_temp()
        else:
            self.write.next_temp()

    def _show_person(self) -> None:
        person = self._person
        self.model.update(
            person=PersonRow(person.name, roles_words(person.roles).lower()) if person else None
        )

    def _offer_conflict(self, error: Conflict) -> None:
        state, person = self._state, self._person
        if state is None or person is None:
            return
        params = protocol.OpenProjectParams(path=state.path, person=person)

        def open_again() -> None:
            self._call_project(protocol.OPEN_PROJECT, params)

        self.offers.conflict(error, state.stamp.sha256, open_again)

    def _show_models(self) -> None:
        chosen = self.models.chosen
        here = chosen is None or chosen.stays_here
        self.model.update(provider=self.models.label, provider_here=here, providers=self.models.rows)
        self.write.set_backends(self.models.backends, chosen)

    def show_place(self, start: int, length: int) -> None:
        """Go to a place of the script."""
        self.write.editor.select_range(start, start + length)
        self.write.editor.show_range(start, start + length)
        self.write.editor.setFocus()

    def _cancel(self) -> None:
        if self._progress is not None and self._progress.job == "sample":
            self.cancel_sample()
        elif self._progress is not None and self._progress.job in _STOPS:
            stop = _STOPS[self._progress.job]
            self.client.call(stop, protocol.Nothing(), owner=self).on_error(self.show_error)
        if not self._running and self._board_work is not None:
            self.board.desk.cancel_running()
        for request in list(self._running):
            self.client.call(
                protocol.STOP, protocol.RequestRef(request=self._running[request].request), owner=self
            )

    def _keep_theme(self, choice: str) -> None:
        kept = self.settings.load()
        self.settings.save(kept.model_copy(update={"theme": choice}))

    # internals

    def _show_page_of(self, path: Path) -> None:
        """Show a project's script at once, from its files; what is wrong with them the broker says.

        Another project that is open stays on the page until the broker has opened this one.
        """
        if self._state is not None:
            return
        try:
            script = (path / "script.fountain").read_bytes().decode("utf-8")
            kept = TempFile.model_validate_json((path / "temp.json").read_bytes())
        except (OSError, ValueError):
            return
        self.write.preview(script, anchored(kept.spans, script))
        self.shell.show_desk("write")

    def _call_project(self, method: protocol.Method[P, protocol.ProjectState], params: P) -> None:
        def failed(error: StudioError) -> None:
            if self._state is None:
                self.shell.show_start()
            self.write.resume()
            self.show_error(error)

        self.write.pause("Another project is being opened.")
        call = self.client.call(method, params, owner=self)
        call.on_done(self.show_project).on_error(failed)

    def _leave(self, then: object) -> None:
        """Bring the open project to disk, then go on."""
        if not callable(then):
            return
        self.cutting.settle()
        self.board_place.settle()
        self.producers.settle()
        not_kept = self.board_place.flush()
        if not_kept is not None:
            # The strokes are on the canvas alone: it stays until they are kept.
            self.show_error(not_kept)
            return
        keeping = self.board_place.is_keeping or self.producers.is_keeping
        if self._state is not None and (self.write.asking.waiting or keeping):
            # A decision or a drawing is on its way; it belongs to what is still there.
            QTimer.singleShot(_A_MOMENT_MS, self, lambda: self._leave(then))
            return
        if self._state is None or not self.write.saver.dirty:
            then()
            return
        self.write.saver.save(then)

    def _may_close(self) -> bool:
        """The window closes once script and drawing are on disk. Undecided candidates stay undecided."""
        if self._closing:
            return True
        self.cutting.settle()
        self.board_place.settle()
        self.producers.settle()
        not_kept = self.board_place.flush()
        if not_kept is not None:
            self._ask_to_close(f"{not_kept.message} {not_kept.remedy}")
            return False
        if self._state is None or not self.write.saver.dirty:
            self._finish_closing()
            return True
        if not self.client.running:
            self._ask_to_close("The script could not be saved: the part that saves it has ended.")
            return False
        self._wants_close = True
        self.write.saver.save(self._close_now)
        return False

    def _ask_to_close(self, why: str) -> None:
        """There are words that reach no file: the person decides whether to go without them."""
        error = Unavailable(
            f"{why} The words typed since the last save are in this window alone.",
            remedy="Copy them to another program, then close; or keep the window open and try again.",
        )
        self.shell.show_error(error, (Action("close", "Close without saving", self._close_now),))

    def _close_now(self) -> None:
        self._closing = True
        QTimer.singleShot(0, self.shell, self.shell.close)
        self._finish_closing()

    def _finish_closing(self) -> None:
        self._closing = True
        self.write.saver.stop()
        self.client.close()
        self.closed.emit()


def _draft_of(title_page: dict[str, str]) -> str:
    """What the title page calls this draft, where that is short enough for the bar."""
    for key in ("draft", "revision", "draft date"):
        words = " ".join(title_page.get(key, "").replace("*", "").replace("_", "").split())
        if words:
            return words if len(words) <= _DRAFT_LENGTH else ""
    return ""
