"""An inspector on a board whose broker answers at once, with pictures that are real files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from studio_assist import protocol
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.inspector import Inspector
from studio_assist.desk.board.panel_card import LOOK_MS
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.desk.theme import Theme
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import new_person
from studio_assist.domain.pictures import PictureSkills
from studio_assist.domain.storyboard import (
    Angle,
    InFrame,
    Live,
    Media,
    Movement,
    Panel,
    Shot,
    ShotId,
    ShotSeen,
    ShotSize,
    Tie,
    Variant,
)
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, sha256_of
from studio_assist.protocol import Drawer

ARTIST = new_person("J. Lindqvist")
NOW = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)
ONE, TWO = ShotId("aaaaaaaaaaaa"), ShotId("bbbbbbbbbbbb")
WORDS = "Maya, one earphone on, goes still."
PREVIS = Drawer(
    id="previs",
    name="Previs drawing, not AI",
    is_ai=False,
    where="here",
    ready=True,
    skills=PictureSkills(seed=True),
)
TURBO = Drawer(
    id="sd", name="SD-Turbo on this machine", is_ai=True, where="here", ready=True,
    skills=PictureSkills(references=2, edits=True, seed=True, controls=("line", "depth")),
)  # fmt: skip
SHUT = Drawer(
    id="host", name="Image host", is_ai=True, where="outside", ready=False,
    why="The policy lets no picture leave this machine.", remedy="Use a drawer on this machine.",
)  # fmt: skip


class Client(BrokerClient):
    """Answers the board's calls; every call is kept, and what a test wants to answer itself waits."""

    def __init__(self, shots: list[ShotSeen]) -> None:
        super().__init__(["never-started"])
        self.shots = shots
        self.calls: list[tuple[str, Any]] = []
        self.waiting: list[Operation[Any]] = []

    def call(self, method: Any, params: Any, owner: QObject | None = None) -> Operation[Any]:
        operation: Operation[Any] = Operation(method, params)
        self.calls.append((method.name, params))
        answers = {
            "list_shots": lambda: protocol.ShotPage(
                offset=0, total=len(self.shots), version=1, shots=tuple(self.shots)
            ),
            "edit_board": lambda: protocol.BoardEdited(version=2),
            "list_drawers": lambda: protocol.Drawers(drawers=(PREVIS, TURBO, SHUT)),
            "ask_board": lambda: protocol.BoardAsked(requests=(RequestId("r9"),)),
            "open_in_editor": lambda: protocol.OpenedInEditor(file="panel.ora", program="krita"),
        }
        if method.name in answers:
            QTimer.singleShot(0, self, lambda: operation.finish(answers[method.name]()))
        else:
            self.waiting.append(operation)
        return operation

    def named(self, name: str) -> list[Any]:
        """What was sent by calls of one name."""
        return [params for method, params in self.calls if method == name]


def picture(folder: Path, words: str, *, band: bool = True, source: QImage | None = None) -> Media:
    """A picture among the project's media, with a band in its pixels where it is temp."""
    image = source or QImage(640, 360, QImage.Format.Format_RGB32)
    if source is None:
        image.fill(QColor.fromHsv(sum(map(ord, words)) * 37 % 360, 20, 150))
        if band:
            painter = QPainter(image)
            painter.fillRect(0, 324, 640, 36, QColor("#F2B705"))
            painter.end()
    name = sha256_of(words)
    file = folder / "media" / name[:2] / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    assert image.save(str(file))
    return Media(sha256=name, width=640, height=360)


def variant(folder: Path, at: int, **more: Any) -> Variant:
    """The variant at a place of the strip, its picture on disk."""
    made = more.pop("media", None) or picture(folder, f"variant {at}")
    values: dict[str, Any] = {
        "candidate": CandidateId(f"c{at + 1}"),
        "request": RequestId("r1"),
        "content": sha256_of(f"content {at}"),
        "index": at,
        "picture": made,
        "shown": made,
        "source": SourceType.GENERATED,
        "made_by": "SD-Turbo on this machine",
        "seed": 41733 + at,
        **more,
    }
    return Variant(**values)


def shot(which: ShotId = ONE, **more: Any) -> Shot:
    """14C of the picture of the Board desk."""
    values: dict[str, Any] = {
        "id": which,
        "number": "14C",
        "scene": "14",
        "title": "Maya hears the gap",
        "size": ShotSize.MCU,
        "angle": Angle.EYE,
        "lens_mm": 50,
        "movement": Movement.SLOW_PUSH,
        "characters": (InFrame(name="MAYA", side="centre"),),
        "set_pieces": ("window", "radio"),
        "duration_ms": 2500,
        "action": "Maya, one earphone on, goes still. The counting has stopped.",
        "dialogue": "It's not static. Somebody out there is counting.",
        "notes": "Keep window frame right for the 14E match.",
        "tie": Tie(start=4200, words=WORDS),
        **more,
    }
    return Shot(**values)


def temp(folder: Path) -> Panel:
    """A panel with accepted temp."""
    made = picture(folder, "accepted")
    return Panel(
        state="temp", picture=made, shown=made, entry=EntryNumber(214), by="J. Lindqvist", at=NOW,
        made_by="SD-Turbo on this machine", source=SourceType.GENERATED, seed=7,
    )  # fmt: skip


class Desk:
    """An inspector in a window of its own."""

    def __init__(
        self,
        qtbot: Any,
        folder: Path,
        *seen: ShotSeen,
        mode: Any = "dark",
        size: tuple[int, int] = (341, 827),
    ) -> None:
        self.bot = qtbot
        self.folder = folder
        self.theme = Theme(mode)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme.apply(app)
        self.client = Client(list(seen))
        self.book = BoardBook(self.client)
        self.failed: list[Any] = []
        self.book.failed.connect(self.failed.append)
        self.canvas: list[tuple[str, str]] = []
        self.book.canvas_wanted.connect(lambda one, card: self.canvas.append((one, card)))
        self.inspector = Inspector(self.theme, self.book)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(*size)
        self.inspector.show()
        qtbot.waitExposed(self.inspector)
        self.inspector.activateWindow()
        self.book.load(state(folder), ARTIST)
        qtbot.waitUntil(lambda: len(self.book.shots) == len(seen) and not self.book.loading)
        self.book.set_current(seen[0].shot.id)
        self.settle()

    def settle(self, ms: int = 60) -> None:
        """Let pictures come and timers run."""
        self.bot.wait(ms)

    def look(self) -> None:
        """Let a person look at what is shown large."""
        preview = self.inspector.card.preview
        self.bot.waitUntil(lambda: preview.was_seen)
        self.settle(LOOK_MS + 40)

    def tell(self, *seen: ShotSeen) -> None:
        """The broker tells that shots are others now."""
        self.book.take(protocol.BoardChanged(version=3, shots=seen))
        self.settle()

    def presented(self) -> list[str]:
        """Candidates that were reported as shown."""
        return [params.candidate for params in self.client.named("presented")]

    def decided(self) -> list[tuple[str, str]]:
        """Candidates and what was decided on them."""
        return [(params.candidate, str(params.outcome)) for params in self.client.named("decide_picture")]

    def edits(self) -> list[Any]:
        """The board's edits, as they were sent."""
        return [params.edit for params in self.client.named("edit_board")]


def state(folder: Path) -> protocol.ProjectState:
    """A project that was opened; only its path and whether it can be written matter here."""
    return protocol.ProjectState(
        path=str(folder),
        session="s",
        title="Larkspur",
        draft="Draft 4",
        policy="local-only",
        script="",
        stamp=protocol.Stamp(sha256=sha256_of(""), size=0, mtime_ns=0),
        spans=(),
        boards_temp=0,
        read_only=None,
        ledger=protocol.LedgerState.model_construct(),
        open_requests=(),
        recovery=(),
        warnings=(),
        backend=None,
    )


def live(kind: str, **more: Any) -> Live:
    """What happens to a panel."""
    return Live(state=kind, **more)
