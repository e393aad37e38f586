"""Openings made by rules: a very small model does not stay on the subject, so it is put on it.

An opening is the first words of an answer. The model goes on from there, in one short field, and what is
shown is the opening with its words. Which openings a task uses is named in its file (`rules`):

- `line`: the first words of the selected line, cut at several places: the answer stays a version of it.
- `beats`: what a scene turns on (finding out, fearing, choosing, refusing), with the scene's own characters.
- `shot`: size, lens and angle chosen from the element's own words, and where in the frame a detail is.
"""

from __future__ import annotations

import re
from typing import Final

from .common_words import LIGHT
from .common_words import word_set as _words
from .context import ContextLine, TaskContext, name_in_prose
from .shot_words import FAR, HIGH, LOW, NEAR
from .values import Value

#: How many openings one request uses.
MOST_OPENINGS: Final = 4

_SENTENCE: Final = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Sgt|Lt|Capt|Prof|Gen|Col|Jr|Sr)\.|[^.!?…])+[.!?…]*[\"'”’)]*\s*"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Opening(Value):
    """How an answer begins.

    Attributes:
        frame: stands before the answer; the model does not go on from it.
        words: what the model goes on from.
    """

    frame: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """The part of an answer that the rules made, ready for the model's words to follow."""
        return " ".join(part for part in (self.frame, self.words) if part)


def openings_of(rules: str, context: TaskContext, seed: int = 0) -> tuple[Opening, ...]:
    """The openings of one request; a single empty one when the task uses no rules.

    The seed turns the order, so that asking again begins elsewhere.
    """
    match rules:
        case "line":
            found = _line(context)
        case "beats":
            found = _beats(context)
        case "shot":
            found = _shots(context)
        case _:
            return (Opening(),)
    turn = seed % len(found)
    return (*found[turn:], *found[:turn])[:MOST_OPENINGS]


def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences, each with its mark; what has no mark at the end counts as one."""
    return tuple(part for part in (found.strip() for found in _SENTENCE.findall(text)) if part)


# the line itself


def _line(context: TaskContext) -> tuple[Opening, ...]:
    line = context.line.text if context.line else ""
    parts = sentences(line)
    if not parts:
        return (Opening(),)
    first = parts[0].split()
    cuts: list[str] = []
    if len(parts) > 1:
        second = parts[1].split()
        cuts += [parts[0], f"{parts[0]} {second[0]}" if len(second) > 2 else parts[0]]
        if parts[0][-1] == "." and len(first) > 2:
            cuts.append(f"{parts[0][:-1]}, and")
    if len(first) > 3:
        cuts += [" ".join(first[: len(first) // 2]), " ".join(first[: max(2, len(first) * 2 // 3)])]
    elif len(first) > 1:
        cuts.append(first[0].rstrip(",;:"))
    if len(parts) == 1 and parts[0][-1] in ".!":
        cuts.append(parts[0])
        if len(first) > 2:
            cuts.append(f"{parts[0][:-1]}, and")
    if line.endswith("?"):
        cuts += ["Tell me", "So"]
    unique = [cut for cut in dict.fromkeys(cuts) if cut]
    return tuple(Opening(words=cut) for cut in unique) or (Opening(),)


# what a scene turns on

_TWO: Final = (
    "{a} finds out that {b}",
    "{b} does not want {a} to",
    "{a} is afraid that",
    "{a} has to choose between",
    "But {b} will not",
    "{a} asks {b} to",
)
_ONE: Final = (
    "{a} finds out that",
    "{a} is afraid that",
    "{a} has to choose between",
    "{a} does not want to",
)
_NOBODY: Final = ("Nobody knows that", "Someone has left", "It is too late to", "Somebody comes back to")


def _beats(context: TaskContext) -> tuple[Opening, ...]:
    people = [name_in_prose(name) for name in _by_lines(context)]
    if len(people) > 1:
        return tuple(Opening(words=_begun(form.format(a=people[0], b=people[1]))) for form in _TWO)
    if people:
        return tuple(Opening(words=_begun(form.format(a=people[0]))) for form in _ONE)
    return tuple(Opening(words=form) for form in _NOBODY)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_lines(context: TaskContext) -> list[str]:
    """The scene's characters, who speaks most first."""
    spoken = [line.cue for line in context.scene if line.cue]
    return sorted(context.characters, key=lambda name: (-spoken.count(name), context.characters.index(name)))


# shots


#: (frame's words, lens in millimetres) by size, from far to near.
_SIZES: Final = (("WIDE SHOT", 24), ("MEDIUM SHOT", 40), ("CLOSE SHOT", 85))
#: Where the detail is, by size, with a thing of the scene and without one.
_WITH_THING: Final = (
    ("In the distance, {thing}", "Behind {who}, {thing}"),
    ("Behind {who}, {thing}", "In the foreground, {thing}"),
    ("In the foreground, {thing}", "Behind {who}, out of focus, {thing}"),
)
_NO_THING: Final = (
    ("Around {who}, the air is", "The light on {who} is"),
    ("The light on {who} is", "Behind {who}, the wall is"),
    ("The light on {who} is", "Behind {who}, out of focus, the light"),
)
_WITH_NOBODY: Final = ("In the foreground, {thing}", "The light on {thing} is")
_EMPTY: Final = ("The light is", "The air is")
_DETERMINERS: Final = _words("the a an her his its their this that")
_ENDS_THING: Final = _words(
    "of on in at to from with and or but is are was has had for by as into over under up down out off"
    " through behind beside the a an her his its their where when who that which like than then it"
    " he she they"
)


def _shots(context: TaskContext) -> tuple[Opening, ...]:
    line = context.line or (context.before[0] if context.before else ContextLine(kind="action", text=""))
    words = {word.lower() for word in _WORD.findall(line.text)}
    near, far = len(words & NEAR), len(words & FAR)
    if line.cue:
        near += 1
    if context.heading.upper().startswith("EXT") or not context.characters:
        far += 1
    best = 2 if near > far else 0 if far > near else 1
    angle = "low angle" if words & LOW and not words & HIGH else "high angle" if words & HIGH else "eye level"
    who = _subject(line, context)
    things = _things(line, context)
    found: list[Opening] = []
    used: set[str] = set()
    # The size that fits best first, then its neighbours: a board artist wants the choice. Two a size, in
    # turn, so that the first cards differ; never the same opening twice.
    sizes = sorted(range(3), key=lambda size: (abs(size - best), size))
    for turn in range(2):
        for size in sizes:
            name, lens = _SIZES[size]
            frame = f"{name}{f' on {who}' if who else ''}, {lens} mm, {angle}."
            for words in _places(size, who, things, turn):
                if words not in used:
                    used.add(words)
                    found.append(Opening(frame=frame, words=words))
                    break
    return tuple(found)


def _places(size: int, who: str, things: list[str], turn: int) -> list[str]:
    """Where a detail may be in a shot of this size, the most fitting first."""
    if things:
        forms = _WITH_THING[size] if who else _WITH_NOBODY
        turned = (*forms[turn:], *forms[:turn])
        return [form.format(who=who, thing=thing) for thing in things for form in turned]
    forms = _NO_THING[size] if who else _EMPTY
    return [form.format(who=who) for form in forms]


def _subject(line: ContextLine, context: TaskContext) -> str:
    if line.cue:
        return name_in_prose(line.cue)
    named = [
        (place, name)
        for name in context.characters
        if (place := line.text.casefold().find(name_in_prose(name).casefold())) >= 0
    ]
    return name_in_prose(min(named)[1]) if named else ""


def _things(line: ContextLine, context: TaskContext) -> list[str]:
    """Things that the script itself names, those of the selected element first: "the iron wheel", "her bag".

    A detail about one of them stays in the scene, which a very small model does not by itself.
    """
    parts = [line] if not line.cue else []
    parts += [part for part in context.scene if part.kind == "action" and part is not line]
    names = {word.lower() for name in context.characters for word in name.split()}
    found: dict[str, str] = {}
    for part in parts:
        for clause in re.split(r"[.,;:!?()…—\"“”]+", part.text):
            words = clause.split()
            for place, word in enumerate(words):
                if word.lower() in _DETERMINERS:
                    thing = _noun(words[place + 1 : place + 4])
                    if thing and thing.split()[-1] not in found and not names & set(thing.split()):
                        own = word.lower() if word.lower() in {"her", "his", "their"} else "the"
                        found[thing.split()[-1]] = f"{own} {thing}"
    return list(found.values())[:6]


def _noun(words: list[str]) -> str:
    """The noun that follows an article, with one word before it; "" where it cannot be told."""
    taken: list[str] = []
    for word in words:
        if not word.isalpha() or not word.islower() or word in _ENDS_THING:
            break
        # "the set hums": what ends like a verb after a noun is taken for one.
        if taken and (word.endswith(("s", "ed", "ing")) or len(taken) == 2):
            break
        taken.append(word)
    if not taken or taken[-1] in LIGHT or len(taken[-1]) < 3 or taken[-1].endswith(("ly", "est")):
        return ""
    return " ".join(word for word in taken[-2:] if word not in LIGHT or word == taken[-1])
