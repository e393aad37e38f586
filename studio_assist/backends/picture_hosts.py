"""What hosts that draw in several calls have in common: answers with a limit, and what may be wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.following import Following, FollowUp, following
from studio_assist.domain.generation import BackendInfo, Failed, HostSettings
from studio_assist.domain.pictures import PictureMade, PictureRequest, ReferencePicture
from studio_assist.domain.ports import Call, Reply, Transport

from .hosted import NO_KEY, HostError, KeyOf, Trouble, failed, info_of, key_for, trouble
from .openai_pictures import MOST_BYTES, picture_in

#: The longest answer that holds no picture, in bytes: a line of other people's graphs is long.
LONGEST_TOLD: Final = 16 * 2**20
#: The longest with pictures in it as base64.
LONGEST_DRAWN: Final = 256 * 2**20
_BOUNDARY: Final = "studio-assist-part"
_SAID: Final = 200


class DrawsAtHost:
    """What every one is made with."""

    def __init__(self, settings: HostSettings, transport: Transport, key_of: KeyOf) -> None:
        self.settings: Final = settings
        self.host: Final = settings.hostname
        self._door: Final[Following] = following(transport)
        self._key_of: Final = key_of
        self._base: Final = settings.url.rstrip("/")

    @property
    def info(self) -> BackendInfo:
        """As `PictureBackend.info`."""
        return info_of(self.settings, kinds=("pictures",))

    # for the kinds

    async def _key(self) -> str:
        key = await key_for(self.settings, self._key_of)
        return "" if key == NO_KEY else f"Bearer {key}"

    def _call(self, path: str, body: bytes, key: str, kind: str = "application/json") -> Call:
        headers = [("content-type", kind), ("accept", "application/json")]
        if key:
            headers.append(("authorization", key))
        return Call(method="POST", url=f"{self._base}{path}", headers=tuple(headers), body=body)

    async def _follow(self, shape: str, *values: str, key: str) -> Reply:
        return await self._door.follow(FollowUp(shape=shape, values=values, key=key))

    async def _told(self, shape: str, *values: str, key: str) -> Any:
        """The document that a follow-up is answered with. Raises `HostError` for any other answer."""
        return await self._document(await self._follow(shape, *values, key=key))

    async def _document(self, reply: Reply, most: int = LONGEST_TOLD) -> Any:
        raw = await whole(reply, self.host, most)
        if reply.status != 200:
            raise trouble(_BY_STATUS.get(reply.status, "other"), self.host, said(raw))
        try:
            # A large one takes a moment in which the broker has others to answer.
            return await asyncio.to_thread(json.loads, raw) if len(raw) > 500_000 else json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise trouble("malformed", self.host) from error

    async def _looked(self, shape: str, *values: str, key: str) -> Any:
        """The same, asked of a host on this machine before anything is sent; None where that may not be.

        Raises `Unavailable` where nobody answers: nobody need read a sheet for that.
        """
        try:
            return await self._told(shape, *values, key=key)
        except Refusal:
            # It is elsewhere, or somebody only wants to see what would be sent.
            return None
        except HostError:
            return None

    async def _made(
        self, data: bytes, index: int, ms: int, size: tuple[int, int] | None, host_id: str = ""
    ) -> PictureMade | Failed:
        """A picture, or what is wrong with the file that came instead.

        Args:
            size: what was asked for, or None where anything fits.
        """
        if not data:
            return failed(index, trouble("malformed", self.host, "an empty file"))
        try:
            picture = await asyncio.to_thread(picture_in, data)
        except ValueError:
            return failed(index, trouble("malformed", self.host, "what is no picture, or a broken one"))
        wide, high = picture.width_px, picture.height_px
        if size is not None and (wide, high) != size:
            what = f"a picture of {wide} × {high} where {size[0]} × {size[1]} was asked for"
            return failed(index, trouble("malformed", self.host, what))
        return PictureMade(
            index=index,
            data=picture.data,
            media_type=picture.media_type,
            width_px=wide,
            height_px=high,
            ms=ms,
            host_id=host_id,
        )

    def _cannot(self, what: str, remedy: str) -> BadInput:
        return BadInput(f"{self.host} {what}", remedy=remedy, place=self.settings.id)


#: What an answer's status means where the answer does not say it better.
_BY_STATUS: Final[Mapping[int, Trouble]] = {
    400: "refused",
    401: "key",
    403: "key",
    404: "missing",
    405: "missing",
    413: "refused",
    422: "refused",
    429: "quota",
}


def status_trouble(reply: Reply, host: str, raw: bytes) -> HostError:
    """The error for an answer that is none of the good ones."""
    return trouble(_BY_STATUS.get(reply.status, "other"), host, said(raw))


async def whole(reply: Reply, host: str, most: int) -> bytes:
    """All of an answer. Raises `HostError` for one that is longer than any that is meant."""
    read = bytearray()
    async with aclosing(reply.body) as pieces:
        async for piece in pieces:
            read += piece
            if len(read) > most:
                raise trouble("malformed", host, f"more than {most >> 20} MB")
    return bytes(read)


async def picture_bytes(reply: Reply, host: str) -> bytes:
    """The file that an answer is."""
    raw = await whole(reply, host, MOST_BYTES)
    if reply.status != 200:
        raise status_trouble(reply, host, b"")
    return raw


def said(raw: bytes) -> str:
    """The host's own words for what is wrong, on one short line; "" where it has none."""
    try:
        document: Any = json.loads(raw[:100_000])
    except (ValueError, RecursionError):
        return ""
    for name in ("message", "errors", "error", "detail"):
        found = document.get(name) if isinstance(document, dict) else None
        if isinstance(found, dict):
            found = found.get("message")
        if isinstance(found, str) and found:
            return short(found)
    return ""


def short(text: str) -> str:
    """A stranger's text as one line."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= _SAID else f"{line[: _SAID - 1]}…"


def form(fields: Sequence[tuple[str, str]], picture: ReferencePicture, part: str) -> tuple[bytes, str]:
    """A multipart form with one picture, and its content type; the same bytes for the same form."""
    number = 0
    while True:
        edge = f"{_BOUNDARY}-{number}" if number else _BOUNDARY
        if edge.encode() not in picture.data:
            break
        number += 1
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{part}"; filename="{picture.name}"\r\n'
        f"Content-Type: {picture.media_type}\r\n\r\n"
    )
    rest = "".join(
        f'\r\n--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in fields
    )
    body = head.encode() + picture.data + rest.encode() + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"


def compact(document: Mapping[str, Any]) -> bytes:
    """A document as JSON: the same bytes for the same document."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def one_each(request: PictureRequest, *roles: str) -> bool:
    """Whether only pictures of these roles go along, and each role once at most."""
    carried = [one.role for one in request.references]
    return set(carried) <= set(roles) and len(set(carried)) == len(carried)
