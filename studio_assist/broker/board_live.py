"""What of the board is not in its file: pictures that wait, and what is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from studio_assist import protocol
from studio_assist.broker.board_story import open_variants
from studio_assist.broker.session import Session
from studio_assist.domain.storyboard import Live, Media, Shot, ShotId, ShotSeen, Variant
from studio_assist.domain.values import CandidateId, RequestId


class LiveBoard:
    """Variants and live states of the open project's shots, and the telling of them."""

    def __init__(self, session: Callable[[], Session], tell: Callable[[protocol.Event], None]) -> None:
        self._session: Final = session
        self._tell: Final = tell
        self._variants: dict[ShotId, tuple[Variant, ...]] = {}
        self._live: dict[ShotId, Live] = {}

    def open(self, session: Session) -> None:
        """Another project: find what waits in it."""
        self._variants = open_variants(session)
        self._live = {}

    def close(self) -> None:
        """No project."""
        self._variants = {}
        self._live = {}

    @property
    def waiting(self) -> tuple[tuple[ShotId, Variant], ...]:
        """Every picture that waits for a decision, with the shot that it was made for."""
        return tuple((shot, variant) for shot, variants in self._variants.items() for variant in variants)

    def seen(self, shot: Shot) -> ShotSeen:
        """A shot with everything that is known of it."""
        return ShotSeen(shot=shot, variants=self._variants.get(shot.id, ()), live=self._live.get(shot.id))

    def variant(self, candidate: CandidateId) -> Variant | None:
        """A picture that waits."""
        return next(
            (one for variants in self._variants.values() for one in variants if one.candidate == candidate),
            None,
        )

    def live(self, shot: ShotId) -> Live | None:
        return self._live.get(shot)

    def set_live(self, shot: ShotId, live: Live | None) -> None:
        """What happens to a shot just now; told at once."""
        if self._live.get(shot) == live:
            return
        if live is None:
            self._live.pop(shot, None)
        else:
            self._live[shot] = live
        self.tell((shot,))

    def set_lives(self, lives: Mapping[ShotId, Live | None]) -> None:
        """Several at once, told in one go."""
        changed = tuple(shot for shot, live in lives.items() if self._live.get(shot) != live)
        for shot, live in lives.items():
            if live is None:
                self._live.pop(shot, None)
            else:
                self._live[shot] = live
        self.tell(changed)

    def offer(self, shot: ShotId, variant: Variant) -> None:
        """A picture waits from now on."""
        rest = tuple(one for one in self._variants.get(shot, ()) if one.candidate != variant.candidate)
        self._variants[shot] = tuple(
            sorted((*rest, variant), key=lambda one: (_number(one.request, rest), one.index))
        )
        self.tell((shot,))

    def marked(self, shot: ShotId, candidate: CandidateId, shown: Media) -> None:
        """The marked copy of a picture is there."""
        self._session().boards.mark(candidate, shown)
        self._variants[shot] = tuple(
            one.model_copy(update={"shown": shown}) if one.candidate == candidate else one
            for one in self._variants.get(shot, ())
        )
        self.tell((shot,))

    def take(self, shot: ShotId, candidate: CandidateId) -> None:
        """A picture waits no more."""
        rest = tuple(one for one in self._variants.get(shot, ()) if one.candidate != candidate)
        if rest:
            self._variants[shot] = rest
        else:
            self._variants.pop(shot, None)

    def tell(self, shots: Iterable[ShotId]) -> None:
        """Tell the window how these shots stand."""
        keeper = self._session().boards
        seen = tuple(self.seen(keeper.board.shot(shot)) for shot in shots if shot in keeper.board)
        if seen:
            self._tell(protocol.BoardChanged(version=keeper.version, shots=seen))


def _number(request: RequestId, known: tuple[Variant, ...]) -> int:
    """Where a request stands among those of a shot: older ones first, a new one last."""
    order = list(dict.fromkeys(one.request for one in known))
    return order.index(request) if request in order else len(order)
