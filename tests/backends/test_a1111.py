"""The web UI of AUTOMATIC1111, Forge and SD.Next: nothing of it that is everybody's is touched."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import aclosing
from typing import Any

import pytest

from studio_assist.backends import a1111
from studio_assist.backends.a1111 import WebUI
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.generation import Failed, HostSettings
from studio_assist.domain.pictures import (
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    ReferencePicture,
)
from studio_assist.domain.ports import ClosedDoor
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.gate.body_pictures import judged_pictures, mask_of
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.pictures import cleaned
from tests.fakes.a1111_host import WebUIHost
from tests.fakes.following_door import Door, following_door, no_key
from tests.fakes.images_host import png
from tests.fakes.recorder import Answer, Recorder, http, recording

JOB = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(a1111, "POLL_S", 0.02)


def asks(**more: Any) -> PictureRequest:
    fields: dict[str, Any] = {"width_px": 96, "height_px": 64, "seed": 7, "job": JOB} | more
    return PictureRequest(prompt="A lamp on a table.", **fields)


def carried(number: int, role: Any, data: bytes) -> ReferencePicture:
    return ReferencePicture(data=data, media_type="image/png", name=f"image_{number}.png", role=role)


def draws(
    host: Any, request: PictureRequest, **more: Any
) -> tuple[Recorder, Door, list[PictureEvent] | StudioError]:
    async def run() -> tuple[Recorder, Door, list[PictureEvent] | StudioError]:
        async with recording(host) as server:
            settings = HostSettings(
                id="webui", type="a1111", url=server.url, **{"model": "boards_v2.safetensors", **more}
            )
            async with following_door(settings) as door:
                try:
                    async with aclosing(WebUI(settings, door.transport, no_key).draw(request)) as stream:
                        return server, door, [event async for event in stream]
                except StudioError as error:
                    return server, door, error

    return asyncio.run(run())


def made(events: list[PictureEvent] | StudioError) -> list[PictureMade]:
    assert isinstance(events, list), events
    return [event for event in events if isinstance(event, PictureMade)]


def test_pictures_come_with_how_far_our_own_task_is() -> None:
    host = WebUIHost(grid=True)
    server, door, events = draws(host, asks(count=2, negative="people", width_px=99))
    pictures = made(events)
    assert [(one.index, one.width_px, one.height_px) for one in pictures] == [(0, 96, 64), (1, 96, 64)]
    assert isinstance(events, list)
    told = [event for event in events if isinstance(event, PictureProgress)]
    assert told
    assert told[0].share == 0.25
    assert told[0].preview.startswith(b"\x89PNG")
    (asked,) = (fields for target, fields in host.seen if target == "/sdapi/v1/txt2img")
    assert asked == {
        "batch_size": 2, "force_task_id": JOB, "height": 64, "n_iter": 1, "negative_prompt": "people",
        "prompt": "A lamp on a table.", "save_images": False, "seed": 7, "send_images": True, "width": 96,
    }  # fmt: skip
    follows = [fields for target, fields in host.seen if target == "/internal/progress"]
    assert all(fields["id_task"] == JOB for fields in follows)
    assert [fields["id_live_preview"] for fields in follows[:2]] == [-1, 1]
    assert host.wrong == []
    assert len(door.keeper.sheets) == len(door.keeper.sent) == 1
    assert b"lamp" not in b"".join(one for one in server.requests if b"/sdapi/v1/txt2img" not in one)


def test_a_mask_is_turned_round_and_every_picture_is_one_that_the_gate_checked() -> None:
    drawn = [
        cleaned(png((96, 64), colour), "x.png", number=number)
        for number, colour in ((1, "navy"), (2, "white"))
    ]
    request = asks(
        references=(carried(1, "edit", drawn[0].data), carried(2, "mask", mask_of(drawn[1].data))),
        strength=0.3,
    )
    host = WebUIHost()
    _server, door, events = draws(host, request)
    assert made(events)
    (fields,) = (fields for target, fields in host.seen if target == "/sdapi/v1/img2img")
    assert (fields["inpainting_mask_invert"], fields["denoising_strength"]) == (1, 0.3)
    (envelope,) = door.keeper.sent
    checked = {one.sha256: PictureCheck(one, True, Sensitivity.CONFIDENTIAL) for one in drawn}
    found = judged_pictures(envelope.body, envelope.content_type, checked)
    assert (found.count, found.all_clean) == (2, True)


@pytest.mark.parametrize(
    ("role", "model"),
    [("line", "control_v11p_sd15_lineart [43d4]"), ("depth", "control_v11f1p_sd15_depth [cfd0]")],
)
def test_lines_and_depth_are_followed(role: str, model: str) -> None:
    host = WebUIHost()
    _server, _door, events = draws(host, asks(references=(carried(1, role, png()),)))
    assert len(made(events)) == 1
    (fields,) = (fields for target, fields in host.seen if target == "/sdapi/v1/txt2img")
    (unit,) = fields["alwayson_scripts"]["ControlNet"]["args"]
    assert unit["model"] == model
    assert unit["module"].startswith("invert" if role == "line" else "none")
    named = draws(host, asks(references=(carried(1, role, png()),)), fields={f"{role}_model": "mine"})[2]
    assert made(named)
    assert (
        host.seen[-1][1].get("alwayson_scripts", {"ControlNet": {"args": [{"model": "mine"}]}})["ControlNet"][
            "args"
        ][0]["model"]
        == "mine"
    )


def test_another_model_than_was_set_up_is_said_and_nothing_is_sent() -> None:
    host = WebUIHost(loaded="folder/other.safetensors [1234]")
    _server, door, problem = draws(host, asks())
    assert isinstance(problem, BadInput)
    assert "other.safetensors" in problem.message
    assert door.keeper.sheets == []


def test_one_that_does_not_say_how_far_it_is_draws_all_the_same() -> None:
    _server, _door, events = draws(WebUIHost(silent=True), asks())
    assert len(made(events)) == 1


BAD: list[tuple[str, bytes, str]] = [
    ("out of memory", http(json.dumps({"error": "OutOfMemoryError", "errors": "CUDA out of memory."}).encode(), "500 Oops"), "CUDA out of memory"),
    ("no API", http(b'{"detail":"Not Found"}', "404 Not Found"), "knows no such"),
    ("a login", http(b'{"detail":"Not authenticated"}', "401 Unauthorized"), "key"),
    ("a page", http(b"<html>", kind="text/html"), "cannot be read"),
    ("no picture", http(b'{"images": [], "info": "{}"}'), "no picture"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_answer_is_said_in_words(answer: bytes, words: str) -> None:
    _server, _door, found = draws(WebUIHost(answer=answer), asks())
    # Once it has said how far it is, an error is an event.
    problem = found[-1] if isinstance(found, list) else found
    assert isinstance(problem, Failed)
    assert words in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (base64.b64encode(png((40, 40))).decode(), "40 × 40 where 96 × 64"),
        ("bm8gcGljdHVyZQ==", "no picture"),
        ("!!", "no picture"),
        ("", "empty file"),
    ],
)
def test_what_is_not_the_picture_that_was_asked_for_fails_in_words(image: str, words: str) -> None:
    _server, _door, events = draws(WebUIHost(images=[image]), asks())
    assert isinstance(events, list)
    assert isinstance(events[-1], Failed)
    assert words in events[-1].message


def test_who_cancels_ends_the_waiting_and_stops_nobody() -> None:
    host = WebUIHost(draws_s=30.0)

    def answer(request: bytes) -> Answer:
        return host(request)

    async def run() -> None:
        async with recording(answer) as server:
            settings = HostSettings(id="webui", type="a1111", url=server.url, model="boards_v2")
            async with following_door(settings) as door:
                ours = WebUI(settings, door.transport, no_key)
                assert not ours.skills.stops
                stream = ours.draw(asks())
                assert isinstance(await anext(stream), PictureProgress)
                await stream.aclose()
        assert host.wrong == []

    asyncio.run(run())


def test_it_says_what_it_takes() -> None:
    settings = HostSettings(id="webui", type="a1111", url="http://127.0.0.1:7860", model="m")
    ours = WebUI(settings, ClosedDoor(), no_key)
    assert (ours.skills.controls, ours.skills.keeps, ours.skills.references) == (("line", "depth"), False, 0)

    async def run() -> None:
        with pytest.raises(BadInput, match="one picture to change"):
            await anext(ours.draw(asks(references=(carried(1, "reference", png()),))))
        (lost,) = [event async for event in ours.collect(asks())]
        assert isinstance(lost, Failed)
        assert lost.cause == "lost"

    asyncio.run(run())
