"""After a day's work the words of prompts are in the salted store, and a provider's key is nowhere at all."""

from __future__ import annotations

import asyncio
import base64
import logging
import sqlite3
from pathlib import Path

import pytest
from broker_work import SCRIPT, WRITER, anchor
from gate_work import KEY, AtGate, at_gate

from studio_assist import protocol
from studio_assist.broker.server import details_of
from studio_assist.domain.candidate import State

#: Words of a note, and so of a prompt; they stand nowhere else.
NOTE = "slower, like somebody counting herons"
#: What the host says.
SAID = "Somebody is breathing in it, and it is not the wind."
#: Words that were never sent, because a name stood in them that no token can replace.
BLOCKED = "as a lamplighter would, TWF5YQ== that is"


@pytest.fixture(autouse=True)
def everything_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("OPENAI_LOG", "ANTHROPIC_LOG", "HTTPX_LOG_LEVEL", "STUDIO_ASSIST_LOG"):
        monkeypatch.setenv(name, "debug")
    caplog.set_level(logging.DEBUG)


def test_words_of_prompts_are_in_the_salted_store_alone_and_no_key_is_anywhere(
    tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Larkspur.studio"
    asyncio.run(_work(folder))

    (folder / "Larkspur.pdf").unlink()  # the export is the script itself, for people
    words = [text.encode() for text in (NOTE, SAID, BLOCKED, "herons", "lamplighter", "You are helping")]
    keys = [
        form
        for one in (KEY.encode(),)
        for form in (one, one[3:], base64.b64encode(one)[:-4], one.hex().encode())
    ]
    files = [path for top in (folder, home) for path in top.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"ledger.sqlite", "project.toml", "backends.toml"}
    for path in files:
        data = path.read_bytes()
        assert not [key for key in keys if key in data], path
        if not path.name.startswith("ledger.sqlite"):
            assert not [word for word in words if word in data], path

    store, rest = _tables(folder / "ledger.sqlite")
    for word in (NOTE, SAID, BLOCKED):
        assert word in store
    assert not [word for word in words if word.decode() in rest]

    logged = caplog.text + "".join(capfd.readouterr())
    assert "added a host: host" in logged  # it is a log, and was kept
    assert not [word for word in [*words, *keys] if word.decode() in logged]


def test_a_crash_report_says_where_and_not_what() -> None:
    try:
        try:
            raise ValueError(f"cannot place {NOTE!r}")
        except ValueError as error:
            raise KeyError(SAID, KEY) from error
    except KeyError as error:
        told = details_of(error)
    assert "test_nothing_confidential" in told
    assert "KeyError" in told
    for secret in ("herons'", SAID, KEY):
        assert secret not in told.replace('raise ValueError(f"cannot place {NOTE!r}")', "")


# internals ----------------------------------------------------------------------------------------------


async def _work(folder: Path) -> None:
    async with at_gate(folder, _answer, script=SCRIPT) as gate:
        project = gate.project
        for outcome in (State.ACCEPTED, State.REJECTED):
            (candidate,) = await gate.send(await gate.ask(note=NOTE))
            await project.present(candidate)
            await project.decide(candidate, outcome)
        await _fail(gate)
        line = anchor(SCRIPT)
        text = SCRIPT[: line.start] + "Somebody else." + SCRIPT[line.end :]
        saving = protocol.SaveScriptParams(text=text, spans=(), expected=project.state.stamp)
        await gate.broker.handle(protocol.SAVE_SCRIPT, saving)
        out = protocol.ExportParams(format="pdf", out=str(folder / "Larkspur.pdf"), person=WRITER)
        await gate.broker.handle(protocol.EXPORT, out)


async def _fail(gate: AtGate) -> None:
    request = await gate.ask(note=BLOCKED)
    assert (await gate.sheet(request)).verdict == "blocked"
    await gate.end(request)


def _answer(_request: bytes) -> list[bytes | float | None]:
    from gate_work import chat_stream

    return [chat_stream(SAID)]


def _tables(path: Path) -> tuple[str, str]:
    """What the ledger's salted store holds, and what all its other tables hold, as text."""
    with sqlite3.connect(path) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        held = {name: "\n".join(map(_text, database.execute(f"SELECT * FROM {name}"))) for name in names}
    database.close()
    return held.pop("contents"), "\n".join(held.values())


def _text(row: tuple[object, ...]) -> str:
    return " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row)
