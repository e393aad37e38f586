"""What a person wants, as a widget of the Write desk says it.

Widgets emit these values and change nothing themselves; the desk carries them to the broker and tells the
models what came of it.
"""

from __future__ import annotations

from studio_assist.domain.candidate import Outcome
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Sha256, Value


class Ask(Value):
    """Ask for `count` candidates of a task. The desk adds the script, the anchor and the person."""

    task: str
    note: str
    count: int


class Stop(Value):
    """Stop the model that writes for this request."""

    request: RequestId


class AskAgain(Value):
    """Ask the same once more: for a failed card, for one whose line changed, or for the whole request."""

    request: RequestId
    candidate: CandidateId | None = None


class Presented(Value):
    """All of this content has been on the screen."""

    candidate: CandidateId
    content: Sha256


class Decide(Value):
    """One decision on one candidate. There is no intent that takes more than one.

    Attributes:
        content: SHA-256 of what the card showed.
        result: the words that enter the script; None for a rejection.
    """

    candidate: CandidateId
    content: Sha256
    outcome: Outcome
    result: str | None


class UndoDecision(Value):
    """Take a decision back. The record keeps both."""

    candidate: CandidateId
    entry: EntryNumber


class Dismiss(Value):
    """Put a failed card away."""

    candidate: CandidateId


class UseLocalModel(Value):
    """Go on with the model on this machine instead of the one that a rule shuts out.

    Attributes:
        request: the request that was blocked, which is asked again; None where none was taken on.
        again: the last ask was blocked, and is to be made again.
    """

    request: RequestId | None = None
    again: bool = False


class AskClearance(Value):
    """Begin to ask for clearance of what a rule blocked."""

    request: RequestId | None
    rule: str
    why: str


class ShowLedgerEntry(Value):
    """Open the record of a decision."""

    entry: EntryNumber
    span: str | None = None


class ForgetText(Value):
    """Take the texts of a decision out of the record for good; another sheet asks first."""

    entry: EntryNumber


class RewriteSpan(Value):
    """The person writes the temp text anew."""

    span: str


class MarkReplaced(Value):
    """The person says that what stands there now is theirs."""

    span: str
