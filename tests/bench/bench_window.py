"""The window: its start with a project open, against a bare window of the same toolkit."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow, QTextEdit
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTextEdit("INT. CABIN - NIGHT"))
window.resize(1440, 900)
window.show()
app.processEvents()
window.grab()
print("painted", flush=True)
"""

OURS = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from studio_assist.app import Window
from studio_assist.domain.people import new_person
window = Window(person=new_person("R. Okafor"), theme="dark")
window.studio.begin(Path(sys.argv[1]))
while not window.studio.write.scenes:
    QApplication.processEvents()
    time.sleep(0.001)
window.studio.shell.grab()
print("painted", flush=True)
sys.stdin.read(1)
window.studio.shell.close()
"""


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_ASSIST_HOME": str(home)}


def _start(code: str, *arguments: str, home: Path) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_environment(home),
    )
    assert process.stdout is not None
    assert process.stdin is not None
    while process.stdout.readline().strip() != "painted":
        if process.poll() is not None:
            raise RuntimeError("the window ended before it was painted")
    took = time.perf_counter() - started
    process.stdin.write("x")
    process.stdin.close()
    process.wait()
    return took


def main() -> None:
    """Print both starts, with their ratio."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        project = home / "Sample.studio"
        made = [sys.executable, "-m", "studio_assist", "sample", str(project)]
        subprocess.run(made, check=True, capture_output=True, env=_environment(home))
        bare = statistics.median(_start(BARE, home=home) for _ in range(ROUNDS))
        ours = statistics.median(_start(OURS, str(project), home=home) for _ in range(ROUNDS))
        print(f"bare PySide6 window painted      {1000 * bare:7.0f} ms")
        print(f"Studio Assist, sample open       {1000 * ours:7.0f} ms   {ours / bare:.2f} x  (target 2 x)")


if __name__ == "__main__":
    main()
