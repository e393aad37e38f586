"""The suggestions tray: ask, watch, and decide one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from studio_assist.desk.kit import (
    Button,
    Divider,
    ElidedLabel,
    IconButton,
    IconLabel,
    Label,
    LinkButton,
    Panel,
    ProgressBar,
)
from studio_assist.desk.shell.model import sentences
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.ask_box import AskBox, Blocked, Selected, Where
from studio_assist.desk.write.card_list import FRAME_MS, CardList
from studio_assist.desk.write.card_words import clock
from studio_assist.desk.write.cards_model import DECIDED, CandidatesModel, RequestShown
from studio_assist.desk.write.chips import TaskChips
from studio_assist.desk.write.gate_row import GateRow
from studio_assist.desk.write.gate_watch import AtGate
from studio_assist.desk.write.intents import Ask, AskAgain, AskClearance, Stop, UseLocalModel
from studio_assist.domain.values import RequestId
from studio_assist.protocol import TaskInfo

__all__ = ["Blocked", "Selected", "Tray", "not_shown"]

#: Narrower than this, the progress is said without its bar, px.
_WITH_BAR_PX: Final = 320

#: How the broker begins to say what was not worth a card, and the counts in it.
_NOT_SHOWN: Final = "Not shown: "
_COUNT: Final = re.compile(r"(?<!\S)\d+(?= )")
#: The number that a scene heading carries in Fountain.
_NUMBER: Final = re.compile(r"\s*#[^#\n]+#\s*$")

_NEEDS: Final = {
    "line": "Select a speech or a line of action first.",
    "scene": "Put the caret into a scene first.",
    "script": "Open a script first.",
}


class Tray(Panel):
    """The right side of the Write desk. It shows the candidates' model and says what the person wants."""

    intended = Signal(object)  # an intent
    back_to_page = Signal()
    task_changed = Signal(str)
    show_sheet = Signal(str)  # the request whose sheet is to come to the front

    def __init__(self, theme: Theme, model: CandidatesModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface1", "l", parent)
        self._model: Final = model
        self._selected: Selected | None = None
        self._blocked: Blocked | None = None
        self._paused = ""
        self._asking = False
        self._newest: RequestId | None = None
        self._error: tuple[str, str] | None = None
        self._told: RequestId | None = None
        self.setObjectName("suggestions_tray")
        self.setAccessibleName("Suggestions")
        self.setMinimumWidth(200)
        self._build()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(FRAME_MS)
        self._late.timeout.connect(self._show_head)
        model.listed.connect(self._listed)
        model.changed.connect(self._head_later)
        model.request_changed.connect(self._head_later)
        self._refresh()
        self._show_head()

    # methods

    def task(self) -> TaskInfo | None:
        """The chosen task."""
        return self._chips.task

    def note(self) -> str:
        """What the person wrote to the model."""
        return self.ask_box.note

    def count(self) -> int:
        """How many candidates are asked for."""
        return self.ask_box.count

    def set_person(self, name: str, automated: bool = False) -> None:
        """Say who asks and decides."""
        self._person.set_text(f"{'Automated tour' if automated else f'Asked by {name}'} · logged")

    def set_tasks(self, tasks: Sequence[TaskInfo]) -> None:
        """Offer these tasks."""
        self._chips.set_tasks(tasks)
        self._order_tabs()
        self._refresh()

    def choose_task(self, task: str) -> None:
        """Choose a task by its id."""
        self._chips.choose(task)
        self._pass()
        self._refresh()

    def set_backend(self, where: Where, name: str, *, sends: bool) -> None:
        """Say where a request goes."""
        self.ask_box.set_backend(where, name, sends=sends)

    def set_anchor(self, selected: Selected | None) -> None:
        """What an ask would be about; None where no script is open."""
        if selected != self._selected:
            self._pass()
            self._selected = selected
            self.ask_box.anchor.set_anchor(
                selected.label if selected else "", selected.quote if selected else ""
            )
            self._refresh()
            self._head_later()

    def set_note(self, text: str) -> None:
        """Put words into the ask field."""
        self.ask_box.field.setPlainText(text)

    def set_count(self, count: int) -> None:
        """Ask for this many candidates, 1 to 8."""
        self.ask_box.set_count(count)

    def set_blocked(self, blocked: Blocked | None) -> None:
        """Show that a rule shuts the chosen backend, or kept a request here; None takes it back."""
        self._blocked = blocked
        if blocked is not None:
            self._asking = False
        self._refresh()

    def clear_blocked(self, rule: str) -> None:
        """What this rule said of the last ask holds no more: the same words may be asked."""
        if self._blocked is not None and self._blocked.passing and self._blocked.rule_id == rule:
            self.set_blocked(None)

    def set_at_gate(self, at_gate: AtGate | None) -> None:
        """Say that a request waits at the gate, or for an answer."""
        self._gate.show_state(at_gate)
        self._show_head()

    def set_error(self, message: str, remedy: str = "") -> None:
        """Say that asking did not work, and offer to try again."""
        self._error, self._asking = (message, remedy), False
        self._refresh()

    def clear_error(self) -> None:
        """The trouble is over."""
        self._error = None
        self._refresh()

    def set_asking(self, asking: bool) -> None:
        """An ask is on its way and not yet answered."""
        self._asking = asking
        self._refresh()

    def set_paused(self, reason: str | None) -> None:
        """Shut asking, with the reason; None opens it again."""
        self._paused = reason or ""
        self._refresh()

    def focus_ask(self) -> None:
        """Go to the ask field."""
        self.ask_box.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_cards(self) -> None:
        """Go to the first undecided card, or to the ask field where there is none."""
        if not self.cards.focus_first():
            self.focus_ask()

    # slots

    def _ask(self) -> None:
        task = self.task()
        if task is None or self._why_not():
            return
        self._error, self._asking = None, True
        self._pass()
        self._refresh()
        self.intended.emit(Ask(task=task.id, note=self.note(), count=self.count()))

    def _stop(self) -> None:
        for request in self._model.requests():
            if request.state == "running":
                self.intended.emit(Stop(request=request.id))

    def _retry(self) -> None:
        current = self._model.current
        if self._error is None and current is not None and current.state == "failed":
            self.intended.emit(AskAgain(request=current.id))
        else:
            self._ask()

    def _task_chosen(self, task: str) -> None:
        self._pass()
        self._refresh()
        self.task_changed.emit(task)

    def _listed(self) -> None:
        newest = next(iter(self._model.requests()), None)
        if newest is None or newest.id != self._newest:
            self._newest = newest.id if newest else None
            self._asking, self._error = False, None
        self._order_tabs()
        self._show_head()

    def _head_later(self, _id: str = "") -> None:
        if not self._late.isActive():
            self._late.start()

    def _show_requests(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("requests_menu")
        current = self._model.current
        for request in self._model.requests():
            waiting = self._model.undecided(request.id)
            parts = [f"{clock(request.open.at)}  {self._title(request)}", request.place]
            parts.append(f"{waiting} undecided" if waiting else "decided")
            action = menu.addAction(" · ".join(part for part in parts if part))
            action.setCheckable(True)
            action.setChecked(current is not None and request.id == current.id)
            action.triggered.connect(lambda _on=False, wanted=request.id: self._model.show_request(wanted))
        if menu.isEmpty():
            menu.addAction("Nothing asked yet").setEnabled(False)
        menu.popup(self._earlier.mapToGlobal(self._earlier.rect().bottomLeft()))

    def _tell_not_shown(self) -> None:
        """Say why, or stop saying it."""
        current = self._model.current
        here = current.id if current is not None else None
        self._told = None if self._told == here else here
        self._refresh()

    def _use_local(self) -> None:
        blocked = self._blocked
        if blocked is None:
            return
        again = blocked.passing
        if again:
            self._blocked, self._asking = None, True
            self._refresh()
        self.intended.emit(UseLocalModel(request=blocked.request, again=again))

    def _ask_clearance(self) -> None:
        blocked = self._blocked
        if blocked is not None:
            wanted = AskClearance(request=blocked.request, rule=blocked.rule_id, why=blocked.rule)
            self.intended.emit(wanted)

    def _note_changed(self) -> None:
        if self._blocked is not None and self._blocked.passing:
            self._pass()
            self._refresh()

    def _put_away(self) -> None:
        self._pass()
        self._refresh()
        self.focus_ask()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head_later()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_to_page.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    # internals: building

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_header())
        column.addWidget(Divider(theme))
        column.addLayout(self._build_ask())
        column.addWidget(Divider(theme))
        column.addLayout(self._build_list_header())
        self.cards = CardList(theme, self._model)
        self.cards.intended.connect(self.intended)
        self.cards.back_wanted.connect(self.back_to_page)
        self.cards.others_wanted.connect(self._show_requests)
        column.addWidget(self.cards, 1)
        column.addWidget(Divider(theme))
        column.addWidget(self._build_footer())

    def _build_header(self) -> QWidget:
        theme = self._theme
        header = QWidget()
        header.setFixedHeight(39)
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 1, 7, 0)
        row.setSpacing(8)
        row.addWidget(Label(theme, "Suggestions", "strong"))
        self._person = ElidedLabel(theme, "", "meta", "text3")
        row.addStretch(1)
        row.addWidget(self._person)
        self._earlier = IconButton(theme, "clock", "Earlier requests")
        self._earlier.setObjectName("requests_button")
        self._earlier.clicked.connect(self._show_requests)
        row.addWidget(self._earlier)
        return header

    def _build_ask(self) -> QVBoxLayout:
        theme = self._theme
        self._chips = TaskChips(theme)
        self._chips.chosen.connect(self._task_chosen)
        self.ask_box = AskBox(theme)
        self.ask_box.ask_wanted.connect(self._ask)
        self.ask_box.stop_wanted.connect(self._stop)
        self.ask_box.local_wanted.connect(self._use_local)
        self.ask_box.clearance_wanted.connect(self._ask_clearance)
        self.ask_box.put_away.connect(self._put_away)
        self.ask_box.field.textChanged.connect(self._note_changed)
        self.ask_box.left.connect(self.back_to_page)
        self._why = Label(theme, "", "caption", "text3", wrap=True)
        self._why.setObjectName("ask_reason")
        column = QVBoxLayout()
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(0)
        column.addWidget(self._chips)
        column.addSpacing(10)
        column.addWidget(self.ask_box)
        column.addWidget(self._why)
        self._why.setContentsMargins(0, 8, 0, 0)
        return column

    def _build_list_header(self) -> QVBoxLayout:
        theme = self._theme
        self._counted = ElidedLabel(theme, "", "captionMedium", "text")
        self._decided = ElidedLabel(theme, "", "caption", "text3")
        self._bar = ProgressBar(theme, width_px=52)
        self._writing = Label(theme, "", "caption", "text2")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._counted)
        row.addWidget(self._decided)
        row.addStretch(1)
        row.addWidget(self._bar)
        row.addWidget(self._writing)
        self._not_shown = LinkButton(theme, "", token="text3")
        self._not_shown.setObjectName("not_shown_button")
        self._not_shown.setFixedHeight(16)
        self._not_shown.clicked.connect(self._tell_not_shown)
        row.addWidget(self._not_shown)
        self._about = ElidedLabel(theme, "", "meta", "text3")
        self._said = Label(theme, "", "caption", "text2", wrap=True)
        self._said.setObjectName("tray_note")
        self._retry_button = Button(theme, "Retry", height_px=26, role="captionMedium")
        self._retry_button.setObjectName("retry_request_button")
        self._retry_button.clicked.connect(self._retry)
        trouble = QHBoxLayout()
        trouble.setSpacing(8)
        trouble.addWidget(self._said, 1)
        trouble.addWidget(self._retry_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(12, 10, 12, 7)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._about)
        self._gate = GateRow(theme)
        self._gate.show_sheet.connect(self.show_sheet)
        column.addWidget(self._gate)
        column.addLayout(trouble)
        return column

    def _build_footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(34)
        row = QHBoxLayout(footer)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(self._theme, "hand", "text3", 14))
        promise = "Nothing enters the script until you decide, one by one."
        row.addWidget(ElidedLabel(self._theme, promise, "meta", "text3"), 1)
        return footer

    def _order_tabs(self) -> None:
        """Cards and chips come and go; Tab walks them as they are read, from the top to the bottom."""
        stops = [self._earlier, *self._chips.tab_stops(), *self.ask_box.tab_stops(), self._not_shown]
        stops += [self._gate.button, self._retry_button]
        stops += self.cards.tab_stops()
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    # internals: showing

    def _running(self) -> bool:
        return any(request.state == "running" for request in self._model.requests())

    def _why_not(self) -> str:
        """Why a person cannot ask now, or ""."""
        task = self.task()
        if self._paused:
            return self._paused
        if self._blocked:
            return self._blocked.rule
        if task is None:
            return "No task can be asked yet."
        if task.closed:
            return task.closed
        if self._selected is None or task.needs not in self._selected.offers:
            return _NEEDS[task.needs]
        if self._asking or self._running():
            if self._gate.shown is not None:
                return f"{self._gate.shown.said}. Stop it, or wait."
            return "The model is writing. Stop it, or wait."
        return ""

    def _pass(self) -> None:
        """What is asked is another thing now: a rule that blocked the last ask says nothing of it."""
        if self._blocked is not None and self._blocked.passing:
            self._blocked = None

    def _refresh(self) -> None:
        """Show what can be asked, and why not."""
        why, task, running = self._why_not(), self.task(), self._running()
        self.ask_box.set_state(may_ask=not why, running=running, why=why)
        self.ask_box.set_blocked(self._blocked)
        here = self._selected
        label = "The whole script" if here and task and task.needs == "script" else here.label if here else ""
        self.ask_box.anchor.set_anchor(label, here.quote if here else "")
        self._chips.set_blocked(self._blocked.rule if self._blocked else "")
        self.ask_box.field.set_hint(task.hint if task else "")
        shown = why if not (self._blocked or running or self._asking) else ""
        self._why.set_text(shown)
        self._why.setVisible(bool(shown))
        self._show_trouble()

    def _show_head(self) -> None:
        """Show how far the shown request has come."""
        self._late.stop()
        request = self._model.current
        cards = self._model.cards()
        decided = sum(1 for card in cards if card.state in DECIDED)
        self._counted.set_text(
            f"{len(cards)} {'candidate' if len(cards) == 1 else 'candidates'}" if request else ""
        )
        self._decided.set_text(f"{decided} decided" if request else "")
        running = request is not None and request.state == "running"
        # Nothing is written while the request waits for a person or for an answer.
        writes = running and self._gate.shown is None
        self._bar.setVisible(writes and self.width() >= _WITH_BAR_PX)
        self._writing.setVisible(writes)
        if request is not None and running:
            total = max(request.total, len(cards), 1)
            at = min(request.done + 1, total)
            self._writing.set_text(f"Writing {at} of {total}")
            self._bar.set_share(request.done / total)
        about = self._about_text(request)
        self._about.set_text(about)
        self._about.setVisible(bool(about))
        self._refresh()

    def _about_text(self, request: RequestShown | None) -> str:
        """What the cards are for, where that is not what an ask would now be about."""
        if request is None:
            return ""
        quote = request.open.anchor.quote if request.open.anchor else ""
        here = self._selected is not None and (request.place, quote.strip()) == (
            self._selected.label,
            self._selected.quote.strip(),
        )
        if here:
            return ""
        parts = (request.place, " ".join(_NUMBER.sub("", quote).split()))
        return f"{self._title(request)} for {'  '.join(part for part in parts if part) or 'the script'}"

    def _show_trouble(self) -> None:
        request = self._model.current
        said, again = "", False
        dropped, told = parted(request.note) if request is not None else ("", "")
        apart = not_shown(dropped)
        if self._error:
            said, again = sentences(*self._error), not self._why_not()
        elif request is not None and self._blocked is not None and self._blocked.request == request.id:
            # The ask box says why, and what can be done.
            pass
        elif request is not None and (request.note or request.state == "failed"):
            failed = request.state == "failed"
            kept = dropped if self._told == request.id else ""
            note = told or ("The model stopped." if failed and not dropped else "")
            said = sentences(kept, note, request.remedy)
            again = failed and not self._why_not()
        self._not_shown.setText(f"{apart} not shown")
        self._not_shown.setAccessibleName(f"{apart} not shown. Say why")
        self._not_shown.setToolTip(dropped if apart else "")
        self._not_shown.updateGeometry()
        self._not_shown.setVisible(bool(apart))
        self._said.set_text(said)
        self._said.setVisible(bool(said))
        self._retry_button.setVisible(again)

    def _title(self, request: RequestShown) -> str:
        return self._chips.title_of(request.open.task)


def parted(note: str) -> tuple[str, str]:
    """What a note says of candidates that are not shown, and what else it says (of names that did not come
    back as they were sent, of what went wrong)."""
    if not note.startswith(_NOT_SHOWN):
        return "", note
    dropped, dot, rest = note.partition(". ")
    return dropped + ("." if dot else ""), rest


def not_shown(note: str) -> int:
    """How many candidates a note says were not worth a card; 0 where it speaks of something else."""
    dropped, _told = parted(note)
    return sum(int(count) for count in _COUNT.findall(dropped))
