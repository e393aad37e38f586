"""ComfyUI: templates, ids of our own, its events, its line, and stopping that harms nobody else."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from studio_assist.backends import comfyui
from studio_assist.backends.comfyui import ComfyUI
from studio_assist.backends.comfyui_graphs import Workflows, read_workflow
from studio_assist.backends.hookspec import BackendConfig
from studio_assist.domain.errors import BadInput, Refusal, StudioError, Unavailable
from studio_assist.domain.generation import Failed, HostSettings
from studio_assist.domain.pictures import (
    PictureEvent,
    PictureMade,
    PictureProgress,
    PictureRequest,
    ReferencePicture,
)
from studio_assist.domain.ports import ClosedDoor
from studio_assist.gate.body_pictures import mask_of
from studio_assist.gate.graphs import trouble_in
from tests.fakes.comfyui_host import ComfyHost
from tests.fakes.following_door import Door, following_door, no_key
from tests.fakes.images_host import png

JOB = "0f8fad5b-d9cb-469f-a165-70867728950e"
MODEL = "boards_v2.safetensors"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfyui, "POLL_S", 0.02)
    monkeypatch.setattr(comfyui, "POLL_WITH_EVENTS_S", 0.3)


def asks(**more: Any) -> PictureRequest:
    fields: dict[str, Any] = {"width_px": 96, "height_px": 64, "seed": 7, "job": JOB} | more
    return PictureRequest(prompt="A lamp on a table, seen from above.", **fields)


def carried(number: int, role: Any, data: bytes | None = None) -> ReferencePicture:
    return ReferencePicture(
        data=data or png(colour=f"hsl({number * 40}, 50%, 50%)"), media_type="image/png", name=f"image_{number}.png", role=role
    )  # fmt: skip


def settings_of(host: ComfyHost, **more: Any) -> HostSettings:
    return HostSettings(id="comfy", type="comfyui", url=host.url, **{"model": MODEL, **more})


def backend(host: ComfyHost, door: Door, folder: Path | None = None, **more: Any) -> ComfyUI:
    return ComfyUI(settings_of(host, **more), door.transport, no_key, Workflows(folder))


async def drawn(
    host: ComfyHost,
    request: PictureRequest,
    folder: Path | None = None,
    *,
    says_no: bool = False,
    **more: Any,
) -> tuple[Door, list[PictureEvent]]:
    async with (
        host.serving(),
        following_door(settings_of(host), says_no=says_no) as door,
        aclosing(backend(host, door, folder, **more).draw(request)) as stream,
    ):
        return door, [event async for event in stream]


def draws(host: ComfyHost, request: PictureRequest, **more: Any) -> list[PictureEvent]:
    return asyncio.run(drawn(host, request, **more))[1]


def made(events: list[PictureEvent]) -> list[PictureMade]:
    return [event for event in events if isinstance(event, PictureMade)]


# Pictures -----------------------------------------------------------------------------------------------


def test_pictures_come_by_events_with_steps_and_a_rough_picture_before_them() -> None:
    host = ComfyHost(steps=6)
    events = draws(host, asks(count=2, negative="people", width_px=101))
    first, second = made(events)
    assert (first.index, second.index, first.host_id) == (0, 1, JOB)
    assert (first.width_px, first.height_px) == (104, 64)
    told = [event for event in events if isinstance(event, PictureProgress)]
    assert any(one.step == "step 6 of 6" and one.share == 1.0 for one in told)
    assert any(one.preview.startswith(b"\x89PNG") for one in told)
    graph = host.graphs[JOB]
    assert (graph["2"]["inputs"]["text"], graph["3"]["inputs"]["text"]) == (
        "A lamp on a table, seen from above.",
        "people",
    )
    assert graph["5"]["inputs"]["seed"] == 7
    assert graph["1"]["inputs"]["ckpt_name"] == MODEL
    assert trouble_in("/prompt", {"prompt": graph, "prompt_id": JOB, "client_id": JOB}) is None
    assert host.origins == []
    assert len([one for one in host.seen if one.startswith("GET /queue")]) < 12, "events spare asking"


def test_nothing_but_pongs_and_the_end_is_said_on_the_websocket() -> None:
    host = ComfyHost(steps=4)
    draws(host, asks())
    said = b"".join(host.said_to_us)
    assert said, "a ping is answered"
    while said:
        opcode, length = said[0] & 0x0F, said[1] & 0x7F
        mask, data = said[2:6], said[6 : 6 + length]
        words = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        assert opcode in (8, 10)
        assert words == b"still there?" or len(words) <= 2
        said = said[6 + length :]


def test_without_a_websocket_it_is_asked_now_and_then() -> None:
    # So slow that its line is looked at before it moves.
    host = ComfyHost(sockets=False, ahead=2, steps=1, step_s=0.15)
    events = draws(host, asks())
    assert made(events)
    places = [event.place for event in events if isinstance(event, PictureProgress) and event.place]
    assert places[0] == 3
    assert places == sorted(places, reverse=True)


def test_one_sheet_shows_the_graph_and_the_pictures_that_go_up_before_it() -> None:
    host = ComfyHost()
    mask = mask_of(png(colour="white"))
    request = asks(references=(carried(1, "edit"), carried(2, "mask", mask)), strength=0.4)
    door, events = asyncio.run(drawn(host, request))
    assert made(events)
    (sheet,) = door.keeper.sheets
    assert [one.path for one in sheet] == ["/upload/image", "/upload/image", "/prompt"]
    assert [one.sha256 for one in door.keeper.sent] == [one.sha256 for one in sheet]
    assert host.uploads == {
        f"studio-assist/{JOB}/image_1.png [temp]": request.references[0].data,
        f"studio-assist/{JOB}/image_2.png [temp]": mask,
    }
    graph = host.graphs[JOB]
    assert graph["5"]["inputs"]["denoise"] == 0.4
    assert graph["11"]["inputs"] == {"channel": "alpha", "image": f"studio-assist/{JOB}/image_2.png [temp]"}


@pytest.mark.parametrize(
    ("role", "model"), [("line", "control_v11p_sd15_lineart.pth"), ("depth", "control_v11f1p_sd15_depth.pth")]
)
def test_lines_and_depth_are_followed_by_a_model_that_is_installed(role: str, model: str) -> None:
    host = ComfyHost()
    assert made(draws(host, asks(references=(carried(1, role),))))
    graph = host.graphs[JOB]
    assert graph["10"]["inputs"]["control_net_name"] == model
    # Lines are ink on white, and the models know them the other way round.
    assert any(node["class_type"] == "ImageInvert" for node in graph.values()) is (role == "line")


def test_what_there_are_templates_for_is_what_is_offered() -> None:
    host = ComfyHost(port=1)
    skills = ComfyUI(settings_of(host), ClosedDoor(), no_key, Workflows()).skills
    assert (skills.edits, skills.masks, skills.controls, skills.keeps, skills.stops) == (
        True,
        True,
        ("line", "depth"),
        True,
        True,
    )
    assert skills.references == 0
    config = BackendConfig(transport=ClosedDoor(), runtime=None, hosts=(settings_of(host),))  # type: ignore[arg-type]
    (found,) = comfyui.studio_assist_backends(config)
    assert found.info.kinds == ("pictures",)


# What it does not have ----------------------------------------------------------------------------------


def test_missing_nodes_and_models_are_named_before_anybody_reads_a_sheet() -> None:
    for host, more, words in (
        (ComfyHost(without=("KSampler", "VAEDecode")), {}, "KSampler, VAEDecode"),
        (ComfyHost(), {"model": "other.safetensors"}, "CheckpointLoaderSimple: other.safetensors"),
        (ComfyHost(), {"fields": {"line_model": "x.pth"}}, "ControlNetLoader: x.pth"),
    ):
        request = asks(references=(carried(1, "line"),)) if "fields" in more else asks()
        with pytest.raises(BadInput, match=words):
            draws(host, request, **more)
        assert not any(seen.startswith("POST") for seen in host.seen)


def test_a_graph_that_the_server_refuses_is_told_node_by_node(monkeypatch: pytest.MonkeyPatch) -> None:
    async def cannot_look(self: Any, *_a: Any, **_more: Any) -> None:
        return None

    monkeypatch.setattr(ComfyUI, "_looked", cannot_look)
    with pytest.raises(Unavailable) as caught:
        draws(ComfyHost(), asks(), model="other.safetensors")
    assert "node 1 (CheckpointLoaderSimple): Value not in list: ckpt_name" in caught.value.message
    assert getattr(caught.value, "cause", "") == "refused"


def test_nobody_there_is_said_at_once() -> None:
    async def run() -> None:
        settings = HostSettings(id="comfy", type="comfyui", url="http://127.0.0.1:9", model=MODEL)
        async with following_door(settings) as door:
            with pytest.raises(Unavailable, match="could not be reached"):
                await anext(ComfyUI(settings, door.transport, no_key, Workflows()).draw(asks()))
            assert door.keeper.sheets == []

    asyncio.run(run())


def test_a_no_of_a_person_sends_nothing() -> None:
    host = ComfyHost()
    with pytest.raises(Refusal, match="A person said no"):
        draws(host, asks(references=(carried(1, "edit"),)), says_no=True)
    assert not any(seen.startswith("POST") for seen in host.seen)


# Files that are no pictures -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("wrong size", "48 × 40 where 96 × 64"),
        ("no picture", "no picture"),
        ("nothing", "empty file"),
        ("half", "broken one"),
        ("a bomb", "no picture"),
        ("cut", "broke"),
    ],
)
def test_what_is_not_the_picture_that_was_asked_for_fails_in_words(view: str, words: str) -> None:
    events = draws(ComfyHost(view=view), asks())
    (failure,) = (event for event in events if isinstance(event, Failed))
    assert words in failure.message
    assert failure.remedy
    assert not made(events)


def test_a_graph_that_fails_there_says_why() -> None:
    events = draws(ComfyHost(fails=True), asks())
    assert isinstance(events[-1], Failed)
    assert "KSampler: Allocation on device" in events[-1].message


def test_a_picture_that_was_put_elsewhere_is_not_drawn_from() -> None:
    host = ComfyHost(misplaces=True)
    with pytest.raises(Unavailable, match="somewhere else"):
        draws(host, asks(references=(carried(1, "edit"),)))
    assert host.graphs == {}


# Stopping, and coming back ------------------------------------------------------------------------------


def stopped(host: ComfyHost, when: str) -> ComfyHost:
    async def run() -> None:
        async with host.serving(), following_door(settings_of(host)) as door:
            stream = backend(host, door).draw(asks())
            async for event in stream:
                assert isinstance(event, PictureProgress)
                if event.place if when == "waits" else event.step:
                    break
            await stream.aclose()

    asyncio.run(run())
    assert host.globally == 0
    return host


def test_what_waits_is_taken_out_of_the_line_and_nobody_else_is_stopped() -> None:
    host = stopped(ComfyHost(ahead=3, step_s=0.2), "waits")
    assert host.interrupted == []
    others = {one[1] for one in (*host.pending, *host.running)} | host.history.keys()
    assert others == {"somebody-0", "somebody-1", "somebody-2"}


def test_what_is_drawn_is_interrupted_by_its_own_id() -> None:
    assert stopped(ComfyHost(steps=200, step_s=0.02), "drawn").interrupted == [JOB]


def test_an_old_server_that_would_stop_everybody_is_left_alone() -> None:
    host = ComfyHost(steps=40, step_s=0.02, version="0.3.40", sockets=False)

    async def run() -> None:
        async with host.serving(), following_door(settings_of(host)) as door:

            async def read() -> None:
                async for _event in backend(host, door).draw(asks()):
                    pass

            task = asyncio.create_task(read())
            while not host.running:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    assert host.globally == 0
    assert not any(seen.startswith("POST /interrupt") for seen in host.seen)


def test_a_result_is_collected_by_our_own_id_and_an_unknown_one_is_lost() -> None:
    host = ComfyHost()

    async def run() -> tuple[list[PictureEvent], list[PictureEvent], list[PictureEvent]]:
        async with host.serving():
            async with following_door(settings_of(host)) as door:
                ours = backend(host, door)
                async with aclosing(ours.draw(asks())) as stream:
                    first = [event async for event in stream]
            # The program is started anew: what was sent is in the record.
            found: list[list[PictureEvent]] = []
            for body, job in (
                (json.dumps({"prompt_id": JOB}), JOB),
                (json.dumps({"prompt_id": JOB}), JOB),
                (None, JOB),
            ):
                async with following_door(settings_of(host)) as door:
                    door.keeper.path.recalled(host.url, body)
                    async with aclosing(backend(host, door).collect(asks(job=job))) as stream:
                        found.append([event async for event in stream])
                    if len(found) == 1:
                        host.history.clear()
            assert made(first)
            return found[0], found[1], found[2]

    collected, gone, unknown = asyncio.run(run())
    assert [event.data for event in made(collected)] == list(host.files.values())
    for events in (gone, unknown):
        assert [event.cause for event in events if isinstance(event, Failed)] == ["lost"]


# Templates ----------------------------------------------------------------------------------------------


def test_a_template_of_ones_own_wins_and_a_broken_one_says_where(tmp_path: Path) -> None:
    built_in = next(one for one in Workflows().all() if one.template.id == "text-to-image")
    graph = json.loads(json.dumps(built_in.graph))
    graph["5"]["_meta"] = {"title": "Maya's sampler"}
    graph["5"]["inputs"]["cfg"] = 3.0
    (tmp_path / "mine.json").write_text(json.dumps(graph), encoding="utf-8")
    head = 'format = 1\nid = "text-to-image"\nname = "Mine"\ngraph = "mine.json"\noutput = "7"\n[inputs]\n'
    file = tmp_path / "mine.toml"
    file.write_text(
        f'{head}prompt = ["2.text"]\nmodel = ["1.ckpt_name"]\nsteps = ["5.steps"]\n', encoding="utf-8"
    )
    host = ComfyHost()
    events = draws(host, asks(width_px=512, height_px=512), folder=tmp_path, fields={"steps": 9})
    (picture,) = made(events)
    # Its graph decides the size, and any is right.
    assert (picture.width_px, picture.height_px) == (512, 512)
    sent = host.graphs[JOB]["5"]
    assert (sent["inputs"]["cfg"], sent["inputs"]["steps"]) == (3.0, 9)
    assert "_meta" not in sent
    for wrong in ('prompt = ["2.words"]\n', 'prompt = []\nseed = ["99.seed"]\n', 'words = ["2.text"]\n'):
        file.write_text(head + wrong, encoding="utf-8")
        with pytest.raises(BadInput, match=r"mine\.toml cannot be used"):
            read_workflow(file)
    file.write_text(f'{head}prompt = ["2.text"]\n', encoding="utf-8")
    (tmp_path / "mine.json").write_text('{"nodes": [], "links": []}', encoding="utf-8")
    with pytest.raises(BadInput, match="exported for the API"):
        read_workflow(file)


def test_what_no_template_takes_is_said_before_anything_is_sent() -> None:
    host = ComfyHost()
    for references in ((carried(1, "reference"),), (carried(1, "line"), carried(2, "depth"))):
        with pytest.raises(StudioError, match="no graph for"):
            draws(host, asks(references=references))
    assert host.seen == []
