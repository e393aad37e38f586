"""Which acceptances the undo stack still holds: undo takes the decision back, redo makes it anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from studio_assist.desk.write.document import ScriptDocument
from studio_assist.domain.values import EntryNumber
from studio_assist.protocol import DecideParams


@dataclass
class Acceptance:
    """One accepted candidate and its place in the undo stack.

    Attributes:
        step: how many steps could be undone once the text was in.
        entry: the decision's entry; a redo makes a new one.
        undone: whether the page's undo has taken its words away.
        in_force: whether the record holds the decision as one that stands.
        busy: the record is being told.
    """

    step: int
    span: str
    entry: EntryNumber
    decided: DecideParams
    undone: bool = False
    in_force: bool = True
    busy: bool = False


class Acceptances:
    """Watches the script's undo stack for acceptances that are undone or redone with it."""

    def __init__(
        self,
        document: ScriptDocument,
        turned: Callable[[Acceptance], None],
    ) -> None:
        self._document: Final = document
        self._turned: Final = turned
        self._all: list[Acceptance] = []

    @property
    def busy(self) -> bool:
        """Whether the record is being told of an undo or a redo."""
        return any(known.busy for known in self._all)

    def clear(self) -> None:
        self._all.clear()

    def placed(self, acceptance: Acceptance) -> None:
        """The text has just gone in, as the document's last step."""
        self._all = [known for known in self._all if known.span != acceptance.span]
        self._all.append(acceptance)

    def of_entry(self, entry: EntryNumber) -> Acceptance | None:
        return next((known for known in self._all if known.entry == entry and not known.undone), None)

    def is_last_step(self, acceptance: Acceptance) -> bool:
        """Whether one undo would take back this acceptance and nothing else."""
        return self._document.availableUndoSteps() == acceptance.step

    def look(self, span_ids: set[str]) -> None:
        """After any change of the script: which acceptances went or came with it."""
        steps = self._document.availableUndoSteps()
        for known in list(self._all):
            if not known.undone and steps < known.step:
                known.undone = True
                self._turned(known)
            elif known.undone and steps >= known.step and known.span in span_ids:
                known.undone = False
                self._turned(known)
            elif known.undone and not self._document.isRedoAvailable():
                # Something else was typed since: this step can never come back.
                self._all.remove(known)
