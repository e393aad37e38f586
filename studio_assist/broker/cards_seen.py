"""Provider cards in plain words, for whoever sets a host up or attests it."""

from __future__ import annotations

from collections.abc import Iterable

from studio_assist import protocol
from studio_assist.domain.generation import Where
from studio_assist.domain.provider import ZERO_WORDS, ProviderCard, Terms

_TRAINS = {
    "no": "Does not train on it",
    "yes": "Trains on it",
    "unknown": "Not known, so it counts as training on it",
}


def card_seen(card: ProviderCard, terms: Iterable[Terms], where: Where) -> protocol.CardSeen:
    """A card with those of its terms that matter for a host."""
    return protocol.CardSeen(
        id=card.id,
        name=card.name,
        where=where.value,
        about=card.about or "",
        source=card.source.name,
        checked_on=card.source.checked_on,
        expires_on=card.expires_on,
        terms=tuple(_terms_seen(one) for one in terms),
    )


def _terms_seen(terms: Terms) -> protocol.TermsSeen:
    return protocol.TermsSeen(
        id=terms.id,
        plan=terms.plan,
        retention=_kept(terms),
        trains=_TRAINS[terms.trains],
        zero=f"{ZERO_WORDS[terms.zero]}.",
        can_be_attested=terms.zero != "none" and terms.trains != "yes",
        required=tuple(field.words for field in terms.required),
        forbidden=tuple(field.words for field in terms.forbidden),
        residual=terms.residual,
    )


def _kept(terms: Terms) -> str:
    days = terms.retention_days
    if days == "unknown":
        return "Not known, so it counts as kept"
    return f"Kept {days} day{'s' * (days != 1)}" if days else "Nothing is kept"
