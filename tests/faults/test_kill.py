"""kill -9 at random moments of broker, model and window, again and again on one project: nothing is lost.

The promise: a decision whose card said that it was made is in the record, and its words are in the script or
offered when the project is opened next; no file is half written; the record verifies; nobody is left behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import selectors
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.domain.record import DecisionMade
from studio_assist.domain.values import sha256_of
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import Ledger, verify
from tests.faults.processes import alive, kill, model_of, wait_for
from tests.faults.window_at_work import WRITER
from tests.models import model_file as model_file

ROOT: Final = Path(__file__).parents[2]
SEED: Final = int(os.environ.get("STUDIO_ASSIST_KILL_SEED", "20261122"))
LIVES: Final = int(os.environ.get("STUDIO_ASSIST_KILL_LIVES", "11"))
#: What is killed in each life of a window; 11 lives are 55 kills.
KILLS: Final = ("broker", "model", "broker", "model", "window")
#: A kill comes at most this long after what it is meant to hit, in seconds.
LATEST: Final = {"asking": 1.2, "deciding": 0.12, "typing": 0.3, "saving": 0.05}
#: How long it is waited for, in seconds. If it does not come, whatever is going on is hit.
PATIENCE: Final = {"asking": 3.0, "deciding": 6.0, "typing": 3.0, "saving": 3.0}

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@dataclass
class Seen:
    """What the people at all the windows so far have seen."""

    decided: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    undone: set[int] = field(default_factory=set[int])
    sent: set[str] = field(default_factory=set[str])
    steps: dict[str, int] = field(default_factory=dict[str, int])


class Life:
    """One window from its start to its end."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, seen: Seen) -> None:
        self.process: Final = process
        self.log: Final = log
        self.seen: Final = seen
        self.broker = 0
        self.brokers: set[int] = set()
        self.models: set[int] = set()
        self._rest = b""
        self._selector = selectors.DefaultSelector()
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ)

    def read(self, seconds: float) -> list[str]:
        """What it says within this time, or sooner if it says something."""
        if not self._selector.select(seconds):
            return []
        assert self.process.stdout
        self._rest += self.process.stdout.read() or b""
        *lines, self._rest = self._rest.split(b"\n")
        said = [line.decode() for line in lines]
        for line in said:
            self._note(line)
        return said

    def wait(self, word: str, seconds: float) -> bool:
        """Until it says a line that begins so."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if any(line.startswith(word) for line in self.read(min(left, 0.05))):
                return True
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
        return False

    def pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def end(self) -> None:
        """kill -9 of the window, and what it had still said."""
        self.process.kill()
        self.process.wait()
        while self.read(0.2):
            pass
        self._selector.close()
        assert self.process.stdout
        self.process.stdout.close()

    def _note(self, line: str) -> None:
        word, *rest = line.split()
        seen = self.seen
        seen.steps[word] = seen.steps.get(word, 0) + 1
        match word:
            case "broker":
                self.broker = int(rest[0])
                self.brokers.add(self.broker)
            case "sent":
                seen.sent.add(rest[0])
            case "decided":
                seen.decided[int(rest[2])] = (rest[0], rest[1])
            case "undoing":
                seen.undone.add(int(rest[0]))
            case "bug":
                raise AssertionError(line)
            case _:
                pass


@linux
@pytest.mark.timeout(900)
def test_no_decision_and_no_file_is_lost_by_kills_at_random_moments(
    tmp_path: Path, model_file: object, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    project = tmp_path / "Ferry.studio"
    script = _script()
    asyncio.run(_make(project, script))
    seen = Seen(sent={sha256_of(script)})
    kills = 0
    began = time.monotonic()
    for number in range(LIVES):
        with _window(tmp_path, project, chance.randrange(2**31), seen) as life:
            assert life.wait("broker", 60), "the window did not come up"
            for victim in KILLS[:-1]:
                kills += _strike(life, victim, chance)
            _strike(life, "window", chance)
            kills += 1
        _nobody_is_left(life)
        asyncio.run(_check(project, seen))
        with capsys.disabled():
            print(
                f"\n  seed {SEED}, window {number + 1}: {kills} kills, {time.monotonic() - began:.0f} s",
                end="",
            )
    with capsys.disabled():
        print(f"\n  {len(seen.decided)} decisions seen; {seen.steps}", end=" ")
    assert kills >= 50 or LIVES < 11
    assert len(seen.decided) >= LIVES, f"too little was decided to say anything: {seen.steps}"


# internals ----------------------------------------------------------------------------------------------


@contextmanager
def _window(tmp_path: Path, project: Path, seed: int, seen: Seen) -> Iterator[Life]:
    log = tmp_path / "window.log"
    environment = os.environ | {"STUDIO_ASSIST_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.window_at_work",
                str(tmp_path / "home"),
                str(project),
                str(seed),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
        )
    life = Life(process, log, seen)
    try:
        yield life
    finally:
        life.end()
    told = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in told, told


def _strike(life: Life, victim: str, chance: random.Random) -> int:
    """Wait for a moment worth striking at, then kill. Gives how many were killed."""
    moment = "asking" if victim == "model" else chance.choice(list(LATEST))
    life.wait(moment, 6 if victim == "model" else PATIENCE[moment])
    if victim == "model":
        end = time.monotonic() + 6
        while model_of(life.broker) is None and time.monotonic() < end:
            life.pause(0.02)
    life.pause(chance.uniform(0, LATEST[moment]))
    model = model_of(life.broker)
    if model is not None:
        life.models.add(model)
    if victim == "window":
        life.process.kill()
        return 1
    if victim == "model":
        return int(model is not None and kill(model))
    before = life.broker
    kill(before)
    assert life.wait("broker", 30), f"no new broker: {life.log.read_text(encoding='utf-8')}"
    assert life.broker != before
    return 1


def _nobody_is_left(life: Life) -> None:
    left = life.brokers | life.models
    wait_for(lambda: not any(alive(pid) for pid in left), f"the end of {left}")


async def _make(project: Path, script: str) -> None:
    source = project.with_suffix(".fountain")
    source.write_text(script, encoding="utf-8")
    broker = Broker(lambda _event: None)
    making = protocol.CreateProjectParams(
        path=str(project), title="The Ferry", script_file=str(source), person=WRITER
    )
    await broker.handle(protocol.CREATE_PROJECT, making)
    await broker.close()


async def _check(project: Path, seen: Seen) -> None:
    """Open the project as the next window will and look for everything that people saw."""
    data = (project / "script.fountain").read_bytes()
    text = data.decode("utf-8")
    assert sha256_of(text) in seen.sent, "the script is none that any window had"
    assert parse(text).text == text
    tomllib.loads((project / "project.toml").read_text(encoding="utf-8"))
    for file in [project / "temp.json", *(project / "recovery").glob("*.json")]:
        json.loads(file.read_bytes())
    checked = verify(project / "ledger.sqlite")
    assert checked.ok, checked.why
    broker = Broker(lambda _event: None)
    try:
        opening = protocol.OpenProjectParams(path=str(project), person=WRITER)
        state = await broker.handle(protocol.OPEN_PROJECT, opening)
        assert state.read_only is None, "a broker that nobody needs holds the project"
        ledger = broker.session.ledger
        _look_for_decisions(state, ledger, seen)
    finally:
        await broker.close()
    assert not list(project.rglob("*.partial"))


def _look_for_decisions(state: protocol.ProjectState, ledger: Ledger, seen: Seen) -> None:
    here = {span.entry for span in state.spans if span.state == "anchored"}
    offered = {offer.span.entry for offer in state.recovery if offer.span}
    offered |= {span.entry for offer in state.recovery for span in offer.spans}
    for number, (candidate, outcome) in seen.decided.items():
        entry = ledger.entry(number)
        assert isinstance(entry.body, DecisionMade)
        assert (entry.body.candidate, entry.body.outcome) == (candidate, outcome)
        undone = number in seen.undone or ledger.entries(type="decision_undone", decision=entry.number)
        if outcome == "rejected" or undone:
            continue
        assert number in here | offered, (
            f"the words of decision {number} are neither in the script nor offered: "
            f"{[after.body for after in ledger.entries(decision=entry.number)]}"
        )


def _script() -> str:
    """Short scenes with many speeches, each of which stands once."""
    names = ("NORA", "TOM")
    lines = ["Title: The Ferry", ""]
    for scene in range(1, 9):
        lines += [f"INT. CABIN {scene} - NIGHT", "", "Fog." if scene == 1 else "Nobody moves.", ""]
        for speech in range(1, 7):
            lines += [names[speech % 2], f"We left harbour {scene} at {speech} and nobody waved.", ""]
    return "\n".join(lines)
