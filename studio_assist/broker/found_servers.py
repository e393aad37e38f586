"""Looks for model servers on this machine: their usual ports, a fixed path each, and nothing of any project.

What answers there may be anything. Answers are read with strict bounds, and a name of a model is one short
printable line or is left out.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from studio_assist import protocol
from studio_assist.domain.generation import HostSettings, Where
from studio_assist.domain.provider import where_is

log = logging.getLogger(__name__)

#: Asks a port of this machine for a path, and gives the answer's body; None where nobody answers.
Look = Callable[[int, str], Awaitable[bytes | None]]

#: How long one server may take, in seconds.
LIMIT_S: Final = 1.0
#: The longest answer that is read, in bytes; the most models of one server, and the longest name of one.
MOST_BYTES: Final = 1_000_000
MOST_MODELS: Final = 200
LONGEST_NAME: Final = 200

#: Ollama runs these on its maker's servers, through the same port.
_CLOUD: Final = re.compile(r"[:-]cloud$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Server:
    """A server as it is known by: `read` gives its models, or None where the answer is not one of its own."""

    kind: str
    port: int
    path: str
    type: str
    base: str
    read: Callable[[Any], tuple[str, ...] | None]
    #: Asked where `path` gives nothing: it runs, and its models are not known.
    health: str = ""
    #: Asked where `path` gives an answer without models: a list of their names.
    models: str = ""


async def look_around(look: Look, hosts: Iterable[HostSettings]) -> tuple[protocol.FoundServer, ...]:
    """Look at every usual port at once; a second at most.

    Args:
        hosts: those that are set up already.
    """
    known = tuple(hosts)
    return tuple(await asyncio.gather(*(_look_at(server, look, known) for server in SERVERS)))


async def _look_at(server: _Server, look: Look, hosts: tuple[HostSettings, ...]) -> protocol.FoundServer:
    models: tuple[str, ...] | None = None
    try:
        async with asyncio.timeout(LIMIT_S):
            models = _read(server.read, await look(server.port, server.path))
            if models is None and server.health:
                models = _read(_health, await look(server.port, server.health))
            if models == () and server.models:
                models = _read(_listed, await look(server.port, server.models)) or ()
    except TimeoutError:
        pass
    except Exception as error:  # noqa: BLE001  # whatever stands there, looking must not fail
        log.info("looking at port %d: %s", server.port, type(error).__name__)
    return protocol.FoundServer(
        kind=server.kind,
        port=server.port,
        url=f"http://127.0.0.1:{server.port}{server.base}",
        type=server.type,
        running=models is not None,
        models=models or (),
        backend=next((one.id for one in hosts if _is_at(one, server.port)), ""),
    )


def _is_at(settings: HostSettings, port: int) -> bool:
    return where_is(settings.hostname) is Where.HERE and settings.authority.endswith(f":{port}")


# Reading what came ------------------------------------------------------------------------------------------


def _read(read: Callable[[Any], tuple[str, ...] | None], body: bytes | None) -> tuple[str, ...] | None:
    if body is None or len(body) > MOST_BYTES:
        return None
    try:
        return read(json.loads(body))
    except (ValueError, RecursionError):
        return None


def _names(listed: object, name: str) -> tuple[str, ...] | None:
    """Names of models out of a list of objects; None where it is no list."""
    if not isinstance(listed, list):
        return None
    found: dict[str, None] = {}
    for one in cast("list[object]", listed)[: 10 * MOST_MODELS]:
        if not isinstance(one, dict):
            continue
        model = cast("dict[str, object]", one)
        word = model.get(name)
        if not isinstance(word, str) or not 0 < len(word) <= LONGEST_NAME:
            continue
        # A model that Ollama passes on says so too, whatever it is called.
        passed_on = _CLOUD.search(word) or model.get("remote_host") or model.get("remote_model")
        if word.isascii() and word.isprintable() and " " not in word and not passed_on:
            found[word] = None
    return tuple(found)[:MOST_MODELS]


def _ollama(answer: Any) -> tuple[str, ...] | None:
    return _names(answer.get("models"), "name") if isinstance(answer, dict) else None


def _openai(answer: Any) -> tuple[str, ...] | None:
    names = _names(answer.get("data"), "id") if isinstance(answer, dict) else None
    # stable-diffusion.cpp answers here too, and does not write.
    return None if names == ("sd-cpp-local",) else names


def _health(answer: Any) -> tuple[str, ...] | None:
    # llama.cpp: {"status": "ok"}, or {"error": {"message": "Loading model", …}} while it loads.
    is_one = isinstance(answer, dict) and (answer.get("status") == "ok" or "error" in answer)
    return () if is_one else None


def _comfy(answer: Any) -> tuple[str, ...] | None:
    is_one = isinstance(answer, dict) and isinstance(answer.get("system"), dict) and "devices" in answer
    return () if is_one else None


def _web_ui(answer: Any) -> tuple[str, ...] | None:
    if not isinstance(answer, dict) or "sd_model_checkpoint" not in answer:
        return None
    # The one that is loaded, as "name.safetensors [its hash]".
    loaded = str(answer["sd_model_checkpoint"] or "").split(" [")[0]
    return _listed([loaded])


def _sdcpp(answer: Any) -> tuple[str, ...] | None:
    model: object = answer.get("model") if isinstance(answer, dict) and "limits" in answer else None
    return _names([model], "name") if isinstance(model, dict) else None


def _listed(answer: Any) -> tuple[str, ...] | None:
    if not isinstance(answer, list):
        return None
    return _names([{"name": name} for name in cast("list[object]", answer)], "name")


_CHAT: Final = "openai-compatible"

#: Where servers stand when nobody has moved them.
SERVERS: Final = (
    _Server("Ollama", 11434, "/api/tags", _CHAT, "/v1", _ollama),
    _Server("LM Studio", 1234, "/v1/models", _CHAT, "/v1", _openai),
    _Server("llama.cpp", 8080, "/v1/models", _CHAT, "/v1", _openai, health="/health"),
    _Server("vLLM", 8000, "/v1/models", _CHAT, "/v1", _openai),
    _Server("ComfyUI", 8188, "/system_stats", "comfyui", "", _comfy, models="/models/checkpoints"),
    _Server("Stable Diffusion web UI", 7860, "/sdapi/v1/options", "a1111", "", _web_ui),
    # LM Studio has the same port.
    _Server("stable-diffusion.cpp", 1234, "/sdcpp/v1/capabilities", "sdcpp", "", _sdcpp),
)
