"""Backends come through one door, the built-in ones too; a stranger's mistake stays the stranger's."""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import distributions, entry_points
from pathlib import Path

import pytest

from studio_assist.backends import hookspec, weights
from studio_assist.backends.hookspec import GROUP, BackendConfig
from studio_assist.backends.registry import Backends
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.generation import Delta, Finished, Prompt, TextRequest, Where
from studio_assist.domain.ports import Call, ClosedDoor


class NoRuntime:
    """Stands in where nothing is asked of a local model."""

    async def generate(self, model, request, style=None):
        raise AssertionError("nothing here runs a model")
        yield


def config(**settings: object) -> BackendConfig:
    return BackendConfig(transport=ClosedDoor(), runtime=NoRuntime(), settings=settings)


def installed(folder: Path, name: str, module: str) -> list:
    """A plugin package in a folder, with its metadata, as pip would leave it; its entry points."""
    (folder / f"{name}.py").write_text(module, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}\n", encoding="utf-8")
    return [
        point
        for found in distributions(path=[str(folder)])
        for point in found.entry_points.select(group=GROUP)
    ]


def documented_plugin() -> str:
    """The whole plugin that the hook file shows, cut out of its docstring."""
    block = hookspec.__doc__.split("This is a whole one:", 1)[1].split("What a backend is asked", 1)[0]
    return "\n".join(line.removeprefix("    ") for line in block.strip("\n").splitlines())


def test_the_plugin_in_the_documentation_works_in_under_forty_lines(tmp_path, monkeypatch):
    source = documented_plugin()
    assert len(source.splitlines()) <= 40
    monkeypatch.syspath_prepend(str(tmp_path))
    backends = Backends(config(), installed(tmp_path, "parrot", source))
    parrot = backends.get("parrot")
    assert parrot.info.ready

    async def ask():
        request = TextRequest(prompts=(Prompt(text="Polly\nwants a cracker"),), count=2)
        return [event async for event in parrot.generate(request)]

    events = asyncio.run(ask())
    assert [event.text for event in events if isinstance(event, Delta)] == ["wants a cracker"] * 2
    assert sum(isinstance(event, Finished) for event in events) == 2
    sys.modules.pop("parrot", None)


HOOK = (
    "from studio_assist.backends.hookspec import hookimpl\n@hookimpl\ndef studio_assist_backends(config):\n"
)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("this is no python at all", "SyntaxError"),
        ("import nothing_like_this", "nothing_like_this"),
        ("raise SystemExit(3)", "ended the program"),
        (f"{HOOK}    yield 1 / 0\n", "ZeroDivisionError"),
        (f"{HOOK}    yield object()\n", "info"),
    ],
)
def test_a_broken_plugin_is_listed_as_not_ready_and_takes_nothing_along(tmp_path, monkeypatch, module, said):
    monkeypatch.syspath_prepend(str(tmp_path))
    own = installed(tmp_path, "wreck", module)
    backends = Backends(config(), [*entry_points(group=GROUP), *own])
    by_id = {info.id: info for info in backends.infos()}
    assert said in by_id["wreck"].why
    assert by_id["wreck"].remedy
    assert not by_id["wreck"].ready
    assert "embedded" in by_id

    async def ask():
        async for _ in backends.get("wreck").generate(TextRequest(prompts=(Prompt(text="x"),))):
            pass

    with pytest.raises(Unavailable, match=said):
        asyncio.run(ask())
    sys.modules.pop("wreck", None)


def test_the_built_in_backend_stays_here_and_says_how_good_it_is():
    info = Backends(config()).get("embedded").info
    assert info.where is Where.HERE
    assert info.host is None
    assert info.retention_days == 0
    assert info.trains is False
    assert info.quality == "very small offline model: rough ideas"


def test_no_plugin_takes_the_place_of_a_built_in_backend(tmp_path, monkeypatch):
    source = documented_plugin().replace('id="parrot"', 'id="embedded"')
    monkeypatch.syspath_prepend(str(tmp_path))
    backends = Backends(config(), [*installed(tmp_path, "aparrot", source), *entry_points(group=GROUP)])
    assert backends.get("embedded").info.model == weights.MODEL_NAME
    sys.modules.pop("aparrot", None)


def test_missing_weights_are_said_with_what_to_do(tmp_path):
    info = Backends(config(models_folder=str(tmp_path))).get("embedded").info
    assert not info.ready
    assert "make run" in info.remedy


def test_a_file_that_is_no_model_is_listed_with_its_reason(tmp_path):
    (tmp_path / "song.gguf").write_bytes(b"RIFF" + bytes(100))
    infos = Backends(config(gguf=[str(tmp_path / "song.gguf"), str(tmp_path / "gone.gguf")])).infos()
    assert {info.name: info.why for info in infos if not info.ready and info.id != "embedded"} == {
        "song.gguf": "This is not a GGUF file.",
        "gone.gguf": "The file cannot be read: No such file or directory.",
    }


def test_an_unknown_backend_is_refused_with_the_known_ones():
    with pytest.raises(BadInput) as raised:
        Backends(config()).get("skynet")
    assert "embedded" in raised.value.remedy


def test_the_closed_door_sends_nothing_and_does_not_repeat_the_address_query():
    with pytest.raises(Refusal) as raised:
        asyncio.run(
            ClosedDoor().send(Call(method="POST", url="https://example.org/v1?key=secret", body=b"x"))
        )
    assert "secret" not in str(raised.value)
