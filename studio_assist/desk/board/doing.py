"""What can be done on the board, by whatever key, button or menu asks for it."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.board import edits
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.states import open_variants
from studio_assist.domain.storyboard import ShotId

#: What only the desk can do: it has the widgets that it takes.
Task = Literal["rename", "propose", "queue", "ask", "draw", "all", "scene", "larger", "smaller", "usual"]


class Doing(QObject):
    """Turns wishes into edits of the book and asks to the queue.

    Signals:
        wanted: a `Task`, and the scene that it is about or "".
        removed: how many shots, and how many of them held temp material.
        notice: a sentence.
    """

    wanted = Signal(str, str)
    removed = Signal(int, int)
    notice = Signal(str)

    def __init__(self, book: BoardBook, parent: QObject) -> None:
        super().__init__(parent)
        self.book: Final = book
        self.has_script = False

    # methods

    def new_shot(self) -> None:
        """An empty shot behind the current one, else at the board's end."""
        book = self.book
        after = book.current or (book.shots[-1].id if book.shots else None)
        scene = next(iter(book.headings), "1")
        self._do(edits.new_shot(book.board, after, scene))

    def duplicate(self) -> None:
        """Copies of the chosen shots, without what stands in their panels."""
        if self.book.selection:
            self._do(edits.duplicated(self.book.board, self.book.selection))

    def remove(self) -> None:
        """Take the chosen shots off the board. An undo brings them back with all they had."""
        book, chosen = self.book, self.book.selection
        if not chosen:
            return
        temp = sum(book.shot(one).panel.state == "temp" or bool(book.variants(one)) for one in chosen)
        self._do(edits.removed(chosen))
        if not any(one in book.board for one in chosen):
            self.removed.emit(len(chosen), temp)

    def move_behind(self, after: str) -> None:
        """The chosen shots go behind another; "" is the board's beginning."""
        if self.book.selection:
            self._do(edits.moved(self.book.board, self.book.selection, ShotId(after) if after else None))

    def step(self, step: int) -> None:
        """The chosen shots go one place earlier or later."""
        if self.book.selection:
            self._do(edits.stepped(self.book.board, self.book.selection, step))

    def move_to_scene(self, scene: str) -> None:
        """The chosen shots go to the end of a scene."""
        if self.book.selection:
            self._do(edits.into_scene(self.book.board, self.book.selection, scene))

    def renumber(self, scene: str | None) -> None:
        """A, B, C in a scene, or in all."""
        wanted = edits.renumber(self.book.board, scene)
        if wanted is None:
            self.notice.emit("The numbers are in order already.")
        self._do(wanted)

    def retitle(self, shot: ShotId, title: str) -> None:
        """Name a shot in a few words."""
        if shot in self.book.board:
            self._do(edits.renamed(self.book.shot(shot), title))

    def board_scene(self, scene: str) -> None:
        """Ask for pictures for every shot of a scene that has none."""
        self._ask(self.bare(scene))

    def board_here(self) -> None:
        """Ask for pictures for every shot of the current shot's scene that has none."""
        here = self.scene_here()
        if here is None:
            self.notice.emit("Choose a shot of the scene first.")
        else:
            self.board_scene(here)

    def board_script(self) -> None:
        """Ask for pictures for every shot that has none; they come overnight and wait undecided."""
        self._ask(self.bare(None))

    def bare(self, scene: str | None) -> tuple[ShotId, ...]:
        """Shots that have no picture, none that waits for a decision, and none under way."""
        book = self.book
        return tuple(
            shot.id
            for shot in book.shots
            if (scene is None or shot.scene == scene)
            and shot.panel.state == "empty"
            and book.live(shot.id) is None
            and not open_variants(book.variants(shot.id))
        )

    def may_retry(self) -> bool:
        """Whether the current shot's last job failed or was lost."""
        live = self.book.live(self.book.current) if self.book.current else None
        return live is not None and live.state in ("failed", "lost")

    def retry(self) -> None:
        """Ask again for what failed, as it was asked for."""
        if self.book.current is not None:
            self.book.ask_again(self.book.current)

    def ask_for_frames(self) -> None:
        self.wanted.emit("ask", "")

    def draw_over(self) -> None:
        self.wanted.emit("draw", "")

    def rename(self) -> None:
        self.wanted.emit("rename", "")

    def propose(self, scene: str | None) -> None:
        self.wanted.emit("propose", scene or "")

    def show_queue(self) -> None:
        self.wanted.emit("queue", "")

    def show_scene_alone(self, scene: str) -> None:
        self.wanted.emit("scene", scene)

    def show_all(self) -> None:
        self.wanted.emit("all", "")

    def zoom(self, steps: int) -> None:
        """Larger pictures, smaller ones, or those of the usual size."""
        self.wanted.emit({1: "larger", -1: "smaller"}.get(steps, "usual"), "")

    def scene_here(self) -> str | None:
        """The current shot's scene."""
        current = self.book.current
        return self.book.shot(current).scene if current is not None else None

    def scenes(self) -> list[str]:
        """Every scene of the script and of the board."""
        return list(dict.fromkeys((*self.book.headings, *self.book.scenes)))

    def chosen_scenes(self) -> list[str]:
        """The scenes of the chosen shots."""
        return list(dict.fromkeys(self.book.shot(one).scene for one in self.book.selection))

    # internals

    def _do(self, wanted: edits.Wanted | None) -> None:
        if wanted is None:
            return
        self.book.edit(wanted.edit, wanted.words)
        chosen = [one for one in wanted.chosen if one in self.book.board]
        if chosen:
            self.book.set_selection(chosen, self.book.current if self.book.current in chosen else chosen[0])

    def _ask(self, shots: tuple[ShotId, ...]) -> None:
        person = self.book.person
        if person is None:
            return
        if not shots:
            self.notice.emit("Every shot here has a picture, or is waiting for one.")
            return
        self.book.ask(protocol.BoardAskParams(shots=shots, person=person))
        noun = "shot" if len(shots) == 1 else "shots"
        self.notice.emit(f"Asked for pictures of {len(shots):,} {noun}. They wait for your decision.")
