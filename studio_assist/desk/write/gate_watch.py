"""What the tray knows of the gate: what waits for a person, what was blocked, what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.domain.values import RequestId

_READ: Final = "Waiting for you to read what is sent"


@dataclass(frozen=True, slots=True)
class AtGate:
    """A request that is at the gate, or has gone through it and waits for an answer.

    Attributes:
        said: what the tray says of it.
        sheet: a sheet is up for a person, and can be brought to the front.
    """

    request: RequestId
    said: str
    sheet: bool


class GateWatch(QObject):
    """Fed by the broker's events.

    Signals:
        changed: what waits, or what was blocked.
        blocked: (a `GateSheet`) a rule kept a request here; it has ended.
    """

    changed = Signal()
    blocked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[RequestId, protocol.GateSheet] = {}
        self._gone: dict[RequestId, str] = {}
        self._to: dict[RequestId, str] = {}
        self._approved: set[RequestId] = set()

    # properties

    @property
    def unsent(self) -> frozenset[RequestId]:
        """Requests that wait for a person who has sent none of them."""
        return frozenset(self._waiting) - self._approved

    @property
    def now(self) -> AtGate | None:
        """What the tray has to say: first of what waits for a person, then of what waits for an answer."""
        if self._waiting:
            request, sheet = next(iter(self._waiting.items()))
            questions = len(sheet.questions)
            said = _READ
            if sheet.verdict == "hold" and questions:
                asked = "a word" if questions == 1 else f"{questions} words"
                said = f"Waiting for you to say whether {asked} may be sent"
            return AtGate(request, said, sheet=True)
        if self._gone:
            request, to = next(iter(self._gone.items()))
            return AtGate(request, f"Sent. Waiting for {to or 'the host'} to answer", sheet=False)
        return None

    # methods

    def sending(self, request: RequestId) -> None:
        """A person sends it: nobody can say any more that nothing of it has left."""
        self._approved.add(request)

    def take(self, event: object) -> None:
        """An event of the broker. Events about other things are not for us."""
        match event:
            case protocol.GateAsked(sheet=sheet):
                self._to[sheet.request] = sheet.to
                self._approved.discard(sheet.request)
                self._gone.pop(sheet.request, None)
                if sheet.verdict == "blocked":
                    self._waiting.pop(sheet.request, None)
                    self.blocked.emit(sheet)
                else:
                    self._waiting[sheet.request] = sheet
            case protocol.GateClosed():
                if self._waiting.pop(event.request, None) is None:
                    return
            case protocol.GateSent():
                if event.answered:
                    self._gone.pop(event.request, None)
                elif event.request not in self._waiting:
                    self._gone[event.request] = self._to.get(event.request, "")
            case protocol.CandidateChanged():
                # Words come: whoever was asked has answered.
                if not event.candidate.text or self._gone.pop(event.candidate.request, None) is None:
                    return
            case protocol.RequestChanged() if event.state != "running":
                self._to.pop(event.request, None)
                self._approved.discard(event.request)
                waited = self._waiting.pop(event.request, None) is not None
                gone = self._gone.pop(event.request, None) is not None
                if not (waited or gone):
                    return
            case _:
                return
        self.changed.emit()

    def clear(self) -> None:
        """Another project, or a broker that was started again: nothing of this is at any gate."""
        self._waiting.clear()
        self._gone.clear()
        self._to.clear()
        self._approved.clear()
        self.changed.emit()
