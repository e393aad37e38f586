"""What people decide about pictures, one by one, and what then stands in a panel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, assert_never

from studio_assist import protocol
from studio_assist.broker import board_media, panel_canvas
from studio_assist.broker.board_keeper import with_panel
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.board_story import (
    accepted_panel,
    back_to,
    content_of,
    drawn_panel,
    shot_of_candidate,
    variant_of,
    without,
)
from studio_assist.broker.deciding import shown_candidate
from studio_assist.broker.session import Session
from studio_assist.broker.story import PANEL
from studio_assist.domain import record
from studio_assist.domain.candidate import State
from studio_assist.domain.canvas import Canvas
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.record import DecisionMade, Entry, PanelReplaced
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.values import EntryNumber
from studio_assist.ledger import Contents

Ready = Callable[[Person], Awaitable[Session]]


class Panels:
    """Decisions on variants, and drawings that go into panels.

    Args:
        ready: the open project, once the key of a person is there.
    """

    def __init__(self, session: Callable[[], Session], ready: Ready, live: LiveBoard) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._live: Final = live

    # decisions

    async def decide_picture(self, params: protocol.DecidePictureParams) -> protocol.PanelChanged:
        """Record one decision, durably, before its picture stands in the panel.

        Raises:
            Refusal: other content was shown, it was never shown to this person, is decided already or stale.
            BadInput: it is no picture, its shot is gone, or the drawing does not fit the outcome.
        """
        session = await self._ready(params.person)
        async with session.boards.turn():
            return await self._decide(session, params)

    async def _decide(self, session: Session, params: protocol.DecidePictureParams) -> protocol.PanelChanged:
        session.may_write()
        made, text = shown_candidate(session, params.candidate, params.content)
        content = content_of(text)
        if content is None:
            raise BadInput("That candidate is no picture.", remedy="Decide on it in the Write desk.")
        shot = session.boards.board.shot(content.shot)
        file = board_media.canvas_file(session.folder, params.canvas) if params.canvas else None
        if params.outcome is not State.REJECTED:
            # Nobody takes in what cannot be looked at.
            board_media.media_file(session.folder, content.picture)
        session.meet(params.person)
        texts = Contents()
        result: record.Commitment | None = None
        canvas: Canvas | None = None
        kept = 1000
        match params.outcome:
            case State.ACCEPTED:
                result = made.content
            case State.EDITED:
                canvas, edited, kept = await panel_canvas.edited_frame(session, content, file)
                result = texts.add(edited.text())
            case State.REJECTED:
                kept = 0
            case _:
                assert_never(params.outcome)
        entry = session.append(
            DecisionMade(
                candidate=made.candidate,
                outcome=params.outcome.value,
                content=made.content,
                result=result,
                kept_permille=kept,
                automated=params.person.automated,
                redo_of=params.redo_of,
                placement=record.Placement(kind=PANEL, start=0, length=0) if result else None,
            ),
            contents=texts,
            person=params.person,
            durable=True,
        )
        shown = session.boards.marked.get(made.candidate)
        self._live.take(shot.id, made.candidate)
        if result is not None:
            assert isinstance(entry.body, DecisionMade)
            found = accepted_panel(session.story, entry, entry.body, shown)
            assert found is not None
            panel = found[1]
            self._supersede(session, shot, params.person)
            # At once: no board without it is written after its entry.
            session.boards.put_shots((with_panel(session.boards.board.shot(shot.id), panel),))
            self._live.tell((shot.id,))
            if canvas is not None:
                panel = await panel_canvas.with_canvas(session, shot, panel, canvas, params.person)
            elif panel.shown is None:
                panel = await panel_canvas.with_mark(session, shot, panel, params.person)
            self._put(session, shot.id, panel)
        if file and (canvas is None or await session.boards.flush()):
            board_media.try_remove(file)
        return self._changed(session, shot.id, entry)

    async def undo_picture(self, params: protocol.UndoPictureParams) -> protocol.PanelChanged:
        """Take a decision, or a *replaced by human*, back with an entry of its own.

        Raises:
            BadInput: that entry is neither.
            Refusal: it was taken back before.
        """
        session = await self._ready(params.person)
        async with session.boards.turn():
            return self._undo(session, params)

    def _undo(self, session: Session, params: protocol.UndoPictureParams) -> protocol.PanelChanged:
        session.may_write()
        session.meet(params.person)
        body = session.ledger.entry(params.entry).body
        match body:
            case DecisionMade():
                return self._undo_decision(session, params, body)
            case PanelReplaced():
                shot = session.boards.board.shot(ShotId(body.shot))
                back = back_to(shot, body.decision)
                if back is None or shot.panel.entry != params.entry:
                    raise Refusal(
                        "Something else stands in that panel by now.",
                        remedy="Take back what came after it first.",
                    )
                restored = record.PanelRestored(
                    decision=body.decision,
                    entry=params.entry,
                    shot=body.shot,
                    automated=params.person.automated,
                )
                entry = session.append(restored, person=params.person, durable=True)
                session.boards.put_shots((back,))
                return self._changed(session, shot.id, entry)
            case _:
                raise BadInput(
                    "That entry is no decision about a panel.", remedy="Choose the decision in its story."
                )

    # drawings

    async def save_canvas(self, params: protocol.SaveCanvasParams) -> protocol.PanelChanged:
        """Keep a drawing. While a person draws, the file in `recovery` is enough; when they leave it is kept
        among the media and the panel shows it.

        Raises:
            BadInput: no drawing that can be read, or no such shot.
        """
        session = self._session()
        shot = session.boards.board.shot(params.shot)
        file = board_media.canvas_file(session.folder, params.file)
        if not params.done:
            return self._changed(session, shot.id, None)
        session = await self._ready(params.person)
        stamp = board_media.stamp_of(file)
        canvas = await asyncio.to_thread(panel_canvas.read_canvas, file)
        entry = await self.keep_canvas(session, shot.id, canvas, params.person)
        # Only now, and only this version of it: it is what a crash would leave of the strokes.
        if await session.boards.flush() and board_media.stamp_of(file) == stamp:
            board_media.try_remove(file)
        return self._changed(session, shot.id, entry)

    async def keep_canvas(
        self, session: Session, name: ShotId, canvas: Canvas, person: Person
    ) -> Entry | None:
        """Put a drawing into its panel: over the temp picture, or as a person's own.

        Gives the entry that says so, where it is the first drawing there.
        """
        async with session.boards.turn():
            return await self._keep_canvas(session, session.boards.board.shot(name), canvas, person)

    async def _keep_canvas(
        self, session: Session, shot: Shot, canvas: Canvas, person: Person
    ) -> Entry | None:
        session.may_write()
        session.meet(person)
        if shot.panel.state == "temp":
            panel = await panel_canvas.with_canvas(session, shot, shot.panel, canvas, person)
            self._put(session, shot.id, panel)
            return None
        clean = board_media.without_underlay(canvas)
        if shot.panel.state == "empty" and not await asyncio.to_thread(board_media.has_ink, clean):
            return None
        digest = await asyncio.to_thread(board_media.put_canvas, session.folder, clean)
        media, _png = await asyncio.to_thread(board_media.composite, session.folder, clean, underlay=False)
        if shot.panel.state == "drawn":
            panel = shot.panel.model_copy(update={"picture": media, "shown": media, "canvas": digest})
            self._put(session, shot.id, panel)
            return None
        entry = self._record_drawn(session, shot, media, "drawn", person)
        name = session.story.name_of(entry.person)[0]
        after = with_panel(session.boards.board.shot(shot.id), drawn_panel(media, entry, name, canvas=digest))
        session.boards.put_shots((after,))
        return entry

    async def keep_mixed(self, session: Session, name: ShotId, canvas: Canvas, person: Person) -> bool:
        """A drawing came back with the temp picture mixed into it: all of it is temp from now on.

        False where the panel holds no temp picture any more: there it is not put in.
        """
        async with session.boards.turn():
            shot = session.boards.board.shot(name)
            if shot.panel.state != "temp":
                return False
            await self._keep_mixed(session, shot, canvas, person)
            return True

    async def _keep_mixed(self, session: Session, shot: Shot, canvas: Canvas, person: Person) -> None:
        session.may_write()
        media, data = await asyncio.to_thread(board_media.composite, session.folder, canvas, underlay=True)
        panel = shot.panel.model_copy(
            update={"picture": media, "source": SourceType.COMPOSITE, "canvas": None, "human_permille": 0}
        )
        assert panel.entry is not None
        shown = await board_media.marked_copy(
            session,
            data,
            entry=panel.entry,
            label=board_media.label_of(shot),
            source=SourceType.COMPOSITE,
            made_by=panel.made_by,
            person=person,
        )
        panel = panel.model_copy(update={"shown": shown})
        if shot.earlier and shot.earlier[-1].entry == panel.entry:
            # Saved again: the panel before the first time is the one to go back to.
            self._put(session, shot.id, panel)
        else:
            session.boards.put_shots((with_panel(session.boards.board.shot(shot.id), panel),))
        self._live.tell((shot.id,))

    async def show_again(self, session: Session, name: ShotId, person: Person) -> None:
        """Make the marked copy of a temp panel that has none."""
        async with session.boards.turn():
            shot = session.boards.board.shot(name)
            if shot.panel.state != "temp" or shot.panel.picture is None:
                return
            canvas = await asyncio.to_thread(board_media.canvas_of, session.folder, shot.panel)
            panel = (
                await panel_canvas.with_canvas(session, shot, shot.panel, canvas, person)
                if canvas is not None
                else await panel_canvas.with_mark(session, shot, shot.panel, person)
            )
            self._put(session, name, panel)
        self._live.tell((name,))

    async def replace_panel(self, params: protocol.ReplacePanelParams) -> protocol.PanelChanged:
        """A person's drawing stands in place of the temp picture: a decision of its own.

        Raises:
            Refusal: the panel holds no temp picture.
            BadInput: nothing was drawn yet, or the drawing cannot be read.
        """
        session = await self._ready(params.person)
        async with session.boards.turn():
            return await self._replace(session, params)

    async def _replace(self, session: Session, params: protocol.ReplacePanelParams) -> protocol.PanelChanged:
        session.may_write()
        session.meet(params.person)
        shot = session.boards.board.shot(params.shot)
        decision, picture = shot.panel.entry, shot.panel.picture
        if shot.panel.state != "temp" or decision is None or picture is None:
            raise Refusal(
                "There is no temp picture in this panel to replace.", remedy="Look at the panel again."
            )
        folder = session.folder
        file = board_media.canvas_file(folder, params.file) if params.file else None
        canvas = await asyncio.to_thread(
            lambda: panel_canvas.read_canvas(file) if file else board_media.canvas_of(folder, shot.panel)
        )
        if canvas is None or not await asyncio.to_thread(board_media.has_ink, canvas):
            raise BadInput(
                "Nothing has been drawn over this panel yet.",
                remedy="Draw over it first, or put a drawing of your own into it.",
                place=shot.number,
            )
        found = await asyncio.to_thread(panel_canvas.temp_layer, canvas, folder, picture)
        if found is not None:
            raise Refusal(
                f"The layer {found} holds the TEMP picture itself, so this is no drawing of its own.",
                remedy="Take the picture out of that layer, or draw over it anew.",
                rule="no-temp-pixels",
            )
        if file:
            # The drawing with its underlay is what an undo brings back.
            panel = await panel_canvas.with_canvas(session, shot, shot.panel, canvas, params.person)
            self._put(session, shot.id, panel)
        clean = board_media.without_underlay(canvas)
        digest = await asyncio.to_thread(board_media.put_canvas, folder, clean)
        media, _png = await asyncio.to_thread(board_media.composite, folder, clean, underlay=False)
        entry = self._record_replaced(session, shot, decision, media, params)
        name = session.story.name_of(entry.person)[0]
        after = with_panel(
            session.boards.board.shot(shot.id),
            drawn_panel(media, entry, name, params.human_permille, digest),
        )
        session.boards.put_shots((after,))
        if file and await session.boards.flush():
            board_media.try_remove(file)
        return self._changed(session, shot.id, entry)

    async def put_own(self, session: Session, name: ShotId, media: Media, person: Person) -> Entry:
        """A picture file of a person's own goes into a panel, in place of what is there."""
        async with session.boards.turn():
            session.may_write()
            return self._put_own(session, session.boards.board.shot(name), media, person)

    def _put_own(self, session: Session, shot: Shot, media: Media, person: Person) -> Entry:
        if shot.panel.state == "temp" and shot.panel.entry is not None:
            params = protocol.ReplacePanelParams(shot=shot.id, file=None, human_permille=1000, person=person)
            entry = self._record_replaced(session, shot, shot.panel.entry, media, params)
        else:
            entry = self._record_drawn(session, shot, media, "file", person)
        panel = drawn_panel(media, entry, session.story.name_of(entry.person)[0])
        session.boards.put_shots((with_panel(session.boards.board.shot(shot.id), panel),))
        return entry

    def changed(self, shot: ShotId, entry: Entry | None) -> protocol.PanelChanged:
        """How a shot stands now, for an answer."""
        return self._changed(self._session(), shot, entry)

    # internals

    def _put(self, session: Session, shot: ShotId, panel: Panel) -> None:
        now = session.boards.board.shot(shot)
        session.boards.put_shots((now.model_copy(update={"panel": panel}),))

    def _supersede(self, session: Session, shot: Shot, person: Person) -> None:
        """Another picture takes the place of a temp one: that one is off the board."""
        panel = session.boards.board.shot(shot.id).panel
        if panel.state == "temp" and panel.entry is not None:
            body = record.PanelCleared(decision=panel.entry, shot=shot.id, automated=person.automated)
            session.append(body, person=person, durable=True)

    def _undo_decision(
        self, session: Session, params: protocol.UndoPictureParams, body: DecisionMade
    ) -> protocol.PanelChanged:
        name = shot_of_candidate(session, body.candidate)
        if name is None:
            raise BadInput("That decision is about no picture.", remedy="Undo it in the Write desk.")
        shot = session.boards.board.shot(name)
        entry = session.append(
            record.DecisionUndone(decision=params.entry, automated=params.person.automated),
            person=params.person,
            durable=True,
        )
        was_there = shot.panel.entry == params.entry
        after = without(shot, params.entry)
        before = after.panel.entry
        if was_there and after.panel.state == "temp" and before is not None:
            cleared = session.ledger.entries(
                type="panel_cleared", decision=before, newest_first=True, limit=1
            )
            for one in cleared:
                restored = record.PanelRestored(
                    decision=before, entry=one.number, shot=shot.id, automated=params.person.automated
                )
                session.append(restored, person=params.person, durable=True)
        session.boards.put_shots((after,))
        self._reopen(session, body, name)
        return self._changed(session, shot.id, entry)

    def _reopen(self, session: Session, body: DecisionMade, shot: ShotId) -> None:
        made = session.story.candidate_entry(body.candidate)
        content = content_of(session.story.text_of(made.content))
        if content is not None:
            request = session.story.request_entry(made.request)
            shown = session.boards.marked.get(made.candidate)
            self._live.offer(shot, variant_of(made, content, request, shown))

    def _record_drawn(self, session: Session, shot: Shot, media: Media, how: str, person: Person) -> Entry:
        texts = Contents()
        body = record.PanelDrawn(
            how="file" if how == "file" else "drawn",
            picture=texts.add(media.model_dump_json()),
            shot=shot.id,
            automated=person.automated,
        )
        return session.append(body, contents=texts, person=person, durable=True)

    def _record_replaced(
        self,
        session: Session,
        shot: Shot,
        decision: EntryNumber,
        media: Media,
        params: protocol.ReplacePanelParams,
    ) -> Entry:
        texts = Contents()
        body = PanelReplaced(
            decision=decision,
            human_permille=params.human_permille,
            picture=texts.add(media.model_dump_json()),
            shot=shot.id,
            automated=params.person.automated,
        )
        return session.append(body, contents=texts, person=params.person, durable=True)

    def _changed(self, session: Session, shot: ShotId, entry: Entry | None) -> protocol.PanelChanged:
        seen = self._live.seen(session.boards.board.shot(shot))
        self._live.tell((shot,))
        return protocol.PanelChanged(
            entry=entry.number if entry else None, at=entry.at if entry else session.now(), shot=seen
        )
