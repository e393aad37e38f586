"""Elements, scenes and names, read off a script's lines."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from studio_assist.domain.screenplay import Element, ElementType, Scene
from studio_assist.interchange.fountain.content import content
from studio_assist.interchange.fountain.hidden import PLAIN
from studio_assist.interchange.fountain.rules import cue_of, heading_of

if TYPE_CHECKING:
    from studio_assist.interchange.fountain.script import Script

#: Lines of these kinds, one below the other, are one element.
_MERGED: Final = frozenset(
    {
        ElementType.TITLE_PAGE,
        ElementType.ACTION,
        ElementType.DIALOGUE,
        ElementType.LYRICS,
        ElementType.BLANK,
    }
)
_DETAILED: Final = frozenset({ElementType.SCENE_HEADING, ElementType.CHARACTER, ElementType.SECTION})
_UNSEEN: Final = frozenset({ElementType.NOTE, ElementType.BONEYARD})


def build_elements(script: Script) -> list[Element]:
    """The elements of a script in order; an empty last line makes none, as nothing of the text is in it."""
    kinds, texts, starts = script.kinds, script.texts, script.offsets()
    # Hidden parts are rare: one look tells whether a line has to be asked about them.
    hidden = script.lines_with_hidden()
    first_is_odd = texts[0].startswith("\ufeff")
    size = len(kinds)
    elements: list[Element] = []
    add = elements.append
    scene: int | None = None
    scenes = 0
    line = 0
    while line < size:
        kind = kinds[line]
        end = line + 1
        odd = (line == 0 and first_is_odd) or line in hidden
        if odd or kind in _MERGED:
            while end < size and (kinds[end] is kind or hidden) and _goes_on(script, kind, end):
                odd = odd or end in hidden
                end += 1
        start, stop = starts[line], starts[end]
        if stop == start:
            break
        if odd:
            text = _text_with_hidden(script, kind, line, end)
        elif kind is ElementType.BLANK:
            text = ""
        elif kind in _DETAILED:
            text = texts[line]
        elif end == line + 1:
            text = texts[line].strip() if kind is ElementType.DIALOGUE else content(kind, texts[line])
        else:
            text = "\n".join([content(kind, texts[i]) for i in range(line, end)])
        element = Element(kind, text, start, stop, scene)
        if kind is ElementType.CHARACTER:
            element.text, element.extension, element.dual = _cue_of(script.visible(line) if odd else text)
        elif kind is ElementType.SCENE_HEADING:
            element.scene = scene = scenes
            scenes += 1
            element.text, element.number = _heading_of(script.visible(line) if odd else text)
        elif kind is ElementType.SECTION:
            shown = script.visible(line).strip()
            element.text = shown.lstrip("#").strip()
            element.level = len(shown) - len(shown.lstrip("#"))
        add(element)
        line = end
    return elements


def _goes_on(script: Script, kind: ElementType, line: int) -> bool:
    """Whether a line belongs to the element of this kind above it."""
    below = script.kinds[line]
    if script.state(line) != PLAIN:
        # A note that began in this element and is not over.
        return below in _UNSEEN or below is kind
    return below is kind and kind in _MERGED


def _text_with_hidden(script: Script, kind: ElementType, first: int, end: int) -> str:
    """An element's text where notes or boneyards have to come out of it; their line ends go with them."""
    if kind in _UNSEEN:
        opening, closing = ("[[", "]]") if kind is ElementType.NOTE else ("/*", "*/")
        text = "\n".join(script.texts[first:end]).removeprefix("\ufeff").strip()
        return text.removeprefix(opening).removesuffix(closing).strip()
    lines: list[str] = []
    for line in range(first, end):
        if script.state(line) != PLAIN and lines:
            lines[-1] += script.visible(line)
        else:
            lines.append(script.visible(line))
    return "\n".join([content(kind, line) for line in lines])


def build_scenes(script: Script) -> list[Scene]:
    """The scenes of a script; a scene without a written number has its running number."""
    first_lines = script.lines_of(ElementType.SCENE_HEADING)
    starts = script.offsets()
    last_lines = [*(line - 1 for line in first_lines[1:]), len(script.kinds) - 1]
    scenes: list[Scene] = []
    for index, (first, last) in enumerate(zip(first_lines, last_lines, strict=False)):
        heading, number = _heading_of(script.visible(first))
        number = number or str(index + 1)
        scenes.append(Scene(index, number, heading, starts[first], starts[last + 1], first, last))
    return scenes


def names(script: Script) -> list[str]:
    """Who speaks, in order of first appearance."""
    found = dict.fromkeys(_name_of(script.visible(line)) for line in script.lines_of(ElementType.CHARACTER))
    found.pop("", None)
    return list(found)


def places(script: Script) -> tuple[list[str], list[str]]:
    """The scene headings' places ("INT. KITCHEN") and times of day ("NIGHT"), each once, in order."""
    where: dict[str, None] = {}
    when: dict[str, None] = {}
    for scene in script.scenes:
        place, dash, time = scene.heading.rpartition(" - ")
        where[(place if dash else time).strip()] = None
        if dash and time.strip():
            when[time.strip()] = None
    where.pop("", None)
    return list(where), list(when)


# The same few hundred lines are asked for again and again.
_heading_of = lru_cache(4096)(heading_of)
_cue_of = lru_cache(4096)(cue_of)


def _name_of(line: str) -> str:
    return _cue_of(line).name.strip("*_")
