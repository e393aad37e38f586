"""The one path from a job of the queue to picture candidates: requested, verdict, drawn, offered, ended.

As `generation` for words. The built-in drawer and models go the same way; only a model of a host waits at the
gate.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from studio_assist.backends.registry import Backends
from studio_assist.broker import board_media, previs
from studio_assist.broker.board_jobs import PictureJob
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.board_story import variant_of
from studio_assist.broker.clear_closing import CLOSED, Closing, Wanted
from studio_assist.broker.errands import Errand
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.session import Session
from studio_assist.broker.story import BOARD
from studio_assist.domain import record
from studio_assist.domain.board_prompt import NEGATIVE, board_prompt
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.generation import BackendInfo, Failed, Prompt, TextRequest
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.pictures import (
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    PictureSkills,
    ReferencePicture,
    Role,
)
from studio_assist.domain.record import CandidateMade, Requested
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.staging import PREVIS_NAME
from studio_assist.domain.storyboard import Live, PictureContent, Shot, Variant
from studio_assist.domain.values import CandidateId, EntryNumber
from studio_assist.gate.rules import RULES
from studio_assist.gate.transport import Asking, asking
from studio_assist.gate.verdict import HERE
from studio_assist.interchange.fountain import parse, read_script_bytes
from studio_assist.ledger import Contents
from studio_assist.storage.atomic import write_atomic

log = logging.getLogger(__name__)

#: The built-in drawer among the things that draw.
PREVIS: Final = "previs"
#: Width of a board's picture in pixels; models are asked for the size nearest to it that they have.
WIDTH: Final = 1280
_ASPECT: Final = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")


@dataclass
class Work:
    """One job under way.

    Attributes:
        shot: as it was when its turn came.
        made: what came of it, in order.
        marking: the marked copies that are being made.
        told: how far it is, as the host said it last.
        is_lost: the host knows nothing of it any more.
    """

    job: PictureJob
    shot: Shot
    heading: str
    script: Screenplay
    skills: PictureSkills = field(default_factory=PictureSkills)
    made: list[Variant] = field(default_factory=list[Variant])
    marking: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    preview: Path | None = None
    told: PictureProgress | None = None
    is_lost: bool = False


@dataclass(frozen=True)
class Ended:
    """How a job ended.

    Attributes:
        live: what its shot shows of it from then on; None where there is nothing to say.
        error: why it failed, where that is an error with words.
    """

    state: Literal["done", "stopped", "failed"]
    made: tuple[Variant, ...]
    live: Live | None = None
    error: StudioError | None = None


class BoardDrawing:
    """Draws the pictures of one job at a time for whoever calls."""

    def __init__(
        self,
        session: Callable[[], Session],
        backends: Callable[[], Backends],
        gatekeeper: Gatekeeper,
        closing: Closing,
        live: LiveBoard,
    ) -> None:
        self._session: Final = session
        self._backends: Final = backends
        self._gatekeeper: Final = gatekeeper
        self._closing: Final = closing
        self._live: Final = live

    async def draw(self, job: PictureJob, sent: Callable[[], None], *, collect: bool = False) -> Ended:
        """Draw a job's pictures; they wait for a decision from then on.

        Args:
            sent: called before anything of it may leave this program.
            collect: it was sent before; get what the host has of it.

        Raises:
            BadInput: its shot is gone, or there is no such drawer.
            Refusal: nothing may be asked here: read-only, or the record was altered.
        """
        session = self._session()
        session.may_write()
        session.meet(job.person)
        shot = session.boards.board.shot(job.shot)
        script = await asyncio.to_thread(_script_of, session)
        heading = next((scene.heading for scene in script.scenes if scene.number == shot.scene), "")
        work = Work(job, shot, heading, script)
        self._show(work, 1)
        try:
            if job.drawer == PREVIS:
                await self._previs(session, work)
            else:
                await self._model(session, work, sent, collect=collect)
            ended = Ended("done", tuple(work.made))
        except asyncio.CancelledError:
            ended = Ended("stopped", tuple(work.made))
        except Refusal as refusal:
            rule = next((one.sentence for one in RULES if one.id == refusal.rule), "")
            if refusal.rule == CLOSED:
                rule = "Needs clearance"
            # A person's own no breaks no rule, and no clearance is to be had for it.
            state = "blocked" if rule else "failed"
            live = Live(
                state=state,
                why=refusal.message,
                remedy=refusal.remedy,
                rule=rule,
                rule_id=refusal.rule or "",
                request=job.request,
            )
            ended = Ended("failed", tuple(work.made), live, refusal)
        except StudioError as error:
            state = "lost" if work.is_lost else "failed"
            live = Live(state=state, why=error.message, remedy=error.remedy)
            ended = Ended("failed", tuple(work.made), live, error)
        except Exception as error:
            # A bug must not leave a panel that is drawn for ever, nor a request that never ended.
            log.exception("request %s", job.request)
            why = f"Something in Studio Assist failed ({type(error).__name__})."
            ended = Ended("failed", tuple(work.made), Live(state="failed", why=why, remedy="Ask again."))
        finally:
            self._gatekeeper.end(job.request)
            if work.preview:
                board_media.try_remove(work.preview)
        return await self._close(session, work, ended)

    def waits_alone(self, job: PictureJob) -> bool:
        """As `Gatekeeper.waits_alone`."""
        return self._gatekeeper.waits_alone(job.request)

    def control_picture(self, shot: Shot, heading: str, kind: Literal["line", "depth"]) -> bytes:
        """The built-in drawer's picture of a shot, for a model to follow. Blocking."""
        session = self._session()
        scene = session.boards.board.of_scene(shot.scene)
        return previs.control(shot, heading, scene, _names(session), kind, frame_size(session))

    # the built-in drawer

    async def _previs(self, session: Session, work: Work) -> None:
        job, shot = work.job, work.shot
        size = frame_size(session)
        scene, names = session.boards.board.of_scene(shot.scene), _names(session)
        prompt = await asyncio.to_thread(
            previs.planned, shot, work.heading, scene, names, job.count, job.seed, size
        )
        texts = Contents()
        request = self._request(
            work, PREVIS, PREVIS_NAME, "here", texts, texts.add(prompt.model_dump_json()), {}
        )
        session.append(request, contents=texts, person=job.person, durable=False)
        self._here(session, work)
        for index, staging in enumerate(prompt.stagings):
            self._show(work, index + 1)
            data = await asyncio.to_thread(previs.drawn, staging, size, job.seed)
            await self._take(session, work, request, index, data, SourceType.PROCEDURAL, seed=job.seed)

    # models

    async def _model(self, session: Session, work: Work, sent: Callable[[], None], *, collect: bool) -> None:
        backend = self._backends().drawer(work.job.drawer)
        info, work.skills = backend.info, backend.skills
        prompt = board_prompt(work.shot, work.heading, work.job.note)
        files = await asyncio.to_thread(self._pictures_of, session, work)
        size = frame_size(session)
        texts = Contents()
        asked = PictureRequest(
            prompt=prompt,
            negative=NEGATIVE if work.skills.negative else "",
            width_px=size[0],
            height_px=size[1],
            count=work.job.count,
            seed=work.job.seed if work.skills.seed else None,
            strength=work.job.strength,
            job=work.job.job,
        )
        request = self._request(
            work, info.id, info.model or info.name, info.where.value, texts,
            texts.add(asked.model_dump_json()), {"references": len(files)},
        )  # fmt: skip
        if not collect:
            session.append(request, contents=texts, person=work.job.person, durable=False)
            await self._require_open(session, work, prompt, info)
        errand = Errand(
            request=work.job.request,
            person=work.job.person,
            info=info,
            task="Board",
            task_id="board",
            desk="Board desk",
            scene=work.shot.scene or None,
            script=work.script,
            asked=TextRequest(prompts=(Prompt(text=prompt),)),
        )
        if info.stays_here and not collect:
            self._here(session, work)
        token = asking.set(Asking(errand.request, info.id))
        try:
            while True:
                outgoing = (
                    await self._gatekeeper.resume(errand)
                    if collect
                    else await self._gatekeeper.prepare(
                        errand, pictures=tuple(path for path, _role in files), drawn=_drawn_here(work, files)
                    )
                )
                told = asked.model_copy(
                    update={
                        "prompt": outgoing.request.prompts[0].text,
                        "references": self._references(work, files, collect=collect),
                    }
                )
                sent()
                try:
                    stream = backend.collect(told) if collect else backend.draw(told)
                    await self._read(session, work, request, stream, info)
                    return
                except StudioError:
                    # A person said that a word is a name: it is asked anew without it.
                    if not self._gatekeeper.asks_anew(errand.request):
                        raise
        finally:
            asking.reset(token)
            for path, _role in files:
                if path.parent == session.folder.recovery_path / "outgoing":
                    board_media.try_remove(path)

    async def _require_open(self, session: Session, work: Work, prompt: str, info: BackendInfo) -> None:
        """Raise `Refusal` where this needs clearance that nobody has given, and put that on record."""
        scene = work.shot.scene or None
        wanted = Wanted(work.job.note, prompt, scene, "board", info.id, here=info.stays_here)
        closed = await self._closing.refusal(session, wanted)
        if closed is not None:
            rules = (CLOSED, closed.place or CLOSED)
            body = record.VerdictGiven(request=work.job.request, verdict="blocked", rules=rules)
            session.append(body, durable=False)
            raise closed

    async def _read(
        self,
        session: Session,
        work: Work,
        request: Requested,
        stream: AsyncGenerator[PictureEvent],
        info: BackendInfo,
    ) -> None:
        begun = False
        failures: list[Failed] = []
        async with aclosing(stream):
            async for event in stream:
                if not begun:
                    begun = True
                    self._gatekeeper.answered(work.job.request)
                match event:
                    case PictureProgress():
                        self._progress(session, work, event)
                    case PictureMade():
                        # A host of ours that says nothing of its seed drew with the one that it was given.
                        seed = work.job.seed + event.index if work.skills.seed else None
                        await self._take(
                            session, work, request, event.index, event.data, SourceType.GENERATED,
                            seed=seed, ms=event.ms,
                        )  # fmt: skip
                    case Failed():
                        failures.append(event)
        if failures and len(work.made) < work.job.count:
            work.is_lost = failures[0].cause == "lost"
            raise failures[0].error
        if not (work.made or session.ledger.entries(type="candidate", request=request.request, limit=1)):
            raise BadInput(f"{info.name} drew nothing.", remedy="Ask again, or ask another model.")

    def _pictures_of(self, session: Session, work: Work) -> list[tuple[Path, Role]]:
        """The files that go along, and what each is for. Blocking."""
        job, folder = work.job, session.folder
        files: list[tuple[Path, Role]] = []
        if job.edit and work.shot.panel.shown is not None:
            picture = work.shot.panel.picture or work.shot.panel.shown
            board_media.media_bytes(folder, picture)
            path = folder.media(picture.sha256, picture.suffix)
            assert path is not None
            files.append((path, "edit"))
        for name in dict.fromkeys(job.references):
            files.append((Path(name), "reference"))
        if job.control != "none":
            if job.control not in work.skills.controls:
                raise BadInput(
                    f"This model cannot follow a {job.control} picture.",
                    remedy="Ask without it, or choose another model.",
                )
            place = folder.recovery_path / "outgoing"
            place.mkdir(exist_ok=True)
            path = place / f"{job.request}-{job.control}.png"
            write_atomic(path, self.control_picture(work.shot, work.heading, job.control))
            files.append((path, job.control))
        return files

    def _references(
        self, work: Work, files: Sequence[tuple[Path, Role]], *, collect: bool
    ) -> tuple[ReferencePicture, ...]:
        roles: list[Role] = [role for _path, role in files]
        if collect:
            # They went long ago; which there were tells the host's results apart.
            return tuple(
                ReferencePicture(data=b"", media_type="image/png", name=f"image_{number}.png", role=role)
                for number, role in enumerate(roles, 1)
            )
        checked = self._gatekeeper.checked(work.job.request)
        return tuple(
            ReferencePicture(
                data=one.picture.data,
                media_type="image/png" if one.picture.media_type == "image/png" else "image/jpeg",
                name=one.picture.name,
                role=role,
            )
            for one, role in zip(checked, roles, strict=True)
        )

    # what comes of it

    async def _take(
        self,
        session: Session,
        work: Work,
        request: Requested,
        index: int,
        data: bytes,
        source: SourceType,
        *,
        seed: int | None,
        ms: int = 0,
    ) -> None:
        """A picture came: keep it, record it, offer it, and have its marked copy made beside."""
        candidate = CandidateId(f"{request.request}-{index + 1}")
        if session.ledger.candidate(candidate) is not None:
            # It had come before the program ended, and its host has given all of them once more.
            return
        picture = await asyncio.to_thread(board_media.put_picture, session.folder, data)
        content = PictureContent(picture=picture, shot=work.shot.id, source=source)
        texts = Contents()
        entry = session.append(
            CandidateMade(
                request=request.request,
                candidate=candidate,
                index=index,
                content=texts.add(content.text()),
                state="ready",
                why=None,
                tokens=0,
                ms=ms,
                seed=seed,
            ),
            contents=texts,
            durable=False,
        )
        assert isinstance(entry.body, CandidateMade)
        variant = variant_of(entry.body, content, request, None)
        work.made.append(variant)
        self._live.offer(work.shot.id, variant)
        marking = mark_variant(session, self._live, work.shot, variant, entry.number, data, work.job.person)
        work.marking.append(asyncio.get_running_loop().create_task(marking))

    async def _close(self, session: Session, work: Work, ended: Ended) -> Ended:
        # A stop does not stop the marks: what is offered wears them.
        marks = await _all(work.marking)
        unmarked = next((one for one in marks if isinstance(one, BaseException)), None)
        if isinstance(unmarked, StudioError) and ended.live is None:
            live = Live(state="failed", why=unmarked.message, remedy=unmarked.remedy)
            ended = Ended(ended.state, ended.made, live)
        elif unmarked is not None and not isinstance(unmarked, StudioError):
            log.error("marking a picture", exc_info=unmarked)
        why = ended.live.why if ended.live else None
        if session.story.is_under_way(work.job.request):
            body = record.RequestEnded(request=work.job.request, state=ended.state, why=why, dropped=())
            session.append(body, durable=False)
        return ended

    def _request(
        self,
        work: Work,
        backend: str,
        model: str,
        where: record.Where,
        texts: Contents,
        prompt: record.Commitment,
        more: record.Settings,
    ) -> Requested:
        job, shot = work.job, work.shot
        settings: record.Settings = {
            "angle": shot.angle.value,
            "lens_mm": shot.lens_mm,
            "number": shot.number,
            "shot": shot.id,
            "size": shot.size.value,
        }
        return Requested(
            request=job.request,
            task=BOARD,
            backend=backend,
            model=model,
            where=where,
            scene=shot.scene or None,
            anchor=None,
            prompt=prompt,
            note=texts.add(job.note) if job.note else None,
            count=job.count,
            seed=job.seed,
            settings=dict(sorted((settings | more).items())),
        )

    def _here(self, session: Session, work: Work) -> None:
        session.append(
            record.VerdictGiven(request=work.job.request, verdict=HERE.verdict, rules=HERE.rules),
            durable=False,
        )

    def _show(self, work: Work, variant: int, **more: object) -> None:
        live = Live(state="generating", variant=variant, of=work.job.count)
        self._live.set_live(work.shot.id, live.model_copy(update=more))

    def _progress(self, session: Session, work: Work, event: PictureProgress) -> None:
        before, last = work.preview, work.told
        if event.preview and event.share is None and last is not None and last.index == event.index:
            # A rough picture that comes alone says nothing new of how far it is.
            event = event.model_copy(update={"share": last.share, "step": last.step})
        work.told = event
        if event.preview:
            # Never kept: it lies in the recovery folder until the picture is there.
            place = session.folder.recovery_path / "previews"
            place.mkdir(exist_ok=True)
            number = 1 + int(before.stem.rpartition("-")[2]) if before else 1
            work.preview = place / f"{work.job.request}-{number}.jpg"
            work.preview.write_bytes(event.preview)
        self._show(
            work,
            min(event.index + 1, work.job.count),
            share=event.share,
            step=event.step,
            place=event.place,
            preview=str(work.preview) if work.preview else "",
        )
        if before is not None and before != work.preview:
            board_media.try_remove(before)


async def mark_variant(
    session: Session,
    live: LiveBoard,
    shot: Shot,
    variant: Variant,
    entry: EntryNumber,
    data: bytes,
    person: Person,
) -> None:
    """Make the marked copy of a picture that waits, and show it."""
    shown = await board_media.marked_copy(
        session,
        data,
        entry=entry,
        label=board_media.label_of(shot),
        source=variant.source,
        made_by=variant.made_by,
        person=person,
    )
    live.marked(shot.id, variant.candidate, shown)


async def _all(tasks: Sequence[asyncio.Task[None]]) -> list[BaseException | None]:
    """Wait for all of them to end, also when this is cancelled meanwhile: they go on, and so does this."""
    together = asyncio.gather(*tasks, return_exceptions=True)
    while not together.done():
        try:
            await asyncio.shield(together)
        except asyncio.CancelledError:
            continue
    return together.result()


def _drawn_here(work: Work, files: Sequence[tuple[Path, Role]]) -> set[Path]:
    """Those of some pictures that the built-in drawer made, and nobody has drawn on since."""
    panel = work.shot.panel
    bare = panel.source is SourceType.PROCEDURAL and panel.canvas is None
    return {path for path, role in files if role in ("line", "depth") or (role == "edit" and bare)}


def frame_size(session: Session) -> tuple[int, int]:
    """Width and height in pixels of a board's picture, by the project's aspect; both even."""
    found = _ASPECT.fullmatch(session.folder.info.aspect)
    ratio = float(found[1]) / float(found[2]) if found else 16 / 9
    ratio = min(4.0, max(0.25, ratio))
    if ratio >= 1:
        return WIDTH, 2 * round(WIDTH / ratio / 2)
    return 2 * round(WIDTH * ratio / 2), WIDTH


def _script_of(session: Session) -> Screenplay:
    data, _stamp = session.folder.read_script()
    return parse(read_script_bytes(data, str(session.folder.script_path))).screenplay


def _names(session: Session) -> list[str]:
    """Everybody on the board."""
    return sorted({one.name for shot in session.boards.board for one in shot.characters})
