"""A feature-length screenplay in Fountain, the same at every call: 120 pages by the industry's page."""

from __future__ import annotations

import random

_NAMES = ("MAYA", "O'BRIEN", "DR. LINDQVIST", "TOMÁS", "R2", "OLD MAN", "ИВАН", "THE WOLF")
_PLACES = ("KITCHEN", "HARBOUR OFFICE", "RADIO STATION", "NIGHT TRAIN", "ATTIC", "MARKET SQUARE")
_TIMES = ("DAY", "NIGHT", "DAWN", "CONTINUOUS", "LATER")
_TEXT = """the door opens and nobody stands there while rain falls on tin roofs across the yard a lamp swings
she puts down her cup he turns toward water something moves under ice we hear music from far away
it was never about money you said so yourself on that evening before they came for us again listen"""
_WORDS = tuple(_TEXT.split())


def feature(scenes: int = 200, seed: int = 7) -> str:
    """About 5,000 lines for 200 scenes, with the marks that real scripts have in their usual measure."""
    chance = random.Random(seed)
    out = [
        "Title: The Long Winter",
        "Credit: Written by",
        "Author: Nobody",
        "Draft date: 1 May",
        "",
        "FADE IN:",
        "",
    ]
    for number in range(1, scenes + 1):
        where = chance.choice(("INT.", "EXT.", "INT./EXT."))
        mark = f" #{number}#" if number % 3 == 0 else ""
        out += [f"{where} {chance.choice(_PLACES)} - {chance.choice(_TIMES)}{mark}", ""]
        if number % 12 == 0:
            out += [f"= {_sentence(chance, 8)}", ""]
        for _ in range(chance.randint(6, 10)):
            if chance.random() < 0.3:
                out += [
                    " ".join(_sentence(chance, chance.randint(5, 14)) for _ in range(chance.randint(1, 3))),
                    "",
                ]
                if chance.random() < 0.1:
                    out[-2] += " [[check this]]"
            else:
                extension = chance.choice(("", "", "", " (V.O.)", " (O.S.)", " (CONT'D)"))
                out.append(chance.choice(_NAMES) + extension)
                if chance.random() < 0.15:
                    out.append(f"({' '.join(chance.choices(_WORDS, k=2))})")
                words = _sentence(chance, chance.randint(3, 16))
                out += [words.replace(" you ", " *you* "), ""]
        if number % 5 == 0:
            out += [chance.choice(("CUT TO:", "SMASH CUT TO:", "> DISSOLVE OUT")), ""]
    out += ["FADE OUT.", "", "> THE END <", ""]
    return "\n".join(out)


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize() + chance.choice((".", ".", ".", "?", "!"))
