"""The tour: the window driven through its main job on a throw-away sample, a picture of each step.

It presses the keys and buttons that a person would, waits for what they would wait for, and decides as the
automat that it is: the record says so.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.kit import Sheet
from studio_assist.desk.studio import Studio
from studio_assist.desk.theme import Theme
from studio_assist.desk.tour_board import walk_board
from studio_assist.desk.tour_cutting import walk_animatic
from studio_assist.desk.tour_producer import walk_producer
from studio_assist.desk.write.sheet import GAP_PX
from studio_assist.desk.write.sheet import Sheet as PageSheet
from studio_assist.domain.candidate import OPEN, State
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.people import AUTOMATED, Person
from studio_assist.storage.settings import Settings

#: The longest any step may take, in seconds: making the sample runs the model some fifty times.
PATIENCE_S: Final = 120.0

W = TypeVar("W", bound=QWidget)


class TourWindow(Protocol):
    """What the front door hands over: an application with a studio in it."""

    theme: Theme
    studio: Studio
    client: BrokerClient
    application: QApplication

    def end(self) -> None: ...


class MakeWindow(Protocol):
    """Makes the window; the front door's own class does."""

    def __call__(self, *, settings: Settings, person: Person, theme: str) -> TourWindow: ...


class Tour:
    """One run. Every step leaves a picture in the folder, named in order."""

    def __init__(self, make: MakeWindow, out: Path, tell: Callable[[str], None]) -> None:
        self._make: Final = make
        self._out: Final = out
        self._tell: Final = tell
        self._steps: list[dict[str, str]] = []
        self._trouble: list[str] = []

    def run(self) -> list[dict[str, str]]:
        """Walk through it all.

        Raises:
            Unavailable: a step did not come to its end; says which.
        """
        self._out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="studio-assist-tour-") as place:
            home = Path(place)
            settings = Settings(home / "settings")
            kept = settings.load()
            options = {**kept.options, "projects_folder": str(home)}
            settings.save(kept.model_copy(update={"options": options, "profile": AUTOMATED}))
            window = self._make(settings=settings, person=AUTOMATED, theme="dark")
            window.client.bug.connect(lambda bug: self._trouble.append(f"{bug}: {bug.details}"))
            try:
                self._walk(window, home)
            finally:
                window.studio.shell.close()
                self.wait(lambda: not window.client.running, "the window to close")
                window.end()
        if self._trouble:
            raise Unavailable(f"The tour met a fault: {self._trouble[0]}", remedy="Send us these details.")
        (self._out / "tour.json").write_text(json.dumps({"steps": self._steps}, indent=2) + "\n", "utf-8")
        return self._steps

    # methods of the steps

    def grab(self, window: QWidget, name: str) -> None:
        """Keep a picture of how the window looks now."""
        file = self._out / f"{len(self._steps) + 1:02d}-{name}.png"
        window.grab().save(str(file))
        self._steps.append({"name": name, "picture": str(file)})
        self._tell(name)

    def settle(self, ms: int = 400) -> None:
        """Let timers run and everything paint."""
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.005)

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Go on once something is so. Raises `Unavailable` where it does not come about."""
        end = time.monotonic() + PATIENCE_S
        while not until():
            if self._trouble:
                raise Unavailable(
                    f"The tour met a fault: {self._trouble[0]}", remedy="Send us these details."
                )
            if time.monotonic() > end:
                raise Unavailable(
                    f"The tour waited in vain for {what}.", remedy="Run it again; if it stays, tell us."
                )
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.005)

    # steps

    def _walk(self, window: TourWindow, home: Path) -> None:
        studio = window.studio
        shell, write = studio.shell, studio.write
        shell.resize(1440, 900)
        studio.begin(None)
        page = studio.start_page.page
        self.wait(
            lambda: len(page.backends) > 1 and page.backends[0].row.kind != "looking",
            "the models to be found",
        )
        self.grab(shell, "first-run")
        QTest.keyClick(page.cards[0], Qt.Key.Key_Return)
        self.wait(lambda: studio.state is not None and bool(write.scenes), "the sample to be made")
        self.settle()
        self.grab(shell, "sample-open")

        temp = self._go_to_speech(studio)
        self.settle()
        self._ask(studio)
        self.grab(shell, "asked")
        self.wait(lambda: bool(self._cards(studio)) and not studio.model.queue, "the candidates")
        self.settle()
        fresh = self._cards(studio)
        self._see(studio, fresh[0])
        if temp is not None:
            self._rest_on(studio, temp)
        self.grab(shell, "write")
        shell.set_theme("light")
        self.settle()
        self.grab(shell, "light")
        shell.set_theme("dark")
        write.popover.close_now()

        self._decide(studio, fresh, Qt.Key.Key_A, State.ACCEPTED)
        self.settle()
        self.grab(shell, "accepted")
        still = [card for card in fresh if any(self._is(studio, card, state) for state in OPEN)]
        if still:
            self._decide(studio, still, Qt.Key.Key_R, State.REJECTED)

        write.editor.setFocus()
        QTest.keyClick(shell, Qt.Key.Key_F8)
        self.settle()
        QTest.keyClick(write.editor, Qt.Key.Key_F2)
        self.wait(write.popover.isVisible, "who accepted it")
        QTest.keyClick(QApplication.focusWidget() or write.popover, Qt.Key.Key_Return)
        self.wait(lambda: shell.findChild(Sheet, "entry_sheet") is not None, "the ledger entry")
        self.settle()
        self.grab(shell, "ledger-entry")
        _child(shell, Sheet, "entry_sheet").dismiss()
        write.popover.close_now()

        self._refused_final(studio)
        self._export(studio, home)
        studio.check_ledger()
        self.wait(lambda: studio.model.ledger == "intact", "the ledger to be checked")
        self.settle()
        self.grab(shell, "ledger-checked")
        walk_board(self, studio)
        walk_animatic(self, studio)
        walk_producer(self, studio)

    def _go_to_speech(self, studio: Studio) -> str | None:
        """Put the caret into a speech below temp words, with its whole page in sight.

        Returns:
            the temp span above it, None where the sample has none.
        """
        write = studio.write
        document = write.document
        speeches = [one for one in document.script.screenplay.elements if one.type == "dialogue"]
        if not speeches:
            raise Unavailable("The sample has no speech to ask about.", remedy="Install Studio Assist again.")
        page_of, line_of = document.pagination.page_of, document.line_of
        spans = sorted(document.spans(), key=lambda span: span.start)
        for span in spans:
            page = page_of(line_of(span.start))
            # The provenance card covers the lines next to the temp words; a first page has no number.
            clear = line_of(span.end) + 4
            below = [one for one in speeches if line_of(one.start) >= clear and len(one.text) > 30]
            near = next((one for one in below if page_of(line_of(one.start)) == page), None)
            if page > 0 and near is not None:
                write.editor.select_range(near.start, near.start)
                self.settle(100)
                self._show_page(studio, page)
                return span.id
        write.editor.select_range(speeches[0].start, speeches[0].start)
        write.editor.show_range(speeches[0].start, speeches[0].start)
        return spans[0].id if spans else None

    def _show_page(self, studio: Studio, page: int) -> None:
        """Scroll to a page's upper edge."""
        editor, document = studio.write.editor, studio.write.document
        first = next(
            line
            for line in document.pagination.page_lines(page)
            if document.pagination.place(line)[0] == page and document.script.texts[line].strip()
        )
        row = document.pagination.place(first)[1]
        sheet = PageSheet(editor.zoom_percent)
        top = editor.cursorRect(QTextCursor(document.findBlockByNumber(first))).top()
        bar = editor.verticalScrollBar()
        bar.setValue(round(bar.value() + top - row * sheet.row - sheet.body_top - GAP_PX))

    def _ask(self, studio: Studio) -> None:
        """To the ask field by its key, a note, and Ctrl Enter; until the first words have come."""
        write = studio.write
        before = set(self._cards(studio))
        QTest.keyClick(
            write.editor,
            Qt.Key.Key_Space,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        field = _child(write.tray, QPlainTextEdit, "ask_field")
        QTest.keyClicks(field, "Colder. The answer is known already.")
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        started = time.monotonic()

        def words() -> bool:
            fresh = set(self._cards(studio)) - before
            writing = any(self._is(studio, card, State.STREAMING) for card in fresh)
            # A model that is done before it was seen writing is no fault.
            return writing or (bool(fresh) and not studio.model.queue and time.monotonic() - started > 1)

        self.wait(words, "the first words")
        self.settle(150)

    def _see(self, studio: Studio, card: str) -> None:
        """Go to a card, as one does to decide on it."""
        studio.write.tray.focus_cards()
        self._card_widget(studio, card).setFocus()
        self.settle()

    def _rest_on(self, studio: Studio, span: str) -> None:
        """Rest the mouse on temp words until the card beside them says who let them in."""
        editor, popover = studio.write.editor, studio.write.popover
        there = editor.span_rect(span).center()
        for at in (there + QPoint(9, 0), there):
            spot = QPointF(at)
            moved = QMouseEvent(
                QEvent.Type.MouseMove,
                spot,
                QPointF(editor.viewport().mapToGlobal(at)),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(editor.viewport(), moved)
        self.wait(popover.isVisible, "who accepted it")
        self.settle(200)

    def _decide(self, studio: Studio, cards: list[str], key: Qt.Key, state: State) -> None:
        """Decide on the first card by its key, once it has been seen."""
        card = cards[0]
        self._see(studio, card)
        QTest.keyClick(self._card_widget(studio, card), key)
        self.wait(lambda: self._is(studio, card, state), f"the decision on {card}")

    def _refused_final(self, studio: Studio) -> None:
        """A final export is refused while temp material is left, and says where it is."""
        studio.cutting.export()
        sheet = self._open_sheet(studio)
        QTest.keyClick(_child(sheet, QPushButton, "export_where"), Qt.Key.Key_Return)
        places = _child(sheet, QWidget, "export_places")
        self.wait(places.isVisible, "what stands in the way of a final export")
        self.settle()
        self.grab(studio.shell, "final-refused")
        sheet.dismiss()
        self.settle(50)

    def _export(self, studio: Studio, home: Path) -> None:
        studio.cutting.export()
        sheet = self._open_sheet(studio)
        _child(sheet, QLineEdit, "export_path").setText(str(home / "Sample.pdf"))
        QTest.keyClick(_child(sheet, QPushButton, "export_go"), Qt.Key.Key_Return)
        written = _child(sheet, QWidget, "export_folder")
        self.wait(lambda: (home / "Sample.pdf").exists() and written.isVisible(), "the export")
        self.settle()
        self.grab(studio.shell, "exported")
        sheet.dismiss()

    def _open_sheet(self, studio: Studio) -> Sheet:
        sheet = studio.shell.sheet()
        if sheet is None:
            raise Unavailable("The window has no sheet open.", remedy="Run the tour again.")
        return sheet

    # internals

    def _cards(self, studio: Studio) -> list[str]:
        return [card.candidate.id for card in studio.write.cards.cards()]

    def _is(self, studio: Studio, card: str, state: State) -> bool:
        found = next((one for one in studio.write.cards.cards() if one.candidate.id == card), None)
        return found is not None and found.candidate.state is state

    def _card_widget(self, studio: Studio, card: str) -> QWidget:
        for widget in studio.write.tray.findChildren(QWidget, "candidate_card"):
            if widget.property("candidate_id") == card:
                return widget
        raise Unavailable(f"There is no card of {card}.", remedy="Run the tour again.")


def _child(parent: QWidget, kind: type[W], name: str) -> W:
    """A part of the window by its name, which tests rely on too."""
    found = parent.findChild(kind, name)
    if found is None:
        raise Unavailable(f"The window has no {name}.", remedy="Run the tour again; if it stays, tell us.")
    return found
