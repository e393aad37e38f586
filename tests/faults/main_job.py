"""The window's main job, once: `python -m tests.faults.main_job HOME PROJECT`.

Opens the project, asks, accepts, types, saves and exports, as a person does; then says on standard output, as one line
of JSON, which modules the window's process had loaded, which processes it had and what of it was refused.
It waits for a line on standard input before it closes, so that its processes can be looked at.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio_assist.app import refuse_sockets
from studio_assist.domain.candidate import State
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId
from tests.desk.studio_driver import CTRL, Driver


def main(home: Path, project: Path) -> None:
    refuse_sockets()
    tried: list[str] = []
    sys.addaudithook(lambda event, _args: tried.append(event) if event.startswith("socket.") else None)
    driver = Driver(home, Person(id=PersonId("okafor-1"), name="R. Okafor")).begin(project)
    card = driver.ask("The last boat left", least=1)[0]
    offered = driver.offered(card)
    driver.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    driver.caret_on("Rain on the windows")
    QTest.keyClicks(driver.editor, "Hard ")
    QTest.keyClick(driver.studio.shell, Qt.Key.Key_S, CTRL)
    driver.saved()
    driver.export(project.with_suffix(".pdf"))
    told: dict[str, Any] = {
        "modules": sorted(sys.modules),
        "broker": driver.window.client.pid,
        "offered": offered,
        "sockets": tried,
        "interfaces": [line.split(":")[0].strip() for line in _lines("/proc/net/dev")[2:]],
        "loopback_up": _loopback_up(),
    }
    print(json.dumps(told), flush=True)
    sys.stdin.readline()
    driver.close()


def _loopback_up() -> bool:
    """Whether this machine's own address is in the routing table: with the interface down it is not."""
    return any(line.split()[-1] == "lo" for line in _lines("/proc/net/if_inet6")) or "127.0.0.1" in "".join(
        _lines("/proc/net/fib_trie")
    )


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


if __name__ == "__main__":
    # Where it was, should it ever crash.
    faulthandler.enable()
    main(Path(sys.argv[1]), Path(sys.argv[2]))
