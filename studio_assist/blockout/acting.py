"""What the words of a shot make its characters do: pose, gesture, mood, what they hold and look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio_assist.domain import shot_words as say
from studio_assist.domain.common_words import word_set
from studio_assist.domain.staging import Gesture, Mood, Pose
from studio_assist.domain.storyboard import Shot, ShotSize

_POSES: Final[dict[str, Pose]] = {
    **dict.fromkeys(say.RUNNING, Pose.RUN), **dict.fromkeys(say.WALKING, Pose.WALK),
    **dict.fromkeys(say.DRIVING, Pose.DRIVE), **dict.fromkeys(say.CLIMBING, Pose.CLIMB),
    **dict.fromkeys(say.FALLING - {"drop", "slip"}, Pose.FALL),
    **dict.fromkeys(say.FIGHTING - {"hit", "strike"}, Pose.STAND),
    **dict.fromkeys(("sit", "perch", "slump"), Pose.SIT),
    **dict.fromkeys(("stand", "rise", "wait"), Pose.STAND),
    **dict.fromkeys(("crouch", "squat", "huddle", "hide", "duck"), Pose.CROUCH), "kneel": Pose.KNEEL,
    **dict.fromkeys(("lie", "sleep", "rest", "collapse", "faint"), Pose.LIE), "lean": Pose.LEAN,
    **dict.fromkeys(("jump", "leap", "dive"), Pose.JUMP), **dict.fromkeys(("dance", "spin"), Pose.DANCE),
    "ride": Pose.RIDE, "swim": Pose.SWIM, "crawl": Pose.CRAWL, "bow": Pose.STAND,
}  # fmt: skip
#: Later rows win where a verb is in two.
_GESTURES: Final[dict[str, Gesture]] = {
    verb: gesture
    for gesture, verbs in (
        (Gesture.HOLD, "hold grip clutch take lift pick read examine study"),
        (
            Gesture.REACH,
            "reach grab touch press knock open close unlock lock switch tap type play turn wipe knead"
            " stretch fire",
        ),
        (Gesture.POINT, "point"),
        (Gesture.WAVE, "wave salute"),
        (Gesture.SHRUG, "shrug"),
        (Gesture.PHONE, "dial answer"),
        (Gesture.WRITE, "write draw underline sign"),
        (Gesture.DRINK, "drink sip"),
        (Gesture.CARRY, "carry pack"),
        (Gesture.PUSH, "push pull drag shove sweep"),
        (Gesture.RAISED, "surrender cheer raise hail"),
        (Gesture.FACE, "cry sob weep"),
        (Gesture.FIGHT, " ".join(sorted(say.FIGHTING))),
        (Gesture.THROW, "throw toss hurl"),
        (Gesture.AIM, "aim shoot"),
        (Gesture.EMBRACE, " ".join(sorted(say.EMBRACING))),
        (Gesture.STEER, " ".join(sorted(say.DRIVING))),
    )
    for verb in verbs.split()
}
_MOODS: Final = tuple(
    (mood, word_set(words))
    for mood, words in (
        (Mood.ANGRY, "angry furious rage shout shouts yells glares snaps anger slams growls scowls"),
        (
            Mood.AFRAID,
            "afraid fear fearful scared terrified horrified panic trembling trembles gasps screams flinches"
            " shivers"
            " alarmed breathless nervous worried shakes",
        ),
        (Mood.SAD, "cries crying sobs weeps tears sad grief mourns sorrow heartbroken lonely despair"),
        (
            Mood.HAPPY,
            "laughs laughing smiles smiling grins happy joy cheers delighted giggles pleasantly chuckles"
            " beams",
        ),
        (
            Mood.SURPRISED,
            "surprised astonished shocked stunned startled realises realizes freezes befuddled confused sees"
            " discovers",
        ),
        (Mood.TIRED, "tired weary exhausted yawns sleeps sighs sleepy asleep drowsy"),
        (
            Mood.DETERMINED,
            "determined resolute strides marches aims steers pulls pushes drags heaves charges",
        ),
    )
)
#: What hands carry; a dial is reached for, not held.
_HELD: Final = word_set(
    "cup glass bottle book letter paper phone gun knife torch candle bag suitcase box key rope map umbrella"
    " camera"
    " flowers plate log-book oar lantern pencil"
)
_GRIPS: Final = word_set(
    "cap lick hold grip clutch take lift pick read carry raise write drink sip aim shoot light"
)
_THINGS: Final = re.compile(
    r"\s*(?:it|everything|nothing|something|there|this|that|the\s+(?!two\b|man\b|woman\b|boy\b|girl\b)\w+)\s",
    re.IGNORECASE,
)
#: What others do in the rest of a sentence: "she counts the marks as they climb out of the floor".
_ASIDE: Final = re.compile(r"\b(?:as|while|where|that|which|until|when)\s+(?:they|it|the)\b.*", re.IGNORECASE)
_WORKED: Final = frozenset({"lever", "wheel", "machine"})
_SENTENCE: Final = re.compile(r"[^.!?…]+[.!?…]*")


@dataclass(slots=True)
class Acting:
    """One character in one shot. `gaze`: a character or a piece; `way`: where a moving body goes."""

    pose: Pose | None = None
    gesture: Gesture = Gesture.NONE
    mood: Mood = Mood.NEUTRAL
    holds: str = ""
    gaze: str = ""
    tilt: float = 0.0
    way: str = ""


def acting(shot: Shot, names: Sequence[str]) -> dict[str, Acting]:
    """What each of the characters does in a shot."""
    found = {name: Acting() for name in names}
    first = shot.characters[0].name if shot.characters else (names[0] if names else "")
    subject = first
    for sentence in _SENTENCE.findall(shot.action):
        told = sorted(_named(sentence, names))
        if not told and _THINGS.match(sentence):
            # "It holds her", "The wheel picks up": a thing does it.
            continue
        if told:
            subject = told[0][1]
        for name, clause in _clauses(sentence, told, subject):
            if name in found:
                _read(found[name], clause, [other for other in names if other != name])
            subject = name
        if "they " in sentence.casefold():
            for one in shot.characters:
                _read(found[one.name], sentence, [])
    if shot.size is ShotSize.INSERT:
        # An insert of a person is of their hands, and hands do something.
        for one in shot.characters[:1]:
            if found[one.name].gesture is Gesture.NONE:
                found[one.name].gesture = Gesture.HOLD
    words = {word.casefold() for word in say.WORD.findall(shot.action)}
    if shot.size is ShotSize.ECU and words & say.HANDS and not words & say.EYES:
        # Hands that are looked at are held up, both.
        for one in shot.characters[:1]:
            if found[one.name].gesture in (Gesture.NONE, Gesture.HOLD) and not found[one.name].holds:
                found[one.name].gesture = Gesture.CARRY
    speakers = [line.partition(":")[0] for line in shot.dialogue.splitlines()]
    for name in speakers:
        if name in found and found[name].mood is Mood.NEUTRAL and shot.dialogue.rstrip().endswith("!"):
            found[name].mood = Mood.DETERMINED
    return found


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """Which characters a text names, in its order."""
    return [name for _place, name in sorted(_named(text, names))]


def _named(text: str, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    for name in names:
        words = name.split()
        for form in (name, words[-1], words[0]):
            small = form.casefold() in say.NAMELESS
            found = re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE)
            if found and (small or not found[0][:1].islower()):
                yield found.start(), name
                break


def _clauses(sentence: str, told: Sequence[tuple[int, str]], subject: str) -> Iterator[tuple[str, str]]:
    """Who does which part of a sentence: "Jonas pulls, Ida pushes" are two.

    Another name begins a clause of its own only behind a comma or "and"; else it is what is acted upon.
    """
    begun, who = 0, subject
    for place, name in told:
        joint = re.search(r"(?:,|;|\band|\bwhile|\bas)\s*$", sentence[begun:place])
        if name != who and joint and say.verbs_of(sentence[place:]):
            yield who, sentence[begun:place]
            begun, who = place, name
    yield who, sentence[begun:]


def _read(act: Acting, clause: str, others: Sequence[str]) -> None:
    verbs = say.verbs_of(_ASIDE.sub("", clause))
    words = {word.casefold() for word in say.WORD.findall(clause)}
    low = clause.casefold()
    for verb in verbs:
        act.pose = _POSES.get(verb, act.pose)
        gesture = _GESTURES.get(verb)
        if verb in _AT_THINGS and not names_in(clause, others) and not words & _SOMEBODY:
            # "Strikes it out": no fight with a line of a ledger.
            gesture = Gesture.REACH
        if gesture and (act.gesture is Gesture.NONE or gesture in _STRONG):
            act.gesture = gesture
    pieces = say.pieces_in(clause)
    held = [piece for piece in pieces if piece in _HELD]
    if act.gesture is Gesture.THROW and set(pieces) & _WORKED:
        # A lever is thrown over, not away.
        act.gesture = Gesture.PUSH
    if (
        "telephone" in low
        or "receiver" in low
        or "mouthpiece" in low
        or ("phone" in words and words & {"ear", "calls", "answers"})
    ):
        act.gesture = Gesture.NONE if "hangs up" in low or "rings" in words else Gesture.PHONE
        handset = "phone" if "phone" in words and "telephone" not in low else "receiver"
        act.holds = handset if act.gesture is Gesture.PHONE else ""
    elif held and (set(verbs) & _GRIPS or words & {"hands", "hand", "holding", "with", "against"}):
        act.holds = held[0]
        if act.gesture in (Gesture.NONE, Gesture.REACH):
            act.gesture = Gesture.HOLD
    if "arms crossed" in low or "crosses her arms" in low or "crosses his arms" in low or "folds" in words:
        act.gesture, act.pose = Gesture.CROSSED, Pose.STAND
    if "on her hips" in low or "on his hips" in low:
        act.gesture = Gesture.HIPS
    act.mood = next((mood for mood, of in _MOODS if of & words), act.mood)
    if words & {"down", "below", "floor", "boots", "feet"} and set(verbs) & say.LOOKING:
        act.tilt = -22.0
    elif words & {"up", "sky", "above", "ceiling", "overhead"} and set(verbs) & say.LOOKING:
        act.tilt = 20.0
    if set(verbs) & (say.LOOKING | say.HANDLING | {"turn", "point", "aim", "approach"}):
        seen = names_in(clause, others)
        act.gaze = (
            seen[-1] if seen else next((piece for piece in reversed(pieces) if piece != act.holds), act.gaze)
        )
    if act.pose in (Pose.RUN, Pose.WALK):
        if words & {"away", "leaves", "exits", "off"}:
            act.way = "away"
        elif words & {"enters", "towards", "toward", "camera", "arrives"}:
            act.way = "toward"


#: Done to things as often as to people.
_AT_THINGS: Final = frozenset({"strike", "hit", "kick", "beat", "shove", "tackle", "slap"})
_SOMEBODY: Final = word_set("him her them me us each other man woman guard")
_STRONG: Final = frozenset({Gesture.FIGHT, Gesture.EMBRACE, Gesture.AIM, Gesture.POINT, Gesture.PHONE})
