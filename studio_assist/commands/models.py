"""`studio-assist backends` and `studio-assist ask`: what can be asked, and asking it."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.commands import boards
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output, many
from studio_assist.domain.aiming import aim
from studio_assist.domain.candidate import OPEN, Candidate, State
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.values import sha256_of
from studio_assist.interchange.fountain import parse

_WHERE: Final = {"here": "this machine", "studio": "the studio's network", "outside": "outside"}


def backends(options: Namespace, output: Output) -> int:
    """List what can be asked, and the model files of other programs that were found."""
    listed = asyncio.run(_list_backends(options.project))
    standings = {standing.backend: standing for standing in listed.standings}
    documents = [_backend_document(info, standings.get(info.id)) for info in listed.backends]
    output.document([*documents, boards.previs_document()])
    output.table(
        [
            (
                info.id,
                info.model or info.name,
                ", ".join(info.kinds),
                _WHERE[info.where.value],
                _handling(standings.get(info.id)),
                "ready" if info.ready else info.why,
            )
            for info in listed.backends
        ]
        + [(boards.PREVIS, boards.PREVIS_NAME, "pictures", _WHERE["here"], "Nothing leaves", "ready")],
        heads=("id", "model", "makes", "where", "data", "state"),
    )
    found = [(place, model) for place in listed.found for model in place.models]
    if found:
        output.say("", "Model files of other programs, which the window can use:")
        output.table(
            [
                (model.name, f"{model.size_bytes / 1e9:.1f} GB", place.tool, model.path)
                for place, model in found
            ]
        )
    return 0


def _handling(standing: protocol.Standing | None) -> str:
    return ", ".join(badge.text for badge in standing.badges) if standing else ""


async def _list_backends(project: Path | None) -> protocol.Backends:
    async with broker_with() as broker:
        if project is not None:
            # To read only: another window may have it open, and a list changes nothing.
            opening = protocol.OpenProjectParams(path=str(project), person=current_person(), read_only=True)
            await broker.handle(protocol.OPEN_PROJECT, opening)
        return await broker.handle(protocol.LIST_BACKENDS, protocol.ListBackendsParams())


def _backend_document(info: BackendInfo, standing: protocol.Standing | None) -> dict[str, object]:
    return {
        "id": info.id,
        "name": info.name,
        "model": info.model,
        "kinds": list(info.kinds),
        "where": info.where.value,
        "host": info.host,
        "retention_days": info.retention_days,
        "trains": info.trains,
        "ready": info.ready,
        "why": info.why or (standing.blocked if standing else "") or None,
    }


def ask(options: Namespace, output: Output) -> int:
    """Ask for candidates and leave them undecided: deciding is done by a person in the window."""
    if options.task in boards.TASKS:
        return boards.ask(options, output)
    if options.shot is not None:
        raise BadInput("--shot is for the task board.", remedy="Leave it away.", place="shot")
    return asyncio.run(_Asking(options, output).run())


class _Asking:
    """One ask, from the project's opening to its last candidate."""

    def __init__(self, options: Namespace, output: Output) -> None:
        self._options: Final = options
        self._output: Final = output
        self._ended: protocol.RequestChanged | None = None
        self._shown: set[str] = set()

    async def run(self) -> int:
        options = self._options
        person = current_person()
        async with broker_with(self._take) as broker:
            state = await open_to_write(broker, options.project, person, self._output)
            tasks = broker.tasks()
            if options.task not in tasks:
                raise BadInput(
                    f"There is no task called {options.task}.",
                    remedy=f"The tasks are {', '.join(sorted((*tasks, *boards.TASKS)))}.",
                    place="task",
                )
            task = tasks[options.task]
            info = _chosen(broker, options.backend)
            params = protocol.AskParams(
                task=task.id,
                script=state.script,
                anchor=aim(parse(state.script).screenplay, task, options.scene, options.line),
                note=options.note,
                count=options.count or task.count,
                backend=info.id,
                seed=options.seed,
                person=person,
            )
            asked = await broker.handle(protocol.ASK, params)
            candidates = await broker.generation.finished(asked.request)
        return self._end(asked.request, candidates, info)

    def _take(self, event: protocol.Event) -> None:
        match event:
            case protocol.CandidateChanged(candidate=candidate) if candidate.state in OPEN:
                if candidate.id not in self._shown:
                    self._shown.add(candidate.id)
                    self._show(candidate)
            case protocol.RequestChanged(state=state) if state != "running":
                self._ended = event
            case protocol.Trouble():
                self._output.note(f"{event.message} {event.remedy}")
            case _:
                pass

    def _show(self, candidate: Candidate) -> None:
        first, *rest = candidate.text.split("\n") or [""]
        self._output.say(f"{candidate.index + 1}  {first}", *(f"   {line}" for line in rest))

    def _end(self, request: str, candidates: tuple[Candidate, ...], info: BackendInfo) -> int:
        ended = self._ended
        if ended and ended.state == "failed" and not any(candidate.state in OPEN for candidate in candidates):
            raise Unavailable(ended.note, remedy=ended.remedy or "Try again.", place=info.id)
        if ended and ended.note:
            self._output.note(ended.note)
        kept = [candidate for candidate in candidates if candidate.state is not State.STREAMING]
        self._output.document(
            {"request": request, "candidates": [_candidate_document(candidate, info) for candidate in kept]}
        )
        waiting = sum(1 for candidate in kept if candidate.state in OPEN)
        self._output.say(
            "",
            f"{many(waiting, 'candidate')} of {info.model or info.name}, seeds from {kept[0].seed}."
            if kept
            else "The model offered nothing that could be shown.",
            f"Request {request}. Nothing is decided: a person accepts, edits or rejects each in the window.",
        )
        return 0


def _chosen(broker: Broker, wanted: str | None) -> BackendInfo:
    infos = [info for info in broker.backends().infos() if "text" in info.kinds]
    listed = ", ".join(info.id for info in infos) or "none"
    if wanted is not None:
        for info in infos:
            if info.id == wanted:
                break
        else:
            raise BadInput(
                f"There is no backend called {wanted}.",
                remedy=f"The backends are: {listed}.",
                place="backend",
            )
    elif infos:
        # Nobody named one: then nothing leaves.
        here = [info for info in infos if info.stays_here] or infos
        info = next((info for info in here if info.ready), here[0])
    else:
        raise Unavailable("There is no model to ask.", remedy="Run: make run, which fetches the model.")
    if not info.ready:
        raise Unavailable(
            info.why or f"{info.name} is not ready.",
            remedy=info.remedy or "Choose another model.",
            place=info.id,
        )
    return info


def _candidate_document(candidate: Candidate, info: BackendInfo) -> dict[str, object]:
    return {
        "id": candidate.id,
        "text": candidate.text,
        "hash": candidate.content or sha256_of(candidate.text),
        "state": candidate.state.value,
        "backend": info.id,
        "model": info.model,
        "seed": candidate.seed,
        "ms": candidate.ms,
        "tokens": candidate.tokens,
        "why": candidate.why,
    }
