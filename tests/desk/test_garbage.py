"""Garbage is collected in the window's thread alone."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from studio_assist.desk.garbage import GarbageTimer


class Ring:
    """Refers to itself, so that only the collector takes it; notes in which thread."""

    gone_in: list[threading.Thread] = []

    def __init__(self) -> None:
        self.own = self

    def __del__(self) -> None:
        Ring.gone_in.append(threading.current_thread())


@pytest.fixture
def automatic() -> Iterator[None]:
    Ring.gone_in.clear()
    yield
    gc.unfreeze()


def test_what_another_thread_leaves_is_collected_in_the_windows_own(qtbot, automatic) -> None:
    owner = QObject()
    timer = GarbageTimer(owner)

    def litter() -> None:
        for _ in range(5000):
            Ring()

    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert Ring.gone_in == []
    timer.collect()
    assert set(Ring.gone_in) == {threading.current_thread()}
    assert len(Ring.gone_in) > 4000
