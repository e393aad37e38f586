"""Backends that draw: a strict host, hosts that answer as badly as a host can, and what goes out to them."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import struct
import time
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from PIL import Image, ImageFile
from pydantic import ValidationError

from studio_assist.backends import openai_pictures
from studio_assist.backends.hookspec import BackendConfig
from studio_assist.backends.openai_pictures import OpenAICompatiblePictures, OpenAIPictures, picture_in
from studio_assist.backends.registry import Backends
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.generation import Failed, HostSettings, Prompt, TextRequest
from studio_assist.domain.pictures import (
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    ReferencePicture,
)
from studio_assist.domain.ports import ClosedDoor, Transport
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.body_pictures import judged_pictures, mask_of
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.form_parts import form_fields
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.pictures import cleaned
from studio_assist.gate.transport import Asking, SealedTransport, asking
from tests.fakes.images_host import ImagesHost, error, png
from tests.fakes.recorder import Answer, Recorder, http, recording

KINDS: dict[str, Any] = {
    "openai-pictures": OpenAIPictures,
    "openai-compatible-pictures": OpenAICompatiblePictures,
}
KEY = "sk-test-0123456789"


class Keeper:
    def __init__(self, approvals: Approvals, says_no: bool, sent: list[Envelope]) -> None:
        self.approvals, self.says_no, self.sent = approvals, says_no, sent

    async def review(self, who: Asking, envelope: Envelope) -> None:
        if self.says_no:
            raise Refusal("A person said no.", remedy="Ask again.", rule="person")
        self.approvals.give(envelope.sha256, who.request, PersonId("okafor-1"))

    async def require_keys(self, who: Asking, values: Iterable[str]) -> None: ...

    def trail(self, who: Asking) -> None:
        return None

    async def leaving(self, who: Asking, envelope: Envelope) -> None:
        self.sent.append(envelope)


@asynccontextmanager
async def door(says_no: bool, sent: list[Envelope] | None = None) -> AsyncGenerator[Transport]:
    approvals = Approvals(time.monotonic)
    transport = SealedTransport(
        Keeper(approvals, says_no, [] if sent is None else sent), approvals, silence_s=20.0
    )
    token = asking.set(Asking(RequestId("r1"), "own"))
    try:
        yield transport
    finally:
        asking.reset(token)
        await transport.close()


async def key_of(_backend: str) -> str | None:
    return KEY


def draws(
    answer: Callable[[bytes], Answer],
    request: PictureRequest,
    *,
    kind: str = "openai-pictures",
    model: str = "gpt-image-2",
    says_no: bool = False,
    times: int = 1,
    sent: list[Envelope] | None = None,
) -> tuple[Recorder, list[PictureEvent] | StudioError]:
    """What a host got, and what came of it."""

    async def run() -> tuple[Recorder, list[PictureEvent] | StudioError]:
        async with recording(answer) as server, door(says_no, sent) as transport:
            settings = HostSettings(id="own", type=kind, url=f"{server.url}/v1", model=model)
            events: list[PictureEvent] = []
            try:
                for _ in range(times):
                    async with aclosing(KINDS[kind](settings, transport, key_of).draw(request)) as stream:
                        events += [event async for event in stream]
            except StudioError as problem:
                return server, problem
            return server, events

    return asyncio.run(run())


def asks(count: int = 1, **more: Any) -> PictureRequest:
    return PictureRequest(prompt="A lamp on a table, seen from above.", count=count, **more)


def carried(number: int, role: Any, data: bytes | None = None) -> ReferencePicture:
    return ReferencePicture(
        data=data or png(colour=f"hsl({number * 40}, 50%, 50%)"), media_type="image/png", name=f"image_{number}.png", role=role
    )  # fmt: skip


# A host that keeps to the rules -------------------------------------------------------------------------


def test_pictures_arrive_as_files_and_nothing_but_what_was_asked_went_out() -> None:
    host = ImagesHost(
        data=lambda n: [{"b64_json": base64.b64encode(png()).decode(), "revised_prompt": "A lamp."}] * n
    )
    server, events = draws(host, asks(3))
    assert isinstance(events, list), events
    assert [event.index for event in events] == [0, 1, 2]
    for event in events:
        assert isinstance(event, PictureMade)
        assert (event.data, event.media_type) == (png(), "image/png")
        assert (event.width_px, event.height_px) == (96, 64)
        assert (event.revised_prompt, event.host_id) == ("A lamp.", "req_1234")
    assert host.seen[0]["fields"] == {
        "model": "gpt-image-2", "n": 3, "output_format": "png",
        "prompt": "A lamp on a table, seen from above.", "size": "1536x1024",
    }  # fmt: skip
    assert len(server.requests) == 1


def test_one_picture_alone_comes_with_rough_ones_before_it() -> None:
    host = ImagesHost(streams=True)
    mask = png(colour="#00000080", mode="RGBA")
    for references in ((), (carried(1, "edit"), carried(2, "mask", mask))):
        _server, events = draws(host, asks(references=references))
        assert isinstance(events, list), events
        first, second, last = events
        assert isinstance(first, PictureProgress)
        assert isinstance(second, PictureProgress)
        assert isinstance(last, PictureMade)
        assert (first.preview, second.preview, last.data) == (png((12, 8)), png((13, 8)), png())
        assert first.share
        assert second.share
        assert 0 < first.share < second.share < 1
    assert host.seen[0]["fields"]["partial_images"] == 2
    assert host.seen[1]["files"]["mask"] == [("image_2.png", "image/png", mask)]
    # Several pictures, and models that have no rough ones, come as before.
    assert "stream" not in (draws(host, asks(2)), host.seen[-1]["fields"])[1]
    assert OpenAIPictures(settings_of("dall-e-3"), ClosedDoor(), key_of).skills.progress is False


def test_a_refusal_in_the_middle_of_the_stream_is_one() -> None:
    server, events = draws(ImagesHost(streams=True, refuses=True), asks())
    assert isinstance(events, list)
    assert isinstance(events[-1], Failed)
    assert events[-1].cause == "moderation"
    assert len(server.requests) == 1


def settings_of(model: str) -> HostSettings:
    return HostSettings(id="own", type="openai-pictures", url="https://api.openai.com/v1", model=model)


def test_servers_that_answer_with_addresses_are_asked_for_base64() -> None:
    host = ImagesHost(legacy=True)
    _server, events = draws(host, asks(), kind="openai-compatible-pictures", model="sd-xl")
    assert isinstance(events, list), events
    assert isinstance(events[0], PictureMade)
    assert host.seen[0]["fields"]["response_format"] == "b64_json"


def test_pictures_go_along_under_neutral_names_and_the_same_request_is_the_same_bytes() -> None:
    mask = png(colour="#00000080", mode="RGBA")
    host = ImagesHost()
    request = asks(
        2, references=(carried(1, "reference"), carried(2, "edit"), carried(3, "mask", mask)), width_px=1000, height_px=600
    )  # fmt: skip
    server, events = draws(host, request, times=2)
    assert isinstance(events, list), events
    assert len(events) == 4
    files = host.seen[0]["files"]
    # What is changed comes first, and a mask is a part of its own.
    assert [name for name, _kind, _data in files["image[]"]] == ["image_2.png", "image_1.png"]
    assert files["mask"] == [("image_3.png", "image/png", mask)]
    assert host.seen[0]["fields"]["size"] == "992x608"
    assert server.requests[0] == server.requests[1]


def test_the_gate_reads_the_form_as_it_is_sent() -> None:
    """What the SDK writes is what `form_parts` reads: the pictures are found in it, and only its words are left."""
    drawn = [
        cleaned(png(colour=colour), "x.png", number=number) for number, colour in ((1, "navy"), (2, "white"))
    ]
    mask = mask_of(drawn[1].data)
    sent: list[Envelope] = []
    request = asks(references=(carried(1, "edit", drawn[0].data), carried(2, "mask", mask)))
    draws(ImagesHost(), request, sent=sent)
    (envelope,) = sent
    checked = {one.sha256: PictureCheck(one, True, Sensitivity.CONFIDENTIAL) for one in drawn}
    found = judged_pictures(envelope.body, envelope.content_type, checked)
    assert (found.count, found.all_clean) == (2, True)
    assert len(found.body) < 1500
    assert not judged_pictures(envelope.body, envelope.content_type, {}).all_clean
    fields = form_fields(envelope.body, envelope.content_type)
    assert fields is not None
    assert fields["model"] == "gpt-image-2"
    assert Inspector(Lexicon(())).body(found.body, envelope.content_type).action is None


def test_one_picture_alone_goes_as_the_one_part_that_every_server_reads() -> None:
    host = ImagesHost()
    draws(host, asks(references=(carried(1, "edit"),)))
    assert list(host.seen[0]["files"]) == ["image"]


def test_words_cannot_break_out_of_their_part() -> None:
    spoken = 'A lamp.\r\n--studio-assist-part\r\nContent-Disposition: form-data; name="user"\r\n\r\nmaya\r\n'
    host = ImagesHost()
    _server, events = draws(host, PictureRequest(prompt=spoken, references=(carried(1, "edit"),)))
    assert isinstance(events, list), events
    assert "user" not in host.seen[0]["fields"]


@pytest.mark.parametrize(
    ("model", "wish", "size"),
    [
        ("gpt-image-1.5", (1920, 1080), "1536x1024"),
        ("gpt-image-1.5", (600, 900), "1024x1536"),
        ("chatgpt-image-latest", (700, 720), "1024x1024"),
        ("gpt-image-2.5-flare", (1920, 1080), "1920x1088"),
    ],
)
def test_a_model_with_sizes_of_its_own_gets_the_one_nearest_in_shape(
    model: str, wish: tuple[int, int], size: str
) -> None:
    host = ImagesHost()
    draws(host, asks(width_px=wish[0], height_px=wish[1]), model=model)
    assert host.seen[0]["fields"]["size"] == size


def test_what_it_cannot_do_is_said_before_anything_is_sent() -> None:
    server, problem = draws(ImagesHost(), asks(negative="people"))
    assert isinstance(problem, BadInput)
    assert problem.remedy
    assert server.connections == 0
    for wrong in (
        {"references": (carried(1, "mask"),)},
        {"references": (carried(1, "edit"), carried(1, "reference"))},
        {"count": 9},
    ):
        with pytest.raises(ValidationError):
            asks(**wrong)
    with pytest.raises(ValidationError):
        ReferencePicture(data=b"", media_type="image/png", name="14C_Maya.png")


def test_a_no_of_the_gate_stays_a_no() -> None:
    server, problem = draws(ImagesHost(), asks(), says_no=True)
    assert isinstance(problem, Refusal)
    assert server.connections == 0


# Hosts that do not --------------------------------------------------------------------------------------


def picture(data: bytes) -> Callable[[bytes], Answer]:
    return answers({"b64_json": base64.b64encode(data).decode()})


def answers(*data: Any) -> Callable[[bytes], Answer]:
    return lambda _request: [http(json.dumps({"created": 1, "data": data}).encode())]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(wide: int, high: int) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * min(30_000_000, (wide + 1) * high))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "olive").save(out, "JPEG", **options)
    return out.getvalue()


def frames(kind: str) -> bytes:
    out = io.BytesIO()
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
    first.save(out, kind, save_all=True, append_images=[second])
    return out.getvalue()


NO_PICTURES = {
    "text": b"a picture of a lamp",
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "a PDF": b"%PDF-1.7 ...",
    "a GIF": frames("GIF"),
    "a film in a PNG": frames("PNG"),
    "half a JPEG": jpeg()[:-20],
    "a broken piece behind": png()[:-12] + chunk(b"tEXt", b"a\0b")[:-1] + b"!" + png()[-12:],
    "half a picture": png((400, 400))[:-40],
    "a picture with a flipped bit": png((400, 400)).replace(b"IDAT", b"IDAU"),
    "a bomb": bomb(60_000, 60_000),
    "a smaller bomb": bomb(5_000, 5_000),
    "a bomb in a text": b"\x89PNG\r\n\x1a\n" + png()[8:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 90_000_000)) + png()[33:],
    "a JPEG of many passes": jpeg(comment=b"\xff\xda" * 100),
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_whole_picture_is_not_taken(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        picture_in(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_whole_picture_is_taken_as_it_is(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "olive").save(out, kind)
    found = picture_in(out.getvalue())
    assert (found.data, found.media_type) == (out.getvalue(), f"image/{kind.lower()}")
    assert (found.width_px, found.height_px) == (300, 200)


def test_half_pictures_are_not_taken_whoever_asked_pillow_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(RuntimeError):
        picture_in(png((400, 400))[:-40])


HOSTILE: list[tuple[str, Callable[[bytes], Answer], str]] = [
    ("a wrong key", lambda _r: [error("invalid_api_key", f"bad {KEY}", "401 Unauthorized")], "key"),
    ("no quota", lambda _r: [error("insufficient_quota", "pay", "429 Too Many Requests")], "quota"),
    ("no more credit", lambda _r: [error("billing_hard_limit_reached", "pay")], "quota"),
    ("moderation", lambda _r: [error("moderation_blocked", "not that")], "moderation"),
    ("no such model", lambda _r: [error("model_not_found", "no m", "404 Not Found")], "missing"),
    ("a fault of its own", lambda _r: [error("server_error", "oops", "500 Oops")], "other"),
    ("a web page", lambda _r: [http(b"<html>Sign in</html>", kind="text/html")], "malformed"),
    ("nothing", lambda _r: [http(b"")], "malformed"),
    ("no list", lambda _r: [http(b'{"data": {"b64_json": ""}}')], "malformed"),
    ("an empty list", answers(), "malformed"),
    ("deep JSON", lambda _r: [http(b"[" * 200_000)], "malformed"),
    ("an address", answers({"url": "https://pictures.example.com/1.png"}), "malformed"),
    ("a picture that is none", picture(b"%PDF-1.7"), "malformed"),
    ("no base64", answers({"b64_json": "***"}), "malformed"),
    ("base64 with more in it", answers({"b64_json": "!!" + base64.b64encode(png()).decode()}), "malformed"),
    ("numbers", answers({"b64_json": 7}, 8, None, []), "malformed"),
    ("a bomb", picture(NO_PICTURES["a bomb"]), "malformed"),
    ("a cut connection", lambda _r: [b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"da', None], "any"),
    ("no answer", lambda _r: [None], "any"),
    ("another host", lambda _r: [http(b"", "307 Go", "Location: http://127.0.0.1:9/v1")], "any"),
    ("a packed answer", lambda _r: [http(b"x" * 99, "200 OK", "Content-Encoding: gzip")], "any"),
]


@pytest.mark.parametrize(("answer", "cause"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_bad_answer_is_said_once_in_plain_words_and_nothing_is_sent_again(
    answer: Callable[[bytes], Answer], cause: str
) -> None:
    server, problem = draws(answer, asks(4))
    assert isinstance(problem, StudioError), problem
    assert cause in ("any", getattr(problem, "cause", None)), problem
    assert problem.remedy
    assert KEY not in str(problem)
    assert len(server.requests) == 1


def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_pictures, "MOST_ANSWER", 2**20)
    monkeypatch.setattr(openai_pictures, "MOST_BYTES", 2**16)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    _server, problem = draws(lambda _r: [head, *[b" " * 2**18] * 40], asks())
    assert "more than 1 MB" in str(problem)
    _server, problem = draws(answers({"b64_json": "A" * 2**18}), asks())
    assert "a picture of more than" in str(problem)


def test_what_came_whole_stays_and_each_missing_picture_is_said() -> None:
    good = {"b64_json": base64.b64encode(png()).decode()}
    _server, events = draws(answers(good, {"b64_json": "AAAA"}, good), asks(4))
    assert isinstance(events, list), events
    assert [type(event) for event in events] == [PictureMade, Failed, PictureMade, Failed]
    assert [event.cause for event in events if isinstance(event, Failed)] == ["malformed", "other"]
    # Nor is there more than was asked for.
    _server, events = draws(answers(*[good] * 9), asks(2))
    assert isinstance(events, list)
    assert len(events) == 2


def test_a_stop_ends_the_connection() -> None:
    async def run() -> None:
        async with recording(lambda _r: [20.0, http(b"")]) as server, door(False) as transport:
            settings = HostSettings(
                id="own", type="openai-pictures", url=f"{server.url}/v1", model="gpt-image-2"
            )
            task = asyncio.create_task(anext(OpenAIPictures(settings, transport, key_of).draw(asks())))
            while not server.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())


# Beside those that write --------------------------------------------------------------------------------


def test_a_host_that_draws_is_listed_and_is_not_asked_to_write() -> None:
    async def nothing(_backend: str) -> None: ...

    hosts = (
        HostSettings(
            id="boards", type="openai-pictures", url="https://api.openai.com/v1", model="gpt-image-2"
        ),
        HostSettings(id="words", type="openai", url="https://api.openai.com/v1", model="gpt-5"),
        HostSettings(id="unsaid", type="openai-compatible-pictures", url="http://127.0.0.1:1234/v1"),
    )
    config = BackendConfig(transport=ClosedDoor(), runtime=None, hosts=hosts, key_of=nothing)  # type: ignore[arg-type]
    backends = Backends(config)
    infos = {info.id: info for info in backends.infos()}
    assert infos["boards"].kinds == ("pictures",)
    assert infos["boards"].capabilities.pictures
    assert not infos["boards"].capabilities.text
    assert not infos["unsaid"].ready
    assert backends.drawer("boards").skills.masks
    with pytest.raises(BadInput):
        backends.drawer("words")

    async def write() -> None:
        async with aclosing(
            backends.get("boards").generate(TextRequest(prompts=(Prompt(text="INT."),)))
        ) as stream:
            await anext(stream)

    with pytest.raises(BadInput, match="draws"):
        asyncio.run(write())
