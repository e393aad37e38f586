"""A process of ours ends at once, and with all that it had to say."""

from __future__ import annotations

import os
import subprocess
import sys


def test_what_was_said_and_what_a_thread_still_does_is_done_before_the_end() -> None:
    program = (
        "import threading, time\n"
        "from studio_assist.ending import end\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread', end=' '))).start()\n"
        "print('main', end=' ')\n"
        "end(3)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (3, "main thread ")


def test_whoever_does_not_listen_any_more_is_no_trouble() -> None:
    program = "from studio_assist.ending import end\nprint('nobody reads this')\nend(0)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Words that wait in a buffer until the end are what this is about.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    with process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
