"""Where a task looks in a script, and where an accepted answer goes. Pure: a script in, ranges out."""

from __future__ import annotations

import re
from typing import Final, Literal

from studio_assist.domain.candidate import Anchor
from studio_assist.domain.errors import BadInput
from studio_assist.domain.screenplay import Element, ElementType, Scene, Screenplay
from studio_assist.domain.tasks import ContextLine, Placement, TaskContext
from studio_assist.domain.values import Value

_LINE_ENDS: Final = "\r\n"
#: The line break before a title-page line that is not indented: the next key.
_NEXT_KEY: Final = re.compile(r"(?:\r\n|\n|\r)(?=[^ \t\r\n])")
#: What a prompt may show of a scene: what is printed.
_PRINTED: Final = frozenset(
    {
        ElementType.ACTION,
        ElementType.DIALOGUE,
        ElementType.LYRICS,
        ElementType.PARENTHETICAL,
        ElementType.TRANSITION,
        ElementType.CENTERED,
    }
)
_SPOKEN: Final = frozenset({ElementType.DIALOGUE, ElementType.LYRICS, ElementType.PARENTHETICAL})

PlaceKind = Literal["replace", "after", "synopsis", "action", "title_page"]


class Place(Value):
    """Where accepted text goes: `before + text + after` takes the place of the range.

    Attributes:
        start, length: code points into the script as it stands when the person decides.
        before, after: what makes an element of the text there (line ends, forcing marks).
        between: what stands between the lines of a text of several lines.
    """

    kind: PlaceKind
    start: int
    length: int
    before: str = ""
    after: str = ""
    between: str = "\n"

    def placed(self, text: str) -> str:
        """The text as it stands in the script, without `before` and `after`."""
        return self.between.join(text.split("\n"))


def content_end(script: Screenplay, element: Element) -> int:
    """Where an element's words end: its slice without the line end."""
    end = element.end
    while end > element.start and script.text[end - 1] in _LINE_ENDS:
        end -= 1
    return end


def element_at(script: Screenplay, offset: int) -> Element | None:
    """The element that holds a place; the one before it where the place is a blank line or the end."""
    found: Element | None = None
    for element in script.elements:
        if element.start > offset:
            break
        if element.type is not ElementType.BLANK:
            found = element
    return found


def speech_anchor(script: Screenplay, scene: Scene, number: int) -> Anchor:
    """The n-th speech of a scene, counted from 1: its first words, without cue and parenthetical.

    Raises:
        BadInput: the scene has no such speech.
    """
    speeches = 0
    spoken = True
    for element in _of_scene(script, scene):
        if element.type is ElementType.CHARACTER:
            speeches += 1
            spoken = False
        elif element.type in (ElementType.DIALOGUE, ElementType.LYRICS) and not spoken:
            spoken = True
            if speeches == number:
                return anchor_of(script, element)
    raise BadInput(
        f"Scene {scene.number} has {speeches} speeches, so there is no speech {number}.",
        remedy=f"Choose a line from 1 to {speeches}."
        if speeches
        else "Choose a scene in which someone speaks.",
        place=f"scene {scene.number}",
    )


def anchor_of(script: Screenplay, element: Element) -> Anchor:
    """An element's words as an anchor."""
    end = content_end(script, element)
    return Anchor(start=element.start, length=end - element.start, quote=script.text[element.start : end])


def scene_numbered(script: Screenplay, number: str) -> Scene:
    """The scene with a number as it is written or counted.

    Raises:
        BadInput: no scene has it.
    """
    for scene in script.scenes:
        if scene.number.casefold() == number.casefold():
            return scene
    known = f"{script.scenes[0].number} to {script.scenes[-1].number}" if script.scenes else ""
    raise BadInput(
        f"There is no scene {number}.",
        remedy=f"The script has scenes {known}." if known else "The script has no scene headings yet.",
        place=f"scene {number}",
    )


def scene_of(script: Screenplay, offset: int) -> Scene | None:
    """The scene that holds a place, or None before the first."""
    found: Scene | None = None
    for scene in script.scenes:
        if scene.start > offset:
            break
        found = scene
    return found


def selected_kind(script: Screenplay, anchor: Anchor | None) -> str | None:
    """The kind of element that an anchor is on, as tasks name it; None without one."""
    element = element_at(script, anchor.start) if anchor else None
    return element.type.value if element else None


def cue_of(script: Screenplay, anchor: Anchor | None) -> str | None:
    """Who speaks where an anchor stands, or None."""
    chosen = element_at(script, anchor.start) if anchor else None
    if chosen is None or chosen.type not in _SPOKEN:
        return None
    cue: str | None = None
    for element in script.elements:
        if element.start > chosen.start:
            break
        if element.type is ElementType.CHARACTER:
            cue = element.text
    return cue


def context_of(script: Screenplay, anchor: Anchor | None, note: str, *, on_line: bool) -> TaskContext:
    """What a task may show a model of the script.

    Args:
        on_line: the task is asked on one element; otherwise the whole scene is before the place.
    """
    offset = anchor.start if anchor else 0
    scene = scene_of(script, offset)
    chosen = element_at(script, offset) if anchor and on_line else None
    before: list[ContextLine] = []
    after: list[ContextLine] = []
    line: ContextLine | None = None
    cue = ""
    names: list[str] = []
    for element in _of_scene(script, scene) if scene else script.elements:
        if element.type is ElementType.CHARACTER:
            cue = element.text
            if cue not in names:
                names.append(cue)
        elif element.type not in _SPOKEN and element.type is not ElementType.BLANK:
            cue = ""
        if element.type not in _PRINTED:
            continue
        speaker = cue if element.type in _SPOKEN else ""
        shown = ContextLine(kind=element.type.value, text=" ".join(element.text.split()), cue=speaker)
        if element is chosen:
            words = anchor.quote if anchor and anchor.length else element.text
            line = ContextLine(kind=shown.kind, text=" ".join(words.split()), cue=speaker)
        elif chosen is not None and element.start > chosen.start:
            after.append(shown)
        else:
            before.append(shown)
    scene_text = script.text[scene.start : scene.end] if scene else script.text
    named = [
        name for name in script.characters if name not in names and name.casefold() in scene_text.casefold()
    ]
    return TaskContext(
        title=script.title_page.get("title", ""),
        heading=scene.heading if scene else "",
        line=line,
        before=tuple(before),
        after=tuple(after),
        characters=(*names, *named),
        cast=tuple(script.characters),
        synopses=_synopses(script),
        note=note,
    )


def place_for(placement: Placement, script: Screenplay, anchor: Anchor | None) -> Place:
    """Where an answer to a task goes, in the script as it stands now.

    Raises:
        BadInput: the script has no such place (a synopsis without a scene).
    """
    at = anchor or Anchor(start=len(script.text), length=0, quote="")
    newline = "\r\n" if "\r\n" in script.text else "\n"
    if placement is Placement.REPLACE:
        return Place(kind="replace", start=at.start, length=at.length, between=newline)
    if placement is Placement.LOGLINE:
        return _title_page_place(script, "Logline", newline)
    if placement is Placement.AFTER:
        element = element_at(script, max(at.start, at.end - 1)) if script.elements else None
        start = content_end(script, element) if element else len(script.text)
        gap = newline * 2 if start else ""
        return Place(
            kind="after",
            start=start,
            length=0,
            before=gap,
            after=_closing(script, start, newline),
            between=newline,
        )
    scene = scene_of(script, at.start)
    if scene is None:
        raise BadInput(
            "There is no scene here to put this under.",
            remedy="Put the caret in a scene, then decide.",
        )
    heading = next(element for element in script.elements if element.start >= scene.start)
    start = content_end(script, heading)
    closing = _closing(script, start, newline)
    if placement is Placement.SYNOPSIS:
        return Place(
            kind="synopsis",
            start=start,
            length=0,
            before=f"{newline * 2}= ",
            after=closing,
            between=f"{newline}= ",
        )
    return Place(kind="action", start=start, length=0, before=newline * 2, after=closing, between=newline)


def _closing(script: Screenplay, start: int, newline: str) -> str:
    """What must follow an inserted element so that the next one stays its own element."""
    rest = script.text[start:]
    if not rest.strip(_LINE_ENDS):
        return ""
    blank_follows = rest.replace("\r\n", "\n").replace("\r", "\n").startswith("\n\n")
    return "" if blank_follows else newline


def _title_page_place(script: Screenplay, key: str, newline: str) -> Place:
    """The value of a title-page key: the one that is there, or a new one at the title page's end."""
    between = f"{newline}    "
    page = next((element for element in script.elements if element.type is ElementType.TITLE_PAGE), None)
    if page is None:
        start = 1 if script.text.startswith("\ufeff") else 0
        return Place(
            kind="title_page", start=start, length=0, before=f"{key}: ", after=newline * 2, between=between
        )
    end = content_end(script, page)
    written = re.compile(rf"^\ufeff?{re.escape(key)}[ \t]*:", re.IGNORECASE | re.MULTILINE)
    found = written.search(script.text, page.start, end)
    if found is None:
        return Place(kind="title_page", start=end, length=0, before=f"{newline}{key}: ", between=between)
    # The value goes on over indented lines, up to the next key.
    next_key = _NEXT_KEY.search(script.text, found.end(), end)
    last = next_key.start() if next_key else end
    return Place(kind="title_page", start=found.end(), length=last - found.end(), before=" ", between=between)


def _of_scene(script: Screenplay, scene: Scene) -> list[Element]:
    return [element for element in script.elements if scene.start <= element.start < scene.end]


def _synopses(script: Screenplay) -> tuple[str, ...]:
    """Every scene's heading with its synopsis or its first action, for tasks about the whole script."""
    told: list[str] = []
    heading = ""
    for element in script.elements:
        if element.type is ElementType.SCENE_HEADING:
            if heading:
                told.append(heading)
            heading = element.text
        elif heading and element.type in (ElementType.SYNOPSIS, ElementType.ACTION):
            told.append(f"{heading}: {' '.join(element.text.split())}")
            heading = ""
    if heading:
        told.append(heading)
    return tuple(told)
