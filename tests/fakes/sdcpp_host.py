"""stable-diffusion.cpp's server, strict about its fields; give it to `recording`."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.fakes.images_host import ImagesHost, png
from tests.fakes.recorder import Answer, http

_FIELDS = {
    "prompt", "negative_prompt", "width", "height", "seed", "batch_count", "strength", "embed_image_metadata",
    "output_format", "sample_params", "init_image", "mask_image", "ref_images", "control_image",
}  # fmt: skip
JOB = "job_6921f0aa_00000001"


@dataclass
class SdHost:
    """One server.

    Attributes:
        states: how the job stands at each question, the last one for ever: (status, place in the line).
        ends: the status of the answer to every question but the first, where it is not 200.
        images: what comes in place of the pictures.
        jobless: an older one, that only speaks as OpenAI does.
        full: its line is.
        cancelled: what it was told to take out of the line; `refused` what it draws already.
    """

    states: tuple[tuple[str, int], ...] = (("queued", 2), ("queued", 1), ("generating", 0), ("completed", 0))
    gone: int = 0
    images: list[Any] | None = None
    error: str = "generate_image returned no results"
    jobless: bool = False
    full: bool = False
    seen: list[str] = field(default_factory=list[str])
    asked: list[dict[str, Any]] = field(default_factory=list[Any])
    cancelled: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    plain: ImagesHost = field(default_factory=lambda: ImagesHost(legacy=True))
    _questions: int = 0

    def __call__(self, request: bytes) -> Answer:
        head, _, body = request.partition(b"\r\n\r\n")
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        self.seen.append(f"{method} {target}")
        if target.startswith("/v1/"):
            return self.plain(request)
        if self.jobless:
            return [http(b"", "404 Not Found", kind="text/plain")]
        match method, target.split("/")[1:]:
            case "GET", ["sdcpp", "v1", "capabilities"]:
                return [_json({"model": {"name": "boards.gguf"}, "limits": {"max_batch_count": 8}})]
            case "POST", ["sdcpp", "v1", "img_gen"]:
                return [self._handed_in(json.loads(body))]
            case "GET", ["sdcpp", "v1", "jobs", job]:
                return [self._stands(job)]
            case "POST", ["sdcpp", "v1", "jobs", job, "cancel"] if job == JOB and not body:
                if self.states[min(self._questions, len(self.states)) - 1][0] == "queued":
                    self.cancelled.append(job)
                    return [_json({"id": job, "status": "cancelled"})]
                self.refused.append(job)
                return [_json({"error": "job cannot be cancelled"}, "409 Conflict")]
        return [_json({"error": "not found"}, "404 Not Found")]

    def _handed_in(self, fields: dict[str, Any]) -> bytes:
        if self.full:
            return _json({"error": "job queue is full"}, "429 Too Many Requests")
        if unknown := set(fields) - _FIELDS:
            return _json({"error": f"unknown {sorted(unknown)}"}, "400 Bad Request")
        wrong = [side for side in (fields["width"], fields["height"]) if side % 64]
        for name, mode in (("init_image", "RGB"), ("mask_image", "L")):
            if name in fields:
                with Image.open(io.BytesIO(base64.b64decode(fields[name], validate=True))) as image:
                    wrong += [] if image.mode == mode else [name]
        if wrong or not 0 <= fields.get("strength", 0.5) <= 1:
            return _json({"error": "invalid generation parameters"}, "400 Bad Request")
        self.asked.append(fields)
        told = {
            "id": JOB,
            "kind": "img_gen",
            "status": "queued",
            "created": 1,
            "poll_url": f"/sdcpp/v1/jobs/{JOB}",
        }
        return _json(told, "202 Accepted")

    def _stands(self, job: str) -> bytes:
        if job != JOB:
            return _json({"error": "job not found"}, "404 Not Found")
        self._questions += 1
        if self.gone and self._questions > 1:
            return _json({"error": "job expired"}, f"{self.gone} X")
        status, place = self.states[min(self._questions, len(self.states)) - 1]
        told: dict[str, Any] = {
            "id": JOB,
            "kind": "img_gen",
            "status": status,
            "queue_position": place,
            "result": None,
            "error": None,
        }
        if status == "completed":
            size = (self.asked[-1]["width"], self.asked[-1]["height"])
            packed = [base64.b64encode(png(size)).decode() for _ in range(self.asked[-1]["batch_count"])]
            images = [{"index": index, "b64_json": one} for index, one in enumerate(packed)]
            told["result"] = {
                "output_format": "png",
                "images": self.images if self.images is not None else images,
            }
        elif status in ("failed", "cancelled"):
            told["error"] = {"code": "generation_failed", "message": self.error}
        return _json(told)


def _json(document: Any, status: str = "200 OK") -> bytes:
    return http(json.dumps(document).encode(), status)
