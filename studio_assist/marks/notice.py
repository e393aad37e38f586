"""The notice on a copy out of a project whose record was altered: put on, read back, taken off.

It says what no reader of the copy could know otherwise: that the copy stands in no record, and why. It is
no mark of temp material and has words of its own. As those marks, it is added and nothing else is changed:
`strip_notice(noticed_fountain(...))` is the text, character for character, whatever marks are in it.
"""

from __future__ import annotations

import re
from typing import Final

from studio_assist.domain.screenplay import ElementType, Screenplay
from studio_assist.domain.values import Value, sha256_of

#: What every page of such a copy says.
NOTICE: Final = "RECORD ALTERED · THIS COPY IS NOT IN THE RECORD"
_KEY: Final = "Record"
_ADDED_PAGE: Final = "title page added for this copy"
_WORD: Final = "[0-9a-f]{6,64}"


class FoundNotice(Value):
    """The notice on a copy.

    Attributes:
        why: what does not hold in the record, as it was known when the copy was made; "" where it is gone.
        headline, first, last: the title-page line, the body's first note, the last line.
    """

    why: str
    headline: bool
    first: bool
    last: bool

    @property
    def whole(self) -> bool:
        """Whether none of its parts is missing."""
        return self.headline and self.first and self.last


def noticed_fountain(screenplay: Screenplay, why: str, title: str) -> str:
    """The script, marked for temp material or not, with the notice on its title page and at both ends.

    Args:
        why: what does not hold, in a sentence.
        title: the project's, for a title page where the script has none.
    """
    text = screenplay.text
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    word = _unused_word(text + title + why)
    said = f"{NOTICE} · {_plain(why)}"
    first = f"[[{NOTICE} · mark {word}]]"
    last = f"{newline}{newline}[[{NOTICE} · end of this copy · mark {word}]]{newline}"
    pages = [element for element in screenplay.elements if element.type is ElementType.TITLE_PAGE]
    if pages:
        slice_ = text[pages[-1].start : pages[-1].end]
        end = pages[-1].start + len(slice_.rstrip("\r\n"))
        line = f"{newline}{_free_key(screenplay.title_page)}: {said} · mark {word}"
        return f"{text[:end]}{line}{newline}{newline}{first}{text[end:]}{last}"
    shown = _plain(title) or "Untitled"
    page = f"Title: {shown}{newline}{_KEY}: {said} · {_ADDED_PAGE} · mark {word}{newline}{newline}"
    at = int(text.startswith("\ufeff"))
    return f"{text[:at]}{page}{first}{newline}{newline}{text[at:]}{last}"


def read_notice(text: str) -> FoundNotice | None:
    """The notice on a text, or None where it carries none; what is missing of it is said, not guessed."""
    words = re.findall(rf"{re.escape(NOTICE)}[^\r\n]* · mark ({_WORD})\b", text)
    if not words:
        return None
    end = rf" · mark {words[-1]}"
    line = re.search(rf"^[^\r\n:]+: {re.escape(NOTICE)} · ([^\r\n]*){end}", text, re.MULTILINE)
    return FoundNotice(
        why=line[1].removesuffix(f" · {_ADDED_PAGE}") if line else "",
        headline=line is not None,
        first=f"[[{NOTICE}{end}]]" in text,
        last=f"[[{NOTICE} · end of this copy{end}]]" in text,
    )


def strip_notice(noticed: str) -> str:
    """The text that `noticed_fountain` was given; a text whose last line is no notice of ours as it is."""
    notice = re.escape(NOTICE)
    tail = re.search(rf"(\r\n|\n)\1\[\[{notice} · end of this copy · mark ({_WORD})\]\]\1\Z", noticed)
    if tail is None:
        return noticed
    newline, end = tail[1], rf" · mark {tail[2]}"
    text = noticed[: tail.start()]
    first = rf"{newline}{newline}\[\[{notice}{end}\]\]"
    line = rf"{_KEY}: {notice} · [^\r\n]* · {_ADDED_PAGE}{end}"
    added = re.match(rf"\ufeff?(Title: [^\r\n]*{newline}{line}{first}{newline}{newline})", text)
    head = added or re.search(rf"({newline}[^\r\n:]+: {notice} · [^\r\n]*{end}{first})", text)
    return text if head is None else text[: head.start(1)] + text[head.end(1) :]


def _plain(text: str) -> str:
    """One line that opens and closes nothing."""
    return " ".join(re.sub(r"[\[\]/*]{2}", " ", " ".join(text.split())).split())


def _free_key(title_page: dict[str, str]) -> str:
    """A title-page key that the script does not use: a second one would push the writer's own aside."""
    key, number = _KEY, 2
    while key.casefold() in title_page:
        key, number = f"{_KEY} {number}", number + 1
    return key


def _unused_word(text: str) -> str:
    """Six or more hexadecimal digits that the text does not hold; the same for the same text."""
    digest = sha256_of(text)
    while True:
        for length in (6, 12, 64):
            if digest[:length] not in text:
                return digest[:length]
        digest = sha256_of(digest)
