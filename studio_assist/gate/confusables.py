"""What a character looks like: every code point as the plain letters and digits a reader takes it for.

Most of it follows from Unicode's own data: compatibility decomposition (full-width, mathematical, enclosed,
ligatures), combining marks dropped, and the names of letters ("LATIN SMALL LETTER O WITH STROKE",
"LATIN LETTER SMALL CAPITAL M", "NEGATIVE SQUARED LATIN CAPITAL LETTER A"). The tables below are our own and
hold what the data does not say: letters of other scripts, and signs, that look like Latin ones.

Letters of other scripts that look like no Latin letter stay what they are, casefolded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Pairs (look-alikes, plain letters), position by position. Capitals are matched to capitals.
_PAIRS: Final = (
    # Cyrillic
    ("АВЕЅІЈКМНОРСТУХЬаеѕіјкморсԁһӏҽνугԛԝ", "ABESIJKMHOPCTYXbaesijkmopcdhlevyrqw"),
    ("ҮүҺԌԚԜԀԁѴѵꙆьвнтпхҳәӨөԍ", "YyhGQWddVvibbhtnxxeOog"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳͿαεηικνορτυχωγςϲσβ", "ABEZHIKMNOPTYXCjJaeniKvoptuxwyscob"),
    # Armenian
    ("ՍՏՕԼՀօոսհցզքյաէԱԵղ", "USOLZonuhgqpjwEUbn"),
    # Cherokee
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏄᏎᏏᏒᏔᏕᏙᏚᏞᏟᏢᏤᏦᏧᏩᏴᏮᏳ", "DRTiYAJEWMHYGhZqUbRWSVSLCPVKdGB6G"),
    # Lisu
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHWXYAEIOU"),
    # Coptic
    ("ⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲞⲟⲣⲥ", "ABEHIKMNOPCTYXOopc"),
    # Letters that Unicode names by their sound
    ("ıȷƒŋŊƝƞɑɡɩʏɢʀʟɴʙɪʜᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱʋɛɔʃɐəɘɯʌɹ", "ijfnNNnagiygrlnbihacdejkmoptuvwzfsvecsaeemvr"),
    # Turned letters
    ("ɐɓɔpǝɟƃɥᴉɾʞןɯɹʇʌʍʎⱯᗺƆᗡƎℲ⅁Ӿ⅂ꟽԀꞱᴧ⅄", "abcpefghijklmrtvwyABCDEFGKLMPTVY"),
    # Braille
    ("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵", "abcdefghijklmnopqrstuvwxyz"),
    # Signs, currency and letter-like symbols
    ("€£¥₽₩₤₦₭₮₫¢∀∃∅⊂⊃∪∩∨∧⋁∆⍺⍳⍴∈℮", "ELYPWLNKTdcAEOCDUnVAVAaipEe"),
)  # fmt: skip
_LETTERS: Final = {look: plain for looks, plains in _PAIRS for look, plain in zip(looks, plains, strict=True)}
#: One character that reads as several.
_LONG: Final = {
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "TH", "Ю": "io",
    "©": "c", "®": "r", "ꙮ": "o",
}  # fmt: skip
#: Marks that typographers vary, as the plain one.
_MARKS: Final = {
    **dict.fromkeys("’‘‛ʼʻʽ′`´ˈ＇ꞌ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃˗", "-"),
    **dict.fromkeys("․。．", "."),
}
#: Shown as nothing, though Unicode calls them letters or signs.
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f")

_NAMED: Final = re.compile(
    r"(?:LATIN (?P<case>CAPITAL|SMALL) LETTER (?P<letter>[A-Z])(?: (?:WITH|TOPBAR).*)?"
    r"|LATIN LETTER SMALL CAPITAL (?P<small>[A-Z])"
    r"|(?:NEGATIVE |CROSSED NEGATIVE )?(?:SQUARED|CIRCLED) LATIN CAPITAL LETTER (?P<framed>[A-Z])"
    r"|REGIONAL INDICATOR SYMBOL LETTER (?P<flag>[A-Z])"
    r"|MODIFIER LETTER (?:CAPITAL|SMALL) (?P<raised>[A-Z])"
    r"|(?:DINGBAT )?(?:NEGATIVE |DOUBLE )?CIRCLED (?:SANS-SERIF )?DIGIT (?P<digit>[A-Z]+))"
)
_DIGITS: Final = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]


@lru_cache(maxsize=8192)
def plain(char: str) -> str:
    """One character as a reader sees it: "" if it shows nothing, else letters, digits or a mark.

    Latin letters keep their case; letters of other scripts that stay are casefolded, so that lowering the
    result changes no length. White space of every kind but line ends becomes a blank.
    """
    if char.isascii():
        return char if char in "\n\t" or " " <= char <= "~" else _control(char)
    if char in _BLANK:
        return ""
    if found := _LETTERS.get(char) or _LONG.get(char) or _MARKS.get(char):
        return found
    parts = unicodedata.normalize("NFKD", char)
    return "".join(_one(part, whole=char) for part in parts)


def _one(char: str, whole: str) -> str:
    if char.isascii():
        return char if char in "\n\t" or " " <= char <= "~" else _control(char)
    if found := _LETTERS.get(char) or _LONG.get(char) or _MARKS.get(char):
        return found
    category = unicodedata.category(char)
    if char in _BLANK or category in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
        return ""
    if category[0] == "Z":
        return "\n" if char in "\u2028\u2029" else " "
    if category == "Cc":
        return _control(char)
    if category in ("Nd", "No", "Nl"):
        value = unicodedata.digit(char, -1)
        if 0 <= value <= 9:
            return str(value)
    if named := _NAMED.fullmatch(unicodedata.name(char, "")):
        return _of_name(named)
    return _steady(char)


def _of_name(named: re.Match[str]) -> str:
    groups = named.groupdict()
    if digit := groups["digit"]:
        return str(_DIGITS.index(digit)) if digit in _DIGITS else " "
    if letter := groups["letter"]:
        return letter if groups["case"] == "CAPITAL" else letter.lower()
    if small := groups["small"]:
        return small.lower()
    return next(letter for key in ("framed", "flag", "raised") if (letter := groups[key]))


def _steady(char: str) -> str:
    """A letter of another script, in the one form that lowering leaves alone; a sign as it is."""
    if not char.isalnum():
        return char
    folded = "".join(
        _LETTERS.get(part, part)
        for part in unicodedata.normalize("NFKD", char.casefold())
        if not unicodedata.combining(part)
    )
    if folded != char and len(folded) == 1:
        return plain(folded)
    return folded if folded == folded.lower() and len(folded.lower()) == len(folded) else ""


def _control(char: str) -> str:
    return "\n" if char in "\r\x0b\x0c\x1c\x1d\x1e\x85" else "" if char < " " or char == "\x7f" else " "
