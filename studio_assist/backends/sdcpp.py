"""Pictures by stable-diffusion.cpp's own server: a job that is asked after until it is done.

It takes a job out of its line, and draws what it has begun to its end. The id is its own, so that a result
cannot be asked for by ours after a restart. The request's words are kept out of the files that it makes.

An older one that has no jobs is asked as OpenAI's images are.

Source: stable-diffusion.cpp, examples/server: api.md, routes_sdcpp.cpp, async_jobs.cpp.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import logging
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any, Final

from PIL import Image

from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.pictures import (
    PictureBackend,
    PictureEvent,
    PictureProgress,
    PictureRequest,
    PictureSkills,
    ReferencePicture,
)
from studio_assist.domain.ports import Reply, Transport

from .hookspec import BackendConfig, hookimpl
from .hosted import HostError, KeyOf, failed, settled, trouble
from .openai_pictures import MOST_BYTES, OpenAICompatiblePictures
from .picture_hosts import LONGEST_DRAWN, DrawsAtHost, compact, short, status_trouble, whole

log = logging.getLogger(__name__)

#: How long to wait between two questions how far it is, in seconds.
POLL_S: Final = 1.0
#: How often in a row a question may fail before the host counts as gone.
_PATIENCE: Final = 5
STOPPING_S: Final = 5.0
#: Most models it runs want sides of this step.
_STEP_PX: Final = 64
#: More than it takes at once.
_MOST_REFERENCES: Final = 4


class SdServer(DrawsAtHost):
    """One sd-server."""

    def __init__(self, settings: HostSettings, transport: Transport, key_of: KeyOf) -> None:
        super().__init__(settings, transport, key_of)
        plain = settings.model_copy(update={"url": f"{self._base}/v1"})
        self._plain: Final = OpenAICompatiblePictures(plain, transport, key_of)

    @property
    def skills(self) -> PictureSkills:
        """As `PictureBackend.skills`. Whether it has a ControlNet it does not say, so none is offered."""
        return PictureSkills(
            references=_MOST_REFERENCES, edits=True, masks=True, negative=True, seed=True, progress=True
        )

    def draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.draw`."""
        return settled(self._draw(request))

    async def _draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        began = time.monotonic()
        if request.of_role("line") or request.of_role("depth"):
            raise self._cannot(
                "does not say whether it can follow lines or depth.", "Leave that picture out."
            )
        key = await self._key()
        body = self._fields(request)
        reply = await self._submitted(body, key)
        if reply is None:
            async with aclosing(self._plain.draw(request)) as events:
                async for event in events:
                    yield event
            return
        job = await self._job(reply)
        ended = False
        try:
            async with aclosing(self._until_done(job, key)) as told:
                done: dict[str, Any] = {}
                async for one in told:
                    if isinstance(one, PictureProgress):
                        yield one
                    else:
                        done = one
            ended = True
            for event in await self._results(done, request, body, began, job):
                yield event
        finally:
            if not ended:
                await self._stop(job, key)

    async def collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.collect`: it knows a result by its own id only."""
        yield failed(None, trouble("lost", self.host))

    # internals

    def _fields(self, request: PictureRequest) -> dict[str, Any]:
        wide, high = (
            max(_STEP_PX, round(side / _STEP_PX) * _STEP_PX) for side in (request.width_px, request.height_px)
        )
        fields: dict[str, Any] = {
            "prompt": request.prompt,
            "negative_prompt": request.negative,
            "width": wide,
            "height": high,
            "seed": -1 if request.seed is None else request.seed,
            "batch_count": request.count,
            "embed_image_metadata": False,
            "output_format": "png",
        }
        if "steps" in self.settings.fields:
            fields["sample_params"] = {"sample_steps": self.settings.fields["steps"]}
        grounds = request.of_role("edit")
        references = (*request.of_role("reference"), *grounds[1:])
        if len(references) > _MOST_REFERENCES:
            raise self._cannot(f"takes {_MOST_REFERENCES} pictures to look at.", "Leave some of them out.")
        if grounds:
            fields |= {"init_image": _packed(grounds[0].data), "strength": round(request.strength, 3)}
        if references:
            fields["ref_images"] = [_packed(one.data) for one in references]
        for one in request.of_role("mask"):
            fields["mask_image"] = _packed(_grey(one))
        return fields

    async def _submitted(self, body: dict[str, Any], key: str) -> Reply | None:
        """Hand the job in; None where the server has no jobs."""
        try:
            await self._told("capabilities", key=key)
        except Refusal:
            # It is elsewhere, and nothing is asked before a person has sent something.
            log.debug("%s is not asked beforehand", self.host)
        except HostError as error:
            if error.cause == "missing":
                return None
        reply = await self._door.send(self._call("/sdcpp/v1/img_gen", compact(body), key))
        if reply.status in (404, 405):
            await reply.body.aclose()
            return None
        return reply

    async def _job(self, reply: Reply) -> str:
        raw = await whole(reply, self.host, 2**20)
        if reply.status == 429:
            raise trouble("quota", self.host, "its line is full")
        if reply.status != 202:
            raise status_trouble(reply, self.host, raw)
        told = await self._document(Reply(200, {}, _again(raw)))
        job = told.get("id") if isinstance(told, dict) else None
        if not isinstance(job, str):
            raise trouble("malformed", self.host, "no id of the job")
        return job

    async def _until_done(self, job: str, key: str) -> AsyncGenerator[PictureProgress | dict[str, Any]]:
        last: tuple[str, int] = ("", 0)
        failures = 0
        while True:
            try:
                told = await self._asked_after(job, key)
                failures = 0
            except HostError:
                raise
            except Unavailable:
                failures += 1
                if failures >= _PATIENCE:
                    raise
                told = {}
            status = str(told.get("status", ""))
            if status in ("completed", "failed", "cancelled"):
                yield told
                return
            place = told.get("queue_position")
            now = (status, place if isinstance(place, int) and place > 0 and status == "queued" else 0)
            if now != last and status:
                last = now
                yield PictureProgress(index=0, place=now[1], step="drawing" if status == "generating" else "")
            await asyncio.sleep(POLL_S)

    async def _asked_after(self, job: str, key: str) -> dict[str, Any]:
        reply = await self._follow("job", job, key=key)
        if reply.status in (404, 410):
            await reply.body.aclose()
            raise trouble("lost", self.host)
        told = await self._document(reply, LONGEST_DRAWN)
        if not isinstance(told, dict):
            raise trouble("malformed", self.host)
        return told

    async def _results(
        self, done: dict[str, Any], request: PictureRequest, body: dict[str, Any], began: float, job: str
    ) -> list[PictureEvent]:
        if done.get("status") != "completed":
            error: Any = done.get("error")
            said = short(str(error.get("message", ""))) if isinstance(error, dict) else ""
            return [failed(None, trouble("other", self.host, said))]
        result: Any = done.get("result")
        images: Any = result.get("images") if isinstance(result, dict) else None
        packed = (
            [one.get("b64_json") if isinstance(one, dict) else None for one in images]
            if isinstance(images, list)
            else []
        )
        events: list[PictureEvent] = []
        for index in range(request.count):
            ms = round((time.monotonic() - began) * 1000)
            if index >= len(packed):
                events.append(failed(index, trouble("other", self.host, "it drew fewer pictures")))
                continue
            data = _unpacked(packed[index])
            size = (int(body["width"]), int(body["height"]))
            events.append(await self._made(data, index, ms, size, host_id=job))
        return events

    async def _stop(self, job: str, key: str) -> None:
        try:
            async with asyncio.timeout(STOPPING_S):
                reply = await self._follow("cancel", job, key=key)
                await whole(reply, self.host, 2**20)
                if reply.status == 409:
                    log.info("%s draws what it has begun to its end", self.host)
        except (TimeoutError, StudioError) as error:
            log.info("%s: stopping: %s", self.host, error)


def _grey(mask: ReferencePicture) -> bytes:
    """The mask as it wants it: white may change. The gate makes the same bytes (`grey_mask_of`)."""
    with Image.open(io.BytesIO(mask.data), formats=("PNG",)) as image:
        alpha = image.convert("RGBA").getchannel("A")
    out = io.BytesIO()
    alpha.point([255 - level for level in range(256)]).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unpacked(packed: object) -> bytes:
    if not isinstance(packed, str) or len(packed) > MOST_BYTES * 4 // 3 + 4:
        return b"none"
    try:
        return base64.b64decode(packed, validate=True)
    except (ValueError, binascii.Error):
        # What it is instead of a picture is said where it is read.
        return b"none"


async def _again(raw: bytes) -> AsyncGenerator[bytes]:
    yield raw


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[PictureBackend]:
    for settings in config.hosts:
        if settings.type == "sdcpp":
            yield SdServer(settings, config.transport, config.key_of)
