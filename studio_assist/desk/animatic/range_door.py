"""What of the board is played, and at which frame rate: asked under the head, and done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect

from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.player import Player
from studio_assist.desk.animatic.range_picker import RangePicker, rate_menu
from studio_assist.desk.animatic.top_bar import AnimaticTopBar
from studio_assist.desk.theme import Theme
from studio_assist.domain.storyboard import ShotId


class RangeDoor:
    """Opens what asks for scenes and rate, and takes the answers to the book.

    Attributes:
        scenes: the numbers of those that were chosen; none for all.
    """

    def __init__(self, theme: Theme, book: AnimaticBook, player: Player, head: AnimaticTopBar) -> None:
        self._theme: Final = theme
        self._book: Final = book
        self._player: Final = player
        self._head: Final = head
        self._picker: RangePicker | None = None
        self.scenes: tuple[str, ...] = ()

    # methods

    def with_shot(self, shot: ShotId | None) -> tuple[str, ...]:
        """The chosen scenes where this shot is in them; else none, which is all of them."""
        board = self._book.board
        if shot is None or board is None:
            return self.scenes
        return self.scenes if shot in board.board and board.shot(shot).scene in self.scenes else ()

    def choose_scenes(self) -> None:
        """Ask which scenes are to be played."""
        board, button = self._book.board, self._head.scenes
        if board is None or not button.isEnabled() or self._picker is not None:
            return
        scenes = [(number, board.heading(number)) for number in board.scenes]
        window = self._head.window()
        self._picker = picker = RangePicker(self._theme, window, scenes, self.scenes)
        picker.chosen.connect(self._play_scenes)
        picker.closed.connect(self._picker_closed)
        picker.open_under(QRect(button.mapTo(window, QPoint(0, 0)), button.size()))

    def choose_rate(self) -> None:
        """Ask at which frame rate the project runs."""
        button = self._head.rate
        if self._book.is_open and button.isEnabled():
            menu = rate_menu(self._theme, button, self._book.rate, self._book.set_rate)
            menu.popup(button.mapToGlobal(button.rect().bottomLeft() + QPoint(0, 3)))

    # slots

    def _play_scenes(self, scenes: tuple[str, ...]) -> None:
        """The shot that is on stays on where it is among them."""
        player, cut = self._player, self._player.cut
        into = player.frame - cut.start if cut is not None else 0
        self.scenes = scenes
        self._book.set_scenes(scenes)
        place = player.timeline.place(cut.shot.id) if cut is not None else None
        player.seek(player.timeline.cuts[place].start + into if place is not None else 0)

    def _picker_closed(self) -> None:
        if self._picker is not None:
            self._picker.deleteLater()
            self._picker = None
