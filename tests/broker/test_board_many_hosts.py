"""What hosts of other kinds make of the board, and what is no good picture: told in the panel, in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from board_hosts_work import FIRST, SECOND, SawAFace, at_host, until
from board_work import media_of

from studio_assist.backends import a1111, comfyui, sdcpp
from studio_assist.broker import board_drawing, sent_pictures
from studio_assist.domain.marking import SourceType
from studio_assist.gate.vision import Seen
from tests.fakes.a1111_host import WebUIHost
from tests.fakes.comfyui_host import ComfyHost
from tests.fakes.images_host import ImagesHost, png
from tests.fakes.recorder import recording
from tests.fakes.sdcpp_host import SdHost

WIDE, HIGH = 320, 180


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfyui, "POLL_S", 0.02)
    monkeypatch.setattr(comfyui, "POLL_WITH_EVENTS_S", 0.2)
    monkeypatch.setattr(a1111, "POLL_S", 0.02)
    monkeypatch.setattr(sdcpp, "POLL_S", 0.02)
    monkeypatch.setattr(board_drawing, "WIDTH", WIDE)
    monkeypatch.setattr(sent_pictures, "_looks", SawAFace)


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("wrong size", "48 × 40 where 320 × 176 was asked for"),
        ("no picture", "no picture, or a broken one"),
        ("half", "no picture, or a broken one"),
        ("nothing", "an empty file"),
        ("a bomb", "no picture, or a broken one"),
        ("cut", "127.0.0.1"),
    ],
)
def test_what_is_no_good_picture_is_told_in_the_panel_with_its_cause(
    tmp_path: Path, view: str, says: str
) -> None:
    host = ComfyHost(view=view)

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
            await work.drawn(FIRST)
            seen = await work.seen(FIRST)
            assert seen.variants == ()
            assert seen.live
            assert seen.live.state == "failed"
            assert says in seen.live.why
            assert seen.live.remedy

    asyncio.run(run())


def test_of_half_a_batch_what_came_stays_and_the_rest_is_told(tmp_path: Path) -> None:
    host = ComfyHost(fewer=1)

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
            (request,) = await work.drawn(FIRST, count=2)
            seen = await work.seen(FIRST)
            assert len(seen.variants) == 1
            assert seen.variants[0].shown
            assert seen.live
            assert (seen.live.state, "drew fewer pictures" in seen.live.why) == ("failed", True)
            (end,) = [body for body in work.bodies("request_ended") if body.request == request]
            assert end.state == "failed"

    asyncio.run(run())


def test_a_host_without_a_node_says_which_before_anything_is_asked_of_a_person(tmp_path: Path) -> None:
    host = ComfyHost(without=("KSampler",))

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
            requests = await work.start(FIRST, drawer="studio")
            await work.queue.finished(requests)
            live = (await work.seen(FIRST)).live
            assert live
            assert (live.state, "does not know these nodes: KSampler" in live.why) == ("failed", True)
            assert not work.sheets()

    asyncio.run(run())


def test_a_picture_that_nothing_looked_at_goes_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_pictures, "_looks", lambda: None)
    host = ComfyHost()

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
            requests = await work.start(FIRST, drawer="studio", control="line")
            await work.queue.finished(requests)
            live = (await work.seen(FIRST)).live
            assert live
            assert live.state == "blocked"
            assert live.why
            assert live.remedy
            assert live.rule
            assert not any(seen.startswith("POST") for seen in host.seen)
            assert not list((work.folder / "recovery" / "outgoing").iterdir())

    asyncio.run(run())


def test_a_web_ui_is_followed_and_a_cancel_only_closes_our_own_waiting(tmp_path: Path) -> None:
    host = WebUIHost(draws_s=0.6)

    async def run() -> None:
        async with (
            recording(host) as recorder,
            at_host(tmp_path / "L.studio", "a1111", recorder.url, FIRST, SECOND) as work,
        ):
            await work.drawn(FIRST, count=2, control="depth")
            seen = await work.seen(FIRST)
            assert [variant.references for variant in seen.variants] == [1, 1]
            assert seen.live is None
            lives = work.lives(FIRST)
            assert any(live.preview for live in lives)
            assert "50%" in [live.step for live in lives]
            host.draws_s = 30.0
            (request,) = await work.start(SECOND, drawer="studio")
            sheet = await work.sheet(request)
            assert [one.label for one in sheet.after] == ["To leave out", "Your text"]
            await work.approve(sheet)
            await until(lambda: any(live.step for live in work.lives(SECOND)))
            await work.cancel(request)
            await work.queue.finished([request])
            assert (await work.seen(SECOND)).live is None
            assert host.wrong == []
            assert b"maya" not in recorder.everything.lower()

    asyncio.run(run())


def test_of_a_file_with_a_face_somebody_else_has_to_be_asked(tmp_path: Path) -> None:
    file = tmp_path / "Maya.png"
    file.write_bytes(png((64, 64), "white"))

    async def run() -> None:
        async with (
            recording(SdHost()) as recorder,
            at_host(tmp_path / "L.studio", "sdcpp", recorder.url, FIRST, model="boards.gguf") as work,
        ):
            requests = await work.start(FIRST, drawer="studio", references=(str(file),))
            await work.queue.finished(requests)
            live = (await work.seen(FIRST)).live
            assert live
            assert (live.state, bool(live.rule)) == ("blocked", True)
            assert not any(b"POST" in one[:4] for one in recorder.requests)

    asyncio.run(run())


def test_an_sd_server_gets_the_pictures_to_look_at_bare_and_tells_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SawAFace, "look", lambda _self, _data: Seen())
    host = SdHost()
    sheet_of_maya = tmp_path / "Maya at the pier.png"
    sheet_of_maya.write_bytes(png((64, 64), "white"))

    async def run() -> None:
        async with (
            recording(host) as recorder,
            at_host(tmp_path / "L.studio", "sdcpp", recorder.url, FIRST, model="boards.gguf") as work,
        ):
            await work.drawn(FIRST, references=(str(sheet_of_maya),))
            (sheet,) = work.sheets()
            assert [(one.name, one.sent_name) for one in sheet.pictures] == [
                ("Maya at the pier.png", "image_1.png")
            ]
            seen = await work.seen(FIRST)
            assert [(one.references, one.source) for one in seen.variants] == [(1, SourceType.GENERATED)]
            assert seen.live is None
            assert {2, 1} <= {live.place for live in work.lives(FIRST) if live.state == "generating"}
            assert len(host.asked[0]["ref_images"]) == 1
            assert b"maya" not in recorder.everything.lower()

    asyncio.run(run())


def test_a_service_changes_the_panels_own_picture_and_shows_rough_ones_first(tmp_path: Path) -> None:
    host = ImagesHost(streams=True)

    async def run() -> None:
        async with (
            recording(host) as recorder,
            at_host(
                tmp_path / "L.studio",
                "openai-compatible-pictures",
                f"{recorder.url}/v1",
                FIRST,
                model="gpt-image-1",
            ) as work,
        ):
            panel = (await work.accepted(FIRST)).shot.shot.panel
            assert panel.picture
            await work.drawn(FIRST, edit=True, strength=0.4)
            seen = await work.seen(FIRST)
            (variant,) = [one for one in seen.variants if one.source is SourceType.GENERATED]
            assert media_of(work.folder, variant.picture.sha256).read_bytes() == png()
            assert seen.shot.panel == panel
            assert any(live.preview for live in work.lives(FIRST))
            assert "rough picture 2" in [live.step for live in work.lives(FIRST)]
            (asked,) = host.seen
            ((name, _kind, _data),) = asked["files"]["image"]
            assert name == "image_1.png"
            assert (asked["fields"]["stream"], asked["fields"]["partial_images"]) == ("true", "2")
            assert b"maya" not in recorder.everything.lower()
            # What is refused in the middle of it is told, and the rough ones are gone.
            host.refuses = True
            await work.drawn(FIRST)
            live = (await work.seen(FIRST)).live
            assert live
            assert live.state == "failed"
            assert live.why
            assert len((await work.seen(FIRST)).variants) == 1

    asyncio.run(run())
