"""What is put to a person after a crash or a clash: both versions are there, and they choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient
from studio_assist.desk.models import shortened
from studio_assist.desk.shell import Action, Notice
from studio_assist.desk.shell.notices import Notices
from studio_assist.desk.write.desk import WriteDesk
from studio_assist.desk.write.saving import clock_time
from studio_assist.domain.errors import Conflict, StudioError

#: How much of accepted words a notice quotes, in characters.
_QUOTE_LENGTH: Final = 60


class Offers(QObject):
    """Puts up the notices of recovery and conflict, and carries out what is chosen."""

    def __init__(
        self,
        client: BrokerClient,
        write: WriteDesk,
        notices: Notices,
        failed: Callable[[StudioError], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client: Final = client
        self._write: Final = write
        self._notices: Final = notices
        self._failed: Final = failed

    # methods

    def conflict(self, error: Conflict, base: str, open_again: Callable[[], object]) -> None:
        """The script's file changed on disk since it was read.

        Args:
            base: SHA-256 of the version that the page was made from.
            open_again: opens the project anew, with the version that is on disk.
        """

        def take_theirs() -> None:
            text, spans = self._write.content()
            # What was typed here goes to the recovery folder first, so that neither version is lost.
            params = protocol.AutosaveParams(text=text, spans=spans, base=base)
            self._client.call(protocol.AUTOSAVE, params, owner=self)
            open_again()

        self._notices.show(
            Notice(
                "conflict",
                "warning",
                f"{error.message} Both versions are kept until you choose.",
                (
                    Action("mine", "Keep mine", self._write.saver.save_over),
                    Action("theirs", "Take the one on disk", take_theirs),
                ),
            )
        )

    def recovery(self, offer: protocol.RecoveryOffer) -> None:
        """A crash left words behind that the script's file does not hold."""

        def answer(take: bool) -> None:
            params = protocol.RecoverParams(offer=offer.id, take=take)
            self._client.call(protocol.RECOVER, params, owner=self).on_error(self._failed)

        def take() -> None:
            # It is answered once its words are in the script's file: a crash on the way offers it again.
            if offer.kind == "autosave":
                self._write.take_recovered(offer, lambda: answer(True))
            else:
                self._write.asking.recover_decision(offer)
                self._write.saver.save(lambda: answer(True))

        placed = offer.kind == "autosave" or offer.place is not None
        when = clock_time(offer.at)
        quote = shortened(offer.text, _QUOTE_LENGTH)
        text = (
            f"Words typed until {when} had not reached the script when the program ended."
            if offer.kind == "autosave"
            else f"You accepted “{quote}” at {when}; it had not reached the script."
        )
        self._notices.show(
            Notice(
                offer.id.replace(":", "-"),
                "warning",
                text,
                (
                    Action("take", "Put it back" if placed else "Put it at the caret", take),
                    Action("leave", "Leave it", lambda: answer(False)),
                ),
                closable=False,
            )
        )
