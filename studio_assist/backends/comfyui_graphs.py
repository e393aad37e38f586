"""Templates of ComfyUI's graphs: a graph as exported for its API, and which of its inputs take what.

They are data: `resources/comfyui/templates`, and the user's own folder `comfyui`, whose templates win by
their id. A template is chosen by the pictures that go along with a request, and nothing is guessed about a
graph: what is not named in its inputs stays as it is.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, cast

from pydantic import Field, StringConstraints, ValidationError, model_validator

from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.pictures import PictureRequest, Role
from studio_assist.domain.values import Value
from studio_assist.paths import resource

#: The sides of a latent picture are eighths; what was asked for is rounded to them.
STEP_PX: Final = 8
#: A template with its graph is read whole; this is far more than any has, in bytes.
_LONGEST: Final = 2 * 2**20
#: What a request decides itself, and no setting of the host.
_ASKED: Final = frozenset({"prompt", "negative", "seed", "width", "height", "count", "strength", "model"})

Node = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z:_-]{1,20}$")]
#: "5.steps": an input of a node.
Place = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z:_-]{1,20}\.[A-Za-z0-9_.]{1,60}$")]
#: A graph: nodes by their ids.
Graph = dict[str, dict[str, Any]]


class Template(Value):
    """One template.

    Attributes:
        graph: file name of the graph, beside this file.
        takes: roles of the pictures it works on, each once; `reference` as often as it has places for.
        output: the node whose pictures are the answer; "" for all that any node gives.
        inputs: what is filled in, by name; every one but those of a request may be set in the host's fields.
        pictures: which inputs name the picture of a role; those of `reference` take one each, in order.
        choose: patterns of names for an input that nobody set: the first installed one that fits.
    """

    format: Literal[1]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    graph: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}\.json$")]
    takes: tuple[Role, ...] = ()
    output: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z:_-]{0,20}$")] = ""
    inputs: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")], tuple[Place, ...]]
    pictures: dict[Role, Annotated[tuple[Place, ...], Field(min_length=1)]] = {}
    choose: dict[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if "prompt" not in self.inputs:
            raise ValueError("it does not say where the prompt goes")
        if set(self.takes) != set(self.pictures):
            raise ValueError("`takes` and `pictures` do not speak of the same roles")
        if set(self.choose) - set(self.inputs):
            raise ValueError("`choose` speaks of an input that is not there")
        return self


class Workflow(Value):
    """A template with its graph, which holds every input that the template fills in."""

    template: Template
    graph: Graph

    @property
    def roles(self) -> frozenset[Role]:
        """What it works on."""
        return frozenset(self.template.takes)

    def places(self, name: str) -> tuple[str, ...]:
        """The inputs of this name; () where the template has none."""
        return self.template.inputs.get(name, ())

    def size(self, request: PictureRequest) -> tuple[int, int] | None:
        """The size of the picture that will come, or None where the graph decides it."""
        if not (self.places("width") and self.places("height")):
            return None
        return _rounded(request.width_px), _rounded(request.height_px)

    def filled(
        self, request: PictureRequest, values: Mapping[str, object], names: Mapping[str, str]
    ) -> Graph:
        """The graph for a request.

        Args:
            values: what stands in inputs that no request decides, the model among them.
            names: what each picture is called on the host, by its name in the request.
        """
        graph = cast("Graph", json.loads(json.dumps(self.graph)))
        asked: dict[str, object] = {
            "prompt": request.prompt,
            "negative": request.negative,
            "seed": request.seed,
            "width": _rounded(request.width_px),
            "height": _rounded(request.height_px),
            "count": request.count,
            "strength": round(request.strength, 3),
            **values,
        }
        for name, places in self.template.inputs.items():
            if name in asked:
                for place in places:
                    _put(graph, place, asked[name])
        for role, places in self.template.pictures.items():
            carried = request.of_role(role)
            for number, place in enumerate(places):
                _put(graph, place, names[carried[min(number, len(carried) - 1)].name])
        return graph


class Workflows:
    """Every template there is: the program's own, and the user's, which win."""

    def __init__(self, folder: Path | None = None) -> None:
        self._found: dict[str, Workflow | StudioError] = {}
        for where in (resource("comfyui", "templates"), folder):
            for file in sorted(where.glob("*.toml")) if where is not None else ():
                try:
                    found = read_workflow(file)
                    self._found[found.template.id] = found
                except StudioError as error:
                    # It is told to whoever wants this one; the others work.
                    self._found[file.stem] = error

    def all(self) -> tuple[Workflow, ...]:
        """Those that can be used."""
        return tuple(one for one in self._found.values() if isinstance(one, Workflow))

    def fitting(self, request: PictureRequest) -> Workflow:
        """The template for the pictures that go along.

        Raises:
            BadInput: there is none, or the user's own cannot be read.
        """
        roles = frozenset(one.role for one in request.references)
        # The last one is the user's.
        for one in reversed(self.all()):
            if one.roles == roles and _counts_fit(one, request):
                return one
        for error in self._found.values():
            if isinstance(error, StudioError):
                raise error
        words = ", ".join(sorted(roles)) or "words alone"
        raise BadInput(
            f"There is no graph for {words}.",
            remedy="Leave some of the pictures out, or put a template for them into the folder comfyui in "
            "your own folder.",
            place="references",
        )


def read_workflow(file: Path) -> Workflow:
    """A template with its graph.

    Raises:
        BadInput: it cannot be read, or speaks of an input that the graph does not have; `place` is the file.
    """
    try:
        template = Template.model_validate(_tuples(tomllib.loads(_text(file))))
        graph_file = file.with_name(template.graph)
        graph: object = json.loads(_text(graph_file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _bad(file, f"{where}: {first['msg']}" if where else first["msg"]) from error
    except (ValueError, RecursionError) as error:
        raise _bad(file, "it or its graph is no TOML or JSON") from error
    if not isinstance(graph, dict) or not graph or "nodes" in graph:
        raise _bad(file, "its graph is not one that was exported for the API")
    nodes = cast("Graph", graph)
    for node in nodes.values():
        if set(node) - {"class_type", "inputs", "_meta"} or not isinstance(node.get("class_type"), str):
            raise _bad(file, "its graph is not one that was exported for the API")
        # Titles that people wrote are for the editor, and the gate lets none out.
        node.pop("_meta", None)
        node.setdefault("inputs", {})
    named = (*template.inputs.values(), *template.pictures.values())
    for place in (place for places in named for place in places):
        node, _, name = place.partition(".")
        if node not in nodes or name not in nodes[node]["inputs"]:
            raise _bad(file, f"the graph has no input {place}")
    if template.output and template.output not in nodes:
        raise _bad(file, f"the graph has no node {template.output}")
    return Workflow(template=template, graph=nodes)


def settings_for(workflow: Workflow, fields: Mapping[str, object]) -> dict[str, object]:
    """What a host's fields set in a template, by the input's name."""
    return {
        name: value
        for name, value in fields.items()
        if name in workflow.template.inputs and name not in _ASKED
    }


def classes_in(graph: Graph) -> tuple[str, ...]:
    """The classes of a graph's nodes, each once."""
    return tuple(dict.fromkeys(str(node["class_type"]) for node in graph.values()))


def wrong_choices(graph: Graph, known: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str, str]]:
    """Inputs whose value the host does not have: (class, input, value).

    Args:
        known: what the host says of each class (`/object_info`).
    """
    for node in graph.values():
        name = str(node["class_type"])
        for given, value in node["inputs"].items():
            # An uploaded picture is in no list yet.
            choices = choices_of(known.get(name, {}), given)
            if choices is not None and isinstance(value, str) and given != "image" and value not in choices:
                yield name, given, value


def choices_of(info: Mapping[str, Any], given: str) -> tuple[str, ...] | None:
    """What may stand in an input of a class, or None where anything may."""
    for group in ("required", "optional"):
        inputs: Any = info.get("input", {}).get(group, {}) if isinstance(info.get("input"), dict) else {}
        spec: Any = inputs.get(given) if isinstance(inputs, dict) else None
        if not isinstance(spec, list) or not spec:
            continue
        # [["a", "b"], …] of old; ["COMBO", {"options": ["a", "b"]}] since the third version of its nodes.
        options = spec[0]
        if options == "COMBO" and len(spec) > 1 and isinstance(spec[1], dict):
            options = spec[1].get("options")
        if isinstance(options, list):
            return tuple(str(one) for one in options)
    return None


# internals


def _rounded(side: int) -> int:
    return max(STEP_PX, round(side / STEP_PX) * STEP_PX)


def _counts_fit(workflow: Workflow, request: PictureRequest) -> bool:
    return all(
        len(request.of_role(role)) <= (len(places) if role == "reference" else 1)
        for role, places in workflow.template.pictures.items()
    )


def _put(graph: Graph, place: str, value: object) -> None:
    node, _, name = place.partition(".")
    graph[node]["inputs"][name] = value


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LONGEST:
            raise _bad(file, "it is too long")
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise _bad(file, f"{file.name} cannot be read ({error.strerror})") from error


def _bad(file: Path, why: str) -> BadInput:
    return BadInput(
        f"The ComfyUI template {file.name} cannot be used: {why}.",
        remedy="Correct it, or take it out of the folder.",
        place=str(file),
    )


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(part) for part in cast("list[object]", value))
    if isinstance(value, dict):
        return {key: _tuples(part) for key, part in cast("dict[str, object]", value).items()}
    return value
