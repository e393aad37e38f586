"""The Write desk: outline, page and suggestions, side by side, over one script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.clearance_wanted import ClearanceWanted
from studio_assist.desk.leading import Leading
from studio_assist.desk.shell.splitter import DeskSplitter
from studio_assist.desk.theme import Theme
from studio_assist.desk.write import intents
from studio_assist.desk.write.ask_box import Blocked, Selected
from studio_assist.desk.write.asking import Asking
from studio_assist.desk.write.blocking import CLEARANCE, blocked_by_gate, blocked_by_refusal
from studio_assist.desk.write.card_words import FORGOTTEN, forgotten_words
from studio_assist.desk.write.cards_model import CandidatesModel, Card
from studio_assist.desk.write.document import ScriptDocument
from studio_assist.desk.write.gate_watch import GateWatch
from studio_assist.desk.write.narrow import NarrowPage
from studio_assist.desk.write.outline import Outline
from studio_assist.desk.write.outline_model import Row, SceneRow, SectionRow
from studio_assist.desk.write.pane import EditorPane
from studio_assist.desk.write.provenance import EntrySheet, ProvenancePopover
from studio_assist.desk.write.rewriting import ReplacedSheet, RewriteSheet
from studio_assist.desk.write.saving import Saver
from studio_assist.desk.write.temp_spans import TempSpans
from studio_assist.desk.write.tray import Tray
from studio_assist.domain.candidate import Anchor
from studio_assist.domain.errors import Refusal, StudioError
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.people import Person
from studio_assist.domain.placing import anchor_of, cue_of, element_at
from studio_assist.domain.screenplay import ElementType, Scene
from studio_assist.domain.temp import Debt, TempSpan, anchored
from studio_assist.domain.values import EntryNumber, RequestId

#: The outline and the stale marks follow the page this long after the last keystroke, in milliseconds.
SETTLE_MS: Final = 150
#: What a task can be asked about.
Needs = Literal["line", "scene", "script"]
#: What a person can ask about: words that are printed.
_LINES: Final = frozenset(
    {
        ElementType.ACTION,
        ElementType.DIALOGUE,
        ElementType.PARENTHETICAL,
        ElementType.LYRICS,
        ElementType.CENTERED,
        ElementType.TRANSITION,
    }
)


class WriteDesk(QWidget):
    """Everything of the Write desk that is not a widget of its own: what goes from one to the others.

    Signals:
        debt_changed: a `Debt`.
        saved: when the script was saved.
        error: a `StudioError` for the window to show.
        notice: a sentence for the window to show for a while.
        save_failed: the `StudioError` of a save.
        not_kept: the `StudioError` of an autosave; None once words are kept again.
        place_changed: the scene's label and page for the window's title.
        forget_wanted: the ledger entry whose texts a person wants forgotten.
        backend_wanted: the id of a backend that a person chose here instead of the one that is blocked.
        show_sheet: the request whose sheet at the gate is to come to the front.
    """

    debt_changed = Signal(object)
    saved = Signal(object)
    error = Signal(object)
    save_failed = Signal(object)
    not_kept = Signal(object)
    notice = Signal(str)
    working = Signal(object)
    forget_wanted = Signal(int)
    backend_wanted = Signal(str)
    show_sheet = Signal(str)
    clearance_wanted = Signal(object)

    def __init__(
        self, theme: Theme, client: BrokerClient, settings: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._client: Final = client
        self._person: Person | None = None
        self._debt = Debt()
        self._read_only: str | None = None
        self._tasks: tuple[protocol.TaskInfo, ...] = ()
        self._backend: BackendInfo | None = None
        self._backends: tuple[BackendInfo, ...] = ()
        self._scenes: list[Scene] = []
        self._pending: tuple[TempSpan, ...] | None = None
        self._state: protocol.ProjectState | None = None
        self._recovered: Callable[[], object] | None = None
        self._preview: tuple[str, tuple[TempSpan, ...]] | None = None
        self._last_ask: intents.Ask | None = None

        self.document: Final = ScriptDocument(self)
        self.pane: Final = EditorPane(theme, self.document)
        self.editor: Final = self.pane.editor
        self.outline: Final = Outline(theme)
        self.cards: Final = CandidatesModel(self)
        self.tray: Final = Tray(theme, self.cards)
        self.spans: Final = TempSpans(self)
        self.asking: Final = Asking(client, self.cards, self.editor, self.spans, self)
        self.gate: Final = GateWatch(self)
        self.saver: Final = Saver(client, self.content, self)
        self.popover: Final = ProvenancePopover(theme, self)

        box = self.tray.ask_box
        self.lead: Final = Leading(
            client, box.lead, box.field, self._noticed_words, lambda: self._person, self
        )
        self._splitter = DeskSplitter(settings, "write", self.outline, self.pane, self.tray, parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

        self._narrow: Final = NarrowPage(self.editor)

        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._connect()

    # properties

    @property
    def regions(self) -> list[QWidget]:
        """What F6 walks, left to right."""
        return [self.outline, self.pane, self.tray]

    @property
    def debt(self) -> Debt:
        return self._debt

    @property
    def state(self) -> protocol.ProjectState | None:
        return self._state

    @property
    def scenes(self) -> list[Scene]:
        return self._scenes

    # methods

    def preview(self, script: str, spans: tuple[TempSpan, ...]) -> None:
        """Show a script from disk at once, marks and all, to read until the broker has opened its project."""
        self._state = None
        self._pending = spans
        self._preview = (script, spans)
        self.saver.hold()
        self.asking.page_leaves()
        self.spans.load(spans)
        self.editor.setReadOnly(True)
        self.document.load(script)

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """Show a project."""
        shown, self._preview = self._preview, None
        self._state = state
        self._person = person
        self._read_only = state.read_only
        self._pending = state.spans
        self.popover.close_now()
        self.gate.clear()
        self.spans.load(state.spans)
        self.editor.set_read_only(state.read_only)
        self.tray.set_person(person.name, automated=person.automated)
        self.tray.set_paused(state.read_only)
        # A long script comes in slices, and its temp marks come last: no half of it may be saved.
        self.saver.hold()
        self.asking.page_leaves()
        if shown is not None and shown[0] == state.script and self.document.text() == state.script:
            # It is on the page already, and nobody could type into it; a long one may be coming in still.
            if not self.document.is_loading:
                self._loaded()
        else:
            self.document.load(state.script)

    def pause(self, why: str) -> None:
        """Another project is being opened: what is typed now would be typed into the wrong one."""
        if self._state is not None:
            self.saver.hold()
            self.editor.set_read_only(why)

    def resume(self) -> None:
        """It was not opened after all."""
        if self._state is not None and self._pending is None:
            self.saver.release()
            self.editor.set_read_only(self._read_only)

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again: page and cards stay, and learn what the record knows better."""
        if self._pending is not None:
            return
        self._state = state
        self._read_only = state.read_only
        self.editor.set_read_only(state.read_only)
        unsent = self.gate.unsent
        self.gate.clear()
        self.tray.set_asking(False)
        self.tray.set_paused(state.read_only)
        self.asking.rejoin(state, unsent)
        self.saver.rejoin(read_only=state.read_only is not None)

    def content(self) -> tuple[str, tuple[TempSpan, ...]]:
        """The script as it stands, with its temp spans."""
        if self._pending is not None:
            # Still on its way into the editor, where the marks come last.
            return self.document.text(), self._pending
        return self.document.text(), self.spans.standing(self.document.spans())

    def set_person(self, person: Person) -> None:
        self._person = person
        self.asking.set_person(person)
        self.tray.set_person(person.name, automated=person.automated)

    def set_backends(self, backends: tuple[BackendInfo, ...], chosen: BackendInfo | None) -> None:
        """Which model the tray asks."""
        self._backends = backends
        self._backend = chosen
        self.asking.set_backend(chosen.id if chosen else None, chosen.where.value if chosen else "here")
        if chosen:
            self.tray.set_backend(chosen.where.value, chosen.name, sends=not chosen.stays_here)
            local = self._local() is not None and not chosen.stays_here
            blocked = Blocked(rule=chosen.why, local_applies=local, remedy=chosen.remedy)
            self.tray.set_blocked(None if chosen.ready else blocked)
        params = protocol.ListTasksParams(backend=chosen.id if chosen else None)
        self._client.call(protocol.LIST_TASKS, params, owner=self).on_done(self._take_tasks)

    def set_record(self, ledger: protocol.LedgerState) -> None:
        """An altered record closes the tray; the script stays open."""
        if ledger.state == "altered":
            self.tray.set_paused(f"The record was altered: {ledger.why}")
        elif self._read_only is None:
            self.tray.set_paused(None)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        self.cards.apply(event)
        self.gate.take(event)
        self.lead.take(event)
        if isinstance(event, protocol.RequestChanged):
            self.working.emit(event)

    def next_temp(self) -> None:
        """Go to the next temp passage (F8)."""
        if self.editor.next_temp() is None:
            lost = self.spans.lost()
            self.notice.emit(
                f"{len(lost)} temp passages have lost their place."
                if lost
                else "There is no temp material here."
            )
        else:
            self.editor.setFocus()

    def show_scene(self, index: int) -> None:
        """Go to a scene and put the caret there."""
        if 0 <= index < len(self._scenes):
            scene = self._scenes[index]
            self.editor.select_range(scene.start, scene.start)
            self.editor.show_range(scene.start, scene.start)
            self.editor.setFocus()

    def rewrite_here(self) -> None:
        """Rewrite the temp text at the caret."""
        span = self.document.span_at(self.editor.selection()[0])
        if span is None:
            self.notice.emit("There is no temp text at the caret.")
        else:
            self._rewrite(span.id)

    def take_recovered(self, offer: protocol.RecoveryOffer, then: Callable[[], object]) -> None:
        """Show the words that a crash had kept from the file and save them; then call `then`.

        What stands on the page is saved first, so that it is among the previous versions. Temp text that is
        not in the words that come back is shown as lost: they take no mark off.
        """
        if self.saver.dirty:
            self.saver.save(lambda: self._take_recovered(offer, then))
        else:
            self._take_recovered(offer, then)

    def show_entry(self, entry: int) -> None:
        """Open the sheet with the story of a decision."""
        params = protocol.ProvenanceParams(entry=EntryNumber(entry))
        call = self._client.call(protocol.PROVENANCE, params, owner=self)
        call.on_done(self._show_entry).on_error(self.error.emit)

    def forgotten(self, entries: Iterable[EntryNumber]) -> None:
        """Texts that these entries speak of are in the record no more: no card may show them either."""
        named = frozenset(entries)
        self.popover.close_now()
        for card in self.cards.decided_by(named):
            self._tell_forgotten(card)

    def focus_ask(self) -> None:
        """To the ask field, about what is selected (Ctrl Shift Space)."""
        self._follow_caret()
        self.tray.focus_ask()

    def use_local(self, request: RequestId) -> None:
        """Ask a model of this machine what was blocked or not sent (the gate's sheet has a button for it)."""
        self.tray.set_blocked(None)
        self._use_local(intents.UseLocalModel(request=request, again=True))

    def ask_clearance(self, sheet: protocol.GateSheet) -> None:
        """Begin to ask for clearance of what the gate blocked, and show the draft."""
        blocked = blocked_by_gate(sheet, local=False)
        wanted = intents.AskClearance(request=sheet.request, rule=blocked.rule_id, why=blocked.rule)
        self._ask_clearance(wanted)

    # slots

    def _connect(self) -> None:
        self.document.loaded.connect(self._loaded)
        self.editor.script_changed.connect(self._changed)
        self.editor.spans_changed.connect(self._spans_changed)
        self.editor.caret_moved.connect(self._caret_moved)
        self.editor.selection_changed.connect(lambda *_args: self._follow_caret())
        self.editor.provenance_wanted.connect(self._show_provenance)
        self.editor.provenance_left.connect(self.popover.leave)
        self.editor.ask_wanted.connect(self.focus_ask)
        # The card stands beside its words; where they move away from under it, it closes.
        self.editor.verticalScrollBar().valueChanged.connect(lambda _at: self.popover.close_now())
        self.editor.zoom_changed.connect(lambda _percent: self.popover.close_now())
        self.editor.installEventFilter(self)
        self.outline.scene_chosen.connect(self.show_scene)
        self.outline.next_temp_wanted.connect(self.next_temp)
        self.outline.new_scene_wanted.connect(self._new_scene)
        self.tray.intended.connect(self._carry)
        self.tray.back_to_page.connect(self.editor.setFocus)
        self.tray.task_changed.connect(lambda _task: self._follow_caret())
        self.tray.show_sheet.connect(self.show_sheet)
        self.gate.changed.connect(lambda: self.tray.set_at_gate(self.gate.now))
        self.gate.blocked.connect(self._gate_blocked)
        self.lead.watch.noticed.connect(self._noticed)
        self.popover.intended.connect(self._carry)
        self.asking.placed.connect(self._settled)
        self.asking.placed.connect(self.saver.touch)
        self.asking.placed.connect(self.saver.save)
        self.asking.refused.connect(self.error)
        self.asking.ask_failed.connect(self._ask_failed)
        self.saver.saved.connect(self.saved)
        self.saver.failed.connect(self.save_failed)
        self.saver.not_kept.connect(self.not_kept)

    def _loaded(self) -> None:
        state, spans = self._state, self._pending
        if spans is None:
            return
        self.document.set_spans(
            [(span.id, span.start, span.end) for span in spans if span.state == "anchored"]
        )
        if state is None or self._person is None:
            # The page is painted first, then the outline is worked out.
            QTimer.singleShot(0, self, self._settled)
            return
        self._pending = None
        self.editor.set_lost_spans(
            {span.id: "Its text was changed outside the app." for span in self.spans.lost()}
        )
        if self._recovered is None:
            self.asking.load(state, self._person)
        else:
            self.asking.page_exchanged()
        self.saver.load(state.stamp, read_only=state.read_only is not None)
        for span in self.spans.without_words():
            self._fetch_words(span)
        if self._recovered is not None:
            then, self._recovered = self._recovered, None
            self.saver.touch()
            self.saver.save(then)
        self._settled()
        self._follow_caret()
        # A script opens at its first page's upper edge, not at the caret's row.
        self.editor.verticalScrollBar().setValue(0)

    def _fetch_words(self, span: TempSpan) -> None:
        def told(story: protocol.Provenance) -> None:
            self.spans.set_offered(span.id, story.offered)

        params = protocol.ProvenanceParams(entry=span.entry)
        self._client.call(protocol.PROVENANCE, params, owner=self).on_done(told).on_error(lambda _error: None)

    def _changed(self) -> None:
        if self._pending is None:
            self.saver.touch()
            self._settle.start()

    def _spans_changed(self, _added: list[str], _removed: list[str], _changed: list[str]) -> None:
        if self._pending is None:
            self.asking.script_changed({where.id for where in self.document.spans()})
            self._settle.start()

    def _settled(self) -> None:
        """After a pause in typing: outline, debt, stale marks."""
        text, spans = self.content()
        self._scenes = self.document.pagination.measured(self.document.script.scenes)
        counts = self.spans.by_scene(spans, text, [scene.start for scene in self._scenes])
        self.outline.set_scenes(self._outline_rows(counts))
        self._debt = self.spans.debt(spans, text)
        self.outline.set_debt(self._debt.lines)
        self.debt_changed.emit(self._debt)
        self.asking.check_anchors()
        self._show_current_scene()

    def _caret_moved(self, _line: int, _kind: str, _page: int, _scene: int) -> None:
        self._show_current_scene()
        self._follow_caret()

    def _show_current_scene(self) -> None:
        if self._pending is not None:
            return
        self.outline.set_current(self.editor.current_place().scene)

    def _follow_caret(self) -> None:
        """Show in the ask box what would be asked about."""
        if self._pending is not None:
            # A text is on its way into the editor; there is no place in it yet.
            return
        anchor = self._anchor()
        offers = self._offers(anchor)
        if anchor is None and not offers:
            self.tray.set_anchor(None)
            self.editor.set_anchor(None)
            return
        task = self.tray.task()
        line = anchor if task is None or task.needs == "line" else None
        self.tray.set_anchor(
            Selected(label=self._label(line), quote=line.quote if line else "", offers=offers)
        )
        self.editor.set_anchor((line.start, line.end) if line else None)
        self.lead.look()

    def _carry(self, intent: object) -> None:
        if self.asking.carry(intent):
            return
        match intent:
            case intents.Ask():
                self._ask(intent)
            case intents.AskAgain():
                self._ask_again(intent)
            case intents.UseLocalModel():
                self._use_local(intent)
            case intents.AskClearance():
                self._ask_clearance(intent)
            case intents.ShowLedgerEntry():
                self.show_entry(intent.entry)
            case intents.ForgetText():
                self.forget_wanted.emit(intent.entry)
            case intents.RewriteSpan():
                self._rewrite(intent.span)
            case intents.MarkReplaced():
                self._mark_replaced(intent.span)
            case _:
                pass

    def _ask_failed(self, error: StudioError) -> None:
        self.tray.set_asking(False)
        if isinstance(error, Refusal):
            away = self._backend is not None and not self._backend.stays_here
            local = self._local() is not None
            self.tray.set_blocked(blocked_by_refusal(error, away=away, local=local))
        else:
            self.tray.set_error(error.message, error.remedy)

    def _gate_blocked(self, sheet: protocol.GateSheet) -> None:
        """A rule kept a request here. Its sheet says so too; what the tray says stays when that is gone."""
        self.tray.set_blocked(blocked_by_gate(sheet, local=self._local() is not None))

    def _noticed(self, noticing: protocol.Noticing) -> None:
        """What was closed may be open now: a clearance was approved while it was away."""
        if noticing.closed is None:
            self.tray.clear_blocked(CLEARANCE)

    def _use_local(self, intent: intents.UseLocalModel) -> None:
        """Ask the model on this machine from now on, and what was blocked at once."""
        here = self._local()
        if here is None:
            self.tray.set_asking(False)
            return
        self.set_backends(self._backends, here)
        self.backend_wanted.emit(here.id)
        known = self.asking.request(intent.request) if intent.request is not None else None
        if known is not None:
            self._ask_again(intents.AskAgain(request=known.request))
        elif intent.again and self._last_ask is not None:
            self._ask(self._last_ask)

    def _noticed_words(self) -> protocol.NoticeParams | None:
        """What stands in the ask field, and what it is for."""
        task, scene = self.tray.task(), self._scene_here()
        if task is None or self._state is None or self._person is None:
            return None
        return protocol.NoticeParams(
            text=self.tray.note(),
            scene=scene.number if scene else None,
            task=task.id,
            backend=self._backend.id if self._backend else "",
            person=self._person.id,
        )

    def _scene_here(self) -> Scene | None:
        """The scene that the caret stands in."""
        index = self.editor.current_place().scene
        return self._scenes[index] if index is not None and index < len(self._scenes) else None

    def _ask_clearance(self, intent: intents.AskClearance) -> None:
        if self._person is None:
            return
        asked = self.asking.request(intent.request) if intent.request is not None else None
        backend = asked.backend if asked else self._backend.id if self._backend else ""
        last, scene, task = self._last_ask, self._scene_here(), self.tray.task()
        if asked is not None:
            text, number, name = asked.note, asked.scene, asked.task
        else:
            number = scene.number if scene else None
            text = last.note if last else self.tray.note()
            name = last.task if last else task.id if task else ""
        self.clearance_wanted.emit(
            ClearanceWanted(
                rule=intent.rule,
                why=intent.why,
                request=intent.request,
                text=text,
                scene=number,
                task=name,
                backend=backend,
            )
        )

    def _take_tasks(self, told: protocol.Tasks) -> None:
        self._tasks = told.tasks
        self.asking.set_tasks(told.tasks)
        self.tray.set_tasks(told.tasks)
        self._follow_caret()

    def _show_entry(self, story: protocol.Provenance) -> None:
        sheet = EntrySheet(self._theme, story, self.window())
        sheet.forget_wanted.connect(self.forget_wanted)
        sheet.open()

    def _tell_forgotten(self, card: Card) -> None:
        """Take the words off a card at once; who had them forgotten follows from the record."""
        self.cards.forgotten(card.id, FORGOTTEN)
        if card.decision is None:
            return

        def told(story: protocol.Provenance) -> None:
            if story.forgotten is not None:
                self.cards.forgotten(card.id, forgotten_words(story.forgotten))

        params = protocol.ProvenanceParams(entry=card.decision.entry)
        self._client.call(protocol.PROVENANCE, params, owner=self).on_done(told).on_error(lambda _error: None)

    def _show_provenance(self, span_id: str, where: QRect) -> None:
        span = self.spans.get(span_id)
        if span is None:
            return
        known = next((one for one in self.content()[1] if one.id == span_id), span)
        corner = self.editor.viewport().mapTo(self, where.topLeft())
        by_key = self.editor.hasFocus() and not self.editor.viewport().rect().contains(
            self.editor.viewport().mapFromGlobal(self.cursor().pos())
        )
        self.popover.show_span(
            known, QRect(QPoint(corner), where.size()), focus=by_key, automated=known.person == "automated"
        )

        def told(story: protocol.Provenance) -> None:
            if story.forgotten is not None:
                self.popover.show_forgotten(known.entry, forgotten_words(story.forgotten))

        params = protocol.ProvenanceParams(entry=known.entry)
        self._client.call(protocol.PROVENANCE, params, owner=self).on_done(told).on_error(lambda _error: None)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            self.saver.autosave()
        if watched is self.editor and event.type() == QEvent.Type.Resize:
            self.popover.close_now()
        return super().eventFilter(watched, event)

    # internals

    def _take_recovered(self, offer: protocol.RecoveryOffer, then: Callable[[], object]) -> None:
        state, stamp = self._state, self.saver.stamp
        if state is None or stamp is None or self._person is None:
            return
        text, standing = self.content()
        there = {span.id for span in offer.spans}
        spans = anchored(
            (*offer.spans, *(span for span in standing if span.id not in there)),
            offer.text,
            lambda span: text[span.start : span.end] if span.state == "anchored" else None,
        )
        self._recovered = then
        recovered = {"script": offer.text, "spans": spans, "stamp": stamp}
        self.load(state.model_copy(update=recovered), self._person)

    def _local(self) -> BackendInfo | None:
        """A model of this machine that can be asked now."""
        return next((info for info in self._backends if info.ready and info.stays_here), None)

    def _anchor(self) -> Anchor | None:
        """What is selected, within one element; the element at the caret where nothing is."""
        script = self.document.script.screenplay
        start, end, _text = self.editor.selection()
        element = element_at(script, start)
        if element is None or element.type not in _LINES:
            return None
        whole = anchor_of(script, element)
        if start == end:
            return whole
        start, end = max(start, whole.start), min(end, whole.end)
        if start >= end:
            return whole
        return Anchor(start=start, length=end - start, quote=script.text[start:end])

    def _offers(self, anchor: Anchor | None) -> frozenset[Needs]:
        offers: set[Needs] = {"script"} if self._scenes or self.document.script.line_count > 1 else set()
        if self.editor.current_place().scene is not None:
            offers.add("scene")
        if anchor is not None and anchor.length:
            offers.add("line")
        return frozenset(offers)

    def _outline_rows(self, temp: list[int]) -> list[Row]:
        """The scenes with their temp counts, and the section headings where they stand between them."""
        script = self.document.script
        rows: list[tuple[int, Row]] = [
            (scene.start, SceneRow(scene.index, scene.number, scene.heading, scene.eighths or 1, count))
            for scene, count in zip(self._scenes, temp, strict=True)
        ]
        for line in script.lines_of(ElementType.SECTION):
            words = script.visible(line).strip()
            title = words.lstrip("#")
            rows.append((script.start(line), SectionRow(title.strip(), len(words) - len(title))))
        return [row for _start, row in sorted(rows, key=lambda placed: placed[0])]

    def _label(self, anchor: Anchor | None) -> str:
        scene = self._scene_here()
        parts = [f"Sc {scene.number}"] if scene else []
        cue = cue_of(self.document.script.screenplay, anchor)
        if cue:
            parts.append(cue)
        return ", ".join(parts)

    def _ask(self, intent: intents.Ask) -> None:
        anchor, scene = self._anchor(), self._scene_here()
        task = next((task for task in self._tasks if task.id == intent.task), None)
        if task is not None and task.needs != "line":
            start = self.editor.selection()[0]
            anchor = Anchor(start=start, length=0, quote="")
        cue = cue_of(self.document.script.screenplay, anchor)
        model = self._backend.model if self._backend else ""
        self._last_ask = intent
        self.tray.set_asking(True)
        self.asking.ask(intent, anchor, scene.number if scene else None, cue, model)

    def _ask_again(self, intent: intents.AskAgain) -> None:
        request = self.asking.request(intent.request)
        if request is None:
            return
        anchor = self.asking.anchor_of(intent.request)
        if anchor is None and request.anchor is not None:
            # The line is gone: what is asked about now is where the caret stands.
            anchor = self._anchor()
        again = intents.Ask(
            task=request.task, note=request.note, count=1 if intent.candidate else self.tray.count()
        )
        self._last_ask = again
        model = self._backend.model if self._backend else request.model
        self.tray.set_asking(True)
        self.asking.ask(again, anchor, request.scene, request.cue, model)

    def _rewrite(self, span_id: str) -> None:
        ranges = [where for where in self.document.spans() if where.id == span_id]
        span = self.spans.get(span_id)
        if not ranges or span is None or self._read_only:
            return
        self.editor.show_range(ranges[0].start, ranges[0].end)
        sheet = RewriteSheet(self._theme, self.window(), ranges[0].text)
        sheet.rewritten.connect(lambda words: self._replace(span_id, words))
        sheet.open()

    def _mark_replaced(self, span_id: str) -> None:
        standing = next((span for span in self.content()[1] if span.id == span_id), None)
        if standing is None or self._read_only:
            return
        there = self.document.text()[standing.start : standing.end] if standing.state == "anchored" else ""
        sheet = ReplacedSheet(self._theme, self.window(), there, round(100 * standing.edited))
        sheet.confirmed.connect(lambda: self._replace(span_id, None))
        sheet.open()

    def _replace(self, span_id: str, words: str | None) -> None:
        person, span = self._person, self.spans.get(span_id)
        if person is None or span is None:
            return
        how = "marked" if words is None else "rewritten"
        params = protocol.ReplaceSpanParams(span=span, how=how, result=words, person=person)

        def done(_recorded: protocol.Recorded) -> None:
            self.editor.replace_span_by_human(span_id, words)
            self.spans.replaced(span_id)
            self.popover.close_now()
            self.saver.touch()
            self.saver.save()
            self._settled()
            self.editor.setFocus()

        self._client.call(protocol.REPLACE_SPAN, params, owner=self).on_done(done).on_error(self.error.emit)

    def _new_scene(self, after: int) -> None:
        """Open a line for a new scene behind one, and leave the heading to the person."""
        text = self.document.text()
        end = self._scenes[after].end if 0 <= after < len(self._scenes) else len(text)
        while end and text[end - 1] in "\r\n":
            end -= 1
        self.editor.select_range(end, end)
        self.editor.insert_scene()
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
