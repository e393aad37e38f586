"""From a slug line to what surrounds the action: kind of place, room, its usual furniture, light."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from studio_assist.domain.common_words import word_set
from studio_assist.domain.shot_words import WORD
from studio_assist.domain.staging import Daytime, Light, Place, Weather

Room = tuple[float, float, float]


class Site(NamedTuple):
    """What a place is like before anybody says what stands in it. `pieces`: what such a place has."""

    place: Place
    room: Room
    pieces: tuple[str, ...] = ()


def _site(place: Place, room: Room, pieces: str = "") -> Site:
    return Site(place, room, tuple(pieces.split()))


_ROOM: Final = _site("room", (6.0, 5.0, 2.7), "window door")
_RAIL_CAR: Final = _site("corridor", (2.9, 5.4, 2.5), "bench window window")
#: By words of slug lines. The last of a slug line's words that is here decides, two words before one:
#: "UPPER STATION - WINCH ROOM" is a winch room.
_INSIDE: Final[dict[str, Site]] = {
    "radio room": _site("room", (4.8, 4.4, 2.5), "desk radio window door shelf clock"),
    "lamp room": _site("room", (5.0, 5.0, 3.2), "machine window window railing door"),
    "living room": _site("room", (6.0, 5.2, 2.7), "sofa armchair rug window door painting lamp"),
    "waiting room": _site("room", (6.0, 5.0, 2.8), "bench clock door window"),
    "engine room": _site("cellar", (7.0, 6.0, 2.8), "machine machine ladder barrel"),
    "winch room": _site("room", (7.4, 5.6, 3.2), "wheel machine lever window door desk telephone"),
    "class": _site("room", (8.0, 6.5, 3.0), "desk desk chair chair screen window door"),
    "kitchen": _site("room", (5.0, 4.4, 2.6), "table chair chair stove sink cupboard window door"),
    "bedroom": _site("room", (5.0, 4.6, 2.6), "bed lamp window door cupboard"),
    "bathroom": _site("room", (3.6, 3.4, 2.5), "bath sink mirror toilet door"),
    "office": _site("room", (5.6, 4.8, 2.7), "desk chair shelf window door telephone"),
    "study": _site("room", (5.0, 4.6, 2.8), "desk armchair shelf window lamp door"),
    "library": _site("hall", (10.0, 8.0, 4.0), "shelf shelf table chair window lamp"),
    "dining": _site("room", (6.0, 5.0, 2.7), "table chair chair painting window door"),
    "bar": _site("room", (8.0, 6.0, 3.0), "bar table chair chair lamp door"),
    "restaurant": _site("room", (9.0, 7.0, 3.0), "table chair chair painting window door"),
    "cafe": _site("room", (7.0, 6.0, 3.0), "counter table chair chair window door"),
    "shop": _site("room", (6.5, 5.5, 2.9), "counter shelf shelf window door"),
    "hotel": _site("room", (6.0, 5.0, 2.8), "bed armchair window door lamp"),
    "hospital": _site("room", (6.0, 5.0, 2.8), "bed curtain window door"),
    "ward": _site("room", (7.0, 5.5, 3.0), "bed bed curtain window door"),
    "cell": _site("room", (3.2, 3.4, 2.6), "bed bars toilet"),
    "prison": _site("corridor", (3.0, 12.0, 3.0), "bars door"),
    "interrogation": _site("room", (4.6, 4.2, 2.7), "table chair chair mirror lamp door"),
    "court": _site("hall", (11.0, 9.0, 5.0), "desk bench bench railing door"),
    "church": _site("hall", (11.0, 15.0, 8.0), "altar bench bench column column window"),
    "theatre": _site("hall", (14.0, 12.0, 7.0), "curtain bench"),
    "station": _site("hall", (9.0, 8.0, 4.5), "bench clock window door"),
    "platform": _site("hall", (10.0, 8.0, 4.5), "bench clock column lamp"),
    "warehouse": _site("hall", (12.0, 10.0, 5.5), "crate crate barrel column door"),
    "factory": _site("hall", (12.0, 10.0, 5.5), "machine machine crate column"),
    "workshop": _site("room", (6.5, 5.5, 3.0), "table machine crate shelf window"),
    "garage": _site("room", (7.0, 6.5, 3.0), "car shelf crate door"),
    "laboratory": _site("room", (7.0, 5.5, 2.8), "table machine computer shelf door"),
    "bridge": _site("cockpit", (5.0, 4.0, 2.4), ""),
    "cockpit": _site("cockpit", (2.6, 2.6, 2.0), ""),
    "cabin": _site("room", (4.4, 4.0, 2.3), "bed table chair window door"),
    "tent": _site("room", (4.0, 4.0, 2.2), "bed lamp crate"),
    "cave": _site("cellar", (8.0, 8.0, 3.6), "rock rock"),
    "tunnel": _site("corridor", (4.0, 18.0, 3.4), ""),
    "corridor": _site("corridor", (2.6, 12.0, 2.7), "door door"),
    "stairs": _site("stairwell", (4.4, 5.0, 6.0), ""),
    "cellar": _site("cellar", (5.6, 5.0, 2.3), "barrel crate shelf lamp"),
    "vault": _site("cellar", (5.6, 5.0, 2.6), "shelf crate door"),
    "attic": _site("room", (6.0, 5.0, 2.3), "crate crate window"),
    "lobby": _site("hall", (10.0, 8.0, 4.0), "counter armchair column door"),
    "hall": _site("hall", (10.0, 8.0, 4.4), "column column door window"),
    "gym": _site("hall", (12.0, 10.0, 5.5), "bench"),
    "arena": _site("hall", (16.0, 14.0, 8.0), "crowd"),
    "palace": _site("hall", (12.0, 10.0, 6.0), "column column chair window"),
    "castle": _site("hall", (11.0, 9.0, 5.5), "column fireplace table chair"),
    "railcar": _RAIL_CAR,
    "tram": _RAIL_CAR,
    "funicular": _RAIL_CAR,
    "gondola": _RAIL_CAR,
    "train": _site("corridor", (3.0, 14.0, 2.5), "bench bench window window"),
    "car": _site("car-interior", (1.6, 2.4, 1.3), ""),
    "truck": _site("car-interior", (1.9, 2.4, 1.5), ""),
    "apartment": _site("room", (6.0, 5.2, 2.7), "sofa table window door lamp"),
    "house": _site("room", (6.0, 5.2, 2.7), "sofa fireplace window door"),
    "cottage": _site("room", (5.4, 4.8, 2.4), "table chair chair fireplace window door"),
}
#: A car with one of these words beside it runs on rails or hangs on a cable.
_RAILS: Final = word_set(
    "upper lower rail railway dining sleeping cable train freight passenger club tram lounge"
)
#: A car in such a place is no automobile.
_RAILWAY: Final = word_set("station platform track railway rail tram funicular loop carriage depot ridge")
_HILLS: Final = word_set("snow mountain mountains hill hillside ridge slope valley alps glacier")
_TRACKS: Final = word_set("track tracks rails railway funicular tram tramway cable winch")
_OPEN: Final[Room] = (30.0, 30.0, 8.0)
_BUILDING: Final = _site("street", _OPEN, "building streetlamp")
_GROUND: Final = _site("field", _OPEN, "tree bush")
_OUTSIDE: Final[dict[str, Site]] = {
    "street": _site("street", _OPEN, "building building streetlamp"),
    "city": _site("street", _OPEN, "building building streetlamp car"),
    "town": _site("street", _OPEN, "house house streetlamp"),
    "village": _site("street", _OPEN, "house house church"),
    "intersection": _site("street", _OPEN, "building building sign car"),
    "square": _site("street", _OPEN, "building building statue streetlamp"),
    "market": _site("street", _OPEN, "building cart crate crowd"),
    "alley": _site("alley", (3.6, 30.0, 8.0), "barrel crate"),
    "forest": _site("forest", _OPEN, "tree tree tree bush rock"),
    "jungle": _site("forest", _OPEN, "tree tree tree bush bush"),
    "park": _site("field", _OPEN, "tree tree bench path streetlamp"),
    "garden": _site("field", _OPEN, "tree bush bush fence house"),
    "yard": _site("field", _OPEN, "fence house tree"),
    "farm": _site("field", _OPEN, "house fence tree cart"),
    "field": _site("field", _OPEN, "tree hill fence"),
    "meadow": _site("field", _OPEN, "tree hill bush"),
    "hill": _site("field", _OPEN, "hill tree rock"),
    "valley": _site("mountains", _OPEN, "mountain hill tree"),
    "mountain": _site("mountains", _OPEN, "mountain mountain rock"),
    "cliff": _site("rocks", _OPEN, "cliff rock"),
    "headland": _site("rocks", _OPEN, "cliff rock lighthouse"),
    "lighthouse": _site("rocks", _OPEN, "lighthouse rock house"),
    "rock": _site("rocks", _OPEN, "rock rock"),
    "causeway": _site("rocks", _OPEN, "path rock"),
    "island": _site("rocks", _OPEN, "rock tree"),
    "beach": _site("beach", _OPEN, "rock boat"),
    "coast": _site("beach", _OPEN, "cliff rock"),
    "sea": _site("sea", _OPEN, "boat wave"),
    "lake": _site("sea", _OPEN, "boat"),
    "boat": _site("sea", _OPEN, "boat wave"),
    "ship": _site("sea", _OPEN, "ship wave"),
    "deck": _site("sea", _OPEN, "railing wave"),
    "harbour": _site("harbour", _OPEN, "pier boat crate"),
    "loading dock": _site("street", _OPEN, "building crate crate"),
    "desert": _site("desert", _OPEN, "dune rock"),
    "road": _site("road", _OPEN, "road tree hill"),
    "highway": _site("road", _OPEN, "road sign hill"),
    "parking": _site("street", _OPEN, "car car building"),
    "roof": _site("roof", _OPEN, "railing building"),
    "cemetery": _site("field", _OPEN, "grave grave grave tree church"),
    "station": _site("street", _OPEN, "building bench clock streetlamp"),
    "platform": _site("street", _OPEN, "building bench streetlamp train"),
    "track": _site("mountains", _OPEN, "rails mountain house streetlamp"),
    "loop": _site("mountains", _OPEN, "rails mountain rock"),
    "bridge": _site("road", _OPEN, "bridge railing"),
    "house": _site("field", _OPEN, "house tree fence"),
    "church": _site("field", _OPEN, "church tree grave"),
    "castle": _site("field", _OPEN, "tower hill tree"),
    "tower": _site("field", _OPEN, "tower rock"),
    "camp": _site("forest", _OPEN, "tent fire tree"),
    "sky": _site("sky", _OPEN, "cloud cloud"),
    "space": _site("void", _OPEN, ""),
}
_SAME: Final = {
    "pub": "bar", "tavern": "bar", "inn": "bar", "diner": "cafe", "store": "shop", "chapel": "church",
    "cathedral": "church", "courtroom": "court", "classroom": "class", "school": "class", "wood": "forest",
    "depot": "warehouse", "barn": "warehouse", "jeep": "car", "cab": "car", "taxi": "car", "lorry": "truck",
    "van": "truck", "ambulance": "truck", "avenue": "street", "lane": "road", "motorway": "road",
    "quay": "harbour",
    "dock": "harbour", "pier": "harbour", "harbor": "harbour", "shore": "beach", "seashore": "beach",
    "seaside": "beach", "ocean": "sea", "river": "lake", "peak": "mountain", "summit": "mountain",
    "ridge": "mountain", "slope": "mountain", "pass": "mountain", "railway": "track", "funicular": "track",
    "tramway": "track", "lounge": "living room", "hut": "cabin", "shack": "cabin", "suburb": "town",
    "courtyard": "yard", "backyard": "yard", "landing": "stairs", "stair": "stairs", "stairwell": "stairs",
    "staircase": "stairs", "theater": "theatre", "cinema": "theatre", "dune": "desert", "path": "forest",
    "woodland": "forest", "foyer": "lobby", "hallway": "corridor", "passage": "corridor", "sewer": "tunnel",
    "basement": "cellar", "lab": "laboratory", "flat": "apartment", "bus": "train", "graveyard": "cemetery",
    "rooftop": "roof", "crossroads": "intersection", "bay": "beach", "cove": "beach",
}  # fmt: skip

_OUT: Final = re.compile(r"^\s*\.?\s*EXT\b", re.IGNORECASE)
_IN: Final = re.compile(r"^\s*\.?\s*(?:INT|I/E)\b", re.IGNORECASE)
_TIMES: Final[tuple[tuple[Daytime, frozenset[str]], ...]] = (
    ("dusk", frozenset({"dusk", "evening", "sunset", "twilight"})),
    ("dawn", frozenset({"dawn", "sunrise", "daybreak"})),
    ("night", frozenset({"night", "midnight", "moonlight"})),
)
_SAID: Final = word_set("day morning noon afternoon daylight evening")
_BY_NIGHT: Final = word_set(
    "dark night lamps lantern lanterns moonlight moon stars lit candle torch streetlamp"
)
_WEATHERS: Final[tuple[tuple[Weather, frozenset[str]], ...]] = (
    ("storm", frozenset({"storm", "thunder", "lightning", "gale", "hurricane"})),
    ("snow", frozenset({"snow", "blizzard", "snowfall", "snowing"})),
    ("rain", frozenset({"rain", "raining", "drizzle", "downpour"})),
    ("fog", frozenset({"fog", "mist", "haze"})),
    ("wind", frozenset({"wind", "windy", "gust"})),
)


def outside(heading: str) -> bool:
    """An exterior; where the slug line does not say, by its words."""
    if _OUT.match(heading):
        return True
    if _IN.match(heading):
        return False
    words = [word.casefold() for word in WORD.findall(heading)]
    return any(_SAME.get(word, word) in _OUTSIDE for word in words)


def site_of(heading: str) -> Site:
    """The kind of place that a slug line names; a plain room or open ground where it names none."""
    out = outside(heading)
    words = [word.casefold() for word in WORD.findall(heading)]
    for place in range(len(words) - 1, -1, -1):
        both = " ".join(words[max(0, place - 1) : place + 1])
        for word in (both, words[place], words[place].removesuffix("s")):
            if word == "car" and not out and _RAILS & set(words):
                return _RAIL_CAR
            site = (_OUTSIDE if out else _INSIDE).get(_SAME.get(word, word))
            if site is not None:
                return site
    if not out:
        return _ROOM
    # Outside of what is known from inside: a building.
    return _BUILDING if any(_SAME.get(word, word) in _INSIDE for word in words) else _GROUND


def in_hills(site: Site, words: str) -> Site:
    """A station's outside in the mountains is no street of a town."""
    told = {word.casefold() for word in WORD.findall(words)}
    if site.place != "street" or not told & _HILLS:
        return site
    pieces = tuple("house" if piece == "building" else piece for piece in site.pieces)
    return site._replace(place="mountains", pieces=pieces)


def on_rails(heading: str, words: str) -> bool:
    """Whether the cars of a scene run on rails: by its slug line, or by what it tells."""
    named = {word.casefold() for word in WORD.findall(heading)}
    told = {word.casefold() for word in WORD.findall(words)}
    return bool(named & _RAILWAY) or bool(told & _TRACKS)


def light_of(heading: str, words: str, all_words: str = "") -> Light:
    """Time of day by the slug line, weather by it and by what the scene tells."""
    named = {word.casefold() for word in WORD.findall(heading)}
    told = named | {word.casefold() for word in WORD.findall(words)}
    lit = {word.casefold() for word in WORD.findall(all_words)}
    times: list[Daytime] = [time for time, of in _TIMES if of & named]
    kinds: list[Weather] = [kind for kind, of in _WEATHERS if of & told]
    # A scene that goes on from the last has no time in its slug line; what is lit in it tells.
    going_on = not named & _SAID and ("lamp" in named or bool((told | lit) & _BY_NIGHT))
    time: Daytime = times[0] if times else ("night" if going_on else "day")
    weather: Weather = kinds[0] if kinds else "clear"
    azimuth, elevation, contrast = {
        "day": (235.0, 48.0, 0.5),
        "dusk": (285.0, 16.0, 0.7),
        "dawn": (75.0, 16.0, 0.6),
        "night": (215.0, 38.0, 0.8),
    }[time]
    if weather in ("fog", "rain", "snow") and time == "day":
        contrast = 0.3
    return Light(azimuth=azimuth, elevation=elevation, contrast=contrast, time=time, weather=weather)
