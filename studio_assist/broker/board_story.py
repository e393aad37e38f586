"""What the record tells of the board: pictures that wait, and what a crash left to be put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from studio_assist.broker.board_keeper import BoardKeeper, with_panel
from studio_assist.broker.story import BOARD, WHERE_WORDS, Story, is_of_board
from studio_assist.domain import record
from studio_assist.domain.boards import Board
from studio_assist.domain.marking import SourceType
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    DecisionUndone,
    Entry,
    PanelCleared,
    PanelDrawn,
    PanelReplaced,
    PanelRestored,
    Requested,
)
from studio_assist.domain.storyboard import Media, Panel, PictureContent, Shot, ShotId, Variant
from studio_assist.domain.values import CandidateId, EntryNumber, sha256_of

if TYPE_CHECKING:
    from studio_assist.broker.session import Session

#: Gives a shot as it is so far, or None where it is not on the board.
ShotOf = Callable[[str], Shot | None]

#: What a decision can do to a panel, and how it can end.
_OF_PANELS: Final = (
    "decision",
    "decision_undone",
    "panel_cleared",
    "panel_drawn",
    "panel_replaced",
    "panel_restored",
)


def content_of(text: str | None) -> PictureContent | None:
    """What a picture candidate's text says; None where it is forgotten, or is no picture's."""
    if text is None or not text.startswith("{"):
        return None
    try:
        return PictureContent.model_validate_json(text)
    except ValidationError:
        return None


def made_by(request: Requested, source: SourceType) -> str:
    """What made a picture, as people read it ("SD-Turbo on this machine")."""
    if source is SourceType.PROCEDURAL or request.backend == "file":
        return request.model
    return f"{request.model} {WHERE_WORDS[request.where]}"


def variant_of(
    made: CandidateMade,
    content: PictureContent,
    request: Requested,
    shown: Media | None,
    *,
    stale: bool = False,
) -> Variant:
    """A picture candidate as the variants strip shows it."""
    references = request.settings.get("references", 0)
    return Variant(
        candidate=made.candidate,
        request=made.request,
        content=sha256_of(content.text()),
        index=made.index,
        picture=content.picture,
        shown=shown,
        source=content.source,
        made_by=made_by(request, content.source),
        seed=made.seed,
        references=references if isinstance(references, int) else 0,
        state="stale" if stale else "stopped" if made.state == "stopped" else "ready",
    )


def open_variants(session: Session) -> dict[ShotId, tuple[Variant, ...]]:
    """Every picture that waits for a decision, by its shot, oldest first."""
    found: dict[ShotId, list[Variant]] = {}
    requests: dict[str, Requested] = {}
    for entry, text in session.ledger.open_candidates(of=BOARD):
        content = content_of(text)
        made = entry.body
        if content is None or not isinstance(made, CandidateMade):
            continue
        if made.request not in requests:
            requests[made.request] = session.story.request_entry(made.request)
        shown = session.boards.marked.get(made.candidate)
        variant = variant_of(made, content, requests[made.request], shown)
        found.setdefault(content.shot, []).append(variant)
    return {shot: tuple(variants) for shot, variants in found.items()}


def accepted_panel(
    story: Story, entry: Entry, decision: DecisionMade, shown: Media | None
) -> tuple[ShotId, Panel] | None:
    """The panel that an accepted picture makes; None where its content was forgotten.

    Args:
        shown: the marked copy, where it is known.
    """
    made = story.candidate_entry(decision.candidate)
    content = content_of(story.text_of(made.content))
    if content is None:
        return None
    request = story.request_entry(made.request)
    return content.shot, Panel(
        state="temp",
        picture=content.picture,
        shown=shown,
        entry=entry.number,
        by=story.name_of(entry.person)[0],
        at=entry.at,
        made_by=made_by(request, content.source),
        source=content.source,
        seed=made.seed,
    )


def settle(session: Session, keeper: BoardKeeper) -> str | None:
    """Bring the board up to what people decided: the record counts, not the file.

    A crash comes between the two, and a file can be changed by hand or put back from a copy. Gives a sentence
    where the file said other things than the record without a crash between them.
    """
    _catch_up(session, keeper)
    right = _put_right(session, keeper)
    if right and session.read_only is None:
        what = f"{right} panels put right: boards.json said other things than the record."
        session.append(record.Recovered(what=what), durable=False)
    own = session.ledger.own_pictures()
    unknown = [
        shot.number for shot in keeper.board if shot.panel.state == "drawn" and shot.panel.entry not in own
    ]
    told: list[str] = []
    if right:
        told.append(
            f"boards.json said other things of {right} panels than the record; they stand as people decided."
        )
    if unknown:
        told.append(
            f"The record knows of no drawing in the panels {', '.join(unknown[:20])}: boards.json was "
            "changed by another program. Draw over them, or put the pictures in anew."
        )
    return " ".join(told) or None


def _put_right(session: Session, keeper: BoardKeeper) -> int:
    """See to it that every temp picture that stands by the record stands on the board. How many did not."""
    there = {shot.panel.entry: shot for shot in keeper.board if shot.panel.state == "temp"}
    standing = dict.fromkeys(session.ledger.standing_pictures())
    changed = 0
    for number in standing:
        if number in there:
            continue
        entry, decision = session.ledger.decision(number)
        made = accepted_panel(session.story, entry, decision, keeper.marked.get(decision.candidate))
        if made is None:
            # Its content was forgotten: nobody can say where it stood.
            continue
        name, panel = made
        if name not in keeper.board:
            gone = keeper.removed.get(name)
            if gone is not None:
                keeper.put(
                    Board((*keeper.board.shots, gone)),
                    {other: shot for other, shot in keeper.removed.items() if other != name},
                )
            else:
                _rebuilt(session, decision.candidate, name, keeper)
        shot = keeper.board.shot(name)
        now = shot.panel.entry
        if shot.panel.state == "temp" and now is not None and number < now and now in standing:
            # A later picture took its place, and a crash came before that was written down.
            continue
        if shot.panel.state != "temp" or now != number:
            keeper.put_shots((_with_temp(shot, panel),))
        changed += 1
    for number, shot in there.items():
        undone = number is not None and session.ledger.entries(
            type="decision_undone", decision=number, limit=1
        )
        if undone and number is not None:
            keeper.put_shots((without(keeper.board.shot(shot.id), number),))
            changed += 1
    return changed


def _with_temp(shot: Shot, panel: Panel) -> Shot:
    """The shot with a temp picture that its file did not have; a drawing over it stays over it."""
    if shot.panel.entry == panel.entry:
        panel = panel.model_copy(update={"canvas": shot.panel.canvas, "shown": None})
        return shot.model_copy(update={"panel": panel})
    known = (one for one in reversed(shot.earlier) if (one.entry, one.state) == (panel.entry, "temp"))
    return with_panel(shot, next(known, panel))


def _catch_up(session: Session, keeper: BoardKeeper) -> None:
    """Put in what people decided after boards.json was written last: a crash came between the two."""
    changed: dict[ShotId, Shot] = {}

    def shot_of(shot: str) -> Shot | None:
        known = ShotId(shot)
        return changed.get(known) or (keeper.board.shot(known) if known in keeper.board else None)

    for entry in _since(session, keeper.read_up_to):
        after = _after(session, entry, shot_of, keeper)
        if after is not None:
            changed[after.id] = after
    if changed:
        keeper.put_shots(changed.values())
        if session.read_only is None:
            what = f"{len(changed)} panels brought up to what people had decided."
            session.append(record.Recovered(what=what), durable=False)


def _since(session: Session, number: int) -> Iterator[Entry]:
    after = number
    while batch := session.ledger.entries(after, 1000, type=_OF_PANELS):
        after = batch[-1].number
        yield from batch


def _after(session: Session, entry: Entry, shot_of: ShotOf, keeper: BoardKeeper) -> Shot | None:
    """The shot that an entry changed, as it is after it; None where it changed none."""
    match entry.body:
        case DecisionMade() as decision if is_of_board(decision):
            if not session.story.is_live(entry.number):
                return None
            made = accepted_panel(session.story, entry, decision, keeper.marked.get(decision.candidate))
            shot = shot_of(made[0]) if made else None
            if made and shot is None and keeper.was_damaged:
                shot = _rebuilt(session, decision.candidate, made[0], keeper)
            if made is None or shot is None or shot.panel.entry == entry.number:
                return None
            return with_panel(shot, made[1])
        case DecisionUndone() as body:
            return _undone(session, body.decision, shot_of)
        case PanelDrawn() | PanelReplaced() as body:
            shot = shot_of(body.shot)
            media = _media_of(session.story.text_of(body.picture))
            if shot is None or media is None or shot.panel.entry == entry.number:
                return None
            name = session.story.name_of(entry.person)[0]
            human = body.human_permille if isinstance(body, PanelReplaced) else 1000
            return with_panel(shot, drawn_panel(media, entry, name, human))
        case PanelRestored() as body:
            shot = shot_of(body.shot)
            return None if shot is None else back_to(shot, body.decision)
        case PanelCleared():
            return None
        case _:
            return None


def drawn_panel(
    media: Media, entry: Entry, by: str, human_permille: int = 1000, canvas: str | None = None
) -> Panel:
    """The panel of a person's own picture."""
    return Panel(
        state="drawn",
        picture=media,
        shown=media,
        entry=entry.number,
        by=by,
        at=entry.at,
        source=SourceType.HUMAN_EDITS,
        canvas=canvas,
        human_permille=human_permille,
    )


def back_to(shot: Shot, decision: EntryNumber) -> Shot | None:
    """The shot with the temp panel of a decision in it again; None where it is not among its earlier ones."""
    for place in reversed(range(len(shot.earlier))):
        if shot.earlier[place].entry == decision and shot.earlier[place].state == "temp":
            return shot.model_copy(update={"panel": shot.earlier[place], "earlier": shot.earlier[:place]})
    return None


def without(shot: Shot, decision: EntryNumber) -> Shot:
    """The shot without the panel of a decision: what stood there before stands there again."""
    if shot.panel.entry == decision:
        # A picture that lines were mixed into stands among the earlier ones too, as it was before.
        earlier = tuple(panel for panel in shot.earlier if panel.entry != decision)
        return shot.model_copy(update={"panel": earlier[-1] if earlier else Panel(), "earlier": earlier[:-1]})
    kept = tuple(panel for panel in shot.earlier if panel.entry != decision)
    return shot.model_copy(update={"earlier": kept})


def shot_of_candidate(session: Session, candidate: CandidateId) -> ShotId | None:
    """For which shot a picture was made; None for words, or where that was forgotten."""
    content = content_of(session.story.text_of(session.story.candidate_entry(candidate).content))
    return content.shot if content else None


def _undone(session: Session, decision: EntryNumber, shot_of: ShotOf) -> Shot | None:
    _entry, made = session.ledger.decision(decision)
    if not is_of_board(made):
        return None
    name = shot_of_candidate(session, made.candidate)
    shot = shot_of(name) if name else None
    return without(shot, decision) if shot else None


def _rebuilt(session: Session, candidate: CandidateId, shot: ShotId, keeper: BoardKeeper) -> Shot:
    """A shot whose file was damaged, so that its temp picture is not lost: as much as the record knows."""
    request = session.story.request_entry(session.story.candidate_entry(candidate).request)
    number = str(request.settings.get("number", "")) or f"?{len(keeper.board) + 1}"
    made = Shot(id=shot, number=number, scene=request.scene or "", title="From the record")
    keeper.put(Board((*keeper.board.shots, made)))
    return made


def _media_of(text: str | None) -> Media | None:
    try:
        return Media.model_validate_json(text) if text else None
    except ValidationError:
        return None
