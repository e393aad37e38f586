"""The window has no network: it needs none, it loads none, and what it tries is refused."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from studio_assist.cli import main as cli
from tests.desk.studio_driver import SCRIPT
from tests.faults.processes import model_of
from tests.models import model_file as model_file

ROOT: Final = Path(__file__).parents[1]
#: What the window's process must not even have loaded. The bare `socket` module is not among it: pydantic
#: looks for plugins through importlib.metadata, which reads them as e-mail headers, and that brings it along.
#: Of the gate it has the words for what a verdict says, and nothing that sends; the record it reads for the Review
#: desk, and never writes.
NEVER: Final = (
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebSockets",
    "_ssl",
    "anthropic",
    "anyio",
    "asyncio",
    "http.client",
    "httpcore2",
    "httpx",
    "httpx2",
    "keyring",
    "openai",
    "requests",
    "ssl",
    "studio_assist.backends",
    "studio_assist.broker",
    "studio_assist.gate.approvals",
    "studio_assist.gate.envelope",
    "studio_assist.gate.transport",
    "studio_assist.gate.wall",
    "urllib.request",
    "xllamacpp",
)
#: Where libraries look for somebody to call.
CALLS_HOME: Final = (
    "ALL_PROXY",
    "ANTHROPIC_BASE_URL",
    "HF_ENDPOINT",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "OPENAI_BASE_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "all_proxy",
    "http_proxy",
    "https_proxy",
)
#: Also this machine: Linux answers on all of 127.0.0.0/8.
_HOME: Final = "127.0.0.77"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces are Linux's")


@linux
@pytest.mark.timeout(240)
def test_the_main_job_goes_well_on_a_machine_without_any_network(tmp_path: Path, model_file: object) -> None:
    with main_job(tmp_path, isolate=True) as (told, _process):
        assert told["interfaces"] == ["lo"]
        assert not told["loopback_up"]
    assert (tmp_path / "Ferry.pdf").read_bytes().startswith(b"%PDF-")
    _accepted(tmp_path, told["offered"])


@linux
@pytest.mark.timeout(240)
def test_the_window_loads_no_network_and_nobody_listens_for_the_network_or_calls_anybody(
    tmp_path: Path, model_file: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    # An address of its own: a test beside this one may call a port of 127.0.0.1 that was free a moment ago.
    with socket.create_server((_HOME, 0)) as home:
        for name in CALLS_HOME:
            monkeypatch.setenv(name, f"http://{_HOME}:{home.getsockname()[1]}")
        _look_at_the_main_job(tmp_path)
        home.settimeout(0)
        with pytest.raises(BlockingIOError):
            home.accept()


def _look_at_the_main_job(tmp_path: Path) -> None:
    with main_job(tmp_path, isolate=False) as (told, _process):
        loaded = {name for name in NEVER if _has(told["modules"], name)}
        assert not loaded, f"the window's process has loaded {loaded}"
        assert told["sockets"] == []
        broker = told["broker"]
        model = model_of(broker)
        assert model is not None
        assert _listening(broker) == []
        assert _listening(model) == []
        # The model's own door is a socket file that is gone before anybody can look for it.
        assert not [path for path in _socket_files(model) if Path(path).exists()]
    _accepted(tmp_path, told["offered"])


#: What somebody in the window's process may try.
REACHES: Final = (
    "import socket; socket.socket()",
    "import socket; socket.socketpair()",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import socket; socket.getaddrinfo('localhost', 80)",
    "import socket; socket.gethostbyname('localhost')",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "import http.client; http.client.HTTPConnection('127.0.0.1', 9).request('GET', '/')",
    "import ssl, socket; ssl.create_default_context().wrap_socket(socket.socket())",
    "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
    "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')",
)


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    """What each of them met, all in one process: what refuses the first refuses the last."""
    program = (
        "import json\n"
        "from studio_assist.app import refuse_sockets\n"
        "refuse_sockets()\n"
        "met = {}\n"
        f"for reach in {REACHES!r}:\n"
        "    told = []\n"
        "    try:\n"
        "        exec(reach)\n"
        "    except BaseException as error:\n"
        "        while error is not None:\n"
        "            told.append(f'{type(error).__name__}: {error}')\n"
        "            error = error.__cause__ or error.__context__ or getattr(error, 'reason', None)\n"
        "    met[reach] = ' / '.join(told)\n"
        "print(json.dumps(met))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("reach", REACHES)
def test_whatever_reaches_for_a_socket_or_a_program_in_the_window_is_refused(
    reach: str, answers: dict[str, str]
) -> None:
    assert "The window of Studio Assist " in answers[reach]


# internals ----------------------------------------------------------------------------------------------


@contextmanager
def main_job(tmp_path: Path, *, isolate: bool) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """The main job on a fresh project, up to where its processes can be looked at."""
    project = tmp_path / "Ferry.studio"
    source = tmp_path / "source.fountain"
    source.write_text(SCRIPT, encoding="utf-8")
    environment = os.environ | {"STUDIO_ASSIST_HOME": str(tmp_path / "home")}
    assert cli(["new", str(project), "--title", "The Ferry", "--script", str(source)]) == 0
    apart = _without_network() if isolate else []
    command = [*apart, sys.executable, "-m", "tests.faults.main_job", str(tmp_path / "home"), str(project)]
    with (tmp_path / "errors.txt").open("wb+") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:
            assert process.stdout
            line = process.stdout.readline()
            if not line:
                process.wait()
                pytest.fail((tmp_path / "errors.txt").read_text(encoding="utf-8"))
            yield json.loads(line), process
            process.communicate("\n", timeout=60)
    assert process.returncode == 0, (tmp_path / "errors.txt").read_text(encoding="utf-8")


@functools.cache
def _without_network() -> list[str]:
    """How to run a command where there is no network at all; skips where the kernel does not allow it."""
    tool = shutil.which("unshare")
    if tool is None:
        pytest.skip("this machine has no unshare")
    said = ""
    for options in (["-rn"], ["-n"]):
        tried = subprocess.run([tool, *options, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return [tool, *options]
        said = tried.stderr.strip()
    pytest.skip(f"the kernel allows no network namespace: {said}")


def _accepted(tmp_path: Path, offered: str) -> None:
    script = (tmp_path / "Ferry.studio" / "script.fountain").read_text(encoding="utf-8")
    assert offered in script
    assert "Hard Rain on the windows" in script


def _has(modules: list[str], name: str) -> bool:
    return any(known == name or known.startswith(f"{name}.") for known in modules)


def _inodes(pid: int) -> set[str]:
    found: set[str] = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(handle.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            found.add(target[len("socket:[") : -1])
    return found


def _listening(pid: int) -> list[str]:
    """Addresses of internet sockets that a process listens on, as the kernel writes them."""
    mine = _inodes(pid)
    found: list[str] = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            if words[9] in mine:
                found.append(f"{table} {words[1]}")
    return found


def _socket_files(pid: int) -> list[str]:
    mine = _inodes(pid)
    rows = Path(f"/proc/{pid}/net/unix").read_text(encoding="utf-8").splitlines()[1:]
    return [row.split()[7] for row in rows if row.split()[6] in mine and len(row.split()) > 7]
