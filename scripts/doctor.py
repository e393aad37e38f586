"""Says plainly what this machine lacks, before anything fails in a way that does not.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import sysconfig

OLDEST = (3, 11)

#: What Qt's window needs from the system on Linux, and the Debian package that has it.
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
#: Needed for a real window under X11 only.
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

_TRY_QT = (
    "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
    "from PySide6.QtWidgets import QApplication\n"
    "QApplication([])\n"
)


def python_problems() -> list[str]:
    problems = []
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        problems.append(
            f"Python {have} is too old: Studio Assist needs {OLDEST[0]}.{OLDEST[1]} or newer. "
            "Install one and run: make run PYTHON=python3.11"
        )
    if any(importlib.util.find_spec(name) is None for name in ("ensurepip", "venv")):
        problems.append("Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv")
    if sysconfig.get_platform().startswith("linux") and _is_musl():
        problems.append("This system uses musl; Qt's packages are made for glibc. Use a glibc-based system.")
    return problems


def library_problems(*, window: bool) -> list[str]:
    """What Qt lacks here, found by starting it; the list of libraries only puts a name to it."""
    if not sys.platform.startswith("linux"):
        return []
    started = subprocess.run([sys.executable, "-c", _TRY_QT], capture_output=True, text=True, check=False)
    wanted = dict(SYSTEM_LIBRARIES)
    if window and os.environ.get("DISPLAY"):
        wanted.update(WINDOW_LIBRARIES)
    missing = [package for library, package in wanted.items() if not _loads(library)]
    if started.returncode == 0 and not (window and missing):
        return []
    if missing:
        return [
            f"This machine lacks system libraries that the window needs: {', '.join(sorted(missing))}. "
            f"On Debian and Ubuntu: apt-get install {' '.join(sorted(missing))}"
        ]
    reason = started.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
    return [f"Qt does not start on this machine: {reason[0]}"]


def _loads(library: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _is_musl() -> bool:
    return "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="store_true", help="look at this Python only")
    parser.add_argument("--run", action="store_true", help="look at what the window needs")
    parser.add_argument("--test", action="store_true", help="look at what the tests need")
    wanted = parser.parse_args()
    problems = python_problems()
    if not wanted.python and not problems:
        problems = library_problems(window=wanted.run)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
