"""Undo and redo of drawing, in bounded memory.

A step keeps the other side of what it changed: the squares as they were, or, once it is undone, as they
became. They are packed in the pool right after the stroke (a square of line art is a few kB), and the oldest
go to a file without a name where the budget is full, so that `KEPT` steps are there whatever was painted.
"""

from __future__ import annotations

import tempfile
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio_assist.desk.canvas.faces import Face
from studio_assist.desk.canvas.tiles import FORMAT, TILE, Key
from studio_assist.desk.record.work import Work

#: Steps that are always kept.
KEPT: Final = 200
#: Steps beyond this are dropped even where there is room.
MOST: Final = 1000
#: Bytes of packed squares in memory.
BUDGET: Final = 256 * 1024 * 1024
_RAW: Final = TILE * TILE * 4


class Held:
    """One square as it was: a picture at first, then packed, then perhaps in the file."""

    __slots__ = ("_data", "_image", "_spill")

    def __init__(self, image: QImage | None) -> None:
        self._image: QImage | None = image
        self._data: bytes | None = None
        self._spill: tuple[IO[bytes], int, int] | None = None

    # properties

    @property
    def bytes(self) -> int:
        """What it holds in memory."""
        data = self._data
        return len(data) if data is not None else _RAW if self._image is not None else 0

    # methods

    def pack(self) -> None:
        """Make it small; in any thread."""
        image = self._image
        if image is not None:
            self._data = zlib.compress(image.constBits(), 1)
            self._image = None

    def spill(self, file: IO[bytes]) -> None:
        """Put it into the file.

        Raises:
            OSError: the file takes no more.
        """
        data = self._data
        if data is None:
            return
        start = file.seek(0, 2)
        file.write(data)
        file.flush()
        self._spill = (file, start, len(data))
        self._data = None

    def image(self) -> QImage | None:
        """The square; None where there was none.

        Raises:
            OSError: the file cannot be read.
        """
        image = self._image
        if image is not None:
            return QImage(image)
        data = self._data
        if data is None and self._spill is not None:
            file, start, length = self._spill
            file.seek(start)
            data = file.read(length)
        if data is None:
            return None
        return QImage(zlib.decompress(data), TILE, TILE, TILE * 4, FORMAT).copy()


@dataclass(slots=True)
class Step:
    """One thing that a person did.

    Attributes:
        faces: the layers on the other side, with the one that was active; None where they are the same.
        tiles: the squares on the other side, by layer.
        merge: steps with the same word that follow each other are one (a slider that is dragged).
        mark: "replaced" stands for a decision that was signed; undoing it asks for another.
    """

    name: str
    faces: tuple[tuple[Face, ...], str] | None = None
    tiles: dict[str, dict[Key, Held]] = field(default_factory=dict)
    merge: str = ""
    mark: Literal["", "replaced"] = ""

    @property
    def bytes(self) -> int:
        return sum(held.bytes for held in self.held())

    def held(self) -> Iterator[Held]:
        for squares in self.tiles.values():
            yield from squares.values()

    def pack(self) -> None:
        for held in self.held():
            held.pack()


class History(QObject):
    """The steps done and undone.

    Signals:
        changed: something can be undone or redone that could not before, or the other way round.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, budget: int = BUDGET) -> None:
        super().__init__(parent)
        self._budget: Final = budget
        self._file: IO[bytes] | None = None
        self._full = False
        self.done: Final[list[Step]] = []
        self.undone: Final[list[Step]] = []

    # properties

    @property
    def bytes(self) -> int:
        """What all steps hold in memory."""
        return sum(step.bytes for step in (*self.done, *self.undone))

    # methods

    def push(self, step: Step) -> None:
        """A thing was done: what was undone before is gone."""
        self.undone.clear()
        last = self.done[-1] if self.done else None
        if step.merge and last is not None and last.merge == step.merge:
            # The earlier side of the first is the one to go back to.
            self.changed.emit()
            return
        self.done.append(step)
        self._pack(step)
        self.changed.emit()

    def moved(self, step: Step, *, undone: bool) -> None:
        """The last step was undone or redone; `step` holds the other side now."""
        if undone:
            self.done.pop()
            self.undone.append(step)
        else:
            self.undone.pop()
            self.done.append(step)
        self._pack(step)
        self.changed.emit()

    def drop_mark(self) -> None:
        """The signed decision was taken back by another: no step stands for it any more."""
        self.done[:] = [step for step in self.done if not step.mark]
        self.undone.clear()
        self.changed.emit()

    def stop_merging(self) -> None:
        """What follows is a step of its own."""
        if self.done:
            self.done[-1].merge = ""

    def clear(self) -> None:
        self.done.clear()
        self.undone.clear()
        if self._file is not None:
            self._file.close()
            self._file = None
        self.changed.emit()

    # internals

    def _pack(self, step: Step) -> None:
        if step.tiles:
            Work(step.pack, self, lambda _none: self._trim(), lambda _error: None).start()
        else:
            self._trim()

    def _trim(self) -> None:
        del self.done[: max(0, len(self.done) - MOST)]
        used = self.bytes
        if used <= self._budget:
            return
        for step in list(self.done):
            used -= self._spilled(step)
            if used <= self._budget:
                return
        # What is not packed yet is over the budget for a moment only, and is looked at again then. Where the
        # file takes no more, what is beyond the promise goes.
        while self._full and len(self.done) > KEPT and self.bytes > self._budget:
            self.done.pop(0)

    def _spilled(self, step: Step) -> int:
        """Put a step into the file; return the bytes that came free."""
        before = step.bytes
        if not before:
            return 0
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="studio-assist-undo-")  # noqa: SIM115
                # It goes with the drawing; what is open at the program's end is closed then.
                weakref.finalize(self, self._file.close)
            for held in step.held():
                held.spill(self._file)
        except OSError:
            # No room on that disk either: it stays in memory, and `_trim` says what may go.
            self._full = True
            return before - step.bytes
        return before - step.bytes
