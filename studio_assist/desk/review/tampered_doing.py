"""What the buttons under a broken record do: compare with a copy, keep evidence, tell the contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.record.evidence import save_evidence
from studio_assist.desk.record.work import Work
from studio_assist.desk.review.tampered import TamperedView
from studio_assist.desk.review.tampered_contact import ContactSheet, contact_text
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person

if TYPE_CHECKING:
    from studio_assist.desk.broker_client import BrokerClient
    from studio_assist.desk.review.story import StoryPanel

#: The open project and who works on it; None where there is none.
At = tuple[protocol.ProjectState | None, Person | None]

_COPIES: Final = "A project or its ledger (project.toml *.sqlite)"


class TamperedDoing(QObject):
    """Carries the wishes of a `StoryPanel` out in a window. Nothing it does changes the record."""

    def __init__(
        self, theme: Theme, panel: StoryPanel, client: BrokerClient, window: QWidget, work: Callable[[], At]
    ) -> None:
        """`window`: over which its sheet stands. `work`: gives the open project and who works on it."""
        super().__init__(panel)
        self._theme: Final = theme
        self._panel: Final = panel
        self._client: Final = client
        self._window: Final = window
        self._work: Final = work
        #: SHA-256 of the evidence file that was saved last.
        self._evidence = ""
        panel.compare_wanted.connect(self.compare)
        panel.evidence_wanted.connect(self.save_evidence)
        panel.contact_wanted.connect(self.tell_contact)

    # slots

    def compare(self) -> None:
        """Have the broker put a copy beside the record; the person says which."""
        view, (state, _person) = self._panel.tampered, self._work()
        if view is None or state is None:
            return
        folder = str(Path(state.path).parent)
        chosen, _ = QFileDialog.getOpenFileName(self._panel, "Compare with a copy", folder, _COPIES)
        if not chosen:
            return
        copy = Path(chosen)
        path = copy if copy.suffix == ".sqlite" else copy.parent
        name = copy.parent.name or copy.name
        view.show_busy(f"Comparing with {name}.")
        params = protocol.CompareParams(copy_path=str(path))
        call = self._client.call(protocol.COMPARE_LEDGER, params, owner=view)
        call.on_done(lambda found: view.show_comparison(found, name)).on_error(view.show_error)

    def save_evidence(self) -> None:
        """Keep what was found, and the ledger's files as they are, in one file."""
        view, (state, person) = self._panel.tampered, self._work()
        if view is None or state is None or person is None:
            return
        project, ledger, at = Path(state.path), view.ledger, datetime.now(UTC)
        name = f"{state.title} evidence {at.astimezone():%Y-%m-%d %H%M}.zip"
        chosen, _ = QFileDialog.getSaveFileName(self._panel, "Save evidence file", str(project.parent / name))
        if not chosen:
            return
        view.show_busy("Writing what was found, and a copy of the ledger.")

        def done(digest: str) -> None:
            self._evidence = digest
            kept = f"{Path(chosen).name} holds the check's result and the ledger as it is on disk."
            self._told(lambda shown: shown.show_outcome(f"{kept}\nSHA-256: {digest}"))

        def failed(error: StudioError) -> None:
            self._told(lambda shown: shown.show_error(error))

        who = person.name
        Work(lambda: save_evidence(project, Path(chosen), ledger, who, at), self, done, failed).start()

    def tell_contact(self) -> None:
        """Put up the words for the studio's contact."""
        view, (state, person) = self._panel.tampered, self._work()
        if view is None or state is None:
            return
        guard_overrides()
        who = person.name if person is not None else ""
        text = contact_text(view.ledger, state.title, who, datetime.now(UTC), self._evidence)
        ContactSheet(self._theme, self._window, text).open()

    # internals

    def _told(self, tell: Callable[[TamperedView], object]) -> None:
        """Tell it where a broken record is shown still."""
        view = self._panel.tampered
        if view is not None:
            tell(view)
