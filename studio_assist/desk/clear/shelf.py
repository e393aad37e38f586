"""The drafts of this window: the one in front, and those left behind that are on their way to disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.clear.drafts import Draft, DraftKeeper
from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.errors import StudioError


class DraftShelf(QObject):
    """Keeps every draft until its words are on disk.

    Signals:
        saved: (`ClearanceSeen`, whether it is the one in front).
        stated: where the words of the one in front are.
        returned: a draft that was left behind could not be kept and is in front again.
        failed: the `StudioError` of the one in front.
    """

    saved = Signal(object, bool)
    stated = Signal(str)
    returned = Signal()
    failed = Signal(object)

    def __init__(self, client: BrokerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._front: DraftKeeper | None = None
        self._all: list[DraftKeeper] = []

    # properties

    @property
    def front(self) -> DraftKeeper | None:
        """The draft that is edited."""
        return self._front

    @property
    def is_keeping(self) -> bool:
        """Whether one of them is on its way, and was not refused."""
        return any(one.dirty and one.error is None for one in self._all)

    # methods

    def put(self, draft: Draft) -> None:
        """A draft to be edited from now on; call `leave` first for the one before."""
        keeper = DraftKeeper(self._client, draft, self)
        self._front = keeper
        self._all.append(keeper)
        keeper.saved.connect(lambda seen: self._saved(keeper, seen))
        keeper.failed.connect(lambda error: self._not_saved(keeper, error))
        keeper.changed.connect(lambda: self._changed(keeper))
        keeper.gone.connect(lambda: self._all.remove(keeper))
        self._changed(keeper)

    def edit(self, draft: Draft) -> None:
        """The person changed the one in front. A use alone is not worth a file."""
        if self._front is not None:
            bare = Draft(use=draft.use, person=draft.person)
            self._front.edit(draft, quietly=bare == draft.model_copy(update={"id": None}))

    def settle(self, then: Callable[[str], object]) -> None:
        """Keep the one in front now, then call `then` with its id."""
        if self._front is not None:
            self._front.settle(then)

    def leave(self) -> None:
        """Something else is to be shown: what was typed is kept."""
        keeper, self._front = self._front, None
        if keeper is not None:
            keeper.retire()

    def forget(self) -> None:
        """The one in front was discarded."""
        keeper, self._front = self._front, None
        if keeper is not None:
            keeper.forget()

    def flush(self) -> None:
        """Everything goes to disk now."""
        for keeper in list(self._all):
            keeper.flush()

    # slots

    def _saved(self, keeper: DraftKeeper, seen: ClearanceSeen) -> None:
        self.saved.emit(seen, keeper is self._front)

    def _changed(self, keeper: DraftKeeper) -> None:
        if keeper is self._front:
            state = keeper.state
            self.stated.emit(f"{state} {datetime.now():%H:%M}" if state == "Saved" else state)

    def _not_saved(self, keeper: DraftKeeper, error: StudioError) -> None:
        if keeper is not self._front:
            # Nobody looks at it, but its words are nowhere else.
            self.leave()
            keeper.revive()
            self._front = keeper
            self.returned.emit()
            self._changed(keeper)
        self.failed.emit(error)
