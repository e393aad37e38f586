"""kill -9 and a full disk while somebody clears, reads the record and reports: once or not at all, no half file."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.desk.broker_client import BROKER_ENDED
from studio_assist.desk.record.parts import Outcome
from studio_assist.domain.clearance import Scope
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId, sha256_of
from studio_assist.ledger import verify
from studio_assist.ledger.review.compare import compare_index
from tests.desk.artist import ARTIST, entries_of
from tests.desk.studio_driver import CTRL, SCRIPT, SHIFT
from tests.desk.test_producer_whole import Producer
from tests.faults.test_board_ends import full_disk

ROOT: Final = Path(__file__).parents[2]
MARSH: Final = Person(id=PersonId("marsh-2"), name="D. Marsh", role="approver")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kills by signal"),
    pytest.mark.qt_log_ignore("propagateSizeHints", extend=True),
]

Work = Callable[[Broker], Awaitable[Any]]


def work(folder: Path, do: Work, person: Person = ARTIST) -> Any:
    """Something done in a project by a broker of this process."""

    async def run() -> Any:
        broker = Broker(lambda _event: None)
        try:
            await broker.handle(
                protocol.OPEN_PROJECT, protocol.OpenProjectParams(path=str(folder), person=person)
            )
            return await do(broker)
        finally:
            await broker.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def drafted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a request for clearance is filled in, and not sent."""
    folder = tmp_path_factory.mktemp("drafted") / "Ferry.studio"
    source = folder.with_suffix(".txt")
    source.write_text(SCRIPT, encoding="utf-8")

    async def make() -> None:
        broker = Broker(lambda _event: None)
        try:
            making = protocol.CreateProjectParams(
                path=str(folder), title="The Ferry", script_file=str(source), person=ARTIST
            )
            await broker.handle(protocol.CREATE_PROJECT, making)
            desk = await broker.handle(protocol.SHOW_CLEAR, protocol.Nothing())
            draft = protocol.SaveClearanceParams(
                use=desk.uses[0].id,
                answers={one.id: "unsure" for one in desk.questions},
                scope=Scope(scenes=("1",)),
                approver=MARSH.name,
                person=ARTIST,
            )
            await broker.handle(protocol.SAVE_CLEARANCE, draft)
        finally:
            await broker.close()

    asyncio.run(make())
    return folder


@pytest.fixture
def drafted(drafted_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(drafted_once, tmp_path / "Ferry.studio"))


async def _send(broker: Broker) -> protocol.ClearanceSentTo:
    desk = await broker.handle(protocol.SHOW_CLEAR, protocol.Nothing())
    params = protocol.SendClearanceParams(id=desk.requests[0].request.id, person=ARTIST)
    return await broker.handle(protocol.SEND_CLEARANCE, params)


def dies(project: Path, point: str, method: Any, params: Any, person: Person = ARTIST) -> None:
    """A call to a broker that kills itself when it comes to a point."""
    marker = project.parent / "died"
    opening = protocol.OpenProjectParams(path=str(project), person=person)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.broker_with", "dies", point, str(marker)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(protocol.encode_call(1, protocol.OPEN_PROJECT, opening))
    process.stdin.write(protocol.encode_call(2, method, params))
    process.stdin.flush()
    assert process.wait(60) == -signal.SIGKILL
    process.stdin.close()
    assert marker.exists()


@pytest.fixture
def window(qapp: QApplication, home: Path, tmp_path: Path) -> Iterator[Callable[..., Producer]]:
    """Opens a window whose broker dies at each of these points, once."""
    made: list[Producer] = []

    def begin(*points: str, person: Person = ARTIST) -> Producer:
        dying = [word for point in points for word in (point, str(tmp_path / point))]
        command = [sys.executable, "-m", "tests.faults.broker_with", "dies", *dying]
        made.append(Producer(home, person, broker=command))
        return made[0]

    yield begin
    for driver in made:
        driver.close()


def died(desk: Producer, marker: Path, pid: int) -> int:
    """Wait until the broker has ended at a point and another one has the project open; gives its number."""
    before = desk.studio.state
    desk.wait(marker.exists, f"the end: {marker.name}")
    desk.wait(lambda: desk.window.client.pid not in (0, pid), "the new broker")
    desk.wait(lambda: desk.studio.state is not before, "the project")
    desk.settle(100)
    assert "broker" in desk.studio.shell.notices.ids
    return desk.window.client.pid


def test_a_request_that_is_sent_again_after_each_end_is_sent_once(
    window: Callable[..., Producer], drafted: Path, tmp_path: Path
) -> None:
    written, recorded = "after the PDF of a request is written", "after a request is recorded as sent"
    desk = window(written, recorded)
    desk.begin(drafted)
    pid = desk.window.client.pid
    desk.turn_to(Qt.Key.Key_3, "clear")
    desk.wait(lambda: desk.part("clear_intake") is not None, "the Clear desk")
    intake, book = desk.clear.intake, desk.clear.book
    desk.wait(lambda: intake.draft is not None and not intake.missing, "the draft")
    desk.key(Qt.Key.Key_Return, CTRL)
    pid = died(desk, tmp_path / written, pid)
    assert (book.requests[0].state, desk.entries("clearance_sent")) == ("draft", [])
    # It is said where it was asked for, and the same keys send it.
    assert BROKER_ENDED in intake.foot.outcome.words
    desk.key(Qt.Key.Key_Return, CTRL)
    died(desk, tmp_path / recorded, pid)
    desk.wait(lambda: book.requests[0].state == "sent", "the request to be known as sent")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.settle(150)
    (sent,) = desk.entries("clearance_sent")
    files = [one for one in (drafted / "clearance" / "sent").iterdir() if one.is_file()]
    assert [sha256_of(one.read_bytes()) for one in files] == [sent.body.document]  # type: ignore[union-attr]  # its kind was asked for
    # And the window goes on.
    desk.turn_to(Qt.Key.Key_1, "write")
    desk.caret_on("Tom sits")
    desk.type("Slowly, ")
    desk.key(Qt.Key.Key_S, CTRL)
    desk.saved()
    assert "Slowly, Tom sits" in (drafted / "script.fountain").read_text(encoding="utf-8")
    assert verify(drafted).ok


def test_an_answer_that_is_given_again_after_each_end_stands_once(
    window: Callable[..., Producer], drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(drafted, _send)
    before, after = "before an answer is recorded", "after an answer is recorded"
    desk = window(before, after, person=MARSH)
    desk.begin(drafted)
    pid = desk.window.client.pid
    desk.turn_to(Qt.Key.Key_3, "clear")
    desk.wait(lambda: desk.shown("reading_answer").isEnabled(), "the answer to be theirs")
    # The page is still being laid out when it comes: what is pressed before that is not under the mouse.
    for _attempt in range(5):
        desk.settle(250)
        if desk.part("answer_sheet") is not None:
            break
        desk.click("reading_answer")
    desk.shown("answer_sheet")
    document = tmp_path / "yes.pdf"
    document.write_bytes(b"%PDF-1.7 Yes.")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(document)], ""))
    desk.click("answer_yes")
    desk.fill("scope_until", (date.today() + timedelta(days=60)).isoformat())
    desk.click("files_drop")
    # What was typed stands there still, and the same button gives it once more.
    for point in (before, after):
        desk.wait(desk.shown("answer_go").isEnabled, "the button")
        desk.click("answer_go")
        pid = died(desk, tmp_path / point, pid)
        assert len(desk.entries("clearance_approved")) == (point == after)
    desk.click("answer_go")
    outcome = desk.shown("answer_outcome")
    assert isinstance(outcome, Outcome)
    desk.wait(lambda: "waits for an answer" in outcome.words, "it to be said that it was answered")
    desk.key(Qt.Key.Key_Escape)
    assert desk.clear.book.requests[0].state == "approved"
    assert len(desk.entries("clearance_approved")) == 1
    kept = [one for one in (drafted / "clearance" / "evidence").rglob("*") if one.is_file()]
    assert [one.read_bytes() for one in kept] == [document.read_bytes()]
    assert verify(drafted).ok


def test_a_report_that_was_cut_off_is_recorded_once_and_can_be_made_again(
    window: Callable[..., Producer], drafted: Path, tmp_path: Path
) -> None:
    unnamed, named = "before an export has its name", "before an export is recorded"
    desk = window(unnamed, named)
    desk.begin(drafted)
    pid = desk.window.client.pid
    out = tmp_path / "out" / "report.html"
    out.parent.mkdir()
    desk.key(Qt.Key.Key_E, CTRL | SHIFT)
    desk.shown("report_sheet")
    desk.fill("report_path", str(out))
    desk.fill("report_recipient", "B. Reader")
    desk.key(Qt.Key.Key_Return, CTRL)
    pid = died(desk, tmp_path / unnamed, pid)
    assert list(out.parent.iterdir()) == []
    assert desk.entries("exported", "handed_over") == []

    desk.wait(desk.shown("report_go").isEnabled, "the button")
    desk.key(Qt.Key.Key_Return, CTRL)
    died(desk, tmp_path / named, pid)
    # It stands there whole, so it is in the record, by the opening that followed.
    desk.wait(lambda: len(desk.entries("exported", "recovered")) == 2, "the entry")
    (exported, _recovered) = desk.entries("exported", "recovered")
    assert exported.body.sha256 == sha256_of(out.read_bytes())  # type: ignore[union-attr]  # its kind was asked for
    desk.wait(desk.shown("report_go").isEnabled, "the button")
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.wait(lambda: len(desk.entries("handed_over")) == 1, "the report that was made again")
    first, second = (one.body.sha256 for one in desk.entries("exported"))  # type: ignore[union-attr]  # its kind was asked for
    assert second == sha256_of(out.read_bytes()) != first
    assert list(out.parent.iterdir()) == [out]
    assert verify(drafted).ok


def test_an_index_that_was_half_made_is_made_again(drafted: Path) -> None:
    dies(drafted, "while the index is made", protocol.OPEN_REVIEW, protocol.OpenReviewParams())

    async def read(broker: Broker) -> protocol.ReviewState:
        return await broker.handle(protocol.OPEN_REVIEW, protocol.OpenReviewParams())

    state = work(drafted, read)
    assert (state.state, state.entries) == ("ready", state.size)
    assert compare_index(drafted / "ledger.sqlite", drafted / "recovery" / "review.sqlite")


def test_a_full_disk_sends_nothing_and_an_index_with_no_room_says_so(drafted: Path) -> None:
    async def run(broker: Broker) -> None:
        with full_disk(".pdf"), pytest.raises(Unavailable, match="disk is full"):
            await _send(broker)
        assert not list((drafted / "clearance").rglob("*.pdf*"))
        assert entries_of(drafted, "clearance_sent") == []
        assert (await _send(broker)).seen.state == "sent"
        # What is in the index's place cannot be taken away: nothing can be read, and that is said.
        place = drafted / "recovery" / "review.sqlite"
        place.mkdir()
        (place / "mine").touch()
        failed = await broker.handle(protocol.OPEN_REVIEW, protocol.OpenReviewParams())
        assert failed.state == "failed"
        assert failed.why
        shutil.rmtree(place)
        made = await broker.handle(protocol.OPEN_REVIEW, protocol.OpenReviewParams(anew=True))
        assert (made.state, made.entries) == ("ready", made.size)

    work(drafted, run)
    assert len(entries_of(drafted, "clearance_sent")) == 1
