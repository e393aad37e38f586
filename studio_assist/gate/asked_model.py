"""Which model a request asks for, wherever its API has it written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from studio_assist.gate.graphs import is_graph

#: The inputs of ComfyUI's loaders that name the model which draws. What works beside it (a ControlNet, a VAE)
#: is named in others.
_NAMES: Final = ("ckpt_name", "unet_name")


def model_of(
    method: str, path: str, body: Mapping[str, object] | None, loaded: str, unnamed: Iterable[str]
) -> str:
    """The model as the request names it; "" where it names none, which no terms cover.

    Args:
        loaded: what the host was set up with; it counts for requests of the kinds in `unnamed`, which have no
            field for it ("POST /sdapi/v1/txt2img").
    """
    if body is None:
        return ""
    if is_graph(path, body):
        # More than one is more than was attested: a name with a space in it is covered by nothing.
        return " + ".join(sorted(_in_graph(body.get("prompt"))))
    if "model" in body:
        return str(body["model"])
    for one in unnamed:
        verb, _, end = one.partition(" ")
        if method == verb and path.endswith(end):
            return loaded
    return ""


def _in_graph(graph: object) -> set[str]:
    if not isinstance(graph, Mapping):
        return set()
    found: set[str] = set()
    for node in cast("Mapping[object, object]", graph).values():
        inputs = cast("Mapping[object, object]", node).get("inputs") if isinstance(node, Mapping) else None
        if isinstance(inputs, Mapping):
            fields = cast("Mapping[object, object]", inputs)
            found |= {str(fields[name]) for name in _NAMES if name in fields}
    return found
