"""The reading half of the window's copy of the board: what the broker has, what is chosen, what is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.board.pages import Pages
from studio_assist.desk.board.pile import EditPile
from studio_assist.desk.board.queue_book import QueueBook
from studio_assist.desk.board.states import State, open_variants, state_of
from studio_assist.desk.board.tally import Tally
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.domain.boards import Board
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Live, Media, Shot, ShotId, ShotSeen, Variant
from studio_assist.domain.values import EntryNumber


class BoardCopy(QObject):
    """Shots in order with what waits and what runs, kept as the broker tells; and the selection.

    Signals:
        reset: another board, or the whole of it was read anew.
        changed: ids (list of str) of shots whose fields, panel, variants or live state are others now.
        order_changed: shots came, went or moved, or numbers changed.
        current_changed: id of the shot that the inspector shows, or "".
        selection_changed: the chosen shots.
        failed: a `StudioError` to be shown.
        decided: a `protocol.PanelChanged` after this person's own decision, for the notice with its Undo.
        canvas_wanted: a shot's id and a variant's candidate id or "": the canvas is to be opened.
        pile_changed: what can be undone or done again is another.
        loaded: the last page is in.
        edited: words of an edit that this person made, undid or did again, and whether it can be undone.
    """

    reset = Signal()
    changed = Signal(list)
    order_changed = Signal()
    current_changed = Signal(str)
    selection_changed = Signal()
    failed = Signal(object)
    decided = Signal(object)
    canvas_wanted = Signal(str, str)
    pile_changed = Signal()
    loaded = Signal()
    edited = Signal(str, bool)

    def __init__(self, client: BrokerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client: Final = client
        self.tally: Final = Tally()
        self.pile: Final = EditPile()
        self.queue: Final = QueueBook(client, self)
        self._pages: Final = Pages(client, self)
        self._board = Board()
        self._variants: dict[ShotId, tuple[Variant, ...]] = {}
        self._live: dict[ShotId, Live] = {}
        self._headings: dict[str, str] = {}
        self._state: protocol.ProjectState | None = None
        self._person: Person | None = None
        self._current: ShotId | None = None
        self._selected: frozenset[ShotId] = frozenset()
        self._ordered: tuple[ShotId, ...] | None = ()
        self._presented: set[str] = set()
        self._entries: dict[ShotId, EntryNumber] = {}
        self._asked: dict[ShotId, protocol.BoardAskParams] = {}
        self._sent = 0
        self._astray = False
        #: Pages of a board that is read again: it takes the old one's place when it is whole.
        self._gathered: list[ShotSeen] | None = None
        #: What was told of shots meanwhile, newer than the pages.
        self._meanwhile: dict[ShotId, ShotSeen] = {}
        self._pages.came.connect(self._page_came)
        self._pages.ended.connect(self._pages_ended)
        self._pages.failed.connect(self.failed)
        self.queue.failed.connect(self.failed)
        self.queue.live_changed.connect(self._take_live)

    # properties

    @property
    def shots(self) -> tuple[Shot, ...]:
        """All of them, in order."""
        return self._board.shots

    @property
    def board(self) -> Board:
        return self._board

    @property
    def current(self) -> ShotId | None:
        """Whose panel the inspector shows."""
        return self._current

    @property
    def selection(self) -> tuple[ShotId, ...]:
        """The chosen shots, in the board's order."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._selected, key=self._board.place))
        return self._ordered

    @property
    def loading(self) -> bool:
        """Whether pages are still to come."""
        return self._pages.running

    @property
    def total(self) -> int:
        """How many shots there are, read or still to come."""
        return max(self._pages.total, len(self._board)) if self._pages.running else len(self._board)

    @property
    def folder(self) -> Path | None:
        """The project's folder."""
        return Path(self._state.path) if self._state else None

    @property
    def person(self) -> Person | None:
        """Who works here."""
        return self._person

    @property
    def read_only(self) -> str:
        """Why nothing can be changed here, "" where it can."""
        return (self._state.read_only or "") if self._state else ""

    @property
    def scenes(self) -> tuple[str, ...]:
        """The numbers of the scenes that have shots, in the board's order."""
        return tuple(dict.fromkeys(shot.scene for shot in self._board.shots))

    @property
    def headings(self) -> dict[str, str]:
        """Slug lines of the script's scenes by their numbers, in script order."""
        return dict(self._headings)

    # methods

    def shot(self, shot: ShotId) -> Shot:
        """Raises `KeyError` where there is none."""
        if shot not in self._board:
            raise KeyError(shot)
        return self._board.shot(shot)

    def variants(self, shot: ShotId) -> tuple[Variant, ...]:
        """What waits for a decision, in the order of the strip."""
        return self._variants.get(shot, ())

    def waiting(self, shot: ShotId) -> int:
        """How many of its variants a person has still to decide on."""
        return len(open_variants(self.variants(shot)))

    def live(self, shot: ShotId) -> Live | None:
        """What happens to its panel just now."""
        return self._live.get(shot)

    def state(self, shot: ShotId) -> State:
        """How it stands, in one word."""
        return state_of(self.shot(shot), self.variants(shot), self.live(shot))

    def heading(self, scene: str) -> str:
        """The slug line of a scene's number, "" where the script has none."""
        return self._headings.get(scene, "")

    def media_file(self, media: Media) -> Path | None:
        """Where a picture's file ought to be."""
        folder = self.folder
        return folder / "media" / media.sha256[:2] / f"{media.sha256}{media.suffix}" if folder else None

    def load(self, state: protocol.ProjectState, person: Person) -> None:
        """Read a project's board, a page at a time."""
        self._state, self._person = state, person
        self.queue.set_person(person)
        self._board = Board()
        self._variants.clear()
        self._live.clear()
        self._presented.clear()
        self._entries.clear()
        self._asked.clear()
        self.tally.clear()
        self.pile.clear()
        self.queue.forget()
        self._choose(frozenset(), None)
        self.reset.emit()
        self.pile_changed.emit()
        self.reload()

    def reload(self) -> None:
        """Read the board anew. One that is shown stays as it is until the last page is there."""
        self._astray = False
        self._gathered = [] if self._board.shots else None
        self._meanwhile.clear()
        self._pages.read()

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again: what it has is what counts."""
        self._state = state
        self._sent = 0
        self.queue.forget()
        self.reload()

    def close(self) -> None:
        """No project is open any more."""
        self._pages.stop()
        self._state = None
        self._board = Board()
        self._choose(frozenset(), None)
        self.tally.clear()
        self.pile.clear()
        self.queue.forget()
        self.reset.emit()

    def set_person(self, person: Person) -> None:
        """Who decides from now on; what one person was shown another was not."""
        self._person = person
        self._presented.clear()
        self.queue.set_person(person)

    def set_headings(self, headings: dict[str, str]) -> None:
        """The script's scenes: their numbers and slug lines."""
        if headings != self._headings:
            self._headings = dict(headings)
            self.order_changed.emit()

    def take(self, event: protocol.Event) -> None:
        """Hear what the broker tells."""
        match event:
            case protocol.BoardChanged():
                self._take_seen(event.shots, fields=not self._sent)
            case protocol.QueueChanged():
                self.queue.take(event, self._live)
            case _:
                pass

    def is_chosen(self, shot: ShotId) -> bool:
        """Whether it is among the chosen."""
        return shot in self._selected

    def set_current(self, shot: ShotId | None) -> None:
        """Show a shot in the inspector, and choose it if it is not among the chosen."""
        if shot is not None and shot not in self._board:
            return
        chosen = self._selected if shot in self._selected else frozenset({shot} if shot else ())
        self._choose(chosen, shot)

    def set_selection(self, shots: Iterable[ShotId], current: ShotId | None = None) -> None:
        """Choose shots; the inspector shows `current`, or goes on with the one it has."""
        chosen = frozenset(one for one in shots if one in self._board)
        self._choose(chosen, current if current in chosen else self._near(chosen))

    # slots

    def _page_came(self, page: protocol.ShotPage) -> None:
        if self._gathered is not None:
            if not page.offset:
                self._gathered.clear()
            self._gathered.extend(page.shots)
            return
        if not page.offset:
            self._begin_anew()
        for seen in page.shots:
            self._keep(seen)
        before = self._board.shots[: page.offset]
        self._board = Board((*before, *(seen.shot for seen in page.shots)))
        if not page.offset:
            self._after_other_board()
            self.reset.emit()
        else:
            self._ordered = None
            self.order_changed.emit()

    def _pages_ended(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered is not None:
            old = self._board
            self._begin_anew()
            whole = [self._meanwhile.get(seen.shot.id, seen) for seen in gathered]
            for seen in whole:
                self._keep(seen)
            self._live.update({item.shot: item.live for item in self.queue.items})
            self._board = Board(tuple(seen.shot for seen in whole))
            self._after_other_board(old)
            self.reset.emit()
        self._meanwhile.clear()
        self.loaded.emit()

    def _begin_anew(self) -> None:
        """Before the first page: what is not in a page is not there."""
        self._variants.clear()
        self._live = {one: live for one, live in self._live.items() if one in self.queue.shots}
        self.tally.clear()

    def _take_live(self, changed: dict[ShotId, Live | None]) -> None:
        for shot, live in changed.items():
            if live is None:
                self._live.pop(shot, None)
            else:
                self._live[shot] = live
        self.changed.emit([shot for shot in changed if shot in self._board])

    # internals

    def _exchange(self, board: Board) -> None:
        """The board after an edit: tell what became different."""
        old, self._board = self._board, board
        for shot in old.shots:
            if shot.id not in board:
                self.tally.drop(shot.id)
        different = [
            shot for shot in board.shots if shot.id not in old or old.shots[old.place(shot.id)] is not shot
        ]
        for shot in different:
            self.tally.put(shot, self.variants(shot.id))
        moved = len(old) != len(board) or any(
            one.id != other.id for one, other in zip(old.shots, board.shots, strict=True)
        )
        numbered = any(
            shot.id in old
            and (shot.number, shot.scene) != (old.shot(shot.id).number, old.shot(shot.id).scene)
            for shot in different
        )
        if moved or numbered:
            self._after_other_board(old)
            self.order_changed.emit()
        if different:
            self.changed.emit([shot.id for shot in different])

    def _after_other_board(self, old: Board | None = None) -> None:
        """Selection and current hold on to what is there; a neighbour takes the place of what is not."""
        chosen = frozenset(one for one in self._selected if one in self._board)
        current = self._current
        if current is not None and current not in self._board:
            current = _neighbour(current, old, self._board) if old is not None else None
            chosen = chosen or frozenset({current} if current else ())
        self._ordered = None
        self._choose(chosen, current)

    def _take_seen(self, shots: Sequence[ShotSeen], *, fields: bool) -> None:
        """Shots as the broker has them. While edits are under way the fields here are the newer ones."""
        if self._gathered is not None:
            self._meanwhile.update({seen.shot.id: seen for seen in shots})
        known = [seen for seen in shots if seen.shot.id in self._board]
        if len(known) != len(shots) and not self._sent and not self._pages.running:
            # One that this copy has never seen: it was put in elsewhere.
            self.reload()
            return
        taken: list[Shot] = []
        for seen in known:
            mine = self._board.shot(seen.shot.id)
            panel = {"panel": seen.shot.panel, "earlier": seen.shot.earlier}
            shot = seen.shot if fields else mine.model_copy(update=panel)
            taken.append(shot)
            self._keep(seen.model_copy(update={"shot": shot}))
        if not taken:
            return
        old, self._board = self._board, self._board.with_shots(taken)
        if any(
            (shot.number, shot.scene) != (old.shot(shot.id).number, old.shot(shot.id).scene) for shot in taken
        ):
            self.order_changed.emit()
        self.changed.emit([shot.id for shot in taken])

    def _keep(self, seen: ShotSeen) -> None:
        shot = seen.shot.id
        if seen.variants:
            self._variants[shot] = seen.variants
        else:
            self._variants.pop(shot, None)
        if seen.live is not None:
            self._live[shot] = seen.live
        else:
            self._live.pop(shot, None)
        self.tally.put(seen.shot, seen.variants)

    def _near(self, chosen: frozenset[ShotId]) -> ShotId | None:
        if self._current in chosen or not chosen:
            return self._current if self._current in chosen else None
        return min(chosen, key=self._board.place)

    def _choose(self, chosen: frozenset[ShotId], current: ShotId | None) -> None:
        other_choice = chosen != self._selected
        other_current = current != self._current
        self._selected, self._current = chosen, current
        if other_choice:
            self._ordered = None
            self.selection_changed.emit()
        if other_current:
            self.current_changed.emit(current or "")


def _neighbour(gone: ShotId, old: Board, new: Board) -> ShotId | None:
    """The shot next to one that is gone: the first after it that stays, else the last before it."""
    place = old.place(gone)
    for shot in (*old.shots[place + 1 :], *reversed(old.shots[:place])):
        if shot.id in new:
            return shot.id
    return None
