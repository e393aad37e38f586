"""What the board's tests share: shots on a board, pictures of the built-in drawer, drawings over them."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broker_work import WRITER, Opened, opened
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker.board_queue import BoardQueue
from studio_assist.broker.boards import Boards
from studio_assist.domain.boards import new_shot_id
from studio_assist.domain.candidate import Outcome, State
from studio_assist.domain.canvas import Canvas, Layer
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import InsertShots, Shot, ShotId, ShotSeen, Variant
from studio_assist.domain.values import EntryNumber, RequestId
from studio_assist.interchange import openraster


def shot(number: str = "14A", **fields: object) -> Shot:
    made = Shot(
        id=new_shot_id(number), number=number, scene="14", title="Maya at the set", action="Maya listens."
    )
    return made.model_copy(update=fields)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


@cache
def ink(size: tuple[int, int] = (1280, 720)) -> Layer:
    """A person's layer with a thick line across."""
    image = Image.new("RGBA", size)
    ImageDraw.Draw(image).line((50, 50, size[0] - 50, size[1] - 90), fill=(20, 20, 24, 255), width=40)
    return Layer(id="ink", kind="ink", name="Human ink", png=png(image), strokes=1, by=WRITER.name)


def drawing(*layers: Layer) -> Canvas:
    return Canvas(width=1280, height=720, layers=layers or (ink(),))


@dataclass
class Boarded:
    """An open project with a board."""

    project: Opened

    @property
    def boards(self) -> Boards:
        return self.project.broker.boards

    @property
    def queue(self) -> BoardQueue:
        return self.boards.queue

    @property
    def folder(self) -> Path:
        return Path(self.project.state.path)

    async def put(self, *shots: Shot) -> None:
        board = self.project.broker.session.boards.board
        after = board.shots[-1].id if board.shots else None
        edit = InsertShots(shots=shots, after=after)
        await self.project.broker.handle(
            protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=WRITER)
        )

    async def ask(self, *shots: Shot, count: int = 1, drawer: str | None = None, **more: object) -> None:
        asked = await self.start(*shots, count=count, drawer=drawer, **more)
        await self.queue.finished(asked)

    async def start(
        self, *shots: Shot, count: int = 1, drawer: str | None = None, **more: object
    ) -> Sequence[RequestId]:
        params = protocol.BoardAskParams(
            shots=tuple(one.id for one in shots), drawer=drawer, count=count, seed=7, person=WRITER
        ).model_copy(update=more)
        return (await self.project.broker.handle(protocol.ASK_BOARD, params)).requests

    async def seen(self, shot: Shot) -> ShotSeen:
        page = await self.project.broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
        return next(one for one in page.shots if one.shot.id == shot.id)

    async def present(self, variant: Variant, person: Person = WRITER) -> None:
        shown = protocol.PresentedParams(candidate=variant.candidate, content=variant.content, person=person)
        await self.project.broker.handle(protocol.PRESENTED, shown)

    async def decide(
        self,
        variant: Variant,
        outcome: Outcome = State.ACCEPTED,
        *,
        canvas: Path | None = None,
        content: str | None = None,
        redo_of: EntryNumber | None = None,
    ) -> protocol.PanelChanged:
        params = protocol.DecidePictureParams(
            candidate=variant.candidate,
            content=content or variant.content,
            outcome=outcome,
            canvas=str(canvas) if canvas else None,
            person=WRITER,
            redo_of=redo_of,
        )
        return await self.project.broker.handle(protocol.DECIDE_PICTURE, params)

    async def accepted(self, shot: Shot) -> protocol.PanelChanged:
        """A frame drawn by the built-in drawer, shown and accepted."""
        await self.ask(shot)
        variant = (await self.seen(shot)).variants[-1]
        await self.present(variant)
        return await self.decide(variant)

    def canvas(self, shot: Shot, canvas: Canvas | None = None) -> Path:
        """A drawing as the window hands it over."""
        file = self.folder / "recovery" / f"canvas-{shot.id}.ora"
        file.write_bytes(openraster.write(canvas or drawing()))
        return file

    async def undo(self, entry: EntryNumber | None) -> protocol.PanelChanged:
        assert entry is not None
        params = protocol.UndoPictureParams(entry=entry, person=WRITER)
        return await self.project.broker.handle(protocol.UNDO_PICTURE, params)

    async def replace(self, shot: Shot, file: Path | None = None) -> protocol.PanelChanged:
        params = protocol.ReplacePanelParams(
            shot=shot.id, file=str(file) if file else None, human_permille=640, person=WRITER
        )
        return await self.project.broker.handle(protocol.REPLACE_PANEL, params)

    def types(self) -> list[str]:
        """The kinds of entries in the record, in order."""
        ledger = self.project.broker.session.ledger
        return [entry.body.type for entry in ledger.entries(limit=10_000)]

    async def holds(self) -> bool:
        """Whether the record checks out."""
        await self.project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
        return self.project.broker.session.ledger_state().state == "intact"


@asynccontextmanager
async def boarded(folder: Path, *shots: Shot) -> AsyncGenerator[Boarded]:
    async with opened(folder) as project:
        board = Boarded(project)
        if shots:
            await board.put(*shots)
        yield board


def media_of(folder: Path, sha256: str, suffix: str = ".png") -> Path:
    return folder / "media" / sha256[:2] / f"{sha256}{suffix}"


def ids(shots: Sequence[ShotSeen]) -> list[ShotId]:
    return [one.shot.id for one in shots]
