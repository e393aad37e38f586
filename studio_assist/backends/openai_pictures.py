"""Pictures by OpenAI's API (images: generate and edit) and by servers that speak it, through its own SDK.

A host of type `openai-pictures` or `openai-compatible-pictures` is one that draws: a type of its own, for a
model's name does not say what it does, and an account is attested for one endpoint and not for the other.

Pictures come as base64 in the answer and in no other way: an address would have to be fetched, from a host
that nobody has judged, and would leave the picture lying there. The models that only draw answer so by
themselves and refuse to be asked for it; of other servers it is asked for.

One picture alone comes as a stream with rough ones before it, where the model has them. Several come from one
call and without: which of them a rough one is of, nobody says. A call's multipart boundary is ours and not a
random one, so that the same request is the same bytes.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import json
import math
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, Final, NamedTuple

from PIL import Image, ImageFile

from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.pictures import (
    MOST_REFERENCES,
    MediaType,
    PictureBackend,
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    PictureSkills,
)

from .hookspec import BackendConfig, hookimpl
from .hosted import HostError, failed, info_of, settled, trouble
from .openai_text import OnHost, by_code
from .sse import server_events

#: Models that draw and do nothing else: they answer in base64 always, and refuse `response_format`.
_DRAWS_ONLY: Final = re.compile(r"^(gpt-image|chatgpt-image)")
#: Those that know three sizes. Later ones take any whose sides divide by 16 (OpenAI's reference, 2026-10).
_THREE_SIZES: Final = re.compile(r"^(gpt-image-1|chatgpt-image)")
_SIZES: Final = ((1024, 1024), (1536, 1024), (1024, 1536))
_STEP_PX: Final = 16

#: One picture as a file, in bytes: 4K of pure noise as PNG is 25 million.
MOST_BYTES: Final = 32 * 2**20
#: A whole answer, in bytes.
MOST_ANSWER: Final = 256 * 2**20
#: The most that is looked at of one picture: 4096 × 4096 pixels. 4K is half of it.
MOST_PIXELS: Final = 2**24
#: A JPEG of many passes over its picture takes minutes to read; ordinary ones have 10.
_MOST_PASSES: Final = 64
_LONGEST_PROMPT: Final = 8_000
#: How many rough pictures are asked for before the one that is wanted: each is paid for.
_ROUGH: Final = 2
_MEDIA: Final[Mapping[str, MediaType]] = {
    "PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"
}  # fmt: skip
_BOUNDARY: Final = "studio-assist-part"


class Picture(NamedTuple):
    """A file that holds one whole picture."""

    data: bytes
    media_type: MediaType
    width_px: int
    height_px: int


class OpenAIPictures(OnHost):
    """OpenAI's images."""

    @property
    def info(self) -> BackendInfo:
        """As `PictureBackend.info`."""
        return info_of(self.settings, kinds=("pictures",))

    @property
    def skills(self) -> PictureSkills:
        """As `PictureBackend.skills`."""
        progress = _DRAWS_ONLY.match(self.settings.model) is not None
        return PictureSkills(references=MOST_REFERENCES, edits=True, masks=True, progress=progress)

    def draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.draw`."""
        return settled(self._draw(request))

    async def collect(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        """As `PictureBackend.collect`: it gives a picture out once."""
        yield failed(None, trouble("lost", self.host))

    async def _draw(self, request: PictureRequest) -> AsyncGenerator[PictureEvent]:
        if request.negative:
            raise BadInput(
                f"{self.host} has no field for what to leave out.",
                remedy="Say it in the prompt itself.",
                place=self.settings.id,
            )
        began = time.monotonic()
        client = await self.client()
        try:
            calls = client.images.with_streaming_response
            asked = calls.edit if request.references else calls.generate
            async with asked(**self._fields(request)) as response:
                host_id = _host_id(response.headers.get("x-request-id", ""))
                kind = str(response.headers.get("content-type", ""))
                if kind.startswith("text/event-stream"):
                    found: list[object] = []
                    async with aclosing(_streamed(response.iter_bytes(), self.host)) as events:
                        async for event in events:
                            if isinstance(event, PictureProgress):
                                yield event
                            else:
                                found.append(event)
                else:
                    raw = await _read(response.iter_bytes(), self.host)
                    found = await asyncio.to_thread(_answers, raw, self.host)
            made = [await asyncio.to_thread(_made, one, self.host) for one in found[: request.count]]
        except Exception as error:
            raise self.explain(error) from error
        if not any(isinstance(one, tuple) for one in made):
            raise made[0] if made and isinstance(made[0], HostError) else trouble("malformed", self.host)
        ms = round((time.monotonic() - began) * 1000)
        for index in range(request.count):
            one = made[index] if index < len(made) else trouble("other", self.host, "it drew fewer pictures")
            if isinstance(one, HostError):
                yield failed(index, one)
                continue
            picture, revised = one
            yield PictureMade(
                index=index,
                data=picture.data,
                media_type=picture.media_type,
                width_px=picture.width_px,
                height_px=picture.height_px,
                ms=ms,
                revised_prompt=revised,
                host_id=host_id,
            )

    # internals

    def _fields(self, request: PictureRequest) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "model": self.settings.model,
            "prompt": request.prompt,
            "n": request.count,
            "size": self._size(request),
            "extra_body": self.extra() or None,
            **self._answered_as(request),
        }
        if not request.references:
            return fields
        # What is to be changed stands first; the rest in the order in which the prompt speaks of it.
        pictures = [
            (one.name, one.data, one.media_type)
            for one in (*request.of_role("edit"), *request.of_role("reference"))
        ]
        fields["image"] = pictures[0] if len(pictures) == 1 else pictures
        for mask in request.of_role("mask"):
            fields["mask"] = (mask.name, mask.data, mask.media_type)
        fields["extra_headers"] = {"Content-Type": f"multipart/form-data; boundary={_boundary(request)}"}
        return fields

    def _answered_as(self, request: PictureRequest) -> dict[str, Any]:
        if _DRAWS_ONLY.match(self.settings.model):
            rough = {"stream": True, "partial_images": _ROUGH} if request.count == 1 else {}
            return {"output_format": "png", **rough}
        return {"response_format": "b64_json"}

    def _size(self, request: PictureRequest) -> str:
        wide, high = request.width_px, request.height_px
        if _THREE_SIZES.match(self.settings.model):
            wide, high = min(
                _SIZES, key=lambda size: abs(math.log(size[0] / size[1]) - math.log(wide / high))
            )
        else:
            wide, high = (max(_STEP_PX, round(side / _STEP_PX) * _STEP_PX) for side in (wide, high))
        return f"{wide}x{high}"


class OpenAICompatiblePictures(OpenAIPictures):
    """Any host that speaks the same: stable-diffusion.cpp, LocalAI, vLLM."""


# The answer, which is a stranger's ----------------------------------------------------------------------


async def _read(pieces: AsyncIterator[bytes], host: str) -> bytes:
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        if len(whole) > MOST_ANSWER:
            raise trouble("malformed", host, f"more than {MOST_ANSWER >> 20} MB")
    return bytes(whole)


async def _streamed(
    pieces: AsyncIterator[bytes], host: str
) -> AsyncGenerator[PictureProgress | Mapping[str, object]]:
    """Rough pictures as they come, and at the end what is said of the one that was asked for.

    Raises `HostError` for a refusal inside the stream, and for a stream that ends without a picture.
    """
    done = False
    rough = 0
    async for event in server_events(pieces):
        if event.data == "[DONE]":
            break
        try:
            said: Any = await asyncio.to_thread(json.loads, event.data)
        except (ValueError, RecursionError) as error:
            raise trouble("malformed", host) from error
        fields: Mapping[str, object] = said if isinstance(said, dict) else {}
        kind = str(fields.get("type") or event.name)
        if kind == "error" or "error" in fields:
            about: Any = fields.get("error") or fields
            words = about if isinstance(about, dict) else {"message": str(about)}
            raise by_code(str(words.get("code")), str(words.get("message", "")), host)
        if kind.endswith(".partial_image"):
            rough += 1
            preview = await asyncio.to_thread(_rough, fields.get("b64_json"))
            share = min(1.0, rough / (_ROUGH + 1))
            yield PictureProgress(index=0, share=share, preview=preview, step=f"rough picture {rough}")
        elif kind.endswith(".completed"):
            done = True
            yield fields
    if not done:
        raise trouble("malformed", host, "the answer broke off")


def _rough(packed: object) -> bytes:
    """A rough picture that can be shown, or nothing."""
    if not isinstance(packed, str) or len(packed) > MOST_BYTES:
        return b""
    try:
        return picture_in(base64.b64decode(packed, validate=True)).data
    except (ValueError, binascii.Error):
        # The whole picture may still come.
        return b""


def _answers(raw: bytes, host: str) -> list[object]:
    try:
        document: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise trouble("malformed", host) from error
    found: object = document.get("data") if isinstance(document, dict) else None
    if not isinstance(found, list) or not found:
        raise trouble("malformed", host, "no picture")
    return found


def _made(one: object, host: str) -> tuple[Picture, str] | HostError:
    """One picture with the words that it was drawn from, or why it is none."""
    fields: Mapping[str, object] = one if isinstance(one, dict) else {}
    packed = fields.get("b64_json")
    if not isinstance(packed, str):
        said = "an address instead of a picture" if fields.get("url") else "no picture"
        return trouble("malformed", host, said)
    if len(packed) > MOST_BYTES * 4 // 3 + 4:
        return trouble("malformed", host, f"a picture of more than {MOST_BYTES >> 20} MB")
    try:
        picture = picture_in(base64.b64decode(packed, validate=True))
    except (ValueError, binascii.Error):
        return trouble("malformed", host, "what is no picture, or a broken one")
    revised = fields.get("revised_prompt")
    return picture, revised[:_LONGEST_PROMPT] if isinstance(revised, str) else ""


def picture_in(data: bytes) -> Picture:
    """The one picture that a stranger's file holds, read to its end; the file stays as it is.

    Takes up to a second and 64 MB of memory; run it off the event loop.

    Raises:
        ValueError: it holds none of a kind that is taken, or a broken, endless or many-framed one.
    """
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        raise RuntimeError("Pillow was told to read truncated pictures")
    if len(data) > MOST_BYTES:
        raise ValueError("too large")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MOST_PASSES:
        raise ValueError("too many passes")
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_MEDIA)) as image:
            wide, high = image.size
            if not 0 < wide * high <= MOST_PIXELS:
                raise ValueError("too many pixels")
            if image.format not in _MEDIA or getattr(image, "is_animated", False):
                raise ValueError("more than one picture")
            media = _MEDIA[image.format]
            image.load()
        with Image.open(io.BytesIO(data), formats=tuple(_MEDIA)) as image:
            image.verify()
    except ValueError:
        raise
    except Exception as error:
        # Pillow's readers end in anything from struct.error to AttributeError on files that are none.
        raise ValueError("no picture") from error
    return Picture(data, media, wide, high)


def _host_id(said: str) -> str:
    return said if re.fullmatch(r"[\x21-\x7e]{1,100}", said) else ""


def _boundary(request: PictureRequest) -> str:
    """A boundary that nothing of the request holds, the same for the same request."""
    number = 0
    texts = [request.prompt.encode(), *(one.data for one in request.references)]
    while True:
        boundary = f"{_BOUNDARY}-{number}" if number else _BOUNDARY
        if not any(boundary.encode() in text for text in texts):
            return boundary
        number += 1


_TYPES: Final[Mapping[str, type[OpenAIPictures]]] = {
    "openai-pictures": OpenAIPictures,
    "openai-compatible-pictures": OpenAICompatiblePictures,
}


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[PictureBackend]:
    for settings in config.hosts:
        kind = _TYPES.get(settings.type)
        if kind is not None:
            yield kind(settings, config.transport, config.key_of)
