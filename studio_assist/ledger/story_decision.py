"""The second half of a rail: what a person decided, word by word, where it went, and what became of it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from studio_assist.domain.record import (
    DecisionMade,
    DecisionUndone,
    Entry,
    PanelCleared,
    PanelReplaced,
    PanelRestored,
    Placed,
    Replaced,
    SpanDeleted,
    SpanLost,
)
from studio_assist.domain.review import Picture, Run, Step, permille_words
from studio_assist.domain.words import Op, word_diff
from studio_assist.ledger import story_board
from studio_assist.ledger.story_request import Asked
from studio_assist.ledger.story_words import PANEL, SCRIPT_PAGE, Telling

#: What is told of one decision afterwards.
_MOST: Final = 200
#: Characters of both texts of a decision that are compared word by word: about 50 ms.
_LONGEST: Final = 40_000
_TITLES: Final = {
    "accepted": "Decision: accepted",
    "edited": "Decision: edited, then accepted",
    "rejected": "Decision: rejected",
}
_KINDS: Final[dict[Op, Literal["kept", "human", "removed"]]] = {
    Op.SAME: "kept",
    Op.ADDED: "human",
    Op.REMOVED: "removed",
}


class Outcome(NamedTuple):
    """A decision's steps, and whether what it let in is still temp material in the work."""

    steps: list[Step]
    temp: bool


def runs_of(before: str, after: str) -> tuple[Run, ...]:
    """What a person made of a model's words: kept and human are `after`, kept and removed are `before`."""
    return tuple((_KINDS[piece.op], piece.text) for piece in word_diff(before, after))


def decision_steps(telling: Telling, asked: Asked, entry: Entry, body: DecisionMade) -> Outcome:
    """A decision and everything that followed from it."""
    steps = [_decision(telling, asked, entry, body)]
    if body.outcome == "rejected":
        live = False
    else:
        live = True
        if body.placement is not None and body.placement.kind == PANEL:
            steps.append(_in_panel(telling, asked, entry, body))
    placed = False
    for after in telling.reader.entries(decision=entry.number, limit=_MOST):
        match after.body:
            case DecisionUndone():
                live = False
                steps.append(_undone(telling, after))
            case Placed():
                # Every save says so again; the first tells when it came.
                if not placed:
                    steps.append(_placed(asked, after))
                placed = True
            case Replaced() as what:
                live, placed = False, True
                steps.append(_replaced(telling, after, what))
            case SpanDeleted():
                live, placed = False, True
                said = f"{telling.who(after.person)} deleted the text from the script."
                steps.append(Step("replaced", "Deleted", after.at, after.number, (said,), tone="human"))
            case SpanLost():
                placed = True
                said = "Its place in the script could not be found again."
                steps.append(Step("record", "Place lost", after.at, after.number, (said,)))
            case PanelReplaced() as what:
                live = False
                steps.append(_panel_replaced(telling, asked, body, after, what))
            case PanelCleared():
                live = False
                said = f"{telling.who(after.person)} took the picture off the board."
                steps.append(Step("replaced", "Taken off", after.at, after.number, (said,), tone="human"))
            case PanelRestored() as what:
                live = True
                who = telling.who(after.person)
                said = f"{who} took entry {what.entry:,} back; the temp picture is in it again."
                steps.append(Step("undo", "Put back", after.at, after.number, (said,), tone="human"))
            case _:
                pass
    words = body.outcome != "rejected" and not (body.placement and body.placement.kind == PANEL)
    if live and words and not placed:
        steps.append(
            Step("placement", "Placement", None, entry.number, ("It is not in the script on disk yet.",))
        )
    return Outcome(steps, live)


# internals


def _decision(telling: Telling, asked: Asked, entry: Entry, body: DecisionMade) -> Step:
    who = telling.who(entry.person)
    if body.automated:
        who = f"{who} (a script, no person)"
    changed = 1000 - body.kept_permille
    share = "less than 1 %" if 0 < changed < 5 else permille_words(changed)
    match body.outcome:
        case "accepted":
            said = f"{who} took it as it was offered."
        case "rejected":
            said = f"{who} rejected it."
        case "edited" if asked.is_of_board:
            said = f"{who} drew over it before taking it: {share} of the frame is their ink."
        case "edited":
            said = f"{who} rewrote {share} of the words."
    lines = [said]
    if body.redo_of is not None:
        lines.append(f"This repeats entry {body.redo_of:,}, which had been taken back.")
    runs = tuple[Run, ...]()
    if not asked.is_of_board and body.result is not None:
        runs = _runs(telling, body)
        gone = body.result if body.result in telling.missing else body.content
        if not runs and gone in telling.missing:
            lines.append(f"The words: {telling.gone(gone)}")
        elif not runs and body.result != body.content and _too_long(telling, body):
            lines.append("The text is too long to be told word by word.")
    tone = "plain" if body.automated else "human"
    return Step("decision", _TITLES[body.outcome], entry.at, entry.number, tuple(lines), runs=runs, tone=tone)


def _runs(telling: Telling, body: DecisionMade) -> tuple[Run, ...]:
    result = telling.text(body.result)
    if body.result == body.content:
        return (("kept", result),) if result else ()
    if _too_long(telling, body):
        return ()
    offered = telling.text(body.content)
    if result is None or offered is None:
        # Without what was offered nobody can say whose words these are.
        return ()
    return runs_of(offered, result)


def _too_long(telling: Telling, body: DecisionMade) -> bool:
    """Whether comparing both texts would take longer than somebody waits who walks through a table."""
    lengths = (len(telling.text(one) or "") for one in (body.content, body.result))
    return sum(lengths) > _LONGEST


def _undone(telling: Telling, entry: Entry) -> Step:
    said = f"{telling.who(entry.person)} took the decision back. It stays in the record."
    return Step("undo", "Taken back", entry.at, entry.number, (said,), tone="human")


def _placed(asked: Asked, entry: Entry) -> Step:
    scene = f", sc {asked.body.scene}" if asked.body.scene else ""
    page = Picture(f"Script{scene}", "", SCRIPT_PAGE, temp=True)
    return Step("placement", "Placement", entry.at, entry.number, pictures=(page,))


def _in_panel(telling: Telling, asked: Asked, entry: Entry, body: DecisionMade) -> Step:
    panel = story_board.panel_of(asked.body)
    taken = story_board.offered(telling, body.result or body.content, f"Board {panel}, temp")
    return Step("placement", "Placement", entry.at, entry.number, pictures=(taken,))


def _replaced(telling: Telling, entry: Entry, body: Replaced) -> Step:
    who = telling.who(entry.person)
    how = (
        "wrote their own words in its place"
        if body.how == "rewritten"
        else "marked it as replaced by a person"
    )
    lines = [f"{who} {how}. It is temp no more."]
    result = telling.text(body.result)
    if body.result is not None and result is None:
        lines.append(f"The words: {telling.gone(body.result)}")
    runs: tuple[Run, ...] = (("human", result),) if result else ()
    return Step("replaced", "Replaced", entry.at, entry.number, tuple(lines), runs=runs, tone="human")


def _panel_replaced(
    telling: Telling, asked: Asked, decision: DecisionMade, entry: Entry, body: PanelReplaced
) -> Step:
    panel, who = story_board.panel_of(asked.body), telling.who(entry.person)
    share = permille_words(body.human_permille)
    said = (
        f"{who} put their own drawing in its place; {share} of the frame was their ink. It is temp no more."
    )
    before = story_board.offered(telling, decision.result or decision.content, f"{panel} before, temp")
    after = story_board.drawn(telling, body.picture, f"{panel} by {who}")
    return Step(
        "replaced", "Replaced", entry.at, entry.number, (said,), pictures=(before, after), tone="human"
    )
