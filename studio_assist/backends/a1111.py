"""Pictures by AUTOMATIC1111's web UI, and by Forge and SD.Next, which speak the same.

One call draws and answers with the pictures; meanwhile it is asked how far our own task is. Stopping is
global there (`/sdapi/v1/interrupt` ends whatever runs, for everybody), so nothing is stopped: who cancels
ends our waiting, and the server draws on. Its settings are everybody's too: none is overridden, and the
model is the one that is loaded.

Source: stable-diffusion-webui, modules/api/api.py and models.py, modules/progress.py; sd-webui-controlnet,
scripts/api.py. SD.Next was not looked at itself.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import re
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, Final

from studio_assist.domain.errors import StudioError
from studio_assist.domain.following import FollowUp
from studio_assist.domain.pictures import (
    PictureBackend,
    PictureEvent,
    PictureProgress,
    PictureRequest,
    PictureSkills,
    ReferencePicture,
    new_job,
)
from studio_assist.domain.ports import Call

from .hookspec import BackendConfig, hookimpl
from .hosted import failed, settled, trouble
from .openai_pictures import MOST_BYTES
from .picture_hosts import LONGEST_DRAWN, DrawsAtHost, compact, one_each

log = logging.getLogger(__name__)

#: How long to wait between two questions how far it is, in seconds.
POLL_S: Final = 1.0
_STEP_PX: Final = 8
#: How a picture that is to be followed is read first, and which models can follow it, by their names.
_CONTROLS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "line": (
        "invert (from white bg & black line)",
        ("*lineart*", "*scribble*", "*softedge*", "*canny*", "*union*"),
    ),
    "depth": ("none", ("*depth*", "*union*")),
}
_PREVIEW: Final = re.compile(r"data:image/(?:jpeg|png|webp);base64,([A-Za-z0-9+/=]+)")
_LONGEST_PREVIEW: Final = 8 * 2**20


class WebUI(DrawsAtHost):
    """One web UI."""

    @property
    def skills(self) -> PictureSkills:
        """As `PictureBackend.skills`."""
        return PictureSkills(
            edits=True, masks=True, negative=True, seed=True, progress=True, controls=("line", "depth")
        )

    def draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.draw`."""
        return settled(self._draw(request))

    async def _draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        began = time.monotonic()
        if not one_each(request, "edit", "mask", "line", "depth"):
            raise self._cannot(
                "takes one picture to change, its mask, one of lines and one of depth.",
                "Leave the other pictures out.",
            )
        key = await self._key()
        job = request.job or new_job()
        await self._hold_model(key)
        body = {**self._fields(request, job), **await self._controls(request, key)}
        path = "/sdapi/v1/img2img" if request.of_role("edit") else "/sdapi/v1/txt2img"
        call = self._call(path, compact(body), key)
        await self._door.present((call,))
        answering = asyncio.create_task(self._answer(call))
        try:
            preview = ""
            while not answering.done():
                await asyncio.wait((answering,), timeout=POLL_S)
                if answering.done():
                    break
                told, preview = await self._how_far(job, preview, key)
                if told is not None:
                    yield told
            images = await answering
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
        size = (int(body["width"]), int(body["height"]))
        for index in range(request.count):
            if index >= len(images):
                yield failed(index, trouble("other", self.host, "it drew fewer pictures"))
                continue
            ms = round((time.monotonic() - began) * 1000)
            yield await self._made(_unpacked(images[index]), index, ms, size, host_id=job)

    async def collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.collect`: it keeps nothing that it would give out once more."""
        yield failed(None, trouble("lost", self.host))

    # internals

    async def _hold_model(self, key: str) -> None:
        """Refuse a server on this machine that has another model loaded than it was set up with."""
        options = await self._looked("options", key=key)
        loaded = options.get("sd_model_checkpoint") if isinstance(options, dict) else None
        if isinstance(loaded, str) and loaded and _stem(loaded) != _stem(self.settings.model):
            raise self._cannot(
                f"has the model {loaded.split(' [')[0]} loaded, and was set up with {self.settings.model}.",
                "Load that one there, or add the host once more with the model that it has.",
            )

    def _fields(self, request: PictureRequest, job: str) -> dict[str, Any]:
        wide, high = (
            max(_STEP_PX, round(side / _STEP_PX) * _STEP_PX) for side in (request.width_px, request.height_px)
        )
        fields: dict[str, Any] = {
            "prompt": request.prompt,
            "negative_prompt": request.negative,
            "seed": -1 if request.seed is None else request.seed,
            "width": wide,
            "height": high,
            "batch_size": request.count,
            "n_iter": 1,
            "force_task_id": job,
            "save_images": False,
            "send_images": True,
        }
        for name in ("steps", "sampler_name", "scheduler"):
            if name in self.settings.fields:
                fields[name] = self.settings.fields[name]
        for one in request.of_role("edit"):
            fields |= {
                "init_images": [_packed(one)],
                "denoising_strength": round(request.strength, 3),
                "resize_mode": 1,
            }
        for one in request.of_role("mask"):
            # Of a picture that is transparent somewhere it takes the transparency as the mask: what is to
            # change is transparent in ours, and what is not in theirs.
            fields |= {
                "mask": _packed(one),
                "inpainting_mask_invert": 1,
                "inpainting_fill": 1,
                "inpaint_full_res": False,
                "mask_blur": 4,
                # The mask and its picture are stretched alike.
                "resize_mode": 0,
            }
        return fields

    async def _controls(self, request: PictureRequest, key: str) -> dict[str, Any]:
        units: list[dict[str, Any]] = []
        for role in ("line", "depth"):
            for one in request.of_role(role):
                module, patterns = _CONTROLS[role]
                units.append(
                    {
                        "enabled": True,
                        "image": _packed(one),
                        "module": module,
                        "model": await self._control_model(role, patterns, key),
                        "weight": 0.8,
                        # No `resize_mode`: it is cropped where nothing is said, and "Crop and Resize" would
                        # have the gate ask whether Crop is a name.
                        "control_mode": "Balanced",
                        "pixel_perfect": True,
                    }
                )
        return {"alwayson_scripts": {"ControlNet": {"args": units}}} if units else {}

    async def _control_model(self, role: str, patterns: Iterable[str], key: str) -> str:
        named = self.settings.fields.get(f"{role}_model")
        if isinstance(named, str):
            return named
        told = await self._looked("control-models", key=key)
        listed = told.get("model_list") if isinstance(told, dict) else None
        installed = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        for pattern in patterns:
            for one in installed:
                if fnmatchcase(one.lower(), pattern):
                    return one
        raise self._cannot(
            f"has no ControlNet model for {role} that is known by its name.",
            f"Install one there, or name it as {role}_model among the host's fields in backends.toml.",
        )

    async def _answer(self, call: Call) -> list[str]:
        """The pictures, as they came."""
        document = await self._document(await self._door.send(call), LONGEST_DRAWN)
        images: Any = document.get("images") if isinstance(document, dict) else None
        if not isinstance(images, list) or not images:
            raise trouble("malformed", self.host, "no picture")
        return [str(one) for one in images[_first(document) :]]

    async def _how_far(self, job: str, preview: str, key: str) -> tuple[PictureProgress | None, str]:
        """What it says of our task, and the number of the preview that came with it."""
        shape, values = ("progress-on", (job, preview)) if preview else ("progress", (job,))
        try:
            told = await self._document(
                await self._door.follow(FollowUp(shape=shape, values=values, key=key)), 2 * _LONGEST_PREVIEW
            )
        except StudioError as error:
            # One that serves the API alone does not say it, and the pictures come all the same.
            log.info("%s: no progress: %s", self.host, error.message)
            return None, preview
        if not isinstance(told, dict):
            return None, preview
        number = told.get("id_live_preview")
        seen = str(number) if isinstance(number, int) and number >= 0 else preview
        if told.get("queued") is True:
            return PictureProgress(index=0, step="waits in the line there"), seen
        share: Any = told.get("progress")
        if told.get("active") is not True or not isinstance(share, (int, float)):
            return None, seen
        picture = _PREVIEW.fullmatch(str(told.get("live_preview") or ""))
        rough = _unpacked(picture[1]) if picture and len(picture[1]) <= _LONGEST_PREVIEW else b""
        share = min(1.0, max(0.0, float(share)))
        return PictureProgress(index=0, share=share, preview=rough, step=f"{share:.0%}"), seen


def _first(document: Mapping[str, Any]) -> int:
    """How many pictures stand before the first: a sheet of all of them, where somebody has set that up."""
    try:
        told: Any = json.loads(document.get("info") or "{}")
    except (ValueError, TypeError, RecursionError):
        return 0
    first = told.get("index_of_first_image") if isinstance(told, dict) else None
    return first if isinstance(first, int) and 0 <= first <= 1 else 0


def _packed(picture: ReferencePicture) -> str:
    return base64.b64encode(picture.data).decode()


def _unpacked(packed: str) -> bytes:
    if len(packed) > MOST_BYTES * 4 // 3 + 4:
        return b""
    try:
        return base64.b64decode(packed, validate=True)
    except (ValueError, binascii.Error):
        # What it is instead of a picture is said where it is read.
        return b"none"


def _stem(model: str) -> str:
    """A model's name without its folder, ending and hash."""
    return PurePosixPath(model.split(" [")[0].replace("\\", "/")).stem.casefold()


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[PictureBackend]:
    for settings in config.hosts:
        if settings.type == "a1111":
            yield WebUI(settings, config.transport, config.key_of)
