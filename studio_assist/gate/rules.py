"""The rules of the gate, one by one: each looks at a case and says what it found, or keeps it shut.

Source of each rule: `resources/policies/netflix-2025.toml` (principle 2, read literally: *store*), the
provider cards, and the house's third promise. They are a conjunction; their order is that of the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from studio_assist.domain.attestation import Attestation
from studio_assist.domain.generation import Where
from studio_assist.domain.policy import Leaving
from studio_assist.domain.provider import ZERO_WORDS, Terms
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import Value
from studio_assist.gate.case import Case
from studio_assist.gate.graphs import is_graph, trouble_in

_LOCAL: Final = "Use the model on this machine, or ask for clearance."
_REACH: Final = {"here": 0, "studio": 1, "outside": 2}


class Check(Value):
    """One rule, as it was found.

    Attributes:
        rule: its id.
        headline: it is one of the four that the sheet always shows.
        found: what was found, a few words for the right-hand column.
        asks: a person's answer can still make it hold.
        why, remedy: for a rule that does not hold: a sentence, and what to do.
    """

    rule: str
    sentence: str
    holds: bool
    found: str
    headline: bool = False
    asks: bool = False
    why: str = ""
    remedy: str = ""


class Shut(Exception):
    """A rule does not hold.

    Attributes:
        found: a few words for the right-hand column.
    """

    def __init__(self, found: str, why: str, remedy: str = _LOCAL) -> None:
        super().__init__(why)
        self.found = found
        self.why = why
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        look: gives what it found, or raises `Shut`. Any other exception counts as shut too.
        asks: what keeps it shut is a question to a person, not a no.
    """

    id: str
    sentence: str
    look: Callable[[Case], str]
    headline: bool = False
    asks: bool = False

    def held(self, found: str) -> Check:
        """The check of a rule that holds."""
        return Check(rule=self.id, sentence=self.sentence, holds=True, found=found, headline=self.headline)

    def failed(self, found: str, why: str, remedy: str) -> Check:
        """The check of a rule that does not."""
        return Check(
            rule=self.id,
            sentence=self.sentence,
            holds=False,
            found=found,
            headline=self.headline,
            asks=self.asks,
            why=why,
            remedy=remedy,
        )


# What they need of a case; each raises `Shut` where it is not there -------------------------------------


def _attestation(case: Case) -> Attestation:
    if case.attested is None:
        raise Shut(
            "None",
            f"Nobody has attested that {case.host} keeps nothing.",
            "Attest the account with its evidence, use the model on this machine, or ask for clearance.",
        )
    return case.attested.signed.attestation


def _terms(case: Case) -> Terms:
    card = case.card
    if card is None:
        raise Shut("No card", f"Nothing is known of {case.host}: it counts as keeping what it is sent.")
    terms = card.terms_for(case.method, case.path, case.model)
    if terms is None:
        raise Shut(
            "Not covered",
            f"{card.name} has no terms for {case.method} {case.path} with {case.model or 'no model'} under "
            "which nothing is kept.",
        )
    return terms


def _leavings(case: Case) -> Iterator[Leaving]:
    if not case.policies:
        raise Shut("No policy", "The project's policy could not be read.", "Choose the project's policy.")
    if case.policies[0].leaving is None:
        raise Shut("Nothing may leave", f"Under {case.policies[0].id} nothing leaves this machine.")
    for policy in case.policies:
        if policy.leaving is not None:
            yield policy.leaving


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


# The rules ----------------------------------------------------------------------------------------------


def _keeps_nothing(case: Case) -> str:
    terms = _terms(case)
    assert case.card
    name = case.card.name
    if terms.zero == "none":
        raise Shut(_kept(terms), f"{name} has no way to have nothing kept. {case.card.about or ''}".strip())
    if terms.zero == "default" and terms.retention_days != 0:
        raise Shut(_kept(terms), f"The card of {name} says both that nothing is kept and that something is.")
    if terms.trains == "yes":
        raise Shut("Trains on it", f"{name} trains on what it is sent.")
    if case.attested is None:
        if terms.retention_days == "unknown":
            raise Shut("Not known", f"Nothing is known of what {case.host} keeps: it counts as kept.")
        if terms.retention_days:
            raise Shut(_kept(terms), f"{name} keeps prompts {terms.retention_days} days.")
        return f"{ZERO_WORDS[terms.zero]}; not attested"
    _attestation(case)
    return "0 days kept"


def _kept(terms: Terms) -> str:
    days = terms.retention_days
    return "Not known" if days == "unknown" else f"{days} day{'s' * (days != 1)} kept"


def _is_attested(case: Case) -> str:
    attestation = _attestation(case)
    attested = case.attested
    assert attested
    again = "Attest the account again with its evidence."
    if attested.revoked:
        raise Shut("Taken back", f"The attestation of {case.host} was taken back.", again)
    if not attested.is_signed:
        raise Shut("Not signed", "The attestation's signature does not hold.", again)
    if not attested.has_evidence:
        raise Shut("No evidence", "The document that the attestation rests on is not in the project.", again)
    if attestation.made > case.now or (case.latest is not None and case.latest > case.now):
        raise Shut("Clock set back", "This machine's clock is behind the record.", "Put the clock right.")
    left = attestation.days_left(case.now)
    if left < 0:
        raise Shut(
            f"Expired {_day(attestation.until)}",
            f"The attestation ended on {_day(attestation.until)}.",
            again,
        )
    return f"Valid, {left} day{'s' * (left != 1)} left"


def _may_leave(case: Case) -> str:
    label = case.sensitivity.label
    for leaving in _leavings(case):
        if case.sensitivity.rank > leaving.most.rank:
            raise Shut("May not leave", f"{label} may not leave this machine under this project's policy.")
    pseudonyms = any(case.sensitivity.rank >= leaving.pseudonyms_from.rank for leaving in _leavings(case))
    return "With pseudonyms" if pseudonyms else "As it is"


def _can_be_marked(case: Case) -> str:
    if not case.can_be_marked:
        raise Shut("No", "What would come back could not be marked and followed as temp.")
    return "Yes"


def _policy_reaches(case: Case) -> str:
    if not case.policies:
        raise Shut("No policy", "The project's policy could not be read.", "Choose the project's policy.")
    for policy in case.policies:
        if _REACH[case.where.value] > _REACH[policy.allows]:
            raise Shut(f"Not under {policy.id}", f"{policy.title} does not allow a host like {case.host}.")
    if not case.policies_pinned:
        raise Shut(
            "Changed",
            "The project's policy is not the one that the record names.",
            "Have a named person confirm it: Policy of this project, in the menu.",
        )
    return case.policies[0].id


def _attestation_covers(case: Case) -> str:
    attestation = _attestation(case)
    terms = _terms(case)
    name = f"[{case.host}]" if ":" in case.host else case.host
    host = name if case.port is None else f"{name}:{case.port}"
    if attestation.host != host or attestation.backend != case.backend:
        raise Shut("Another host", f"The attestation is for {attestation.host}, not for {host}.")
    assert case.card
    if attestation.card != case.card.id:
        raise Shut("Another provider", "The attestation was made beside another provider card.")
    scope = terms.model_copy(
        update={"paths": attestation.paths, "models": attestation.models, "refused_models": ()}
    )
    if not scope.covers(case.method, case.path):
        raise Shut("Another endpoint", f"The attestation does not cover {case.method} {case.path}.")
    if not scope.serves(case.model):
        raise Shut("Another model", f"The attestation does not cover the model {case.model}.")
    return attestation.region or "Host, endpoint and model"


def _card_in_date(case: Case) -> str:
    if case.card is None:
        raise Shut("No card", f"Nothing is known of {case.host}: it counts as keeping what it is sent.")
    if case.now.astimezone().date() > case.card.expires_on:
        raise Shut(
            f"Expired {_day(case.card.expires_on)}",
            f"What is known of {case.card.name} was last checked on {_day(case.card.source.checked_on)}.",
            "Update Studio Assist, or check the provider's terms and renew the card in your own folder.",
        )
    return f"Checked {_day(case.card.source.checked_on)}"


def _fields_right(case: Case) -> str:
    terms = _terms(case)
    if case.body is None:
        raise Shut("Not readable", "The request's fields cannot be read.")
    for field in terms.required:
        if not field.holds(case.body):
            raise Shut(
                f"Lacks {field.words}",
                f"The request has to hold {field.words} so that nothing is kept.",
                f"Name {field.field} among the host's fields in backends.toml, or use another model.",
            )
    for field in terms.forbidden:
        if not field.holds(case.body):
            raise Shut(
                f"Holds {field.words}", f"The request holds {field.words}, which makes the provider keep it."
            )
    return "As the provider's terms ask"


def _encrypted(case: Case) -> str:
    if case.scheme == "https":
        return "Encrypted"
    if case.scheme == "http" and case.where is Where.HERE:
        return "Stays on this machine's own wires"
    if case.scheme == "http" and case.where is Where.STUDIO:
        return "Not encrypted, in the studio's network"
    raise Shut(
        "Not encrypted", f"{case.host} is not reached by an encrypted connection.", "Use its https address."
    )


def _plain_address(case: Case) -> str:
    if case.query:
        raise Shut("Query in it", "The address carries more than the endpoint.", _LOCAL)
    return "Nothing but the endpoint"


def _no_names(case: Case) -> str:
    if case.left:
        raise Shut(
            f"{case.left} left",
            f"{case.left} name{'s' * (case.left != 1)} of the production would leave in a form that "
            "cannot be replaced.",
            "Change the words, use the model on this machine, or ask for clearance.",
        )
    return f"{case.replaced} replaced"


def _names_answered(case: Case) -> str:
    if case.questions:
        raise Shut(
            f"{case.questions} open",
            "Something in it may be a name, or personal. Somebody has to say."
            if case.questions == 1
            else f"{case.questions} things in it may be names, or personal. Somebody has to say.",
            "Answer each question on the sheet.",
        )
    return "None open"


def _pictures_clean(case: Case) -> str:
    if case.pictures and not case.pictures_clean:
        raise Shut(
            "Not checked",
            "A picture leaves only once it has been looked at for faces and text.",
            "Install the extra [vision], or leave the picture out.",
        )
    return f"{case.pictures} clean" if case.pictures else "No pictures"


def _local_nodes(case: Case) -> str:
    if trouble := trouble_in(case.path, case.body):
        raise Shut(trouble.found, trouble.why, trouble.remedy)
    return "Local nodes" if is_graph(case.path, case.body) else "No graph"


def _second_person(case: Case) -> str:
    needed = any(case.sensitivity.rank >= leaving.two_people_from.rank for leaving in _leavings(case))
    others = [person for person in case.people if person != case.asked_by]
    if needed and not others:
        raise Shut(
            "One more",
            f"{Sensitivity(case.sensitivity).label} needs a second person's yes.",
            "Ask somebody else on the project to look at the sheet here and say yes.",
        )
    return "Yes" if needed else "Not needed"


def _approved(case: Case) -> str:
    missing = [
        rule
        for leaving in _leavings(case)
        for kind, rules in leaving.approvals.items()
        if case.sensitivity.rank >= kind.rank
        for rule in rules
        if rule not in case.approved_rules
    ]
    if missing:
        raise Shut(
            "Written approval",
            f"This needs written approval first ({', '.join(missing)}).",
            "Ask for clearance.",
        )
    return "Nothing to approve" if not case.approved_rules else "On file"


def _contact_told(case: Case) -> str:
    wanted = next((policy.wants_notice for policy in case.policies if policy.wants_notice), None)
    if wanted is None:
        return "Not asked for"
    if case.contact_told:
        return "Told"
    if case.where is Where.HERE:
        return "Stays on this machine"
    if case.sensitivity is Sensitivity.PUBLIC:
        return "Public material"
    raise Shut(
        "Nobody told",
        "The studio contact was not told of the intended uses. Until then material goes to models on this "
        "machine only.",
        "Note on the Clear desk that the contact was told, or use the model on this machine.",
    )


#: Every rule, the four headlines first, in the order of the sheet.
RULES: Final = (
    Rule("keeps-nothing", "Provider keeps nothing after it answers", _keeps_nothing, headline=True),
    Rule("attested", "Attestation signed and in date", _is_attested, headline=True),
    Rule("may-leave", "This classification may leave the machine", _may_leave, headline=True),
    Rule("marked", "Result can be marked and tracked as TEMP", _can_be_marked, headline=True),
    Rule("policy", "The project's policy allows this host", _policy_reaches),
    Rule("contact", "The studio contact was told of the intended uses", _contact_told),
    Rule("covered", "The attestation covers host, endpoint and model", _attestation_covers),
    Rule("card", "What is known of the provider is in date", _card_in_date),
    Rule("fields", "The request asks for nothing that is kept", _fields_right),
    Rule("encrypted", "The connection is encrypted or stays inside", _encrypted),
    Rule("address", "The address holds no material", _plain_address),
    Rule("no-names", "No name of the production is left in it", _no_names),
    Rule("names-answered", "Every word that may be a name was answered for", _names_answered, asks=True),
    Rule("pictures", "Pictures are clean", _pictures_clean),
    Rule("local-nodes", "A graph holds nothing but nodes that work on the machine itself", _local_nodes),
    Rule("approvals", "Written approvals are on file", _approved),
    Rule("second-person", "A second person has said yes where one is needed", _second_person, asks=True),
)
