"""Hosts that draw, on the command line: set up, listed, looked at; and nobody there who could read a sheet."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from typing import Any

import pytest

from studio_assist.broker import sent_pictures
from studio_assist.cli import main
from studio_assist.gate.vision import Seen
from tests.fakes.images_host import png

Run = Callable[..., tuple[int, Any, str]]
SCRIPT = "Title: Larkspur\n\nINT. RADIO ROOM - NIGHT #14#\n\nMaya turns the dial.\n\nMAYA\nIt's not static.\n"
UNTIL = (date.today() + timedelta(days=60)).isoformat()
#: Nobody is there.
ADDRESS = "http://127.0.0.1:9"


class SawNothing:
    """In place of the extra [vision]."""

    def look(self, _data: bytes) -> Seen:
        return Seen()


@contextmanager
def answering() -> Generator[tuple[str, list[bytes]]]:
    """A server that knows nothing; gives its address and what it was asked."""
    asked: list[bytes] = []

    class Nothing(StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())
            while self.rfile.readline().strip():
                pass
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with TCPServer(("127.0.0.1", 0), Nothing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_pictures, "_looks", SawNothing)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, Any, str]:
        code = main([*map(str, words), "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else None, printed.err

    return command


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    script = tmp_path / "s.fountain"
    script.write_text(SCRIPT, encoding="utf-8")
    assert run("new", tmp_path / "P.studio", "--title", "Larkspur", "--script", script)[0] == 0
    return tmp_path / "P.studio"


def add(run: Run, project: Path, kind: str, url: str = ADDRESS, *, attested: bool = True) -> None:
    words = ("--id", "studio", "--type", kind, "--host", url, "--model", "boards_v2.safetensors")
    code, added, _ = run("backend", "add", project, *words)
    assert (code, added["where"], added["ready"]) == (0, "here", True)
    if attested:
        evidence = project.parent / "agreement.txt"
        evidence.write_text("Nothing is kept.", encoding="utf-8")
        words = ("--backend", "studio", "--evidence", evidence, "--until", UNTIL, "--by", "M. Castellan")
        assert run("attest", project, *words)[0] == 0


@pytest.mark.parametrize("kind", ["comfyui", "a1111", "sdcpp"])
def test_a_host_that_draws_is_listed_as_one_and_shows_what_would_leave(
    project: Path, run: Run, kind: str
) -> None:
    add(run, project, kind)
    _, listed, _ = run("backends", "--project", project)
    (one,) = [one for one in listed if one["id"] == "studio"]
    assert (one["kinds"], one["host"], one["retention_days"]) == (["pictures"], "127.0.0.1:9", 0)
    asked = project.parent / "ask.txt"
    asked.write_text("Maya waits by the radio.\n", encoding="utf-8")
    size = run("info", project)[1]["ledger"]["size"]
    code, found, _ = run("gate", project, "--backend", "studio", "--text", asked)
    assert (code, found["verdict"]) == (0, "ask")
    assert b"maya" not in base64.b64decode(found["envelope"]["body_b64"]).lower()
    # A picture goes along as what the host takes one for.
    image = project.parent / "Maya.png"
    image.write_bytes(png((64, 64), "white"))
    code, found, _ = run("gate", project, "--backend", "studio", "--text", asked, "--image", image)
    assert (code, found["verdict"]) == (0, "ask")
    assert b"Maya" not in base64.b64decode(found["envelope"]["body_b64"])
    assert run("info", project)[1]["ledger"]["size"] == size


@pytest.mark.parametrize("attested", [True, False])
def test_where_nobody_can_read_the_sheet_an_ask_ends_with_a_no_and_sends_nothing(
    project: Path, run: Run, *, attested: bool
) -> None:
    with answering() as (url, asked):
        add(run, project, "comfyui", url, attested=attested)
        words = ("--task", "board", "--backend", "studio", "--scene", "14", "--count", "1")
        code, told, noted = run("ask", project, *words)
    assert code == 1
    said = json.dumps(told) + noted
    assert ("in the window" in said) is attested
    assert ("attested" in said) is not attested
    assert "Traceback" not in noted
    assert not any(one.startswith(b"POST") for one in asked)
    # What was asked for is in the record with its end, and nothing waits.
    left = json.loads((project / "recovery" / "queue.json").read_text())
    assert left["jobs"] == []
    assert run("ledger", "verify", project)[0] == 0


def test_a_host_that_nobody_answers_at_is_told_as_that(project: Path, run: Run) -> None:
    add(run, project, "comfyui")
    code, told, noted = run("ask", project, "--task", "board", "--backend", "studio", "--count", "1")
    assert code == 2
    assert "127.0.0.1" in json.dumps(told) + noted
