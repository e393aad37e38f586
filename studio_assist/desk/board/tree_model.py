"""Scenes and their shots as a tree: the board's shots, and the scenes of the script that have none yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.filters import Filter
from studio_assist.desk.board.states import spoken
from studio_assist.domain.storyboard import ShotId

_Index = QModelIndex | QPersistentModelIndex

#: The shot's id; None on a scene.
SHOT: Final = int(Qt.ItemDataRole.UserRole)
#: The scene's number; None on a shot.
SCENE: Final = SHOT + 1
#: While pages come in the tree is made anew this seldom, in milliseconds.
_PAUSE_MS: Final = 120


@dataclass(slots=True)
class SceneRow:
    """A scene and its shots, in the board's order."""

    number: str
    shots: list[ShotId] = field(default_factory=list[ShotId])


class TreeModel(QAbstractItemModel):
    """Two levels. An index of a shot carries its scene's row, one higher; an index of a scene carries 0.

    Signals:
        laid: the rows were made anew: whatever was open has to be opened again.
    """

    laid = Signal()

    def __init__(self, book: BoardBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book: Final = book
        self._words = ""
        self._scenes: list[SceneRow] = []
        self._place: dict[ShotId, tuple[int, int]] = {}
        self._soon: Final = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.refresh)
        book.reset.connect(self.refresh)
        book.order_changed.connect(self._order_changed)
        book.loaded.connect(self.refresh)
        book.changed.connect(self._changed)

    # properties

    @property
    def scenes(self) -> list[SceneRow]:
        return self._scenes

    @property
    def shots(self) -> int:
        """How many shots are shown."""
        return len(self._place)

    @property
    def filtered(self) -> bool:
        return bool(self._words)

    # methods

    def set_words(self, words: str) -> None:
        """Show only shots that hold these words."""
        folded = words.strip().casefold()
        if folded != self._words:
            self._words = folded
            self.refresh()

    def refresh(self) -> None:
        """Make the rows anew where they differ."""
        self._soon.stop()
        scenes = self._made()
        if [(one.number, one.shots) for one in scenes] == [(one.number, one.shots) for one in self._scenes]:
            self._tell_all()
            return
        self.beginResetModel()
        self._scenes = scenes
        self._place = {
            shot: (at, row) for at, scene in enumerate(scenes) for row, shot in enumerate(scene.shots)
        }
        self.endResetModel()
        self.laid.emit()

    def shot_at(self, index: _Index) -> ShotId | None:
        """The shot of an index; None of a scene."""
        inner = index.internalId() if index.isValid() else 0
        if not inner or inner > len(self._scenes):
            return None
        shots = self._scenes[inner - 1].shots
        return shots[index.row()] if index.row() < len(shots) else None

    def scene_at(self, index: _Index) -> SceneRow | None:
        """The scene of an index; None of a shot."""
        if not index.isValid() or index.internalId() or index.row() >= len(self._scenes):
            return None
        return self._scenes[index.row()]

    def spot_of(self, shot: ShotId) -> tuple[int, int] | None:
        """The scene's place and the row in it; None where the shot is not shown."""
        return self._place.get(shot)

    def place_of(self, shot: ShotId | None) -> QModelIndex:
        """Where a shot stands; invalid where it is not shown."""
        place = self._place.get(shot) if shot is not None else None
        return self.createIndex(place[1], 0, place[0] + 1) if place is not None else QModelIndex()

    def place_of_scene(self, number: str) -> QModelIndex:
        """Where a scene stands; invalid where there is none."""
        row = next((at for at, scene in enumerate(self._scenes) if scene.number == number), None)
        return self.createIndex(row, 0, 0) if row is not None else QModelIndex()

    def index(self, row: int, column: int, parent: _Index | None = None) -> QModelIndex:
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, 0) if 0 <= row < len(self._scenes) else QModelIndex()
        if parent.internalId() or parent.row() >= len(self._scenes):
            return QModelIndex()
        inside = 0 <= row < len(self._scenes[parent.row()].shots)
        return self.createIndex(row, column, parent.row() + 1) if inside else QModelIndex()

    def parent(self, index: _Index | None = None) -> Any:
        if index is None:
            return QObject.parent(self)
        inner = index.internalId() if index.isValid() else 0
        return self.createIndex(inner - 1, 0, 0) if inner else QModelIndex()

    def rowCount(self, parent: _Index | None = None) -> int:
        if parent is None or not parent.isValid():
            return len(self._scenes)
        if parent.internalId() or parent.row() >= len(self._scenes):
            return 0
        return len(self._scenes[parent.row()].shots)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 1

    def hasChildren(self, parent: _Index | None = None) -> bool:
        return self.rowCount(parent) > 0

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        scene = self.scene_at(index)
        if scene is not None:
            return self._scene_data(scene, role)
        shot = self.shot_at(index)
        if shot is None:
            return None
        if role == SHOT:
            return shot
        if role == Qt.ItemDataRole.DisplayRole:
            known = self._book.shot(shot)
            return f"{known.number}  {known.title}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(
                self._book.shot(shot),
                self._book.state(shot),
                self._book.live(shot),
                self._book.waiting(shot),
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._book.shot(shot).title or self._book.shot(shot).action
        return None

    # slots

    def _order_changed(self) -> None:
        if self._book.loading:
            if not self._soon.isActive():
                self._soon.start()
        else:
            self.refresh()

    def _changed(self, shots: list[ShotId]) -> None:
        if len(shots) > 64:
            self._tell_all()
            return
        scenes: set[int] = set()
        for shot in shots:
            place = self.place_of(shot)
            if place.isValid():
                scenes.add(place.internalId() - 1)
                self.dataChanged.emit(place, place)
        for scene in scenes:
            index = self.createIndex(scene, 0, 0)
            self.dataChanged.emit(index, index)

    # internals

    def _scene_data(self, scene: SceneRow, role: int) -> Any:
        heading = self._book.heading(scene.number)
        if role == SCENE:
            return scene.number
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{scene.number}  {heading}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            count, temp = len(scene.shots), self._book.tally.scene(scene.number).temp
            owed = f", {temp} temp" if temp else ""
            return f"Scene {scene.number}, {heading}, {count} {'shot' if count == 1 else 'shots'}{owed}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return heading
        return None

    def _tell_all(self) -> None:
        if self._scenes:
            self.dataChanged.emit(self.createIndex(0, 0, 0), self.createIndex(len(self._scenes) - 1, 0, 0))

    def _made(self) -> list[SceneRow]:
        scenes: dict[str, SceneRow] = {}
        wanted = Filter(words=self._words)
        for shot in self._book.shots:
            if self._words and not wanted.shows(shot, ()):
                continue
            scene = scenes.get(shot.scene)
            if scene is None:
                scene = scenes[shot.scene] = SceneRow(shot.scene)
            scene.shots.append(shot.id)
        rows = list(scenes.values())
        if self._words:
            return rows
        # A scene without shots stands behind the one that the script has before it.
        after = -1
        for number in self._book.headings:
            if number in scenes:
                after = rows.index(scenes[number])
            else:
                after += 1
                rows.insert(after, SceneRow(number))
        return rows
