"""Text in another writing: escapes, entities, percent, markup inside words, base64, base32, base85.

Each finder gives runs of a text with what they decode to. A run counts as decoded only where the result can
be read as text or opens as a container; chance decodings of ordinary words are noise and are dropped. Base64
inside other letters is tried at each of its four alignments.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from studio_assist.gate.codes import codes
from studio_assist.gate.normalise import View
from studio_assist.gate.readable import legacy_text, mostly_text, readable, utf_text


class Run(NamedTuple):
    """An encoded stretch of a text.

    Attributes:
        data: what it decodes to: text, or bytes that open as a container or picture.
    """

    start: int
    end: int
    how: str
    data: str | bytes


#: Runs of at least so many letters that nothing can read are told of.
OPAQUE: Final = 160

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-3][0-7]{2}))"
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,30});?")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_QUOTED: Final = re.compile(r"=[0-9A-F]{2}|=\r?\n")
#: Tags and comments, of HTML and of scripts, which a reader does not see.
_ONE_MARK: Final = (
    r"(?:<(?<=[\w>\]/]<)/?[A-Za-z!?][^<>]{0,200}>|<(?<=[\w>\]/]<)>"
    r"|\[(?<=[\w>\]/]\[)\[[^\]]{0,200}\]\]|/(?<=[\w>\]/]/)\*.{0,200}?\*/)"
)
#: The first one stands by itself: a pattern that begins with a repetition is tried at every character.
_MARKUP: Final = re.compile(rf"{_ONE_MARK}{_ONE_MARK}*(?=[^\W_])")
_UTF7: Final = re.compile(r"\+[A-Za-z0-9/]{2,}-")
#: Its lines may have become one: a note is sent as one line.
_UU: Final = re.compile(r"\bbegin \d{3} (?:[^\n]*\n|\S+ )[\x20-\x60\r\n]+")
_UU_HEAD: Final = re.compile(r"begin \d{3} (?:[^\n]*\n|\S+ )")
_PUNYCODE: Final = re.compile(r"(?<![\w-])(?:[\w-]+\.)*xn--[\w-]+(?:\.[\w-]+)*", re.IGNORECASE)
_DATA_URL: Final = re.compile(r"data:[\w.+-]*/?[\w.+-]*(?:;[\w=.-]+)*,([\w%+/=.!~*'()-]*)", re.IGNORECASE)
#: What stands in base64 and in no ordinary word: a capital or digit inside, many capitals, a sign.
_ODD: Final = re.compile(r"[a-z][A-Z0-9+/=]|\d[A-Za-z]|[A-Z]{2}[a-z0-9]|[I-X][A-Z]{5}|[A-Z]=")
_PIECE: Final = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
#: Base85 has signs besides letters; a word with a comma or full stop behind it has not enough.
_B85: Final = re.compile(r"(?=(?:[^\s]*?[^\w\s.,;:'\"!?()-])|[^\s]*\d)[!-~]{8,}")
#: Small letters alone that can be the base64 of letters.
_SMALL: Final = re.compile(r"[a-f][k-n][dhlptx][a-z]{3,}\b")
_BASE64_PIECES: Final = re.compile(
    r"(?<![^\s\"'>])(?:[A-Za-z0-9+/_-]{4,}[ \t]*(?:\r?\n|\\n|[ \t])[ \t]*){1,}"
    r"[A-Za-z0-9+/_-]{2,}={0,2}(?![^\s\"'<])"
)
#: Words may stand before or behind base64 that is longer than this; what they decode to is passed over.
_SHORT: Final = 24
#: Pieces are looked for so far around one that is no word.
_FAR: Final = 400
#: Of pieces one at least is no word in small letters, and the first can begin base64 of letters.
_NO_WORD: Final = re.compile(r"[a-z][A-Z0-9+/=]|\d[A-Za-z]|[A-Z]{2}[a-z0-9]|=")
_CAPITALS: Final = re.compile(r"[A-Z]+")
_BASE32: Final = re.compile(
    r"(?:[I-P][BFJNRVZ5][A-Z2-7]{5,}|[i-p][bfjnrvz5][a-z2-7]{5,})={0,6}(?![A-Za-z0-9])"
)
#: Signs of an encoding within so many characters belong to one run.
_CLOSE: Final = 32
_BLANKS: Final = re.compile(r"\s\s|\s[^\s\\&%=]|[^\s]\s")
#: Encodings that leave ordinary letters as they are: what stands openly in a run is found without decoding.
PARTIAL: Final = frozenset(
    {
        "escapes",
        "HTML entities",
        "percent signs",
        "quoted-printable",
        "punycode",
        "markup inside words",
        "UTF-7",
    }
)
_FROM_URL_SIGNS: Final = bytes.maketrans(b"-_", b"+/")
_LONG: Final = re.compile(rf"[A-Za-z0-9+/_=-]{{{OPAQUE},}}")


def runs(view: View) -> Iterator[Run]:
    """Every encoded run of the source that can be read, in no order; runs of several kinds may overlap."""
    text = view.source
    if "\\" in text:
        yield from _each(text, _around(text, _ESCAPE), "escapes", _unescaped)
    if "&" in text:
        yield from _each(
            text, _around(text, _ENTITY), "HTML entities", lambda run: _changed(run, html.unescape(run))
        )
    if "%" in text:
        yield from _each(
            text, _around(text, _PERCENT), "percent signs", lambda run: legacy_text(unquote_to_bytes(run))
        )
    if "=" in text:
        yield from _each(text, _around(text, _QUOTED), "quoted-printable", _quoted)
    if "<" in text or "[[" in text or "/*" in text:
        yield from _each(
            text, _around(text, _MARKUP), "markup inside words", lambda run: _MARKUP.sub("", run)
        )
    if "+" in text:
        yield from _each(text, _around(text, _UTF7), "UTF-7", _utf7)
    if "begin " in text:
        yield from _each(text, _spans(text, _UU), "uuencode", _uu)
    if "xn--" in text or "XN--" in text:
        yield from _each(text, _spans(text, _PUNYCODE), "punycode", _punycode)
    if "data:" in text:
        yield from _data_urls(text)
    yield from _base_n(view)
    for start, end, how, found in codes(view):
        yield Run(start, end, how, found)


def unreadable(view: View) -> Iterator[tuple[int, int]]:
    """Long runs of letters without blanks, such as encrypted data, as slices of the source."""
    text = view.source if any(len(token) >= OPAQUE for token in view.tokens) else ""
    for match in _LONG.finditer(text):
        if len(set(match[0])) > 20:
            yield match.span()


def _spans(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


def _around(text: str, sign: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where signs of an encoding stand in one word, or follow each other, with all of the word."""
    start = end = -1
    for match in sign.finditer(text):
        if end >= 0 and (match.start() - end > _CLOSE or _BLANKS.search(text, end, match.start())):
            yield _whole(text, start, end)
            end = -1
        if end < 0:
            start = match.start()
        end = match.end()
    if end >= 0:
        yield _whole(text, start, end)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A slice grown to the blanks on either side."""
    low, high = max(0, start - 2 * _CLOSE), min(len(text), end + 2 * _CLOSE)
    while start > low and not text[start - 1].isspace():
        start -= 1
    while end < high and not text[end].isspace():
        end += 1
    return start, end


def _each(
    text: str,
    spans: Iterator[tuple[int, int]],
    how: str,
    decode: Callable[[str], str | bytes | None],
) -> Iterator[Run]:
    for start, end in spans:
        if found := decode(text[start:end]):
            yield Run(start, end, how, found)


# the ways to write


def _unescaped(run: str) -> str | None:
    def one(match: re.Match[str]) -> str:
        braced, short, long, byte, octal = match.groups()
        code = int(octal, 8) if octal else int(braced or short or long or byte, 16)
        return chr(code) if code < 0x110000 else " "

    plain = _ESCAPE.sub(one, run)
    # UTF-8 byte by byte ("\xc3\xa9"), and surrogate pairs ("\ud83d\ude00").
    if "\\x" in run and all(ord(char) < 256 for char in plain):
        plain = utf_text(plain.encode("latin-1")) or plain
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _changed(run: str, decoded: str) -> str | None:
    return decoded if decoded != run else None


def _quoted(run: str) -> str | None:
    return legacy_text(quopri.decodestring(run.encode("utf-8", "replace")))


def _punycode(run: str) -> str | None:
    parts: list[str] = []
    for part in run.split("."):
        try:
            parts.append(part[4:].encode().decode("punycode") if part.lower().startswith("xn--") else part)
        except UnicodeError:
            parts.append(part)
    return _changed(run, ".".join(parts))


def _utf7(run: str) -> str | None:
    try:
        return _changed(run, run.encode("ascii", "ignore").decode("utf-7"))
    except UnicodeError:
        return None


def _uu(run: str) -> str | bytes | None:
    data = _UU_HEAD.sub("", run, count=1)
    lines = data.splitlines() if "\n" in data.strip() else _uu_lines(data)
    found = b""
    for line in lines:
        with suppress(binascii.Error, ValueError):
            found += binascii.a2b_uu(line) if line.strip() else b""
    return readable(found)


def _uu_lines(data: str) -> Iterator[str]:
    """Lines that stand behind each other: the first sign of each says how many bytes it holds."""
    at = 0
    while at < len(data):
        size = 1 + ((ord(data[at]) - 32 & 63) + 2) // 3 * 4
        yield data[at : at + size]
        at += size
        while at < len(data) and data[at].isspace():
            at += 1


def _data_urls(text: str) -> Iterator[Run]:
    for match in _DATA_URL.finditer(text):
        body = match[1]
        if ";base64" in text[match.start() : match.start(1)].lower():
            data = _unbase64(unquote_to_bytes(body).decode("latin-1"))
        else:
            data = unquote_to_bytes(body)
        if data and (found := utf_text(data) or data):
            yield Run(*match.span(), "data URL", found)


def _base_n(view: View) -> Iterator[Run]:
    """Base64 and base32 in one piece, each different one read once; then base64 in pieces."""
    odd: list[str] = []
    for token in view.tokens:
        if _ODD.search(token):
            odd.append(token)
        elif not (_SMALL.search(token) or _BASE32.search(token)):
            continue
        for match in _PIECE.finditer(token):
            if found := _base64(match[0]):
                yield from _everywhere(view.source, match[0], "base64", found)
        if _B85.fullmatch(token) and (found := _base85(token)):
            yield from _everywhere(view.source, token, "base85", found)
        for match in _BASE32.finditer(token):
            if found := _base32(match[0]):
                yield from _everywhere(view.source, match[0], "base32", found)
    for start, end in _joined(
        (max(0, at - _FAR), at + len(token) + _FAR)
        for token in odd
        if not _CAPITALS.fullmatch(token.strip(".,:;!?()"))
        for at in _places(view.source, token)
    ):
        for match in _BASE64_PIECES.finditer(view.source, start, end):
            if not _NO_WORD.search(match[0]):
                continue
            if found := _base64(re.sub(r"\s|\\n", "", match[0])):
                yield Run(*match.span(), "base64 in pieces", found)


def _base64(run: str) -> str | bytes | None:
    # A run that other letters stand before is out of step: one of four steps is right.
    steps = 4 if len(run) > 8 and not _CAPITALS.fullmatch(run) else 1
    tried = [data for skip in range(steps) if (data := _unbase64(run[skip:]))]
    for read in (readable, mostly_text) if len(run) > _SHORT else (readable,):
        for data in tried:
            if found := read(data):
                return found
    return None


def _base85(run: str) -> str | bytes | None:
    for decode in (base64.b85decode, base64.a85decode):
        try:
            data = decode(run.removeprefix("<~").removesuffix("~>"))
        except ValueError:
            continue
        found = readable(data)
        if found and (isinstance(found, bytes) or found.isascii()):
            return found
    return None


def _everywhere(text: str, piece: str, how: str, found: str | bytes) -> Iterator[Run]:
    for at in _places(text, piece):
        yield Run(at, at + len(piece), how, found)


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + len(piece))


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Slices in order, those that overlap as one."""
    start = end = -1
    for first, last in sorted(spans):
        if first > end:
            if end >= 0:
                yield start, end
            start = first
        end = max(end, last)
    if end >= 0:
        yield start, end


def _unbase64(run: str) -> bytes | None:
    # Signs that are none of base64's are passed over, as most decoders do.
    bare = run.encode("ascii", "ignore").rstrip(b"=").translate(_FROM_URL_SIGNS)
    if len(bare) % 4 == 1:
        bare = bare[:-1]
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return None


def _base32(run: str) -> str | bytes | None:
    bare = run.rstrip("=").upper()
    try:
        return readable(base64.b32decode(bare + "=" * (-len(bare) % 8)))
    except binascii.Error:
        return None
