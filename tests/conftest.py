"""What holds for every test: no display, no keychain, no network but loopback, and nothing left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A developer's keychain is theirs: here, and in every process that a test starts, there is none.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
# A caret that blinks makes two pictures of one state.
os.environ.setdefault("STUDIO_ASSIST_STEADY_CARET", "1")
# The workers share the processors out already: numpy's further threads only wait for each other, and spin meanwhile.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Byte code is kept, also where the shell says otherwise: the tests start some hundreds of Python processes, and
# each would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_LOOPBACK = ("127.", "::1", "localhost")
#: Tests of minutes: whoever meets them last leaves the other workers idle.
_FIRST: Final = ("test_kill.py",)


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise PermissionError(f"a test reached for the network: {address}")


sys.addaudithook(_no_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _FIRST)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes what is in a folder once in a run: the worker that needs it first does, the others wait for it.

    It belongs to all: look at it, and copy it to write in it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, end = shared / f"once-{name}", time.monotonic() + 100
        told = folder / "told.txt"
        try:
            folder.mkdir()
        except FileExistsError:
            while not told.exists():
                assert time.monotonic() < end, f"waited in vain for another worker to make the {name}"
                time.sleep(0.05)
        else:
            word = "failed"
            try:
                make(folder)
                word = "made"
            finally:
                # With its words in it, or not there at all.
                told.with_suffix(".new").write_text(word, encoding="ascii")
                told.with_suffix(".new").rename(told)
        assert told.read_text(encoding="ascii") == "made", (
            f"the {name} could not be made, as another test says"
        )
        return folder

    return made


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings folder of the test's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("STUDIO_ASSIST_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test that leaves a thread behind fails."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    # The default executor's threads end with their loop; one more moment is theirs.
    for thread in left:
        thread.join(timeout=2)
    left = [thread for thread in left if thread.is_alive()]
    assert not left, f"threads left behind: {left}"


@pytest.fixture(autouse=True)
def garbage_goes_in_this_thread() -> Iterator[None]:
    """As in the window: a thread of the pool that collects destroys timers of this one, and no event comes then."""
    if "PySide6.QtCore" in sys.modules:
        gc.disable()
    yield
    if gc.isenabled():
        return
    thresholds = gc.get_threshold()
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > thresholds[generation]:
            gc.collect(generation)
            return


@pytest.fixture(autouse=True)
def no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a window open, or a timer or a task of the pool running, fails."""
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return
    QThreadPool.globalInstance().waitForDone(2000)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not QApplication.topLevelWidgets():
        # Nothing to find; collecting takes a tenth of a second once everything is loaded, and there are thousands.
        return
    gc.collect()
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()
    assert not left, f"windows left open: {left}"
