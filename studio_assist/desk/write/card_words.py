"""What a candidate's card says about itself, in the words that a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from studio_assist.desk.shell.model import sentences
from studio_assist.desk.write.cards_model import WRITING, Card
from studio_assist.domain.candidate import State
from studio_assist.domain.words import Op, Piece, edited_percent, word_diff, words, words_changed
from studio_assist.protocol import ForgottenSeen

#: Said of words that were forgotten, until the record has told who had them forgotten.
FORGOTTEN: Final = "Its words were forgotten"
_SAID: Final = {State.ACCEPTED: "Accepted", State.EDITED: "Accepted", State.REJECTED: "Rejected"}


def clock(moment: datetime) -> str:
    """The time of day where the person is: "14:02"."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime) -> str:
    """The day where the person is: "22 Nov 2026"."""
    here = moment.astimezone()
    return f"{here.day} {here:%b %Y}"


def forgotten_words(seen: ForgottenSeen) -> str:
    """Who had words forgotten, and when: "forgotten by R. Okafor on 22 Nov 2026"."""
    return f"{FORGOTTEN} by {seen.who} on {day(seen.at)}"


def pieces_of(card: Card, quote: str) -> list[Piece]:
    """A card's text as a diff against what it would replace.

    While it streams, where it broke off, and where it replaces nothing, all of it is new: half a line is not
    yet a change to one.
    """
    text = card.candidate.text
    if quote and text and card.state not in (*WRITING, State.FAILED):
        return word_diff(quote, text)
    return [Piece(Op.ADDED, text)] if text else []


def note_of(card: Card, pieces: Sequence[Piece], quote: str) -> str:
    """The few words beside a card's number."""
    if card.busy:
        return "Writing it into the record"
    if card.state is State.REQUESTED:
        return "Waits for its turn"
    if card.state is State.STREAMING:
        return f"{card.tokens_per_second:.0f} tokens/s" if card.tokens_per_second >= 1 else "Writing"
    if card.state is State.FAILED:
        return "Not finished"
    count = words_changed(pieces) if quote else len(words(card.candidate.text))
    note = f"{count} {'word' if count == 1 else 'words'}{' changed' if quote else ''}"
    return f"Stopped, {note}" if card.state is State.STOPPED else note


def trouble_of(card: Card) -> str:
    """What went wrong with a card and what to do about it, or ""."""
    candidate = card.candidate
    if card.error:
        return sentences(*card.error)
    if card.state is State.STALE:
        return card.stale_why or "The line it was made for has changed."
    if card.state is State.FAILED:
        return sentences(candidate.why or "The model could not finish it.", candidate.remedy)
    if card.state is State.STOPPED:
        return sentences(candidate.why, candidate.remedy)
    return ""


def decided_of(card: Card) -> str:
    """What was decided: "Accepted 14:02, edited 38 %"."""
    said = _SAID[card.state]
    if card.decision is not None:
        said = f"{said} {clock(card.decision.at)}"
    if card.state is State.EDITED and card.result is not None:
        said = f"{said}, edited {edited_percent(card.candidate.text, card.result)} %"
    return said


def details_of(card: Card) -> str:
    """What a person passes on when a candidate should never have been offered: enough to find it in the
    record, and none of its words.
    """
    candidate = card.candidate
    return (
        f"Candidate {candidate.id} of request {candidate.request}, {candidate.state}, seed {candidate.seed}, "
        f"SHA-256 {card.content}"
    )
