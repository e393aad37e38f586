"""Of the pictures in a body each was checked as it stands there, or the body does not leave."""

from __future__ import annotations

import base64
import gzip
import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from studio_assist.domain.errors import Refusal
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import sha256_of
from studio_assist.gate.body_pictures import MOST_BODY, judged_pictures, mask_of, pictures_in, require_size
from studio_assist.gate.findings import Action
from studio_assist.gate.form_parts import form_fields, form_parts
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.pictures import cleaned
from tests.gate.gate_names import LEXICON
from tests.gate.picture_files import board, chunk, saved

INSPECTOR = Inspector(LEXICON)
KIND = "multipart/form-data; boundary=b"
JSON = "application/json"

CLEAN = cleaned(saved(board(), "PNG"), "a.png")
SECOND = cleaned(saved(board((200, 120)), "PNG"), "b.png", number=2, format="jpeg")
CHECKED = {
    one.sha256: PictureCheck(one, may_leave=True, sensitivity=Sensitivity.CONFIDENTIAL)
    for one in (CLEAN, SECOND)
}
PACKED = base64.b64encode(CLEAN.data).decode()
URL = f"data:image/png;base64,{PACKED}"


def part(name: str, data: bytes, file: str = "", kind: str = "image/png") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"'
    head += f'; filename="{file}"\r\nContent-Type: {kind}' if file else ""
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


def document(value: object) -> bytes:
    return json.dumps(value).encode()


def is_clean(body: bytes, kind: str = JSON) -> bool:
    found = judged_pictures(body, kind, CHECKED)
    assert found.count
    assert found.all_clean == (not found.troubles)
    return found.all_clean


# Where a picture may stand ------------------------------------------------------------------------------

SHAPES: dict[str, Any] = {
    "OpenAI chat": {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": URL}}]}]},
    "OpenAI responses": {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": URL}]}]},
    "Anthropic": {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PACKED}}
                ],
            }
        ]
    },
    "Automatic1111": {"prompt": "a lamp", "init_images": [PACKED], "alwayson_scripts": {"ControlNet": {"args": [{"image": PACKED}]}}},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_checked_picture_is_clean_in_every_shape_that_hosts_speak(shape: Any) -> None:
    body = document(shape)
    found = judged_pictures(body, JSON, CHECKED)
    assert found.all_clean
    assert found.count == body.count(PACKED.encode())
    # The text inspection gets the same document with nothing but the picture gone.
    assert found.body == body.replace(f'"{URL}"'.encode(), b'""').replace(f'"{PACKED}"'.encode(), b'""')
    assert json.loads(found.body).keys() == shape.keys()
    assert INSPECTOR.body(found.body, JSON).action is None


def test_a_form_with_checked_pictures_is_clean_and_its_words_are_still_looked_at() -> None:
    fields = part("model", b"gpt-image-2"), part("prompt", b"The lamp in image_1.png")
    files = (
        part("image[]", CLEAN.data, CLEAN.name),
        part("image[]", SECOND.data, SECOND.name, SECOND.media_type),
    )
    found = judged_pictures(form(*fields, *files), KIND, CHECKED)
    assert (found.count, found.all_clean) == (2, True)
    assert [check.picture for check in found.checks] == [CLEAN, SECOND]
    assert found.body == form(
        *fields, part("image[]", b"", CLEAN.name), part("image[]", b"", SECOND.name, "image/jpeg")
    )
    assert INSPECTOR.body(found.body, KIND).action is None
    assert form_fields(form(*fields, *files), KIND) == {
        "model": "gpt-image-2", "prompt": "The lamp in image_1.png", "image[]": ["image_1.png", "image_2.jpg"],
    }  # fmt: skip
    named = judged_pictures(form(part("prompt", b"Maya waits"), *files), KIND, CHECKED)
    assert named.all_clean
    assert INSPECTOR.body(named.body, KIND).action is Action.BLOCKED


def test_what_comfyui_takes_as_an_upload_is_clean() -> None:
    body = form(part("image", CLEAN.data, CLEAN.name), part("type", b"input"), part("overwrite", b"true"))
    assert is_clean(body, KIND)
    assert is_clean(CLEAN.data, "image/png")
    assert judged_pictures(CLEAN.data, "image/png", CHECKED).body == b""


def test_a_body_without_pictures_is_left_as_it_is() -> None:
    for body, kind in (
        (document({"model": "gpt-5", "input": "BMW, at night. data: none. An image/png file?"}), JSON),
        (form(part("prompt", b"BMW drives by the lighthouse, its lamp is out and nobody is at home.")), KIND),
        (b"", ""),
        (b"plain words", "text/plain"),
    ):
        found = judged_pictures(body, kind, CHECKED)
        assert (found.count, found.all_clean, found.body) == (0, True, body)


# Leaks --------------------------------------------------------------------------------------------------


def _exif(data: bytes) -> bytes:
    tags = Image.Exif()
    tags[0x010E] = "Maya"
    with Image.open(io.BytesIO(data)) as image:
        return saved(image, "PNG", exif=tags)


def _alpha(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        image.putalpha(200)
        return saved(image, "PNG")


def _frames(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return saved(image.copy(), "PNG", save_all=True, append_images=[board()])


def _zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("script.fountain", "MAYA waits.")
    return data + out.getvalue()


CHANGED: dict[str, Callable[[bytes], bytes]] = {
    "one that nobody checked": lambda _data: saved(board((64, 64)), "PNG"),
    "tags put back": _exif,
    "a text chunk": lambda data: data[:33] + chunk(b"tEXt", b"Comment\0Maya") + data[33:],
    "transparency": _alpha,
    "later frames": _frames,
    "bytes behind": lambda data: data + b"Maya",
    "a zip behind": _zip,
    "a zip": lambda _data: _zip(b""),
    "a PDF": lambda _data: b"%PDF-1.7\n1 0 obj <</Title (Maya)>> endobj",
    "an SVG": lambda _data: b'<svg xmlns="http://www.w3.org/2000/svg"><text>Maya</text></svg>',
    "a GIF": lambda _data: saved(board((16, 16)), "GIF"),
    "half of it": lambda data: data[:-20],
    "nothing": lambda _data: b"",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_picture_that_is_not_byte_for_byte_the_checked_one_stays_here(
    change: Callable[[bytes], bytes],
) -> None:
    data = change(CLEAN.data)
    packed = base64.b64encode(data).decode()
    assert not is_clean(form(part("image", data, "image_1.png")), KIND)
    assert not is_clean(document({"type": "input_image", "image_url": f"data:image/png;base64,{packed}"}))
    assert not is_clean(document({"type": "image", "source": {"type": "base64", "data": packed}}))
    assert not is_clean(data, "image/png")


def test_a_checked_picture_that_may_not_leave_does_not() -> None:
    no = {CLEAN.sha256: replace(CHECKED[CLEAN.sha256], may_leave=False)}
    found = judged_pictures(document({"image": PACKED}), JSON, no)
    assert (found.count, found.all_clean, found.body) == (1, False, document({"image": PACKED}))
    assert not judged_pictures(document({"image": PACKED}), JSON, {}).all_clean
    # Nor does one that holds more than its pixels, whoever says that it was checked.
    tagged = _exif(CLEAN.data)
    said = {sha256_of(tagged): CHECKED[CLEAN.sha256]}
    assert not judged_pictures(form(part("image", tagged, CLEAN.name)), KIND, said).all_clean


ASTRAY: dict[str, tuple[bytes, str]] = {
    "among words": (document({"prompt": f"Look: {PACKED}"}), JSON),
    "a data URL among words": (document({"prompt": f"![x]({URL})"}), JSON),
    "as a key": (document({PACKED: 1}), JSON),
    "as a key and a value": (document({PACKED: PACKED}), JSON),
    "in a document in a string": (document({"x": json.dumps({"image": URL})}), JSON),
    "with a name in its data URL": (document({"image": URL.replace("png;", "png;name=maya;")}), JSON),
    "as another kind": (document({"image": URL.replace("png;", "jpeg;")}), JSON),
    "written in escapes": (document({"image": URL}).replace(b"/", b"\\/"), JSON),
    "as a film": (document({"video": "data:video/mp4;base64,AAAA"}), JSON),
    "as an address": (document({"type": "image_url", "image_url": {"url": "https://example.com/maya.png"}}), JSON),
    "as an address alone": (document({"init_image": "https://example.com/maya.png"}), JSON),
    "as a file kept there": (document({"content": [{"type": "input_image", "file_id": "file-123"}]}), JSON),
    "as a document": (document({"content": [{"type": "document", "source": {"type": "text", "data": "x"}}]}), JSON),
    "in a field of words": (form(part("prompt", PACKED.encode())), KIND),
    "as bytes in a field": (form(part("prompt", CLEAN.data)), KIND),
    "by its name": (form(part("image", CLEAN.data, "14C_maya.png")), KIND),
    "twice by one name": (form(*[part("image[]", CLEAN.data, CLEAN.name)] * 2), KIND),
    "with another kind": (form(part("image", CLEAN.data, CLEAN.name, "application/json")), KIND),
    "in a form with a preamble": (b"Maya\r\n" + form(part("image", CLEAN.data, CLEAN.name)), KIND),
    "in a form with more behind": (form(part("image", CLEAN.data, CLEAN.name)) + b"Maya", KIND),
    "with a header more": (
        form(part("image", CLEAN.data, CLEAN.name).replace(b"\r\n\r\n", b"\r\nX-Note: maya\r\n\r\n", 1)), KIND
    ),
    "with two file names": (
        form(part("image", CLEAN.data, CLEAN.name).replace(b"\r\nContent-T", b"; filename*=maya\r\nContent-T", 1)), KIND
    ),
    "under another's ending": (form(part("image", CLEAN.data, "image_1.jpg")), KIND),
    "as a JPEG": (form(part("image", CLEAN.data, "image_1.jpg", "image/jpeg")), KIND),
    "in a document in a form": (form(part("prompt", document({"image": PACKED}))), KIND),
    "without a file name": (
        form(part("image", CLEAN.data, CLEAN.name).replace(b'; filename="image_1.png"', b"")), KIND
    ),
    "in a form in a form": (form(part("image", CLEAN.data, CLEAN.name, "multipart/mixed")), KIND),
    "with a quoted boundary": (form(part("image", CLEAN.data, CLEAN.name)), 'multipart/form-data; boundary="b"'),
    "with a charset": (CLEAN.data, "image/png; name=maya"),
    "too many": (document([PACKED] * 40), JSON),
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), ASTRAY.values(), ids=ASTRAY)
def test_even_a_checked_picture_stays_here_where_it_does_not_belong(body: bytes, kind: str) -> None:
    assert not is_clean(body, kind)


def test_the_last_letter_of_base64_has_no_room_for_bits() -> None:
    tried = 0
    for more in range(6):
        picture = cleaned(saved(board((64 + 16 * more, 48)), "PNG"), "a.png")
        packed = base64.b64encode(picture.data).decode()
        over = packed.count("=")
        if not over:
            continue
        tried += 1
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        bare = packed.rstrip("=")
        other = bare[:-1] + letters[letters.index(bare[-1]) + 1] + "=" * over
        assert base64.b64decode(other) == picture.data
        check = {picture.sha256: replace(CHECKED[CLEAN.sha256], picture=picture)}
        assert judged_pictures(document({"image": packed}), JSON, check).all_clean
        assert not judged_pictures(document({"image": other}), JSON, check).all_clean
        assert not judged_pictures(document({"image": packed.rstrip("=")}), JSON, check).all_clean
    assert tried


@pytest.mark.parametrize(
    "hide",
    [
        lambda data: data.hex(),
        lambda data: base64.b85encode(data).decode(),
        lambda data: base64.b64encode(gzip.compress(data)).decode(),
        lambda data: base64.b64encode(base64.b64encode(data)).decode(),
        lambda data: base64.b64encode(_zip(b"")[:0] + b"x" + data).decode()[1:],
        lambda data: base64.urlsafe_b64encode(data).decode(),
    ],
    ids=["hexadecimal", "base85", "gzip", "base64 twice", "base64 out of step", "base64 for addresses"],
)
def test_a_picture_in_another_writing_is_found_here_or_refused_by_the_inspection(
    hide: Callable[[bytes], str],
) -> None:
    small = saved(board((24, 16)), "PNG")
    body = document({"prompt": hide(small)})
    found = judged_pictures(body, JSON, CHECKED)
    assert not found.all_clean or INSPECTOR.body(found.body, JSON).action in (Action.BLOCKED, Action.HOLD)


def test_a_mask_is_made_from_a_checked_picture_and_no_other() -> None:
    drawn = Image.new("RGB", (96, 64), "black")
    drawn.paste("white", (20, 20, 60, 50))
    shape = cleaned(saved(drawn, "PNG"), "mask.png", number=2)
    checked = {**CHECKED, shape.sha256: replace(CHECKED[CLEAN.sha256], picture=shape)}
    mask = mask_of(shape.data)
    with Image.open(io.BytesIO(mask)) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((30, 30)) == (0, 0, 0, 0)
        assert image.getpixel((5, 5)) == (0, 0, 0, 255)
    image_part = part("image", CLEAN.data, CLEAN.name)
    good = judged_pictures(form(image_part, part("mask", mask, "image_2.png")), KIND, checked)
    assert (good.count, good.all_clean) == (2, True)
    # The same bytes are no picture to look at, and another mask is not this one.
    assert not judged_pictures(form(part("image", mask, "image_2.png")), KIND, checked).all_clean
    drawn.paste("white", (0, 0, 4, 4))
    other = mask_of(saved(drawn, "PNG"))
    assert not judged_pictures(form(image_part, part("mask", other, "image_2.png")), KIND, checked).all_clean


# Bounds -------------------------------------------------------------------------------------------------


def test_a_body_that_nobody_can_look_through_does_not_leave() -> None:
    require_size(bytes(MOST_BODY))
    with pytest.raises(Refusal) as refused:
        require_size(bytes(MOST_BODY + 1))
    assert refused.value.rule == "size"
    assert refused.value.remedy


def test_a_large_body_is_looked_through_in_time() -> None:
    noise = [base64.b64encode(bytes([number]) + b"\x89PNG" * 500_000).decode() for number in range(4)]
    began = time.process_time()
    judged_pictures(document({"image": [PACKED] * 20, "x": noise}), JSON, CHECKED)
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "body",
    [b"", b"--b", b"--b--\r\n", b"--b\r\n\r\n\r\n--b--", part("x", b"1"), form(part("x", b"\r\n--bad\r\n")), form(*[part("x", b"")] * 70), b"Maya!" + form(part("x", b"1"))[5:], form(part("x", b"1"), part("y", b"1")).replace(b"1\r\n--b\r\n", b"1\r\n--b\t\t")],
)  # fmt: skip
def test_a_form_is_read_in_one_way_or_in_none(body: bytes) -> None:
    assert form_parts(body, KIND) is None
    assert not is_clean(body, KIND)


def test_the_fields_of_a_form_are_those_that_every_server_reads() -> None:
    assert form_fields(form(part("n", b"1"), part("n", b"2")), KIND) is None
    assert form_fields(form(part("n", b"\xff")), KIND) is None
    assert form_fields(form(part("n", b"")), KIND) == {"n": ""}
    assert pictures_in(form(part("n", b"1")), KIND) == ()
