"""The board's calls that change no picture: its shots a page at a time, and what a person edits in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from studio_assist import protocol
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.boards import edited
from studio_assist.domain.errors import Refusal
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import (
    BoardEdit,
    InsertShots,
    Panel,
    PutShot,
    Several,
    Shot,
    ShotId,
)

Ready = Callable[[Person], Awaitable[Session]]


class BoardCalls:
    """Answers the window about shots, and makes its edits.

    Args:
        ready: the open project, once the key of a person is there.
    """

    def __init__(self, session: Callable[[], Session], ready: Ready, live: LiveBoard) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._live: Final = live

    async def list_shots(self, params: protocol.ListShotsParams) -> protocol.ShotPage:
        """A page of the board."""
        keeper = self._session().boards
        shots = keeper.board.shots[params.offset : params.offset + protocol.SHOTS_A_PAGE]
        return protocol.ShotPage(
            offset=params.offset,
            total=len(keeper.board),
            version=keeper.version,
            shots=tuple(self._live.seen(shot) for shot in shots),
        )

    async def edit_board(self, params: protocol.EditBoardParams) -> protocol.BoardEdited:
        """Make an edit. Panels are not the window's to write: new shots get empty ones, old ones keep theirs.

        Raises:
            Refusal: the project is read-only here.
            BadInput: it names a shot that is not there.
        """
        session = self._session()
        if session.read_only:
            raise Refusal(session.read_only, remedy="Close the other window, then open the project again.")
        # One after the other: an edit is made on the board that the one before it left.
        async with session.boards.turn():
            return await self._edit(session, params)

    async def _edit(self, session: Session, params: protocol.EditBoardParams) -> protocol.BoardEdited:
        keeper = session.boards
        edit = _own_panels(params.edit, {shot.id: shot for shot in keeper.board} | keeper.removed)
        after, _inverse = edited(keeper.board, edit)
        gone = [shot for shot in keeper.board if shot.id not in after]
        come = [shot for shot in after if shot.id not in keeper.board]
        signed = [shot for shot in (*gone, *come) if shot.panel.state == "temp"]
        if signed:
            await self._ready(params.person)
            # The script may have moved shots' ties meanwhile: nothing of that is lost.
            after, _inverse = edited(keeper.board, edit)
            # What a person answers for is in the record before the board is another one.
            for shot in gone:
                _clear(session, shot, params.person)
            for shot in come:
                _restore(session, shot, params.person)
        removed = {name: shot for name, shot in keeper.removed.items() if name not in after}
        keeper.put(after, removed | {shot.id: shot for shot in gone})
        return protocol.BoardEdited(
            version=keeper.version, shots=tuple(self._live.seen(shot) for shot in come)
        )


def _own_panels(edit: BoardEdit, known: dict[ShotId, Shot]) -> BoardEdit:
    """The edit with no panel in it that the window made up."""

    def own(shot: Shot) -> Shot:
        there = known.get(shot.id)
        panel = there.panel if there else Panel()
        return shot.model_copy(update={"panel": panel, "earlier": there.earlier if there else ()})

    match edit:
        case InsertShots():
            return edit.model_copy(update={"shots": tuple(own(shot) for shot in edit.shots)})
        case PutShot():
            return edit.model_copy(update={"shot": own(edit.shot)})
        case Several():
            return Several(edits=tuple(_own_panels(one, known) for one in edit.edits))
        case _:
            return edit


def _clear(session: Session, shot: Shot, person: Person) -> None:
    if shot.panel.state == "temp" and shot.panel.entry is not None:
        body = record.PanelCleared(decision=shot.panel.entry, shot=shot.id, automated=person.automated)
        session.append(body, person=person, durable=True)


def _restore(session: Session, shot: Shot, person: Person) -> None:
    if shot.panel.state != "temp" or shot.panel.entry is None:
        return
    cleared = session.ledger.entries(
        type="panel_cleared", decision=shot.panel.entry, newest_first=True, limit=1
    )
    for entry in cleared:
        body = record.PanelRestored(
            decision=shot.panel.entry, entry=entry.number, shot=shot.id, automated=person.automated
        )
        session.append(body, person=person, durable=True)
