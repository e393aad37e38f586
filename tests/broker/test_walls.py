"""The broker's process and its model's start and reach what they need, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio_assist.broker.walls import is_ours, local_addresses
from studio_assist.gate.wall import Refused, Wall
from studio_assist.ledger import checking, signatures
from tests.fakes.recorder import http, recording

ROOT = Path(__file__).parents[2]
MODEL = [sys.executable, "-m", "studio_assist.broker.model_child"]

#: What a library with a mind of its own could do. Each line is refused.
REACHES = (
    "import subprocess; subprocess.run(['true'])",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
    "import subprocess, sys; subprocess.run([sys.executable, '-m', 'http.server'])",
    # The program's name and the first word of its command line need not be the same.
    "import subprocess, sys; subprocess.run([sys.executable, '-m', 'studio_assist.ledger', 'x'], executable='/bin/echo')",
    "import os; os.system('true')",
    "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "import os; os.execv('/bin/true', ['true'])",
    "import pty; pty.spawn('true')",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import socket; socket.getaddrinfo('localhost', 80)",
    "import socket; socket.gethostbyname('localhost')",
    "import socket; socket.create_server(('127.0.0.1', 0))",
    "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "import socket; socket.socket(socket.AF_UNIX).connect('/run/docker.sock')",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "import httpx2; httpx2.get('http://127.0.0.1:9/')",
    "import openai; openai.OpenAI(api_key='x', base_url='http://127.0.0.1:9', max_retries=0).models.list()",
    "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
)

BEHIND_THE_WALL = """
import asyncio, json, socket, sys
from pathlib import Path
from studio_assist.broker import checking, walls
wall = walls.stand()
assert walls.stand() is wall
told = {"refused": [], "done": []}
for reach in json.loads(sys.argv[1]):
    try:
        exec(reach)
    except BaseException as error:
        while error is not None and type(error).__name__ != "Refused":
            error = error.__cause__ or error.__context__ or getattr(error, "reason", None)
        told["refused"].append(error is not None)
    else:
        told["refused"].append(False)

# What the broker needs: its children, its loop, its keychain's bus, this machine's name.
async def check():
    found = await checking._in_child(Path(sys.argv[2]), lambda _share: None)
    told["done"].append(found.ok if found else None)
asyncio.run(check())
from studio_assist.ledger import signatures
signatures._FEW = 1
checks = signatures.Checks()
checks.add(signatures.Check(7, bytes(32), bytes(64), b""))
told["done"].append(checks.bad())
bus = socket.socket(socket.AF_UNIX)
bus.connect(sys.argv[3])
bus.sendmsg([b"x"])
told["done"].append(bool(socket.gethostname()))
import keyring
told["done"].append(type(keyring.get_keyring()).__module__)
print(json.dumps(told))
"""


THROUGH_THE_GATE = """
import asyncio, json, socket, sys, time
from studio_assist.broker import walls
from studio_assist.domain.ports import Call
from studio_assist.domain.values import PersonId, RequestId
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.transport import Asking, SealedTransport, asking
from studio_assist.gate.wall import Refused

class Keeper:
    async def review(self, who, envelope):
        approvals.give(envelope.sha256, who.request, PersonId("okafor-1"))
    async def require_keys(self, who, values): ...

    def trail(self, who): ...
    async def leaving(self, who, envelope): ...

async def main():
    transport = SealedTransport(Keeper(), approvals, walls.stand())
    asking.set(Asking(RequestId("r1"), "own"))
    said = []
    for host in ("127.0.0.1", "localhost"):
        reply = await transport.send(Call(method="POST", url=f"http://{host}:{port}/v1/x", body=b"{}"))
        said.append(b"".join([piece async for piece in reply.body]).decode())
        try:
            socket.create_connection((host, port))
        except Refused:
            said.append("refused")
    said.append((await transport.look(port, "/v1/models") or b"").decode())
    await transport.close()
    print(json.dumps(said))

port = int(sys.argv[1])
approvals = Approvals(time.monotonic)
asyncio.run(main())
"""

BEHIND_THE_MODEL = """
import ctypes, errno, json, os, socket, struct, sys
before = os.readlink("/proc/self/ns/net")
from studio_assist.broker import model_child
model_child._leave_the_network()
model_child._keep_in()
refused = []
for reach in json.loads(sys.argv[1]):
    try:
        exec(reach)
    except BaseException as error:
        told = []
        while error is not None:
            told.append(str(error))
            error = error.__cause__ or error.__context__ or getattr(error, "reason", None)
        refused.append(any("has no network" in words for words in told))
    else:
        refused.append(False)

# As native code does it: nobody asks Python.
libc = ctypes.CDLL(None, use_errno=True)
handle = libc.socket(2, 1, 0)
address = struct.pack("=HH4s8x", 2, socket.htons(int(sys.argv[2])), bytes([127, 0, 0, 1]))
reached = libc.connect(handle, address, len(address)) == 0
open(sys.argv[3], "w").close()
apart = os.readlink("/proc/self/ns/net") != before
print(json.dumps({"refused": refused, "reached": reached, "apart": apart, "owner": os.stat(sys.argv[3]).st_uid}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="socket files and posix_spawn are not Windows's")
def test_behind_the_wall_the_broker_works_and_nothing_else_gets_out(fresh: Path, tmp_path: Path) -> None:
    bus = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(bus))
        listening.listen()
        told = run(
            BEHIND_THE_WALL,
            json.dumps(REACHES),
            str(fresh / "ledger.sqlite"),
            str(bus),
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={bus},guid=0123",
        )
    assert [reach for reach, refused in zip(REACHES, told["refused"], strict=True) if not refused] == []
    assert told["done"] == [True, [7], True, "keyring.backends.fail"]


def test_what_the_gate_opened_is_open_for_the_gate_alone() -> None:
    async def main() -> Any:
        async with recording(lambda _request: [http(b"heard")]) as recorder:
            return await asyncio.to_thread(run, THROUGH_THE_GATE, str(recorder.port))

    assert asyncio.run(main()) == ["heard", "refused", "heard", "refused", "heard"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces are Linux's")
def test_the_models_process_reaches_nobody_not_even_from_native_code(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = run(
            BEHIND_THE_MODEL, json.dumps(REACHES), str(listening.getsockname()[1]), str(tmp_path / "made")
        )
    assert [reach for reach, refused in zip(REACHES, told["refused"], strict=True) if not refused] == []
    assert (tmp_path / "made").stat().st_uid == os.getuid()
    if not told["apart"]:
        pytest.skip("the kernel gives this process no network of its own; Python's sockets are refused")
    assert not told["reached"]


def test_what_the_wall_lets_start_is_what_the_broker_starts() -> None:
    assert is_ours([*MODEL, "--parent", "12", "--memory", "1000"])
    assert is_ours(checking.command(Path("a b/ledger.sqlite")))
    assert is_ours([sys.executable, "-I", str(Path(signatures.__file__))])
    for other in (
        [],
        MODEL[:1],
        ["/usr/bin/python3", *MODEL[1:]],
        [*MODEL, "--parent", "12; curl x"],
        [*MODEL, "-c", "x"],
        [sys.executable, "-m", "studio_assist.ledger"],
        [sys.executable, "-I", "signatures.py"],
        [sys.executable, "-c", "import studio_assist.ledger"],
    ):
        assert not is_ours(other), other


def test_a_command_line_as_windows_writes_it_is_read_the_same() -> None:
    wall = Wall(is_ours)
    ours = checking.command(Path("C:/My films/ledger.sqlite"))
    wall._hear("subprocess.Popen", (None, subprocess.list2cmdline(ours), None, None))
    for program, line in ((None, "curl.exe -d @script"), ("curl.exe", subprocess.list2cmdline(ours))):
        with pytest.raises(Refused):
            wall._hear("subprocess.Popen", (program, line, None, None))


def test_the_keychain_is_reached_by_the_session_bus_however_it_is_named() -> None:
    for address, files in (
        ("unix:path=/run/user/1000/bus", {"/run/user/1000/bus"}),
        ("unix:abstract=bus-x%2cy,guid=ab;tcp:host=evil.example,port=1", {"@bus-x,y"}),
        ("tcp:host=127.0.0.1,port=9", set[str]()),
        ("", set[str]()),
    ):
        assert local_addresses({"DBUS_SESSION_BUS_ADDRESS": address}) == files


def run(program: str, *arguments: str, **environment: str) -> Any:
    """What a program prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
