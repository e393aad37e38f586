"""The window's copy of the board: shots in order, what waits and what runs, the selection, and undo."""

from __future__ import annotations

from pathlib import Path

from studio_assist import protocol
from studio_assist.desk.board.board_copy import BoardCopy
from studio_assist.domain.boards import edited
from studio_assist.domain.candidate import Outcome
from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.storyboard import BoardEdit, ShotId, Variant


class BoardBook(BoardCopy):
    """What the Board desk shows. Every part reads it, and changes go through it alone.

    Its signals, and what can be read, are those of `BoardCopy`.
    """

    # methods

    def edit(self, edit: BoardEdit, words: str) -> None:
        """Make an edit here at once and in the broker; `words` name it for undo ("Move 3 shots")."""
        back = self._make(edit)
        if back is not None:
            self.pile.made(words, back)
            self.pile_changed.emit()
            self.edited.emit(words, True)

    def undo(self) -> None:
        """Take the last edit back. Decisions are taken back by `undo_decision` alone."""
        done = self.pile.take_done() if self._may_edit() else None
        if done is not None:
            back = self._make(done.back)
            if back is not None:
                self.pile.undone(done.words, back)
                self.edited.emit(f"Undone: {done.words}", False)
        self.pile_changed.emit()

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        done = self.pile.take_undone() if self._may_edit() else None
        if done is not None:
            back = self._make(done.back)
            if back is not None:
                self.pile.redone(done.words, back)
                self.edited.emit(done.words, True)
        self.pile_changed.emit()

    def present(self, variant: Variant) -> None:
        """Say that this person was shown exactly this variant, large; once each."""
        if self._person is None or variant.candidate in self._presented:
            return
        self._presented.add(variant.candidate)
        params = protocol.PresentedParams(
            candidate=variant.candidate, content=variant.content, person=self._person
        )

        def failed(error: StudioError) -> None:
            # It counts as not shown: a decision says it again.
            self._presented.discard(variant.candidate)
            self.failed.emit(error)

        self.client.call(protocol.PRESENTED, params, owner=self).on_error(failed)

    def decide(self, variant: Variant, outcome: Outcome, canvas: str | None = None) -> None:
        """One decision on one variant, by who works here."""
        if self._person is None or not self._may_edit():
            return
        self.present(variant)
        params = protocol.DecidePictureParams(
            candidate=variant.candidate,
            content=variant.content,
            outcome=outcome,
            canvas=canvas,
            person=self._person,
        )
        call = self.client.call(protocol.DECIDE_PICTURE, params, owner=self)
        call.on_done(self.take_panel).on_error(self.failed.emit)

    def undo_decision(self, shot: ShotId) -> None:
        """Take the panel's last decision, or *replaced by human*, back."""
        entry = self._entries.get(shot) or (self.shot(shot).panel.entry if shot in self._board else None)
        if entry is None or self._person is None or not self._may_edit():
            return
        params = protocol.UndoPictureParams(entry=entry, person=self._person)
        call = self.client.call(protocol.UNDO_PICTURE, params, owner=self)
        call.on_done(self._decision_undone).on_error(self.failed.emit)

    def ask(self, params: protocol.BoardAskParams) -> None:
        """Put shots into the queue."""
        if self._may_edit():
            self._asked.update(dict.fromkeys(params.shots, params))
            self.client.call(protocol.ASK_BOARD, params, owner=self).on_error(self.failed.emit)

    def ask_again(self, shot: ShotId) -> None:
        """Ask for a shot as it was asked for last in this window, else of the built-in drawer."""
        if self._person is not None:
            known = self._asked.get(shot)
            again = {"shots": (shot,), "person": self._person}
            self.ask(
                known.model_copy(update=again) if known else protocol.BoardAskParams.model_validate(again)
            )

    def asked_of(self, shot: ShotId) -> str:
        """The id of the drawer that a shot's pictures were asked of last in this window, or ""."""
        known = self._asked.get(shot)
        return (known.drawer or "") if known else ""

    def put_picture(self, shot: ShotId, file: Path) -> None:
        """Put a file into a panel; one that is marked as AI comes up as a variant to decide on."""
        if self._person is None or not self._may_edit():
            return
        params = protocol.PutPictureParams(shot=shot, file=str(file), person=self._person)
        call = self.client.call(protocol.PUT_PICTURE, params, owner=self)
        call.on_done(self.take_panel).on_error(self.failed.emit)

    def take_panel(self, told: protocol.PanelChanged) -> None:
        """What came of a decision, a replacement or a saved drawing of this window's own."""
        self._take_seen((told.shot,), fields=not self._sent)
        if told.entry is not None:
            self._entries[told.shot.shot.id] = told.entry
        self.decided.emit(told)

    # slots

    def _decision_undone(self, told: protocol.PanelChanged) -> None:
        self._entries.pop(told.shot.shot.id, None)
        self._take_seen((told.shot,), fields=not self._sent)

    # internals

    def _may_edit(self) -> bool:
        if self.read_only:
            self.failed.emit(Refusal(self.read_only, remedy="Open the project again once it can be written."))
            return False
        if self._pages.running:
            self.failed.emit(Unavailable("The board is still being read.", remedy="Try again in a moment."))
            return False
        return self._person is not None

    def _make(self, edit: BoardEdit) -> BoardEdit | None:
        """Make an edit here and send it; None where it cannot be made."""
        person = self._person
        if person is None or not self._may_edit():
            return None
        try:
            board, back = edited(self._board, edit)
        except StudioError as error:
            # The copy here no longer fits what somebody wanted to do with it.
            self.pile.clear()
            self.failed.emit(error)
            self.reload()
            return None
        self._exchange(board)
        self._sent += 1
        call = self.client.call(
            protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=person), owner=self
        )
        call.on_done(self._edit_done).on_error(self._edit_refused)
        return back

    def _edit_done(self, told: protocol.BoardEdited) -> None:
        self._sent = max(0, self._sent - 1)
        self._take_seen(told.shots, fields=False)
        self._settle()

    def _edit_refused(self, error: StudioError) -> None:
        self._sent = max(0, self._sent - 1)
        if not self._astray:
            # Edits that follow a refused one fail for its sake; it is told of once.
            self.failed.emit(error)
        self._astray = True
        self._settle()

    def _settle(self) -> None:
        if self._astray and not self._sent:
            self.pile.clear()
            self.pile_changed.emit()
            self.reload()
