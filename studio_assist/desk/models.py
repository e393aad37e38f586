"""The models of this machine: which there are, which is asked, and what each does with data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.shell import ProviderRow
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.storage.settings import Settings

#: Key of the chosen backend in the settings.
_OPTION: Final = "backend"
#: The longest name of a model on the provider chip, in characters.
_NAME_LENGTH: Final = 28


class Models(QObject):
    """What can be asked, as the broker found it, and the person's choice of it.

    Signals:
        changed: what there is, or which one is chosen.
        failed: the `StudioError` of a look or of a picked file.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, client: BrokerClient, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._settings: Final = settings
        self._backends: tuple[BackendInfo, ...] = ()
        self._found: tuple[FoundModels, ...] = ()
        self._chosen: BackendInfo | None = None

    # properties

    @property
    def backends(self) -> tuple[BackendInfo, ...]:
        """Every backend that writes text."""
        return self._backends

    @property
    def found(self) -> tuple[FoundModels, ...]:
        """Model files that other programs keep here."""
        return self._found

    @property
    def chosen(self) -> BackendInfo | None:
        """The one that is asked."""
        return self._chosen

    @property
    def label(self) -> str:
        """The chosen one, as on the provider chip."""
        chosen = self._chosen
        return f"{chosen.name} · {shortened(chosen.model, _NAME_LENGTH)}" if chosen else "No model"

    @property
    def rows(self) -> tuple[ProviderRow, ...]:
        """The list behind the provider chip."""
        return tuple(
            ProviderRow(
                info.id,
                f"{info.name} · {info.model}" if info.model else info.name,
                _handling(info),
                info.ready,
                info.why,
            )
            for info in self._backends
        )

    # methods

    def choose(self, backend: str) -> None:
        """Ask this one from now on."""
        chosen = next((info for info in self._backends if info.id == backend), None)
        if chosen:
            self._chosen = chosen
            kept = self._settings.load()
            self._settings.save(kept.model_copy(update={"options": {**kept.options, _OPTION: backend}}))
            self.changed.emit()

    def use_file(self, path: Path) -> None:
        """Add a model file that the person picked, and ask it from now on."""

        def added(info: BackendInfo) -> None:
            self.look(then=lambda: self.choose(info.id))

        params = protocol.UseModelFileParams(path=str(path))
        call = self._client.call(protocol.USE_MODEL_FILE, params, owner=self)
        call.on_done(added).on_error(self.failed.emit)

    def look(self, then: Callable[[], object] | None = None, *, again: bool = True) -> None:
        """Look on this machine for models; then call `then`."""

        def found(result: protocol.Backends) -> None:
            texts = tuple(info for info in result.backends if "text" in info.kinds)
            self._backends, self._found = texts, result.found
            wanted = self._chosen.id if self._chosen else self._settings.load().options.get(_OPTION)
            by_choice = next((info for info in texts if info.id == wanted), None)
            first_ready = next((info for info in texts if info.ready), texts[0] if texts else None)
            self._chosen = by_choice or first_ready
            self.changed.emit()
            if then:
                then()

        params = protocol.ListBackendsParams(look_again=again)
        call = self._client.call(protocol.LIST_BACKENDS, params, owner=self)
        call.on_done(found).on_error(self.failed.emit)


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _handling(info: BackendInfo) -> str:
    """What a backend does with what it is sent, in words."""
    if info.where.value == "here":
        return f"Nothing leaves. {info.quality[:1].upper()}{info.quality[1:]}".strip()
    kept = "unknown" if info.retention_days is None else f"{info.retention_days} days"
    return f"Off this machine. Kept: {kept}."
