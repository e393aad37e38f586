"""Elements in the groups that a Final Draft file writes as one: what is compared and kept together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from studio_assist.domain.matching import matches
from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fdx.document import HEADLINE, FdxDocument, Unit
from studio_assist.interchange.screenplay_parts import Part, Seen, compared

ASIDE: Final = frozenset({ElementType.NOTE, ElementType.SECTION, ElementType.SYNOPSIS})
_FLOWING: Final = frozenset({ElementType.DIALOGUE, ElementType.LYRICS})

#: Levels of outline that Final Draft has.
DEEPEST_OUTLINE: Final = 4

#: What two groups have to have in common to be the same.
Atom = tuple[bool, Seen]


@dataclass
class Group:
    """Elements that are written together: one, the lines of a speech, or a dual dialogue.

    Attributes:
        parts: the printed ones, notes between them included.
        before: notes, sections and synopses above it.
        summary: synopses below a scene heading.
        units: of a document that was read, the XML that it stands in.
    """

    parts: list[Part] = field(default_factory=list[Part])
    before: list[Part] = field(default_factory=list[Part])
    summary: list[Part] = field(default_factory=list[Part])
    new_page: bool = False
    units: list[Unit] = field(default_factory=list[Unit])

    @property
    def dual(self) -> bool:
        return any(part.column for part in self.parts)

    def atoms(self) -> list[Atom]:
        seen = compared(part for part in self.parts if part.kind is not ElementType.PAGE_BREAK)[0]
        return [(self.new_page and index == 0, one) for index, one in enumerate(seen)]


def groups_of(parts: Iterable[Part], *, outlines: bool = False) -> tuple[list[Group], list[Part]]:
    """A script's groups, and the notes, sections and synopses behind the last of them.

    Args:
        outlines: sections, and synopses that are no scene's, are paragraphs of their own.
    """
    groups: list[Group] = []
    waiting: list[Part] = []
    new_page = False
    for part in parts:
        last = groups[-1] if groups else None
        if part.kind is ElementType.PAGE_BREAK:
            new_page = True
        elif (
            part.kind is ElementType.SYNOPSIS
            and last
            and _is_heading(last)
            and _only_notes(waiting)
            and not new_page
        ):
            last.summary.append(part)
        elif part.kind is ElementType.NOTE or (part.kind in ASIDE and not (outlines and _fits(part))):
            waiting.append(part)
        elif not compared([part])[0]:
            # Nothing is printed of it; its notes alone are kept.
            waiting += [part] if compared([part])[1] else []
        elif last and not new_page and _only_notes(waiting) and _goes_on(last, part):
            last.parts += [*waiting, part]
            waiting = []
        else:
            groups.append(Group([part], waiting, new_page=new_page))
            waiting, new_page = [], False
    return groups, waiting


def document_groups(document: FdxDocument) -> tuple[list[Group], list[Unit]]:
    """A document's groups with their XML, and the units that stand for none (empty paragraphs)."""
    groups: list[Group] = []
    rest: list[Unit] = []
    for unit in document.units:
        parts = document.parts[unit.start : unit.stop]
        outline = unit.element.get("Type", "").startswith("Outline")
        printed = [part for part in parts if part.kind not in ASIDE or outline]
        new_page = any(part.kind is ElementType.PAGE_BREAK for part in printed)
        printed = [part for part in printed if part.kind is not ElementType.PAGE_BREAK]
        last = groups[-1] if groups else None
        if not printed:
            # A mark of an earlier export is no empty paragraph; it is put on anew where it is due.
            if not any(HEADLINE in part.text for part in parts):
                rest.append(unit)
        elif (
            last
            and not new_page
            and len(printed) == 1
            and not printed[0].column
            and _goes_on(last, printed[0])
        ):
            # Empty paragraphs within a speech stay in it.
            inside = [
                one for one in rest if one.start >= last.units[-1].stop and one.line > last.units[-1].line
            ]
            rest = rest[: len(rest) - len(inside)]
            last.parts += printed
            last.units += [*inside, unit]
        else:
            groups.append(Group(printed, new_page=new_page, units=[unit]))
    return groups, rest


def reusable(groups: Sequence[Group], document: Sequence[Group]) -> dict[int, tuple[int, int]]:
    """Which of a document's groups a script still has as they were.

    Returns:
        by index of the first of the script's groups: one past its last, and the document's group.
    """
    ours, our_starts = _flat(groups)
    theirs, their_starts = _flat(document)
    pairs: dict[int, int] = {}
    for left, right, length in matches(theirs, ours):
        for offset in range(length):
            pairs[left + offset] = right + offset
    begins = {start: index for index, start in enumerate(our_starts)}
    found: dict[int, tuple[int, int]] = {}
    for index in range(len(document)):
        start, stop = their_starts[index], their_starts[index + 1]
        first = pairs.get(start)
        if first is None or first not in begins or first + stop - start not in begins:
            continue
        if all(pairs.get(start + offset) == first + offset for offset in range(stop - start)):
            found[begins[first]] = (begins[first + stop - start], index)
    return found


def _flat(groups: Sequence[Group]) -> tuple[list[Atom], list[int]]:
    atoms: list[Atom] = []
    starts = [0]
    for group in groups:
        atoms += group.atoms()
        starts.append(len(atoms))
    return atoms, starts


def _fits(part: Part) -> bool:
    return part.level <= DEEPEST_OUTLINE and bool(part.text)


def _is_heading(group: Group) -> bool:
    return group.parts[-1].kind is ElementType.SCENE_HEADING


def _only_notes(parts: Sequence[Part]) -> bool:
    return all(part.kind is ElementType.NOTE for part in parts)


def _goes_on(group: Group, part: Part) -> bool:
    """Whether an element is written together with the group above it."""
    last = group.parts[-1]
    if part.column:
        return last.column == part.column or (last.column, part.column) == (1, 2)
    return not last.column and part.kind in _FLOWING and last.kind is part.kind
