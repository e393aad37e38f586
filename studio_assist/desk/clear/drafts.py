"""A draft on its way to disk: every change is kept a moment later, and no word is lost to a failed call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.domain.clearance import ClearanceRequest, ClearanceSeen, Scope
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

Draft = protocol.SaveClearanceParams

#: After the last change, ms.
REST_MS: Final = 800


class DraftKeeper(QObject):
    """Keeps one draft. Only one call is under way at a time; what changed meanwhile is kept after it.

    Signals:
        changed: what `state` says.
        saved: a `ClearanceSeen`.
        failed: a `StudioError`; the draft is here still.
        gone: it is not needed any more.
    """

    changed = Signal()
    saved = Signal(object)
    failed = Signal(object)
    gone = Signal()

    def __init__(self, client: BrokerClient, draft: Draft, parent: QObject) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._draft = draft
        self._dirty = False
        self._saving = False
        self._error: StudioError | None = None
        self._then: list[Callable[[str], object]] = []
        self._retired = False
        self._timer: Final = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.flush)

    # properties

    @property
    def draft(self) -> Draft:
        """The draft as it stands in the form."""
        return self._draft

    @property
    def dirty(self) -> bool:
        """Whether there is something that is not on disk yet."""
        return self._dirty or self._saving

    @property
    def error(self) -> StudioError | None:
        """Why it could not be kept the last time."""
        return self._error

    @property
    def state(self) -> str:
        """What is said of it: where its words are."""
        if self._error is not None:
            return "Not saved"
        if self._saving:
            return "Saving"
        if self._dirty:
            return "Not saved yet"
        return "Saved" if self._draft.id else "New, nothing to save yet"

    # methods

    def edit(self, draft: Draft, *, quietly: bool = False) -> None:
        """The person changed it.

        Args:
            quietly: it is not worth a file by itself: a new draft for which a use was chosen and no more.
        """
        if draft == self._draft:
            return
        # A number that came meanwhile stays.
        self._draft = draft.model_copy(update={"id": self._draft.id})
        if quietly and self._draft.id is None and not self._saving:
            return
        self._dirty = True
        self._timer.start()
        self.changed.emit()

    def settle(self, then: Callable[[str], object]) -> None:
        """Keep it now, then call `then` with its id."""
        if self._draft.id is not None and not self.dirty:
            then(self._draft.id)
            return
        self._then.append(then)
        self._dirty = True
        self.flush()

    def flush(self) -> None:
        """Keep it now where there is something to keep."""
        self._timer.stop()
        if not self._dirty or self._saving:
            return
        self._dirty, self._saving, self._error = False, True, None
        call = self._client.call(protocol.SAVE_CLEARANCE, self._draft, owner=self)
        call.on_done(self._kept).on_error(self._not_kept)
        self.changed.emit()

    def retire(self) -> None:
        """Nobody edits it any more: it goes once it is kept."""
        self._retired = True
        self.flush()
        self._go()

    def forget(self) -> None:
        """It was discarded: what was typed goes with it."""
        self._timer.stop()
        self._dirty = self._saving = False
        self._retired = True
        self._go()

    def revive(self) -> None:
        """It is edited again."""
        self._retired = False

    # slots

    def _kept(self, seen: ClearanceSeen) -> None:
        self._saving = False
        self._draft = self._draft.model_copy(update={"id": seen.request.id})
        self.saved.emit(seen)
        if self._dirty:
            self.flush()
            return
        waiting, self._then = self._then, []
        for then in waiting:
            then(seen.request.id)
        self.changed.emit()
        self._go()

    def _not_kept(self, error: StudioError) -> None:
        self._saving, self._dirty, self._error = False, True, error
        self._then.clear()
        self.changed.emit()
        self.failed.emit(error)

    # internals

    def _go(self) -> None:
        if self._retired and not self.dirty:
            self._retired = False
            self.gone.emit()
            self.deleteLater()


def draft_of(request: ClearanceRequest, person: Person, *, anew: bool = False) -> Draft:
    """A request's fields as a draft.

    Args:
        anew: for a new draft of its own, without days that are over: an expired approval is renewed so.
    """
    scope = request.scope
    if anew:
        scope = scope.model_copy(update={"since": None, "until": None})
    return Draft(
        id=None if anew else request.id,
        use=request.use,
        title=request.title,
        answers=dict(request.answers),
        triggers=request.triggers,
        names=request.names,
        scope=scope,
        approver=request.approver,
        needed_by=None if anew else request.needed_by,
        words=request.words,
        rule=request.rule,
        why=request.why,
        request=request.request,
        scene=request.scene,
        task=request.task,
        backend=request.backend,
        person=person,
    )


def begun(prefill: Draft) -> Draft:
    """A new draft from what is known of an ask that was refused: it is for that scene, task and model."""
    scope = prefill.scope
    if scope == Scope():
        scope = Scope(
            scenes=(prefill.scene,) if prefill.scene else (),
            tasks=(prefill.task,) if prefill.task else (),
            backends=(prefill.backend,) if prefill.backend else (),
        )
    return prefill.model_copy(update={"id": None, "scope": scope})


def asks_the_same(seen: ClearanceSeen, wanted: Draft) -> bool:
    """Whether a draft was begun from the same refusal or the same names."""
    request = seen.request
    return (
        seen.state == "draft"
        and bool(wanted.rule or wanted.names)
        and (request.use, request.rule, request.names) == (wanted.use, wanted.rule, wanted.names)
        and (request.scene, request.task, request.backend) == (wanted.scene, wanted.task, wanted.backend)
    )
