"""Noticing named works and people: the project's list in all its writings, and phrases with a name beside."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.clearance import Reference
from studio_assist.domain.errors import BadInput
from studio_assist.domain.references import NO_PATTERNS, notice, patterns_of
from studio_assist.paths import resource

PATTERNS: Final = patterns_of(resource("references", "patterns.toml").read_text(encoding="utf-8"))
#: The production's own.
KNOWN: Final = (
    "MAYA",
    "ILSE",
    "DR. OSEI",
    "IDA BREM",
    "SKERRA POINT",
    "RADIO ROOM",
    "VOICE (FILTERED)",
    "HOPE",
)

LIST: Final = (
    Reference(text="Blade Runner", kind="work"),
    Reference(text="Spider-Man", kind="work"),
    Reference(text="Alien", kind="work"),
    Reference(text="Alien: Resurrection", kind="work"),
    Reference(text="It", kind="work"),
    Reference(text="Get Out", kind="work"),
    Reference(text="Thelma & Louise", kind="work"),
    Reference(text="Jaws", kind="work"),
    Reference(text="Amélie", kind="work", aliases=("Le Fabuleux Destin d’Amélie Poulain",)),
    Reference(text="Søren Kragh", kind="artist", aliases=("S. Kragh",)),
    Reference(text="J.R.R. Tolkien", kind="artist"),
    Reference(text="Rosa O'Brien", kind="performer"),
    Reference(text="Brandova", kind="performer"),
    Reference(text="Jean-Luc Marchetti", kind="person"),
)

#: A note, and the names that a phrase points to in it.
POSITIVE: Final = [
    ("in the style of Hitchcock", "Hitchcock"),
    ("In the style of Alfred Hitchcock, but slower.", "Alfred Hitchcock"),
    ("Write it in the manner of David Mamet.", "David Mamet"),
    ("à la Wes Anderson", "Wes Anderson"),
    ("a la Tarantino, with a long pause", "Tarantino"),
    ("À LA FELLINI", "FELLINI"),
    ("in the style of “Blade Runner”", "Blade Runner"),
    ('in the style of "the wire"', "the wire"),
    ("in the style of *Blade Runner*", "Blade Runner"),
    ("in the style of _Chinatown_", "Chinatown"),
    ("in the style of Jaws", "Jaws"),
    ("in the style of The Shining", "The Shining"),
    ("in the style of the Coen brothers", "Coen"),
    ("in the style of the director Agnès Varda", "Agnès Varda"),
    ("in the style of early Spielberg", "Spielberg"),
    ("in the style of hitchcock", "hitchcock"),
    ("in the style of wes anderson please", "wes anderson"),
    ("IN THE STYLE OF KUROSAWA", "KUROSAWA"),
    ("in the style of Guillermo del Toro", "Guillermo del Toro"),
    ("in the style of Powell and Pressburger", "Powell and Pressburger"),
    ("in the style of Lars von Trier's Dogville", "Lars von Trier's Dogville"),
    ("in the style of Vermeer's", "Vermeer"),
    ("in the vein of Ozu", "Ozu"),
    ("in the tradition of Ibsen: cold and close", "Ibsen"),
    ("The style of Moebius, clean lines", "Moebius"),
    ("a shot directed by Michael Mann", "Michael Mann"),
    ("as if painted by Edward Hopper", "Edward Hopper"),
    ("photographed by Roger Deakins", "Roger Deakins"),
    ("lit as if shot by Gordon Willis", "Gordon Willis"),
    ("like a painting by Vermeer", "Vermeer"),
    ("like something by Pinter", "Pinter"),
    ("like something out of Twin Peaks", "Twin Peaks"),
    ("straight out of Mad Max", "Mad Max"),
    ("like a scene from The Godfather", "The Godfather"),
    ("like a still from Barry Lyndon", "Barry Lyndon"),
    ("just like in Vertigo", "Vertigo"),
    ("the stairs, as in “Psycho”", "Psycho"),
    ("as in '2001'", "2001"),
    ("inspired by Miyazaki", "Miyazaki"),
    ("inspired by the films of Tarkovsky", "Tarkovsky"),
    ("reminiscent of Apocalypse Now", "Apocalypse Now"),
    ("an homage to Chaplin", "Chaplin"),
    ("evoking Edward Hopper’s Nighthawks", "Edward Hopper’s Nighthawks"),
    ("a pastiche of Raymond Chandler", "Raymond Chandler"),
    ("modelled on Citizen Kane", "Citizen Kane"),
    ("recreate the Odessa Steps", "Odessa Steps"),
    ("as played by Tilda Swinton", "Tilda Swinton"),
    ("the captain, played by Mads Mikkelsen", "Mads Mikkelsen"),
    ("voiced by James Earl Jones", "James Earl Jones"),
    ("looks like Tom Hanks", "Tom Hanks"),
    ("The guard looks a lot like Bill Murray.", "Bill Murray"),
    ("sounds like Werner Herzog", "Werner Herzog"),
    ("She talks like Yoda", "Yoda"),
    ("resembling Audrey Hepburn", "Audrey Hepburn"),
    ("in the voice of Morgan Freeman", "Morgan Freeman"),
    ("with the face of Greta Garbo", "Greta Garbo"),
    ("an impression of Christopher Walken", "Christopher Walken"),
    ("channel Brando here", "Brando"),
    ("channelling Humphrey Bogart", "Humphrey Bogart"),
    ("a young Meryl Streep at the door", "Meryl Streep"),
    ("Kafkaesque, but warmer", "Kafka"),
    ("a kafkaesque corridor", "kafka"),
    ("a Fincher-esque basement", "Fincher"),
    ("something Lynchian in the corner", "Lynch"),
    ("a Kubrick shot down the hall", "Kubrick"),
    ("a Bergman film about the sea", "Bergman"),
    ("like a Rembrandt painting", "Rembrandt"),
    ("a Wes Anderson composition", "Wes Anderson"),
    ("a Studio Ghibli landscape", "Studio Ghibli"),
    ("Ghibli-style clouds", "Ghibli"),
    ("Wes Anderson style, symmetrical", "Wes Anderson"),
    ("shadows, Caravaggio vibes", "Caravaggio"),
    ("The wide is very Pixar-like.", "Pixar"),
    ("Think of Lawrence of Arabia at dusk", "Lawrence of Arabia"),
    ("as though David Lynch directed it", "David Lynch"),
    ("more like Blade Runner, less like home", "Blade Runner"),
    ("a hint of Edward Gorey", "Edward Gorey"),
    ("give her Marlene Dietrich's eyes", "Marlene Dietrich"),
    ("write this like Samuel Beckett would", "Samuel Beckett"),
    ("evokes the final shot of The Searchers", "The Searchers"),
    ("in the manner of Terry Pratchett’s footnotes", "Terry Pratchett"),
    ("painted by J.M.W. Turner", "J.M.W. Turner"),
    ("a Saul Bass poster", "Saul Bass"),
    ("do it Sorkin-style", "Sorkin"),
]

NEGATIVE: Final = [
    "in the style of a letter",
    "in the style of an old weather report",
    "In the style of a radio play.",
    "in the style of the first scene",
    "in the style of a 1970s thriller",
    "in the style of film noir",
    "in the style of a Western",
    "in the style of the French New Wave",
    "in the style of Victorian ghost stories",
    "in the style of German Expressionism",
    "in the style of Art Deco",
    "in the style of a Christmas card",
    "in the style of a Polaroid",
    "in the style of my grandmother",
    "in the style of old sea songs",
    "in the manner of a bored clerk",
    "in the style of MAYA",
    "in the voice of Ilse",
    "in the style of Dr. Osei's log",
    "IN THE STYLE OF A LETTER",
    "in the tradition of the fishermen here",
    "à la carte, they say, and laugh",
    "a la mode, as her mother wore it",
    "like a storm",
    "looks like rain",
    "Looks like rain. Maya shuts the window.",
    "LOOKS LIKE RAIN",
    "Looks Like Rain",
    "looks like MAYA",
    "looks like Maya in the first light",
    "looks like Ida",
    "it looks like Monday all week",
    "looks like Christmas outside",
    "It looks like London in the fog",
    "It looks like I am late",
    "It looks like he never slept",
    "sounds like the sea",
    "sounds like static, then a voice",
    "sounds like Skerra Point in winter",
    "She sounds like she means it",
    "Make it sound like a question.",
    "She talks like a child.",
    "as played by the band",
    "as played by the Radio Room's one speaker",
    "played by ear",
    "a song played by an old gramophone",
    "the tape is played by Maya",
    "read by candlelight",
    "read by ILSE, off",
    "a letter written by her father",
    "written by hand",
    "shot by shot",
    "shot by a guard",
    "lit by a single lamp",
    "inspired by true events",
    "inspired by the sea",
    "inspired by Norse myth",
    "reminiscent of smoke",
    "based on a dream",
    "evoking Sunday mornings",
    "a copy of the key",
    "copying the numbers down",
    "a nod to the guard",
    "The voice of the radio fades.",
    "the voice of God",
    "the voice of reason",
    "VOICE (FILTERED) answers",
    "The face of the clock is cracked.",
    "the face of Maya, half lit",
    "change the channel",
    "channel 4 is dead",
    "the English Channel, at night",
    "crossing the Channel Islands ferry",
    "a young woman at the door",
    "a young Norwegian in oilskins",
    "an old Dutch bicycle",
    "a Steadicam shot through the kitchen",
    "a POV shot from the boat",
    "a WIDE shot of the harbour",
    "a CLOSE shot",
    "a Polaroid picture on the wall",
    "a French film on the television",
    "a Sunday painting",
    "a Christmas movie",
    "Handheld style, nervous",
    "Documentary style.",
    "Victorian-style lamps",
    "Japanese-inspired garden",
    "a grotesque face",
    "a picturesque harbour",
    "a burlesque of the first scene",
    "something from the kitchen",
    "something out of nothing",
    "straight out of bed",
    "a scene from her childhood",
    "as in the first draft",
    "as in a dream",
    "Colder. Past anger.",
    "Shorter, as a question",
    "Hope looks away",
    "in the style of Hope",
    "the look of love",
    "the mood of the last scene",
    "the tone of a man who knows",
    "think of the sea",
    "Maya style, as before",
    "like something by the road",
    "another Monday",
    "just like in the morning",
    "Peak summer. Pure light.",
    "She acts like nothing happened",
    "an impression of speed",
    "a double of the key",
    "the feel of wet wool",
    "He says: “It looks like a trap.”",
    "a copy of Moby Dick lies open",
    "an old Volvo idles",
    "a young Captain Brem salutes",
    "a Land Rover shot from above",
    "in the style of Scandinavian crime drama",
    "Channel Nine plays to nobody",
    "shot by Ilse on an old Bolex",
    "NIGHT. LOOKS LIKE SNOW.",
    "as in Act One, she waits",
    "just like in Scene 3",
    "a tribute to the drowned",
    "Ilse's eyes, then Maya's hands",
]


def names(text: str) -> list[str]:
    return [one.name for one in notice(text, (), PATTERNS, KNOWN)]


def test_a_name_beside_a_phrase_is_noticed() -> None:
    assert len(POSITIVE) >= 60
    assert {text: names(text) for text, _ in POSITIVE} == {text: [name] for text, name in POSITIVE}
    for text, name in POSITIVE:
        one = notice(text, (), PATTERNS, KNOWN)[0]
        assert (one.kind, one.text) == ("style", text[one.start : one.end])
        assert name in one.text


def test_an_ordinary_note_is_not() -> None:
    assert len(NEGATIVE) >= 80
    assert {text: found for text in NEGATIVE if (found := names(text))} == {}


def test_the_pattern_says_what_clears_it() -> None:
    assert [one.use for one in notice("à la Ozu, as played by Tilda Swinton", (), PATTERNS)] == [
        "look-and-mood-reference",
        "likeness-of-a-performer",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a street, blade runner blue", ["Blade Runner"]),
        ("BLADE RUNNER. Rain.", ["Blade Runner"]),
        ("the Blade-Runner light, BladeRunner rain", ["Blade Runner", "Blade Runner"]),
        ("a blade\nrunner street", ["Blade Runner"]),
        ("a blade. Her runner waits.", []),
        ("bladerunners all", ["Blade Runner"]),
        ("Blade Runners’ rain and Blade Runner’s rain", ["Blade Runner", "Blade Runner"]),
        ("spiderman, spider man, SPIDER-MAN", ["Spider-Man"] * 3),
        ("Alien Resurrection, not Alien", ["Alien: Resurrection", "Alien"]),
        ("an alien shore", []),
        ("Alien weather. We watched “Alien” again.", ["Alien"]),
        ("in the style of alien", ["Alien"]),
        ("it is late. It is late. IT IS LATE", []),
        ("we saw *It* twice, and It again", ["It", "It"]),
        ("Get out before I call. Then we get out.", []),
        ("a Get Out ending", ["Get Out"]),
        ("thelma and louise, Thelma & Louise", ["Thelma & Louise"] * 2),
        ("AMELIE, Ame\u0301lie, amélie's", ["Amélie"] * 3),
        ("le fabuleux destin d'amelie poulain", ["Amélie"]),
        ("Soren Kragh, SØREN KRAGH, S. Kragh", ["Søren Kragh"] * 3),
        ("JRR Tolkien, J. R. R. Tolkien's maps", ["J.R.R. Tolkien"] * 2),
        ("rosa o’brien, ROSA O'BRIEN’S coat", ["Rosa O'Brien"] * 2),
        ("two Brandovas, a Brandova\u00adlike", ["Brandova"]),
        ("unbrandova brandovaesk", []),
        ("jean luc marchetti", ["Jean-Luc Marchetti"]),
    ],
)
def test_the_list_is_found_however_it_is_written(text: str, found: list[str]) -> None:
    seen = notice(text, LIST, NO_PATTERNS if "style" not in text else PATTERNS)
    assert [one.name for one in seen] == found
    kinds = {one.text: one.kind for one in LIST}
    for one in seen:
        assert (text[one.start : one.end], kinds[one.name]) == (one.text, one.kind)


def test_the_list_speaks_before_a_pattern_and_tells_what_clears_it() -> None:
    found = notice("in the style of Søren Kragh, voiced by rosa o'brien; à la Ozu", LIST, PATTERNS)
    assert [(one.name, one.kind, one.use) for one in found] == [
        ("Søren Kragh", "artist", "look-and-mood-reference"),
        ("Rosa O'Brien", "performer", "likeness-of-a-performer"),
        ("Ozu", "style", "look-and-mood-reference"),
    ]


def test_the_productions_own_names_are_no_references() -> None:
    listed = (Reference(text="Maya", kind="work"), Reference(text="Point", kind="work"))
    text = "MAYA'S coat at Skerra Point, in the voice of Ida, looks like Dr. Osei"
    assert notice(text, listed, PATTERNS, KNOWN) == ()
    both = notice(
        "Maya Deren at the Point", (*listed, Reference(text="Maya Deren", kind="artist")), PATTERNS, KNOWN
    )
    assert [one.name for one in both] == ["Maya Deren", "Point"]
    assert names("looks like Ida Lupino") == ["Ida Lupino"]


def test_places_are_code_points() -> None:
    text = "\U0001f327 naïve — à la Buñuel \U0001f327"
    (one,) = notice(text, (), PATTERNS)
    assert text[one.start : one.end] == one.text == "à la Buñuel"


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.text(max_size=12) | st.sampled_from([one for one, _ in POSITIVE] + NEGATIVE), max_size=5),
    st.sampled_from(LIST),
)
def test_any_text_is_read_and_a_listed_name_is_found_in_it(parts: list[str], reference: Reference) -> None:
    text = "\n\n".join(parts)
    for one in notice(text, LIST, PATTERNS, KNOWN):
        assert text[one.start : one.end] == one.text
    held = f"{text}\n\nas in “{reference.text}”"
    assert reference.text in {one.name for one in notice(held, LIST, PATTERNS, KNOWN)}


def test_five_thousand_references_cost_a_note_less_than_5_ms() -> None:
    listed = tuple(
        Reference(text=f"Brand{place} Vork{place % 70}", kind="work", aliases=(f"Quorl{place}",))
        for place in range(5_000)
    )
    note = ("The boat drifts past the point, in the style of a letter, Brand17 Vork17 looks on. " * 25)[
        :2_000
    ]
    assert notice(note, listed, PATTERNS, KNOWN)
    took: list[float] = []
    for _ in range(5):
        begun = time.perf_counter()
        notice(note, listed, PATTERNS, KNOWN)
        took.append(time.perf_counter() - begun)
    assert min(took) <= 0.005


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("format = 2", "not of format 1"),
        ("format", "Expected .=."),
        ('format = 1\n[[pattern]]\nid = "x"', "phrases"),
        ('format = 1\nsurprise = "x"', "surprise"),
        ("format = 1\npattern = 3", "patterns"),
    ],
)
def test_wrong_patterns_are_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        patterns_of(text, "mine.toml")
    assert caught.value.place == "mine.toml"
