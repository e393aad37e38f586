"""A window whose broker answers as told, for the states of the record that take a day of work to reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.desk.studio import Studio
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.marking import InvisibleMark, ManifestFound, MarkReport
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.values import EntryNumber, Sha256, sha256_of
from studio_assist.protocol import CheckpointSeen, HeldSeen, LedgerState, ProjectState, Stamp, WitnessSeen
from studio_assist.storage.settings import Settings
from tests.desk.studio_driver import SCRIPT

ROOT = Sha256("a3" * 32)
NOW = datetime.now(UTC).replace(hour=12, minute=2, second=0, microsecond=0)
OKAFOR = new_person("R. Okafor")
CLAIM = (
    "Intact since the checkpoint of 14:02 (signed by R. Okafor; 12 entries since). "
    "Witnessed by M. Lind on 20 Nov, 1,259 entries."
)
INTACT = LedgerState(
    size=1284,
    root=ROOT,
    state="intact",
    checked_at=NOW,
    key="kept",
    checkpoint=CheckpointSeen(size=1271, at=NOW, who="R. Okafor", session_only=False),
    witness=WitnessSeen(name="M. Lind", kind="person", at=NOW - timedelta(days=2), size=1259),
    claim=CLAIM,
)
ALTERED = LedgerState(
    size=1284,
    root=ROOT,
    state="altered",
    first_bad=EntryNumber(1197),
    why="Entry 1,197 was changed after it was written.",
    checked_at=NOW,
    held=(
        HeldSeen(kind="checkpoint", name="R. Okafor", at=NOW, size=1271, holds=False),
        HeldSeen(kind="person", name="M. Lind", at=NOW - timedelta(days=2), size=1259, holds=False),
        HeldSeen(kind="checkpoint", name="J. Lindqvist", at=NOW - timedelta(days=1), size=1190, holds=True),
    ),
)
CHECKING = INTACT.model_copy(update={"state": "checking", "progress": 0.4984, "claim": ""})
SESSION_KEY = "The signing key is kept for this session only: no system keychain was found."

MADE_HERE = protocol.MarksRead(
    report=MarkReport(
        band=True,
        invisible=InvisibleMark(present=True, entry=EntryNumber(52), bits_corrected=2, tag="0a1b2"),
        manifest=ManifestFound(
            state="trusted", actions=("c2pa.created",), entry=EntryNumber(52), signer="R. Okafor"
        ),
        source_type="trainedAlgorithmicMedia",
        agree=True,
        findings=("The band, the invisible mark and the manifest name entry 52.",),
    ),
    project="Project Larkspur",
    folder="/projects/Larkspur.studio",
    entry=EntryNumber(52),
    story="Accepted by R. Okafor on 22 Nov, scene 14",
    exported=EntryNumber(61),
)
NOTHING = protocol.MarksRead(
    report=MarkReport(
        band=False,
        invisible=InvisibleMark(present=False),
        manifest=ManifestFound(state="missing"),
        source_type=None,
        agree=True,
    )
)
TAMPERED = MADE_HERE.model_copy(
    update={
        "report": MADE_HERE.report.model_copy(
            update={
                "agree": False,
                "manifest": ManifestFound(
                    state="invalid",
                    entry=EntryNumber(52),
                    problems=("assertion.dataHash.mismatch",),
                ),
                "findings": ("The manifest does not fit the picture: a pixel or more was changed.",),
            }
        ),
        "exported": None,
    }
)


class FakeBroker(BrokerClient):
    """Answers each call with what `answers` holds for its name: a result, an error, or a function of both."""

    def __init__(self) -> None:
        super().__init__(["nothing"])
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def start(self) -> None:
        QTimer.singleShot(0, self, lambda: self.started.emit(False))

    def call(self, method: Any, params: Any, owner: QObject | None = None) -> Operation[Any]:
        operation: Operation[Any] = Operation(method, params)
        if owner is not None:
            owner.destroyed.connect(operation.let_go)
        self.asked.append((method.name, params))
        answer = self.answers.get(method.name)
        if callable(answer):
            answer = answer(params)
        if isinstance(answer, StudioError):
            QTimer.singleShot(0, self, lambda: operation.fail(answer))
        elif answer is not None:
            QTimer.singleShot(0, self, lambda: operation.finish(answer))
        return operation

    def params_of(self, method: protocol.Method[Any, Any]) -> list[Any]:
        """What was asked for by this method, in order."""
        return [params for name, params in self.asked if name == method.name]

    def close(self) -> None:
        return


class FakeStudio:
    """The whole window over that broker, with a project open."""

    def __init__(self, home: Path, ledger: LedgerState, mode: str = "dark", person: Person = OKAFOR) -> None:
        from PySide6.QtWidgets import QApplication

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        settings = Settings(home)
        settings.save(settings.load().model_copy(update={"profile": person}))
        self.theme = Theme("light" if mode == "light" else "dark")
        self.theme.apply(application)
        self.broker = FakeBroker()
        layout = QSettings(str(home / "layout.ini"), QSettings.Format.IniFormat)
        self.studio = Studio(self.theme, self.broker, settings, layout)
        self.shell = self.studio.shell
        folder = home / "Larkspur.studio"
        folder.mkdir(exist_ok=True)
        self.broker.answers |= {
            "open_project": ProjectState(
                path=str(folder),
                session="s",
                title="Project Larkspur",
                draft="",
                policy="netflix-2025",
                script=SCRIPT,
                stamp=Stamp(sha256=sha256_of(SCRIPT), size=len(SCRIPT), mtime_ns=1),
                spans=(),
                boards_temp=0,
                read_only=None,
                ledger=ledger,
                open_requests=(),
                recovery=(),
                warnings=(),
                backend=None,
            ),
            "list_backends": protocol.Backends(backends=(), found=()),
            "list_tasks": protocol.Tasks(tasks=()),
            "verify_ledger": ledger,
            "save_script": lambda params: protocol.Saved(
                stamp=Stamp(sha256=sha256_of(params.text), size=len(params.text), mtime_ns=2), at=NOW
            ),
            "autosave": protocol.Autosaved(at=NOW),
            "stop_reading_marks": protocol.Nothing(),
            "stop_pack": protocol.Nothing(),
        }
        self.studio.begin(folder)
        self.wait(lambda: bool(self.studio.write.scenes), "the project")

    def tell(self, ledger: LedgerState) -> None:
        """The broker says how the record stands."""
        self.broker.told.emit(protocol.LedgerChanged(ledger=ledger))

    def wait(self, until: Callable[[], bool], what: str, seconds: float = 10) -> None:
        from PySide6.QtTest import QTest

        for _ in range(round(seconds * 100)):
            if until():
                return
            QTest.qWait(10)
        raise AssertionError(f"waited in vain for {what}")

    def close(self) -> None:
        from PySide6.QtWidgets import QApplication

        self.studio.write.saver.stop()
        self.shell.set_close_guard(None)
        self.shell.close()
        self.shell.deleteLater()
        self.studio.deleteLater()
        QApplication.processEvents()
