"""The work itself, for a report: temp material still in it, what people replaced, whose each scene is."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from studio_assist.broker.report_tally import Decided, Tally
from studio_assist.broker.story import BOARD, WHERE_WORDS, is_of_board
from studio_assist.domain import record
from studio_assist.domain.marking import SourceType
from studio_assist.domain.pagination import Pagination
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.record import Entry
from studio_assist.domain.report import PanelShare, ReplacedItem, SceneShare, TempItem
from studio_assist.domain.staging import PREVIS_NAME
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.temp import TempSpan, anchored, debt_of
from studio_assist.domain.values import EntryNumber
from studio_assist.domain.words import words
from studio_assist.interchange.fountain import Script, parse

#: How somebody takes temp material out, by the type of the entry.
_HOW: Final = {
    "span_deleted": "deleted",
    "panel_replaced": "drawn over",
    "panel_cleared": "taken off the board",
}
_REPLACED: Final = {"rewritten": "rewritten", "marked": "marked as replaced"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with where it stands: index of its scene (-1 before the first), page, line, its words."""

    span: TempSpan
    scene: int
    page: int
    line: int
    words: int

    @property
    def model_words(self) -> int:
        """As many of its words as the model offered them."""
        return round(self.words * (1.0 - self.span.edited))


class Work:
    """The script and the board as they stand, beside what the record says of them."""

    def __init__(
        self,
        script: str,
        spans: Sequence[TempSpan],
        shots: Sequence[Shot],
        removed: Iterable[Shot],
        tally: Tally,
    ) -> None:
        self._script: Final[Script] = parse(script)
        self._pages: Final = Pagination(self._script)
        self._scenes: Final = self._script.screenplay.scenes
        self._starts: Final = [scene.start for scene in self._scenes]
        self._shots: Final = shots
        self._known: Final[Mapping[str, Shot]] = {shot.id: shot for shot in (*removed, *shots)}
        self._tally: Final = tally
        whole = anchored((*spans, *_lacking(spans, tally)), script)
        self._spans: Final = tuple(self._placed(span) for span in whole)

    # properties

    @property
    def pages(self) -> int:
        """By estimate."""
        return self._pages.pages

    # methods

    def temp(self) -> tuple[TempItem, ...]:
        """Temp material that is still in the work: passages in the order of the script, then panels."""
        return (*map(self._passage, self._spans), *self._unsaved(), *self._panels())

    def replaced(self) -> tuple[ReplacedItem, ...]:
        """What people took out in the period and did not put back."""
        tally = self._tally
        standing = {placed.span.entry for placed in self._spans}
        restored = (entry.body for entry in tally.kept["panel_restored"])
        back = {body.entry for body in restored if isinstance(body, record.PanelRestored)}
        entries = tally.of("replaced", "span_deleted", "panel_replaced", "panel_cleared")
        made = (self._replaced(one) for one in entries if one.number not in back)
        return tuple(item for item in made if item is not None and item.decision not in standing)

    def by_scene(self) -> tuple[SceneShare, ...]:
        """Whose words each scene has."""
        spans: dict[int, list[Placed]] = defaultdict(list)
        for placed in self._spans:
            spans[placed.scene].append(placed)
        people: dict[str, dict[str, None]] = defaultdict(dict)
        taken: Counter[str] = Counter()
        for item in self.replaced():
            if item.kind == "line":
                taken[item.scene] += 1
                people[item.scene][_told(item.by, automated=item.automated)] = None
        for decided in self._tally.decisions.values():
            body = decided.asked.body if decided.asked else None
            if body and body.task != BOARD and body.scene and not decided.undone:
                who = self._tally.who(decided.entry.person)
                people[body.scene][_told(who, automated=decided.body.automated)] = None
        text = self._script.screenplay.text
        found: list[SceneShare] = []
        for index, scene in enumerate(self._scenes):
            here = [placed for placed in spans[index] if placed.span.state == "anchored"]
            found.append(
                SceneShare(
                    scene=scene.number,
                    page=self._pages.page_of(scene.first_line) + 1,
                    words=len(words(text[scene.start : scene.end])),
                    temp_words=sum(placed.words for placed in here),
                    model_words=sum(placed.model_words for placed in here),
                    replaced=taken[scene.number],
                    by=tuple(people[scene.number]),
                )
            )
        return tuple(found)

    def by_panel(self) -> tuple[PanelShare, ...]:
        """Whose picture each panel has; empty ones are left out."""
        replaced = {entry.number for entry in self._tally.kept["panel_replaced"]}
        files = {
            entry.number
            for entry in self._tally.kept["panel_drawn"]
            if isinstance(entry.body, record.PanelDrawn) and entry.body.how == "file"
        }
        found: list[PanelShare] = []
        for shot in self._shots:
            panel = shot.panel
            if panel.state == "empty":
                continue
            temp = panel.state == "temp"
            found.append(
                PanelShare(
                    shot=shot.number,
                    scene=shot.scene,
                    state="temp" if temp else "replaced" if panel.entry in replaced else "drawn",
                    ai=temp and panel.source is not SourceType.PROCEDURAL,
                    made_by=panel.made_by if temp else "",
                    by=panel.by,
                    entry=panel.entry,
                    ink_permille=None if panel.entry in files else panel.human_permille,
                )
            )
        return tuple(found)

    def shot_number(self, shot: str) -> str:
        """What people call a shot; its id where it is gone."""
        known = self._known.get(shot)
        return known.number if known else shot

    # internals

    def _placed(self, span: TempSpan) -> Placed:
        text = self._script.screenplay.text
        start = min(span.start, len(text))
        line = self._script.line_at(start)
        column = start - self._script.start(line)
        rows = self._pages.rows(line)
        page, row = self._pages.place(line, next((at for at, (_, end) in enumerate(rows) if column < end), 0))
        scene = bisect.bisect_right(self._starts, start) - 1
        count = len(words(text[span.start : span.end])) if span.state == "anchored" else 0
        return Placed(span, scene, page + 1, row + 1, count)

    def _passage(self, placed: Placed) -> TempItem:
        span = placed.span
        scene = self._scenes[placed.scene].number if placed.scene >= 0 else ""
        before = f"scene {scene}" if scene else "before the first scene"
        lost = span.state == "lost"
        where = f"{before}, page {placed.page}, line {placed.line}"
        return TempItem(
            kind="line",
            where=f"not found any more; last at {where}" if lost else where,
            scene=scene,
            entry=span.entry,
            at=span.at,
            by=span.person_name,
            automated=span.person == AUTOMATED.id,
            outcome=span.outcome,
            made_by=span.model,
            ai=True,
            lines=debt_of([span], self._script.screenplay.text).lines,
            words=placed.words,
            human_permille=round(1000 * span.edited),
            state="lost" if lost else "in place",
        )

    def _unsaved(self) -> Iterable[TempItem]:
        """Words that somebody accepted and that have not reached the script's file."""
        standing = {placed.span.entry for placed in self._spans}
        for number, decided in self._tally.decisions.items():
            if _is_live_text(decided) and not decided.placed and number not in standing:
                yield TempItem(
                    kind="line",
                    where="accepted, and the script was not saved since",
                    scene=(decided.asked.body.scene if decided.asked else None) or "",
                    entry=number,
                    at=decided.entry.at,
                    by=self._tally.who(decided.entry.person),
                    automated=decided.body.automated,
                    outcome=decided.body.outcome,
                    made_by=made_by(decided),
                    ai=True,
                    lines=1,
                    human_permille=1000 - decided.body.kept_permille,
                    state="unsaved",
                )

    def _panels(self) -> Iterable[TempItem]:
        for shot in self._shots:
            panel = shot.panel
            decided = self._tally.decisions.get(panel.entry) if panel.entry else None
            if panel.state != "temp" or panel.entry is None:
                continue
            at = panel.at or (decided.entry.at if decided else None)
            if at is None:
                continue
            yield TempItem(
                kind="panel",
                where=f"shot {shot.number}",
                scene=shot.scene,
                entry=panel.entry,
                at=at,
                by=panel.by,
                automated=decided is not None and decided.body.automated,
                outcome=decided.body.outcome if decided else "accepted",
                made_by=panel.made_by,
                ai=panel.source is not SourceType.PROCEDURAL,
                human_permille=panel.human_permille,
            )

    def _replaced(self, entry: Entry) -> ReplacedItem | None:
        match entry.body:
            case record.Replaced() as body:
                how, shot, ink, automated = _REPLACED[body.how], "", None, body.automated
            case record.SpanDeleted():
                how, shot, ink, automated = _HOW[entry.body.type], "", None, entry.person == AUTOMATED.id
            case record.PanelReplaced() as body:
                how, shot, ink, automated = _HOW[body.type], body.shot, body.human_permille, body.automated
            case record.PanelCleared() as body:
                how, shot, ink, automated = _HOW[body.type], body.shot, None, body.automated
            case _:
                return None
        decided = self._tally.decisions.get(entry.body.decision)
        scene = (decided.asked.body.scene if decided and decided.asked else None) or ""
        return ReplacedItem(
            kind="panel" if shot else "line",
            how=how,
            scene=scene,
            shot=self.shot_number(shot) if shot else "",
            entry=entry.number,
            decision=entry.body.decision,
            at=entry.at,
            by=self._tally.who(entry.person),
            automated=automated,
            made_by=made_by(decided),
            human_permille=ink,
        )


def made_by(decided: Decided | None) -> str:
    """What made a decided candidate, as people read it: "SmolLM2-135M on this machine"."""
    if decided is None or decided.asked is None:
        return "not known"
    body = decided.asked.body
    return (
        body.model if body.model == PREVIS_NAME else f"{body.model or body.backend} {WHERE_WORDS[body.where]}"
    )


def _told(name: str, *, automated: bool) -> str:
    return f"{name} (automated)" if automated else name


def _is_live_text(decided: Decided) -> bool:
    body = decided.body
    return (
        body.outcome != "rejected"
        and not is_of_board(body)
        and body.placement is not None
        and not decided.undone
        and not decided.ended
    )


def _lacking(spans: Sequence[TempSpan], tally: Tally) -> Iterable[TempSpan]:
    """Passages that the record has as placed and temp.json lacks, as lost: somebody emptied that file."""
    named: set[EntryNumber] = {span.entry for span in spans}
    for number, decided in tally.decisions.items():
        if number in named or not decided.placed or not _is_live_text(decided) or decided.asked is None:
            continue
        body = decided.body
        assert body.placement is not None, "what was placed has a place"
        yield TempSpan(
            id=f"t{number}",
            entry=number,
            request=decided.asked.body.request,
            candidate=body.candidate,
            task=decided.asked.body.task,
            person=decided.entry.person or AUTOMATED.id,
            person_name=tally.who(decided.entry.person),
            at=decided.entry.at,
            outcome="accepted" if body.outcome == "accepted" else "edited",
            model=made_by(decided),
            start=body.placement.start,
            length=body.placement.length,
            quote="0" * 64,
            edited=1.0 - body.kept_permille / 1000,
            state="lost",
        )
