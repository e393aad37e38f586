"""From what a model writes to what a card shows: trim, drop with a reason, rank, and keep it streaming.

A very small model is asked for several times as many choices as there are cards. The first ones stream
onto the cards as they come. A choice that turns out unfit leaves its card again; one that is fit but middling
holds its card until all are in, and the best ones stay. A good one is ready at once, and a ready card never
changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from .answers import Answer, Measure
from .context import TaskContext
from .generation import Delta, Event, Failed, Finished, FinishReason, Style, TextRequest
from .tasks import Task, openings
from .values import Value

CardState = Literal["streaming", "ready", "stopped", "failed", "dropped"]

#: From this score on a choice is shown as ready without waiting for the others.
GOOD: Final = 0.8
#: Below this score a choice is not shown, however few there are.
POOR: Final = 0.25


class CardUpdate(Value):
    """What a card shows now.

    Attributes:
        card: counted from 0.
        choice: the sampled choice on it; its seed is `request.seed_of(choice)`.
        text: the whole text so far.
        state: `ready`, `stopped` and `failed` are final; `dropped` empties the card, and another choice may
            take it as long as the stream is open.
        why: the reason of `dropped` or `failed`; remedy: what a person can do about a failure.
    """

    card: int
    choice: int
    text: str
    state: CardState
    why: str = ""
    remedy: str = ""
    tokens: int = 0
    ms: int = 0


class Dropped(Value):
    """A choice that was not worth showing; `why` reads after a number ("3 off the subject")."""

    choice: int
    text: str
    why: str


@dataclass
class _Choice:
    index: int
    raw: str = ""
    tokens: int = 0
    ms: int = 0
    ended: bool = False
    card: int | None = None
    #: How it fared, once it ended and was fit.
    answer: Answer | None = None
    #: Finally on its card.
    settled: bool = False
    told: str = field(default="", repr=False)


class Shaper:
    """Turns one request's events into card updates. Feed it every event, then close it."""

    def __init__(self, task: Task, context: TaskContext, request: TextRequest, *, cards: int) -> None:
        style = Style.COMPLETION if request.prompts[0].text else Style.CHAT
        self._openings = openings(task, context, style, request.seed)
        self._measure = Measure(task, context)
        self._choices = [_Choice(index) for index in range(request.count)]
        self._free = list(range(cards))
        #: With no spare choices there is nothing to wait for.
        self._waits = request.count > cards
        self._dropped: list[Dropped] = []

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was not shown, in the order it was found out."""
        return tuple(self._dropped)

    def feed(self, event: Event) -> tuple[CardUpdate, ...]:
        """Take one event; the cards that changed by it."""
        match event:
            case Delta():
                return self._grow(self._choices[event.index], event.text)
            case Finished():
                choice = self._choices[event.index]
                choice.tokens, choice.ms = event.tokens or choice.tokens, event.ms
                return self._finish(choice, event)
            case Failed(index=None):
                return tuple(update for choice in self._choices for update in self._fail(choice, event))
            case Failed():
                return self._fail(self._choices[event.index or 0], event)

    def close(self, stopped: bool = False) -> tuple[CardUpdate, ...]:
        """The stream ended; settle every card.

        Args:
            stopped: a person stopped it: what is on a card stays as far as it got.
        """
        updates: list[CardUpdate] = []
        for choice in self._choices:
            if choice.ended or choice.card is None:
                continue
            choice.ended = True
            text = self._measure.shown(choice.raw, self._opening(choice))
            if text:
                choice.settled = True
                updates.append(self._update(choice, text, "stopped"))
            else:
                updates.append(self._clear(choice, "empty"))
        best = self._ranked()
        # First those that stand on a card already, so that nothing moves without need.
        fit = [choice for choice in best if choice.card is not None and not choice.settled]
        room = len(fit) + len(self._free)
        chosen = best[:room]
        for choice in fit:
            if choice not in chosen:
                updates.append(self._clear(choice, "less fitting than others"))
        for choice in chosen:
            if choice.card is None:
                choice.card = self._free.pop(0)
            updates.append(self._settle(choice))
        for choice in best[room:]:
            if not any(drop.choice == choice.index for drop in self._dropped):
                self._drop(choice, "less fitting than others")
        return tuple(updates)

    # internals

    def _opening(self, choice: _Choice) -> tuple[str, str]:
        opening = self._openings[choice.index % len(self._openings)]
        return opening.frame, opening.words

    def _grow(self, choice: _Choice, text: str) -> tuple[CardUpdate, ...]:
        if choice.ended:
            return ()
        choice.raw += text
        choice.tokens += 1
        if choice.card is None:
            if not self._free or not choice.raw.strip():
                return ()
            choice.card = self._free.pop(0)
        shown = self._measure.shown(choice.raw, self._opening(choice))
        if shown == choice.told:
            return ()
        choice.told = shown
        return (self._update(choice, shown, "streaming"),)

    def _finish(self, choice: _Choice, event: Finished) -> tuple[CardUpdate, ...]:
        if choice.ended:
            return ()
        choice.ended = True
        answer = self._measure.answer(
            choice.raw,
            self._opening(choice),
            whole=event.reason is not FinishReason.LENGTH,
            sureness=event.sureness,
        )
        why = answer.why or self._twin(answer) or ("off the subject" if answer.score < POOR else "")
        if why:
            if choice.card is not None:
                return (self._clear(choice, why, answer.text),)
            self._drop(choice, why, answer.text)
            return ()
        choice.answer = answer
        if choice.card is None and self._free and (answer.score >= GOOD or not self._waits):
            choice.card = self._free.pop(0)
        if choice.card is None:
            return ()
        if answer.score >= GOOD or not self._waits:
            return (self._settle(choice),)
        return (self._update(choice, answer.text, "streaming"),)

    def _fail(self, choice: _Choice, event: Failed) -> tuple[CardUpdate, ...]:
        if choice.ended:
            return ()
        choice.ended = True
        if choice.card is None:
            return ()
        choice.settled = True
        text = self._measure.shown(choice.raw, self._opening(choice))
        return (self._update(choice, text, "failed", why=event.message, remedy=event.remedy),)

    def _settle(self, choice: _Choice) -> CardUpdate:
        assert choice.answer is not None
        choice.settled = True
        return self._update(choice, choice.answer.text, "ready")

    def _clear(self, choice: _Choice, why: str, text: str | None = None) -> CardUpdate:
        """Take a choice off its card, with its reason."""
        assert choice.card is not None
        shown = text if text is not None else choice.answer.text if choice.answer else choice.raw.strip()
        update = self._update(choice, shown, "dropped", why=why)
        self._free.append(choice.card)
        self._free.sort()
        choice.card = None
        self._drop(choice, why, shown)
        return update

    def _drop(self, choice: _Choice, why: str, text: str = "") -> None:
        shown = text or (choice.answer.text if choice.answer else choice.raw.strip())
        self._dropped.append(Dropped(choice=choice.index, text=shown, why=why))

    def _twin(self, answer: Answer) -> str:
        for other in self._choices:
            if other.answer is not None and answer.same_as(other.answer):
                return "said twice"
        return ""

    def _ranked(self) -> list[_Choice]:
        """The fit choices that are not settled, best first; one that begins like a better one ranks lower."""
        waiting = [choice for choice in self._choices if choice.answer is not None and not choice.settled]
        used = [choice.index % len(self._openings) for choice in self._choices if choice.settled]
        ranked: list[_Choice] = []
        while waiting:
            best = max(waiting, key=lambda choice: (self._worth(choice, used), -choice.index))
            waiting.remove(best)
            ranked.append(best)
            used.append(best.index % len(self._openings))
        return ranked

    def _worth(self, choice: _Choice, used: list[int]) -> float:
        assert choice.answer is not None
        alike = used.count(choice.index % len(self._openings)) if len(self._openings) > 1 else 0
        return choice.answer.score - 0.12 * alike

    def _update(
        self, choice: _Choice, text: str, state: CardState, *, why: str = "", remedy: str = ""
    ) -> CardUpdate:
        assert choice.card is not None
        choice.told = text
        return CardUpdate(
            card=choice.card,
            choice=choice.index,
            text=text,
            state=state,
            why=why,
            remedy=remedy,
            tokens=choice.tokens,
            ms=choice.ms,
        )
