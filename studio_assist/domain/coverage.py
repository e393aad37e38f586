"""The grammar of coverage: which frame a beat wants, and how frames follow one another in a scene.

A scene opens wide. Two people who talk are seen together first, then over each other's shoulder, then singly,
each on their side of the line; after some time together again. A thing that acts is an insert, what someone
sees is their view, a face that feels is close, a body that moves takes the camera with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from studio_assist.domain import shot_words as say
from studio_assist.domain.beats import Beat, titled
from studio_assist.domain.context import name_in_prose
from studio_assist.domain.drafts import (
    PART_S,
    Draft,
    action_seconds,
    lens_for,
    quoted,
    sides_of,
    speech_parts,
    speech_seconds,
    turned,
)
from studio_assist.domain.storyboard import Angle, Movement, ShotSize, Side

#: A speech that lasts longer is cut at its sentences.
_LONG_SPEECH_S: Final = 8.0
#: Sentences that stay one shot are together no longer than this.
_LONG_ACTION_S: Final = 7.0
_LONGEST_S: Final = 12.0
#: So many singles, and the two are seen together again.
_TILL_MASTER: Final = 7
_WIDE: Final = frozenset({ShotSize.EWS, ShotSize.WS, ShotSize.LS})


class Coverage:
    """One scene, beat by beat."""

    def __init__(self, heading: str, place: str, beats: Sequence[Beat]) -> None:
        self._exterior: Final = heading.upper().lstrip(". ").startswith("EXT")
        pieces = say.pieces_in(place, plain=True)
        # Inside the station stands no station, and inside the car no car.
        self._heading_pieces: Final = tuple(
            piece for piece in pieces if self._exterior or piece not in say.LARGE - {"machine", "stairs"}
        )
        self._place: Final = place
        self._beats: Final = beats
        here = [name for beat in beats if not beat.unseen for name in beat.who]
        #: Who is seen in the scene, in the order of their first appearance.
        self.here = tuple(dict.fromkeys(here))
        driver = next((beat.who[0] for beat in beats if beat.who and set(beat.verbs) & say.DRIVING), "")
        if driver and not self._exterior and len(self.here) > 1:
            # Seen from the bonnet the wheel is on the right.
            beside = next(name for name in self.here if name != driver)
            rest = [name for name in self.here if name not in (driver, beside)]
            self.here = (beside, driver, *rest)
        self.sides: Final[dict[str, Side]] = sides_of(self.here)
        words = frozenset(word for beat in beats for word in beat.words)
        telephone = bool(words & {"telephone", "phone", "receiver", "mouthpiece", "rings"})
        self._calls: Final = _calls(beats) if telephone else frozenset[int]()
        self._drafts: list[Draft] = []
        self._since_master = -1
        self._last_speaker = ""
        self._turns = 0
        self._way: Movement | None = None

    def drafts(self) -> list[Draft]:
        """The shots, in order."""
        if self._beats and self._beats[0].speaker:
            self._open_on_place()
        for beat in self._beats:
            if beat.speaker:
                self._speech(beat)
            elif not self._answered(beat):
                self._action(beat)
        for draft in self._drafts:
            draft.lens = draft.lens or lens_for(draft)
            draft.seconds = min(_LONGEST_S, max(1.0, draft.seconds))
        return self._drafts

    # action

    def _answered(self, beat: Beat) -> bool:
        """What is as short as "He does." stays in the shot in which he was told to."""
        last = self._drafts[-1] if self._drafts else None
        if last is None or not last.lines or len(beat.words) > 3 or beat.words & (say.EYES | say.HANDS):
            return False
        if not beat.who or beat.who[0] not in last.who:
            return False
        last.spans.append(beat.span)
        last.action.append(beat.text)
        last.seconds += 0.6
        return True

    def _action(self, beat: Beat) -> None:
        if not self._drafts:
            self._open(beat)
            return
        draft = self._framed(beat)
        if not self._merged(draft):
            self._drafts.append(draft)
        if len(beat.who) > 1:
            self._since_master = max(0, self._since_master)

    def _open_on_place(self) -> None:
        """Somebody speaks before anything is told: the place comes first, on the first words."""
        title = self._place_title()
        size = ShotSize.EWS if self._exterior else ShotSize.WS
        draft = Draft(
            size, [], title, who=self.here[:4], seconds=2.0, pieces=self._heading_pieces, opening=True
        )
        draft.action.append(f"{title}.")
        self._drafts.append(draft)

    def _open(self, beat: Beat) -> None:
        draft = self._framed(beat)
        draft.opening = True
        draft.pieces = tuple(dict.fromkeys([*self._heading_pieces, *draft.pieces]))
        draft.seconds = max(3.0, draft.seconds)
        draft.movement = draft.movement if draft.movement in _STRONG else Movement.STATIC
        draft.size = ShotSize.EWS if self._exterior else ShotSize.WS
        draft.angle = Angle.EYE if draft.angle is Angle.DUTCH else draft.angle
        if not beat.who or len(beat.text.split()) < 3:
            draft.title = self._place_title()
        if self._exterior and beat.words & {"city", "valley", "crowd", "rooftops", "skyline"}:
            draft.movement = Movement.CRANE_DOWN
        self._drafts.append(draft)

    def _place_title(self) -> str:
        parts = [part.strip(" -–—/,.") for part in self._place.replace("--", " - ").split(" - ")]
        shown = " ".join((parts[-1] or "place").lower().split()[:5])
        return f"{shown[:1].upper()}{shown[1:]}, wide"

    def _framed(self, beat: Beat) -> Draft:
        """The frame that an action's words ask for."""
        draft = Draft(
            ShotSize.MS,
            [beat.span],
            titled(beat.text, beat.who[0] if beat.who else "", beat.who[1:], implied=beat.implied),
            who=beat.who,
            action=[beat.text],
            pieces=beat.pieces,
            seconds=action_seconds(beat),
            paragraph=beat.paragraph,
        )
        if not beat.who:
            self._thing(draft, beat)
        else:
            self._person(draft, beat)
        turned(draft, beat)
        return draft

    def _thing(self, draft: Draft, beat: Beat) -> None:
        """Nobody is named: the thing acts, or the place shows itself."""
        # What is named first is what the sentence is about.
        small = beat.pieces[:1] if set(beat.pieces[:1]) & say.SMALL else ()
        large = bool(set(beat.pieces[:1]) & say.LARGE)
        few = len(beat.words) <= 3
        before = self._drafts[-1] if self._drafts else None
        if beat.words & say.EYES and not small:
            draft.size, draft.who = ShotSize.ECU, self._latest()
        elif before and before.who and {"look", "stare", "gaze", "peer", "turn"} & set(_looks(before)):
            draft.size = ShotSize.POV
        elif beat.words & say.HANDS:
            draft.size, draft.who = ShotSize.INSERT, self._latest()
        elif not large and (
            small or beat.words & say.DETAILS or beat.text.isupper() or (few and beat.pieces)
        ):
            draft.size = ShotSize.INSERT
        elif beat.words & say.FEET:
            draft.size, draft.angle = ShotSize.INSERT, Angle.GROUND
        elif few and self.here and not large:
            draft.size, draft.who, draft.guessed = ShotSize.MCU, self._latest(), True
        elif beat.words & say.NEAR and not beat.words & (say.FAR | say.LARGE):
            draft.size = ShotSize.INSERT
        else:
            draft.size = ShotSize.WS if not self._exterior or before else ShotSize.EWS
            told = beat.pieces or beat.words & (say.WEATHER | say.FAR)
            goes_on = before is not None and bool(before.who) and before.paragraph == beat.paragraph
            if before and goes_on and not told and not before.opening:
                # "The counting has stopped.": what happens to whoever is in frame.
                draft.size, draft.who, draft.guessed = before.size, before.who[:1], True

    def _person(self, draft: Draft, beat: Beat) -> None:
        verbs = set(beat.verbs)
        # What the subject does, not what others do in the rest of the sentence.
        own = set(say.verbs_of(" ".join(beat.text.split()[:5]))[:1])
        alone = len(beat.who) == 1
        small = [piece for piece in beat.pieces if piece in say.SMALL] or beat.words & say.DETAILS
        if verbs & say.FIGHTING and not alone:
            draft.size, draft.movement = ShotSize.FS, Movement.HANDHELD
        elif verbs & say.EMBRACING and not alone:
            draft.size = ShotSize.MS if self._exterior else ShotSize.MCU
        elif verbs & say.RUNNING:
            draft.size = ShotSize.LS
            draft.movement = self._with(beat.who[0])
        elif verbs & say.DRIVING:
            draft.size, draft.movement = ShotSize.MS, self._with(beat.who[0])
        elif verbs & say.CLIMBING:
            draft.size, draft.angle, draft.movement = ShotSize.LS, Angle.LOW, Movement.TILT_UP
        elif beat.introduces:
            draft.size = ShotSize.MS if alone else ShotSize.WS
        elif alone and own & _AT_HAND and not verbs & say.WALKING:
            draft.size = ShotSize.MCU
        elif alone and own & say.RESTING:
            draft.size = ShotSize.MLS if own & {"sit", "lie", "lean", "sleep", "perch"} else ShotSize.FS
        elif alone and beat.words & say.EYES:
            draft.size = ShotSize.ECU
        elif alone and beat.words & {"face", "expression"}:
            draft.size = ShotSize.CU
        elif alone and (beat.words & say.WHISPER or any(form in beat.text.casefold() for form in say.STILL)):
            draft.size, draft.movement = ShotSize.CU, Movement.SLOW_PUSH
        elif alone and verbs & say.REALISING:
            draft.size, draft.movement = ShotSize.MCU, Movement.SLOW_PUSH
        elif alone and (beat.words & say.EMOTION or verbs & (say.FEELING - say.HANDLING)):
            draft.size = ShotSize.CU
        elif own & say.SEEING and (beat.pieces or not alone):
            draft.size, draft.who = ShotSize.POV, beat.who[1:]
        elif alone and small and (beat.verbs[0] in say.HANDLING if beat.verbs else beat.words & say.HANDS):
            draft.size = ShotSize.INSERT
        elif beat.words & say.HANDS and alone and not verbs & say.WALKING:
            draft.size = ShotSize.ECU
        elif own & say.LOOKING and alone:
            draft.size = ShotSize.MCU
        elif verbs & say.WALKING:
            draft.size = ShotSize.FS if alone else ShotSize.LS
            draft.movement = self._beside(beat)
        elif verbs & say.FALLING:
            draft.size = ShotSize.FS
        elif beat.words & say.FEET and alone:
            draft.size, draft.angle = ShotSize.INSERT, Angle.GROUND
        elif len(beat.who) == 2:
            draft.size = ShotSize.TWO
        elif len(beat.who) > 2:
            draft.size = ShotSize.WS
        else:
            # Something to do with the body, with nothing that says how: not twice the same size.
            last = self._drafts[-1].size if self._drafts else ShotSize.WS
            draft.size = ShotSize.MLS if last is ShotSize.MS else ShotSize.MS

    def _latest(self) -> tuple[str, ...]:
        for draft in reversed(self._drafts):
            if draft.who and draft.size not in _WIDE:
                return draft.who[:1]
        return self.here[:1]

    def _with(self, name: str) -> Movement:
        """The camera runs beside. Who flees and who follows go the same way across the screen."""
        if self._way is None:
            self._way = Movement.TRACK_LEFT if self.sides.get(name) == "right" else Movement.TRACK_RIGHT
        return self._way

    def _beside(self, beat: Beat) -> Movement:
        if {"follow", "approach", "march", "wander", "pace"} & set(beat.verbs):
            return Movement.FOLLOW
        left = self.sides.get(beat.who[0]) == "right"
        return Movement.PAN_LEFT if left else Movement.PAN_RIGHT

    def _merged(self, draft: Draft) -> bool:
        """A beat too short for a shot of its own, or that goes on in the same frame, joins the one before."""
        last = self._drafts[-1]
        if last.lines or not last.action:
            return False
        total = last.seconds + draft.seconds
        scenery = not draft.who and not last.who and draft.size in _WIDE and last.size in _WIDE
        same = last.who[:1] == draft.who[:1] and last.size is draft.size and draft.size is not ShotSize.POV
        near = draft.paragraph == last.paragraph
        subject = not draft.who or not last.who or draft.who[:1] == last.who[:1]
        short = draft.words <= 3 and subject and near and draft.size is not ShotSize.INSERT
        goes_on = (
            near and last.who[:1] == draft.who[:1] and bool(draft.who) and draft.words + last.words <= 14
        )
        plain = draft.movement is Movement.STATIC and draft.size not in (
            ShotSize.POV, ShotSize.INSERT, ShotSize.ECU, ShotSize.CU
        )  # fmt: skip
        if total > _LONG_ACTION_S or (last.opening and (draft.who and not last.who)):
            return False
        if not (scenery or same or short or (goes_on and plain and not last.opening)):
            return False
        last.spans += draft.spans
        last.action += draft.action
        last.seconds = total - 0.4
        if not draft.guessed:
            last.who = tuple(dict.fromkeys([*last.who, *draft.who]))
        last.pieces = tuple(dict.fromkeys([*last.pieces, *draft.pieces]))
        if draft.movement is not Movement.STATIC and last.movement is Movement.STATIC:
            last.movement = draft.movement
        return True

    # speech

    def _speech(self, beat: Beat) -> None:
        seconds = speech_seconds(beat.said)
        if beat.dual and self._drafts and self._drafts[-1].lines:
            self._join(self._drafts[-1], beat, 0.0)
            return
        if self._joins(beat, seconds):
            self._join(self._drafts[-1], beat, seconds)
            return
        parts = speech_parts(beat) if seconds > _LONG_SPEECH_S else [(beat.said, beat.spans)]
        for number, (said, spans) in enumerate(parts):
            draft = self._on_speaker(beat, number, len(parts), said[0])
            draft.spans = list(spans)
            draft.lines.append((beat.speaker, " ".join(said)))
            draft.seconds = speech_seconds(said)
            self._drafts.append(draft)
        self._last_speaker = beat.speaker

    def _joins(self, beat: Beat, seconds: float) -> bool:
        """An opening frame without words carries the first line; two short lines fit one frame of both."""
        if not self._drafts:
            return False
        last = self._drafts[-1]
        if last.opening and not last.spans:
            return not beat.unseen and seconds <= PART_S
        if id(beat) in self._calls and last.lines and len(last.who) == 1 and last.size in _SPEAKING_SIZES:
            # Both ends of a telephone call are heard while one face is seen.
            ours = beat.unseen or last.who == (beat.speaker,)
            return ours and last.seconds + seconds <= _LONG_ACTION_S
        if beat.unseen:
            return False
        if not last.lines:
            single = last.who == (beat.speaker,) and last.size in _SPEAKING_SIZES and not last.guessed
            return single and last.seconds + seconds <= PART_S
        if last.lines[-1][0] == beat.speaker:
            return False
        both = last.size in (ShotSize.TWO, ShotSize.OTS, ShotSize.WS)
        return both and beat.speaker in last.who and seconds <= 2.6 and last.seconds + seconds <= PART_S

    def _join(self, draft: Draft, beat: Beat, seconds: float) -> None:
        if not draft.lines and draft.words <= 3 and beat.said and not draft.opening:
            draft.title = quoted(name_in_prose(beat.speaker), beat.said[0])
        if id(beat) in self._calls and "telephone" not in " ".join(draft.action):
            draft.action.append(f"{name_in_prose(draft.who[0])} listens on the telephone.")
            draft.pieces = (*draft.pieces, "telephone")
        draft.lines.append((beat.speaker, " ".join(beat.said)))
        draft.spans += beat.spans
        draft.seconds = draft.seconds + seconds if draft.spans else max(2.0, seconds)
        if not beat.unseen:
            draft.who = tuple(dict.fromkeys([*draft.who, beat.speaker]))
        self._last_speaker = beat.speaker
        self._since_master = max(0, self._since_master)

    def _on_speaker(self, beat: Beat, number: int, parts: int, said: str) -> Draft:
        speaker = beat.speaker
        others = [name for name in self.here if name != speaker]
        listener = self._last_speaker if self._last_speaker in others else (others[0] if others else "")
        name = name_in_prose(speaker)
        if beat.unseen:
            return self._heard(beat, number)
        call = id(beat) in self._calls
        towards = " on the telephone" if call else f" to {name_in_prose(listener)}" if listener else ""
        manner = f", {beat.manner}" if beat.manner else ""
        if beat.manner.startswith("to "):
            towards, manner = f" {beat.manner}", ""
        draft = Draft(
            ShotSize.MCU,
            [],
            quoted(name, said),
            who=(speaker,),
            action=[f"{name} speaks{towards}{manner}."],
            pieces=("telephone",) if call else (),
        )
        if number % 2 and parts > 1 and listener and not call:
            draft.who, draft.size = (listener,), ShotSize.MCU
            draft.title = f"{name_in_prose(listener)} listens"
            draft.action = [f"{name_in_prose(listener)} listens to {name}."]
            return draft
        self._turns += 1
        self._since_master += 1
        close = beat.words & (say.WHISPER | say.EMOTION) or number > 1
        if close:
            draft.size = ShotSize.CU
            draft.movement = Movement.SLOW_PUSH if number > 1 else Movement.STATIC
        elif not listener or call:
            draft.size = (ShotSize.CU, ShotSize.MS, ShotSize.MCU, ShotSize.MCU)[self._turns % 4]
        elif self._since_master == 0 or self._since_master > _TILL_MASTER or beat.dual:
            self._since_master = 0
            many = len(self.here) > 2
            draft.size = ShotSize.TWO
            draft.who = tuple(dict.fromkeys([speaker, listener]))
            if many and self._turns == 1:
                draft.size, draft.who = ShotSize.WS, tuple(dict.fromkeys([speaker, listener, *self.here[:4]]))
        elif self._since_master <= 2:
            draft.size, draft.who = ShotSize.OTS, (speaker, listener)
        elif beat.words & say.SHOUT:
            draft.size, draft.angle = ShotSize.MCU, Angle.LOW
        else:
            draft.size = (ShotSize.MCU, ShotSize.MCU, ShotSize.MS, ShotSize.MCU, ShotSize.CU)[
                self._since_master % 5
            ]
        return draft

    def _heard(self, beat: Beat, number: int) -> Draft:
        """A voice from elsewhere: whoever listens, or what it comes from."""
        name = name_in_prose(beat.speaker)
        listening = self._last_speaker if self._last_speaker in self.here else next(iter(self._latest()), "")
        if not listening or listening == beat.speaker:
            return Draft(
                ShotSize.WS,
                [],
                f"{name}’s voice",
                action=[f"{name} is heard."],
                pieces=self._heading_pieces,
            )
        who = name_in_prose(listening)
        size = ShotSize.CU if number or beat.words & say.WHISPER else ShotSize.MCU
        call = id(beat) in self._calls
        where = " on the telephone" if call else ""
        pieces = ("telephone",) if call else ()
        return Draft(
            size,
            [],
            f"{who} hears {name}",
            who=(listening,),
            action=[f"{who} listens{where}."],
            pieces=pieces,
        )


#: In these a mouth is seen.
_SPEAKING_SIZES: Final = frozenset({ShotSize.MS, ShotSize.MLS, ShotSize.MCU, ShotSize.CU, ShotSize.FS})
#: Done at the head: the face belongs to it.
_AT_HAND: Final = frozenset({"drink", "sip", "eat", "answer", "hang", "dial", "read", "hear", "listen"})
_STRONG: Final = frozenset({Movement.TRACK_LEFT, Movement.TRACK_RIGHT, Movement.FOLLOW, Movement.HANDHELD})


def _calls(beats: Sequence[Beat]) -> frozenset[int]:
    """Speeches on a telephone: voices from elsewhere, and what is said to them."""
    speeches = [beat for beat in beats if beat.speaker]
    found: set[int] = set()
    for place, beat in enumerate(speeches):
        around = speeches[max(0, place - 1) : place] + speeches[place + 1 : place + 2]
        if beat.unseen or (not beat.manner.startswith("to ") and any(one.unseen for one in around)):
            found.add(id(beat))
    return frozenset(found)


def _looks(draft: Draft) -> list[str]:
    return [say.verb(word) for text in draft.action[-1:] for word in say.WORD.findall(text)]
