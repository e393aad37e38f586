"""A picture from ask to file: one sheet at the real gate, a host that is asked again and again, and the record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from broker_work import WRITER, Opened, new_project, opened
from keychains import InMemory

from studio_assist import protocol
from studio_assist.backends import comfyui
from studio_assist.broker import found_servers
from studio_assist.broker.errands import Errand
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.keys import Keys
from studio_assist.broker.session import new_request_id
from studio_assist.domain import record
from studio_assist.domain.errors import Refusal
from studio_assist.domain.following import FollowUp
from studio_assist.domain.generation import HostSettings, Message, Prompt, TextRequest
from studio_assist.domain.pictures import PictureEvent, PictureMade, PictureRequest, ReferencePicture
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import RequestId
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.pictures import cleaned
from studio_assist.gate.transport import Asking, asking
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Contents
from tests.fakes.comfyui_host import ComfyHost
from tests.fakes.images_host import png

JOB = "0f8fad5b-d9cb-469f-a165-70867728950e"
MODEL = "boards_v2.safetensors"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfyui, "POLL_S", 0.02)
    monkeypatch.setattr(comfyui, "POLL_WITH_EVENTS_S", 0.2)


@dataclass
class AtHost:
    """A project with a ComfyUI that is set up and attested."""

    project: Opened
    host: ComfyHost

    @property
    def broker(self) -> Any:
        return self.project.broker

    @property
    def keeper(self) -> Gatekeeper:
        return self.broker._gatekeeper

    def ask(self, prompt: str) -> Errand:
        """Put a request for a picture into the record."""
        texts, request = Contents(), new_request_id()
        self.broker.session.append(
            record.Requested(
                anchor=None, backend="comfy", count=1, model=MODEL, note=None, prompt=texts.add(prompt),
                request=request, scene="14", seed=7, settings={}, task="board", where="here",
            ),
            contents=texts, person=WRITER, durable=False,
        )  # fmt: skip
        asked = TextRequest(prompts=(Prompt(messages=(Message(role="user", text=prompt),)),))
        info = self.broker.backends().get("comfy").info
        script = parse(self.project.state.script).screenplay
        return Errand(request, WRITER, info, "Temp board", "Board desk", "14", script, asked)

    async def draw(self, errand: Errand, references: tuple[ReferencePicture, ...] = ()) -> list[PictureEvent]:
        """What the broker's drawing does with it: names out, and the backend at the gate."""
        token = asking.set(Asking(errand.request, "comfy"))
        try:
            outgoing = await self.keeper.prepare(errand)
            # In place of the pictures' inspection, which needs the extra [vision].
            job = self.keeper._jobs[errand.request]
            for one in references:
                clean = cleaned(one.data, "shot.png", number=int(one.name[6]))
                assert clean.data == one.data
                job.checked[clean.sha256] = PictureCheck(clean, True, Sensitivity.CONFIDENTIAL)
            (message,) = outgoing.request.prompts[0].messages
            asked = PictureRequest(
                prompt=message.text, width_px=96, height_px=64, seed=7, job=JOB, references=references
            )
            backend = self.broker.backends().drawer("comfy")
            async with aclosing(backend.draw(asked)) as stream:
                return [event async for event in stream]
        finally:
            self.keeper.end(errand.request)
            asking.reset(token)

    def sheets(self, request: RequestId) -> list[protocol.GateSheet]:
        asked = [event for event in self.project.events if isinstance(event, protocol.GateAsked)]
        return [event.sheet for event in asked if event.sheet.request == request]

    async def sheet(self, request: RequestId) -> protocol.GateSheet:
        async with asyncio.timeout(20):
            while not self.sheets(request):
                await asyncio.sleep(0.005)
        return self.sheets(request)[-1]

    async def approve(self, sheet: protocol.GateSheet) -> None:
        params = protocol.ApproveSendParams(request=sheet.request, digest=sheet.digest, person=WRITER)
        await self.broker.handle(protocol.APPROVE_SEND, params)

    def bodies(self, kind: str) -> list[Any]:
        return [entry.body for entry in self.broker.session.ledger.entries(type=kind, limit=100)]


@asynccontextmanager
async def at_host(folder: Path, host: ComfyHost, *, attested: bool = True) -> AsyncGenerator[AtHost]:
    await new_project(folder)
    evidence = folder.with_suffix(".pdf")
    evidence.write_bytes(b"%PDF-1.7 It keeps nothing.")
    async with host.serving(), opened(folder, keys=Keys(InMemory())) as project:
        settings = HostSettings(id="comfy", type="comfyui", name="ComfyUI", url=host.url, model=MODEL)
        await project.broker.handle(
            protocol.ADD_BACKEND, protocol.AddBackendParams(settings=settings, person=WRITER)
        )
        if attested:
            until = date.today() + timedelta(days=60)
            params = protocol.AttestParams(
                backend="comfy", evidence=str(evidence), until=until, person=WRITER
            )
            await project.broker.handle(protocol.ATTEST, params)
        yield AtHost(project, host)


def test_a_picture_comes_through_the_gate_on_one_sheet_and_is_followed_without_another(
    tmp_path: Path,
) -> None:
    host = ComfyHost(steps=5)

    async def run() -> None:
        async with at_host(tmp_path / "Larkspur.studio", host) as work:
            errand = work.ask("Maya at the window, the radio dark.")
            drawing = cleaned(png((96, 64), "white"), "shot.png", number=1).data
            line = ReferencePicture(data=drawing, media_type="image/png", name="image_1.png", role="line")
            task = asyncio.create_task(work.draw(errand, (line,)))
            sheet = await work.sheet(errand.request)
            assert sheet.verdict == "ask", (sheet.why, [check for check in sheet.rules if not check.holds])
            assert [one.sent_name for one in sheet.pictures] == ["image_1.png"]
            assert any(one.startswith("Sent before it: POST /upload/image") for one in sheet.fields)
            assert "POST /prompt HTTP/1.1" in sheet.raw
            assert not any(seen.startswith("POST") for seen in host.seen)
            # The graph alone is not what the sheet is about.
            with pytest.raises(Refusal):
                await work.approve(sheet.model_copy(update={"digest": "0" * 64}))
            await work.approve(sheet)
            events = await task
            assert isinstance(events[-1], PictureMade), events[-1]
            assert len(work.sheets(errand.request)) == 1
            # Two calls left with a yes; the many small ones after them need none and are no entry of their own.
            assert [body.verdict for body in work.bodies("judged")] == ["ask", "ask"]
            approved, sent = work.bodies("send_approved"), work.bodies("sent")
            assert [body.envelope for body in approved] == [body.envelope for body in sent]
            assert sheet.size == sum(body.bytes for body in sent)
            assert len(host.seen) > 10
            # No name of the production, in any request.
            everything = " ".join(host.seen).encode() + b"".join(host.bodies)
            assert b"maya" not in everything.lower()
            assert b"larkspur" not in everything.lower()
            # It is over: nothing follows any more.
            token = asking.set(Asking(errand.request, "comfy"))
            with pytest.raises(Refusal):
                await work.broker._transport.follow(FollowUp(shape="history", values=(JOB,)))
            asking.reset(token)

    asyncio.run(run())


def test_what_was_sent_before_a_restart_is_collected_by_what_the_record_holds(tmp_path: Path) -> None:
    host = ComfyHost()

    async def run() -> None:
        async with at_host(tmp_path / "Larkspur.studio", host) as work:
            errand = work.ask("The radio on the table.")
            task = asyncio.create_task(work.draw(errand))
            await work.approve(await work.sheet(errand.request))
            assert isinstance((await task)[-1], PictureMade)
            # As after a restart: the gatekeeper knows the request no more, the record does.
            token = asking.set(Asking(errand.request, "comfy"))
            await work.keeper.resume(errand)
            asked = PictureRequest(prompt="The radio on the table.", width_px=96, height_px=64, job=JOB)
            async with aclosing(work.broker.backends().drawer("comfy").collect(asked)) as stream:
                events = [event async for event in stream]
            assert [type(event) for event in events] == [PictureMade]
            work.keeper.end(errand.request)
            # Another request of the same project may not follow this one.
            other = work.ask("The door.")
            asking.set(Asking(other.request, "comfy"))
            await work.keeper.resume(other)
            with pytest.raises(Refusal, match="neither sent in the request nor answered"):
                await work.broker._transport.follow(FollowUp(shape="history", values=(JOB,)))
            work.keeper.end(other.request)
            asking.reset(token)

    asyncio.run(run())


def test_without_an_attestation_nothing_goes_up(tmp_path: Path) -> None:
    host = ComfyHost()

    async def run() -> None:
        async with at_host(tmp_path / "Larkspur.studio", host, attested=False) as work:
            errand = work.ask("The radio on the table.")
            with pytest.raises(Refusal, match="attested"):
                await work.draw(errand)
            assert not any(seen.startswith("POST") for seen in host.seen)

    asyncio.run(run())


def test_a_graph_with_another_model_than_was_attested_stays_here(tmp_path: Path) -> None:
    host = ComfyHost()
    folder = tmp_path / "home" / "comfyui"
    folder.mkdir(parents=True)

    async def run() -> None:
        async with at_host(tmp_path / "Larkspur.studio", host) as work:
            backend = work.broker.backends().drawer("comfy")
            (workflow,) = (one for one in backend._workflows.all() if one.template.id == "text-to-image")
            inputs = {name: places for name, places in workflow.template.inputs.items() if name != "model"}
            graph = json.loads(json.dumps(workflow.graph))
            graph["1"]["inputs"]["ckpt_name"] = "sd_xl_base_1.0.safetensors"
            template = workflow.template.model_copy(update={"inputs": inputs})
            backend._workflows._found["text-to-image"] = workflow.model_copy(
                update={"graph": graph, "template": template}
            )
            with pytest.raises(Refusal, match="does not cover the model"):
                await work.draw(work.ask("The radio on the table."))
            assert host.graphs == {}

    asyncio.run(run())


def test_picture_servers_are_found_with_their_type_and_what_they_have() -> None:
    answers = {
        (8188, "/system_stats"): b'{"system": {"comfyui_version": "0.3.75"}, "devices": []}',
        (8188, "/models/checkpoints"): b'["boards_v2.safetensors", "with space.safetensors", 7]',
        (7860, "/sdapi/v1/options"): b'{"sd_model_checkpoint": "boards_v2.safetensors [6ce0161689]"}',
        (
            1234,
            "/sdcpp/v1/capabilities",
        ): b'{"model": {"name": "boards.gguf", "stem": "boards"}, "limits": {}}',
        (1234, "/v1/models"): b'{"data": [{"id": "sd-cpp-local", "owned_by": "local"}]}',
    }

    async def look(port: int, path: str) -> bytes | None:
        return answers.get((port, path))

    found = {one.kind: one for one in asyncio.run(found_servers.look_around(look, ())) if one.running}
    assert {kind: (one.type, one.models) for kind, one in found.items()} == {
        "ComfyUI": ("comfyui", ("boards_v2.safetensors",)),
        "Stable Diffusion web UI": ("a1111", ("boards_v2.safetensors",)),
        "stable-diffusion.cpp": ("sdcpp", ("boards.gguf",)),
    }
    assert found["ComfyUI"].url == "http://127.0.0.1:8188"
