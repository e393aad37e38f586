"""Passages as lines for a view: every character that shows nothing is written out, whoever forgot to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from studio_assist.gate.shown import pieces
from studio_assist.protocol import Passage

Kind = Literal["plain", "name", "token", "question", "hidden"]

#: Lines longer than this are laid out in parts: one line of 300 kB would be laid out anew at every slice.
LONGEST_LINE: Final = 2_000


class Start(NamedTuple):
    """A line begins.

    Attributes:
        label: heads the passage that begins here, "" elsewhere.
        goes_on: it is no line of its own but the rest of a long one.
    """

    label: str = ""
    goes_on: bool = False


class Run(NamedTuple):
    """Text of one kind within a line."""

    text: str
    kind: Kind
    link: int | None


def lines_of(passages: Iterable[Passage], *, labelled: bool = True) -> Iterator[Start | Run]:
    """What a view takes in, line by line: the passages' texts, joined by line ends."""
    for passage in passages:
        yield Start(passage.label if labelled else "")
        room = LONGEST_LINE
        for piece in passage.pieces:
            for at, line in enumerate(piece.text.split("\n")):
                if at:
                    yield Start()
                    room = LONGEST_LINE
                for run, hidden in pieces(line) if line else ():
                    kind: Kind = "hidden" if hidden else piece.kind
                    rest = run
                    while rest:
                        # A name or token is never cut: what is marked as one thing is shown as one.
                        if room <= 0 or (kind != "plain" and len(rest) > room):
                            yield Start(goes_on=True)
                            room = LONGEST_LINE
                        cut = len(rest) if kind != "plain" or len(rest) <= room else _cut(rest, room)
                        yield Run(rest[:cut], kind, piece.link)
                        room -= cut
                        rest = rest[cut:]


def _cut(text: str, room: int) -> int:
    """Where to cut, behind a space where there is one."""
    space = text.rfind(" ", 0, room)
    return space + 1 if space > room // 2 else room
