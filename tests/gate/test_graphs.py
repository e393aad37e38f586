"""A graph leaves only with nodes that work on the machine itself, and with nothing beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio_assist.domain.generation import Where
from studio_assist.gate.case import Case
from studio_assist.gate.graphs import is_graph, local_nodes, trouble_in
from studio_assist.gate.rules import RULES
from studio_assist.gate.verdict import judge
from tests.gate.test_verdict import case

RULE = next(rule for rule in RULES if rule.id == "local-nodes")


def graph(**more: Any) -> dict[str, Any]:
    """A picture from words, as ComfyUI's own example draws it; `more` are further nodes."""
    return {
        "3": {
            "class_type": "KSampler",
            "inputs": {
                "seed": 7, "steps": 20, "cfg": 8.0, "sampler_name": "euler", "scheduler": "normal", "denoise": 1,
                "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0],
            },
        },
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd-xl.safetensors"}},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 576, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lamp on a table", "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "panel", "images": ["8", 0]}},
        **more,
    }  # fmt: skip


def node(name: object, **inputs: Any) -> dict[str, Any]:
    return {"class_type": name, "inputs": inputs}


def stays(body: Any, path: str = "/prompt") -> bool:
    assert is_graph(path, body)
    trouble = trouble_in(path, body)
    assert trouble is None or (trouble.found and trouble.why.endswith(".") and trouble.remedy)
    return trouble is not None


def test_a_graph_of_local_nodes_may_be_sent() -> None:
    body = {
        "prompt": graph(),
        "prompt_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "client_id": "x",
        "front": True,
    }
    assert not stays(body)
    assert not stays(body, "/api/prompt")
    sketched = graph(**{
        "10": node("LoadImage", image="image_1.png"),
        "11": node("ControlNetLoader", control_net_name="scribble.safetensors"),
        "12": node("ControlNetApplyAdvanced", image=["10", 0], control_net=["11", 0], strength=0.6),
        "13": node("LoraLoader", lora_name="ink.safetensors", strength_model=1.0),
    })  # fmt: skip
    assert not stays({"prompt": sketched})


@pytest.mark.parametrize(
    "body",
    [
        {"model": "gpt-5", "input": "What is a prompt?", "store": False},
        {"messages": [{"role": "user", "content": '"Type faster," she says. {He types.}'}]},
        {"prompt": "a lamp", "init_images": [], "type": "object"},
        {"prompt": "[a lamp]", "tools": [{"type": "function"}]},
        {},
        None,
    ],
)
def test_a_request_that_is_no_graph_passes_this_rule(body: Any) -> None:
    assert trouble_in("/v1/responses", body) is None
    assert not is_graph("/v1/responses", body)


REMOTE = [
    "FluxProUltraImageNode", "OpenAIGPTImage1", "GeminiNanoBanana2", "RecraftTextToImageNode", "IdeogramV3",
    "SaveImageS3", "LoadImageFromURL", "LoadImageOutput", "PythonCode", "ksampler", "KSampler ", "KSаmpler", "KSampler\u200b",
    "", None, 3, ["KSampler"], {"KSampler": 1},
]  # fmt: skip


@pytest.mark.parametrize("name", REMOTE, ids=repr)
def test_a_node_that_is_not_known_to_stay_keeps_the_graph_here(name: object) -> None:
    assert stays({"prompt": graph(**{"10": node(name)})})


HIDDEN: dict[str, Any] = {
    "the key in capitals": {"prompt": graph(**{"10": {"CLASS_TYPE": "X", "inputs": {}}})},
    "the key in wide letters": {"x": {"ｃｌａｓｓ＿ｔｙｐｅ": "X"}},
    "the key with a dash": {"x": [{"class-type": "KSampler"}]},
    "a node in a node": {"prompt": graph(**{"10": node("SaveImage", images={"class_type": "X"})})},
    "a node in an input's list": {"prompt": graph(**{"10": node("SaveImage", images=[{"class_type": "X"}, 0])})},
    "a list of values": {"prompt": graph(**{"10": node("CLIPTextEncode", text=["INT. LIGHTHOUSE", "NIGHT"])})},
    "a graph in a node's words": {"prompt": graph(**{"10": node("CLIPTextEncode", text=json.dumps(graph()))})},
    "a graph in a string": {"prompt": json.dumps(graph())},
    "a graph in a string in a string": {"messages": [{"content": json.dumps(json.dumps(graph()))}]},
    "a graph in a string in wide letters": {"x": '{"ｃｌａｓｓ＿ｔｙｐｅ": "X"}'},
    "a graph in a string in escapes": {"x": '{"cl\\u0061ss_type": "X"}'},
    "a list of graphs": {"prompt": [graph()]},
    "another name for it": {"Prompt": graph(), "prompt": graph()},
    "a second graph beside": {"prompt": graph(), "workflow": {"nodes": [{"type": "X"}]}},
    "a graph as the number": {"prompt": graph(), "number": graph()},
    "a subgraph": {"prompt": graph(**{"10": {**node("KSampler"), "definitions": {"subgraphs": []}}})},
    "titles": {"prompt": graph(**{"10": {**node("KSampler"), "_meta": {"title": "Maya at the lighthouse"}}})},
    "no node": {"prompt": graph(**{"10": "KSampler"})},
    "no inputs": {"prompt": graph(**{"10": {"class_type": "KSampler", "inputs": "x"}})},
    "an empty graph": {"prompt": {}},
    "too many": {"prompt": {str(number): node("KSampler") for number in range(501)}},
    "a key": {"prompt": graph(), "extra_data": {"api_key_comfy_org": "comfyui-0123456789"}},
    "a token": {"prompt": graph(), "extra_data": {"auth_token_comfy_org": "eyJ0"}},
    "a key elsewhere": {"prompt": "a lamp", "x": {"Api-Key-Comfy-Org": "comfyui-0123456789"}},
    "the workflow": {"prompt": graph(), "extra_data": {"extra_pnginfo": {"workflow": {"notes": "INT. LIGHTHOUSE"}}}},
    "the workflow alone": {"prompt": graph(), "extra_pnginfo": {"workflow": {}}},
    "empty extra data": {"prompt": graph(), "extra_data": {}},
    "extra data in other letters": {"prompt": graph(), "Extra-Data": {}},
}  # fmt: skip


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_a_graph_that_hides_something_stays_here(body: Any) -> None:
    assert stays(body, "/v1/responses")
    assert stays(body)


def test_a_graph_that_cannot_be_read_stays_here() -> None:
    assert stays(None)
    assert stays({"prompt": "a lamp"})
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    assert stays({"deep": deep}, "/v1/responses")


def _posted(**changes: Any) -> Case:
    return case(host="127.0.0.1", port=8188, scheme="http", path="/prompt", where=Where.HERE, **changes)


def test_the_gate_says_which_node_it_was() -> None:
    verdict = judge(_posted(body={"prompt": graph(**{"10": node("FluxProUltraImageNode")})}))
    assert verdict.verdict == "blocked"
    check = next(check for check in verdict.checks if check.rule == "local-nodes")
    assert not check.holds
    assert check.found == "Node FluxProUltraImageNode"
    assert "local-nodes" in verdict.rules
    assert RULE.look(_posted(body={"prompt": graph()})) == "Local nodes"
    assert RULE.look(case()) == "No graph"


def test_no_node_of_a_partner_is_on_the_list() -> None:
    assert {"KSampler", "CheckpointLoaderSimple", "SaveImage"} <= local_nodes()
    for name in local_nodes():
        assert not any(
            word in name.lower() for word in ("api", "url", "openai", "http", "cloud", "upload", "flux")
        )
