"""The one path from an ask to candidates: requested, verdict, the model, candidates, ended.

The entry *requested* is written before anything else happens, so that an interruption at any moment leaves
a request in the record, never a hidden one.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.backends.registry import Backends
from studio_assist.broker.clear_closing import CLOSED, Closing, Wanted
from studio_assist.broker.errands import Errand
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.outgoing import Outgoing
from studio_assist.broker.session import Session, new_request_id
from studio_assist.domain import record
from studio_assist.domain.candidate import Candidate, State
from studio_assist.domain.errors import BadInput, Refusal, StudioError, Unavailable
from studio_assist.domain.generation import BackendInfo, Event, Failed, TextBackend, TextRequest
from studio_assist.domain.placing import context_of, scene_of, selected_kind
from studio_assist.domain.shaping import CardUpdate, Shaper
from studio_assist.domain.tasks import ContextLine, Task, TaskContext, render, why_not
from studio_assist.domain.values import CandidateId, RequestId, sha256_of
from studio_assist.gate.transport import Asking, asking
from studio_assist.gate.verdict import HERE
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Contents

log = logging.getLogger(__name__)

#: A card's growth is told at most this often, in seconds; its first words at once.
TELL_EVERY: Final = 1 / 30
#: How many ended requests are remembered.
_KEPT: Final = 32
#: No model takes a larger seed.
SEEDS: Final = 2**31 - 1


@dataclass
class Running:
    """One request under way."""

    id: RequestId
    task: Task
    context: TaskContext
    request: TextRequest
    backend: TextBackend
    cards: int
    #: What is sent, and to whom, where the model is not this machine's own.
    errand: Errand | None = None
    outgoing: Outgoing | None = None
    stopped: bool = False
    work: asyncio.Task[None] | None = None
    candidates: dict[int, Candidate] = field(default_factory=dict[int, Candidate])
    told_at: dict[int, float] = field(default_factory=dict[int, float])
    dropped: dict[int, str] = field(default_factory=dict[int, str])
    started: float = 0.0
    tokens: int = 0


@dataclass(frozen=True)
class Ending:
    """How a request ended, and what to tell of it."""

    state: Literal["done", "stopped", "failed"]
    why: str | None = None
    remedy: str = ""


class Generation:
    """Asks backends and turns what they write into candidates. One model of this machine writes at a time."""

    def __init__(
        self,
        session: Callable[[], Session],
        backends: Callable[[], Backends],
        gatekeeper: Gatekeeper,
        closing: Closing,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._backends: Final = backends
        self._gatekeeper: Final = gatekeeper
        self._closing: Final = closing
        self._tell: Final = tell
        self._running: dict[RequestId, Running] = {}
        self._turn: Final = asyncio.Lock()

    # asking

    async def ask(self, params: protocol.AskParams, tasks: dict[str, Task]) -> RequestId:
        """Record a request and set the model to work; events tell how it goes on.

        Raises:
            BadInput: no such task or backend, or nothing there to ask about.
            Refusal: the task's least model, an altered record, or a clearance that is missing says no.
            Unavailable: the backend is not ready; says what is missing.
        """
        session = self._session()
        session.may_write()
        session.meet(params.person)
        task = _task(tasks, params.task)
        backend = self._backend(params.backend)
        info = backend.info
        script = parse(params.script).screenplay
        closed = why_not(task, info, selected_kind(script, params.anchor))
        if closed:
            raise Refusal(
                closed, remedy="Choose another task, another line or a larger model.", rule="task-fits"
            )
        context = context_of(script, params.anchor, params.note, on_line=bool(task.needs))
        seed = params.seed if params.seed is not None else secrets.randbelow(SEEDS)
        request = render(task, context, info, count=params.count, seed=seed)
        scene = scene_of(script, params.anchor.start) if params.anchor else None
        running = Running(new_request_id(), task, context, request, backend, params.count)
        number = scene.number if scene else None
        if not info.stays_here:
            running.errand = Errand(
                request=running.id,
                person=params.person,
                info=info,
                task=task.title,
                desk="Write desk",
                scene=number,
                script=script,
                asked=request,
                task_id=task.id,
            )
        wanted = Wanted(params.note, _words_of(request), number, task.id, info.id, here=info.stays_here)
        closed = await self._closing.refusal(session, wanted)
        if self._session() is not session:
            raise Unavailable(
                "The project was closed meanwhile.", remedy="Ask again in the one that is open."
            )
        session.may_write()
        self._record_request(running, params, info, number, closed)
        if closed is not None:
            raise closed
        if session.journal:
            session.journal.write(running.id, "running", {"task": task.id, "backend": info.id})
        # Whoever waits for a request asks for it while it is fresh; long ended ones are in the record.
        for old in [known for known, one in self._running.items() if one.work and one.work.done()][:-_KEPT]:
            del self._running[old]
        self._running[running.id] = running
        running.work = asyncio.get_running_loop().create_task(self._run(running))
        return running.id

    def stop(self, request: RequestId) -> None:
        """Stop the model. What it had written stays on its card and can be decided on."""
        running = self._running.get(request)
        if running and running.work and not running.stopped:
            running.stopped = True
            running.work.cancel()

    async def finished(self, request: RequestId) -> tuple[Candidate, ...]:
        """Wait for a request to end; its candidates in the order of their cards."""
        running = self._running.get(request)
        if running is None or running.work is None:
            return ()
        await asyncio.gather(running.work, return_exceptions=True)
        return tuple(running.candidates[card] for card in sorted(running.candidates))

    async def warm(self, tasks: dict[str, Task]) -> None:
        """Have the model on this machine loaded, and the worked examples of the first task read.

        A model reads them once; doing it before anybody asks takes a second off the first answer. It makes
        one token of nobody's script, and keeps none. Whoever has asked by now had it loaded.
        """
        if self._running:
            return
        try:
            backend = self._backend(None)
            task = next(task for task in tasks.values() if not why_not(task, backend.info, _first_need(task)))
            line = ContextLine(kind=_first_need(task) or "action", text="The door is open.", cue="")
            request = render(task, TaskContext(line=line, characters=("A",)), backend.info, count=1)
            request = request.model_copy(update={"count": 1, "max_tokens": 1})
            async with self._turn, aclosing(backend.generate(request)) as stream:
                async for _event in stream:
                    pass
        except (StudioError, StopIteration) as trouble:
            # What is missing is told when somebody asks; until then it is nobody's trouble.
            log.info("The model was not warmed: %s", trouble)

    async def close(self) -> None:
        """Stop everything under way and wait until the record says so."""
        for request in list(self._running):
            self.stop(request)
        works = [running.work for running in self._running.values() if running.work]
        await asyncio.gather(*works, return_exceptions=True)

    # internals

    def _backend(self, wanted: str | None) -> TextBackend:
        backends = self._backends()
        if wanted is None:
            # Nobody named one: then nothing leaves.
            infos = [info for info in backends.infos() if "text" in info.kinds and info.stays_here]
            ready = [info for info in infos if info.ready] or infos
            if not ready:
                raise BadInput(
                    "There is no model on this machine to ask.",
                    remedy="Run make run once more to fetch the model, or name the one to ask.",
                )
            wanted = ready[0].id
        return backends.get(wanted)

    def _record_request(
        self,
        running: Running,
        params: protocol.AskParams,
        info: BackendInfo,
        scene: str | None,
        closed: Refusal | None,
    ) -> None:
        texts = Contents()
        anchor = params.anchor
        session = self._session()
        sampling = running.request.sampling.model_dump()
        session.append(
            record.Requested(
                request=running.id,
                task=running.task.id,
                backend=info.id,
                model=info.model,
                where=info.where.value,
                scene=scene,
                anchor=record.Anchor(start=anchor.start, length=anchor.length, quote=texts.add(anchor.quote))
                if anchor
                else None,
                prompt=texts.add(running.request.model_dump_json()),
                note=texts.add(params.note) if params.note else None,
                count=params.count,
                seed=running.request.seed,
                settings={
                    name: value if isinstance(value, int) else str(value) for name, value in sampling.items()
                },
            ),
            contents=texts,
            person=params.person,
            durable=False,
        )
        if closed is not None:
            rules = (CLOSED, closed.place or CLOSED)
            session.append(
                record.VerdictGiven(request=running.id, verdict="blocked", rules=rules), durable=False
            )
            body = record.RequestEnded(request=running.id, state="failed", why=closed.message, dropped=())
            session.append(body, durable=False)
        elif running.errand is None:
            session.append(
                record.VerdictGiven(request=running.id, verdict=HERE.verdict, rules=HERE.rules),
                durable=False,
            )

    async def _run(self, running: Running) -> None:
        shaper = Shaper(running.task, running.context, running.request, cards=running.cards)
        end = Ending("done")
        self._tell_request(running, "running")
        try:
            # A host runs its models itself, and may wait long for a person: nobody waits behind it.
            async with nullcontext() if running.errand else self._turn:
                running.started = time.monotonic()
                written = (
                    self._from_host(running, running.errand)
                    if running.errand
                    else running.backend.generate(running.request)
                )
                # Closing the stream is what stops the model, so it is closed here and not by the collector.
                async with aclosing(written) as stream:
                    async for event in stream:
                        if isinstance(event, Failed):
                            end = Ending("failed", event.message, event.remedy)
                        for update in shaper.feed(event):
                            self._take(running, update)
        except asyncio.CancelledError:
            end = Ending("stopped")
            for rest in running.outgoing.flush() if running.outgoing else ():
                for update in shaper.feed(rest):
                    self._take(running, update)
        except StudioError as error:
            end = Ending("failed", error.message, error.remedy)
        except Exception as error:
            # A bug must not leave cards that grow for ever, nor a request that never ended.
            log.exception("request %s", running.id)
            end = Ending(
                "failed", f"Something in Studio Assist failed ({type(error).__name__}).", "Ask again."
            )
        try:
            self._close(running, shaper, end)
        except StudioError as error:
            # The record could not be written: nothing that is not in it may look as if it were.
            self._tell_request(running, "failed", note=error.message, remedy=error.remedy)
        finally:
            self._gatekeeper.end(running.id)

    async def _from_host(self, running: Running, errand: Errand) -> AsyncGenerator[Event]:
        """What a host writes, with the real names in it. It waits at the gate until a person has sent it."""
        asking.set(Asking(errand.request, errand.info.id))
        while True:
            outgoing = await self._gatekeeper.prepare(errand)
            running.outgoing = outgoing
            try:
                begun = False
                async with aclosing(outgoing.restored(running.backend.generate(outgoing.request))) as stream:
                    async for event in stream:
                        if not begun:
                            begun = True
                            running.started = time.monotonic()
                            self._gatekeeper.answered(errand.request)
                        yield event
                return
            except StudioError:
                # Nothing was sent yet: a person said that a word is a name, and it is asked anew without it.
                if not self._gatekeeper.asks_anew(errand.request):
                    raise

    def _close(self, running: Running, shaper: Shaper, end: Ending) -> None:
        for update in shaper.close(stopped=end.state == "stopped"):
            self._take(running, update)
        for card, why in running.dropped.items():
            gone = _candidate_id(running.id, card)
            self._tell(protocol.CandidateDropped(request=running.id, candidate=gone, why=why))
        reasons = Counter(drop.why for drop in shaper.dropped)
        dropped = tuple(
            record.Dropped(reason=reason, count=count) for reason, count in sorted(reasons.items())
        )
        if end.state == "failed" and end.why:
            self._fail_rest(running, end.why, end.remedy)
        told = self._names_back(running)
        self._end(running, end.state, why=end.why, dropped=dropped)
        note = " ".join(part for part in (end.why or _dropped_words(reasons), told) if part)
        self._tell_request(running, end.state, note=note, remedy=end.remedy)

    def _names_back(self, running: Running) -> str:
        """Record how the stand-ins came back; what a person should know of it."""
        report = running.outgoing.report if running.outgoing else None
        if report is None or not (report.clean or report.mended or report.unknown):
            return ""
        self._session().append(
            record.NamesRestored(
                clean=report.clean,
                mended=len(report.mended),
                request=running.id,
                unknown=len(report.unknown),
            ),
            durable=False,
        )
        return " ".join(report.sentences())

    def _take(self, running: Running, update: CardUpdate) -> None:
        candidate = Candidate(
            id=_candidate_id(running.id, update.card),
            request=running.id,
            index=update.card,
            state=State.STREAMING if update.state in ("streaming", "dropped") else State(update.state),
            text=update.text,
            content=None if update.state in ("streaming", "dropped") else sha256_of(update.text),
            seed=running.request.seed_of(update.choice),
            tokens=update.tokens,
            ms=update.ms,
            why=update.why or None,
            remedy=update.remedy or None,
        )
        if update.state == "dropped":
            # A better choice may still take the card; whether one did is known at the end.
            running.candidates.pop(update.card, None)
            running.dropped[update.card] = update.why
            return
        running.dropped.pop(update.card, None)
        now = time.monotonic()
        if candidate.state is State.STREAMING:
            known = running.candidates.get(update.card)
            running.candidates[update.card] = candidate
            if known and now - running.told_at.get(update.card, 0.0) < TELL_EVERY:
                return
        else:
            self._record_candidate(running, candidate)
        running.candidates[update.card] = candidate
        running.told_at[update.card] = now
        spent = max(now - running.started, 1e-3)
        speed = candidate.tokens / spent if candidate.tokens else 0.0
        self._tell(protocol.CandidateChanged(candidate=candidate, tokens_per_second=speed))
        if candidate.state is not State.STREAMING:
            self._tell_request(running, "running")

    def _record_candidate(self, running: Running, candidate: Candidate) -> None:
        texts = Contents()
        assert candidate.state in (State.READY, State.STOPPED, State.FAILED)
        self._session().append(
            record.CandidateMade(
                request=running.id,
                candidate=candidate.id,
                index=candidate.index,
                content=texts.add(candidate.text),
                state=candidate.state.value,
                why=candidate.why,
                tokens=candidate.tokens,
                ms=candidate.ms,
                seed=candidate.seed,
            ),
            contents=texts,
            durable=False,
        )

    def _fail_rest(self, running: Running, why: str, remedy: str) -> None:
        """The stream broke: what still grew is failed, and keeps what arrived."""
        for card, candidate in list(running.candidates.items()):
            if candidate.state is State.STREAMING:
                failed = candidate.model_copy(
                    update={
                        "state": State.FAILED,
                        "content": sha256_of(candidate.text),
                        "why": why,
                        "remedy": remedy,
                    }
                )
                self._record_candidate(running, failed)
                running.candidates[card] = failed
                self._tell(protocol.CandidateChanged(candidate=failed))

    def _end(
        self,
        running: Running,
        state: Literal["done", "stopped", "failed"],
        *,
        why: str | None,
        dropped: tuple[record.Dropped, ...],
    ) -> None:
        session = self._session()
        session.append(
            record.RequestEnded(request=running.id, state=state, why=why, dropped=dropped), durable=False
        )
        if session.journal:
            session.journal.write(running.id, state, {})

    def _tell_request(
        self,
        running: Running,
        state: Literal["running", "done", "stopped", "failed"],
        *,
        note: str = "",
        remedy: str = "",
    ) -> None:
        done = sum(1 for candidate in running.candidates.values() if candidate.state is not State.STREAMING)
        self._tell(
            protocol.RequestChanged(
                request=running.id,
                task=running.task.id,
                state=state,
                done=done,
                total=running.cards,
                note=note,
                remedy=remedy,
            )
        )


def _first_need(task: Task) -> str | None:
    return task.needs[0] if task.needs else None


def _candidate_id(request: RequestId, card: int) -> CandidateId:
    return CandidateId(f"{request}-{card + 1}")


def _words_of(request: TextRequest) -> str:
    """Every word that goes to the model."""
    parts = [(prompt.text, *(message.text for message in prompt.messages)) for prompt in request.prompts]
    return "\n".join(dict.fromkeys(text for part in parts for text in part if text))


def _task(tasks: dict[str, Task], wanted: str) -> Task:
    if wanted in tasks:
        return tasks[wanted]
    raise BadInput(
        f"There is no task called {wanted}.",
        remedy=f"Choose one of: {', '.join(sorted(tasks))}.",
        place="task",
    )


def _dropped_words(reasons: Counter[str]) -> str:
    """What was not worth showing, in a sentence."""
    if not reasons:
        return ""
    parts = [f"{count} {reason}" for reason, count in reasons.most_common()]
    return f"Not shown: {', '.join(parts)}."
