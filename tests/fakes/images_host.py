"""A host that draws, as strict as OpenAI's: an unknown field, a wrong part or a wrong size is a 400."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.fakes.recorder import Answer, events, http

_COMMON = {
    "model",
    "prompt",
    "n",
    "size",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "user",
}
_FILE = re.compile(r"image_\d+\.(png|jpg)")


def png(size: tuple[int, int] = (96, 64), colour: str = "grey", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def error(code: str, message: str, status: str = "400 Bad Request", param: str | None = None) -> bytes:
    said = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return http(json.dumps({"error": said}).encode(), status)


@dataclass
class ImagesHost:
    """Answers requests; give it to `recording`.

    Attributes:
        legacy: it is one of the servers whose answer is an address unless base64 is asked for.
        data: what stands in the answer's `data` in place of the pictures.
        streams: it answers a request for a stream with one; `refuses`: and refuses in the middle of it.
        seen: each request's fields, and its pictures by the part's name.
    """

    legacy: bool = False
    data: Callable[[int], list[Any]] | None = None
    streams: bool = False
    refuses: bool = False
    seen: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def __call__(self, request: bytes) -> Answer:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines[1:])}
        kind = headers["content-type"]
        match lines[0].split(" ")[:2]:
            case ["POST", "/v1/images/generations"] if kind == "application/json":
                fields: dict[str, Any] = json.loads(body)
                files: dict[str, Any] = {}
                allowed = _COMMON | {"moderation", "stream", "partial_images"}
            case ["POST", "/v1/images/edits"] if kind.startswith("multipart/form-data; boundary="):
                fields, files = _form(kind, body)
                fields["n"] = int(fields["n"])
                allowed = _COMMON | {"input_fidelity", "stream", "partial_images"}
            case _:
                return [error("unknown_url", f"Unknown request URL: {lines[0]} ({kind})", "404 Not Found")]
        self.seen.append({"fields": fields, "files": files})
        allowed = allowed | {"response_format"} if self.legacy else allowed
        for name in fields:
            if name not in allowed:
                return [error("unknown_parameter", f"Unknown parameter: '{name}'.", param=name)]
        if wrong := _wrong(fields, files):
            return [error("invalid_value", wrong)]
        if self.streams and fields.get("stream") in (True, "true"):
            return [
                self._stream("image_edit" if files else "image_generation", int(fields["partial_images"]))
            ]
        if self.data is not None:
            data = self.data(fields["n"])
        elif self.legacy and fields.get("response_format") != "b64_json":
            data = [{"url": "https://pictures.example.com/1.png"}] * fields["n"]
        else:
            packed = base64.b64encode(png()).decode()
            data = [{"b64_json": packed}] * fields["n"]
        answer = json.dumps({"created": 1, "data": data, "output_format": "png"}).encode()
        return [http(answer, "200 OK", "x-request-id: req_1234")]

    def _stream(self, kind: str, rough: int) -> bytes:
        told: list[dict[str, Any]] = [
            {
                "type": f"{kind}.partial_image",
                "partial_image_index": n,
                "b64_json": base64.b64encode(png((12 + n, 8))).decode(),
            }
            for n in range(rough)
        ]
        if self.refuses:
            told.append({"type": "error", "error": {"code": "moderation_blocked", "message": "not that"}})
        else:
            told.append({"type": f"{kind}.completed", "b64_json": base64.b64encode(png()).decode()})
        return events(*(json.dumps(one) for one in told))


def _form(kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    whole = email.message_from_bytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    fields: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for part in whole.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if file := part.get_filename():
            files.setdefault(name, []).append((file, part.get_content_type(), data))
        else:
            fields[name] = data.decode()
    return fields, files


def _wrong(fields: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    if not isinstance(fields["n"], int) or not 1 <= fields["n"] <= 10:
        return "n"
    if not re.fullmatch(r"\d+x\d+", fields["size"]):
        return "size"
    if any(int(side) % 16 for side in fields["size"].split("x")):
        return "size"
    for name, parts in files.items():
        if name not in ("image", "image[]", "mask") or (name != "image[]" and len(parts) > 1):
            return f"part {name}"
        for file, kind, data in parts:
            with Image.open(io.BytesIO(data)) as image:
                if not _FILE.fullmatch(file) or kind != f"image/{(image.format or '').lower()}":
                    return f"file {file} {kind}"
                if name == "mask" and image.mode != "RGBA":
                    return "mask without alpha"
    return ""
