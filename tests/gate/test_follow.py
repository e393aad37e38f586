"""What follows a request that was sent: nothing new to the host, nowhere else, and not for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing

import pytest

from studio_assist.domain.errors import Refusal, Unavailable
from studio_assist.domain.following import FollowUp
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.ports import Call
from studio_assist.gate.envelope import seal
from studio_assist.gate.follow import RULE, Trail, follow_ups
from studio_assist.gate.transport import asking
from tests.fakes.following_door import Door, allowed, following_door
from tests.fakes.recorder import Answer, Recorder, http, recording

JOB = "0f8fad5b-d9cb-469f-a165-70867728950e"
HERE = "http://127.0.0.1:8188"
GRAPH = {"client_id": JOB, "prompt": {"2": {"inputs": {"text": "A lamp on a table."}}}, "prompt_id": JOB}


def call(url: str, body: object = GRAPH) -> Call:
    headers = (("content-type", "application/json"),)
    return Call(method="POST", url=url, headers=headers, body=json.dumps(body).encode())


def trail(base: str = HERE, kind: str = "comfyui", may: Callable[[str, str], bool] = allowed) -> Trail:
    """A trail of a graph that was sent, and whose history the host has given."""
    made = Trail(kind, base, may)
    made.sent(seal(call(f"{base}/prompt"))[0])
    history = {
        JOB: {"outputs": {"7": {"images": [{"filename": "out_00001_.png", "subfolder": "", "type": "temp"}]}}}
    }
    made.heard("application/json; charset=utf-8", json.dumps(history).encode())
    return made


def follow(shape: str, *values: str) -> FollowUp:
    return FollowUp(shape=shape, values=values)


def refused(made: Trail, shape: str, *values: str) -> str:
    with pytest.raises(Refusal) as caught:
        made.envelope(follow(shape, *values))
    assert caught.value.rule == RULE
    assert caught.value.remedy
    return caught.value.message


def test_the_gate_makes_the_bytes_from_a_shape_and_ids() -> None:
    made = trail()
    history, keys = made.envelope(follow("history", JOB))
    assert (history.method, history.target, history.body, keys) == ("GET", f"/history/{JOB}", b"", {})
    view, _keys = made.envelope(follow("view", "out_00001_.png", "", "temp"))
    assert view.target == "/view?filename=out_00001_.png&subfolder=&type=temp"
    stop, _keys = made.envelope(follow("unqueue", JOB))
    assert (stop.target, stop.body) == ("/queue", b'{"delete":["%s"]}' % JOB.encode())
    assert json.loads(made.envelope(follow("interrupt", JOB))[0].body) == {"prompt_id": JOB}


def test_a_long_line_of_other_peoples_work_does_not_push_out_what_was_said_last() -> None:
    made = trail()
    for number in range(3):
        line = {"queue_pending": [f"somebody-{number}-{one}" for one in range(30_000)]}
        made.heard("application/json", json.dumps(line).encode())
        made.heard("application/json", json.dumps({JOB: {"filename": "last.png"}}).encode())
    assert made.envelope(follow("history", JOB))[0].target == f"/history/{JOB}"
    assert made.envelope(follow("view", "last.png", "", "temp"))
    refused(made, "history", "somebody-0-1")


SCRIPT_WORDS = ("Maya", "Larkspur", "the-lighthouse-burns", "14A", "6f1b0d5e-0000-4000-8000-4d6179612121")


@pytest.mark.parametrize("word", SCRIPT_WORDS)
@pytest.mark.parametrize("shape", ["history", "view", "unqueue", "interrupt", "node"])
def test_no_word_of_the_script_finds_a_place_in_a_follow_up(shape: str, word: str) -> None:
    values = (word, "", "temp") if shape == "view" else (word,)
    refused(trail(), shape, *values)
    refused(trail(), "view", "out_00001_.png", word, "temp")
    refused(trail(), "view", "out_00001_.png", "", word)


@pytest.mark.parametrize(
    "value",
    [
        "../../etc/passwd",
        "..",
        "a/../b",
        "a\\b",
        'x"}',
        "x&y=z",
        "x?y",
        "x#y",
        "x\r\nHost: evil",
        "%2e%2e",
        "ünder",
        "x" * 301,
        "",
    ],
)
def test_what_is_no_id_finds_none_even_where_the_host_said_it(value: str) -> None:
    made = trail()
    made.heard("application/json", json.dumps({"id": value}).encode())
    refused(made, "history", value)
    if value != "..":
        refused(made, "view", value, "", "temp")


def test_another_host_another_path_and_another_kind_of_call_are_refused() -> None:
    elsewhere = Trail("comfyui", "http://10.0.0.9:8188", allowed)
    elsewhere.sent(seal(call(f"{HERE}/prompt"))[0])
    assert "another host" in refused(elsewhere, "history", JOB)
    for shape in ("prompt", "history/all", "", "free"):
        assert "no kind" in refused(trail(), shape, JOB)
    # One for a websocket is none for a call, and the other way round.
    refused(trail(), "events", JOB)
    with pytest.raises(Refusal):
        trail().envelope(follow("history", JOB), socket=True)
    assert "more or less" in refused(trail(), "history")
    assert "more or less" in refused(trail(), "queue", JOB)
    assert "no kind" in refused(trail(kind="openai-compatible"), "history", JOB)


def test_nothing_follows_before_the_first_send_or_after_the_end() -> None:
    fresh = Trail("comfyui", HERE, allowed)
    assert "Nothing was sent to this host" in refused(fresh, "queue")
    made = trail()
    made.end()
    assert "over" in refused(made, "history", JOB)
    assert "over" in refused(made, "queue")


def test_what_a_machine_has_is_asked_before_only_on_this_machine_and_only_by_listed_names() -> None:
    here = Trail("comfyui", HERE, allowed)
    assert here.envelope(follow("node", "KSampler"))[0].target == "/object_info/KSampler"
    refused(here, "node", "MayaLeechLatent")
    for base in ("http://gpu-box:8188", "https://comfy.example.com"):
        refused(Trail("comfyui", base, allowed), "node", "KSampler")


def test_a_host_whose_card_lists_no_websocket_gets_none() -> None:
    without = trail(may=lambda method, path: path != "/ws" and allowed(method, path))
    with pytest.raises(Refusal, match="card"):
        without.envelope(follow("events", JOB), socket=True)
    assert trail().envelope(follow("events", JOB), socket=True)[0].target == f"/ws?clientId={JOB}"
    refused(trail(may=lambda _method, _path: False), "queue")


def test_every_list_that_came_with_the_program_can_be_read_and_stops_nothing_globally() -> None:
    for kind in ("comfyui", "a1111", "sdcpp"):
        found = follow_ups(kind)
        assert found
        for shape in found.follow:
            stops = "interrupt" in shape.request or "cancel" in shape.request or "queue" in shape.request
            assert not (stops and shape.request.startswith("POST")) or "{id}" in shape.request + shape.body
    assert follow_ups("openai") is None
    assert follow_ups("../providers/openai") is None


# Through the door ---------------------------------------------------------------------------------------


def through(answer: Callable[[bytes], Answer], test: Callable[[Door, Recorder], object]) -> None:
    async def run() -> None:
        async with recording(answer) as server:
            settings = HostSettings(id="comfy", type="comfyui", url=server.url, model="m")
            async with following_door(settings) as door:
                await test(door, server)  # type: ignore[misc]

    asyncio.run(run())


def test_what_the_host_answers_may_be_asked_for_and_follow_ups_are_counted() -> None:
    def answer(request: bytes) -> Answer:
        if request.startswith(b"POST /prompt"):
            return [http(json.dumps({"prompt_id": "another-id-00000001"}).encode())]
        return [http(b"{}")]

    async def test(door: Door, server: Recorder) -> None:
        with pytest.raises(Refusal):
            await door.transport.follow(follow("history", "another-id-00000001"))
        assert server.connections == 0
        reply = await door.transport.send(call(f"{server.url}/prompt"))
        assert [piece async for piece in reply.body]
        reply = await door.transport.follow(follow("history", "another-id-00000001"))
        assert [piece async for piece in reply.body] == [b"{}"]
        head = server.requests[-1].decode().lower()
        assert head.startswith("get /history/another-id-00000001 http/1.1")
        assert "origin" not in head
        assert "cookie" not in head
        assert len(door.keeper.sheets) == 1
        assert (door.keeper.path.count, door.keeper.path.bytes) == (1, len("/history/another-id-00000001"))
        token = asking.set(None)
        with pytest.raises(Refusal, match="nobody's behalf"):
            await door.transport.follow(follow("queue"))
        asking.reset(token)
        assert len(server.requests) == 2

    through(answer, test)


@pytest.mark.parametrize(
    "greeting",
    [
        http(b"{}"),
        http(b"", "404 Not Found"),
        http(b"", "302 Found", "Location: http://127.0.0.1:9/ws"),
        b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: none\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_a_websocket_that_is_none_is_left(greeting: bytes) -> None:
    def answer(request: bytes) -> Answer:
        return [greeting] if request.startswith(b"GET /ws") else [http(b"{}")]

    async def test(door: Door, server: Recorder) -> None:
        reply = await door.transport.send(call(f"{server.url}/prompt"))
        await reply.body.aclose()
        with pytest.raises(Unavailable):
            async with aclosing(door.transport.listen(follow("events", JOB))) as messages:
                await anext(messages)
        # After a websocket that did not come about, the door still works.
        reply = await door.transport.follow(follow("queue"))
        assert reply.status == 200
        await reply.body.aclose()

    through(answer, test)
