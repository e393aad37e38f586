"""Who you are, and a new project: the two sheets of a first start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.first_run.roles import RolePicker
from studio_assist.desk.first_run.values import NewProject, PolicyChoice, Profile
from studio_assist.desk.kit import Button, Combo, Field, Label, PrimaryButton, Sheet
from studio_assist.desk.shell.model import PersonRow
from studio_assist.desk.theme import Theme


class _Form(Sheet):
    """A sheet whose main button works once the form is complete; Enter in a field presses it, and so
    does Ctrl Enter anywhere."""

    def __init__(
        self, theme: Theme, window: QWidget, title: str, subtitle: str, action: str, closable: bool
    ) -> None:
        super().__init__(theme, window, title, subtitle=subtitle, closable=closable)
        self.why: Final = Label(theme, "", "caption", "text3")
        self.action: Final = PrimaryButton(theme, action)
        self.footer.addWidget(self.why, 1)
        if closable:
            cancel = Button(theme, "Cancel", key="Esc")
            cancel.clicked.connect(self.dismiss)
            self.footer.addWidget(cancel)
        self.footer.addWidget(self.action)

    # methods

    def set_why(self, why: str) -> None:
        """Say what is missing; "" where the form is complete."""
        self.why.set_text(why)
        self.action.setEnabled(not why)

    # slots

    def _entered(self) -> None:
        """Enter in a field: on with it, where the form is complete."""
        if self.action.isEnabled():
            self.action.click()

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and ctrl:
            self.action.click()
        super().keyPressEvent(event)


class PersonSheet(_Form):
    """Who is at the keyboard: every decision is signed with this name.

    Args:
        profile: somebody whose roles are changed. Their name stays: what was decided under it stands in
            records, and another name is another person.

    Signals:
        done: a Profile.
    """

    done = Signal(object)

    def __init__(
        self, theme: Theme, window: QWidget, profile: Profile | None = None, *, closable: bool = True
    ) -> None:
        super().__init__(
            theme,
            window,
            "Who is deciding?" if profile is None else f"Roles of {profile.name}",
            "Every decision is recorded under this name. It stays on this machine.",
            "Save",
            closable,
        )
        self.setObjectName("person_sheet")
        self.field: Final = Field(theme, "Your name", placeholder="R. Okafor")
        self.field.setObjectName("person_name")
        self.initials: Final = Label(theme, "", "caption", "text3")
        self.picker: Final = RolePicker(theme, profile.roles if profile else ("writer",))
        self.body.addLayout(_named(theme, "Name", self.field, self.initials))
        self.body.addLayout(_named(theme, "Roles, one or several", self.picker))
        if profile is not None:
            self.field.setText(profile.name)
            self.field.setReadOnly(True)
            self.field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fixed: Final = profile is not None
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._entered)
        self.picker.changed.connect(self._check)
        self.action.clicked.connect(self._done)
        self._check()

    # slots

    def _check(self) -> None:
        name = " ".join(self.field.text().split())
        if self._fixed:
            said = "Another name is another person: add them under who is deciding."
        else:
            said = f"Shown as {PersonRow(name).initials}" if name else ""
        self.initials.set_text(said)
        self.set_why("Type your name." if not name else "" if self.picker.roles else "Choose a role.")

    def _done(self) -> None:
        self.dismiss()
        self.done.emit(Profile(" ".join(self.field.text().split()), self.picker.roles))


class NewProjectSheet(_Form):
    """Title, place and policy of a new project.

    Args:
        check: why the place cannot be used for a title ("the folder is not empty"), or "".

    Signals:
        done: a NewProject.
    """

    done = Signal(object)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        folder: str,
        policies: Sequence[PolicyChoice],
        check: Callable[[NewProject], str] | None = None,
    ) -> None:
        super().__init__(theme, window, "New project", "A folder with plain files.", "Make it", True)
        self.setObjectName("new_project_sheet")
        self._check_place: Final = check
        self._policies: Final = tuple(policies)
        self.title: Final = Field(theme, "Title", placeholder="Project Larkspur")
        self.title.setObjectName("project_title")
        self.folder: Final = Field(theme, "Folder", text=folder)
        self.folder.setObjectName("project_folder")
        self.policy: Final = Combo(theme, "Policy", height_px=30, width_px=478)
        self.policy.setObjectName("project_policy")
        for choice in self._policies:
            self.policy.addItem(choice.title, choice.id)
        self._words: Final = Label(theme, "", "caption", "text3", wrap=True)
        browse = Button(theme, "Choose…", icon="folder")
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        self.body.addLayout(_named(theme, "Title", self.title))
        self.body.addWidget(Label(theme, "In the folder", "captionMedium", "text2"))
        self.body.addLayout(place)
        if self._policies:
            self.body.addLayout(_named(theme, "Policy", self.policy, self._words))
        self.title.textChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        for field in (self.title, self.folder):
            field.returnPressed.connect(self._entered)
        self.policy.currentIndexChanged.connect(self._check)
        self.action.clicked.connect(self._done)
        self._check()

    # properties

    @property
    def value(self) -> NewProject:
        """What is filled in now."""
        at = self.policy.currentIndex()
        policy = self._policies[at].id if 0 <= at < len(self._policies) else ""
        return NewProject(" ".join(self.title.text().split()), self.folder.text().strip(), policy)

    # slots

    def _check(self) -> None:
        at = self.policy.currentIndex()
        self._words.set_text(self._policies[at].text if 0 <= at < len(self._policies) else "")
        value = self.value
        if not value.title:
            self.set_why("Type a title.")
        elif not value.folder:
            self.set_why("Choose a folder.")
        else:
            self.set_why(self._check_place(value) if self._check_place else "")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the project", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _done(self) -> None:
        self.dismiss()
        self.done.emit(self.value)


def _named(theme: Theme, name: str, *widgets: QWidget) -> QVBoxLayout:
    """A field under its name, with what explains it beneath."""
    column = QVBoxLayout()
    column.setSpacing(5)
    column.addWidget(Label(theme, name, "captionMedium", "text2"))
    for one in widgets:
        column.addWidget(one)
    return column
