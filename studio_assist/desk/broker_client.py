"""The desk's end of the pipe: calls that say how they end, events, and a broker that comes back."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from studio_assist import protocol
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.values import Value
from studio_assist.protocol import Answer, Method

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)

#: A broker that ends this often within a minute is not started again by itself.
MOST_RESTARTS: Final = 5
#: How long a closing window waits for the broker to end by itself, in milliseconds.
GOODBYE_MS: Final = 5_000

#: How often a call is made again before it is taken for what ends the broker.
MOST_TRIES: Final = 3
#: Calls that are made again when the broker ended before it answered: those that only read, and those that
#: the broker carries out once however often they come. Whoever made them never hears of it.
REPEATED: Final = frozenset(
    method.name
    for method in (
        protocol.OPEN_PROJECT,
        protocol.CLOSE_PROJECT,
        protocol.SAVE_SCRIPT,
        protocol.AUTOSAVE,
        protocol.RECOVER,
        protocol.LIST_BACKENDS,
        protocol.LIST_TASKS,
        protocol.LIST_SHOTS,
        protocol.LIST_DRAWERS,
        protocol.PRESENTED,
        protocol.DECIDE,
        protocol.UNDO_DECISION,
        protocol.MARK_STALE,
        protocol.REPLACE_SPAN,
        protocol.PROVENANCE,
        protocol.VERIFY_LEDGER,
        protocol.COMPARE_LEDGER,
        protocol.PACK_LOOK,
        protocol.READ_MARKS,
        protocol.SHOW_CLEAR,
        protocol.NOTICE,
        protocol.CLEARANCE_LETTER,
        protocol.CONTACT_LETTER,
        protocol.LIST_PEOPLE,
        protocol.SWITCH_PERSON,
        protocol.OPEN_REVIEW,
    )
)

BROKER_ENDED: Final = (
    "The part of Studio Assist that keeps the record and runs the models ended unexpectedly."
)
BROKER_REMEDY: Final = (
    "It is started again. Nothing that was saved or decided is lost; repeat what you just did."
)
GONE_REMEDY: Final = "Start it again, or copy the script and start Studio Assist anew."


class BrokerBug(Exception):
    """The broker met a fault of ours; `details` is its traceback."""

    def __init__(self, method: str, details: str) -> None:
        super().__init__(f"{method} failed in the broker")
        self.method: Final = method
        self.details: Final = details


class Operation(Generic[R]):
    """One call under way. It ends once, with a result or with an error, unless it is let go."""

    def __init__(self, method: Method[Any, R], params: Value) -> None:
        self.method: Final = method
        self.params: Final = params
        self.tries = 1
        self._done: list[Callable[[R], object]] = []
        self._failed: list[Callable[[StudioError], object]] = []
        self._over = False

    @property
    def over(self) -> bool:
        return self._over

    def on_done(self, receive: Callable[[R], object]) -> Operation[R]:
        """Call `receive` with the result."""
        self._done.append(receive)
        return self

    def on_error(self, receive: Callable[[StudioError], object]) -> Operation[R]:
        """Call `receive` with an error that the person can act on. Bugs go to `BrokerClient.bug`."""
        self._failed.append(receive)
        return self

    def let_go(self) -> None:
        """Whoever started it has gone; how it ends concerns nobody."""
        self._over = True

    def finish(self, result: R) -> None:
        """End it well."""
        if not self._over:
            self._over = True
            for receive in self._done:
                receive(result)

    def fail(self, error: StudioError) -> bool:
        """End it with an error; False when nobody listens for one."""
        if self._over:
            return True
        self._over = True
        for receive in self._failed:
            receive(error)
        return bool(self._failed)


class BrokerClient(QObject):
    """Starts the broker, sends it calls, hands on its events, and starts it again when it ends.

    Signals:
        told: one of `protocol.Event`'s values.
        restarting: a broker was started in place of one that ended. What is called now is the first that
            it does; then come the calls that are made again.
        started: the broker answered to its name; `True` when it is one that was started again.
        error: a `StudioError` of a call that had nobody listening for errors.
        bug: a `BrokerBug`.
        gone: the broker ended too often and is not started again.
    """

    told = Signal(object)
    restarting = Signal()
    started = Signal(bool)
    error = Signal(object)
    bug = Signal(object)
    gone = Signal(str)

    def __init__(self, command: list[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command: Final = command or [sys.executable, "-m", "studio_assist.broker"]
        self._number = 0
        self._open: dict[int, Operation[Any]] = {}
        self._buffer = bytearray()
        self._lines: deque[bytes] = deque()
        self._taking = False
        self._restarts = 0
        self._closing = False
        self._was_up = False
        self._process: QProcess | None = None
        self._forgive = QTimer(self)
        self._forgive.setInterval(60_000)
        self._forgive.timeout.connect(self._forget_restarts)

    # properties

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def pid(self) -> int:
        """The broker's process id, 0 when it is not running."""
        return self._process.processId() if self._process is not None else 0

    # methods

    def start(self) -> None:
        """Start the broker; `started` says when it can be used. Calls made before are kept in the pipe."""
        self._buffer.clear()
        process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._trouble)
        self._process = process
        self._forgive.start()
        process.start()
        hello = self.call(protocol.HELLO, protocol.HelloParams(version=protocol.VERSION))
        # A version that does not fit is told; an end before the greeting is told by `gone`.
        hello.on_done(self._greeted).on_error(self._not_greeted)
        if self._was_up:
            self.restarting.emit()

    def call(self, method: Method[P, R], params: P, owner: QObject | None = None) -> Operation[R]:
        """Ask the broker. With an `owner`, the call is let go when that object is destroyed."""
        operation: Operation[R] = Operation(method, params)
        if owner is not None:
            owner.destroyed.connect(operation.let_go)
        if self._closing:
            # The broker has been told goodbye; nothing can be asked of it any more.
            operation.let_go()
            return operation
        self._number += 1
        process = self._process
        if process is None or process.state() == QProcess.ProcessState.NotRunning:
            # Failing at once would call back before the caller has said whom to call.
            QTimer.singleShot(0, self, lambda: self._fail(operation))
            return operation
        self._open[self._number] = operation
        process.write(protocol.encode_call(self._number, method, params))
        return operation

    def close(self) -> None:
        """Let the broker end by itself; it is made to end if it does not."""
        self._closing = True
        self._forgive.stop()
        process = self._process
        if process is None or process.state() == QProcess.ProcessState.NotRunning:
            return
        self._number += 1
        process.write(protocol.encode_call(self._number, protocol.SHUT_DOWN, protocol.Nothing()))
        process.closeWriteChannel()
        if not process.waitForFinished(GOODBYE_MS):
            process.kill()
            process.waitForFinished(GOODBYE_MS)

    # slots

    def _read(self) -> None:
        process = self._process
        if process is None:
            return
        self._buffer += bytes(process.readAllStandardOutput().data())
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = bytearray(rest)
        self._lines.extend(bytes(line) for line in lines if line.strip())
        if self._taking:
            # Whoever takes a message may wait for the process, and then more is read: it keeps its turn.
            return
        self._taking = True
        try:
            while self._lines:
                try:
                    self._take(self._lines.popleft())
                except Exception as error:  # noqa: BLE001  # one message that goes wrong holds up no other
                    sys.excepthook(type(error), error, error.__traceback__)
        finally:
            self._taking = False

    def _read_log(self) -> None:
        if self._process is not None:
            sys.stderr.write(bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace"))

    def _ended(self) -> None:
        operations, self._open = [one for one in self._open.values() if not one.over], {}
        if self._closing:
            for operation in operations:
                operation.let_go()
            return
        self._restarts += 1
        again = self._restarts <= MOST_RESTARTS
        if self._process is not None:
            self._process.deleteLater()
        self._process = None
        if again:
            self.start()
        for operation in operations:
            if again and operation.method.name in REPEATED and operation.tries < MOST_TRIES:
                self._repeat(operation)
            else:
                self._fail(operation)
        if not again:
            # Whoever starts it again wants it to be tried anew.
            self._restarts = 0
            self.gone.emit(BROKER_ENDED)

    def _trouble(self, problem: QProcess.ProcessError) -> None:
        if problem is QProcess.ProcessError.FailedToStart and not self._closing:
            self._process = None
            for operation in list(self._open.values()):
                self._fail(operation)
            self._open.clear()
            self.gone.emit("The part of Studio Assist that keeps the record could not be started.")

    def _greeted(self, hello: protocol.Hello) -> None:
        again, self._was_up = self._was_up, True
        self.started.emit(again)

    def _not_greeted(self, error: StudioError) -> None:
        if not isinstance(error, Unavailable):
            self.error.emit(error)

    def _forget_restarts(self) -> None:
        self._restarts = 0

    # internals

    def _take(self, line: bytes) -> None:
        try:
            message = protocol.decode_from_broker(line)
        except StudioError as error:
            self.error.emit(error)
            return
        if not isinstance(message, Answer):
            self.told.emit(message)
            return
        operation = self._open.pop(message.id, None)
        if operation is None:
            return
        if message.bug is not None:
            operation.fail(
                Unavailable(
                    "Something in Studio Assist failed.",
                    remedy="Nothing was changed. Copy the details and send them to us.",
                )
            )
            self.bug.emit(BrokerBug(operation.method.name, message.bug))
        elif message.error is not None:
            if not operation.fail(message.error):
                self.error.emit(message.error)
        else:
            operation.finish(operation.method.result.model_validate_json(message.result or b"{}"))

    def _repeat(self, operation: Operation[Any]) -> None:
        process = self._process
        if process is None or operation.over:
            return
        operation.tries += 1
        self._number += 1
        self._open[self._number] = operation
        process.write(protocol.encode_call(self._number, operation.method, operation.params, again=True))

    def _fail(self, operation: Operation[Any]) -> None:
        if self._closing:
            operation.let_go()
            return
        error = Unavailable(BROKER_ENDED, remedy=BROKER_REMEDY if self._process else GONE_REMEDY)
        if not operation.fail(error):
            self.error.emit(error)
