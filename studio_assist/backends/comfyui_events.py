"""What ComfyUI says of one graph while it works: events, line, history. All of it is a stranger's.

Source: ComfyUI's server.py (`send`, `encode_bytes`, `send_image`), execution.py (`task_done`,
`validate_prompt`) and comfy_execution/progress.py.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from studio_assist.domain.pictures import PictureProgress

from .hosted import HostError, trouble
from .picture_hosts import short

#: Events in binary: a picture (format, bytes), and one with what it is of (length, JSON, bytes).
_PREVIEW: Final = 1
_PREVIEW_TOLD: Final = 4
#: More nodes with errors than this are not told one by one.
_MOST_TOLD: Final = 5
#: Events after which the history has the result, or says what went wrong.
_ENDS: Final = frozenset({"execution_success", "execution_error", "execution_interrupted"})


class File(NamedTuple):
    """A picture that a node saved, by the names that the host gives it out for."""

    name: str
    folder: str
    kind: str


class Standing(NamedTuple):
    """Where a graph stands.

    Attributes:
        place: in the line, from 1, while it waits.
        files: of a graph that is done; `error` of one that failed.
    """

    state: Literal["waits", "works", "done", "failed", "unknown"]
    place: int = 0
    files: tuple[File, ...] = ()
    error: HostError | None = None


class News(NamedTuple):
    """What one message says.

    Attributes:
        progress: to tell, or None.
        ended: the history has the result, or what went wrong.
        moved: the line has moved.
    """

    progress: PictureProgress | None = None
    ended: bool = False
    moved: bool = False


def news(message: str | bytes, job: str) -> News:
    """Read one message of the websocket; what is about other people's work is nothing."""
    if isinstance(message, bytes):
        preview = _preview(message)
        return News(PictureProgress(index=0, preview=preview)) if preview else News()
    try:
        event: Any = json.loads(message)
    except (ValueError, RecursionError):
        return News()
    data: Any = event.get("data") if isinstance(event, dict) else None
    if not isinstance(data, dict):
        return News()
    kind: Any = event.get("type")
    if kind == "status":
        # The line has moved, whoever's work it was.
        return News(moved=True)
    if data.get("prompt_id") != job:
        return News()
    if kind in _ENDS or (kind == "executing" and data.get("node") is None):
        return News(ended=True)
    if kind == "progress":
        return News(_step(data.get("value"), data.get("max")))
    if kind == "execution_start":
        return News(PictureProgress(index=0, share=0.0))
    return News()


def in_line(queue: Any, job: str) -> Standing | None:
    """Where a graph stands in the host's line; None where it is not in it."""
    if not isinstance(queue, dict):
        return None
    if any(_id_of(one) == job for one in _list(queue.get("queue_running"))):
        return Standing("works")
    waiting = [one for one in _list(queue.get("queue_pending")) if _id_of(one)]
    waiting.sort(key=lambda one: one[0] if isinstance(one[0], (int, float)) else 0)
    for place, one in enumerate(waiting, 1):
        if _id_of(one) == job:
            return Standing("waits", place)
    return None


def in_history(history: Any, job: str, output: str, host: str) -> Standing:
    """What the history says of a graph.

    Args:
        output: the node whose pictures are wanted; "" for every node's.
    """
    entry: Any = history.get(job) if isinstance(history, dict) else None
    if not isinstance(entry, dict):
        return Standing("unknown")
    status: Any = entry.get("status")
    if isinstance(status, dict) and status.get("status_str") == "error":
        return Standing("failed", error=_why(status.get("messages"), host))
    outputs: Any = entry.get("outputs")
    files: list[File] = []
    for node, given in outputs.items() if isinstance(outputs, dict) else ():
        if output and node != output:
            continue
        for one in _list(given.get("images") if isinstance(given, dict) else None):
            if isinstance(one, dict):
                name, folder, kind = (one.get(part) for part in ("filename", "subfolder", "type"))
                if isinstance(name, str) and isinstance(folder, str) and isinstance(kind, str):
                    files.append(File(name, folder, kind))
    return Standing("done", files=tuple(files))


def refused_graph(document: Any, host: str) -> HostError:
    """What is wrong with a graph that the host did not take, node by node, in words."""
    told: list[str] = []
    nodes: Any = document.get("node_errors") if isinstance(document, dict) else None
    for number, node in nodes.items() if isinstance(nodes, dict) else ():
        name = str(node.get("class_type", "")) if isinstance(node, dict) else ""
        for error in _list(node.get("errors") if isinstance(node, dict) else None):
            if isinstance(error, dict):
                words = ": ".join(
                    str(error[part])
                    for part in ("message", "details")
                    if isinstance(error.get(part), str) and error[part]
                )
                told.append(short(f"node {number} ({name}): {words}"))
    if not told:
        error: Any = document.get("error") if isinstance(document, dict) else None
        words = error.get("message", "") if isinstance(error, dict) else error
        told = [short(str(words))] if words else []
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    return trouble("refused", host, "; ".join(told[:_MOST_TOLD]) + more)


# internals


def _step(value: Any, most: Any) -> PictureProgress | None:
    if not isinstance(value, (int, float)) or not isinstance(most, (int, float)) or most <= 0:
        return None
    share = min(1.0, max(0.0, value / most))
    return PictureProgress(index=0, share=share, step=f"step {value:.0f} of {most:.0f}")


def _preview(message: bytes) -> bytes:
    if len(message) < 8:
        return b""
    kind, second = struct.unpack(">II", message[:8])
    picture = message[8:]
    if kind == _PREVIEW_TOLD:
        picture = message[8 + second :]
    elif kind != _PREVIEW:
        return b""
    return picture if picture.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")) else b""


def _why(messages: Any, host: str) -> HostError:
    for one in _list(messages):
        if not (isinstance(one, list) and len(one) == 2 and isinstance(one[1], dict)):
            continue
        kind, data = one
        if kind == "execution_interrupted":
            return trouble("other", host, "it was stopped there")
        if kind == "execution_error":
            where = f"{data.get('node_type', 'a node')}: " if data.get("node_type") else ""
            return trouble("other", host, short(f"{where}{data.get('exception_message', 'no reason')}"))
    return trouble("other", host)


def _id_of(entry: Any) -> str:
    # [number, id, graph, …]
    return str(entry[1]) if isinstance(entry, list) and len(entry) > 1 else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def version_of(stats: Mapping[str, Any] | None) -> tuple[int, ...]:
    """ComfyUI's version as numbers; () where it does not say."""
    system: Any = stats.get("system") if isinstance(stats, dict) else None
    told: Any = system.get("comfyui_version") if isinstance(system, dict) else None
    parts = str(told or "").lstrip("v").split("-")[0].split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()
