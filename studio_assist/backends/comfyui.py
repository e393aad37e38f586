"""Pictures by ComfyUI: a graph from a template, under an id of our own, followed to its end.

The pictures that a graph works on go up first, each into a folder of the request's own, so that their names
are known before anything is sent: one sheet shows the graph and all of them. What is made and what went up
lies in ComfyUI's folder for temporary files, which it empties when it starts.

Nothing global is ever sent: a graph that waits is taken out of the line by its id, and one that is drawn is
interrupted by its id, which ComfyUI understands since September 2025. An older one would stop whatever runs,
so it is left to finish.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.following import FollowUp
from studio_assist.domain.generation import Failed, HostSettings
from studio_assist.domain.pictures import (
    PictureBackend,
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    PictureSkills,
    ReferencePicture,
    new_job,
)
from studio_assist.domain.ports import Call, Transport

from .comfyui_events import News, Standing, in_history, in_line, news, refused_graph, version_of
from .comfyui_graphs import Graph, Workflow, Workflows, choices_of, classes_in, settings_for, wrong_choices
from .hookspec import BackendConfig, hookimpl
from .hosted import KeyOf, failed, settled, trouble
from .picture_hosts import DrawsAtHost, compact, form, picture_bytes, whole

log = logging.getLogger(__name__)

#: How long to wait between two looks, in seconds: without events, and with them.
POLL_S: Final = 1.0
POLL_WITH_EVENTS_S: Final = 5.0
#: How often in a row a look may fail before the host counts as gone.
_PATIENCE: Final = 5
#: How long stopping may take, in seconds.
STOPPING_S: Final = 5.0
#: The first version that surely interrupts one graph and no other (PR 9607 of August 2025, merged after it).
_TARGETED: Final = (0, 3, 60)


class ComfyUI(DrawsAtHost):
    """One ComfyUI.

    Args:
        workflows: the templates.
    """

    def __init__(
        self, settings: HostSettings, transport: Transport, key_of: KeyOf, workflows: Workflows
    ) -> None:
        super().__init__(settings, transport, key_of)
        self._workflows: Final = workflows

    @property
    def skills(self) -> PictureSkills:
        """As `PictureBackend.skills`: what there are templates for."""
        found = self._workflows.all()
        roles = frozenset(role for one in found for role in one.roles)
        return PictureSkills(
            references=max((len(one.template.pictures.get("reference", ())) for one in found), default=0),
            edits="edit" in roles,
            masks="mask" in roles,
            negative=any(one.places("negative") for one in found),
            seed=True,
            progress=True,
            stops=True,
            controls=tuple(role for role in ("line", "depth") if role in roles),
            keeps=True,
        )

    def draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.draw`."""
        return settled(self._draw(request))

    async def _draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        began = time.monotonic()
        key = await self._key()
        job = request.job or new_job()
        workflow = self._workflows.fitting(request)
        names = {one.name: f"studio-assist/{job}/{one.name} [temp]" for one in request.references}
        graph = await self._graph(workflow, request, names, key)
        uploads = [self._upload(one, job, key) for one in request.references]
        document = {"client_id": job, "prompt": graph, "prompt_id": job}
        submit = self._call("/prompt", compact(document), key)
        await self._door.present((*uploads, submit))
        for call, one in zip(uploads, request.references, strict=True):
            await self._send_up(call, one.name, job)
        known = await self._submitted(submit)
        ended = False
        try:
            async with aclosing(self._results(known, job, workflow, request, began, key)) as events:
                async for event in events:
                    # After the first of these nothing is left to be stopped.
                    ended = ended or isinstance(event, (PictureMade, Failed))
                    yield event
            ended = True
        finally:
            if not ended:
                await self._stop(known, key)

    def collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.collect`."""
        return settled(self._collect(request))

    async def _collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        workflow = self._workflows.fitting(request)
        key = await self._key()
        try:
            standing = (
                await self._standing(request.job, workflow, key) if request.job else Standing("unknown")
            )
        except Refusal as error:
            # Nothing may follow a request whose bytes the record does not hold.
            yield failed(None, trouble("lost", self.host, error.message))
            return
        if standing.state == "unknown":
            yield failed(None, trouble("lost", self.host))
            return
        results = self._results(request.job, request.job, workflow, request, time.monotonic(), key)
        async with aclosing(results) as events:
            async for event in events:
                yield event

    # what is sent

    async def _graph(
        self, workflow: Workflow, request: PictureRequest, names: dict[str, str], key: str
    ) -> Graph:
        """The graph as it is sent. Raises `BadInput` for what this host does not have, with its names."""
        if request.negative and not workflow.places("negative"):
            raise self._cannot(
                f"has no field for what to leave out in the template {workflow.template.name}.",
                "Say it in the prompt itself.",
            )
        if request.count > 1 and not workflow.places("count"):
            raise self._cannot(
                f"draws one picture at a time with the template {workflow.template.name}.", "Ask for one."
            )
        values = {"model": self.settings.model, **settings_for(workflow, self.settings.fields)}
        has = await self._nodes(classes_in(workflow.graph), key)
        for name, patterns in workflow.template.choose.items():
            if name not in values:
                values[name] = self._chosen(workflow, name, patterns, has)
        asked = (
            request
            if request.seed is not None
            else request.model_copy(update={"seed": secrets.randbelow(2**31)})
        )
        graph = workflow.filled(asked, values, names)
        wrong = [f"{name}: {value}" for name, _given, value in wrong_choices(graph, has)]
        if wrong:
            raise self._cannot(
                f"does not have what the template {workflow.template.name} asks for: {', '.join(wrong)}.",
                "Put it into ComfyUI's folders, or add the host once more with a name that it knows.",
            )
        return graph

    async def _nodes(self, classes: Iterable[str], key: str) -> dict[str, dict[str, Any]]:
        """What a host on this machine says of these nodes; {} where it cannot be asked yet.

        Raises:
            BadInput: it does not have one of them.
        """
        found: dict[str, dict[str, Any]] = {}
        missing: list[str] = []
        for name in classes:
            told = await self._looked("node", name, key=key)
            if isinstance(told, dict):
                info = told.get(name)
                if isinstance(info, dict):
                    found[name] = info
                else:
                    missing.append(name)
        if missing:
            raise self._cannot(
                f"does not know these nodes: {', '.join(missing)}.",
                "Update ComfyUI, or use another template.",
            )
        return found

    def _chosen(
        self, workflow: Workflow, name: str, patterns: Iterable[str], has: dict[str, dict[str, Any]]
    ) -> str:
        for place in workflow.places(name):
            node, _, given = place.partition(".")
            installed = choices_of(has.get(workflow.graph[node]["class_type"], {}), given) or ()
            for pattern in patterns:
                for one in installed:
                    if fnmatchcase(one.lower(), pattern):
                        return one
        raise self._cannot(
            f"has no model for {name.removesuffix('_model')} that is known by its name.",
            f"Name it as {name} among the host's fields in backends.toml.",
        )

    def _upload(self, picture: ReferencePicture, job: str, key: str) -> Call:
        fields = (("type", "temp"), ("subfolder", f"studio-assist/{job}"))
        body, kind = form(fields, picture, "image")
        return self._call("/upload/image", body, key, kind)

    async def _send_up(self, call: Call, name: str, job: str) -> None:
        told = await self._document(await self._door.send(call))
        folder = str(told.get("subfolder", "")).replace("\\", "/") if isinstance(told, dict) else ""
        if not isinstance(told, dict) or (told.get("name"), folder) != (name, f"studio-assist/{job}"):
            # The graph that was approved speaks of another file: nothing is drawn from a wrong one.
            raise trouble("malformed", self.host, "it put a picture somewhere else than was asked")

    async def _submitted(self, call: Call) -> str:
        """Send the graph; gives the id that the host knows it by: an old one minds none but its own."""
        reply = await self._door.send(call)
        if reply.status == 400:
            raw = await whole(reply, self.host, 4 * 2**20)
            raise refused_graph(_parsed(raw), self.host)
        told = await self._document(reply)
        known = told.get("prompt_id") if isinstance(told, dict) else None
        if not isinstance(known, str):
            raise trouble("malformed", self.host, "no id of the graph")
        if told.get("node_errors"):
            # It draws what is left without these nodes: not what was asked.
            log.info("%s takes the graph in part", self.host)
        return known

    # what comes back

    async def _results(
        self, job: str, client: str, workflow: Workflow, request: PictureRequest, began: float, key: str
    ) -> AsyncGenerator[PictureEvent]:
        """How far it is, and at the end the pictures."""
        async with aclosing(self._until_done(job, client, workflow, key)) as told:
            standing: Standing | None = None
            async for one in told:
                if isinstance(one, Standing):
                    standing = one
                else:
                    yield one
        if standing is None or standing.state == "unknown":
            yield failed(None, trouble("lost", self.host))
            return
        if standing.error is not None:
            yield failed(None, standing.error)
            return
        size = workflow.size(request)
        for index in range(request.count):
            if index >= len(standing.files):
                yield failed(index, trouble("other", self.host, "it drew fewer pictures"))
                continue
            file = standing.files[index]
            try:
                reply = await self._follow("view", file.name, file.folder, file.kind, key=key)
                data = await picture_bytes(reply, self.host)
            except StudioError as error:
                yield failed(index, error)
                continue
            ms = round((time.monotonic() - began) * 1000)
            yield await self._made(data, index, ms, size, host_id=job)

    async def _until_done(
        self, job: str, client: str, workflow: Workflow, key: str
    ) -> AsyncGenerator[PictureProgress | Standing]:
        inbox: asyncio.Queue[News | None] = asyncio.Queue()
        listening = asyncio.create_task(self._listen(job, client, inbox, key))
        hears, failures, place = True, 0, -1
        try:
            while True:
                try:
                    standing = await self._standing(job, workflow, key)
                    failures = 0
                except Unavailable:
                    failures += 1
                    if failures >= _PATIENCE:
                        raise
                    standing = Standing("works")
                if standing.state in ("done", "failed", "unknown"):
                    yield standing
                    return
                if standing.place != place:
                    place = standing.place
                    if place:
                        yield PictureProgress(index=0, place=place)
                until = time.monotonic() + (POLL_WITH_EVENTS_S if hears else POLL_S)
                while (left := until - time.monotonic()) > 0:
                    try:
                        async with asyncio.timeout(left):
                            heard = await inbox.get()
                    except TimeoutError:
                        break
                    if heard is None:
                        hears = False
                        break
                    if heard.progress is not None:
                        yield heard.progress
                    if heard.ended:
                        break
                    if heard.moved:
                        until = min(until, time.monotonic() + POLL_S)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    async def _listen(self, job: str, client: str, inbox: asyncio.Queue[News | None], key: str) -> None:
        """Put the host's events into the inbox; None where there are none, or no more."""
        asked = FollowUp(shape="events", values=(client,), key=key)
        try:
            async with aclosing(self._door.listen(asked)) as heard:
                async for message in heard:
                    told = news(message, job)
                    if told != News():
                        await inbox.put(told)
        except StudioError as error:
            # It is looked at now and then instead.
            log.info("%s: no events: %s", self.host, error.message)
        await inbox.put(None)

    async def _standing(self, job: str, workflow: Workflow, key: str) -> Standing:
        # The line first: what leaves it is in the history at the same moment.
        waits = in_line(await self._told("queue", key=key), job)
        if waits is not None:
            return waits
        history = await self._told("history", job, key=key)
        return in_history(history, job, workflow.template.output, self.host)

    # stopping

    async def _stop(self, job: str, key: str) -> None:
        """Take the graph out of the line, or interrupt it; never anybody else's."""
        try:
            async with asyncio.timeout(STOPPING_S):
                await whole(await self._follow("unqueue", job, key=key), self.host, 2**16)
                standing = in_line(await self._told("queue", key=key), job)
                if standing is None or standing.state != "works":
                    return
                if version_of(await self._told("stats", key=key)) < _TARGETED:
                    log.info("%s is too old to interrupt one graph alone: it draws on", self.host)
                    return
                await whole(await self._follow("interrupt", job, key=key), self.host, 2**16)
        except (TimeoutError, StudioError) as error:
            # Whoever stops is not kept waiting; what is drawn to its end is not fetched.
            log.info("%s: stopping: %s", self.host, error)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[PictureBackend]:
    folder = config.settings.get("comfyui_folder")
    hosts = [settings for settings in config.hosts if settings.type == "comfyui"]
    if not hosts:
        return
    workflows = Workflows(Path(folder) if isinstance(folder, str) else None)
    for settings in hosts:
        yield ComfyUI(settings, config.transport, config.key_of, workflows)
