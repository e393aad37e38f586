"""The pictures in the bytes that would leave: each one found, and each one that was checked, or no sending.

A picture is clean where its bytes are those that `picture_check` passed and nothing else is about it: a file
of its own with a neutral name in a form, a whole string of a JSON document as canonical base64 or data URL,
or the whole body. Everything else that is a picture, says so, or stands where one belongs is not clean: words
around it, a key, an address for the host to fetch, a file of another kind.

The text inspection gets the body with exactly the clean bytes cut out, for compressed pixels are noise to it.
What is cut is a checked picture letter for letter, so nothing can hide in the cut; and whatever picture is
found in the rest, in hexadecimal, in a zip, behind four layers, is refused there (`looking`).
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from studio_assist.domain.errors import Refusal
from studio_assist.domain.values import Sha256, sha256_of
from studio_assist.gate.bodies import Field, fields_of
from studio_assist.gate.containers import is_picture
from studio_assist.gate.form_parts import form_parts, is_form
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.pictures import bare_kind

#: The longest body in bytes: sixteen pictures of 1024 pixels as PNG have 48 MB at their worst, and base64
#: makes 64 of them. What is longer nobody looks through in the sheet either.
MOST_BODY: Final = 64 * 2**20
#: More pictures than any request of ours has; more are not looked at and not clean.
MOST_PICTURES: Final = 32
SIZE_RULE: Final = "size"

_NEUTRAL: Final = re.compile(r"image_[1-9][0-9]?\.(png|jpg)")
_DATA_URL: Final = re.compile(r"data:(image/png|image/jpeg);base64,([A-Za-z0-9+/]+={0,2})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
#: How base64 of a picture, a film, an SVG or a PDF begins.
_BEGINS: Final = re.compile(
    r"iVBORw0KG|/9j/[24]|R0lGOD[dl]|UklGR|SUkqA|TU0AK|JVBERi0|PHN2Z|PD94b|AAAA[A-P][GWm2]Z0eX"
)
_ANY_DATA_URL: Final = re.compile(r"data:\s*(image|video|audio|application|font)\s*/", re.IGNORECASE)
#: What an object calls itself where it holds a picture or a file (OpenAI, Anthropic).
_SLOTS: Final = re.compile(r"(^|\.)type$")
#: Where an address would have the host fetch a picture.
_PICTURE_FIELD: Final = re.compile(r"(image|mask|picture)[a-z_]*(\[\d+\])?(\.url)?$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\s*(https?|ftp|file|s3|gs|blob)\s*:", re.IGNORECASE)
_SLOT_KINDS: Final = frozenset({"image", "image_url", "input_image", "input_file", "file", "document"})


#: Where a mask stands: OpenAI's part and the web UI's field, and stable-diffusion.cpp's, which wants greys.
_MASKS: Final = frozenset({"mask", "mask_image"})


class FoundPicture(NamedTuple):
    """A picture in a body.

    Attributes:
        where: as a person reads it: "image[]", "messages[0].content[1].image_url.url".
        data: the file; b"" where it is somewhere else, or cannot be read out.
        alone: nothing stands about it that has not to; it can be clean.
        written: the stretch of the body that is this picture, as (start, end); for JSON the string with its
            quotes is looked for instead, and this is None.
    """

    where: str
    data: bytes
    sha256: Sha256
    alone: bool
    written: tuple[int, int] | bytes | None = None


@dataclass(frozen=True, slots=True)
class JudgedPictures:
    """What was found.

    Attributes:
        count, all_clean: for `Case.pictures`, `Case.pictures_clean`.
        body: for the text inspection, under the same content type.
        checks: of the clean ones, in the order of the body, for the sheet and the request's class.
        troubles: where the others stand, for the sheet.
    """

    count: int
    all_clean: bool
    body: bytes
    checks: tuple[PictureCheck, ...] = ()
    troubles: tuple[str, ...] = ()


def require_size(body: bytes) -> None:
    """Raises `Refusal` for a body that is longer than anybody looks through."""
    if len(body) > MOST_BODY:
        raise Refusal(
            f"The request is longer than {MOST_BODY >> 20} MB. Nothing was sent.",
            remedy="Leave some of the pictures out, or make them smaller.",
            rule=SIZE_RULE,
        )


def judged_pictures(body: bytes, content_type: str, checked: Mapping[Sha256, PictureCheck]) -> JudgedPictures:
    """Whether every picture of a body may leave, and the body without those that may.

    Takes about 0.1 s a megabyte; run it off the event loop.

    Args:
        content_type: the header as it would be sent.
        checked: what was checked for this request, by the hash of the file.
    """
    require_size(body)
    found = pictures_in(body, content_type)
    masks: dict[bool, dict[Sha256, PictureCheck]] = {}
    cuts: list[tuple[int, int] | bytes] = []
    checks: list[PictureCheck] = []
    troubles: list[str] = []
    for one in found:
        check = checked.get(one.sha256)
        if check is None and one.data and (one.where in _MASKS or _goes_up(body, content_type)):
            grey = one.where == "mask_image"
            if grey not in masks:
                made = grey_mask_of if grey else mask_of
                masks[grey] = {sha256_of(made(each.picture.data)): each for each in checked.values()}
            check = masks[grey].get(one.sha256)
        elif check is not None and bare_kind(one.data) is None:
            check = None
        if check is None or not check.may_leave or not one.alone or one.written is None:
            troubles.append(one.where)
        else:
            cuts.append(one.written)
            checks.append(check)
    if len(found) > MOST_PICTURES:
        return JudgedPictures(len(found), False, body, (), tuple(troubles) or ("body",))
    return JudgedPictures(len(found), not troubles, _without(body, cuts), tuple(checks), tuple(troubles))


def pictures_in(body: bytes, content_type: str) -> tuple[FoundPicture, ...]:
    """Every picture of a body, clean or not, and every place where one should be. At most one too many."""
    found: list[FoundPicture] = []
    for one in _found(body, content_type):
        found.append(one)
        if len(found) > MOST_PICTURES:
            break
    return tuple(found)


def mask_of(picture: bytes) -> bytes:
    """The mask that a drawn one stands for: white may change and becomes transparent, black stays.

    The mask itself cannot be checked, for what checks looks at colours and it has none. So the drawn picture
    is cleaned and checked, and the mask is made from it, here and again where the body is judged.

    Args:
        picture: a checked PNG: a mask in black and white as a picture.
    """
    with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as drawn:
        light = np.asarray(drawn.convert("L"))
    pixels = np.zeros((*light.shape, 4), dtype=np.uint8)
    pixels[..., 3] = np.where(light >= 128, 0, 255)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=6)
    return out.getvalue()


def grey_mask_of(picture: bytes) -> bytes:
    """The same for servers that look at light and not at transparency: white may change, black stays."""
    with Image.open(io.BytesIO(mask_of(picture)), formats=("PNG",)) as mask:
        alpha = np.asarray(mask)[..., 3]
    out = io.BytesIO()
    Image.fromarray(255 - alpha).save(out, "PNG", compress_level=6)
    return out.getvalue()


# Where pictures stand -----------------------------------------------------------------------------------


def _found(body: bytes, content_type: str) -> Iterator[FoundPicture]:
    kind = content_type.partition(";")[0].strip().lower()
    if is_form(content_type):
        yield from _in_form(body, content_type)
    elif kind.startswith("image/"):
        alone = content_type == f"image/{bare_kind(body)}"
        yield FoundPicture("body", body, sha256_of(body), alone, (0, len(body)))
    else:
        yield from _in_fields(fields_of(body, content_type), body)


def _in_form(body: bytes, content_type: str) -> Iterator[FoundPicture]:
    parts = form_parts(body, content_type)
    if parts is None:
        yield FoundPicture("a form that can be read in more than one way", b"", sha256_of(b""), False)
        return
    names = [part.file for part in parts if part.file]
    for part in parts:
        data = body[part.start : part.end]
        if part.file:
            neutral = _NEUTRAL.fullmatch(part.file)
            fits = neutral and part.media_type == ("image/png" if neutral[1] == "png" else "image/jpeg")
            says = b"\x89PNG" if part.media_type == "image/png" else b"\xff\xd8\xff"
            alone = bool(fits) and data.startswith(says) and names.count(part.file) == 1
            yield FoundPicture(part.name, data, sha256_of(data), alone, (part.start, part.end))
        else:
            # A field of a form is words; a picture in it is in the wrong place, whatever it is written in.
            # Looked for in no body, so that none is clean.
            yield from _in_fields(fields_of(data, "text/plain", part.name), b"")


def _in_fields(fields: list[Field], body: bytes) -> Iterator[FoundPicture]:
    filled: list[str] = []
    slots: list[str] = []
    for field in fields:
        if isinstance(field.content, bytes):
            if is_picture(field.content):
                yield FoundPicture(field.where, field.content, sha256_of(field.content), False)
            continue
        if field.content in _SLOT_KINDS and _SLOTS.search(field.where) and not field.is_key:
            slots.append(field.where[: -len("type")])
        for one in _in_text(field, body):
            filled.append(one.where)
            yield one
    for slot in slots:
        # `{"type": "image", "source": {"type": "url", …}}`: the host would fetch it, or has it already.
        if not any(where.startswith(slot) for where in filled):
            yield FoundPicture(f"{slot}type", b"", sha256_of(b""), False)


def _in_text(field: Field, body: bytes) -> Iterator[FoundPicture]:
    assert isinstance(field.content, str)
    text = field.content
    url = _DATA_URL.fullmatch(text)
    packed = url[2] if url else text
    if len(text) >= 40 and (url or (_BASE64.fullmatch(text) and _BEGINS.match(text))):
        data = _unpacked(packed)
        written = b'"' + text.encode() + b'"'
        kind = None if url is None else url[1].encode()
        fits = kind in (None, b"image/png" if data.startswith(b"\x89PNG") else b"image/jpeg")
        alone = bool(data) and fits and not field.is_key and written in body
        yield FoundPicture(field.where, data, sha256_of(data), alone, written)
    elif _ANY_DATA_URL.search(text) or (_ADDRESS.match(text) and _PICTURE_FIELD.search(field.where)):
        yield FoundPicture(field.where, b"", sha256_of(b""), False)
    elif len(text) >= 40:
        for match in _BEGINS.finditer(text):
            run = _BASE64.match(text, match.start())
            data = _unpacked(run[0], loosely=True) if run else b""
            if data:
                yield FoundPicture(field.where, data, sha256_of(data), False)


def _goes_up(body: bytes, content_type: str) -> bool:
    """Whether it is ComfyUI's form of one upload: it takes masks by themselves, as it does images."""
    parts = form_parts(body, content_type) if is_form(content_type) else None
    return parts is not None and [part.name for part in parts] == ["image", "type", "subfolder"]


def _unpacked(packed: str, *, loosely: bool = False) -> bytes:
    """The bytes of canonical base64; b"" for one whose last letter has room for bits of its own."""
    bare = packed.rstrip("=")
    if loosely:
        packed = bare[: len(bare) - (len(bare) % 4 == 1)]
        packed += "=" * (-len(packed) % 4)
    try:
        data = base64.b64decode(packed, validate=True)
    except (ValueError, binascii.Error):
        return b""
    if loosely:
        return data
    return data if base64.b64encode(data) == packed.encode() else b""


def _without(body: bytes, cuts: list[tuple[int, int] | bytes]) -> bytes:
    """A body without these stretches; strings of JSON stay as empty strings."""
    places = sorted(cut for cut in cuts if isinstance(cut, tuple))
    pieces: list[bytes] = []
    at = 0
    for start, end in places:
        pieces.append(body[at:start])
        at = end
    left = b"".join((*pieces, body[at:]))
    for written in {cut for cut in cuts if isinstance(cut, bytes)}:
        left = left.replace(written, b'""')
    return left
