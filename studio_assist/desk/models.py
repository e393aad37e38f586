"""The models of this machine: which there are, which is asked, and what each does with data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.shell import BadgeText, ProviderRow
from studio_assist.domain.errors import StudioError
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.storage.settings import Settings

#: Key of the chosen backend in the settings.
_OPTION: Final = "backend"
#: The longest name of a model on the provider chip, in characters.
_NAME_LENGTH: Final = 28
#: What a badge's kind looks like.
_ICONS: Final = {"stays": "shield-check", "leaves": "plane", "kept": "clock", "blocked": "ban"}


class Models(QObject):
    """What can be asked, as the broker found it, and the person's choice of it.

    Signals:
        changed: what there is, or which one is chosen.
        looking_changed: whether it is being looked for.
        failed: the `StudioError` of a look or of a picked file.
    """

    changed = Signal()
    looking_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, client: BrokerClient, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._settings: Final = settings
        self._everything: tuple[BackendInfo, ...] = ()
        self._standings: dict[str, protocol.Standing] = {}
        self._servers: tuple[protocol.FoundServer, ...] = ()
        self._looks = 0
        # What was asked for last is what counts, whichever answer comes last.
        self._asked = 0
        self._taken = 0
        self._found: tuple[FoundModels, ...] = ()
        self._chosen: BackendInfo | None = None

    # properties

    @property
    def backends(self) -> tuple[BackendInfo, ...]:
        """Every backend that writes text."""
        return tuple(info for info in self._everything if "text" in info.kinds)

    @property
    def everything(self) -> tuple[BackendInfo, ...]:
        """Every backend, those that make pictures too."""
        return self._everything

    @property
    def hosts(self) -> tuple[BackendInfo, ...]:
        """The backends that send to a host."""
        return tuple(info for info in self._everything if info.host is not None)

    @property
    def standings(self) -> dict[str, protocol.Standing]:
        """Where each backend stands, by its id."""
        return dict(self._standings)

    @property
    def servers(self) -> tuple[protocol.FoundServer, ...]:
        """The servers that were looked for on this machine."""
        return self._servers

    @property
    def looking(self) -> bool:
        """It is being looked for just now."""
        return self._looks > 0

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
    def blocked(self) -> str:
        """Why the policy keeps everything from the chosen one, "" where it does not."""
        standing = self._standings.get(self._chosen.id) if self._chosen else None
        return standing.blocked if standing else ""

    @property
    def rows(self) -> tuple[ProviderRow, ...]:
        """The list behind the provider chip."""
        return tuple(self._row(info) for info in self.backends)

    # methods

    def info_of(self, backend: str) -> BackendInfo | None:
        """A backend by its id."""
        return next((info for info in self._everything if info.id == backend), None)

    def standing_of(self, backend: str) -> protocol.Standing | None:
        """Where a backend stands; None where nothing was said of it."""
        return self._standings.get(backend)

    def choose(self, backend: str) -> None:
        """Ask this one from now on. A blocked one too: what keeps everything from it is said on asking."""
        chosen = next((info for info in self.backends if info.id == backend), None)
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

        self._asked += 1
        number = self._asked

        def found(result: protocol.Backends) -> None:
            self._ended()
            if number > self._taken:
                self._taken = number
                take(result)
            if then:
                then()

        def take(result: protocol.Backends) -> None:
            self._everything, self._found = result.backends, result.found
            self._standings = {standing.backend: standing for standing in result.standings}
            self._servers = result.servers
            texts = self.backends
            wanted = self._chosen.id if self._chosen else self._settings.load().options.get(_OPTION)
            by_choice = next((info for info in texts if info.id == wanted), None)
            # Nobody is sent anything because they are first in a list.
            here = [info for info in texts if info.stays_here]
            first_ready = next((info for info in here if info.ready), here[0] if here else None)
            self._chosen = by_choice or first_ready
            self.changed.emit()

        def not_found(error: StudioError) -> None:
            self._ended()
            self.failed.emit(error)

        self._looks += 1
        if self._looks == 1:
            self.looking_changed.emit(True)
        params = protocol.ListBackendsParams(look_again=again)
        call = self._client.call(protocol.LIST_BACKENDS, params, owner=self)
        call.on_done(found).on_error(not_found)

    def take_in(self, info: BackendInfo, standing: protocol.Standing) -> None:
        """A backend was added or changed: it is known at once, before the next look has ended."""
        others = tuple(one for one in self._everything if one.id != info.id)
        self._everything = (*others, info)
        self._standings[info.id] = standing
        self.changed.emit()

    # internals

    def _ended(self) -> None:
        self._looks -= 1
        if not self._looks:
            self.looking_changed.emit(False)

    def _row(self, info: BackendInfo) -> ProviderRow:
        standing = self._standings.get(info.id)
        acts: tuple[str, ...] = ()
        if info.host is not None:
            acts = ("key", "attest")
        if standing is not None and standing.removable:
            acts += ("remove",)
        return ProviderRow(
            info.id,
            f"{info.name} · {shortened(info.model, _NAME_LENGTH)}" if info.model else info.name,
            _handling(info),
            # A host that lacks something can be chosen: what it lacks is said where it is asked.
            info.ready or info.host is not None,
            info.why,
            state=standing.state if standing else ("Ready" if info.ready else info.why),
            blocked=standing.blocked if standing else "",
            badges=badges_of(info, standing),
            acts=acts,
            chosen=self._chosen is not None and self._chosen.id == info.id,
        )


def badges_of(info: BackendInfo, standing: protocol.Standing | None) -> tuple[BadgeText, ...]:
    """How a backend handles data, as its rows show it.

    Without a standing nothing is known of a host but that it is one.
    """
    if standing is not None and standing.badges:
        told = tuple(
            BadgeText(badge.text, _ICONS[badge.icon], badge.tone == "bad") for badge in standing.badges
        )
        red = any(badge.blocked for badge in told)
        return told if red or not standing.blocked else (*told, BadgeText("Blocked", "ban", blocked=True))
    if info.stays_here:
        return (BadgeText("Nothing leaves"),)
    return (BadgeText("Off machine, asks first", "plane"),)


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _handling(info: BackendInfo) -> str:
    """What a backend does with what it is sent, in words."""
    if info.stays_here:
        return f"Nothing leaves. {info.quality[:1].upper()}{info.quality[1:]}".strip()
    kept = "unknown" if info.retention_days is None else f"{info.retention_days} days"
    return f"Off this machine. Kept: {kept}."
