"""The record in the window: its state in every place that tells of it, and the way to each sheet.

The sheets are loaded when the first of them is wanted: a window whose record is intact pays nothing for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRect

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.record import words
from studio_assist.desk.shell import Notice
from studio_assist.desk.shell.status_bar import ledger_text
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

if TYPE_CHECKING:
    from studio_assist.desk.record.card import LedgerCard
    from studio_assist.desk.record.pack_sheet import PackSheet
    from studio_assist.desk.shell.ledger_banner import LedgerBanner
    from studio_assist.desk.studio import Studio

#: What changes the record; off while it does not hold and where it cannot be written.
_WRITING: Final = ("ledger.witness", "ledger.pack", "ledger.forget")
_ALTERED: Final = "Off while the ledger is broken: what would be signed now could not be relied on."


class RecordControl(QObject):
    """Carries between the broker and what the window shows of the record."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        self._ledger: protocol.LedgerState | None = None
        self._banner: LedgerBanner | None = None
        self._card: LedgerCard | None = None
        self._pack: PackSheet | None = None
        self._key_told = False

    # properties

    @property
    def ledger(self) -> protocol.LedgerState | None:
        """What was told last; None where no project is open."""
        return self._ledger

    @property
    def altered(self) -> str:
        """Why the record does not hold, "" where it does."""
        ledger = self._ledger
        if ledger is None or ledger.state != "altered":
            return ""
        return f"{words.head_of(ledger)} {ledger.why or ''}".strip()

    # methods

    def show(self, ledger: protocol.LedgerState) -> None:
        """Show what is known of the record now."""
        self._ledger = ledger
        checking = ledger.progress is not None or ledger.state == "checking"
        busy = ledger.state == "checking"
        self._studio.model.update(
            ledger="busy" if busy else ledger.state,
            ledger_entries=ledger.size,
            ledger_bad=ledger.first_bad if ledger.state == "altered" else None,
            ledger_share=ledger.progress,
            ledger_why=words.claim_of(ledger),
            sent_bytes_today=ledger.sent_today_bytes,
        )
        self._show_banner(ledger, checking=checking)
        self._show_commands()
        self._show_card()
        self._tell_of_key(ledger)

    def show_banner_here(self) -> None:
        """The Review desk has a banner of its own."""
        if self._banner is not None:
            self._banner.setVisible(self._studio.shell.desk != "review")

    def forget_project(self) -> None:
        """No project is open any more."""
        self._ledger = None
        self._key_told = False
        self._drop_banner()
        if self._card is not None:
            self._card.dismiss()

    def check(self) -> None:
        """Check the whole record again (F9)."""
        if self._studio.state is None:
            return
        if self._banner is not None and self._ledger is not None:
            # What was found stays on the window until it is found otherwise.
            self._show_banner(self._ledger, checking=True)
        else:
            self._studio.model.update(ledger="busy", ledger_share=None)
        call = self._studio.client.call(protocol.VERIFY_LEDGER, protocol.VerifyParams(), owner=self)
        call.on_done(self._studio.show_ledger).on_error(self._check_failed)

    def show_card(self) -> None:
        """Open the card behind the status bar's ledger item, or close it."""
        if self._ledger is None:
            return
        card = self._card
        if card is None:
            from studio_assist.desk.record.card import LedgerCard

            guard_overrides()
            card = self._card = LedgerCard(self._theme, self._studio.shell)
            card.wanted.connect(self._studio.shell.commands.run)
        elif card.isVisible():
            card.dismiss()
            return
        self._show_card()
        item = self._studio.shell.status_bar.ledger
        corner = item.mapTo(self._studio.shell, QPoint(0, 0))
        card.open_at(QRect(corner, item.size()))

    def show_differs(self) -> None:
        """Show what the check found in a record that does not hold."""
        ledger = self._ledger
        if ledger is None or ledger.state != "altered":
            return
        from studio_assist.desk.record.differing import show_differs

        guard_overrides()
        show_differs(self._theme, self._studio, ledger, self.show_differs)

    def witness(self) -> None:
        """Put up the sheet of witnessing."""
        person, ledger = self._studio.person, self._ledger
        if person is None or ledger is None:
            return
        from studio_assist.desk.record.witnessing import show_witnessing

        guard_overrides()
        show_witnessing(self._theme, self._studio, person, ledger.key_note)

    def hand_out(self) -> None:
        """Put up the sheet of a pack."""
        person, state = self._studio.person, self._studio.state
        if person is None or state is None:
            return
        from studio_assist.desk.record.handing_out import show_handing_out

        guard_overrides()
        self._pack = show_handing_out(self._theme, self._studio, person, state)
        self._pack.closed.connect(self._pack_closed)

    def forget(self, entry: int | None = None) -> None:
        """Ask which text to forget and why; `entry` where it is known."""
        person, commands = self._studio.person, self._studio.shell.commands
        if person is None or self._ledger is None:
            return
        if not commands.enabled("ledger.forget"):
            # Asked from a card beside the words, where no button can be off.
            self._studio.shell.notices.show(Notice("record", "info", commands.why("ledger.forget")))
            return
        from studio_assist.desk.record.forgetting import show_forgetting

        guard_overrides()
        show_forgetting(self._theme, self._studio, person, entry)

    def take(self, event: protocol.Event) -> None:
        """An event of the broker."""
        if isinstance(event, protocol.Progress) and event.job == "pack" and self._pack is not None:
            self._pack.show_progress(event.share)

    # slots

    def _pack_closed(self) -> None:
        self._pack = None

    # internals

    def _show_banner(self, ledger: protocol.LedgerState, *, checking: bool) -> None:
        if ledger.state != "altered":
            # While it is being checked again, what was found last still stands.
            if ledger.state == "intact":
                self._drop_banner()
            return
        banner = self._banner
        if banner is None:
            from studio_assist.desk.shell.ledger_banner import LedgerBanner

            guard_overrides()
            banner = self._banner = LedgerBanner(self._theme)
            banner.differs_wanted.connect(self.show_differs)
            banner.check_wanted.connect(self.check)
            self._studio.shell.set_banner(banner)
            self.show_banner_here()
        banner.show_state(words.head_of(ledger), words.known_of(ledger), checking=checking)

    def _drop_banner(self) -> None:
        if self._banner is not None:
            self._banner = None
            self._studio.shell.set_banner(None)

    def _show_commands(self) -> None:
        commands, ledger, state = self._studio.shell.commands, self._ledger, self._studio.state
        altered = ledger is not None and ledger.state == "altered"
        why = _ALTERED if altered else (state.read_only or "") if state is not None else ""
        for name in _WRITING:
            commands.set_enabled(name, not why, why)
        commands.set_enabled("ledger.differs", altered, "Nothing differs: the last check found no fault.")

    def _show_card(self) -> None:
        card, ledger = self._card, self._ledger
        if card is None or ledger is None:
            return
        commands = self._studio.shell.commands
        off = {name: commands.why(name) for name in _WRITING if not commands.enabled(name)}
        if self._studio.model.ledger == "busy":
            off["ledger.check"] = ""
        card.show_state(ledger, ledger_text(self._studio.model), off)

    def _tell_of_key(self, ledger: protocol.LedgerState) -> None:
        person = self._studio.person
        # The tour and its like have nobody to tell; the card behind the status bar says it all the same.
        if person is None or person.automated:
            return
        if ledger.key == "session" and ledger.key_note and not self._key_told:
            self._key_told = True
            self._studio.shell.notices.show(Notice("key", "info", ledger.key_note))

    def _check_failed(self, error: StudioError) -> None:
        if self._ledger is not None:
            self.show(self._ledger)
        self._studio.show_error(error)
