"""The stage of one shot while an artist sets it: kept here until a gesture ends, then one edit."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist.desk.board.book import BoardBook
from studio_assist.domain.staging import Camera, Figure, Piece, Staging
from studio_assist.domain.storyboard import PutShot, Shot, ShotId

#: Key strokes that follow each other within this are one step of undo, ms.
_PAUSE_MS: Final = 600


class StageModel(QObject):
    """A staging that is being set.

    Signals:
        moved: it is another; True while a gesture goes on and what is shown may be rough.
    """

    moved = Signal(bool)

    def __init__(self, book: BoardBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book: Final = book
        self._shot: ShotId | None = None
        self._staging = Staging()
        self._base: Shot | None = None
        self._dirty = False
        self._words = ""
        self._pause: Final = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.end)

    # properties

    @property
    def staging(self) -> Staging:
        """As it stands, gestures included."""
        return self._staging

    @property
    def shot(self) -> ShotId | None:
        """Whose it is."""
        return self._shot

    @property
    def by_hand(self) -> bool:
        """Whether an artist set it; the shot's fields do not move it then."""
        return self._dirty or (self._base is not None and self._base.staging is not None)

    # methods

    def show_shot(self, shot: ShotId | None) -> None:
        """Set another shot's stage; what was set and is no edit yet becomes one."""
        if shot != self._shot:
            self.end()
            self._shot, self._base = shot, None
        self.refresh()

    def forget(self) -> None:
        """Drop what is set: its shot belongs to a project that is shut."""
        self._pause.stop()
        self._dirty, self._shot, self._base = False, None, None

    def refresh(self) -> None:
        """Take over what the book holds, unless a gesture goes on."""
        if self._shot is None or self._dirty:
            return
        shot = self._book.shot(self._shot)
        if self._base is not None and _unpanelled(shot) == _unpanelled(self._base):
            return
        self._base = shot
        self._staging = self._ruled(shot)
        self.moved.emit(False)

    def change(self, staging: Staging, words: str, *, gesture: bool = False, later: bool = False) -> None:
        """Set it otherwise.

        Args:
            words: how the edit is called ("Move the camera").
            gesture: more is to come; `end` makes the edit.
            later: it is made after a pause, so that several key strokes are one edit.
        """
        if self._shot is None or staging == self._staging:
            return
        self._staging, self._dirty, self._words = staging, True, words
        self.moved.emit(gesture or later)
        if later:
            self._pause.start()
        elif not gesture:
            self.end()

    def aim(self, camera: Camera, *, gesture: bool = False, later: bool = False) -> None:
        """Move the camera."""
        staging = self._staging.model_copy(update={"camera": camera})
        self.change(staging, "Move the camera", gesture=gesture, later=later)

    def end(self) -> None:
        """A gesture ended: what it did is one edit."""
        self._pause.stop()
        dirty, self._dirty = self._dirty, False
        if not dirty or self._shot is None or self._shot not in self._book.board:
            return
        shot = self._book.shot(self._shot)
        lens = min(600, max(8, round(self._staging.camera.lens_mm)))
        put = shot.model_copy(update={"staging": self._staging, "lens_mm": lens})
        self._base = put
        self._book.edit(PutShot(shot=put), f"{self._words} in {shot.number}")
        self.moved.emit(False)

    def reset(self) -> None:
        """Let the rules set it again, from the shot's fields."""
        self.end()
        if self._shot is None or self._shot not in self._book.board:
            return
        shot = self._book.shot(self._shot)
        if shot.staging is None:
            return
        self._book.edit(
            PutShot(shot=shot.model_copy(update={"staging": None})), f"Reset the stage of {shot.number}"
        )
        self.refresh()

    def put_figure(self, at: int, figure: Figure, *, gesture: bool = False, later: bool = False) -> None:
        """Set one figure otherwise."""
        figures = list(self._staging.figures)
        figures[at] = figure
        staging = self._staging.model_copy(update={"figures": tuple(figures)})
        self.change(staging, f"Stage {figure.name}", gesture=gesture, later=later)

    def put_piece(self, at: int, piece: Piece, *, gesture: bool = False, later: bool = False) -> None:
        """Set one piece otherwise."""
        pieces = list(self._staging.pieces)
        pieces[at] = piece
        staging = self._staging.model_copy(update={"pieces": tuple(pieces)})
        self.change(staging, f"Move the {piece.kind}", gesture=gesture, later=later)

    def add_figure(self, name: str) -> None:
        """Put a figure beside the last one."""
        last = self._staging.figures[-1].at if self._staging.figures else (-0.8, 2.0)
        from studio_assist.blockout.stage import look_of

        figure = Figure(name=name, at=(last[0] + 0.8, last[1]), look=look_of(name))
        figures = (*self._staging.figures, figure)
        self.change(self._staging.model_copy(update={"figures": figures}), f"Add {name}")

    def add_piece(self, kind: str) -> None:
        """Put a piece where the camera looks, behind the figures."""
        aim = self._staging.camera.aim
        piece = Piece(kind=kind, at=(aim[0], aim[1] + 1.0))
        pieces = (*self._staging.pieces, piece)
        self.change(self._staging.model_copy(update={"pieces": pieces}), f"Add a {kind}")

    def remove(self, kind: str, at: int) -> None:
        """Take a figure or a piece away."""
        if kind == "figure" and at < len(self._staging.figures):
            gone = self._staging.figures[at].name
            figures = tuple(one for place, one in enumerate(self._staging.figures) if place != at)
            self.change(self._staging.model_copy(update={"figures": figures}), f"Remove {gone}")
        elif kind == "piece" and at < len(self._staging.pieces):
            gone = self._staging.pieces[at].kind
            pieces = tuple(one for place, one in enumerate(self._staging.pieces) if place != at)
            self.change(self._staging.model_copy(update={"pieces": pieces}), f"Remove the {gone}")

    # internals

    def _ruled(self, shot: Shot) -> Staging:
        # The rules and the drawer are loaded by `stage_view.warm`, not before the window is up.
        from studio_assist.blockout.stage import staged

        return staged(shot, self._book.heading(shot.scene), self._book.board.of_scene(shot.scene))


def _unpanelled(shot: Shot) -> Shot:
    """What a staging is made from: decisions on the panel do not move anybody."""
    return shot.model_copy(update={"panel": type(shot.panel)(), "earlier": (), "notes": "", "tie": None})
