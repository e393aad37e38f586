"""A broker for boards that lives in memory and is as strict as the real one, and boards to show."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QObject, QTimer

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.domain.boards import Board, edited
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.storyboard import (
    Live,
    Media,
    Panel,
    PictureContent,
    Shot,
    ShotId,
    ShotSeen,
    ShotSize,
    Variant,
)
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Sha256, sha256_of
from studio_assist.protocol import LedgerState, ProjectState, Stamp

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LINDQVIST = new_person("J. Lindqvist", "artist")
#: The only source type that every drawer of this fake has.
SOURCE = next(iter(SourceType))


class FakeBoards(BrokerClient):
    """Boards without a process. Every value goes through JSON as it would through the pipe.

    Attributes:
        asked: names and params of all calls, in order.
        refuse: method name to the error with which its next call ends.
    """

    def __init__(self, board: Board | None = None, media: Path | None = None) -> None:
        super().__init__(["nothing"])
        self.board = board or Board()
        self.media = media
        self.variants: dict[ShotId, tuple[Variant, ...]] = {}
        self.lives: dict[ShotId, Live] = {}
        self.items: list[protocol.QueueItem] = []
        self.paused = False
        self.version = 1
        self.entry = 100
        self.shown: set[str] = set()
        self.decided: dict[int, tuple[ShotId, Variant, Panel]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.refuse: dict[str, StudioError] = {}
        self.holds = False
        self._held: list[Callable[[], None]] = []

    # what a test does

    def seen(self, shot: ShotId) -> ShotSeen:
        return ShotSeen(
            shot=self.board.shot(shot), variants=self.variants.get(shot, ()), live=self.lives.get(shot)
        )

    def tell(self, *shots: ShotId) -> protocol.BoardChanged:
        """Say that shots changed."""
        self.version += 1
        event = protocol.BoardChanged(version=self.version, shots=tuple(self.seen(one) for one in shots))
        self.told.emit(protocol.BoardChanged.model_validate_json(event.model_dump_json()))
        return event

    def tell_queue(self) -> None:
        """Say how the queue stands."""
        items = tuple(self.items[:200])
        self.told.emit(protocol.QueueChanged(paused=self.paused, total=len(self.items), items=items))

    def params_of(self, method: protocol.Method[Any, Any]) -> list[Any]:
        return [params for name, params in self.asked if name == method.name]

    def hold(self) -> None:
        """Answer nothing until `release`."""
        self.holds = True

    def release(self) -> None:
        self.holds = False
        held, self._held = self._held, []
        for answer in held:
            answer()

    # what a client does

    def start(self) -> None:
        QTimer.singleShot(0, self, lambda: self.started.emit(False))

    def close(self) -> None:
        return

    def call(self, method: Any, params: Any, owner: QObject | None = None) -> Operation[Any]:
        operation: Operation[Any] = Operation(method, params)
        if owner is not None:
            owner.destroyed.connect(operation.let_go)
        sent = method.params.model_validate_json(params.model_dump_json())
        self.asked.append((method.name, sent))

        def answer() -> None:
            error = self.refuse.pop(method.name, None)
            try:
                if error is not None:
                    raise error
                result = getattr(self, f"_{method.name}")(sent)
            except StudioError as refused:
                operation.fail(refused)
                return
            operation.finish(method.result.model_validate_json(result.model_dump_json()))

        def due() -> None:
            if self.holds:
                self._held.append(answer)
            else:
                answer()

        QTimer.singleShot(0, self, due)
        return operation

    # the calls

    def _list_shots(self, params: protocol.ListShotsParams) -> protocol.ShotPage:
        page = self.board.shots[params.offset : params.offset + protocol.SHOTS_A_PAGE]
        return protocol.ShotPage(
            offset=params.offset,
            total=len(self.board),
            version=self.version,
            shots=tuple(self.seen(shot.id) for shot in page),
        )

    def _edit_board(self, params: protocol.EditBoardParams) -> protocol.BoardEdited:
        before = self.board
        self.board, _back = edited(self.board, params.edit)
        self.version += 1
        came = [shot.id for shot in self.board if shot.id not in before]
        return protocol.BoardEdited(version=self.version, shots=tuple(self.seen(one) for one in came))

    def _list_drawers(self, _params: protocol.Nothing) -> protocol.Drawers:
        built_in = protocol.Drawer(
            id="blockout", name="Previs drawing, not AI", is_ai=False, where="here", ready=True
        )
        return protocol.Drawers(drawers=(built_in,))

    def _ask_board(self, params: protocol.BoardAskParams) -> protocol.BoardAsked:
        requests: list[RequestId] = []
        for one in params.shots:
            shot = self.board.shot(one)
            request = RequestId(f"r{len(self.asked)}-{one}")
            live = Live(state="queued", place=len(self.items) + 1, wait_s=20)
            item = protocol.QueueItem(
                request=request,
                shot=one,
                label=f"Board {shot.number}",
                drawer=params.drawer or "Previs drawing, not AI",
                person_name=params.person.name,
                live=live,
            )
            self.items.append(item)
            self.lives[one] = live
            requests.append(request)
        self.tell(*params.shots)
        self.tell_queue()
        return protocol.BoardAsked(requests=tuple(requests))

    def _cancel_queue(self, params: protocol.CancelQueueParams) -> protocol.Nothing:
        mine = [item for item in self.items if item.person_name == params.person.name]
        gone = [item for item in mine if not params.requests or item.request in params.requests]
        for item in gone:
            self.items.remove(item)
            self.lives.pop(item.shot, None)
        self.tell_queue()
        if gone:
            self.tell(*(item.shot for item in gone))
        return protocol.Nothing()

    def _pause_queue(self, params: protocol.PauseQueueParams) -> protocol.Nothing:
        self.paused = params.paused
        self.tell_queue()
        return protocol.Nothing()

    def _first_in_queue(self, params: protocol.FirstInQueueParams) -> protocol.Nothing:
        wanted = next((item for item in self.items if item.request == params.request), None)
        if wanted is None:
            raise BadInput("The queue has no such job.", remedy="Look at the queue again.")
        self.items.remove(wanted)
        running = sum(item.live.state == "generating" for item in self.items)
        self.items.insert(running, wanted)
        self.tell_queue()
        return protocol.Nothing()

    def _presented(self, params: protocol.PresentedParams) -> protocol.Nothing:
        known = [one for offered in self.variants.values() for one in offered]
        if not any((one.candidate, one.content) == (params.candidate, params.content) for one in known):
            raise BadInput("Nothing is offered under this name.", remedy="Look at the board again.")
        self.shown.add(params.candidate)
        return protocol.Nothing()

    def _decide_picture(self, params: protocol.DecidePictureParams) -> protocol.PanelChanged:
        found = [
            (shot, variant)
            for shot, variants in self.variants.items()
            for variant in variants
            if variant.candidate == params.candidate
        ]
        if not found:
            raise BadInput("Nothing is offered under this name.", remedy="Look at the board again.")
        shot, variant = found[0]
        if variant.candidate not in self.shown or variant.content != params.content:
            raise Refusal("It was not shown to whoever decides.", remedy="Look at it first.")
        was = self.board.shot(shot)
        self.entry += 1
        self.decided[self.entry] = (shot, variant, was.panel)
        self.variants[shot] = tuple(one for one in self.variants[shot] if one != variant)
        if params.outcome is State.ACCEPTED:
            panel = Panel(
                state="temp",
                picture=variant.picture,
                shown=variant.shown,
                entry=EntryNumber(self.entry),
                by=params.person.name,
                made_by=variant.made_by,
                source=variant.source,
            )
            self.board = self.board.with_shots([was.model_copy(update={"panel": panel})])
        return protocol.PanelChanged(entry=EntryNumber(self.entry), at=NOON, shot=self.seen(shot))

    def _undo_picture(self, params: protocol.UndoPictureParams) -> protocol.PanelChanged:
        if params.entry not in self.decided:
            raise BadInput("No decision has this number.", remedy="Look at the record.")
        shot, variant, panel = self.decided.pop(params.entry)
        self.variants[shot] = (variant, *self.variants.get(shot, ()))
        was = self.board.shot(shot)
        self.board = self.board.with_shots([was.model_copy(update={"panel": panel})])
        self.entry += 1
        return protocol.PanelChanged(entry=EntryNumber(self.entry), at=NOON, shot=self.seen(shot))

    def _put_picture(self, params: protocol.PutPictureParams) -> protocol.PanelChanged:
        file = Path(params.file)
        if self.media is None or not file.is_file():
            raise BadInput("There is no such file.", remedy="Choose another.", place=params.file)
        media = store(self.media, file.read_bytes())
        panel = Panel(state="drawn", picture=media, shown=media, by=params.person.name)
        was = self.board.shot(params.shot)
        self.board = self.board.with_shots([was.model_copy(update={"panel": panel})])
        return protocol.PanelChanged(entry=None, at=NOON, shot=self.seen(params.shot))


def store(media: Path, data: bytes, suffix: str = ".png") -> Media:
    """Keep a picture among the media."""
    sha = Sha256(sha256_of(data))
    folder = media / sha[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{sha}{suffix}").write_bytes(data)
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    return Media(sha256=sha, suffix=suffix, width=width, height=height)


def painted(grey: int, size: tuple[int, int] = (320, 180), *, band: bool = False) -> bytes:
    """A flat picture as a PNG; with the amber band where it is temp."""
    picture = Image.new("RGB", size, (grey, grey, grey))
    if band:
        picture.paste((242, 183, 5), (0, size[1] - size[1] // 9, size[0], size[1]))
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    return target.getvalue()


def shot_id(number: int) -> ShotId:
    return ShotId(f"{number:012x}")


def shot(number: int, name: str, scene: str = "14", **fields: Any) -> Shot:
    return Shot(id=shot_id(number), number=name, scene=scene, **fields)


def variant(
    of: ShotId, media: Media, place: int = 0, *, made_by: str = "SD-Turbo on this machine"
) -> Variant:
    content = PictureContent(picture=media, shot=of, source=SOURCE)
    return Variant(
        candidate=CandidateId(f"c-{of}-{place}"),
        request=RequestId(f"r-{of}"),
        content=Sha256(sha256_of(content.text())),
        index=place,
        picture=media,
        shown=media,
        source=SOURCE,
        made_by=made_by,
        seed=41733 + place,
    )


def temp(media: Media, entry: int = 7, by: str = "J. Lindqvist") -> Panel:
    return Panel(
        state="temp",
        picture=media,
        shown=media,
        entry=EntryNumber(entry),
        by=by,
        made_by="SD-Turbo on this machine",
        source=SOURCE,
        seed=41733,
    )


def drawn(media: Media, by: str = "J. Lindqvist") -> Panel:
    return Panel(state="drawn", picture=media, shown=media, by=by)


def many(count: int, media: list[Media] | None = None) -> Board:
    """A long board: scenes of twenty shots, every fourth temp, every fifth drawn."""
    shots: list[Shot] = []
    sizes = list(ShotSize)
    for number in range(count):
        scene = str(number // 20 + 1)
        panel = Panel()
        if media and number % 4 == 0:
            panel = temp(media[number % len(media)], entry=number + 1)
        elif media:
            panel = drawn(media[number % len(media)])
        shots.append(
            shot(
                number + 1,
                f"{scene}{chr(65 + number % 20)}",
                scene,
                title=f"Shot number {number + 1}",
                size=sizes[number % len(sizes)],
                panel=panel,
            )
        )
    return Board(tuple(shots))


def project(folder: Path, script: str = "", *, read_only: str | None = None) -> ProjectState:
    """A project as the broker would tell of it."""
    return ProjectState(
        path=str(folder),
        session="s1",
        title="Project Larkspur",
        draft="Draft 4",
        policy="netflix-2025",
        script=script,
        stamp=Stamp(sha256=Sha256("0" * 64), size=len(script), mtime_ns=0),
        spans=(),
        boards_temp=0,
        read_only=read_only,
        ledger=LedgerState(size=0, root=Sha256("a3" * 32), state="intact", checked_at=NOON, key="kept"),
        open_requests=(),
        recovery=(),
        warnings=(),
        backend=None,
    )


def person(name: str = "J. Lindqvist") -> Person:
    return new_person(name, "artist")
