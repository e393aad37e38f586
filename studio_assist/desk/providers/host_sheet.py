"""Add a host: what it is, where it is, its key; beside it, what is known of how it handles data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import (
    Button,
    CheckBox,
    ChoiceCard,
    Combo,
    Field,
    Label,
    LinkButton,
    PrimaryButton,
    Sheet,
)
from studio_assist.desk.providers.host_form import TYPES, HostForm, can_be_looked_up, id_for, name_for
from studio_assist.desk.providers.parts import KeyField, Named, sentence
from studio_assist.desk.providers.terms_card import TermsCard
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.generation import BackendInfo, HostSettings, Where

#: How long nothing is typed before the card of an address is asked for.
_PAUSE_MS: Final = 250
_TYPES_IN_A_ROW: Final = 4
_KEY_NOTE: Final = "It goes to the system keychain, never into the project."
_ENV_NOTE: Final = "The variable is read when the host is asked; what it holds is kept nowhere."
_AGAIN: Final = "The key was not kept. Type it again."


@dataclass(frozen=True, slots=True)
class HostWanted:
    """What the sheet asks for. `key` is the key itself; whoever gets it hands it on and keeps nothing."""

    settings: HostSettings
    key: str | None = field(repr=False)
    for_project: bool


class HostSheet(Sheet):
    """Asks for a host. What is wrong with a field stands below it.

    Args:
        taken: ids that other backends have.
        found: a server that was found on this machine, to begin with.
        project: a project is open, in which a host can be kept.

    Signals:
        describe: (address, type, model): which card speaks of it?
        wanted: a `HostWanted`.
        use_wanted, attest_wanted: the id of the host that was added.
    """

    describe = Signal(str, str, str)
    wanted = Signal(object)
    use_wanted = Signal(str)
    attest_wanted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        taken: Collection[str],
        *,
        found: protocol.FoundServer | None = None,
        project: bool = False,
    ) -> None:
        super().__init__(
            theme,
            window,
            "Add a host",
            subtitle="Setting it up sends nothing. You are asked before anything leaves this machine.",
            icon="server" if found else "cloud",
            width_px=900,
        )
        self.setObjectName("host_sheet")
        self._theme_used: Final = theme
        self._taken: Final = frozenset(taken)
        self._found: Final = found
        self._added = ""
        self._own_name = self._own_id = self._own_url = False
        self._with_key = False
        self._parts: Final[dict[str, Named]] = {}
        self._types: Final[dict[str, ChoiceCard]] = {}
        self._pause: Final = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_card)
        self._make_fields(found)
        self.card_seen: Final = TermsCard(theme)
        self.only_here: Final = CheckBox(theme, "For this project only")
        self.only_here.setObjectName("host_for_project")
        self.only_here.setChecked(project)
        if not project:
            self.only_here.hide()
        self.outcome: Final = Outcome(theme, "host_outcome")
        self.body.addLayout(self._type_rows())
        self.body.addLayout(self._columns())
        self.body.addWidget(self.outcome)
        self._make_footer()
        self._choose(found.type if found else "openai", fill=True)
        if found is not None:
            self.url.setText(found.url)
            self._own_url = True
        self._suggest()
        self.closed.connect(self.deleteLater)

    # properties

    @property
    def form(self) -> HostForm:
        """What is filled in now, but for the key."""
        return HostForm(
            type=self._type,
            url=self.url.text().strip(),
            model=self._model_text(),
            name=" ".join(self.name.text().split()),
            id=self.ident.text().strip(),
            region=self.region.text().strip(),
            key_env=self.key_env.text().strip() if self._uses_env else None,
        )

    @property
    def _uses_env(self) -> bool:
        return self.key_env.isVisibleTo(self)

    # methods

    def open(self) -> None:
        super().open()
        self._types[self._type].setFocus(Qt.FocusReason.PopupFocusReason)

    def fill(self, known: BackendInfo) -> None:
        """Begin with a host that is set up already; what it has is kept where it is not written anew."""
        host = known.host or ""
        kind = {"api.openai.com": "openai", "api.anthropic.com": "anthropic"}.get(host, "openai-compatible")
        self._own_name = self._own_id = self._own_url = True
        self.name.setText(known.name)
        self.ident.setText(known.id)
        self.ident.setEnabled(False)
        self.url.setText(f"{'http' if known.where is Where.HERE else 'https'}://{host}/v1")
        self._choose(kind)
        if isinstance(self.model, Field):
            self.model.setText(known.model)
        self._go.set_text("Save")

    def show_host(self, url: str, seen: protocol.HostSeen) -> None:
        """Show the card of an address, while that is the address."""
        if url == self.form.url:
            self.card_seen.show_card(seen.card)

    def show_no_card(self, url: str, why: str) -> None:
        """Say why there is no card to show."""
        if url == self.form.url:
            self.card_seen.show_words("What is known of it", why)

    def show_added(self, added: protocol.BackendAdded, *, can_use: bool) -> None:
        """Say that it is set up, where its key went, and what comes next."""
        self._added = added.info.id
        self._cancel.set_text("Close")
        self._go.hide()
        standing = added.standing
        words = [f"{added.info.name} is set up.", sentence(added.key_note), sentence(standing.state)]
        if standing.blocked:
            words.append(sentence(standing.blocked))
        self.outcome.say(" ".join(dict.fromkeys(word for word in words if word)), "check")
        for part in (*self._parts.values(), *self._types.values(), self.only_here):
            part.setEnabled(False)
        self._attest.setVisible(standing.needs == "attestation")
        self._use.setVisible(can_use and standing.needs is None and not standing.blocked)
        for button in (self._attest, self._use, self._cancel):
            if button.isVisibleTo(self):
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                break

    def show_error(self, error: StudioError) -> None:
        """Say what went wrong at the field that it is about, or below them all."""
        self._go.setEnabled(True)
        if self._with_key:
            self._parts["key"].set_error(_AGAIN)
        if error.place in self._parts:
            self.outcome.clear()
            self._show_wrong({error.place: f"{error.message} {error.remedy}".strip()})
        else:
            self.outcome.error(error.message, error.remedy)
            self._go.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _choose(self, kind: str, *, fill: bool = False) -> None:
        self._type = kind
        self._types[kind].setChecked(True)
        if fill or not self._own_url:
            self.url.setText(next(url for name, _, _, url in TYPES if name == kind))
        self._suggest()

    def _suggest(self) -> None:
        """Name and id follow the address until somebody writes their own."""
        self._parts["url"].set_error("")
        found = self._found.kind if self._found else ""
        if not self._own_name:
            self.name.setText(name_for(self._type, self.url.text().strip(), found))
        if not self._own_id:
            self.ident.setText(id_for(self.name.text(), self._taken))
        self._pause.start()

    def _ask_card(self) -> None:
        form = self.form
        if can_be_looked_up(form.url):
            self.describe.emit(form.url, form.type, form.model)
        else:
            self.card_seen.show_nothing()

    def _name_typed(self) -> None:
        self._own_name = bool(self.name.text())
        self._parts["name"].set_error("")
        self._suggest()

    def _id_typed(self) -> None:
        self._own_id = bool(self.ident.text())
        self._parts["id"].set_error("")

    def _url_typed(self) -> None:
        self._own_url = bool(self.url.text())
        self._suggest()

    def _model_typed(self) -> None:
        self._parts["model"].set_error("")
        self._pause.start()

    def _turn_key(self) -> None:
        """From a key to the name of a variable, and back."""
        env = not self._uses_env
        self.key.forget()
        self.key.setVisible(not env)
        self.key_env.setVisible(env)
        self._turn.setText("Type a key" if env else "Use an environment variable")
        self._turn.setAccessibleName(self._turn.text())
        self._turn.updateGeometry()
        self._key_words.set_text(_ENV_NOTE if env else _KEY_NOTE)
        self._parts["key"].set_error("")

    def _add(self) -> None:
        if not self._go.isEnabled() or self._added:
            return
        settings, wrong = self.form.settings(self._taken)
        self._show_wrong(wrong)
        if settings is None:
            return
        key = None if self._uses_env else self.key.take()
        self._with_key = key is not None
        self._go.setEnabled(False)
        self.outcome.say("Setting it up.", "clock")
        self.wanted.emit(HostWanted(settings, key, self.only_here.isChecked()))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control and not event.isAutoRepeat():
            self._add()
        super().keyPressEvent(event)

    # internals

    def _show_wrong(self, wrong: dict[str, str]) -> None:
        for name, part in self._parts.items():
            words = wrong.get(name, "") or (wrong.get("key_env", "") if name == "key" else "")
            if words or name != "key" or not self._with_key:
                part.set_error(words)
        first = next((line for name, line in self._fields if wrong.get(name)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _model_text(self) -> str:
        model = self.model
        return model.currentText() if isinstance(model, Combo) else model.text().strip()

    def _make_fields(self, found: protocol.FoundServer | None) -> None:
        theme = self._theme_used
        self.url: Field = Field(theme, "Address", placeholder="https://api.example.com/v1")
        self.model: Field | Combo
        if found is not None and found.models:
            self.model = Combo(theme, "Model", height_px=30, width_px=417)
            self.model.addItems(list(found.models))
            self.model.currentIndexChanged.connect(self._model_typed)
        else:
            self.model = Field(theme, "Model", placeholder="As the host calls it")
            self.model.textEdited.connect(self._model_typed)
            self.model.returnPressed.connect(self._add)
        self.name: Field = Field(theme, "Name")
        self.ident: Field = Field(theme, "Id")
        self.region: Field = Field(theme, "Region", placeholder="Where it is asked to work, if it asks")
        self.key: KeyField = KeyField(theme, "Key", placeholder="Leave it empty where none is asked for")
        self.key_env: Field = Field(theme, "Environment variable", placeholder="EXAMPLE_API_KEY")
        self.key_env.hide()
        self.url.textEdited.connect(self._url_typed)
        self.name.textEdited.connect(self._name_typed)
        self.ident.textEdited.connect(self._id_typed)
        self._fields: tuple[tuple[str, QWidget], ...] = (
            ("url", self.url),
            ("model", self.model),
            ("name", self.name),
            ("id", self.ident),
            ("region", self.region),
            ("key_env", self.key_env),
            ("key", self.key),
        )
        for part, widget in self._fields:
            widget.setObjectName(f"host_{part}")
        for line in (self.url, self.name, self.ident, self.region, self.key, self.key_env):
            line.returnPressed.connect(self._add)
        for one in (self.key, self.key_env):
            one.textEdited.connect(lambda _text: self._parts["key"].set_error(""))
        self._turn: LinkButton = LinkButton(theme, "Use an environment variable")
        self._turn.setObjectName("host_key_turn")
        self._turn.clicked.connect(self._turn_key)
        for part, title, widget in (
            ("url", "Address", self.url),
            ("model", "Model", self.model),
            ("name", "Name", self.name),
            ("id", "Id", self.ident),
            ("region", "Region", self.region),
        ):
            self._parts[part] = Named(theme, title, widget)
        keys = QVBoxLayout()
        keys.setSpacing(4)
        keys.addWidget(self.key)
        keys.addWidget(self.key_env)
        self._key_words: Label = Label(theme, _KEY_NOTE, "caption", "text3", wrap=True)
        keys.addWidget(self._key_words)
        self._parts["key"] = Named(theme, "Key", keys, aside=self._turn)

    def _type_rows(self) -> QGridLayout:
        rows = QGridLayout()
        rows.setSpacing(8)
        for number, (name, title, about, _url) in enumerate(TYPES):
            choice = ChoiceCard(self._theme_used, title, about)
            choice.setObjectName(f"host_type_{name}")
            choice.toggled.connect(lambda on, kind=name: self._choose(kind) if on else None)
            self._types[name] = choice
            rows.addWidget(choice, *divmod(number, _TYPES_IN_A_ROW))
        for column in range(_TYPES_IN_A_ROW):
            rows.setColumnStretch(column, 1)
        return rows

    def _columns(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._parts["url"])
        left.addWidget(self._parts["model"])
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for name in ("name", "id"):
            pair.addWidget(self._parts[name], 1, Qt.AlignmentFlag.AlignTop)
        left.addLayout(pair)
        left.addWidget(self._parts["region"])
        left.addWidget(self._parts["key"])
        left.addWidget(self.only_here)
        left.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addWidget(self.card_seen, 1)
        return columns

    def _make_footer(self) -> None:
        theme = self._theme_used
        self._cancel: Button = Button(theme, "Cancel", key="Esc")
        self._cancel.setObjectName("host_cancel")
        self._cancel.clicked.connect(self.dismiss)
        self._attest: Button = Button(theme, "Attest…", icon="shield-check")
        self._attest.setObjectName("host_attest")
        self._attest.clicked.connect(self._go_attest)
        self._use: Button = Button(theme, "Use it")
        self._use.setObjectName("host_use")
        self._use.clicked.connect(self._go_use)
        self._go: PrimaryButton = PrimaryButton(theme, "Add the host")
        self._go.setObjectName("host_add")
        self._go.clicked.connect(self._add)
        self._attest.hide()
        self._use.hide()
        self.footer.addStretch(1)
        for button in (self._cancel, self._attest, self._use, self._go):
            self.footer.addWidget(button)

    def _go_attest(self) -> None:
        self.dismiss()
        self.attest_wanted.emit(self._added)

    def _go_use(self) -> None:
        self.dismiss()
        self.use_wanted.emit(self._added)
