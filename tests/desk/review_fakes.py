"""Rows as on one afternoon, an index of them in memory, and a Review desk whose broker answers as told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist import protocol
from studio_assist.desk.review import feed, rows_csv, slate
from studio_assist.desk.review.desk import ReviewDesk
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import (
    Choices,
    DayCount,
    Filter,
    Outcome,
    ReviewRow,
    Sort,
    Totals,
)
from studio_assist.domain.values import sha256_of
from studio_assist.protocol import LedgerState, ProjectState, ReviewState, Stamp
from tests.desk.record_fakes import INTACT, NOW, FakeBroker
from tests.desk.studio_driver import SCRIPT

W = TypeVar("W", bound=QWidget)
_LOCAL, _COMFY = "Local · SmolLM2", "ComfyUI · SD-Turbo"
_O, _L, _T = "R. Okafor", "J. Lindqvist", "S. Tanaka"
_SEEN: tuple[tuple[int, str, str, str, str, str, str, Outcome, int | None], ...] = (
    (1284, "14:31", _L, "Board", _COMFY, "14D variant 2", "Confidential", "rejected", None),
    (1283, "14:30", _L, "Board", _COMFY, "14D variant 1", "Confidential", "rejected", None),
    (1279, "14:22", _O, "Write", "OpenAI", "Alt lines, sc 14", "Confidential", "blocked", None),
    (1276, "14:15", _L, "Board", "None, by hand", "14F two-shot", "Confidential", "replaced", 1000),
    (1274, "14:09", _O, "Write", _LOCAL, "Beats, sc 16", "Confidential", "rejected", None),
    (1271, "14:02", _O, "Write", _LOCAL, "Continue, sc 14", "Confidential", "edited", 381),
    (1268, "13:51", _O, "Write", _LOCAL, "Alt lines, sc 12", "Confidential", "accepted", 0),
    (1262, "13:40", _L, "Board", _COMFY, "14E doorway", "Confidential", "edited", 120),
    (1258, "13:22", _T, "Write", _LOCAL, "Logline", "Internal", "rejected", None),
    (1251, "12:58", _L, "Board", _COMFY, "16B eyes", "Confidential", "accepted", 0),
    (1247, "12:44", _L, "Board", _COMFY, "15A causeway", "Confidential", "accepted", 0),
    (1240, "11:37", _O, "Write", _LOCAL, "Describe shot 17B", "Confidential", "edited", 210),
    (1233, "11:20", _O, "Write", _LOCAL, "Beats, sc 17", "Confidential", "edited", 540),
    (1226, "11:02", _T, "Write", _LOCAL, "Logline", "Internal", "rejected", None),
    (1219, "10:48", _L, "Board", _COMFY, "14B desk", "Confidential", "accepted", 0),
    (1212, "10:31", _O, "Write", _LOCAL, "Alt lines, sc 17", "Confidential", "rejected", None),
    (1206, "10:12", _O, "Write", _LOCAL, "Alt lines, sc 17", "Confidential", "accepted", 0),
    (1201, "09:58", _T, "Write", _LOCAL, "Beats, sc 11", "Internal", "rejected", None),
    (1197, "09:41", _O, "Write", _LOCAL, "Alt lines, sc 16", "Confidential", "accepted", 0),
    (1192, "09:30", _L, "Board", _COMFY, "16C landing", "Confidential", "accepted", 0),
)


def afternoon(more: int = 40) -> list[ReviewRow]:
    """The rows of the drawing, and older ones behind them."""
    found: list[ReviewRow] = []
    here = NOW.astimezone()
    for number, at, person, desk, tool, purpose, label, outcome, edit in _SEEN:
        hour, minute = (int(part) for part in at.split(":"))
        then = here.replace(hour=hour, minute=minute).astimezone(NOW.tzinfo)
        kind = "gate_refused" if outcome == "blocked" else "decided"
        found.append(
            ReviewRow(number, then, person, False, desk, tool, purpose, label, 0, outcome, edit, kind)  # type: ignore[arg-type]
        )
    for at in range(more):
        base = found[at % len(_SEEN)]
        found.append(
            base._replace(
                number=1190 - at, at=base.at - timedelta(days=1 + at % 6), outcome="accepted", edit=0
            )
        )
    return found


class FakeIndex:
    """A `ReviewIndex` over rows in memory, by the path it is opened with."""

    held: dict[Path, list[ReviewRow]] = {}
    #: What every call raises, where it is to fail.
    fails: Exception | None = None

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def size(self) -> int:
        return max((row.number for row in self._rows), default=0)

    @property
    def _rows(self) -> list[ReviewRow]:
        if FakeIndex.fails is not None:
            raise FakeIndex.fails
        return FakeIndex.held[self.path]

    def count(self, wanted: Filter) -> int:
        return len(self._through(wanted))

    def rows(self, wanted: Filter, sort: Sort, first: int, limit: int) -> list[ReviewRow]:
        return self._sorted(wanted, sort)[first : first + limit]

    def position(self, wanted: Filter, sort: Sort, number: int) -> int | None:
        return next((at for at, row in enumerate(self._sorted(wanted, sort)) if row.number == number), None)

    def row_of(self, number: int) -> ReviewRow | None:
        return next((row for row in self._rows if row.number == number), None)

    def totals(self, wanted: Filter) -> Totals:
        rows = self._through(wanted)
        how = Counter(row.outcome for row in rows)
        return Totals(
            entries=len(rows),
            sessions=len({row.at.date() for row in rows}),
            people=len({row.person for row in rows}),
            suggestions=len(rows),
            waiting=how["waiting"],
            accepted=how["accepted"],
            edited=how["edited"],
            rejected=how["rejected"],
            sent=sum(row.left for row in rows),
            blocked=how["blocked"],
        )

    def days(self, wanted: Filter, most: int = 7) -> tuple[DayCount, ...]:
        rows = self._through(wanted)
        last = min(date.today(), max((row.at.astimezone().date() for row in rows), default=date.today()))
        found: list[DayCount] = []
        for back in range(most):
            day = last - timedelta(days=most - 1 - back)
            how = Counter(row.outcome for row in rows if row.at.astimezone().date() == day)
            found.append(DayCount(day, how["accepted"], how["edited"], how["rejected"]))
        return tuple(found)

    def choices(self) -> Choices:
        rows = [row for row in self._rows if row.main]

        def counted(name: str) -> tuple[tuple[str, int], ...]:
            return tuple(Counter(str(getattr(row, name)) for row in rows).most_common())

        times = sorted(row.at for row in rows)
        return Choices(
            counted("person"),
            counted("desk"),
            counted("tool"),
            counted("outcome"),
            times[0] if times else None,
            times[-1] if times else None,
        )

    def interrupt(self) -> None:
        return

    def close(self) -> None:
        return

    def _through(self, wanted: Filter) -> list[ReviewRow]:
        words = wanted.words.casefold()
        return [
            row
            for row in self._rows
            if (wanted.everything or row.main)
            and (not words or words in f"{row.purpose} {row.person} {row.tool}".casefold())
            and (wanted.since is None or row.at >= wanted.since)
            and (wanted.until is None or row.at < wanted.until)
            and (not wanted.people or row.person in wanted.people)
            and (not wanted.desks or row.desk in wanted.desks)
            and (not wanted.tools or row.tool in wanted.tools)
            and (not wanted.outcomes or row.outcome in wanted.outcomes)
            and (not wanted.left or row.left > 0)
            and (not wanted.blocked or row.outcome == "blocked")
            and (wanted.from_number is None or row.number >= wanted.from_number)
        ]

    def _sorted(self, wanted: Filter, sort: Sort) -> list[ReviewRow]:
        name = {"time": "at"}.get(sort.column, sort.column)
        return sorted(
            self._through(wanted),
            key=lambda row: (getattr(row, name) if name != "edit" else row.edit or -1, row.number),
            reverse=sort.descending,
        )


def use_fake(monkeypatch: pytest.MonkeyPatch) -> dict[Path, list[ReviewRow]]:
    """Have the desk read indexes that are in memory; gives them by path."""
    for module in (feed, slate, rows_csv):
        monkeypatch.setattr(module, "ReviewIndex", FakeIndex)
    monkeypatch.setattr(FakeIndex, "held", {})
    monkeypatch.setattr(FakeIndex, "fails", None)
    return FakeIndex.held


def project_state(folder: Path, ledger: LedgerState) -> ProjectState:
    """A project as the broker tells of it."""
    return ProjectState(
        path=str(folder),
        session="s1",
        title="Project Larkspur",
        draft="Draft 4",
        policy="netflix-2025",
        script=SCRIPT,
        stamp=Stamp(sha256=sha256_of(SCRIPT), size=len(SCRIPT.encode()), mtime_ns=1),
        spans=(),
        boards_temp=12,
        read_only=None,
        ledger=ledger,
        open_requests=(),
        recovery=(),
        warnings=(),
        backend=None,
    )


def ready(folder: Path, index: Path, entries: int = 1284) -> ReviewState:
    """An index that covers all of its record."""
    ledger = str(folder / "ledger.sqlite")
    return ReviewState(state="ready", index=str(index), ledger=ledger, entries=entries, size=entries)


class DeskWindow:
    """A Review desk of its own over an index.

    Args:
        index: of the project; its ledger lies in `folder`.
    """

    def __init__(
        self,
        folder: Path,
        index: Path,
        ledger: LedgerState = INTACT,
        *,
        mode: str = "dark",
        size: tuple[int, int] = (1440, 824),
        review: ReviewState | None = None,
        settle: bool = True,
    ) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.theme = Theme("light" if mode == "light" else "dark")
        self.theme.apply(application)
        self.broker = FakeBroker()
        self.review = review or ready(folder, index)
        self.broker.answers["open_review"] = lambda _params: self.review
        self.layout = QSettings(str(folder.parent / "layout.ini"), QSettings.Format.IniFormat)
        self.desk = ReviewDesk(self.theme, self.broker, self.layout)
        self.desk.resize(*size)
        self.desk.set_project(project_state(folder, ledger))
        self.desk.show()
        self.desk.activateWindow()
        if settle:
            self.settle()

    @property
    def idle(self) -> bool:
        """Whether nothing is being read."""
        return not self.desk.view.feed.busy

    @property
    def table(self) -> Any:
        return self.desk.view.table

    @property
    def filters(self) -> Any:
        return self.desk.view.filters

    def settle(self, ms: int = 20) -> None:
        """Until what is wanted has been read."""
        QTest.qWait(ms)
        for _ in range(400):
            QApplication.processEvents()
            if self.idle:
                break
            QTest.qWait(5)
        QApplication.processEvents()

    def until(self, is_so: Callable[[], object]) -> None:
        """Until something is so; it fails where it does not come to be."""
        end = time.monotonic() + 5
        while not is_so() and time.monotonic() < end:
            QTest.qWait(5)
        assert is_so()

    def part(self, kind: type[W], name: str) -> W:
        """A widget of the desk, or of a card over it."""
        found = self.desk.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def click(self, widget: QWidget | str, at: QPoint | None = None) -> None:
        one = self.part(QWidget, widget) if isinstance(widget, str) else widget
        QTest.mouseClick(one, Qt.MouseButton.LeftButton, pos=at if at is not None else one.rect().center())
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.desk, key, modifiers)
        QApplication.processEvents()

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.desk, words)
        self.settle(150)

    def click_row(self, row: int) -> None:
        box = self.table.visualRect(self.table.model().index(row, 5))
        self.click(self.table.viewport(), box.center())

    def numbers(self) -> list[int]:
        """The entries in sight."""
        rows = (self.desk.view.model.loaded(at) for at in self.table.in_sight)
        return [row.number for row in rows if row is not None]

    def grow(self, entries: int) -> None:
        """The broker tells that the index covers more."""
        self.review = self.review.model_copy(update={"entries": entries, "size": entries})
        self.desk.take(protocol.ReviewChanged(state=self.review))
        self.settle(230)

    def close(self) -> None:
        self.settle(0)
        self.desk.set_project(None)
        self.settle(0)
        self.desk.close()
        self.desk.deleteLater()
