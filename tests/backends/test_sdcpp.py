"""stable-diffusion.cpp's server: jobs, the older way, and the real one where its binary is given."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from studio_assist.backends import sdcpp
from studio_assist.backends.sdcpp import SdServer
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
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
from tests.fakes.following_door import Door, following_door, no_key
from tests.fakes.images_host import png
from tests.fakes.recorder import recording
from tests.fakes.sdcpp_host import JOB, SdHost


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdcpp, "POLL_S", 0.01)


def asks(**more: Any) -> PictureRequest:
    fields: dict[str, Any] = {"width_px": 128, "height_px": 64, "seed": 7} | more
    return PictureRequest(prompt="A lamp on a table.", **fields)


def carried(number: int, role: Any, data: bytes) -> ReferencePicture:
    return ReferencePicture(data=data, media_type="image/png", name=f"image_{number}.png", role=role)


def draws(host: SdHost, request: PictureRequest) -> tuple[Door, list[PictureEvent] | StudioError]:
    async def run() -> tuple[Door, list[PictureEvent] | StudioError]:
        async with recording(host) as server:
            settings = HostSettings(id="sd", type="sdcpp", url=server.url, model="boards.gguf")
            async with following_door(settings) as door:
                try:
                    async with aclosing(SdServer(settings, door.transport, no_key).draw(request)) as stream:
                        return door, [event async for event in stream]
                except StudioError as error:
                    return door, error

    return asyncio.run(run())


def made(events: list[PictureEvent] | StudioError) -> list[PictureMade]:
    assert isinstance(events, list), events
    return [event for event in events if isinstance(event, PictureMade)]


def test_a_job_is_followed_from_its_place_in_the_line_to_its_pictures() -> None:
    host = SdHost()
    door, events = draws(host, asks(count=2, negative="people", width_px=120))
    assert [(one.index, one.width_px, one.height_px, one.host_id) for one in made(events)] == [
        (0, 128, 64, JOB),
        (1, 128, 64, JOB),
    ]
    assert isinstance(events, list)
    assert [event.place for event in events if isinstance(event, PictureProgress)] == [2, 1, 0]
    assert host.asked == [
        {
            "prompt": "A lamp on a table.", "negative_prompt": "people", "width": 128, "height": 64, "seed": 7,
            "batch_count": 2, "embed_image_metadata": False, "output_format": "png",
        }
    ]  # fmt: skip
    assert len(door.keeper.sheets) == len(door.keeper.sent) == 1


def test_a_picture_with_its_mask_goes_as_the_gate_checked_it() -> None:
    shapes = png((96, 64), "white")
    drawn = [cleaned(png((96, 64), "navy"), "x.png", number=1), cleaned(shapes, "y.png", number=2)]
    request = asks(
        references=(carried(1, "edit", drawn[0].data), carried(2, "mask", mask_of(drawn[1].data))),
        strength=0.3,
    )
    host = SdHost()
    door, events = draws(host, request)
    assert made(events)
    assert host.asked[0]["strength"] == 0.3
    (envelope,) = door.keeper.sent
    checked = {one.sha256: PictureCheck(one, True, Sensitivity.CONFIDENTIAL) for one in drawn}
    found = judged_pictures(envelope.body, envelope.content_type, checked)
    assert (found.count, found.all_clean) == (2, True)
    assert not judged_pictures(
        envelope.body, envelope.content_type, {drawn[0].sha256: checked[drawn[0].sha256]}
    ).all_clean


def test_an_older_server_is_asked_as_openai_is() -> None:
    host = SdHost(jobless=True)
    door, events = draws(host, asks())
    assert len(made(events)) == 1
    assert host.seen == ["GET /sdcpp/v1/capabilities", "POST /v1/images/generations"]
    assert len(door.keeper.sheets) == 1


@pytest.mark.parametrize(
    ("host", "cause", "words"),
    [
        (SdHost(full=True), "quota", "line is full"),
        (SdHost(gone=410), "lost", "no more"),
        (SdHost(gone=404), "lost", "does not know"),
        (SdHost(gone=500), "other", "job expired"),
    ],
)
def test_what_goes_wrong_is_said_in_words(host: SdHost, cause: str, words: str) -> None:
    _door, found = draws(host, asks())
    # Before the first word of the job it is an error, and after it an event.
    problem = found[-1] if isinstance(found, list) else found
    assert isinstance(problem, Failed if host.gone else Unavailable)
    assert getattr(problem, "cause", "") == cause
    assert words in problem.message


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (SdHost(states=(("failed", 0),)), "returned no results"),
        (SdHost(states=(("cancelled", 0),), error="job cancelled by client"), "cancelled by client"),
        (
            SdHost(images=[{"index": 0, "b64_json": base64.b64encode(png((64, 64))).decode()}]),
            "64 × 64 where 128 × 64",
        ),
        (SdHost(images=[{"index": 0, "b64_json": "bm8gcGljdHVyZQ=="}]), "no picture"),
        (SdHost(images=[{"index": 0, "b64_json": ""}]), "empty file"),
        (SdHost(images=[7]), "no picture"),
        (SdHost(images=[]), "fewer pictures"),
    ],
)
def test_a_job_that_ends_without_the_picture_fails_in_words(host: SdHost, words: str) -> None:
    _door, events = draws(host, asks())
    assert isinstance(events, list)
    assert isinstance(events[-1], Failed)
    assert words in events[-1].message


@pytest.mark.parametrize(
    ("states", "cancelled"), [((("queued", 3),), [JOB]), ((("queued", 1), ("generating", 0)), [])]
)
def test_a_job_that_waits_is_taken_out_of_the_line_and_one_that_is_drawn_is_left(
    states: tuple[tuple[str, int], ...], cancelled: list[str]
) -> None:
    host = SdHost(states=states)

    async def run() -> None:
        async with recording(host) as server:
            settings = HostSettings(id="sd", type="sdcpp", url=server.url, model="m")
            async with following_door(settings) as door:
                stream = SdServer(settings, door.transport, no_key).draw(asks())
                async for event in stream:
                    assert isinstance(event, PictureProgress)
                    if cancelled or event.step:
                        break
                await stream.aclose()

    asyncio.run(run())
    assert host.cancelled == cancelled
    assert host.refused == ([] if cancelled else [JOB])


def test_it_offers_what_it_says_it_can() -> None:
    settings = HostSettings(id="sd", type="sdcpp", url="http://127.0.0.1:1234", model="m")
    ours = SdServer(settings, ClosedDoor(), no_key)
    assert (ours.skills.controls, ours.skills.keeps, ours.skills.stops) == ((), False, False)

    async def run() -> None:
        with pytest.raises(BadInput, match="lines or depth"):
            await anext(ours.draw(asks(references=(carried(1, "line", png()),))))

    asyncio.run(run())


# The real one -------------------------------------------------------------------------------------------

BINARY, WEIGHTS = os.environ.get("STUDIO_ASSIST_SD_SERVER", ""), os.environ.get("STUDIO_ASSIST_SD_MODEL", "")


@pytest.mark.timeout(900)
@pytest.mark.skipif(
    not (BINARY and WEIGHTS),
    reason="STUDIO_ASSIST_SD_SERVER names no sd-server, or STUDIO_ASSIST_SD_MODEL no weights for it",
)
def test_the_real_server_draws() -> None:
    async def run() -> list[PictureEvent]:
        process = await asyncio.create_subprocess_exec(
            BINARY, "-m", str(Path(WEIGHTS)), "--listen-port", "18234", "--steps", "1",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            settings = HostSettings(
                id="sd", type="sdcpp", url="http://127.0.0.1:18234", model="m", fields={"steps": 1}
            )
            until = time.monotonic() + 300
            async with following_door(settings) as door:
                while await door.transport.look(18234, "/sdcpp/v1/capabilities") is None:
                    assert time.monotonic() < until, "it does not start"
                    assert process.returncode is None, "it ended"
                    await asyncio.sleep(0.5)
                ours = SdServer(settings, door.transport, no_key)
                async with aclosing(ours.draw(asks(width_px=64, height_px=64))) as stream:
                    return [event async for event in stream]
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    events = asyncio.run(run())
    (picture,) = made(events)
    assert (picture.width_px, picture.height_px, picture.media_type) == (64, 64, "image/png")
