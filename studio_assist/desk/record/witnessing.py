"""Witnesses at work: hand a head out, take the answer in, sign for a colleague."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from studio_assist import protocol
from studio_assist.desk.record import words
from studio_assist.desk.record.witness_sheet import WitnessSheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.people import Person

if TYPE_CHECKING:
    from studio_assist.desk.studio import Studio


def show_witnessing(theme: Theme, studio: Studio, person: Person, key_note: str) -> None:
    """Put up the sheet of witnessing."""
    sheet = WitnessSheet(theme, studio.shell, person.name, key_note)
    sheet.offer_wanted.connect(lambda stamp: _offer(sheet, studio, person, stamp=stamp))
    sheet.reply_wanted.connect(lambda: _take_in(sheet, studio, person))
    sheet.cosign_wanted.connect(lambda: _cosign(sheet, studio, person))
    sheet.open()


def _offer(sheet: WitnessSheet, studio: Studio, person: Person, *, stamp: bool) -> None:
    state = studio.state
    name = f"{state.title if state is not None else 'Project'} for a witness.json"
    kind = "Time-stamp request (*.tsq)" if stamp else "Offer to a witness (*.json)"
    suggested = str(Path(_folder(studio)) / (Path(name).with_suffix(".tsq") if stamp else name))
    out, _ = QFileDialog.getSaveFileName(sheet, "Save a file for the witness", suggested, kind)
    if not out:
        return
    sheet.offer.busy("Signing how the record stands now.")

    def done(made: protocol.WitnessOut) -> None:
        sheet.offer.done(
            f"{Path(made.path).name} names the first {words.entries_text(made.size)}. Give it to the "
            "witness; nothing is witnessed before the answer is taken in."
        )

    params = protocol.WitnessOutParams(out=out, person=person)
    call = studio.client.call(protocol.WITNESS_OUT, params, owner=sheet)
    call.on_done(done).on_error(lambda error: sheet.offer.error(error.message, error.remedy))


def _take_in(sheet: WitnessSheet, studio: Studio, person: Person) -> None:
    file, _ = QFileDialog.getOpenFileName(
        sheet, "Take the answer in", _folder(studio), "Answers of witnesses (*.json *.tsr);;All files (*)"
    )
    if not file:
        return
    authority: str | None = None
    if file.lower().endswith(".tsr"):
        # A time stamp is worth what its authority is worth, so the person says which one counts.
        authority, _ = QFileDialog.getOpenFileName(
            sheet,
            "Certificate of the time authority",
            str(Path(file).parent),
            "Certificates (*.pem *.crt)",
        )
        if not authority:
            return
    sheet.reply.busy("Checking the signature against this record.")

    def done(taken: protocol.WitnessIn) -> None:
        seen = taken.witness
        who = f"Stamped by {seen.name}" if seen.kind == "timestamp" else f"Witnessed by {seen.name}"
        sheet.reply.done(
            f"{who}, {words.when(seen.at)}: the first {words.entries_text(seen.size)}. "
            f"Ledger entry {taken.entry:,}."
        )

    params = protocol.WitnessInParams(file=file, person=person, authority=authority)
    call = studio.client.call(protocol.WITNESS_IN, params, owner=sheet)
    call.on_done(done).on_error(lambda error: sheet.reply.error(error.message, error.remedy))


def _cosign(sheet: WitnessSheet, studio: Studio, person: Person) -> None:
    offer, _ = QFileDialog.getOpenFileName(
        sheet, "Witness for a colleague", _folder(studio), "Offers (*.json);;All files (*)"
    )
    if not offer:
        return
    suggested = str(Path(offer).with_name(f"{Path(offer).stem} answer.json"))
    out, _ = QFileDialog.getSaveFileName(
        sheet, "Save your answer", suggested, "Answers of witnesses (*.json)"
    )
    if not out:
        return
    sheet.cosign.busy("Comparing with your own copy, then signing.")

    def done(signed: protocol.Cosigned) -> None:
        seen = (
            "Your own copy agrees with it."
            if signed.compared
            else "You hold no copy of that record: you signed that you saw it, not that it is right."
        )
        key = " Your key is kept for this session only." if signed.session_only else ""
        sheet.cosign.done(
            f"{Path(signed.path).name} is the answer for the first {words.entries_text(signed.size)}. "
            f"{seen}{key} Give it back.",
            token="green" if signed.compared else "text2",
        )

    params = protocol.CosignParams(offer=offer, out=out, person=person)
    call = studio.client.call(protocol.COSIGN, params, owner=sheet)
    call.on_done(done).on_error(lambda error: sheet.cosign.error(error.message, error.remedy))


def _folder(studio: Studio) -> str:
    return str(Path(studio.state.path).parent if studio.state is not None else Path.home())
