"""Words of action that tell a shot: how near, from where, what moves, what is in it. English; other languages
fall back on what needs no words (who speaks, how long, in what order).
"""

from __future__ import annotations

import re
from typing import Final

from studio_assist.domain.common_words import word_set
from studio_assist.domain.staging import PIECES

WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

#: Words of things and doings that want the camera near, and of those that want it far.
NEAR: Final = word_set(
    "hand hands finger fingers eye eyes face mouth lips key pencil pen letter photo photograph ring watch"
    " phone dial button lock match cup glass paper page note knife gun trigger blood tear tears screen map"
    " ticket coin thread looks stares listens reads writes whispers picks holds strikes turns opens"
    " underlines licks"
)
FAR: Final = word_set(
    "road street mountain sea ocean field crowd city village valley sky storm train ship car cars house"
    " horizon forest desert snow beach harbour bridge runs walks crosses drives climbs enters leaves arrives"
    " marches jury army"
)
LOW: Final = word_set("towers looms stands giant judge soldier statue above")
HIGH: Final = word_set("lies sleeps falls floor ground crouches kneels hunched below alone")

#: What a body does, by base form; `verb` finds the base of what stands in the text.
RUNNING: Final = word_set(
    "run sprint race rush dash chase flee hurry bolt charge scramble scuttle scurry gallop"
)
WALKING: Final = word_set(
    "walk cross pace stroll step enter exit leave follow approach march wander stride stagger limp creep"
    " tiptoe trudge arrive advance retreat shuffle descend ascend"
)
DRIVING: Final = word_set("drive steer speed swerve brake accelerate")
CLIMBING: Final = word_set("climb clamber ascend")
FALLING: Final = word_set("fall trip stumble tumble collapse slip drop faint crumple topple")
FIGHTING: Final = word_set("fight punch hit kick wrestle slap struggle strike grapple shove tackle beat duel")
EMBRACING: Final = word_set("embrace hug kiss cuddle cradle")
LOOKING: Final = word_set(
    "see look stare watch spot notice gaze glance peer read find study examine scan discover observe regard"
)
#: Of these, those that show what is seen rather than who looks.
SEEING: Final = word_set("see spot notice watch discover find observe")
REALISING: Final = word_set(
    "realise realize understand freeze stiffen grasp remember recognise recognize hesitate falter"
)
SPEAKING: Final = word_set("whisper murmur mutter shout scream yell cry sing call say breathe")
FEELING: Final = word_set(
    "cry sob weep smile laugh grin frown scowl flinch gasp tremble shiver shake wince blush sigh gulp swallow"
    " blink glare grimace wink sniff"
)
HANDLING: Final = word_set(
    "hold grip clutch take lift pick press turn open close push pull grab touch knock write draw underline"
    " light strike throw toss hurl carry drag pour cut tie unlock lock drink sip eat reach point wave aim"
    " fire"
    " shoot raise lower put place set hang answer dial knead wipe fold tear pack lick cap spit sweep count"
    " shake drop switch tap type play"
)
RESTING: Final = word_set(
    "sit kneel crouch squat lie lean sleep rest stand wait rise perch slump huddle hide duck"
)
_OTHER_VERBS: Final = word_set(
    "go come move stop start begin get give keep let make turn jump leap dance swim crawl ride wake ring"
    " hum flicker flash burn break crash explode smash shine glow sweep rise set swing slam creak rattle"
    " blow rain snow drift float sail fly pass dive drag listen hear think nod shrug point lead smoke"
    " surrender cheer hail yawn salute pray bow spin slide jerk lean fill vanish emerge appear disappear"
    " stretch reach join"
)
_IRREGULAR: Final = {
    "ran": "run", "sat": "sit", "stood": "stand", "lay": "lie", "lying": "lie", "fell": "fall",
    "drove": "drive",
    "saw": "see", "found": "find", "held": "hold", "took": "take", "wrote": "write", "threw": "throw",
    "drank": "drink", "fought": "fight", "hung": "hang", "knelt": "kneel", "slept": "sleep", "swam": "swim",
    "rode": "ride", "went": "go", "came": "come", "heard": "hear", "left": "leave", "crept": "creep",
    "struck": "strike", "shook": "shake", "woke": "wake", "rose": "rise", "fled": "flee", "tore": "tear",
    "understood": "understand", "froze": "freeze", "dying": "die", "tying": "tie", "hid": "hide",
    "leapt": "leap", "leant": "lean", "dreamt": "dream", "wept": "weep", "does": "do", "goes": "go",
}  # fmt: skip


def _forms() -> dict[str, str]:
    """Every form of the verbs above to its base: stops, stopped, stopping → stop."""
    verbs = (
        RUNNING | WALKING | DRIVING | CLIMBING | FALLING | FIGHTING | EMBRACING | LOOKING | REALISING
        | SPEAKING | FEELING | HANDLING | RESTING | _OTHER_VERBS
    )  # fmt: skip
    forms = dict(_IRREGULAR)
    for base in sorted(verbs):
        stem = base[:-1] if base.endswith("e") else base
        if base.endswith("y") and base[-2] not in "aeiou":
            forms |= {f"{base[:-1]}ies": base, f"{base[:-1]}ied": base}
        elif base.endswith(("s", "sh", "ch", "x", "z", "o")):
            forms[f"{base}es"] = base
        else:
            forms[f"{base}s"] = base
        doubled = f"{base}{base[-1]}" if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", base) else stem
        for one in {stem, doubled}:
            forms |= {f"{one}ed": base, f"{one}ing": base}
        forms[base] = base
    return forms


VERBS: Final = _forms()


def verb(word: str) -> str:
    """A verb's base form; "" for a word that is none of ours."""
    return VERBS.get(word.casefold(), "")


def verbs_of(text: str) -> list[str]:
    """The base forms of the verbs in a text, in order. "A look" and "the light" are none."""
    found: list[str] = []
    before = ""
    for word in WORD.findall(text):
        low = word.casefold()
        base = VERBS.get(low)
        # Behind an article it is a noun: "a run", "his watch", "the fire".
        if base and (before not in _ARTICLES or (low != base and low.endswith("ing"))):
            found.append(base)
        before = low
    return found


_ARTICLES: Final = word_set("a an the his her their its my your our this that these those no some of")

WHISPER: Final = word_set(
    "whisper whispers whispering whispered quietly softly breath hushed murmurs murmur gently"
)
SHOUT: Final = word_set("shouts shouting yells yelling screams screaming bellows roars loud louder")
EMOTION: Final = word_set(
    "cries crying sobs weeps tears smiles smiling laughs laughing grins frowns terrified horrified afraid"
    " fear"
    " furious angry grief heartbroken joy shock shocked stunned astonished pale trembling trembles blushes"
    " devastated fearful scared despair worried"
)
EYES: Final = word_set("eye eyes pupil pupils eyelid eyelids lips lip tear")
HANDS: Final = word_set("hand hands finger fingers fist fists palm palms knuckles thumb wrist")
FEET: Final = word_set("feet foot boots boot shoes shoe heels footsteps footprints")
LOOMING: Final = word_set(
    "towers looms giant towering looming enormous monster colossal huge overhead gigantic throne statue"
)
VULNERABLE: Final = word_set(
    "lies falls sleeps crouches kneels hunched alone helpless curled collapses cowers slumped unconscious"
    " wounded trapped abandoned tiny"
)
UNEASE: Final = word_set(
    "dizzy nightmare wrong uneasy unease crooked tilts warped delirious drunk drunken reels spins madness"
    " insane"
    " twisted sways delirium distorted hallucination"
)
ABOVE: Final = word_set("aerial bird's-eye")
STILL: Final = ("goes still", "stops dead", "holds her breath", "holds his breath", "catches his breath")
WEATHER: Final = word_set("rain snow fog mist wind storm lightning thunder clouds sun moon stars dawn dusk")

#: What scripts call a piece of the set, beside its own word.
_SYNONYMS: Final = {
    "door": "doorway doors entrance hatch gateway",
    "window": "pane porthole windowsill skylight windscreen shutters",
    "table": "workbench tabletop nightstand sideboard",
    "desk": "console writing-desk",
    "chair": "stool seat throne swivel-chair",
    "armchair": "recliner rocker",
    "sofa": "couch settee divan",
    "bench": "pew",
    "bed": "bunk cot mattress hammock crib stretcher",
    "lantern": "lanterns",
    "lamp": "lightbulb bulb chandelier lens beacon",
    "stove": "cooker oven furnace boiler range",
    "fireplace": "hearth mantelpiece chimney",
    "shelf": "shelves bookshelf bookcase rack",
    "cupboard": "wardrobe cabinet closet locker dresser fridge refrigerator",
    "counter": "till worktop",
    "bar": "taproom",
    "stairs": "stair staircase steps stairway stairwell landing",
    "rug": "carpet",
    "painting": "portrait picture poster",
    "curtain": "drapes blinds",
    "radio": "transmitter wireless",
    "television": "tv telly",
    "computer": "laptop keyboard terminal",
    "telephone": "mouthpiece handset switchboard receiver",
    "piano": "keyboardist",
    "bath": "bathtub tub shower",
    "mirror": "looking-glass",
    "railing": "railings banister handrail balustrade",
    "column": "pillar columns pillars",
    "altar": "shrine",
    "machine": "engine motor generator winch turbine machinery pump",
    "wheel": "gears cogwheel flywheel",
    "lever": "levers crank pawl",
    "railcar": "tram tramcar streetcar funicular gondola",
    "rails": "railway railroad rail funicular-track",
    "bell": "handbell doorbell",
    "sled": "sledge toboggan sleigh",
    "sack": "sacks",
    "pencil": "pen pencils",
    "crate": "crates boxes pallet",
    "barrel": "drum keg",
    "tree": "trees oak pine trunk",
    "bush": "bushes hedge shrub",
    "rock": "rocks boulder boulders stones",
    "cliff": "precipice",
    "hill": "ridge slope hillside hilltop",
    "mountain": "peak peaks summit",
    "house": "cottage cabin farmhouse hut shack bungalow villa",
    "tower": "watchtower spire",
    "church": "chapel cathedral",
    "building": "skyscraper apartments warehouse factory hospital school station hotel office block",
    "fence": "fencing palisade",
    "gate": "gates",
    "pier": "jetty dock quay",
    "road": "highway causeway motorway lane",
    "path": "trail track footpath",
    "streetlamp": "lamppost streetlight streetlights",
    "sign": "signpost billboard",
    "fire": "campfire bonfire blaze flames",
    "grave": "tombstone gravestone graves headstone coffin",
    "boat": "dinghy rowboat canoe yacht lifeboat",
    "ship": "ferry steamer trawler vessel liner",
    "wave": "surf breakers",
    "car": "taxi cab jeep sedan limousine",
    "truck": "lorry van ambulance pickup tractor",
    "bus": "coach",
    "train": "carriage locomotive",
    "bicycle": "bike",
    "motorcycle": "motorbike scooter",
    "aeroplane": "plane airplane aircraft jet",
    "helicopter": "chopper",
    "horse": "pony mare stallion",
    "cart": "wagon trolley wheelbarrow pram",
    "cup": "mug teacup",
    "glass": "goblet tumbler",
    "bottle": "flask jar",
    "book": "ledger ledgers diary notebook novel bible",
    "letter": "envelope telegram postcard note",
    "paper": "document documents newspaper file contract",
    "phone": "smartphone cellphone mobile",
    "gun": "pistol rifle revolver shotgun weapon",
    "knife": "dagger blade sword axe",
    "torch": "flashlight",
    "candle": "match candles",
    "bag": "handbag backpack rucksack sack satchel",
    "suitcase": "luggage briefcase trunk",
    "box": "parcel package",
    "key": "keys keyring",
    "rope": "cable cord chain leash",
    "map": "chart",
    "umbrella": "parasol",
    "camera": "camcorder",
    "flowers": "bouquet rose roses",
    "plate": "dish bowl tray",
    "log-book": "logbook",
    "dog": "puppy hound chihuahua",
    "cat": "kitten",
    "bird": "gull gulls seagull crow raven pigeon",
    "crowd": "audience mob spectators passengers villagers protesters soldiers guests people",
    "screen": "monitor",
    "clock": "alarm-clock",
    "log": "logbook",
}  # fmt: skip
#: More than one word.
_PHRASES: Final = {
    "log book": "log-book", "street lamp": "streetlamp", "street light": "streetlamp",
    "arm chair": "armchair",
    "looking glass": "mirror", "rowing boat": "boat", "police car": "car", "telephone box": "telephone",
    "rail car": "railcar", "lower car": "railcar", "upper car": "railcar", "cable car": "railcar",
    "railway car": "railcar", "railway carriage": "railcar", "single track": "rails", "the track": "rails",
    "a track": "rails", "same track": "rails", "brake lever": "lever",
    "traffic light": "sign", "traffic lights": "sign",
}  # fmt: skip
#: Verbs, adverbs and parts of others too: a thing only behind an article, a possessive or a number.
_OFTEN_NOT: Final = word_set(
    "bar bars sign fire path wave well glass paper map bath sink screen ship train bus rock rocks cloud track"
    " lean box counter note file chart range seat wheel steps landing match picture block school office drum"
    " key plate bag file trail slope cart lens coach phone telephone radio camera bench desk rest light gate"
    " people station blade chest trunk chain carriage pump rail machine engine jet book cable till receiver"
    " shower office lane letter rose mobile cabinet"
)
_DETERMINERS: Final = word_set(
    "a an the his her their its my your our this that these those one two three four five six some every each"
    " another any no of with by at under behind beside through"
)


#: What sets can have beside the words of `PIECES`.
_MORE: Final = ("railcar", "rails", "lever", "wheel", "lantern", "bell", "sled", "sack", "pencil")


def _pieces() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, words in _SYNONYMS.items():
        if kind in PIECES or kind in _MORE:
            for word in words.split():
                found[word] = kind
    for kind in (*PIECES, *_MORE):
        plural = f"{kind}es" if kind.endswith(("s", "x", "ch", "sh")) else f"{kind}s"
        found[kind] = kind
        found.setdefault(plural, kind)
    found |= {"knives": "knife", "leaves": "tree", "shelves": "shelf"}
    # Verbs far more often than things, or a body's.
    for word in ("leaves", "rocker", "stairses", "bath's", "waves", "fires", "signs", "sinks"):
        found.pop(word, None)
    return found


PIECE_WORDS: Final = _pieces()


_LETTERED: Final = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,}){2,}\b")


def pieces_in(text: str, *, plain: bool = False) -> tuple[str, ...]:
    """The set pieces that a text names, in its order, each once, by the words of `staging.PIECES`.

    Args:
        plain: the text is a slug line: every word counts.
    """
    found: dict[str, None] = {}
    if not plain and not text.isupper():
        # What a sign or a plate says is not there itself: HOLLIN RIDGE WATER RAILWAY.
        text = _LETTERED.sub(" ", text)
    low = text.casefold()
    for phrase, kind in _PHRASES.items():
        if phrase in low:
            found[kind] = None
            low = low.replace(phrase, " ")
    words = WORD.findall(low)
    for place, word in enumerate(words):
        kind = PIECE_WORDS.get(word.removesuffix("'s").removesuffix("’s"))
        if kind is None:
            continue
        before = words[max(0, place - 3) : place]
        named = plain or word not in _OFTEN_NOT or bool(set(before) & _DETERMINERS)
        # "Like a horse", "the size of a cow", "the way one looks at a dog", "a column of figures".
        likened = (
            {"like", "size"} & set(before)
            or before[-2:-1] == ["as"]
            or "way" in words[max(0, place - 6) : place]
        )
        counted = kind == "column" and words[place + 1 : place + 2] == ["of"]
        # "Passengers, none."
        lacking = words[place + 1 : place + 2] == ["none"] or before[-1:] in (["no"], ["without"])
        if named and not (likened or counted or lacking):
            found[kind] = None
    return tuple(found)


#: Small enough for an insert: what fills a frame by itself.
SMALL: Final = word_set(
    "telephone clock radio lamp lantern bell pencil key letter paper phone gun knife torch candle cup glass"
    " bottle book map"
    " box ring"
    " bag plate log-book flowers sign screen television computer mirror painting umbrella camera rope"
    " suitcase"
    " sink stove"
)
#: Small things that no piece stands for; an insert of them shows a plain thing with its name.
DETAILS: Final = word_set(
    "dial pencil pen button watch ring coin ticket photo photograph switch needle gauge scale bell badge lock"
    " trigger blood page headline thread string plate label lever handle wick fuse bulb collar footprint"
    " figures column necklace locket passport card cigarette matchbox display icon app"
)
#: What a wide frame is about.
LARGE: Final = word_set(
    "tree cliff hill mountain house tower lighthouse church building bridge pier road path boat ship wave"
    " island"
    " dune cloud moon sun car truck bus train aeroplane helicopter crowd machine railcar rails stairs fence"
    " gate"
)

#: People without a name, as action calls them.
NAMELESS: Final = word_set(
    "man woman boy girl child figure guard soldier driver doctor nurse waiter waitress policeman"
    " policewoman cop"
    " stranger priest bartender sailor clerk passenger teacher judge pilot captain baby kid"
)
