"""Keys of hosts: which have one, give one, replace it, take it away. And: take a host away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Badge, Button, Divider, Label, PrimaryButton, Sheet
from studio_assist.desk.providers.parts import KeyField, Named
from studio_assist.desk.record.parts import Outcome, scrolling
from studio_assist.desk.shell import BadgeText
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

_LIST_PX: Final = 360
_AGAIN: Final = "The key was not kept. Type it again."


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host as the lists of these sheets show it."""

    id: str
    name: str
    state: str
    has_key: bool
    blocked: str = ""
    badges: tuple[BadgeText, ...] = ()


class KeySheet(Sheet):
    """Asks for the key of one host. The key is given away once and kept nowhere in the window.

    Signals:
        wanted: the key, or None to take away the one that is there.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, host: HostRow) -> None:
        super().__init__(
            theme,
            window,
            f"Key for {host.name}",
            subtitle="Nothing is sent by giving a key.",
            icon="key",
        )
        self.setObjectName("key_sheet")
        self._with_key = False
        self.key: Final = KeyField(theme, f"Key for {host.name}")
        self.key.setObjectName("key_field")
        self.key.returnPressed.connect(self._save)
        self.key.textEdited.connect(lambda _text: self._part.set_error(""))
        self._part: Final = Named(
            theme,
            "New key" if host.has_key else "Key",
            self.key,
            note="It goes to the system keychain, never into the project.",
        )
        self.body.addWidget(self._part)
        if host.blocked:
            words = f"{host.blocked} A key changes nothing about that."
            self.body.addWidget(Label(theme, words, "caption", "redText", wrap=True))
        self.outcome: Final = Outcome(theme, "key_outcome")
        self.body.addWidget(self.outcome)
        self._remove: Final = Button(theme, "Remove the key")
        self._remove.setObjectName("key_remove")
        if not host.has_key:
            self._remove.hide()
        self._remove.clicked.connect(self._take_away)
        self._cancel: Final = Button(theme, "Cancel", key="Esc")
        self._cancel.clicked.connect(self.dismiss)
        self._go: Final = PrimaryButton(theme, "Replace the key" if host.has_key else "Add the key")
        self._go.setObjectName("key_save")
        self._go.clicked.connect(self._save)
        self.footer.addWidget(self._remove)
        self.footer.addStretch(1)
        self.footer.addWidget(self._cancel)
        self.footer.addWidget(self._go)
        self.closed.connect(self.deleteLater)

    # methods

    def show_done(self, done: protocol.KeySet) -> None:
        """Say where the key is now, or that it is gone."""
        self.outcome.say(done.note or ("The key is kept." if done.kept else "Done."), "check")
        self._go.hide()
        self._remove.hide()
        self._part.hide()
        self._cancel.set_text("Close")
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: StudioError) -> None:
        """Say what went wrong; a key has to be typed again."""
        self._busy(busy=False)
        if error.place == "key":
            self.outcome.clear()
            self._part.set_error(f"{error.message} {error.remedy}".strip())
        else:
            self.outcome.error(error.message, error.remedy)
            if self._with_key:
                self._part.set_error(_AGAIN)
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _save(self) -> None:
        if not self._go.isEnabled() or self._go.isHidden():
            return
        key = self.key.take()
        if key is None:
            self._part.set_error("Type or paste the key.")
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._send(key)

    def _take_away(self) -> None:
        self.key.forget()
        self._send(None)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control and not event.isAutoRepeat():
            self._save()
        super().keyPressEvent(event)

    # internals

    def _send(self, key: str | None) -> None:
        self._with_key = key is not None
        self._busy(busy=True)
        self.outcome.say("Asking the system keychain.", "clock")
        self.wanted.emit(key)

    def _busy(self, *, busy: bool) -> None:
        self._go.setEnabled(not busy)
        self._remove.setEnabled(not busy)


class KeysSheet(Sheet):
    """Every host with its key's state.

    Signals:
        key_wanted, remove_wanted: a host's id.
        add_wanted: add a host.
    """

    key_wanted = Signal(str)
    remove_wanted = Signal(str)
    add_wanted = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, hosts: Sequence[HostRow], removable: frozenset[str]
    ) -> None:
        super().__init__(
            theme,
            window,
            "Keys",
            subtitle="Keys live in the system keychain, never in the project.",
            icon="key",
            width_px=640,
        )
        self.setObjectName("keys_of_hosts_sheet")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        for at, host in enumerate(hosts):
            if at:
                column.addWidget(Divider(theme))
            column.addLayout(self._row(theme, host, removable=host.id in removable))
        if not hosts:
            words = "No host is set up. The model on this machine needs no key."
            column.addWidget(Label(theme, words, "body", "text2", wrap=True))
        self.body.addWidget(scrolling(inner, "Hosts", _LIST_PX))
        add = Button(theme, "Add a host…", icon="plus")
        add.setObjectName("keys_add")
        add.clicked.connect(self._add)
        close = Button(theme, "Close", key="Esc")
        close.clicked.connect(self.dismiss)
        self.footer.addWidget(add)
        self.footer.addStretch(1)
        self.footer.addWidget(close)
        self.closed.connect(self.deleteLater)

    # slots

    def _add(self) -> None:
        self.dismiss()
        self.add_wanted.emit()

    # internals

    def _row(self, theme: Theme, host: HostRow, *, removable: bool) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(theme, host.name, "strong"))
        head.addWidget(Label(theme, "Has a key" if host.has_key else "No key", "caption", "text3"))
        head.addStretch(1)
        badges = QHBoxLayout()
        badges.setSpacing(6)
        for badge in host.badges:
            badges.addWidget(Badge(theme, badge.text, badge.icon, "red" if badge.blocked else "neutral"))
        badges.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(5)
        words.addLayout(head)
        words.addLayout(badges)
        label = "Replace or remove…" if host.has_key else "Add key…"
        key = Button(theme, label, icon="key", name=f"{label.removesuffix('…')}: {host.name}")
        key.setObjectName(f"keys_{host.id}")
        key.clicked.connect(lambda: self._leave(host.id, self.key_wanted.emit))
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(key)
        if removable:
            away = Button(theme, "Remove host…", name=f"Remove the host {host.name}")
            away.setObjectName(f"keys_remove_{host.id}")
            away.clicked.connect(lambda: self._leave(host.id, self.remove_wanted.emit))
            row.addWidget(away)
        return row

    def _leave(self, host: str, tell: Callable[[str], object]) -> None:
        self.dismiss()
        tell(host)


class RemoveSheet(Sheet):
    """Asks whether a host is to be taken away.

    Signals:
        wanted: yes.
    """

    wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, host: HostRow) -> None:
        super().__init__(theme, window, f"Remove {host.name}?", icon="minus")
        self.setObjectName("remove_host_sheet")
        words = (
            "Its settings are taken away, and its key from the keychain. The record keeps what was sent to "
            "it and who attested it."
        )
        self.body.addWidget(Label(theme, words, wrap=True))
        self.outcome: Final = Outcome(theme, "remove_outcome")
        self.body.addWidget(self.outcome)
        cancel = Button(theme, "Keep it", key="Esc")
        cancel.clicked.connect(self.dismiss)
        self._go: Final = Button(theme, "Remove the host")
        self._go.setObjectName("remove_host")
        self._go.clicked.connect(self._ask)
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self._go)
        self.closed.connect(self.deleteLater)

    # methods

    def show_error(self, error: StudioError) -> None:
        """Say why it is still there."""
        self._go.setEnabled(True)
        self.outcome.error(error.message, error.remedy)

    # slots

    def _ask(self) -> None:
        self._go.setEnabled(False)
        self.wanted.emit()
