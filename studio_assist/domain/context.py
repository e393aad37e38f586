"""What of the script a task may use: all that a prompt holds, and all that answers are measured against."""

from __future__ import annotations

import re
from typing import Final

from .common_words import word_set
from .values import Value

_CAPITALS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL_WORDS: Final = word_set("of the and de von van la le")
#: Cues that say what somebody is, not what they are called.
_ROLES: Final = word_set(
    "man woman boy girl voice clerk waitress waiter barman bartender officer cop policeman sergeant soldier"
    " captain guard driver doctor nurse judge lawyer priest teacher reporter stranger neighbour neighbor"
    " receptionist conductor announcer operator technician passenger pilot engineer inspector detective"
)


class ContextLine(Value):
    """One printed element of the script as a prompt shows it.

    Attributes:
        kind: an `ElementType` value; speech is `dialogue` with its speaker in `cue`.
        text: what is printed, its lines joined by a space, without markup.
    """

    kind: str
    text: str
    cue: str = ""

    @property
    def written(self) -> str:
        return f"{self.cue}: {self.text}" if self.cue else self.text


class TaskContext(Value):
    """The selection, its scene, and what the person wrote.

    Attributes:
        title: the script's title, or "".
        heading: the scene's heading as written ("INT. RADIO ROOM - NIGHT").
        line: the selected element (what `replace` replaces), or None when the whole scene is asked about.
        before: the scene's printed elements ahead of the selection (all of the scene when `line` is None).
        after: the scene's printed elements past the selection.
        characters: who speaks or is named in this scene, in order of appearance.
        cast: every character of the script.
        synopses: other scenes' headings and synopses, in order, for tasks about the whole script.
        note: what the person wrote in the ask field, or "".
    """

    title: str = ""
    heading: str = ""
    line: ContextLine | None = None
    before: tuple[ContextLine, ...] = ()
    after: tuple[ContextLine, ...] = ()
    characters: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    synopses: tuple[str, ...] = ()
    note: str = ""

    @property
    def scene(self) -> tuple[ContextLine, ...]:
        """The whole scene in order."""
        return (*self.before, *((self.line,) if self.line else ()), *self.after)


def name_in_prose(name: str) -> str:
    """A character's name as prose writes it: "DR. OSEI" is "Dr. Osei", "OLD WAITRESS" is "the old waitress".

    Mixed case stays as it is.
    """
    if name != name.upper():
        return name
    if name.split() and name.split()[-1].lower() in _ROLES:
        return f"the {name.lower().removeprefix('the ')}"
    words = name.split()
    shown = [
        word.lower() if place and word.lower() in _SMALL_WORDS else _capital(word)
        for place, word in enumerate(words)
    ]
    return " ".join(shown)


def _capital(word: str) -> str:
    # Not str.title: it makes "Mum'S" of "MUM'S". One letter ahead of an apostrophe is a name's own: O'Brien.
    return _CAPITALS.sub(
        lambda found: (
            found[0][:3] + found[0][3:].lower()
            if found[0][1:2] in {"'", "’"}
            else found[0][0] + found[0][1:].lower()
        ),
        word,
    )
