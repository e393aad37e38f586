"""The reading half of the window's copy of the animatic: the board's shots in frames, and the sounds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance

from studio_assist import protocol
from studio_assist.desk.animatic.undo import SharedPile
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.states import open_variants
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.domain.animatic import Animatic, Sound
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Media, Shot
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.timeline import Placed, Playing, Timeline, placed, playing
from studio_assist.domain.values import Sha256

FIRST_RATE: Final = FrameRate(num=24)
T = TypeVar("T")


class AnimaticCopy(QObject):
    """The timeline, the clips and the files behind them, kept as board and broker tell.

    Signals:
        changed: the timeline or the sounds are others.
        rate_changed: the project runs at another frame rate; `changed` follows.
        failed: a `StudioError` to be shown. The board's own are told by the board.
        pile_changed: what can be undone or done again is another.
        added: id of the clip that a new sound plays in.
        opened: the animatic is here.
    """

    changed = Signal()
    rate_changed = Signal()
    failed = Signal(object)
    pile_changed = Signal()
    added = Signal(str)
    opened = Signal()

    def __init__(self, client: BrokerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._pile: Final = SharedPile()
        self._board: BoardBook | None = None
        self._state: protocol.ProjectState | None = None
        self._person: Person | None = None
        self._scenes: frozenset[str] = frozenset()
        self._animatic = Animatic()
        self._rate = FIRST_RATE
        self._missing: frozenset[Sha256] = frozenset()
        self._version = 0
        self._timeline: Timeline | None = None
        self._placed: tuple[Placed, ...] | None = None
        self._files: Final[dict[Sha256, Path]] = {}
        #: Counts what was opened: an answer to an earlier question concerns nobody.
        self._round = 0
        self._is_open = False
        self._sent = 0
        self._astray = False
        self._outdated = False
        #: A *redo* of the board that was asked for here is under way.
        self._redoing = False

    # properties

    @property
    def is_open(self) -> bool:
        """Whether the sounds have been read."""
        return self._is_open

    @property
    def board(self) -> BoardBook | None:
        """Whose shots these are."""
        return self._board

    @property
    def timeline(self) -> Timeline:
        """The shots in frames, of the chosen scenes."""
        if self._timeline is None:
            shots = self._board.shots if self._board is not None else ()
            self._timeline = Timeline.of(shots, self._rate, self._scenes)
        return self._timeline

    @property
    def animatic(self) -> Animatic:
        """Tracks, clips and sounds."""
        return self._animatic

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The clips in the timeline's time."""
        if self._placed is None:
            board = self._board.board if self._board is not None else ()
            everything = frozenset(shot.id for shot in board) if self._scenes else None
            self._placed = placed(self._animatic, self.timeline, everything)
        return self._placed

    @property
    def rate(self) -> FrameRate:
        return self._rate

    @property
    def title(self) -> str:
        """The project's."""
        return self._state.title if self._state is not None else ""

    @property
    def scenes(self) -> tuple[str, ...]:
        """The scenes that are shown, in the board's order; all of them where none were chosen."""
        return tuple(dict.fromkeys(cut.shot.scene for cut in self.timeline.cuts))

    @property
    def read_only(self) -> str:
        """Why nothing can be changed here, "" where it can."""
        return (self._state.read_only or "") if self._state is not None else ""

    @property
    def person(self) -> Person | None:
        """Who works here."""
        return self._person

    @property
    def missing(self) -> frozenset[Sha256]:
        """Sounds whose files are not there."""
        return self._missing

    @property
    def undo_words(self) -> str:
        """What would be undone, "" where there is nothing."""
        return self._pile.undo_words

    @property
    def redo_words(self) -> str:
        """What would be done again, "" where there is nothing."""
        return self._pile.redo_words

    # what is shown

    def playing(self, shot: Shot) -> Playing:
        """What plays for a shot; "missing" where its picture's file is not there."""
        waiting = self._board.variants(shot.id) if self._board is not None else ()
        shows = playing(shot.panel, has_open=bool(open_variants(waiting)))
        if shows in ("drawn", "temp", "previs") and self.picture(shot) is None:
            return "missing"
        return shows

    def holds_temp(self, shot: Shot) -> bool:
        """Whether its panel is temp, though its picture's file may be gone."""
        return shot.panel.state == "temp"

    def picture(self, shot: Shot) -> Path | None:
        """The file of what a shot's panel shows, where there is one."""
        media = media_of(shot)
        return self._file(media.sha256, media.suffix) if media is not None else None

    def sound_file(self, sha256: Sha256) -> Path | None:
        """A sound's file, where it is there."""
        return self._file(sha256, ".wav")

    # methods

    def open(
        self,
        board: BoardBook,
        state: protocol.ProjectState,
        person: Person,
        scenes: Collection[str] = (),
    ) -> None:
        """Show a project's animatic, of these scenes alone where any are named."""
        self._leave_board()
        self._forget()
        self._board, self._state, self._person = board, state, person
        self._scenes = frozenset(scenes)
        for signal, slot in self._wires(board):
            signal.connect(slot)
        self.pile_changed.emit()
        self.changed.emit()
        self.reload()

    def set_scenes(self, scenes: Collection[str]) -> None:
        """Show these scenes alone; all, where none are named."""
        if frozenset(scenes) != self._scenes:
            self._scenes = frozenset(scenes)
            self._renew()

    def set_person(self, person: Person) -> None:
        """Who works here from now on."""
        self._person = person

    def reload(self) -> None:
        """Read the sounds anew."""
        self._astray = self._outdated = False
        self._round += 1
        call = self._client.call(protocol.OPEN_ANIMATIC, protocol.Nothing(), owner=self)
        call.on_done(self._within_round(self._read)).on_error(self._within_round(self.failed.emit))

    def rejoin(self, state: protocol.ProjectState) -> None:
        """The broker was started again: what it has is what counts."""
        self._state = state
        self._sent = 0
        self._version = 0
        self._pile.drop_sounds()
        self.pile_changed.emit()
        self.reload()

    def close(self) -> None:
        """No project is open any more."""
        self._leave_board()
        self._forget()
        self._board, self._state, self._person = None, None, None
        self.pile_changed.emit()
        self.changed.emit()

    def take(self, event: protocol.Event) -> None:
        """Hear what the broker tells of the sounds. What it tells of the board, the board takes."""
        if isinstance(event, protocol.AnimaticChanged) and self._is_open:
            if self._sent:
                # Edits of this window are under way; whose came first the broker knows.
                self._outdated = True
            elif event.state.version >= self._version:
                self._adopt(event.state)

    # slots

    def _board_changed(self) -> None:
        self._renew()

    def _board_edited(self, words: str, can_undo: bool) -> None:
        if can_undo and self._board is not None:
            self._pile.board_edited(words, self._board.pile.redo_words, redoing=self._redoing)
        else:
            self._pile.board_undone()
        self.pile_changed.emit()

    def _board_pile_changed(self) -> None:
        pile = self._board.pile if self._board is not None else None
        if pile is not None and not pile.undo_words and not pile.redo_words:
            self._pile.drop_board()
            self.pile_changed.emit()

    def _read(self, state: protocol.AnimaticState) -> None:
        if self._sent and self._is_open:
            # It was read before the edits that were made since: read it again after them.
            self._outdated = True
        else:
            self._adopt(state)

    def _adopt(self, state: protocol.AnimaticState) -> None:
        first, self._is_open = not self._is_open, True
        other_rate = state.rate != self._rate
        if not first and state.animatic != self._animatic:
            self._pile.drop_sounds()
            self.pile_changed.emit()
        self._animatic, self._version = state.animatic, state.version
        self._rate, self._missing = state.rate, frozenset(state.missing)
        self._timeline = self._placed = None
        if other_rate:
            self.rate_changed.emit()
        self.changed.emit()
        if first:
            self.opened.emit()

    # internals

    def _wires(self, board: BoardBook) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
        return (
            (board.reset, self._board_changed),
            (board.changed, self._board_changed),
            (board.order_changed, self._board_changed),
            (board.edited, self._board_edited),
            (board.pile_changed, self._board_pile_changed),
        )

    def _leave_board(self) -> None:
        if self._board is not None:
            for signal, slot in self._wires(self._board):
                signal.disconnect(slot)

    def _forget(self) -> None:
        self._pile.clear()
        self._round += 1
        self._animatic = Animatic()
        self._rate, self._missing, self._version = FIRST_RATE, frozenset(), 0
        self._is_open = self._astray = self._outdated = False
        self._sent = 0
        self._files.clear()
        self._timeline = self._placed = None

    def _renew(self) -> None:
        self._timeline = self._placed = None
        self.changed.emit()

    def _file(self, sha256: Sha256, suffix: str) -> Path | None:
        """One of the project's media. They never leave by themselves: what was found is not sought again."""
        known = self._files.get(sha256)
        if known is not None or self._state is None:
            return known
        path = Path(self._state.path, "media", sha256[:2], f"{sha256}{suffix}")
        if not path.is_file():
            return None
        self._files[sha256] = path
        return path

    def _put_sound(self, sound: Sound) -> None:
        """A sound that came in, or of which something else is said now."""
        kept = tuple(sound if one.sha256 == sound.sha256 else one for one in self._animatic.sounds)
        if sound not in kept:
            kept = (*kept, sound)
        self._missing -= {sound.sha256}
        self._animatic = self._animatic.model_copy(update={"sounds": kept})
        self._placed = None
        self.changed.emit()

    def _take_rate(self, rate: FrameRate) -> None:
        if rate != self._rate:
            self._rate = rate
            self._timeline = self._placed = None
            self.rate_changed.emit()
            self.changed.emit()

    def _within_round(self, receive: Callable[[T], object]) -> Callable[[T], None]:
        """Only the answer to the last question counts."""
        asked = self._round

        def heard(told: T) -> None:
            if asked == self._round:
                receive(told)

        return heard

    def _within_project(self, receive: Callable[[T], object]) -> Callable[[T], None]:
        """Only while the same project is open."""
        asked = self._state.session if self._state is not None else ""

        def heard(told: T) -> None:
            if self._state is not None and self._state.session == asked:
                receive(told)

        return heard


def media_of(shot: Shot) -> Media | None:
    """The picture that a shot's panel shows. One that is drawn and has no marked copy has nothing to mark."""
    if shot.panel.state == "drawn":
        return shot.panel.shown or shot.panel.picture
    return shot.panel.shown
