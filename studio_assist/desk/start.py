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
from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.first_run import (
    BackendRow,
    BackendView,
    BadgeText,
    FirstRun,
    NewProject,
    NewProjectSheet,
    PersonSheet,
    PolicyChoice,
    PolicyNote,
    Profile,
)
from studio_assist.desk.kit import Button, Label, Sheet
from studio_assist.desk.shell import Recent
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.people import new_person
from studio_assist.domain.policy import Policy, policy_of
from studio_assist.paths import resource

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

#: The policy of new projects.
DEFAULT_POLICY: Final = "netflix-2025"
_STAYS: Final = BadgeText("Nothing leaves")
#: Row ids that are not backends: a file of one's own, and another program's folder of models.
_OWN_FILE: Final = "own-file"
_FOLDER: Final = "folder:"
_LOOK_AGAIN: Final = "look:"
#: Programs that people often have, and where their models would be.
_USUAL: Final = (("Ollama", "~/.ollama/models"), ("LM Studio", "~/.lmstudio/models"))


class StartPage(QObject):
    """What is behind the start page's buttons."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._found: tuple[FoundModels, ...] = ()
        self._rows: tuple[BackendRow, ...] = ()
        self._policies: Final = tuple(_policies())
        self.page: Final = FirstRun(theme)
        self.page.sample_asked.connect(studio.open_sample)
        self.page.new_asked.connect(lambda: self.ask_project())
        self.page.import_asked.connect(studio.import_script)
        self.page.recent_chosen.connect(studio.open_project)
        self.page.look_again.connect(self._look_again)
        self.page.backend_action.connect(self._act)
        self.page.policy_asked.connect(self._show_policy)
        self.page.sample_cancelled.connect(self._cancel_sample)
        default = next((policy for policy in self._policies if policy.id == DEFAULT_POLICY), None)
        if default:
            self.page.set_policy(
                PolicyNote(
                    default.id,
                    "Providers that keep data are blocked, and in this version nothing leaves this machine "
                    "at all. No key and no account is asked for.",
                )
            )
        self._show_rows(())

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
        models = self._studio.models
        self._found = models.found
        self._show_rows([_row_of(info, models.chosen) for info in models.backends])

    def ask_person(self, *, change: bool = False, then: Callable[[], object] | None = None) -> None:
        """Ask who decides; on a first start there is no way round it."""
        known = self._studio.person
        profile = Profile(known.name, known.role) if known else None
        sheet = PersonSheet(self._theme, self._studio.shell, profile, closable=change or then is not None)

        def done(chosen: Profile) -> None:
            if known and known.name == chosen.name and known.role == chosen.role:
                return
            self._studio.set_person(new_person(chosen.name, chosen.role))
            if then:
                then()

        sheet.done.connect(done)
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
        sheet.body.setSpacing(0)

        def act(row: str) -> None:
            sheet.dismiss()
            self._act(row)

        for row in self._rows:
            # On the start page it is tried on the sample; here it is used from now on.
            view = BackendView(self._theme, replace(row, action="Use") if row.action == "Try it" else row)
            view.acted.connect(act)
            sheet.body.addWidget(view)
        close = Button(self._theme, "Close", key="Esc")
        close.clicked.connect(sheet.dismiss)
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
        self._studio.models.look()

    def _act(self, row: str) -> None:
        if row == _OWN_FILE or row.startswith(_FOLDER):
            folder = row.removeprefix(_FOLDER) if row.startswith(_FOLDER) else str(Path.home())
            self._pick_model(folder)
            return
        if row.startswith(_LOOK_AGAIN):
            self._look_again()
            return
        self._studio.models.choose(row)
        if self._studio.state is None:
            self._studio.open_sample()

    def _pick_model(self, folder: str) -> None:
        known = next((found for found in self._found if found.folder == folder and found.models), None)
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
        policy = next((one for one in self._policies if one.id == DEFAULT_POLICY), None)
        if policy is None:
            return
        sheet = Sheet(self._theme, self._studio.shell, policy.title, icon="lock", width_px=680)
        sheet.setObjectName("policy_sheet")
        for number, principle in enumerate(policy.principles, start=1):
            sheet.body.addWidget(Label(self._theme, f"{number}. {principle.sentence}", wrap=True))
        sheet.body.addWidget(Label(self._theme, policy.disclaimer, "caption", "text2", wrap=True))
        sheet.closed.connect(sheet.deleteLater)
        close = Button(self._theme, "Close", key="Esc")
        close.clicked.connect(sheet.dismiss)
        sheet.footer.addStretch(1)
        sheet.footer.addWidget(close)
        sheet.open()

    def _cancel_sample(self) -> None:
        self._studio.cancel_sample()

    # internals

    def _show_rows(self, rows: list[BackendRow] | tuple[BackendRow, ...]) -> None:
        shown = list(rows) or [
            BackendRow("looking", "On this machine", "Looking", "looking", badges=(_STAYS,))
        ]
        shown += [
            BackendRow(
                f"{_FOLDER}{found.folder}",
                found.tool,
                f"Found · {len(found.models)} models in its folder"
                if found.models
                else "No models in its folder",
                "found" if found.models else "off",
                "server",
                (_STAYS,),
                "Use" if found.models else "Choose a file",
                why="Its model files are used directly; the program itself is not asked.",
            )
            for found in self._found
        ]
        tools = {found.tool for found in self._found}
        shown += [
            BackendRow(
                _LOOK_AGAIN + tool,
                tool,
                f"Not found · looked in {folder}",
                "off",
                "server",
                (_STAYS,),
                "Look again",
                "refresh",
                why="Its model files can be used directly, without asking the program.",
            )
            for tool, folder in _USUAL
            if tool not in tools
        ]
        shown.append(
            BackendRow(
                _OWN_FILE,
                "A model file of yours",
                "Any GGUF text model on this machine",
                "found",
                "chip",
                (_STAYS,),
                "Choose a file",
            )
        )
        shown.append(
            BackendRow(
                "outside",
                "Providers off this machine",
                "Closed in this version",
                "off",
                "cloud",
                (
                    BadgeText("Off machine", "plane"),
                    BadgeText("Blocked: none is attested", "ban", blocked=True),
                ),
                why="Nothing is sent to anybody until a provider can be attested to keep nothing.",
            )
        )
        self._rows = tuple(shown)
        self.page.set_backends(shown)


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


def _row_of(info: BackendInfo, chosen: BackendInfo | None) -> BackendRow:
    here = info.where.value == "here"
    size = f" · {info.model}, CPU" if info.model else ""
    state = f"Ready{size}" if info.ready else (info.why or "Not ready")
    badges = (
        (_STAYS,)
        if here
        else (
            BadgeText("Off machine", "plane"),
            BadgeText("Blocked: not attested", "ban", blocked=True),
        )
    )
    action = "Try it" if info.ready and here else None
    if chosen is not None and chosen.id != info.id and action:
        action = "Use"
    return BackendRow(
        info.id,
        info.name,
        state,
        "ready" if info.ready else "off",
        "chip" if here else "cloud",
        badges,
        action,
        why=" ".join(part for part in (info.quality, info.why, info.remedy) if part),
    )


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
