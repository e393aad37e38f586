"""Words that may be names and are in no list: capitals where English has none, and given names.

Rules, no model: a model found half of the names in a screenplay and called other words names. A sentence's
first word counts only with more reason than its capital. Ordinary words are never asked about one by one; two
of them with capitals in the middle of a sentence ("at Silver Creek") are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from studio_assist.domain.common_words import word_set
from studio_assist.domain.names import HONORIFICS
from studio_assist.domain.ordinary_words import WORDS, is_ordinary
from studio_assist.domain.word_lists import FORMS, QUALIFIERS
from studio_assist.gate.normalise import View
from studio_assist.gate.short_names import GIVEN

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
#: What stands before is asked after the first letter: a pattern that begins with one is found much faster.
_CAPITAL: Final = re.compile(r"[A-Z](?<![\w@/\\.#+-].)[^\W\d_]*(?:['-][^\W\d_]+)*(?![\w@/\\])")
#: What a sentence, a speech or an item of a list begins after.
_OPENS: Final = re.compile(r"(?:^|[.!?:…\n\"*|>\[\]{}()=~_/•;]|--|- |\d[.)])[\s\"'(*_>-]*$")
_SMALL: Final = re.compile(r"[a-z]")
_VERBS: Final = word_set(
    "is was has had does did says said asks asked looks looked turns turned nods nodded smiles smiled"
    " walks walked enters leaves stands sits takes goes runs opens closes and or who whose with"
)
#: Programs, makers and words of the trade with capitals: about the tool, not about the story; and
#: cities and countries. What people are called as well is asked about all the same.
_KNOWN: Final = (
    word_set(
        """
    openai chatgpt gpt claude anthropic gemini llama mistral qwen ollama smollm deepseek google
    microsoft apple meta netflix disney hbo bbc amazon hulu sony warner paramount youtube instagram
    tiktok facebook twitter wikipedia windows linux macos iphone ipad android bluetooth wifi utf ascii
    fountain fdx pdf docx http https hitchcock kubrick shakespeare chekhov hemingway imax dolby
    panavision arri vhs dvd gps fbi cia nsa nypd lapd swat nasa nato usa uk eu un us uss hms dna rna
    cctv atm suv rv ufo id cv pr hr ceo cfo vip diy rpm mph kph mri er icu cpr iv ok tv dj mc am pm bc
    ad a.m p.m sos wga sag aftra dga mpa vfx sfx bgm mos otb otsp ots ecu mcu cu ws ms ls els vo os oc
    pov bg fg int ext est cont contd montage thanksgiving hanukkah ramadan victorian edwardian georgian
    gothic renaissance medieval shakespearean lynchian hitchcockian kafkaesque orwellian freudian latin
    arabic hebrew hindi urdu mandarin cantonese turkish swahili dutch finnish danish czech hungarian
    romanian bulgarian serbian croatian thai malay tagalog bengali punjabi persian catalan basque gaelic
    catholic protestant lutheran buddhist hindu sikh jew jews jewish christ jesus bible koran torah
    satan lucifer buddha allah santa claus valentine dracula frankenstein hamlet macbeth sherlock
    atlantic pacific mediterranean arctic antarctic caribbean sahara himalayas alps andes amazon nile
    thames austria vienna prague budapest athens dublin edinburgh glasgow manchester liverpool belfast
    cardiff oslo stockholm copenhagen helsinki reykjavik amsterdam rotterdam brussels geneva zurich
    munich hamburg frankfurt cologne milan venice florence naples turin madrid barcelona seville lisbon
    porto warsaw krakow kiev kyiv istanbul ankara cairo jerusalem beirut baghdad tehran kabul delhi
    mumbai bombay calcutta karachi dhaka bangkok hanoi saigon singapore manila jakarta tokyo kyoto osaka
    seoul beijing shanghai taipei sydney melbourne brisbane perth auckland wellington johannesburg
    nairobi lagos casablanca toronto montreal vancouver ottawa boston philadelphia washington miami
    atlanta detroit seattle portland denver dallas houston austin phoenix vegas angeles francisco diego
    antonio orleans nashville memphis cleveland baltimore minneapolis milwaukee alaska hawaii california
    florida nevada arizona colorado montana wyoming utah kansas nebraska oklahoma arkansas louisiana
    alabama mississippi tennessee kentucky carolina virginia pennsylvania ohio michigan indiana illinois
    wisconsin minnesota iowa missouri dakota idaho oregon maine vermont massachusetts connecticut
    maryland delaware jersey hampshire brooklyn manhattan queens bronx harlem broadway iraq iran syria
    lebanon jordan afghanistan pakistan bangladesh indonesia malaysia philippines thailand vietnam
    cambodia finland denmark iceland hungary romania bulgaria serbia croatia bosnia albania estonia
    latvia lithuania belarus georgia armenia cuba jamaica haiti panama colombia venezuela peru chile
    argentina bolivia nigeria kenya ghana ethiopia somalia sudan libya tunisia algeria morocco zimbabwe
    zealand siberia czechia slovakia slovenia portugal
    """
    )
    - GIVEN
)
_AREAS: Final = frozenset(QUALIFIERS) | word_set(
    "act scene episode part chapter season shot take page line draft"
)


def possible_names(view: View, taken: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    """Slices of the source that may be names, each different one once.

    Args:
        taken: whether a slice of the source holds something that was found already.
    """
    candidates = list(_candidates(view, taken))
    mid = {word for _, _, word, opens, caps in candidates if not opens and not caps}
    told: set[str] = set()
    run: list[tuple[int, int]] = []
    for start, end, word, opens, caps in candidates:
        if run and view.plain[run[-1][1] : start] not in (" ", ". "):
            yield from _tell(view, run, told)
            run = []
        elif run and not _is_suspect(view, word, start, end, opens, caps, mid):
            # "Victor Blackwood", "Okonkwo Street": an ordinary word behind a name belongs to it.
            if word not in HONORIFICS and not opens and word not in _AREAS:
                run.append((start, end))
            continue
        if _is_suspect(view, word, start, end, opens, caps, mid):
            run.append((start, end))
    if run:
        yield from _tell(view, run, told)
    yield from _phrases(view, candidates, told)


def _candidates(view: View, taken: Callable[[int, int], bool]) -> Iterator[tuple[int, int, str, bool, bool]]:
    """Words with a capital: (start, end in `plain`, the word, it opens a sentence, all of it is capitals)."""
    plain, line_end, capitals = view.plain, -1, False
    known: dict[str, tuple[str, bool]] = {}
    for match in _CAPITAL.finditer(plain):
        written = match[0]
        read = known.get(written)
        if read is None:
            word = written.lower()
            if word.endswith(("'s", "'")):
                word = word.removesuffix("'s").removesuffix("'")
            read = known[written] = word, is_ordinary(word)
        word, ordinary = read
        start = match.start()
        # Most capitals by far: an ordinary word that opens a line or a sentence.
        if ordinary and (start < 2 or plain[start - 1] == "\n"):
            continue
        before = plain[start - 2 : start] if start > 1 else ""
        if not before or before[1] == "\n":
            opens = True
        elif before[1] == " " and (before[0].isalnum() or before[0] in ",'"):
            opens = False
        else:
            opens = _OPENS.search(plain[max(0, start - 8) : start]) is not None
        if (opens and ordinary) or len(word) < 2:
            continue
        end = match.end()
        if start >= line_end:
            line, line_end = plain.rfind("\n", 0, start) + 1, plain.find("\n", start)
            line_end = line_end if line_end >= 0 else len(plain)
            capitals = _SMALL.search(plain, line, line_end) is None
        opens = opens or capitals
        if (opens and ordinary) or taken(*view.source_span(start, end)):
            continue
        caps = written.isupper() and len(written) > 1
        yield start, end, word, opens, caps


def _is_suspect(view: View, word: str, start: int, end: int, opens: bool, caps: bool, mid: set[str]) -> bool:
    if _is_known(word, compounds=opens or caps):
        return False
    if caps:
        # "FBI", "HQ", "AAARGH": short ones are abbreviations; without two vowels apart it is a noise.
        return len(word) > 3 and not re.search(r"(.)\1\1", word) and re.search(r"[aeiouy]", word) is not None
    if re.search(r"(.)\1\1", word) or not re.search(r"[aeiouy]", word):
        return False
    if not opens:
        return len(word) > 2 or word in GIVEN
    if word in GIVEN or word in mid or view.plain[start:end].endswith("'s"):
        return True
    after = _WORD.match(view.plain, end + 1) if view.plain[end : end + 1] == " " else None
    if after is None:
        return view.plain[end : end + 1] == "," and len(word) > 3
    # "Kwabena follows": an unknown word that does something.
    verb = after[0].islower() and after[0].endswith(("s", "ed")) and is_ordinary(after[0])
    return verb or after[0].lower() in _VERBS or (after[0][0].isupper() and after[0].lower() not in WORDS)


@lru_cache(maxsize=65_536)
def _is_known(word: str, *, compounds: bool) -> bool:
    """Whether a word, in lower case, is of the language or of the trade, wherever it stands."""
    if word in _KNOWN or word in FORMS or word in HONORIFICS or is_ordinary(word):
        return True
    pieces = [piece for piece in re.split(r"['-]", word) if len(piece) > 1]
    return all(is_ordinary(piece, compounds=compounds) or piece in _KNOWN for piece in pieces)


def _phrases(
    view: View, candidates: list[tuple[int, int, str, bool, bool]], told: set[str]
) -> Iterator[tuple[int, int]]:
    """Two or three ordinary words with capitals in the middle of a sentence of small letters."""
    run: list[tuple[int, int, str]] = []
    for start, end, word, opens, caps in [*candidates, (-1, -1, "", True, True)]:
        usable = not opens and not caps and word in WORDS and word not in FORMS and word not in _AREAS
        if run and (not usable or view.plain[run[-1][1] : start] != " "):
            if 2 <= len(run) <= 3 and _small_around(view, run[0][0], run[-1][1]):
                yield from _tell(view, [(one, two) for one, two, _ in run], told)
            run = []
        if usable:
            run.append((start, end, word))


def _small_around(view: View, start: int, end: int) -> bool:
    before = _WORD.findall(view.plain[max(0, start - 40) : start])[-2:]
    after = _WORD.findall(view.plain[end : end + 40])[:2]
    around = before + after
    return len(around) > 1 and all(word.islower() for word in around)


def _tell(view: View, run: list[tuple[int, int]], told: set[str]) -> Iterator[tuple[int, int]]:
    start, end = run[0][0], run[-1][1]
    if view.plain[start:end].endswith("'s"):
        end -= 2
    key = view.plain[start:end].casefold()
    if key not in told:
        told.add(key)
        yield view.source_span(start, end)
