"""The drawing that is open: its layers, the stroke under way, undo and redo. It paints; it shows nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRect, QSize, Signal
from PySide6.QtGui import QImage

from studio_assist.desk.canvas.edit import Edit
from studio_assist.desk.canvas.faces import NAMES, Face, Sheets
from studio_assist.desk.canvas.history import BUDGET, Held, History, Step
from studio_assist.desk.canvas.stroke import Mask, Nib, Stroke
from studio_assist.desk.canvas.tiles import Key, Tiles, tile_rect
from studio_assist.domain.canvas import LayerKind

#: What a note is drawn with, and nothing else: it cannot be read as selection or as ink.
NOTE_PENCIL: Final = "#7B4BD6"


class CanvasDocument(QObject):
    """A drawing under a pen.

    Signals:
        painted: the part of the page that looks different now.
        layers_changed: layers came, went, or are called, ordered or shown differently; or another is active.
        touched: something is to be saved.
        refused: why nothing was drawn, in a sentence.
        unsigned: undo has come to the signed replacement; another decision takes it back.
    """

    painted = Signal(QRect)
    layers_changed = Signal()
    touched = Signal()
    refused = Signal(str)
    unsigned = Signal()

    def __init__(self, size: QSize, parent: QObject | None = None, *, undo_bytes: int = BUDGET) -> None:
        super().__init__(parent)
        self.size: Final = size
        self.page: Final = QRect(0, 0, size.width(), size.height())
        self.history: Final = History(self, budget=undo_bytes)
        self._mask: Final = Mask(size)
        self._tiles: Final[dict[str, Tiles]] = {}
        self._kept: dict[str, tuple[bytes, int, int]] = {}
        self._faces: tuple[Face, ...] = ()
        self._active = ""
        self._stroke: Stroke | None = None
        self._gone: tuple[Face, str | None] | None = None
        self.temp: str | None = None
        self.previs = False
        #: Why nothing can be changed, or "".
        self.read_only = ""
        self.person = ""

    # properties

    @property
    def faces(self) -> tuple[Face, ...]:
        """The layers from the bottom up."""
        return self._faces

    @property
    def active(self) -> Face | None:
        """The layer that is drawn on."""
        return self.face(self._active)

    @property
    def has_underlay(self) -> bool:
        return any(face.kind == "temp" for face in self._faces)

    @property
    def drawing(self) -> bool:
        """Whether the pen is down."""
        return self._stroke is not None

    # methods: reading

    def face(self, layer: str) -> Face | None:
        return next((face for face in self._faces if face.id == layer), None)

    def tiles(self, layer: str) -> Tiles:
        return self._tiles.setdefault(layer, Tiles())

    def sheets(self) -> Sheets:
        """All of it as it is now, at the cost of a few dictionaries."""
        return Sheets(
            self.size,
            self._faces,
            {face.id: self.tiles(face.id).copied() for face in self._faces},
            {face.id: self.tiles(face.id).version for face in self._faces},
            dict(self._kept),
            self.temp,
        )

    # methods: opening

    def fill(
        self,
        faces: Iterable[Face],
        tiles: dict[str, dict[Key, QImage]],
        kept: dict[str, tuple[bytes, int, int]],
    ) -> None:
        """Show a drawing that was read. Nothing of it can be undone."""
        self._faces = tuple(faces)
        self._kept = kept
        self._tiles.clear()
        for layer, squares in tiles.items():
            self._tiles[layer] = Tiles(squares)
        drawable = [face for face in self._faces if not face.locked]
        first = next((face for face in drawable if face.kind == "ink"), drawable[0] if drawable else None)
        self._active = first.id if first else ""
        self.history.clear()
        self.layers_changed.emit()
        self.painted.emit(self.page)

    # methods: strokes

    def begin(self, nib: Nib, at: QPointF, pressure: float) -> bool:
        """The pen goes down; False where nothing can be drawn, and `refused` says why."""
        face = self.active
        why = self.why_not()
        if why or face is None:
            self.refused.emit(why)
            return False
        if face.kind == "notes" and not nib.erase:
            nib = replace(nib, colour=NOTE_PENCIL)
        self._stroke = Stroke(self.tiles(face.id), self._mask, nib)
        self._show(self._stroke.add(at, pressure))
        return True

    def extend(self, at: QPointF, pressure: float) -> None:
        """The pen moves."""
        if self._stroke is not None:
            self._show(self._stroke.add(at, pressure))

    def line(self, nib: Nib, start: QPointF, end: QPointF) -> None:
        """A straight line as a stroke of its own."""
        if self.begin(nib, start, 1.0) and self._stroke is not None:
            self._show(self._stroke.straight(start, end))
            self.end()

    def end(self) -> None:
        """The pen is lifted, or the window closes under it: the stroke counts."""
        stroke, self._stroke = self._stroke, None
        face = self.active
        if stroke is None or face is None:
            return
        self._show(stroke.finish())
        before = stroke.before
        faces = self._faces
        if not self._untouched(face.id, before):
            self._set(replace(face, strokes=face.strokes + 1, by=self.person or face.by))
            self._push("stroke", face.id, before, faces)

    def cancel(self) -> None:
        """The stroke under way is taken back."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._show(stroke.cancel())

    def why_not(self) -> str:
        """Why the active layer cannot be drawn on, or ""."""
        face = self.active
        if self.read_only:
            return self.read_only
        if face is None:
            return "There is no layer to draw on. Add one in the layers panel."
        if face.kind == "temp":
            return "The underlay is locked. Choose a layer of your own to draw on."
        if face.why:
            return f"“{face.name}” cannot be drawn on. {face.why}."
        if not face.visible:
            return f"“{face.name}” is hidden. Show it to draw on it."
        return ""

    # methods: other changes

    def edit(self, layer: str) -> Edit:
        """Begin to change a layer's pixels; the edit is a step once it is committed."""
        self._finish()
        return Edit(self, layer)

    def commit(self, name: str, layer: str, before: dict[Key, QImage | None]) -> None:
        """Squares of a layer were changed from `before`."""
        if not self._untouched(layer, before):
            self._push(name, layer, before, self._faces)

    def choose(self, layer: str) -> None:
        """Draw on another layer from now on."""
        if layer != self._active and self.face(layer) is not None:
            self._finish()
            self._active = layer
            self.layers_changed.emit()

    def choose_kind(self, kind: LayerKind) -> bool:
        """Draw on the uppermost layer of a kind; False where there is none."""
        found = next((face for face in reversed(self._faces) if face.kind == kind and not face.locked), None)
        if found is None:
            return False
        self.choose(found.id)
        return True

    def add_layer(self, kind: LayerKind) -> str:
        """A new layer above the active one (notes lie on top); return its id, "" where it cannot be.

        There is no second underlay: what a person adds is a person's.
        """
        if self.read_only or kind == "temp":
            return ""
        self._finish()
        names = {face.name for face in self._faces}
        name = NAMES[kind]
        if name in names:
            name = next(f"{name} {n}" for n in range(2, len(names) + 3) if f"{name} {n}" not in names)
        new = Face(f"{kind}-{secrets.token_hex(4)}", kind, name, by=self.person)
        at = len(self._faces)
        if kind != "notes" and self._active:
            at = next(n for n, face in enumerate(self._faces) if face.id == self._active) + 1
        self._restack("add layer", (*self._faces[:at], new, *self._faces[at:]), new.id)
        return new.id

    def remove_layer(self, layer: str) -> None:
        """Delete a layer of a person's; its pixels wait in the undo steps."""
        face = self.face(layer)
        if self.read_only or face is None or face.kind == "temp":
            return
        self._finish()
        at = self._faces.index(face)
        left = tuple(one for one in self._faces if one is not face)
        below = [one for one in left[:at] if not one.locked] or [one for one in left if not one.locked]
        step = Step("delete layer", (self._faces, self._active))
        tiles = self.tiles(layer)
        shown = tiles.bounds()
        step.tiles[layer] = {key: Held(tiles.get(key)) for key in tiles.keys()}  # noqa: SIM118
        for key in tiles.keys():  # noqa: SIM118
            tiles.put(key, None)
        self._faces = left
        if self._active == layer:
            self._active = below[-1].id if below else ""
        self._pushed(step)
        self.layers_changed.emit()
        self._show(shown)

    def rename(self, layer: str, name: str) -> None:
        face, name = self.face(layer), " ".join(name.split())
        if face is not None and name and name != face.name and not face.locked and not self.read_only:
            self._restack("rename layer", self._with(replace(face, name=name)), self._active)

    def move_layer(self, layer: str, to: int) -> None:
        """Put a layer at place `to`, counted from the bottom. Nothing goes under the underlay."""
        face = self.face(layer)
        if face is None or face.kind == "temp" or self.read_only:
            return
        rest = [one for one in self._faces if one is not face]
        lowest = next((n + 1 for n, one in enumerate(rest) if one.kind == "temp"), 0)
        to = max(lowest, min(len(rest), to))
        order = (*rest[:to], face, *rest[to:])
        if order != self._faces:
            self._restack("move layer", order, self._active)

    def set_opacity(self, layer: str, opacity: float) -> None:
        face = self.face(layer)
        if face is not None and not self.read_only and opacity != face.opacity:
            changed = replace(face, opacity=min(1.0, max(0.0, opacity)))
            self._restack("layer opacity", self._with(changed), self._active, merge=f"opacity {layer}")

    def set_visible(self, layer: str, visible: bool) -> None:
        """Show or hide a layer. In a drawing that is only viewed, too: it changes no pixel."""
        face = self.face(layer)
        if face is None or face.visible == visible:
            return
        self._finish()
        changed = self._with(replace(face, visible=visible))
        if self.read_only:
            before, self._faces = self._faces, changed
            self._looks_changed(before)
        else:
            self._restack("show layer", changed, self._active)

    # methods: the underlay goes, and comes back

    def replaced(self) -> None:
        """The record says that a person replaced it: the underlay leaves the drawing."""
        face = next((one for one in self._faces if one.kind == "temp"), None)
        if face is None:
            return
        self._finish()
        self._gone = (face, self.temp)
        self._faces = tuple(one for one in self._faces if one is not face)
        if self._active == face.id:
            self._active = self._faces[-1].id if self._faces else ""
        self.temp = None
        self._pushed(Step("replace", mark="replaced"))
        self._all_changed()

    def unreplaced(self) -> None:
        """The record says that the replacement was undone: the underlay is where it was."""
        if self._gone is None:
            return
        face, self.temp = self._gone
        self._gone = None
        self._faces = (face, *self._faces)
        self.history.drop_mark()
        self.touched.emit()
        self._all_changed()

    # methods: undo

    def undo(self) -> None:
        """Take the last step back; the pen's stroke first, if it is down."""
        if self._stroke is not None:
            self.cancel()
            return
        steps = self.history.done
        if not steps or self.read_only:
            return
        if steps[-1].mark == "replaced":
            self.unsigned.emit()
            return
        self.history.moved(self._swap(steps[-1]), undone=True)

    def redo(self) -> None:
        steps = self.history.undone
        if steps and not self.read_only and self._stroke is None:
            self.history.moved(self._swap(steps[-1]), undone=False)

    # internals

    def _swap(self, step: Step) -> Step:
        """Put a step's other side into place; it keeps this one."""
        shown = QRect()
        faces, before = step.faces, self._faces
        if faces is not None:
            step.faces = (self._faces, self._active)
            self._faces = self._with_underlay(faces[0])
            self._active = faces[1]
        for layer, squares in step.tiles.items():
            tiles = self.tiles(layer)
            other: dict[Key, Held] = {}
            for key, held in squares.items():
                was = tiles.get(key)
                other[key] = Held(None if was is None else QImage(was))
                tiles.put(key, held.image())
                shown = shown.united(tile_rect(key))
            step.tiles[layer] = other
        if faces is not None:
            self._looks_changed(before)
        self._show(shown)
        self.touched.emit()
        return step

    def _with_underlay(self, faces: tuple[Face, ...]) -> tuple[Face, ...]:
        """Layers of a step, with the underlay if it is there now: it comes and goes by decisions alone."""
        now = next((face for face in self._faces if face.kind == "temp"), None)
        own = tuple(face for face in faces if face.kind != "temp")
        if now is None:
            return own
        then = next((face for face in faces if face.kind == "temp"), now)
        return (then, *own)

    def _untouched(self, layer: str, before: dict[Key, QImage | None]) -> bool:
        tiles = self.tiles(layer)
        return all(
            (was is None and (tiles.get(key) is None)) or (was is not None and tiles.get(key) == was)
            for key, was in before.items()
        )

    def _push(self, name: str, layer: str, before: dict[Key, QImage | None], faces: tuple[Face, ...]) -> None:
        step = Step(name, (faces, self._active) if faces != self._faces else None)
        step.tiles[layer] = {key: Held(image) for key, image in before.items()}
        self._pushed(step)
        if step.faces is not None:
            self.layers_changed.emit()

    def _pushed(self, step: Step) -> None:
        self.history.push(step)
        self.touched.emit()

    def _restack(self, name: str, faces: tuple[Face, ...], active: str, merge: str = "") -> None:
        self._finish()
        before = self._faces
        step = Step(name, (before, self._active), merge=merge)
        self._faces, self._active = faces, active
        self._pushed(step)
        self._looks_changed(before)

    def _with(self, changed: Face) -> tuple[Face, ...]:
        return tuple(changed if face.id == changed.id else face for face in self._faces)

    def _set(self, changed: Face) -> None:
        self._faces = self._with(changed)

    def _finish(self) -> None:
        if self._stroke is not None:
            self.end()

    def _looks_changed(self, before: tuple[Face, ...]) -> None:
        """Layers came, went, or are shown otherwise: paint again what that changes; at 4K it counts."""
        self.layers_changed.emit()
        old = {face.id: face for face in before}
        new = {face.id: face for face in self._faces}
        turned = [face.id for face in before if face.id in new] != [
            face.id for face in self._faces if face.id in old
        ]
        for layer in old.keys() | new.keys():
            if layer in old and layer in new and not turned:
                one, other = old[layer], new[layer]
                if (one.opacity, one.visible) == (other.opacity, other.visible):
                    continue
            self._show(self.tiles(layer).bounds())

    def _all_changed(self) -> None:
        self.layers_changed.emit()
        self.painted.emit(self.page)

    def _show(self, rect: QRect) -> None:
        if not rect.isEmpty():
            self.painted.emit(rect.intersected(self.page))
