"""How bytes are shown to a person who answers for them: all of them, and nothing unseen."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Final

from studio_assist.gate.envelope import Envelope

#: Kinds of characters (Unicode's general categories) that show nothing, or not what they are.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
#: Letters and marks that fonts leave empty: fillers, joiners, variation selectors.
_EMPTY: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u2800")
#: A body longer than this is named by its hash in the record; pictures are kept by theirs anyway.
LONGEST_TEXT: Final = 1_000_000


def is_unseen(char: str) -> bool:
    """Whether a character shows nothing, or passes for a plain space. Line ends and tabs do not count."""
    if char in "\n\t":
        return False
    if char.isascii():
        return not char.isprintable()
    category = unicodedata.category(char)
    if category in _UNSEEN or char in _EMPTY:
        return True
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selector or (category == "Zs" and char != " ")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A text in runs, as (run, hidden): each unseen character comes alone, written out as "U+200B"."""
    unseen = {char for char in set(text) if is_unseen(char)}
    if not unseen:
        yield text, False
        return
    done = 0
    for at, char in enumerate(text):
        if char in unseen:
            if done < at:
                yield text[done:at], False
            yield f"U+{ord(char):04X}", True
            done = at + 1
    if done < len(text):
        yield text[done:], False


def escaped(text: str) -> str:
    """A text on which nothing is unseen: "May⟨U+200B⟩a"."""
    return "".join(f"⟨{run}⟩" if hidden else run for run, hidden in pieces(text))


def raw(envelope: Envelope) -> str:
    """The whole request as it goes over the wire, but for its key."""
    head = [f"{envelope.method} {envelope.target} HTTP/1.1", f"host: {envelope.authority}"]
    head += [f"{name}: {value}" for name, value in envelope.headers]
    head += [f"{name}: (the key; it is not shown or kept)" for name in envelope.keys]
    head.append(f"content-length: {len(envelope.body)}")
    text = _text(envelope.body)
    body = escaped(text) if text is not None else f"({len(envelope.body)} bytes that are no text)"
    return "\n".join(head) + "\n\n" + body


def for_the_record(envelope: Envelope) -> str:
    """What the ledger commits to: everything but the key, as one JSON document.

    A body that is long or no text stands in it by its SHA-256 alone.
    """
    text = _text(envelope.body)
    whole = text is not None and len(envelope.body) <= LONGEST_TEXT
    return json.dumps(
        {
            "body": text if whole else None,
            "body_sha256": envelope.body_sha256,
            "digest": envelope.sha256,
            "headers": [list(pair) for pair in envelope.headers],
            "method": envelope.method,
            "origin": envelope.origin,
            "target": envelope.target,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _text(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None
