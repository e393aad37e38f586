"""What a person does about a record that does not hold: compare, keep evidence, check again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.record import words
from studio_assist.desk.record.differs_sheet import DiffersSheet
from studio_assist.desk.record.evidence import save_evidence
from studio_assist.desk.record.work import Work
from studio_assist.desk.theme import Theme

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio

_COPIES: Final = "A project or its ledger (project.toml *.sqlite)"
_HOLDS: Final = {
    True: "The copy by itself passes a check.",
    False: "The copy by itself does not pass a check either.",
    None: "",
}


def show_differs(
    theme: Theme, studio: Studio, ledger: protocol.LedgerState, again: Callable[[], object]
) -> None:
    """Put up what the check found; `again` is called where a new check found a fault too."""
    sheet = DiffersSheet(theme, studio.shell, ledger)
    sheet.check_wanted.connect(lambda: _check(sheet, studio, again))
    sheet.compare_wanted.connect(lambda: _compare(sheet, studio))
    sheet.evidence_wanted.connect(lambda: _save_evidence(sheet, studio, ledger))
    sheet.open()


def _check(sheet: DiffersSheet, studio: Studio, again: Callable[[], object]) -> None:
    """Check with the sheet open; it ends with the fault, or shows what is found now."""
    sheet.show_busy("Checking every entry again.")

    def done(ledger: protocol.LedgerState) -> None:
        sheet.dismiss()
        studio.show_ledger(ledger)
        again()

    call = studio.client.call(protocol.VERIFY_LEDGER, protocol.VerifyParams(), owner=sheet)
    call.on_done(done).on_error(lambda error: sheet.show_error(error.message, error.remedy))


def _compare(sheet: DiffersSheet, studio: Studio) -> None:
    folder = str(Path(studio.state.path).parent) if studio.state is not None else ""
    chosen, _ = QFileDialog.getOpenFileName(sheet, "Compare with a copy", folder, _COPIES)
    if not chosen:
        return
    copy = Path(chosen)
    path = copy if copy.suffix == ".sqlite" else copy.parent
    sheet.show_busy(f"Comparing with {copy.parent.name}.")

    def done(found: protocol.Compared) -> None:
        at = f", {words.when(found.there_at)}" if found.there_at is not None else ""
        said = [sentence for sentence in (*found.says, _HOLDS[found.there_holds]) if sentence]
        sheet.show_comparison(said, found.fields, f"In the copy{at}")

    params = protocol.CompareParams(copy_path=str(path))
    call = studio.client.call(protocol.COMPARE_LEDGER, params, owner=sheet)
    call.on_done(done).on_error(lambda error: sheet.show_error(error.message, error.remedy))


def _save_evidence(sheet: DiffersSheet, studio: Studio, ledger: protocol.LedgerState) -> None:
    state, person = studio.state, studio.person
    if state is None or person is None:
        return
    project, who = Path(state.path), person.name
    at = datetime.now(UTC)
    name = f"{state.title} evidence {at.astimezone():%Y-%m-%d %H%M}.zip"
    chosen, _ = QFileDialog.getSaveFileName(sheet, "Save evidence file", str(project.parent / name))
    if not chosen:
        return
    sheet.show_busy("Writing what was found, and a copy of the ledger.")

    def done(digest: str) -> None:
        kept = f"{Path(chosen).name} holds the check's result and the ledger as it is on disk."
        sheet.show_outcome(f"{kept}\nSHA-256: {digest}")

    Work(
        lambda: save_evidence(project, Path(chosen), ledger, who, at),
        sheet,
        done,
        lambda error: sheet.show_error(error.message, error.remedy),
    ).start()
