"""The queue of pictures: a whole scene or script over night, one job a shot, over a restart too.

A job is written down before anything of it may leave. What was cut off is looked for where its host keeps
results; else it is told as lost, and a person asks again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Final

from studio_assist import protocol
from studio_assist.backends.registry import Backends
from studio_assist.broker.board_drawing import PREVIS, BoardDrawing, Ended
from studio_assist.broker.board_jobs import PictureJob, QueueFile, QueueStore
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.generation import SEEDS
from studio_assist.broker.session import Session, new_request_id
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.pictures import new_job
from studio_assist.domain.staging import PREVIS_NAME
from studio_assist.domain.storyboard import Live, ShotId, Variant
from studio_assist.domain.values import RequestId

log = logging.getLogger(__name__)

#: How many jobs of the queue are told, and how many shots are told their place in it.
TOLD: Final = 200
_PLACES: Final = 24
#: The queue is told at most this often, in seconds.
_TELL_EVERY_S: Final = 0.1
#: Jobs that ended are taken out of the file at most this often, in seconds.
_SAVE_EVERY_S: Final = 1.0
#: How many jobs of a drawer may wait for a person's answer while others pass them.
_ASIDE: Final = 8
#: How many ended jobs are remembered for whoever waits for them.
_KEPT: Final = 2000


class BoardQueue:
    """Jobs of the open project, in order. Each drawer draws one at a time, two drawers beside each other.

    A job that waits at the gate for an answer is passed by those that somebody allowed for the session.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        backends: Callable[[], Backends],
        drawing: BoardDrawing,
        live: LiveBoard,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._backends: Final = backends
        self._drawing: Final = drawing
        self._live: Final = live
        self._tell: Final = tell
        self._store: QueueStore | None = None
        self._jobs: dict[RequestId, PictureJob] = {}
        self._running: dict[RequestId, asyncio.Task[None]] = {}
        self._collecting: set[RequestId] = set()
        self._paused = False
        self._waits: dict[RequestId, asyncio.Future[Ended]] = {}
        self._spent: dict[str, float] = {}
        self._telling: asyncio.TimerHandle | None = None
        self._saving: asyncio.TimerHandle | None = None
        self._closing = False

    # the project

    def open(self, session: Session) -> None:
        """Go on with what another session left."""
        self._closing = False
        self._store = None if session.read_only else QueueStore(session.folder)
        if self._store is None:
            return
        left = self._store.read()
        self._paused = left.paused
        for job in left.jobs:
            self._take_up(session, job)
        if self._jobs:
            self._save()
            self._changed()

    async def close(self) -> None:
        """Stop what runs; what waits goes on when the project is opened again."""
        self._closing = True
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        if self._telling:
            self._telling.cancel()
            self._telling = None
        self._save()
        self._jobs.clear()
        self._running.clear()
        self._collecting.clear()
        self._store = None

    # calls

    async def ask_board(self, params: protocol.BoardAskParams) -> protocol.BoardAsked:
        """Put shots into the queue.

        Raises:
            BadInput: there is no such shot or drawer.
            Unavailable: the drawer is not ready.
            Refusal: nothing may be asked here.
        """
        session = self._session()
        session.may_write()
        name = params.drawer or PREVIS
        if name != PREVIS:
            info = self._backends().drawer(name).info
            if not info.ready:
                raise Unavailable(info.why or f"{info.name} is not ready.", remedy=info.remedy, place=name)
        board = session.boards.board
        seed = params.seed if params.seed is not None else secrets.randbelow(SEEDS)
        jobs = [
            PictureJob(
                request=new_request_id(),
                shot=board.shot(shot).id,
                drawer=name,
                count=params.count,
                seed=seed,
                note=params.note,
                control=params.control,
                references=params.references,
                edit=params.edit,
                strength=params.strength,
                person=params.person,
            )
            for shot in dict.fromkeys(params.shots)
        ]
        added = {job.request: job for job in jobs}
        self._jobs = added | self._jobs if params.first else self._jobs | added
        self._save()
        self._live.set_lives({job.shot: self._queued(job, len(self._jobs)) for job in jobs})
        self._changed()
        return protocol.BoardAsked(requests=tuple(added))

    async def cancel_queue(self, params: protocol.CancelQueueParams) -> protocol.Nothing:
        """Take jobs out: one, or all of a person's. What runs is stopped, others' work stays."""
        mine = [name for name, job in self._jobs.items() if job.person.id == params.person.id]
        stopped: list[PictureJob] = []
        for request in params.requests or mine:
            task = self._running.get(request)
            if task is not None:
                task.cancel()
            elif request in self._jobs:
                stopped.append(self._jobs.pop(request))
        for job in stopped:
            self._settle(job, Ended("stopped", ()))
        still = self._next_of({job.shot for job in stopped})
        self._live.set_lives({job.shot: still.get(job.shot) for job in stopped})
        self._save()
        self._changed()
        return protocol.Nothing()

    async def pause_queue(self, params: protocol.PauseQueueParams) -> protocol.Nothing:
        """Begin no more jobs, or go on. What runs ends as it would."""
        self._paused = params.paused
        self._save()
        self._changed()
        return protocol.Nothing()

    async def first_in_queue(self, params: protocol.FirstInQueueParams) -> protocol.Nothing:
        """Move a job ahead of what waits."""
        job = self._jobs.pop(params.request, None)
        if job is not None:
            self._jobs = {job.request: job} | self._jobs
            self._save()
            self._changed()
        return protocol.Nothing()

    async def list_drawers(self, _params: protocol.Nothing) -> protocol.Drawers:
        """Everything that draws."""
        return protocol.Drawers(drawers=drawers_of(self._backends()))

    async def finished(self, requests: Iterable[RequestId]) -> dict[RequestId, Ended]:
        """Wait for jobs to end."""
        found: dict[RequestId, Ended] = {}
        for request in requests:
            wait = self._waits.get(request)
            if wait is None and request in self._jobs:
                wait = self._waits[request] = asyncio.get_running_loop().create_future()
            if wait is not None:
                found[request] = await wait
        return found

    def told(self) -> protocol.QueueChanged:
        """The queue as it stands."""
        jobs = sorted(self._jobs.values(), key=lambda job: job.request not in self._running)
        items = tuple(
            protocol.QueueItem(
                request=job.request,
                shot=job.shot,
                label=self._label(job),
                drawer=job.drawer,
                person_name=job.person.name,
                live=self._live.live(job.shot) or self._queued(job, 0),
            )
            for job in jobs[:TOLD]
        )
        return protocol.QueueChanged(paused=self._paused, total=len(jobs), items=items)

    def go_on(self) -> None:
        """A job waits for a person now: others may not have to."""
        if self._running:
            self._changed()

    # internals

    def _take_up(self, session: Session, job: PictureJob) -> None:
        if job.shot not in session.boards.board:
            return
        if session.story.is_drawn(job.request):
            # The program ended before the file said so.
            return
        if job.state == "waiting" or session.story.never_left(job.request):
            # What was cut off has an ended request in the record; it goes on under a new one.
            left = _anew(job) if session.story.has_request(job.request) else job
            self._jobs[left.request] = left
            self._live.set_live(left.shot, self._queued(left, len(self._jobs)))
        elif self._keeps(job.drawer):
            self._jobs = {job.request: job} | self._jobs
            self._collecting.add(job.request)
        else:
            lost = Live(
                state="lost",
                why="The program ended while this was being drawn, and the host keeps no results.",
                remedy="Ask again.",
            )
            self._live.set_live(job.shot, lost)

    def _keeps(self, drawer: str) -> bool:
        try:
            return drawer != PREVIS and self._backends().drawer(drawer).skills.keeps
        except StudioError:
            return False

    def _changed(self) -> None:
        """Begin what can be begun, and tell the queue soon."""
        self._begin()
        if self._telling is None and not self._closing:
            self._telling = asyncio.get_running_loop().call_later(_TELL_EVERY_S, self._tell_now)

    def _tell_now(self) -> None:
        self._telling = None
        waiting = [job for job in self._jobs.values() if job.request not in self._running]
        places = {job.shot: self._queued(job, place) for place, job in enumerate(waiting[:_PLACES], 1)}
        self._live.set_lives({shot: live for shot, live in places.items() if not self._is_drawn_now(shot)})
        self._tell(self.told())

    def _is_drawn_now(self, shot: ShotId) -> bool:
        return any(self._jobs[request].shot == shot for request in self._running if request in self._jobs)

    def _begin(self) -> None:
        if self._paused or self._closing:
            return
        running = [self._jobs[request] for request in self._running if request in self._jobs]
        # A night's work does not stand still because of one word that somebody has to be asked about.
        aside = [job.request for job in running if self._drawing.waits_alone(job)][:_ASIDE]
        busy = Counter(job.drawer for job in running if job.request not in aside)
        for job in list(self._jobs.values()):
            if job.request in self._running or busy[job.drawer]:
                continue
            busy[job.drawer] += 1
            task = asyncio.get_running_loop().create_task(self._run(job))
            self._running[job.request] = task
            task.add_done_callback(lambda _task, job=job: self._never_begun(job))

    def _never_begun(self, job: PictureJob) -> None:
        """A job that was stopped before its first step ends all the same."""
        if self._closing or self._running.pop(job.request, None) is None:
            return
        self._collecting.discard(job.request)
        self._jobs.pop(job.request, None)
        self._done(job, Ended("stopped", ()))
        self._save_soon()
        self._changed()

    async def _run(self, job: PictureJob) -> None:
        began = time.monotonic()
        ended = Ended("stopped", ())
        collect = job.request in self._collecting
        try:
            ended = await self._drawing.draw(job, lambda: self._sent(job.request), collect=collect)
        except StudioError as error:
            live = Live(state="failed", why=error.message, remedy=error.remedy)
            ended = Ended("failed", (), live, error)
        except asyncio.CancelledError:
            # Before its request was in the record: there is nothing to end.
            ended = Ended("stopped", ())
        finally:
            self._running.pop(job.request, None)
            self._collecting.discard(job.request)
            if not (self._closing and ended.state == "stopped"):
                self._jobs.pop(job.request, None)
            elif not collect and job.request in self._jobs:
                # It was stopped at its host too: there is nothing to be fetched, and it waits once more.
                self._jobs[job.request] = job.model_copy(update={"state": "waiting"})
        spent = time.monotonic() - began
        before = self._spent.get(job.drawer, spent)
        self._spent[job.drawer] = 0.7 * before + 0.3 * spent
        if self._closing:
            self._save()
            return
        self._done(job, ended)
        self._save_soon()
        self._changed()

    def _done(self, job: PictureJob, ended: Ended) -> None:
        self._live.set_live(job.shot, ended.live or self._next_of({job.shot}).get(job.shot))
        self._settle(job, ended)

    def _settle(self, job: PictureJob, ended: Ended) -> None:
        """Tell whoever waits for a job how it ended."""
        wait = self._waits.get(job.request)
        if wait is None:
            wait = self._waits[job.request] = asyncio.get_running_loop().create_future()
        if not wait.done():
            wait.set_result(ended)
        # The oldest are forgotten, but for those that somebody still waits for.
        for old in list(islice(self._waits, max(0, len(self._waits) - _KEPT))):
            if not self._waits[old].done():
                break
            del self._waits[old]

    def _next_of(self, shots: Collection[ShotId]) -> dict[ShotId, Live]:
        """Those of some shots that wait on, for they were asked for twice, each with its place in line."""
        found: dict[ShotId, Live] = {}
        waiting = (job for job in self._jobs.values() if job.request not in self._running)
        for place, job in enumerate(waiting, 1):
            if job.shot in shots and job.shot not in found:
                found[job.shot] = self._queued(job, place)
        return found

    def _sent(self, request: RequestId) -> None:
        job = self._jobs.get(request)
        if job is not None:
            self._jobs[request] = job.model_copy(update={"state": "sent"})
            self._save()

    def _save_soon(self) -> None:
        """A job that ended is in the record: the file is written for many of them at once."""
        if self._saving is None and not self._closing:
            self._saving = asyncio.get_running_loop().call_later(_SAVE_EVERY_S, self._save)

    def _save(self) -> None:
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None
        if self._store is None:
            return
        jobs = tuple(self._jobs.values())
        try:
            self._store.write(QueueFile(paused=self._paused, jobs=jobs))
        except StudioError as error:
            self._tell(protocol.Trouble(kind="queue", message=error.message, remedy=error.remedy))

    def _queued(self, job: PictureJob, place: int) -> Live:
        spent = self._spent.get(job.drawer)
        return Live(state="queued", place=place, wait_s=round(spent * place) if spent else None, of=job.count)

    def _label(self, job: PictureJob) -> str:
        board = self._session().boards.board
        return f"Board {board.shot(job.shot).number}" if job.shot in board else "Board"


def _anew(job: PictureJob) -> PictureJob:
    """The same work under a new request, and a new id at its host: of the old one it may know an end."""
    return job.model_copy(update={"request": new_request_id(), "job": new_job(), "state": "waiting"})


def drawers_of(backends: Backends) -> tuple[protocol.Drawer, ...]:
    """Everything that draws, the built-in drawer first."""
    from studio_assist.domain.pictures import PictureSkills

    found = [
        protocol.Drawer(
            id=PREVIS,
            name=PREVIS_NAME,
            is_ai=False,
            where="here",
            ready=True,
            skills=PictureSkills(seed=True, stops=True),
        )
    ]
    for info in backends.infos():
        if "pictures" in info.kinds:
            skills = PictureSkills()
            if info.ready:
                skills = backends.drawer(info.id).skills
            found.append(
                protocol.Drawer(
                    id=info.id,
                    name=f"{info.name}, {info.model}" if info.model else info.name,
                    is_ai=True,
                    where=info.where.value,
                    ready=info.ready,
                    why=info.why or "",
                    remedy=info.remedy,
                    skills=skills,
                )
            )
    return tuple(found)


def offered(ended: Iterable[Ended]) -> tuple[Variant, ...]:
    """Every picture that jobs made, in their order."""
    return tuple(variant for one in ended for variant in one.made)
