"""Given names in our own prompts: Anna and Tom of the worked examples are of nobody's production."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from studio_assist.broker.prompts import load_tasks
from studio_assist.domain.generation import TextRequest

_PLACE: Final = re.compile(r"\{\{|\}\}|\{[?!]?\w*\}")


@cache
def prompt_names() -> frozenset[str]:
    """The words of the program's own task files that the gate would ask about, as they stand there.

    Found by the gate's own eyes, so that no list has to be kept beside the files. A person's own task files
    are not looked at: what stands there may be a name of the production.
    """
    # The gate's tables of words are loaded by the first who asks.
    from studio_assist.gate.findings import Kind
    from studio_assist.gate.inspect import Inspector
    from studio_assist.gate.lexicon import Lexicon

    inspector = Inspector(Lexicon(()))
    return frozenset(
        one.text
        for text in _wordings()
        for one in inspector.text(_PLACE.sub("", text)).findings
        if one.kind is Kind.POSSIBLE_NAME
    )


def of_ours_alone(asked: TextRequest, listed: Iterable[str]) -> frozenset[str]:
    """The names in our own prompts that nobody here has written: they may leave.

    One that stands in any other line of the request may be a name of the production, and one that is listed
    is one: those are asked about, or replaced.

    Args:
        asked: with the real names.
        listed: the spellings of the production's names.
    """
    ours = _lines()
    texts = [
        text for prompt in asked.prompts for text in (prompt.text, *(one.text for one in prompt.messages))
    ]
    written = [line for text in texts for line in text.splitlines() if line.strip() not in ours]
    low = "\n".join((*listed, *written)).casefold()

    def stands_there(word: str) -> bool:
        # What stands before is asked last: a pattern that begins with letters is found at once.
        letters = re.escape(word.casefold())
        return re.search(rf"{letters}(?<![^\W\d_]{letters})(?![^\W\d_])", low) is not None

    return frozenset(word for word in prompt_names() if not stands_there(word))


@cache
def _lines() -> frozenset[str]:
    """The lines of our own wordings that hold no word of a person."""
    lines = (re.sub(r"^\{[?!]\w+\}", "", line) for text in _wordings() for line in text.splitlines())
    return frozenset(line.strip() for line in lines if line.strip() and _PLACE.search(line) is None)


def _wordings() -> Iterator[str]:
    for task in load_tasks().values():
        for wording in (task.completion, task.chat):
            if wording:
                yield from (wording.text, wording.system, wording.user)
