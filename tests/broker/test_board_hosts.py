"""The board asks a host of the studio for its frames: through the gate, with the real queue, broker and record."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from board_hosts_work import FIRST, MODEL, SECOND, SawAFace, at_host, numbers, until
from board_work import media_of
from broker_work import OTHER, WRITER

from studio_assist import protocol
from studio_assist.backends import a1111, comfyui, sdcpp
from studio_assist.broker import board_drawing, sent_pictures
from studio_assist.domain.marking import SourceType
from tests.fakes.comfyui_host import ComfyHost

WIDE, HIGH = 320, 180


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfyui, "POLL_S", 0.02)
    monkeypatch.setattr(comfyui, "POLL_WITH_EVENTS_S", 0.2)
    monkeypatch.setattr(a1111, "POLL_S", 0.02)
    monkeypatch.setattr(sdcpp, "POLL_S", 0.02)
    monkeypatch.setattr(board_drawing, "WIDTH", WIDE)
    monkeypatch.setattr(sent_pictures, "_looks", SawAFace)


def test_two_shots_are_drawn_at_a_host_each_after_a_yes_and_wait_with_their_marks(tmp_path: Path) -> None:
    host = ComfyHost(steps=4, step_s=0.03)

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST, SECOND) as work:
            first, second = await work.start(FIRST, SECOND, count=2, drawer="studio", control="line")
            sheet = await work.sheet(first)
            # The second one's sheet comes when it is its turn.
            assert not work.sheets(second)
            assert not any(seen.startswith("POST") for seen in host.seen)
            assert [(one.sent_name, one.sent_width) for one in sheet.pictures] == [("image_1.png", WIDE)]
            # Of the built-in drawer's own lines nobody need say whose face that is.
            assert "Drawing, no real face" in sheet.pictures[0].done
            assert sheet.sensitivity == "Production-confidential"
            assert any(one.startswith("Sent before it: POST /upload/image") for one in sheet.fields)
            # What is asked stands there as text, once with the names and once as it is sent.
            said = [(one.label, "".join(piece.text for piece in one.pieces)) for one in sheet.after]
            assert [label for label, _ in said] == ["Your text", "To leave out"]
            assert said[0][1].startswith("Storyboard frame, black ink lines")
            assert "maya" not in said[0][1].lower()
            assert "Maya turns the dial" in "".join(piece.text for piece in sheet.before[0].pieces)
            assert {one.name.title() for one in sheet.names} >= {"Maya", "Ewan"}
            # Others' graphs that are in the line just now: by the time of the sheet, earlier ones are drawn.
            host.pending += [[-number, f"somebody-{number}", {}, {}, []] for number in (2, 1)]
            await work.approve(sheet)
            await work.approve(await work.sheet(second))
            await work.queue.finished([first, second])

            for one, request in ((FIRST, first), (SECOND, second)):
                seen = await work.seen(one)
                assert seen.live is None
                assert seen.shot.panel.state == "empty"
                assert [variant.request for variant in seen.variants] == [request] * 2
                for variant in seen.variants:
                    assert variant.source is SourceType.GENERATED
                    kept = media_of(work.folder, variant.picture.sha256).read_bytes()
                    assert kept in host.files.values()
                    assert variant.shown
                    marked = media_of(work.folder, variant.shown.sha256).read_bytes()
                    assert marked != kept
                    assert b"/trainedAlgorithmicMedia" in marked
                    assert b"compositeWithTrained" not in marked
            # On the way the panel told a place in the host's line, steps and rough pictures.
            lives = work.lives(FIRST)
            # The last step may come with the end, which is looked for besides.
            assert {"step 2 of 4", "step 3 of 4"} & {live.step for live in lives}
            assert any(live.place for live in lives if live.state == "generating")
            rough = [live for live in lives if live.preview]
            # A rough picture does not wipe away how far it is.
            assert any(live.step for live in rough)
            assert not any(Path(live.preview).exists() for live in rough)

            asked = work.bodies("requested")
            assert [body.settings["shot"] for body in asked] == [FIRST.id, SECOND.id]
            assert [(body.settings["number"], body.settings["references"]) for body in asked] == [
                ("14A", 1),
                ("14B", 1),
            ]
            assert (asked[0].backend, asked[0].model, asked[0].where) == ("studio", MODEL, "here")
            assert "decision" not in work.types()
            everything = " ".join(host.seen).encode() + b"".join(host.bodies)
            for name in (b"maya", b"ewan", b"larkspur"):
                assert name not in everything.lower()
            assert len(host.uploads) == 2
            assert await work.holds()

    asyncio.run(run())


def test_a_no_at_the_gate_leaves_the_panel_with_its_words_and_sends_nothing(tmp_path: Path) -> None:
    host = ComfyHost()

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
            (request,) = await work.start(FIRST, drawer="studio")
            await work.refuse(await work.sheet(request))
            await work.queue.finished([request])
            live = (await work.seen(FIRST)).live
            assert live
            # Their own no breaks no rule that somebody could clear.
            assert (live.state, live.rule) == ("failed", "")
            assert live.why == "You did not send it. Nothing left this machine."
            assert live.remedy
            assert not any(seen.startswith("POST") for seen in host.seen)
            ends = work.bodies("request_ended")
            assert [body.state for body in ends] == ["failed"]

    asyncio.run(run())


def test_a_cancel_takes_back_only_what_is_ones_own_wherever_it_is(tmp_path: Path) -> None:
    host = ComfyHost(steps=40, step_s=0.03)
    shots = numbers(4)

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, *shots) as work:
            # At the gate.
            (request,) = await work.start(shots[0], drawer="studio")
            await work.sheet(request)
            await work.cancel(request)
            await work.queue.finished([request])
            closed = [event for event in work.project.events if isinstance(event, protocol.GateClosed)]
            assert [(event.request, event.why) for event in closed] == [(request, "stopped")]
            assert (await work.seen(shots[0])).live is None
            assert not any(seen.startswith("POST") for seen in host.seen)
            # In the host's line, behind somebody else's graph.
            host.running = [[0, "somebody-else", {}, {}, []]]
            host.pending = [[0, "another", {}, {"client_id": "x"}, []]]
            (request,) = await work.start(shots[1], drawer="studio")
            await work.approve(await work.sheet(request))
            await until(lambda: any(len(one) > 1 and one[1] in host.graphs for one in host.pending))
            await until(lambda: any(live.place for live in work.lives(shots[1]) if live.state != "queued"))
            await work.cancel(request)
            await work.queue.finished([request])
            ours = next(iter(host.graphs))
            deleted = [
                json.loads(body)
                for seen, body in zip(host.seen, host.bodies, strict=True)
                if seen == "POST /queue"
            ]
            assert deleted == [{"delete": [ours]}]
            assert host.interrupted == []
            host.interrupted.append("another")
            # While it is drawn.
            (request,) = await work.start(shots[2], drawer="studio")
            await work.approve(await work.sheet(request))
            await until(lambda: any(live.step for live in work.lives(shots[2])))
            await work.cancel(request, person=WRITER)
            await work.queue.finished([request])
            assert host.interrupted == ["another", list(host.graphs)[-1]]
            assert host.globally == 0
            assert {body.state for body in work.bodies("request_ended")} == {"stopped"}
            # All of mine is nothing of anybody else's.
            (theirs,) = await work.start(shots[3], drawer="studio", person=OTHER)
            await work.sheet(theirs)
            await work.cancel()
            assert work.queue.told().total == 1
            await work.cancel(theirs)

    asyncio.run(run())


@pytest.mark.parametrize("knows", [True, False])
def test_what_was_sent_before_the_program_was_killed_is_fetched_or_told_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, knows: bool
) -> None:
    host = ComfyHost(steps=8, step_s=0.05)

    async def nothing(*_args: object) -> None: ...

    async def run() -> None:
        async with host.serving():
            async with at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST, SECOND) as work:
                first, second = await work.start(FIRST, SECOND, drawer="studio", control="depth")
                await work.approve(await work.sheet(first))
                await until(lambda: any(live.step for live in work.lives(FIRST)))
                await until(lambda: all(one.id in work.saved() for one in (FIRST, SECOND)))
                # As the disk is at this moment, so a killed program leaves it.
                shutil.copytree(work.folder, tmp_path / "Killed.studio")
                with monkeypatch.context() as patch:
                    patch.setattr(comfyui.ComfyUI, "_stop", nothing)
                    await work.queue.close()
            await until(lambda: host.history)
            if not knows:
                host.history.clear()
            posted = [seen for seen in host.seen if seen.startswith("POST")]
            async with at_host(tmp_path / "Killed.studio", "comfyui", host.url) as work:
                await work.queue.finished([first])
                seen = await work.seen(FIRST)
                if knows:
                    assert [variant.request for variant in seen.variants] == [first]
                    kept = media_of(work.folder, seen.variants[0].picture.sha256).read_bytes()
                    assert kept in host.files.values()
                    assert seen.variants[0].shown
                    assert seen.live is None
                    assert "decision" not in work.types()
                else:
                    assert seen.live
                    assert (seen.live.state, seen.live.remedy) == ("lost", "Ask again.")
                # Nothing was sent twice. The one that waited goes on, and is asked about.
                assert [seen for seen in host.seen if seen.startswith("POST")] == posted
                (asked,) = [one.request for one in work.queue.told().items]
                await work.approve(await work.sheet(asked))
                await work.queue.finished([asked])
                assert len((await work.seen(SECOND)).variants) == 1
                assert asked == second
                assert await work.holds()

    asyncio.run(run())


def test_what_stood_at_the_gate_when_the_program_ended_stands_there_again(tmp_path: Path) -> None:
    host = ComfyHost()

    async def run() -> None:
        async with host.serving():
            async with at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
                (request,) = await work.start(FIRST, drawer="studio")
                await work.sheet(request)
                await until(lambda: FIRST.id in work.saved())
                shutil.copytree(work.folder, tmp_path / "Killed.studio")
            # Closed in order, and killed: nothing had left.
            for name in ("L.studio", "Killed.studio"):
                async with at_host(tmp_path / name, "comfyui", host.url) as work:
                    (asked,) = [one.request for one in work.queue.told().items]
                    await work.approve(await work.sheet(asked))
                    await work.queue.finished([asked])
                    seen = await work.seen(FIRST)
                    assert seen.live is None
                    assert [variant.request for variant in seen.variants] == [asked]

    asyncio.run(run())


def test_what_is_drawn_when_the_project_is_closed_is_stopped_there_and_asked_anew(tmp_path: Path) -> None:
    host = ComfyHost(steps=40, step_s=0.02)

    async def run() -> None:
        async with host.serving():
            async with at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST) as work:
                (request,) = await work.start(FIRST, drawer="studio")
                await work.approve(await work.sheet(request))
                await until(lambda: any(live.step for live in work.lives(FIRST)))
            assert host.interrupted == list(host.graphs)
            host.steps = 2
            async with at_host(tmp_path / "L.studio", "comfyui", host.url) as work:
                (again,) = [one.request for one in work.queue.told().items]
                assert again != request
                await work.approve(await work.sheet(again))
                await work.queue.finished([again])
                assert len((await work.seen(FIRST)).variants) == 1

    asyncio.run(run())


def test_an_attestation_that_was_taken_back_meanwhile_blocks_the_frame_by_its_rule(tmp_path: Path) -> None:
    host = ComfyHost()

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, FIRST, SECOND) as work:
            first, second = await work.start(FIRST, SECOND, drawer="studio")
            sheet = await work.sheet(first)
            listed = await work.project.broker.handle(protocol.LIST_ATTESTATIONS, protocol.Nothing())
            attested = listed.attestations[-1].id
            await work.approve(sheet)
            await until(lambda: host.graphs)
            params = protocol.RevokeParams(attestation=attested, why="The plan has changed.", person=WRITER)
            await work.project.broker.handle(protocol.REVOKE, params)
            await work.queue.finished([first, second])
            assert len((await work.seen(FIRST)).variants) == 1
            live = (await work.seen(SECOND)).live
            assert live
            assert live.state == "blocked"
            assert "attest" in live.why.lower()
            assert live.rule
            assert live.remedy
            assert len(host.graphs) == 1

    asyncio.run(run())


def test_one_yes_for_the_session_lets_a_night_of_frames_go_with_their_pictures(tmp_path: Path) -> None:
    host = ComfyHost(steps=1, step_s=0.002)
    shots = numbers(20)

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, *shots) as work:
            requests = await work.start(*shots, drawer="studio", control="line")
            sheet = await work.sheet(requests[0])
            assert sheet.may_remember
            await work.approve(sheet, remember=True)
            ended = await work.queue.finished(requests)
            assert {one.state for one in ended.values()} == {"done"}
            assert len(work.sheets()) == 1
            assert (len(host.uploads), len(host.graphs)) == (20, 20)
            # Each call is judged and in the record all the same.
            assert len(work.bodies("judged")) == len(work.bodies("sent")) == 40
            assert await work.holds()

    asyncio.run(run())


def test_one_word_that_is_asked_about_does_not_stop_the_night(tmp_path: Path) -> None:
    host = ComfyHost(steps=1, step_s=0.002)
    shots = [*numbers(4)]
    shots[1] = shots[1].model_copy(update={"action": "Brannock waits by the radio."})

    async def run() -> None:
        async with host.serving(), at_host(tmp_path / "L.studio", "comfyui", host.url, *shots) as work:
            requests = await work.start(*shots, drawer="studio")
            await work.approve(await work.sheet(requests[0]), remember=True)
            await work.queue.finished([requests[0], *requests[2:]])
            assert len(host.graphs) == 3
            held = await work.sheet(requests[1])
            assert (held.verdict, [one.word for one in held.questions]) == ("hold", ["Brannock"])
            (left,) = work.queue.told().items
            assert left.request == requests[1]
            answer = protocol.NameAnswer(question=held.questions[0].id, answer="name")
            params = protocol.AnswerNamesParams(
                request=held.request, digest=held.digest, answers=(answer,), person=WRITER
            )
            await work.project.broker.handle(protocol.ANSWER_NAMES, params)
            # It is a name now: replaced, and covered by the yes for the session.
            await work.queue.finished([requests[1]])
            assert len((await work.seen(shots[1])).variants) == 1
            assert b"Brannock" not in b"".join(host.bodies)

    asyncio.run(run())
