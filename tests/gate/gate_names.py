"""A production's names for the gate's tests, and every way to hide one of them."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import gzip
import html
import io
import lzma
import quopri
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable

from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.gate.lexicon import Lexicon

TERMS = (
    NameTerm(text="MAYA", kind=NameKind.CHARACTER, aliases=("MAYA OKAFOR", "Sparrowhawk"), source="script"),
    NameTerm(text="Ann Lee", kind=NameKind.CHARACTER),
    NameTerm(text="Elizabeth Brandt", kind=NameKind.PERSON),
    NameTerm(text="Tomás", kind=NameKind.CHARACTER),
    NameTerm(text="O'Brien", kind=NameKind.CHARACTER),
    NameTerm(text="Jürgen Weiß", kind=NameKind.PERSON),
    NameTerm(text="ИВАН", kind=NameKind.CHARACTER, source="script"),
    NameTerm(text="李明", kind=NameKind.CHARACTER),
    NameTerm(text="Project Larkspur", kind=NameKind.TITLE),
    NameTerm(text="The Long Winter", kind=NameKind.TITLE),
    NameTerm(text="Skerra Point", kind=NameKind.PLACE),
    NameTerm(text="Hope", kind=NameKind.CHARACTER),
    NameTerm(text="Chase", kind=NameKind.CHARACTER),
)
LEXICON = Lexicon(TERMS)

_GLYPHS = str.maketrans("aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ")
_SMALL_CAPS = str.maketrans("abcdefghijklmnoprtuvwz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ")
_BRAILLE = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵"
_LEET = str.maketrans("aeoiAEOI", "43014301")


def _shift(start: int, small: int) -> Callable[[str], str]:
    def write(name: str) -> str:
        return "".join(
            chr(start + ord(char) - 65)
            if "A" <= char <= "Z"
            else chr(small + ord(char) - 97)
            if "a" <= char <= "z"
            else char
            for char in name
        )

    return write


_MORSE = dict(
    zip("aefiklmoprsuy", ".- . ..-. .. -.- .-.. -- --- .--. .-. ... ..- -.--".split(), strict=True)  # noqa: SIM905
)
_SPELT = {
    word[0]: word
    for word in (
        "alfa",
        "foxtrot",
        "kilo",
        "lima",
        "mike",
        "oscar",
        "papa",
        "romeo",
        "sierra",
        "uniform",
        "yankee",
    )
}


def _zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", f"{name} waits")
    return file.getvalue()


def _64(data: bytes) -> str:
    return base64.b64encode(data).decode()


#: How a name looks different and reads the same. Sure, every one of them: it is replaced or blocked.
LETTERS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small": str.lower,
    "mixed case": lambda name: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(name)),
    "Cyrillic look-alikes": lambda name: name.translate(_GLYPHS),
    "full width": lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
    "mathematical": _shift(0x1D400, 0x1D41A),
    "mathematical script": _shift(0x1D4D0, 0x1D4EA),
    "circled": _shift(0x24B6, 0x24D0),
    "squared": lambda name: _shift(0x1F170, 0x1F170)(name.upper()),
    "flags": lambda name: _shift(0x1F1E6, 0x1F1E6)(name.upper()),
    "Braille": lambda name: "".join(_BRAILLE[ord(c) - 97] if "a" <= c <= "z" else c for c in name.lower()),
    "small capitals": lambda name: name.lower().translate(_SMALL_CAPS),
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "word joiners": "\u2060".join,
    "bidi marks": lambda name: "\u202a" + "\u200e".join(name) + "\u202c",
    "variation selectors": "\ufe0f".join,
    "strange accents": lambda name: "".join(c + "\u0301" for c in name),
    "a flood of marks": lambda name: "".join(c + "\u0334\u0322\u0367" * 5 for c in name),
    "turned round": lambda name: f"\u202e{name[::-1]}\u202c",
    "tag letters": lambda name: "x" + "".join(chr(0xE0000 + ord(c)) for c in name),
}

#: How a name is pulled apart or pushed against others.
LAYOUT: dict[str, Callable[[str], str]] = {
    "spaces": " ".join,
    "dots": lambda name: ".".join(name) + ".",
    "hyphens": "-".join,
    "a letter a line": "\n".join,
    "underscores": "_".join,
    "hyphenated": lambda name: f"{name[:2]}-\n{name[2:]}",
    "hyphenated in a quotation": lambda name: f"{name[:2]}-\n> {name[2:]}",
    "emphasis inside": lambda name: f"{name[:2]}**{name[2:]}**",
    "camel case": lambda name: f"the{name.capitalize()}File",
    "snake case": lambda name: f"old_{name.lower()}_draft",
    "a path": lambda name: f"/srv/films/{name.lower()}/ep1.mov",
    "a host": lambda name: f"https://{name.lower()}.example/x?y=1",
    "a hashtag": lambda name: f"#{name.lower()}",
    "a mail address": lambda name: f"{name.lower()}@studio.example",
}

#: What grammar makes of a name.
GRAMMAR: dict[str, Callable[[str], str]] = {
    "possessive": lambda name: f"{name}'s",
    "typographic possessive": lambda name: f"{name}’s",
    "plural": lambda name: f"the {name}s",
    "plural possessive": lambda name: f"the {name}s' house",
    "compound": lambda name: f"{name}-like",
    "in quotation marks": lambda name: f"“{name}”",
    "in brackets": lambda name: f"({name})",
}

#: What hides a name from a reader and not from a program. It blocks.
ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda name: _64(name.encode()),
    "base64 of a sentence": lambda name: _64(f"say {name} now".encode()),
    "base64 without padding": lambda name: _64(name.encode()).rstrip("="),
    "base64 for addresses": lambda name: base64.urlsafe_b64encode(f"??>>{name}".encode()).decode(),
    "base64 behind letters": lambda name: "x" + _64(f"{name} waits".encode()),
    "base64 in lines": lambda name: "\n".join(
        _64(f"we think {name} waits here".encode())[at : at + 12] for at in range(0, 60, 12)
    ).strip(),
    "base64 in groups": lambda name: " ".join(
        _64(f"we think {name} waits here".encode())[at : at + 4] for at in range(0, 60, 4)
    ).strip(),
    "base64 of UTF-16": lambda name: _64(f"{name} waits".encode("utf-16-le")),
    "base64 three times": lambda name: _64(_64(_64(name.encode()).encode()).encode()),
    "data URL": lambda name: f"data:text/plain;base64,{_64(name.encode())}",
    "data URL in percent": lambda name: f"data:,{urllib.parse.quote(name, safe='').replace('a', '%61')}",
    "base32": lambda name: base64.b32encode(f"{name} waits".encode()).decode(),
    "base32 in small letters": lambda name: base64.b32encode(name.encode()).decode().lower().rstrip("="),
    "hexadecimal": lambda name: name.encode().hex(),
    "hexadecimal with spaces": lambda name: name.encode().hex(" "),
    "hexadecimal with 0x": lambda name: ", ".join(f"0x{code:02X}" for code in name.encode()),
    "JSON escapes": lambda name: "".join(f"\\u{ord(char):04x}" for char in name),
    "one JSON escape": lambda name: f"\\u{ord(name[0]):04x}{name[1:]}",
    "byte escapes": lambda name: "".join(f"\\x{code:02x}" for code in name.encode()),
    "braced escapes": lambda name: "".join(f"\\u{{{ord(char):x}}}" for char in name),
    "percent": lambda name: "".join(f"%{code:02X}" for code in name.encode()),
    "one percent": lambda name: f"{name[:1]}%{name[1:2].encode().hex()}{name[2:]}",
    "entities": lambda name: "".join(f"&#{ord(char)};" for char in name),
    "hexadecimal entities": lambda name: "".join(f"&#x{ord(char):x};" for char in name),
    "quoted-printable": lambda name: "".join(f"={code:02X}" for code in name.encode()),
    "quoted-printable line end": lambda name: f"{name[:2]}=\n{name[2:]}",
    "character codes": lambda name: " ".join(str(code) for code in name.encode()),
    "octal codes": lambda name: " ".join(f"{code:o}" for code in name.encode()),
    "binary": lambda name: " ".join(f"{code:08b}" for code in name.encode()),
    "gzip": lambda name: _64(gzip.compress(f"{name} waits".encode())),
    "zlib": lambda name: _64(zlib.compress(f"{name} waits".encode())),
    "bzip2": lambda name: _64(bz2.compress(f"{name} waits".encode())),
    "xz": lambda name: _64(lzma.compress(f"{name} waits".encode())),
    "base85": lambda name: base64.b85encode(f"{name} waits here".encode()).decode(),
    "Ascii85": lambda name: base64.a85encode(f"{name} waits here".encode(), adobe=True).decode(),
    "UTF-7": lambda name: f"+AE0-{name[1:]}" if name[0] == "M" else f"+AEw-{name[1:]}",
    "uuencode": lambda name: f"\nbegin 644 x\n{binascii.b2a_uu(name.encode()).decode()}`\nend\n",
    "uuencode on one line": lambda name: (
        f"begin 644 x {binascii.b2a_uu(name.encode()).decode().strip()} ` end"
    ),
    "data URL with other signs": lambda name: f"data:;base64,%E9{_64(name.encode())}",
    "tags inside": lambda name: f"{name[:2]}<b>{name[2:]}</b>",
    "a comment inside": lambda name: f"{name[:2]}<!-- x -->{name[2:]}",
    "a note inside": lambda name: f"{name[:2]}[[x]]{name[2:]}",
    "percent twice": lambda name: f"%25{name[:1].encode().hex()}{name[1:]}",
    "Morse code": lambda name: " ".join(_MORSE[char] for char in name.lower()),
    "a spelling alphabet": lambda name: " ".join(_SPELT[char] for char in name.lower()),
    "zip": lambda name: _64(_zipped(name)),
    "gzip in a zip in base64 in hexadecimal": lambda name: (
        _64(_zipped(_64(gzip.compress(name.encode())))).encode().hex()
    ),
}

#: What may be chance: a person is asked.
DOUBTFUL: dict[str, Callable[[str], str]] = {
    "backwards": lambda name: name[::-1],
    "rot13": lambda name: codecs.encode(name, "rot13"),
    "digits for letters": lambda name: name.translate(_LEET),
    "cut by a space": lambda name: f"{name[:3]} {name[3:]}",
    "cut by a line end": lambda name: f"{name[:3]}\n{name[3:]}",
    "a slip of the keys": lambda name: f"{name[:2]}{name[3]}{name[2]}{name[4:]}",
    "a letter doubled": lambda name: f"{name[:3]}{name[2:]}",
    "a letter left out": lambda name: f"{name[:3]}{name[4:]}",
    "inside a word": lambda name: f"pre{name.lower()}esque",
    "first letters of lines": lambda name: "\n".join(f"{char.upper()}nd so it goes on" for char in name),
    "first letters of words": lambda name: " ".join(f"{char}xe" for char in name) + ".",
}

assert html.unescape(ENCODINGS["entities"]("Maya")) == "Maya"
assert quopri.decodestring(ENCODINGS["quoted-printable"]("Maya")) == b"Maya"
