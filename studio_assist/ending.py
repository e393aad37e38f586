"""How a process of ours ends."""

from __future__ import annotations

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


def end(status: int) -> NoReturn:
    """End this process now, once everything that it had to do is done.

    For processes whose work is in order by then: files written, record closed. Python would take a thousand
    modules apart one by one, which keeps whoever waits for a third of a second, and widgets in any order,
    which crashes.

    Args:
        status: the exit code.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        # Whoever read it is gone: nobody is left to be told.
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
