"""Where stories come from: the record of one project, read in threads of the pool."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from studio_assist.domain.errors import Unavailable

if TYPE_CHECKING:
    from studio_assist.domain.review import EntryStory
    from studio_assist.ledger import Ledger


class StorySource:
    """A record, open for reading from the first story on. Reading blocks: it belongs into the pool.

    Args:
        own: the open project's. Another's is read where nothing is written beside it.
    """

    def __init__(self, path: Path, *, own: bool) -> None:
        self.path: Final = path
        self._own: Final = own
        self._turn: Final = Lock()
        self._ledger: Ledger | None = None
        self._closed = False

    # methods

    def story(self, number: int) -> EntryStory:
        """One entry's story. Raises a `StudioError` where it cannot be read."""
        from studio_assist.ledger.stories import story_of

        with self._reading() as ledger:
            return story_of(ledger, number)

    def proof(self, number: int) -> str:
        """An entry's proof as plain text. Raises a `StudioError` where there is none."""
        from studio_assist.ledger.stories import proof_text

        with self._reading() as ledger:
            return proof_text(ledger, number)

    def close(self) -> None:
        """Let go of the file: at once, or when what is read just now is read. Does not block."""
        self._closed = True
        if self._turn.acquire(blocking=False):
            try:
                self._let_go()
            finally:
                self._turn.release()

    # internals

    @contextmanager
    def _reading(self) -> Generator[Ledger]:
        with self._turn:
            try:
                yield self._opened()
            finally:
                if self._closed:
                    self._let_go()

    def _let_go(self) -> None:
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def _opened(self) -> Ledger:
        from studio_assist.ledger import Ledger

        if self._closed:
            raise Unavailable("The project was closed.", remedy="Open it again.", place=str(self.path))
        if self._ledger is None:
            self._ledger = Ledger.open(self.path, create=False, read_only=True, at_rest=not self._own)
        return self._ledger
