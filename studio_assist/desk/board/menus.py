"""Menus of the board: what can be done with the chosen shots, with a scene, and with the whole board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from studio_assist.desk.board.doing import Doing
from studio_assist.desk.theme import Theme

#: More scenes than this are not listed one by one.
_MOST_SCENES: Final = 60


class BoardMenus:
    """Makes a menu when it is wanted, so that it says what can be done now."""

    def __init__(self, theme: Theme, doing: Doing, parent: QWidget) -> None:
        self._theme: Final = theme
        self._doing: Final = doing
        self._parent: Final = parent

    # methods

    def of_shots(self, at: QPoint) -> QMenu:
        """For the chosen shots."""
        doing, menu = self._doing, self._menu("Shots")
        chosen = doing.book.selection
        self._add(menu, "New shot\tN", doing.new_shot, icon="plus")
        menu.addSeparator()
        some = bool(chosen)
        self._add(menu, "Ask for frames…", doing.ask_for_frames, some, icon="candidate")
        self._add(menu, "Draw over\tD", doing.draw_over, some, icon="brush")
        if doing.may_retry():
            self._add(menu, "Retry", doing.retry, icon="refresh")
        menu.addSeparator()
        self._add(menu, "Rename\tF2", doing.rename, len(chosen) == 1, icon="pencil")
        self._add(menu, "Duplicate", doing.duplicate, some, icon="copy")
        scenes = [scene for scene in doing.scenes() if scene not in doing.chosen_scenes()]
        if some and scenes:
            into = menu.addMenu("Move to scene")
            for scene in scenes[:_MOST_SCENES]:
                heading = doing.book.heading(scene)
                words = f"{scene}  {heading}".strip()
                self._add(into, words, lambda scene=scene: doing.move_to_scene(scene))
        for scene in doing.chosen_scenes()[:1]:
            self._add(menu, f"Renumber scene {scene}", lambda scene=scene: doing.renumber(scene))
        menu.addSeparator()
        self._add(menu, "Remove\tDel", doing.remove, some, icon="cross")
        return self._open(menu, at)

    def of_scene(self, scene: str, at: QPoint) -> QMenu:
        """For one scene."""
        doing, menu = self._doing, self._menu(f"Scene {scene}")
        bare = len(doing.bare(scene))
        self._add(
            menu, _board_words(f"Board scene {scene}", bare), lambda: doing.board_scene(scene), bare > 0
        )
        self._add(menu, "Propose shots for this scene", lambda: doing.propose(scene), doing.has_script)
        menu.addSeparator()
        self._add(menu, "Show this scene alone", lambda: doing.show_scene_alone(scene))
        self._add(menu, "Show all scenes", doing.show_all)
        menu.addSeparator()
        numbered = any(shot.scene == scene for shot in doing.book.shots)
        self._add(menu, f"Renumber scene {scene}", lambda: doing.renumber(scene), numbered)
        return self._open(menu, at)

    def of_board(self, at: QPoint) -> QMenu:
        """For all of it, from the tool bar."""
        doing, menu = self._doing, self._menu("Board")
        here = doing.scene_here()
        if here is not None:
            bare = len(doing.bare(here))
            words = _board_words(f"Board this scene ({here})", bare)
            self._add(menu, words, lambda: doing.board_scene(here), bare > 0, icon="board")
        bare = len(doing.bare(None))
        self._add(menu, _board_words("Board the script", bare), doing.board_script, bare > 0, icon="film")
        chosen = bool(doing.book.selection)
        self._add(menu, "Ask for frames…", doing.ask_for_frames, chosen, icon="candidate")
        menu.addSeparator()
        propose = "Propose shots from the script"
        self._add(menu, propose, lambda: doing.propose(None), doing.has_script, icon="document")
        self._add(menu, "New shot\tN", doing.new_shot, icon="plus")
        self._add(menu, "Renumber the board", lambda: doing.renumber(None), bool(doing.book.shots))
        menu.addSeparator()
        self._add(menu, "Show the queue", doing.show_queue, icon="clock")
        menu.addSeparator()
        self._add(menu, "Larger pictures\tCtrl++", lambda: doing.zoom(1))
        self._add(menu, "Smaller pictures\tCtrl+-", lambda: doing.zoom(-1))
        self._add(menu, "Usual size\tCtrl+0", lambda: doing.zoom(0))
        return self._open(menu, at)

    # internals

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAccessibleName(name)
        menu.setObjectName("board_popup")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _add(
        self,
        menu: QMenu,
        words: str,
        do: Callable[[], object],
        enabled: bool = True,
        *,
        icon: str = "",
    ) -> None:
        # A single ampersand in a heading would be taken for a mnemonic.
        action = menu.addAction(words.replace("&", "&&"))
        if icon:
            action.setIcon(self._theme.icon(icon, "text2", 14))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: do())

    def _open(self, menu: QMenu, at: QPoint) -> QMenu:
        menu.popup(at)
        return menu


def _board_words(words: str, bare: int) -> str:
    """How many shots it is about, or why it is off."""
    if not bare:
        return f"{words}: every shot has a picture"
    return f"{words}: {bare:,} {'shot' if bare == 1 else 'shots'} without a picture"
