"""A web UI as AUTOMATIC1111's, as strict as a careful one: what it does not know, or what is everybody's, is refused.

Give it to `recording`; a request that would stop other people's work, or change the server for all, is counted.
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.fakes.images_host import png
from tests.fakes.recorder import Answer, http

_BOTH = {
    "prompt", "negative_prompt", "seed", "width", "height", "batch_size", "n_iter", "steps", "sampler_name",
    "scheduler", "cfg_scale", "force_task_id", "save_images", "send_images", "alwayson_scripts",
    "denoising_strength",
}  # fmt: skip
_EDITS = {
    "init_images", "mask", "mask_blur", "inpainting_mask_invert", "inpainting_fill", "inpaint_full_res", "resize_mode",
}  # fmt: skip
_UNIT = {"enabled", "image", "module", "model", "weight", "control_mode", "resize_mode", "pixel_perfect"}


@dataclass
class WebUIHost:
    """One server.

    Attributes:
        loaded: the model that it has.
        asked: how often it has to be asked how far it is before the picture comes.
        answer: what comes instead of a good answer.
        grid: it puts a sheet of all pictures before them.
        silent: it does not know the address that says how far it is.
    """

    loaded: str = "boards_v2.safetensors [6ce0161689]"
    draws_s: float = 0.12
    answer: bytes | None = None
    images: list[str] | None = None
    grid: bool = False
    silent: bool = False
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list[Any])
    wrong: list[str] = field(default_factory=list[str])
    previews: int = 0

    def __call__(self, request: bytes) -> Answer:
        head, _, body = request.partition(b"\r\n\r\n")
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        fields: dict[str, Any] = json.loads(body) if body else {}
        self.seen.append((target, fields))
        match method, target:
            case "GET", "/sdapi/v1/options":
                return [_json({"sd_model_checkpoint": self.loaded, "samples_format": "png"})]
            case "GET", "/controlnet/model_list":
                return [
                    _json(
                        {
                            "model_list": [
                                "control_v11f1p_sd15_depth [cfd0]",
                                "control_v11p_sd15_lineart [43d4]",
                            ]
                        }
                    )
                ]
            case "POST", "/internal/progress" if not self.silent:
                return [self._progress(fields)]
            case "POST", "/sdapi/v1/txt2img" | "/sdapi/v1/img2img":
                return [self.draws_s, self._drawn(target, fields)]
            case "POST", "/sdapi/v1/interrupt" | "/sdapi/v1/options":
                self.wrong.append(target)
        return [_json({"detail": "Not Found"}, "404 Not Found")]

    def _progress(self, fields: dict[str, Any]) -> bytes:
        if set(fields) != {"id_task", "id_live_preview"} or not isinstance(fields["id_live_preview"], int):
            return _json({"detail": [{"msg": "value is not a valid integer"}]}, "422 Unprocessable Entity")
        self.previews += 1
        told = {"active": True, "queued": False, "completed": False, "progress": min(1.0, self.previews / 4)}
        if fields["id_live_preview"] != self.previews:
            rough = base64.b64encode(png((12, 8))).decode()
            told |= {"live_preview": f"data:image/png;base64,{rough}", "id_live_preview": self.previews}
        return _json(told)

    def _drawn(self, target: str, fields: dict[str, Any]) -> bytes:
        if self.answer is not None:
            return self.answer
        if why := self._refuses(target, fields):
            return _json(
                {"detail": [{"loc": ["body"], "msg": why}], "error": why}, "422 Unprocessable Entity"
            )
        size = (fields["width"], fields["height"])
        images = [
            base64.b64encode(png(size, f"hsl({n * 40}, 50%, 50%)")).decode()
            for n in range(fields["batch_size"])
        ]
        if self.grid:
            images.insert(0, base64.b64encode(png((size[0] * 2, size[1]))).decode())
        if fields.get("alwayson_scripts"):
            # What it made of the lines comes behind the pictures.
            images.append(base64.b64encode(png((8, 8))).decode())
        info = json.dumps({"seed": fields["seed"], "index_of_first_image": int(self.grid)})
        return _json({"images": self.images or images, "parameters": fields, "info": info})

    def _refuses(self, target: str, fields: dict[str, Any]) -> str:
        edits = target.endswith("img2img")
        if unknown := set(fields) - (_BOTH | _EDITS if edits else _BOTH):
            return f"unknown: {sorted(unknown)}"
        if fields.get("save_images") is not False or "override_settings" in fields:
            return "it would change or keep something for everybody"
        if (
            any(side % 8 for side in (fields["width"], fields["height"]))
            or not 1 <= fields["batch_size"] <= 8
        ):
            return "size"
        for unit in fields.get("alwayson_scripts", {}).get("ControlNet", {}).get("args", []):
            if set(unit) - _UNIT or not _is_picture(unit["image"]) or unit["control_mode"] != "Balanced":
                return "unit"
        if edits and not (fields["init_images"] and all(_is_picture(one) for one in fields["init_images"])):
            return "init_images"
        if "mask" in fields:
            with Image.open(io.BytesIO(base64.b64decode(fields["mask"]))) as mask:
                if mask.mode != "RGBA" or mask.getextrema()[-1] == (255, 255):
                    return "mask"
        return ""


def _is_picture(packed: str) -> bool:
    with Image.open(io.BytesIO(base64.b64decode(packed, validate=True))) as image:
        return image.format in ("PNG", "JPEG")


def _json(document: Any, status: str = "200 OK") -> bytes:
    return http(json.dumps(document).encode(), status)
