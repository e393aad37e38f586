"""The command line as a process: lean to start, quiet on a broken pipe, and Ctrl C stops the model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio_assist.backends import weights
from studio_assist.paths import resource

COMMAND = [sys.executable, "-m", "studio_assist"]
SAMPLE_SCRIPT = resource("sample", "counterweight.fountain")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")


def test_reading_a_script_loads_no_window_model_database_or_network() -> None:
    program = (
        "import sys\n"
        "from studio_assist.cli import main\n"
        f"assert main(['script', {str(SAMPLE_SCRIPT)!r}]) == 0\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert not loaded & {
        "PySide6",
        "xllamacpp",
        "sqlite3",
        "socket",
        "ssl",
        "asyncio",
        "pydantic",
        "reportlab",
    }


def test_the_module_and_its_version_answer() -> None:
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("studio-assist ")


@posix
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    big = tmp_path / "big.fountain"
    big.write_text("INT. ROOM - DAY\n\nMAYA\nHello.\n\n" * 5_000, encoding="utf-8")
    with subprocess.Popen(
        [*COMMAND, "script", str(big), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
    assert told == b""


def _hears_ctrl_c() -> None:
    """What runs in the background of a shell, as a build may, inherits that Ctrl C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@posix
@pytest.mark.skipif(weights.locate() is None, reason="the model's weights are not installed")
def test_ctrl_c_stops_the_model_and_the_record_says_so(tmp_path: Path) -> None:
    project = tmp_path / "P"
    making = [*COMMAND, "new", str(project), "--title", "P", "--script", str(SAMPLE_SCRIPT)]
    subprocess.run(making, check=True, capture_output=True)
    with subprocess.Popen(
        [*COMMAND, "ask", str(project), "--task", "alt-lines", "--scene", "2", "--count", "8"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_ctrl_c,
    ) as process:
        _wait_for_model(process.pid)
        (child,) = _children(process.pid)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert process.returncode == 130
    assert told.strip() == "studio-assist: stopped."
    assert not Path(f"/proc/{child}").exists()
    shown = subprocess.run(
        [*COMMAND, "ledger", "show", str(project), "--json"], capture_output=True, check=True
    )
    ended = json.loads(shown.stdout)[-1]["body"]
    assert (ended["type"], ended["state"]) == ("request_ended", "stopped")


@posix
@pytest.mark.skipif(weights.locate() is None, reason="the model's weights are not installed")
def test_ctrl_c_while_the_sample_is_made_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "sample", str(tmp_path / "S")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_ctrl_c,
    ) as process:
        _wait_for_model(process.pid)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def _wait_for_model(pid: int) -> None:
    """Until the command has started its model and that has worked for a moment."""
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc")
    until = time.monotonic() + 20
    while not _children(pid):
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)
