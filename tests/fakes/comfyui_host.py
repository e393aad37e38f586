"""A ComfyUI that refuses what the real one refuses, and counts what would have stopped other people's work."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import hashlib
import json
import re
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.images_host import png

CHECKPOINTS = ["sd_xl_base_1.0.safetensors", "boards_v2.safetensors"]
CONTROLS = ["control_v11f1p_sd15_depth.pth", "control_v11p_sd15_lineart.pth"]
_SAMPLERS, _SCHEDULERS = ["euler", "dpmpp_2m"], ["normal", "karras"]

#: Inputs (a type, or a list of choices) and outputs of the nodes that it has.
NODES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "CheckpointLoaderSimple": ({"ckpt_name": CHECKPOINTS}, ("MODEL", "CLIP", "VAE")),
    "CLIPTextEncode": ({"text": "STRING", "clip": "CLIP"}, ("CONDITIONING",)),
    "EmptyLatentImage": ({"width": "INT", "height": "INT", "batch_size": "INT"}, ("LATENT",)),
    "KSampler": (
        {
            "model": "MODEL", "seed": "INT", "steps": "INT", "cfg": "FLOAT", "sampler_name": _SAMPLERS,
            "scheduler": _SCHEDULERS, "positive": "CONDITIONING", "negative": "CONDITIONING",
            "latent_image": "LATENT", "denoise": "FLOAT",
        },
        ("LATENT",),
    ),
    "VAEDecode": ({"samples": "LATENT", "vae": "VAE"}, ("IMAGE",)),
    "VAEEncode": ({"pixels": "IMAGE", "vae": "VAE"}, ("LATENT",)),
    "PreviewImage": ({"images": "IMAGE"}, ()),
    "LoadImage": ({"image": "FILE"}, ("IMAGE", "MASK")),
    "LoadImageMask": ({"image": "FILE", "channel": ["alpha", "red"]}, ("MASK",)),
    "ImageScale": (
        {"image": "IMAGE", "upscale_method": ["lanczos"], "width": "INT", "height": "INT", "crop": ["disabled", "center"]},
        ("IMAGE",),
    ),
    "ImageInvert": ({"image": "IMAGE"}, ("IMAGE",)),
    "RepeatLatentBatch": ({"samples": "LATENT", "amount": "INT"}, ("LATENT",)),
    "SetLatentNoiseMask": ({"samples": "LATENT", "mask": "MASK"}, ("LATENT",)),
    "ControlNetLoader": ({"control_net_name": CONTROLS}, ("CONTROL_NET",)),
    "ControlNetApplyAdvanced": (
        {
            "positive": "CONDITIONING", "negative": "CONDITIONING", "control_net": "CONTROL_NET", "image": "IMAGE",
            "strength": "FLOAT", "start_percent": "FLOAT", "end_percent": "FLOAT", "vae": "VAE",
        },
        ("CONDITIONING", "CONDITIONING"),
    ),
}  # fmt: skip
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class ComfyHost:
    """One server. Set what is to go wrong before it is asked.

    Attributes:
        steps, step_s: how long one picture takes.
        ahead: graphs of other people that wait before ours.
        view: what comes instead of the picture, by how it is called in `wrong_files`; or "cut".
        sockets: it lets websockets in.
        version: as it tells it; an old one knows no targeted interrupt and no ids but its own.
        fails: it ends each graph with an error; `fewer`: it draws so many less than it was asked for.
        misplaces: it puts what is uploaded somewhere else.
        seen: method and target of every request; `graphs` by their ids.
        globally: how often it was told to stop whatever runs.
    """

    port: int = 0
    steps: int = 3
    step_s: float = 0.01
    ahead: int = 0
    view: str = ""
    sockets: bool = True
    version: str = "0.3.75"
    without: tuple[str, ...] = ()
    fails: bool = False
    fewer: int = 0
    misplaces: bool = False
    seen: list[str] = field(default_factory=list[str])
    bodies: list[bytes] = field(default_factory=list[bytes])
    origins: list[str] = field(default_factory=list[str])
    said_to_us: list[bytes] = field(default_factory=list[bytes])
    graphs: dict[str, dict[str, Any]] = field(default_factory=dict[str, Any])
    uploads: dict[str, bytes] = field(default_factory=dict[str, bytes])
    pending: list[list[Any]] = field(default_factory=list[Any])
    running: list[list[Any]] = field(default_factory=list[Any])
    history: dict[str, Any] = field(default_factory=dict[str, Any])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    interrupted: list[str] = field(default_factory=list[str])
    globally: int = 0
    _listeners: dict[str, asyncio.StreamWriter] = field(default_factory=dict[str, Any])
    _number: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_old(self) -> bool:
        return self.version < "0.3.60"

    # the server

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[ComfyHost]:
        """Serve on a free port while the block runs."""
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            tasks.add(task)
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError):
                    await self._talk(reader, writer)
            except asyncio.CancelledError:
                writer.transport.abort()
            finally:
                tasks.discard(task)
                writer.close()

        for number in range(self.ahead):
            self.pending.append([number, f"somebody-{number}", {}, {}, []])
        self._number = self.ahead
        server = await asyncio.start_server(serve, "127.0.0.1", self.port, limit=64 * 2**20)
        self.port = server.sockets[0].getsockname()[1]
        worker = asyncio.create_task(self._work())
        try:
            yield self
        finally:
            server.close()
            worker.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(worker, *tasks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")
            headers = {
                key.lower(): value for key, _, value in (line.partition(": ") for line in lines if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, target, _ = first.split(" ")
            self.seen.append(f"{method} {target}")
            self.bodies.append(body)
            if "origin" in headers:
                self.origins.append(headers["origin"])
                writer.write(_answer(403, b""))
                return
            path = urlsplit(target)
            query = {key: values[0] for key, values in parse_qs(path.query, keep_blank_values=True).items()}
            if path.path == "/ws":
                await self._listened(reader, writer, headers, query)
                return
            found = self._answered(method, path.path, query, headers.get("content-type", ""), body)
            if found is None:
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 900\r\n\r\n\x89PNG"
                )
                await writer.drain()
                writer.transport.abort()
                return
            writer.write(found)
            await writer.drain()

    def _answered(
        self, method: str, path: str, query: dict[str, str], kind: str, body: bytes
    ) -> bytes | None:
        parts = path.strip("/").split("/")
        match method, parts:
            case "GET", ["system_stats"]:
                return _json({"system": {"comfyui_version": self.version}, "devices": []})
            case "GET", ["object_info", name]:
                return _json(self._info(name))
            case "GET", ["models", "checkpoints"]:
                return _json(CHECKPOINTS)
            case "GET", ["queue"]:
                return _json({"queue_running": self.running, "queue_pending": self.pending})
            case "GET", ["history", job]:
                return _json({job: self.history[job]} if job in self.history else {})
            case "GET", ["view"]:
                return self._viewed(query)
            case "POST", ["upload", "image"]:
                return self._uploaded(kind, body)
            case "POST", ["prompt"]:
                return self._prompted(kind, body)
            case "POST", ["queue"]:
                wanted = json.loads(body)
                assert set(wanted) == {"delete"}, "a queue that is cleared is everybody's"
                self.pending = [one for one in self.pending if one[1] not in wanted["delete"]]
                return _answer(200, b"")
            case "POST", ["interrupt"]:
                wanted = json.loads(body or b"{}").get("prompt_id")
                if not wanted or self.is_old:
                    self.globally += 1
                    self.interrupted += [one[1] for one in self.running]
                elif any(one[1] == wanted for one in self.running):
                    self.interrupted.append(wanted)
                return _answer(200, b"")
            case _:
                return _answer(404, b"404: Not Found", "text/plain")

    def _info(self, name: str) -> dict[str, Any]:
        if name not in NODES or name in self.without:
            return {}
        inputs, outputs = NODES[name]
        told = {given: [spec, {}] if isinstance(spec, list) else [spec] for given, spec in inputs.items()}
        if name == "ControlNetLoader":
            told = {"control_net_name": ["COMBO", {"options": CONTROLS}]}
        if name in ("LoadImage", "LoadImageMask"):
            told["image"] = [["example.png"], {"image_upload": True}]
        return {name: {"input": {"required": told}, "output": list(outputs), "name": name}}

    # a graph

    def _prompted(self, kind: str, body: bytes) -> bytes:
        assert kind == "application/json"
        wanted = json.loads(body)
        unknown = set(wanted) - {"prompt", "prompt_id", "client_id", "number", "front"}
        assert not unknown, f"unknown fields {unknown}"
        if not isinstance(wanted.get("client_id"), str):
            return _json(
                {"error": {"type": "client", "message": "no client_id", "details": ""}, "node_errors": {}},
                400,
            )
        job = wanted.get("prompt_id")
        if not isinstance(job, str) or not _ID.fullmatch(job):
            return _json({"error": {"type": "invalid_prompt_id", "message": "prompt_id must be a valid UUID", "details": ""}, "node_errors": {}}, 400)  # fmt: skip
        if self.is_old:
            job = f"{self._number:08d}-0000-0000-0000-000000000000"
        errors = self._errors(wanted["prompt"])
        if errors:
            return _json({"error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": ""}, "node_errors": errors}, 400)  # fmt: skip
        self.graphs[job] = wanted["prompt"]
        self.pending.append([self._number, job, wanted["prompt"], {"client_id": wanted["client_id"]}, []])
        self._number += 1
        return _json({"prompt_id": job, "number": self._number - 1, "node_errors": {}})

    def _errors(self, graph: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, node in graph.items():
            assert set(node) == {"class_type", "inputs"}
            name = node["class_type"]
            inputs, _outputs = NODES.get(name, ({}, ()))
            wrong: list[dict[str, str]] = []
            if name not in NODES or name in self.without:
                wrong.append({"type": "missing_node_type", "message": "Node type not found", "details": name})
            for given in inputs.keys() - node["inputs"].keys():
                wrong.append(
                    {
                        "type": "required_input_missing",
                        "message": "Required input is missing",
                        "details": given,
                    }
                )
            for given, value in node["inputs"].items():
                if why := self._wrong(graph, inputs.get(given), value):
                    wrong.append({"type": "value_not_in_list", "message": why, "details": given})
            if wrong:
                found[number] = {"errors": wrong, "dependent_outputs": ["7"], "class_type": name}
        return found

    def _wrong(self, graph: dict[str, Any], spec: Any, value: Any) -> str:
        if spec is None:
            return "Unknown input"
        if isinstance(value, list):
            node, output = value
            outputs = NODES.get(graph.get(node, {}).get("class_type", ""), ({}, ()))[1]
            if not isinstance(output, int) or output >= len(outputs) or outputs[output] != spec:
                return "Return type mismatch between linked nodes"
            return ""
        if isinstance(spec, list):
            return "" if value in spec else "Value not in list"
        if spec == "FILE":
            return "" if value in self.uploads else "Invalid image file"
        kinds: dict[str, Any] = {"INT": int, "FLOAT": (int, float), "STRING": str}
        if spec not in kinds or not isinstance(value, kinds[spec]) or isinstance(value, bool):
            return "Failed to convert an input value"
        return "Value smaller than min" if spec == "INT" and value < 0 else ""

    # pictures

    def _uploaded(self, kind: str, body: bytes) -> bytes:
        whole = email.message_from_bytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
        )
        fields: dict[str, Any] = {}
        for part in whole.iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            data = part.get_payload(decode=True)
            fields[name] = (part.get_filename(), data) if part.get_filename() else data.decode()
        if set(fields) - {"image", "type", "subfolder", "overwrite"} or not isinstance(
            fields.get("image"), tuple
        ):
            return _answer(400, b"")
        name, data = fields["image"]
        if self.misplaces:
            name = name.replace(".", " (1).")
        folder = fields.get("subfolder", "")
        self.uploads[f"{folder}/{name} [{fields.get('type', 'input')}]"] = data
        return _json({"name": name, "subfolder": folder, "type": fields.get("type", "input")})

    def _viewed(self, query: dict[str, str]) -> bytes | None:
        if set(query) != {"filename", "subfolder", "type"} or query["type"] not in (
            "temp",
            "output",
            "input",
        ):
            return _answer(400, b"")
        data = self.files.get(query["filename"])
        if data is None:
            return _answer(404, b"")
        if self.view == "cut":
            return None
        return _answer(200, wrong_files(data).get(self.view, data), "image/png")

    # at work

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(self.step_s)
            self.pending.sort(key=lambda one: one[0])
            if not self.pending:
                continue
            item = self.pending.pop(0)
            self.running = [item]
            job, client = item[1], item[3].get("client_id", "")
            self._tell(client, "execution_start", {"prompt_id": job})
            for step in range(1, self.steps + 1):
                await asyncio.sleep(self.step_s)
                if job in self.interrupted:
                    break
                self._tell(
                    client, "progress", {"value": step, "max": self.steps, "prompt_id": job, "node": "5"}
                )
                self._send(client, 2, struct.pack(">II", 1, 2) + png((16, 12)))
            self.running = []
            self._end(job, item[2], client)

    def _end(self, job: str, graph: dict[str, Any], client: str) -> None:
        about = {"prompt_id": job, "node_id": "5", "node_type": "KSampler"}
        if job in self.interrupted or self.fails:
            kind = "execution_interrupted" if job in self.interrupted else "execution_error"
            messages = [
                ["execution_start", {"prompt_id": job}],
                [kind, about | {"exception_message": "Allocation on device\n"}],
            ]
            self.history[job] = {
                "outputs": {},
                "status": {"status_str": "error", "completed": False, "messages": messages},
            }
            self._tell(client, kind, about)
            return
        images = []
        for number in range(_number_in(graph, "batch_size", "amount", otherwise=1) - self.fewer):
            name = f"ComfyUI_temp_abcde_{len(self.files) + 1:05d}_.png"
            size = (_number_in(graph, "width", otherwise=64), _number_in(graph, "height", otherwise=64))
            self.files[name] = png(size, f"hsl({number * 50}, 40%, 50%)")
            images.append({"filename": name, "subfolder": "", "type": "temp"})
        self.history[job] = {
            "prompt": [0, job, graph, {}, []],
            "outputs": {"7": {"images": images}},
            "status": {"status_str": "success", "completed": True, "messages": []},
        }
        self._tell(client, "execution_success", {"prompt_id": job})

    # its events

    async def _listened(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        headers: dict[str, str],
        query: dict[str, str],
    ) -> None:
        if not self.sockets:
            writer.write(_answer(404, b""))
            await writer.drain()
            return
        assert set(query) == {"clientId"}
        assert headers["upgrade"] == "websocket"
        assert headers["sec-websocket-version"] == "13"
        key = headers["sec-websocket-key"].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        proof = base64.b64encode(hashlib.sha1(key, usedforsecurity=False).digest()).decode()
        writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {proof}\r\n\r\n".encode()
        )
        self._listeners[query["clientId"]] = writer
        self._send(query["clientId"], 9, b"still there?")
        self._tell(
            query["clientId"], "status", {"status": {"exec_info": {"queue_remaining": len(self.pending)}}}
        )
        try:
            while data := await reader.read(4096):
                self.said_to_us.append(data)
        finally:
            self._listeners.pop(query["clientId"], None)

    def _tell(self, client: str, kind: str, data: dict[str, Any]) -> None:
        self._send(client, 1, json.dumps({"type": kind, "data": data}).encode())

    def _send(self, client: str, opcode: int, data: bytes) -> None:
        writer = self._listeners.get(client)
        if writer is not None and not writer.is_closing():
            length = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
            writer.write(bytes([0x80 | opcode]) + length + data)


def wrong_files(data: bytes) -> dict[str, bytes]:
    """Files that a server may send in place of a picture."""
    return {
        "wrong size": png((48, 40)),
        "no picture": b"<html>Sign in</html>",
        "nothing": b"",
        "half": data[: len(data) // 2],
        "a bomb": b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0) + b"\0\0\0\0",
    }  # fmt: skip


def _number_in(graph: dict[str, Any], *names: str, otherwise: int) -> int:
    for node in graph.values():
        for name in names:
            if isinstance(node["inputs"].get(name), int):
                return node["inputs"][name]
    return otherwise


def _json(document: Any, status: int = 200) -> bytes:
    return _answer(status, json.dumps(document).encode(), "application/json; charset=utf-8")


def _answer(status: int, body: bytes, kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
