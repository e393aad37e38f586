"""What a report is on paper, whatever the paper: sections of sentences, tables, facts, charts and steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "right"]
Tone = Literal["plain", "lead", "note", "warning"]

#: What a piece of a chart stands for; each form has its own colour for it.
Fill = Literal["accepted", "edited", "rejected", "human", "ai", "neutral", "blocked", "line"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `weight`: its share of the width. `code`: set in a fixed pitch."""

    title: str
    weight: float = 1.0
    align: Align = "left"
    code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `empty` stands in its place where it has no row; the first column names a row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they stand for."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Listed:
    """Sentences one below the other."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is to be taken as it stands: commands, a checkpoint."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The numbers that answer the question first: each with its name and a remark."""

    tiles: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle of a chart, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in a chart; `y` is its baseline, `size` in the chart's units."""

    x: float
    y: float
    text: str
    align: Literal["left", "middle", "right"] = "left"
    strong: bool = False
    faint: bool = False
    size: float = 12.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart.

    Attributes:
        says: all that it shows, in words, for who cannot see it.
        key: what its fills stand for.
        boxes, marks: in units of which the whole is `width` by `height`, from the upper left corner.
    """

    title: str
    says: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...]
    key: tuple[tuple[Fill, str], ...] = ()


Part = Table | Facts | Words | Listed | Code | Tiles | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading. `id` is a short name for links."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, ready to be set.

    Attributes:
        title: what it is ("AI disclosure sheet"). project: whose.
        opening: what it is for, in one or two sentences.
        facts: what stands under the title: period, who made it, for whom.
        foot: the line at the foot of every page.
    """

    title: str
    project: str
    opening: str
    facts: Facts
    sections: tuple[Section, ...]
    foot: str
    made: str
    keywords: tuple[str, ...] = field(default=())
