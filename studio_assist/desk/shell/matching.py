"""How well typed words fit a title. Pure, so that the command box can be reasoned about."""

from __future__ import annotations


def fit(typed: str, title: str) -> int | None:
    """A rank of the match, smaller is better; None where it does not match.

    Every typed word must begin a word of the title, or stand inside one. Letters scattered over a title do
    not count: with a few hundred scenes they match nearly everything.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return 0
    whole = title.casefold()
    words = whole.replace("/", " ").replace(".", " ").split()
    rank = 0
    for word in wanted:
        if any(one.startswith(word) for one in words):
            continue
        if word not in whole:
            return None
        rank += 10
    if not whole.startswith(wanted[0]):
        rank += 2
    return rank
