"""The producer's side through the window with the broker behind it: a clearance, the record read, a tampered one."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QWidget

from studio_assist.desk.clear.room import ClearRoom
from studio_assist.desk.kit import Label
from studio_assist.desk.review.word_diff import WordsView
from studio_assist.domain.candidate import State
from studio_assist.domain.record import ClearanceApproved, Entry, VerdictGiven
from studio_assist.domain.values import sha256_of
from tests.bench.many_entries import make_project
from tests.desk.artist import ARTIST, LEFT, NONE, entries_of
from tests.desk.studio_driver import CTRL, SHIFT, Driver

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LINE = "The last boat left an hour ago."
HOMAGE = "in the style of Hopper"
FIRST, SECOND = "The last boat", "You never told"


class Producer(Driver):
    """A person who asks, asks for clearance, and reads the record."""

    @property
    def folder(self) -> Path:
        assert self.studio.state is not None
        return Path(self.studio.state.path)

    @property
    def clear(self) -> ClearRoom:
        return self.studio.producers.clear.room

    def part(self, name: str) -> QWidget | None:
        found = [one for one in self.studio.shell.findChildren(QWidget, name) if one.isVisible()]
        return found[0] if found else None

    def shown(self, name: str) -> QWidget:
        self.wait(lambda: self.part(name) is not None, name)
        found = self.part(name)
        assert found is not None
        return found

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.studio.shell, key, modifier)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.shown(name), LEFT)

    def entries(self, *types: str) -> list[Entry]:
        return entries_of(self.folder, *types)

    def said(self, name: str) -> str:
        """The words of a label in sight."""
        label = self.shown(name)
        assert isinstance(label, Label)
        return label.plain

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.studio.shell, words)

    def fill(self, name: str, words: str) -> None:
        """Click into a field and write these words in place of what stands there."""
        self.click(name)
        self.key(Qt.Key.Key_A, CTRL)
        self.type(words)

    def run(self, words: str) -> None:
        """Find a command by its words and run it."""
        self.key(Qt.Key.Key_K, CTRL)
        self.settle(60)
        self.type(words)
        self.settle(60)
        self.key(Qt.Key.Key_Return)

    def turn_to(self, key: Qt.Key, desk: str) -> None:
        self.key(key, CTRL)
        self.wait(lambda: self.studio.shell.desk == desk, desk)

    def begin_words(self, place: str, words: str) -> None:
        """Write into the ask field beside a line, and wait until the words were looked at."""
        self.caret_on(place)
        QTest.keyClick(self.editor, Qt.Key.Key_Space, CTRL | SHIFT)
        field = self.shown("ask_field")
        assert isinstance(field, QPlainTextEdit)
        self.key(Qt.Key.Key_A, CTRL)
        self.type(words)
        watch = self.write.lead.watch
        self.wait(lambda: bool(watch.fresh), "the words to be looked at")

    def blocked(self) -> int:
        """How many asks were closed, by the record."""
        verdicts = [entry.body for entry in self.entries("verdict")]
        return sum(one.verdict == "blocked" for one in verdicts if isinstance(one, VerdictGiven))

    def ask_in_vain(self) -> None:
        """Ctrl Enter in the ask field: the record keeps that it was closed, and no model writes."""
        before, written = self.blocked(), len(self.entries("candidate"))
        self.key(Qt.Key.Key_Return, CTRL)
        self.wait(lambda: self.blocked() == before + 1, "the ask to be closed")
        self.settle(60)
        assert len(self.entries("candidate")) == written


@pytest.fixture
def producer(qapp: QApplication, home: Path) -> Iterator[Producer]:
    made = Producer(home, ARTIST)
    yield made
    made.close()


def test_a_named_style_is_cleared_for_one_scene_and_closed_again(
    producer: Producer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = producer
    desk.make(tmp_path / "Ferry.studio")
    # Noticed as it is typed: it cannot be asked, and the way on stands there.
    desk.begin_words(FIRST, HOMAGE)
    assert HOMAGE in desk.said("lead_words")
    desk.ask_in_vain()
    desk.click("ask_clearance_button")
    desk.wait(lambda: desk.studio.shell.desk == "clear" and desk.part("clear_intake") is not None, "Clear")
    room = desk.clear
    desk.wait(lambda: room.intake.draft is not None and bool(room.intake.draft.names), "the draft")
    draft = room.intake.draft
    assert draft is not None
    assert (draft.names, draft.scope.scenes) == (("Hopper",), ("1",))

    # Five answers by the keyboard; the approver; sent.
    desk.wait(lambda: room.book.shown is not None, "the uses and questions")
    desk.settle(50)
    assert room.book.shown is not None
    for question in room.book.shown.questions:
        assert desk.shown(f"question_{question.id}").hasFocus()
        desk.key(Qt.Key.Key_Y if question.wanted == "yes" else Qt.Key.Key_N)
        desk.key(Qt.Key.Key_Down)
    assert room.intake.assessment.result == "escalate"
    desk.key(Qt.Key.Key_Return, CTRL)
    assert desk.entries("clearance_sent") == []
    desk.fill("clear_approver_line", "D. Marsh")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.shown("letter_sheet")
    (sent,) = desk.entries("clearance_sent")
    (paper,) = (desk.folder / "clearance").rglob("*.pdf")
    assert sha256_of(paper.read_bytes()) == sent.body.document  # type: ignore[union-attr]  # its kind was asked for
    desk.key(Qt.Key.Key_Escape)
    assert not desk.shown("reading_answer").isEnabled()

    # Whoever answers is somebody else, and says so at the lock.
    desk.run("Switch person")
    desk.click("profiles_add")
    desk.shown("person_sheet")
    desk.fill("person_name", "D. Marsh")
    desk.click("role_writer")
    desk.click("role_approver")
    desk.key(Qt.Key.Key_Return, CTRL)
    lock = desk.shown("lock")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_1, CTRL)
    assert lock.isVisible()
    assert desk.studio.shell.desk == "clear"
    desk.click("lock_confirm")
    desk.wait(lambda: desk.studio.person is not None and desk.studio.person.name == "D. Marsh", "D. Marsh")
    desk.wait(lambda: desk.shown("reading_answer").isEnabled(), "the answer to be theirs")

    answer = tmp_path / "answer.pdf"
    answer.write_bytes(b"%PDF-1.7 Yes, for scene 1.")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(answer)], ""))
    desk.click("reading_answer")
    desk.shown("answer_sheet")
    desk.click("answer_yes")
    desk.fill("scope_until", (date.today() + timedelta(days=60)).isoformat())
    assert not desk.shown("answer_go").isEnabled()
    desk.click("files_drop")
    desk.click("answer_go")
    desk.wait(lambda: desk.part("answer_sheet") is None, "the answer in the record")
    (approved,) = desk.entries("clearance_approved")
    assert approved.person != ARTIST.id
    assert isinstance(approved.body, ClearanceApproved)
    assert approved.body.scenes == ("1",)

    # Open in that scene, and there alone, for whoever may ask.
    desk.run("Switch person")
    desk.click(f"switch_{ARTIST.id}")
    desk.click("lock_confirm")
    desk.wait(lambda: desk.studio.person == ARTIST, "R. Okafor")
    desk.turn_to(Qt.Key.Key_1, "write")
    desk.begin_words(FIRST, HOMAGE)
    desk.wait(lambda: "Cleared by" in desk.said("lead_words"), "it to be cleared")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: bool(desk.entries("candidate")), "what the model wrote")
    desk.wait(desk.has_ended, "the model to end")
    desk.begin_words(SECOND, HOMAGE)
    desk.wait(lambda: "Cleared by" not in desk.said("lead_words"), "it to be closed there")
    desk.ask_in_vain()

    # Taken back, it is closed at once.
    desk.turn_to(Qt.Key.Key_3, "clear")
    desk.click("reading_withdraw")
    desk.shown("why_sheet")
    desk.type("The estate changed its mind.")
    desk.click("why_go")
    desk.wait(lambda: desk.part("why_sheet") is None, "the withdrawal")
    assert len(desk.entries("clearance_withdrawn")) == 1
    desk.turn_to(Qt.Key.Key_1, "write")
    desk.begin_words(FIRST, HOMAGE)
    desk.wait(lambda: "Cleared by" not in desk.said("lead_words"), "it to be closed again")
    desk.ask_in_vain()


def test_review_tells_what_happened_proves_it_and_reports_it(producer: Producer, tmp_path: Path) -> None:
    desk = producer
    desk.make(tmp_path / "Ferry.studio")
    first, second, *_ = desk.ask(LINE, count=3)
    offered = desk.offered(first)
    desk.decide(second, Qt.Key.Key_R, State.REJECTED)
    desk.press(first, Qt.Key.Key_E)
    field = desk.widget(first).findChild(QPlainTextEdit, "edit_field")
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_End, CTRL)
    QTest.keyClicks(field, " Zeppelin.")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: desk.state(first) is State.EDITED, "the edit")
    desk.saved()
    edited = next(one for one in desk.entries("decision") if one.body.outcome == "edited")  # type: ignore[union-attr]  # decisions alone

    # Rows, filters and search, all by keys.
    desk.turn_to(Qt.Key.Key_4, "review")
    review = desk.studio.producers.review
    view = review.view

    def found(outcome: str) -> bool:
        shown = [view.model.loaded(at) for at in range(view.model.rowCount())]
        return not view.feed.busy and {one.outcome if one else "" for one in shown} == {outcome}

    desk.wait(lambda: view.model.rowCount() > 1 and not view.feed.busy, "the rows")
    every = view.model.rowCount()
    view.table.setFocus()
    desk.key(Qt.Key.Key_Slash)
    assert desk.shown("ledger_search").hasFocus()
    desk.type("zeppelin")
    desk.wait(lambda: found("edited"), "the words that were written")
    desk.key(Qt.Key.Key_Escape)
    desk.wait(lambda: view.model.rowCount() == every, "all of them again")
    desk.click("filter_outcomes")
    desk.wait(lambda: desk.part("choice_list") is not None, "the outcomes")
    desk.type("edited")
    desk.key(Qt.Key.Key_Space)
    desk.key(Qt.Key.Key_Escape)
    desk.wait(lambda: found("edited"), "the edited ones alone")
    view.table.setFocus()
    desk.key(Qt.Key.Key_Home)
    title = f"Entry {edited.number}"
    words = review.story.findChildren(Label)
    desk.wait(lambda: any(one.plain.startswith(title) for one in words if one.isVisible()), "its story")
    desk.wait(lambda: desk.shown("story_copy_proof").isEnabled(), "the story's buttons")

    # Its word diff, its proof, and the way to the script.
    def told() -> str:
        views = review.story.findChildren(WordsView)
        return "\n".join(one.text.accessibleDescription() for one in views if one.isVisible())

    desk.wait(lambda: "written by a person: Zeppelin." in told(), "the word diff", 5)
    assert offered.split()[0] in told()
    desk.click("story_copy_proof")
    clipboard = QApplication.clipboard()
    desk.wait(lambda: clipboard.text().startswith("Inclusion proof"), "the proof")
    assert proven(clipboard.text(), desk.folder / "ledger.sqlite") == edited.number
    desk.click("story_go_to")
    desk.wait(lambda: desk.studio.shell.desk == "write", "the script")
    assert "Zeppelin" in desk.editor.textCursor().selectedText()

    # The report, from its sheet.
    desk.turn_to(Qt.Key.Key_4, "review")
    desk.key(Qt.Key.Key_E, CTRL | SHIFT)
    desk.shown("report_sheet")
    out = tmp_path / "report.pdf"
    desk.fill("report_path", str(out))
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.wait(out.exists, "the report")
    desk.wait(lambda: bool(desk.entries("exported")), "its entry")
    (exported,) = desk.entries("exported")
    assert exported.body.sha256 == sha256_of(out.read_bytes())  # type: ignore[union-attr]  # its kind was asked for
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", "-layout", str(out), "-"], capture_output=True, check=True)
        text = " ".join(read.stdout.decode().split())
        assert "R. Okafor" in text
        assert "The Ferry" in text
        assert "Zeppelin" not in text, "no word of the script is in it"


def test_a_tampered_record_stands_in_red_and_nothing_is_decided_in_it(
    producer: Producer, tmp_path: Path
) -> None:
    desk = producer
    folder, broken = make_tampered(tmp_path)
    before = (folder / "ledger.sqlite").read_bytes()
    desk.begin(folder)
    desk.wait(lambda: bool(desk.studio.record.altered), "the check")
    desk.turn_to(Qt.Key.Key_4, "review")
    review = desk.studio.producers.review
    desk.wait(lambda: not review.view.feed.busy and review.view.model.rowCount() > 0, "the rows")
    banner = review.banner
    assert banner.isVisible()
    assert f"entry {broken}" in banner.words
    assert not desk.shown("export_report").isEnabled()
    desk.click("show_broken")
    desk.wait(lambda: desk.part("tampered") is not None, "what was altered")
    desk.wait(lambda: review.view.table.number == broken, "the first broken row")
    desk.run("Export a disclosure report")
    desk.shown("report_sheet")
    assert not desk.shown("report_go").isEnabled()
    desk.key(Qt.Key.Key_Escape)
    # The model is not asked, and no candidate decided.
    assert desk.part("status_paused") is not None
    desk.turn_to(Qt.Key.Key_1, "write")
    desk.editor.setFocus()
    QTest.keyClick(desk.editor, Qt.Key.Key_Space, CTRL | SHIFT)
    desk.type("colder")
    assert not desk.shown("ask_button").isEnabled()
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.settle(200)
    assert (folder / "ledger.sqlite").read_bytes() == before


# internals ----------------------------------------------------------------------------------------------


def proven(text: str, ledger: Path) -> int:
    """The number of the entry that a proof shows to stand in a record; by RFC 9162 and the file's own bytes."""
    lines = text.split("\n")
    entry = lines[lines.index("Entry") + 1]
    size = int(next(one for one in lines if one.startswith("Tree size ")).split()[-1])
    root = next(one for one in lines if one.startswith("Root ")).split()[-1]
    start = next(at for at, one in enumerate(lines) if one.startswith("Path, ")) + 1
    path = lines[start : lines.index("", start)]
    number = json.loads(entry)["number"]
    assert isinstance(number, int)
    held = hashlib.sha256(b"\0" + entry.encode()).digest()
    at, last = number - 1, size - 1
    for step in map(bytes.fromhex, path):
        if at % 2 or at == last:
            held = hashlib.sha256(b"\1" + step + held).digest()
            while not at % 2 and at:
                at, last = at // 2, last // 2
        else:
            held = hashlib.sha256(b"\1" + held + step).digest()
        at, last = at // 2, last // 2
    assert (last, held.hex()) == (0, root)
    with sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True) as database:
        rows = database.execute("select entry from entries order by rowid limit ?", (size,)).fetchall()
    database.close()
    stored = [row.encode() for (row,) in rows]
    assert rows[number - 1] == (entry,)
    assert tree(stored).hex() == root
    return number


def tree(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def make_tampered(folder: Path) -> tuple[Path, int]:
    """A project of some days, and the entry in it that somebody changed while it was closed."""
    project = make_project(folder / "Larkspur.studio", 200).path
    with sqlite3.connect(project / "ledger.sqlite") as database:
        found = """select rowid from entries where rowid > 80 and entry like '%"kept_permille":1000%'"""
        (number,) = database.execute(found).fetchone()
        change = (
            """update entries set entry = replace(entry, '"kept_permille":1000', '"kept_permille":900')"""
        )
        database.execute(f"{change} where rowid = ?", (number,))
    database.close()
    return project, number
