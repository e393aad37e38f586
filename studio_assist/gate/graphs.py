"""Graphs for ComfyUI: only nodes that work on the machine that runs them, and nothing around the graph.

A server on this machine proves nothing: one node of a graph can send all that it is given to a company. So a
graph leaves only where every node is one of a list that was read (`resources/comfyui/local-nodes.toml`),
under its exact name, and where nothing is sent beside the graph: `extra_data` carries the keys of partner
services, and the workflow for `extra_pnginfo`, which ComfyUI writes with all its words into every picture
that it saves.

The rule holds for requests that are no graph. What looks like one in a wrong place counts as one: a node
three levels down, a key in other letters, a graph in a string.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple, cast

from studio_assist.domain.errors import Damaged
from studio_assist.paths import resource

#: The version of the list's format that this program reads.
FORMAT: Final = 1
#: What may stand beside a graph (ComfyUI's `POST /prompt`).
_BESIDE: Final = frozenset({"prompt", "prompt_id", "client_id", "number", "front"})
#: What a node may hold. `_meta` has titles that people write; it is for the editor, and nothing needs it.
_NODE: Final = frozenset({"class_type", "inputs"})
_MOST_NODES: Final = 500
_DEEPEST: Final = 40
_REMEDY: Final = "Take that node out of the graph, or use one that works on the machine itself."


class Trouble(NamedTuple):
    """Why a graph stays here.

    Attributes:
        found: a few words; `why`: a sentence.
    """

    found: str
    why: str
    remedy: str = _REMEDY


@cache
def local_nodes() -> frozenset[str]:
    """The nodes that may stand in a graph.

    Raises:
        Damaged: the list is not the one that came with the program.
    """
    file = resource("comfyui", "local-nodes.toml")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        groups = content["nodes"]
        names = [name for group in groups.values() for name in group]
        if content["format"] != FORMAT or not names or not all(type(name) is str for name in names):
            raise ValueError("another format")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(
            "The list of local nodes cannot be read.", remedy="Install Studio Assist again.", place=str(file)
        ) from error
    return frozenset(names)


def is_graph(path: str, body: Mapping[str, object] | None) -> bool:
    """Whether a request is a graph, or holds something like one."""
    if path.rstrip("/").rsplit("/", 1)[-1].lower() == "prompt":
        return True
    return body is not None and (isinstance(body.get("prompt"), Mapping) or any(_graph_like(body, 0)))


def trouble_in(path: str, body: Mapping[str, object] | None) -> Trouble | None:
    """What is wrong with a request that is a graph; None for a good one, and for one that is none."""
    if not is_graph(path, body):
        return None
    if body is None:
        return Trouble("Not readable", "The graph cannot be read.")
    graph = body.get("prompt")
    if not isinstance(graph, Mapping) or not graph:
        return Trouble("No graph", "The request does not hold its graph where a server reads it.")
    for field in body:
        if field not in _BESIDE:
            return _beside(field)
    for field in _BESIDE - {"prompt"}:
        if isinstance(body.get(field), (Mapping, list, tuple)):
            return _beside(field)
    nodes = cast("Mapping[object, object]", graph)
    if len(nodes) > _MOST_NODES:
        return Trouble("Too large", f"The graph has more than {_MOST_NODES} nodes.")
    for number, node in nodes.items():
        if problem := _in_node(str(number), node):
            return problem
    return None


def _in_node(number: str, node: object) -> Trouble | None:
    where = f"Node {number if re.fullmatch(r'[0-9:]{1,12}', number) else '?'}"
    if not isinstance(node, Mapping):
        return Trouble(where, f"{where} of the graph is none.")
    fields = cast("Mapping[object, object]", node)
    if not fields.keys() <= _NODE:
        return Trouble(
            where,
            f"{where} holds more than its class and inputs.",
            "Send the graph as exported for the API, without titles and notes.",
        )
    name = fields.get("class_type")
    if type(name) is not str or name not in local_nodes():
        shown = name if isinstance(name, str) and re.fullmatch(r"[\w .:()+-]{1,60}", name) else "of no name"
        return Trouble(
            f"Node {shown}",
            f"The node {shown} is not known to work on the machine itself: it may pass on what it is given.",
        )
    inputs = fields.get("inputs", {})
    if not isinstance(inputs, Mapping):
        return Trouble(where, f"{where} has no inputs that can be read.")
    for value in cast("Mapping[object, object]", inputs).values():
        # An input is a value, or a link: [node, output].
        linked = isinstance(value, (list, tuple)) and _is_link(tuple(cast("list[object]", value)))
        if not linked and not (value is None or isinstance(value, (str, int, float, bool))):
            return Trouble(where, f"An input of {where.lower()} is neither a value nor a link.")
        if isinstance(value, str) and any(_graph_like(value, 0)):
            return Trouble(where, f"An input of {where.lower()} holds a graph of its own.")
    return None


def _is_link(value: tuple[object, ...]) -> bool:
    return len(value) == 2 and isinstance(value[0], (str, int)) and type(value[1]) is int


def _beside(field: object) -> Trouble:
    name = str(field)
    if _plain(name) == "extradata":
        return Trouble(
            "extra_data",
            "The graph comes with extra data: the keys of partner services, or the workflow, which is "
            "written into every picture that it makes.",
            "Send the graph alone.",
        )
    shown = name if re.fullmatch(r"\w{1,30}", name) else "a field"
    return Trouble("More than a graph", f"Beside the graph stands {shown}.", "Send the graph alone.")


def _graph_like(value: object, depth: int) -> Iterator[bool]:
    """True for every node, or what looks like one to a more generous reader."""
    if depth > _DEEPEST:
        yield True
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            if _plain(str(key)) in ("classtype", "extrapnginfo", "authtokencomfyorg", "apikeycomfyorg"):
                yield True
            yield from _graph_like(inner, depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in cast("list[object]", value):
            yield from _graph_like(inner, depth + 1)
    elif isinstance(value, str) and value.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", '"'):
        try:
            inner = json.loads(value.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            # No document: words about one, or half of one, which no server takes for a graph.
            return
        yield from _graph_like(inner, depth + 1)


def _plain(key: str) -> str:
    """A key without what a generous reader may overlook: case, width, signs between."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", key)).casefold()
