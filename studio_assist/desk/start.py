"""The start page at work: recent projects, models found here, the first start's sheets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.first_run import (
    BackendRow,
    BackendView,
    FirstRun,
    NewProject,
    NewProjectSheet,
    PersonSheet,
    PolicyChoice,
    PolicyNote,
    Profile,
)
from studio_assist.desk.first_run.listing import FOLDER, LOOK_AGAIN, OWN_FILE, SERVER, rows_of
from studio_assist.desk.kit import Button, Sheet
from studio_assist.desk.providers.control import ProviderControl
from studio_assist.desk.record.parts import scrolling
from studio_assist.desk.shell import Recent
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import new_person
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.paths import resource

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

#: The policy of new projects.
DEFAULT_POLICY: Final = "netflix-2025"
#: What a sheet with a list needs above and below it, px.
_AROUND_PX: Final = 220


class StartPage(QObject):
    """What is behind the start page's buttons."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._rows: tuple[BackendRow, ...] = ()
        self._policies: Final = tuple(_policies())
        self.page: Final = FirstRun(theme)
        self.providers: Final = ProviderControl(theme, studio)
        self.page.sample_asked.connect(studio.open_sample)
        self.page.new_asked.connect(lambda: self.ask_project())
        self.page.import_asked.connect(studio.import_file)
        self.page.recent_chosen.connect(studio.open_project)
        self.page.look_again.connect(self._look_again)
        self.page.add_host.connect(lambda: self.providers.add_host())
        self.page.shown.connect(self._shown)
        studio.models.looking_changed.connect(self._show_looking)
        self.page.backend_action.connect(self._act)
        self.page.policy_asked.connect(self._show_policy)
        self.page.sample_cancelled.connect(self._cancel_sample)
        default = next((policy for policy in self._policies if policy.id == DEFAULT_POLICY), None)
        if default:
            self.page.set_policy(
                PolicyNote(
                    default.id,
                    "Providers that keep data are blocked. Everything else still asks you before it sends. "
                    "Keys live in the system keychain, never in the project.",
                )
            )
        self.show_models_found()

    # methods

    def refresh_recent(self) -> None:
        """Show the projects opened last that are still there."""
        rows = [
            Recent(Path(recent.path), recent.title, when=day_words(datetime.fromisoformat(recent.at)))
            for recent in self._studio.settings.load().recents
            if Path(recent.path).is_dir()
        ]
        self.page.set_recent(rows)
        self._studio.shell.set_recent(rows)

    def show_models_found(self) -> None:
        """Show what can be asked."""
        self._rows = rows_of(self._studio.models)
        self.page.set_backends(self._rows)

    def ask_person(self, *, change: bool = False, then: Callable[[], object] | None = None) -> None:
        """Ask who decides; on a first start there is no way round it.

        `change`: ask which roles the one who is at the keyboard has. To put somebody else there is for
        `people.control`, which locks the desk until they confirm it.
        """
        known = self._studio.person if change else None
        profile = Profile(known.name, known.roles) if known else None
        sheet = PersonSheet(self._theme, self._studio.shell, profile, closable=change or then is not None)

        def done(chosen: Profile) -> None:
            first, *more = chosen.roles
            if known is None:
                self._studio.set_person(new_person(chosen.name, first, tuple(more)))
            elif known.roles != chosen.roles:
                self._studio.set_person(known.model_copy(update={"role": first, "also": tuple(more)}))
            if then:
                then()

        sheet.done.connect(done)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()

    def ask_project(self, script: Path | None = None) -> None:
        """Ask for a new project's title, place and policy."""
        if self._studio.person is None:
            self.ask_person(then=lambda: self.ask_project(script))
            return
        folder = self._studio.projects_folder()
        choices = [PolicyChoice(policy.id, policy.title, policy.about) for policy in self._policies]
        sheet = NewProjectSheet(self._theme, self._studio.shell, str(folder), choices, _why_not_there)
        if script is not None:
            sheet.title.setText(script.stem.replace("_", " ").replace("-", " ").title())

        def done(wanted: NewProject) -> None:
            self._studio.create_project(_folder_of(wanted), wanted.title, wanted.policy, script)

        sheet.done.connect(done)
        sheet.open()
        sheet.title.setFocus()

    def show_models(self) -> None:
        """The models that can be used, over an open project."""
        sheet = Sheet(self._theme, self._studio.shell, "Models you can use", icon="chip", width_px=640)
        sheet.setObjectName("backends_sheet")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)

        def act(row: str) -> None:
            sheet.dismiss()
            self._act(row)

        for row in self._rows:
            # On the start page it is tried on the sample; here it is used from now on.
            view = BackendView(self._theme, replace(row, action="Use") if row.action == "Try it" else row)
            view.acted.connect(act)
            column.addWidget(view)
        sheet.body.addWidget(scrolling(inner, "Models", self._studio.shell.height() - _AROUND_PX))

        def go(way: Callable[[], object]) -> None:
            sheet.dismiss()
            way()

        add = Button(self._theme, "Add a host…", icon="plus")
        add.setObjectName("backends_add_host")
        add.clicked.connect(lambda: go(self.providers.add_host))
        keys = Button(self._theme, "Keys…", icon="key")
        keys.setObjectName("backends_keys")
        keys.clicked.connect(lambda: go(self.providers.keys))
        close = Button(self._theme, "Close", key="Esc")
        close.clicked.connect(sheet.dismiss)
        sheet.footer.addWidget(add)
        sheet.footer.addWidget(keys)
        sheet.footer.addStretch(1)
        sheet.footer.addWidget(close)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()

    def show_making(self, label: str) -> None:
        """Long work on the way to a project."""
        self.page.show_progress(label, None)

    def show_progress(self, progress: protocol.Progress) -> None:
        if progress.job == "sample":
            self.page.show_progress(progress.label, progress.share)

    def stop_making(self) -> None:
        if self.page.isVisible() and not self.page.cards[0].isEnabled():
            self.page.end_progress()

    # slots

    def _look_again(self) -> None:
        if not self._studio.models.looking:
            self._studio.models.look()

    def _shown(self) -> None:
        # The first look of all is the broker's own, as it starts.
        if self._studio.client.running and self._studio.models.everything:
            self._look_again()

    def _show_looking(self, looking: bool) -> None:
        self.page.set_looking(looking)
        self.show_models_found()

    def _act(self, row: str) -> None:
        models, providers = self._studio.models, self.providers
        if row == OWN_FILE or row.startswith(FOLDER):
            self._pick_model(row.removeprefix(FOLDER) if row.startswith(FOLDER) else str(Path.home()))
        elif row.startswith(LOOK_AGAIN):
            self._look_again()
        elif row.startswith(SERVER):
            kind = row.removeprefix(SERVER)
            found = next((one for one in models.servers if one.running and one.kind == kind), None)
            if found is not None:
                providers.add_host(found)
        elif not providers.act(row):
            models.choose(row)
            info = models.info_of(row)
            if self._studio.state is None and info is not None and info.host is None:
                self._studio.open_sample()

    def _pick_model(self, folder: str) -> None:
        known = next(
            (found for found in self._studio.models.found if found.folder == folder and found.models), None
        )
        if known is None:
            chosen, _ = QFileDialog.getOpenFileName(
                self._studio.shell, "Choose a model", folder, "GGUF models (*.gguf)"
            )
            if chosen:
                self._studio.models.use_file(Path(chosen))
            return
        sheet = Sheet(self._theme, self._studio.shell, f"Models of {known.tool}", icon="server")
        sheet.setObjectName("models_sheet")
        for model in known.models[:12]:
            button = Button(self._theme, f"{model.name}, {model.size_bytes / 1e9:.1f} GB")
            button.clicked.connect(lambda _checked=False, path=model.path: self._take(sheet, path))
            sheet.body.addWidget(button)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()

    def _take(self, sheet: Sheet, path: str) -> None:
        sheet.dismiss()
        self._studio.models.use_file(Path(path))

    def _show_policy(self) -> None:
        self._studio.policies.read(DEFAULT_POLICY)

    def _cancel_sample(self) -> None:
        self._studio.cancel_sample()


def day_words(moment: datetime, now: datetime | None = None) -> str:
    """A day as the list of recent projects says it: Today, Yesterday, 18 Nov."""
    local, here = moment.astimezone(), (now or datetime.now().astimezone()).astimezone()
    days = (here.date() - local.date()).days
    if days == 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    shown = f"{local.day} {local:%b}"
    return shown if local.year == here.year else f"{shown} {local.year}"


def _policies() -> list[Policy]:
    """The policies that came with the program; the default one first."""
    found: list[Policy] = []
    for file in sorted(resource("policies").glob("*.toml")):
        try:
            found.append(policy_of(tomllib.loads(file.read_text("utf-8")), str(file)))
        except (StudioError, tomllib.TOMLDecodeError):
            # A policy that cannot be read is not offered: an unknown rule is never a lax one.
            continue
    return sorted(found, key=lambda policy: policy.id != DEFAULT_POLICY)


def _folder_of(wanted: NewProject) -> Path:
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", wanted.title).strip(" .") or "Project"
    return Path(wanted.folder).expanduser() / f"{name}.studio"


def _why_not_there(wanted: NewProject) -> str:
    folder = _folder_of(wanted)
    if folder.exists():
        return f"{folder.name} is there already."
    return ""
