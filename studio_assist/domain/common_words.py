"""Word lists that answers are measured against. Small on purpose: they rank and drop, no more."""

from __future__ import annotations

from typing import Final


def word_set(text: str) -> frozenset[str]:
    """The words of a text, split at blanks."""
    return frozenset(text.split())


#: Words that carry no subject: they may be new in an answer without it drifting off.
LIGHT: Final = word_set(
    """
    a about above across after again ago ahead all almost alone along already also always am an and
    another any anybody anymore anyone anything anyway anywhere are aren't around as ask asked
    asking at away back bad be because been before begin behind being believe below beside better
    between both bring but by call came can can't cannot care careful chance change choice choose
    close closed cold come comes coming could couldn't dark day days dead did didn't do does doesn't
    doing don't done down each early either else end enough even ever every everybody everyone
    everything everywhere except far feel felt few find fine first for forget forgot from gave get
    gets getting give given go goes going gone good got had hand hands hard has hasn't have haven't
    having he he'd he'll he's hear heard help her here here's hers herself him himself his hold home
    hope how i i'd i'll i'm i've if in inside into is isn't it it'll it's its itself just keep kind
    knew know known knows last late later leave left less let let's lie like line little long look
    looked looking looks lose lost made make many matter may maybe me mean means meant mind mine
    minute minutes more morning most move much must my myself name near need needs never new next
    night no nobody none not nothing now of off old on once one only or other others ought our ours
    out over own part perhaps place please quiet quite ready really reason remember right said same
    saw say saying says second see seen shall she she'd she'll she's should shouldn't side so some
    somebody someone something somewhere soon sooner sorry sound stand start stay still stop stopped
    such sure take taken talk tell than that that'll that's the their theirs them themselves then
    there there's these they they'd they'll they're they've thing things think this those though
    thought through time times to today together told tomorrow tonight too took toward towards tried
    true trust truth try trying turn turned under understand until up upon us use used very wait
    waited waiting want wanted wants was wasn't watch way we we'd we'll we're we've well went were
    weren't what what's whatever when where where's whether which while who who'd who's whole whom
    whose why will with without won't word words work world worse worst would wouldn't wrong year
    years yes yesterday yet you you'd you'll you're you've your yours yourself
    """
)

#: Words with a capital that need not be a name.
CAPITALISED: Final = word_set(
    """
    i i'm i'll i've i'd god mr mrs ms dr sir madam monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    christmas ok okay tv english
    """
)

#: Dropped unless the scene itself speaks so: a very small model says these out of nowhere.
COARSE: Final = word_set(
    """
    fuck fucks fucked fucker fucking motherfucker shit shits shitty bullshit bitch bitches cunt dick
    dicks cock pussy whore slut bastard asshole ass sex sexy sexual sexually rape raped raping porn
    naked nude penis vagina boobs tits faggot fag nigger nigga retard retarded tranny kike spic
    chink dyke
    """
)

#: Pronouns of a third person: new ones mean somebody who is not there.
PERSONS: Final = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "he's": "he", "he'll": "he", "he'd": "he",
    "she": "she", "her": "she", "hers": "she", "herself": "she", "she's": "she", "she'll": "she",
    "she'd": "she",
}  # fmt: skip

#: People and beasts that a very small model brings along; dropped unless the script has them.
PEOPLE: Final = word_set(
    """
    woman women man men child children boy boys girl girls baby kid kids wife husband girlfriend
    boyfriend partner mother father mom mum mommy dad daddy parents sister brother sisters brothers
    son daughter grandma grandmother grandfather grandpa uncle aunt family friend friends lady
    gentleman person people crowd audience police cop cops officer soldier knight king queen prince
    princess doctor nurse teacher priest murderer killer criminal monster demon ghost alien god
    devil dog dogs cat cats horse horses bird birds cow pig lion wolf
    """
)

#: Words that turn a sentence round.
NEGATIONS: Final = word_set("no not never nobody nothing none neither nor cannot without")
