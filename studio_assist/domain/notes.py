"""Reads plain wishes out of a person's note, so that they count even with a model that hardly reads it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    SHORTER = "shorter"
    LONGER = "longer"
    QUESTION = "question"
    STATEMENT = "statement"
    COLDER = "colder"
    WARMER = "warmer"


_SIGNS: Final = (
    (Wish.STATEMENT, r"\b(?:not? (?:as )?(?:a )?question|no question|statement)\b"),
    (Wish.QUESTION, r"\b(?:question|ask(?:s|ing)?)\b"),
    (Wish.SHORTER, r"\b(?:short(?:er)?|terse|brief(?:er)?|tight(?:er)?|fewer words|clipped)\b"),
    (Wish.LONGER, r"\b(?:long(?:er)?|more words|expand)\b"),
    (
        Wish.COLDER,
        r"\b(?:cold(?:er)?|flat(?:ter)?|hard(?:er)?|dry|drier|icy|harsh(?:er)?|cruel(?:ler)?|calm(?:er)?)\b",
    ),
    (Wish.WARMER, r"\b(?:warm(?:er)?|soft(?:er)?|gentl(?:e|er)|kind(?:er)?|tender(?:ly)?)\b"),
)
_EXCLUDES: Final = {Wish.STATEMENT: Wish.QUESTION}


def wishes_of(note: str) -> tuple[Wish, ...]:
    """The wishes that a note states in plain English words, each once."""
    lowered = note.lower()
    found = [wish for wish, signs in _SIGNS if re.search(signs, lowered)]
    barred = {_EXCLUDES[wish] for wish in found if wish in _EXCLUDES}
    return tuple(wish for wish in found if wish not in barred)
