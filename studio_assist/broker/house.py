"""What the production has laid down: its policies, the provider cards, and its list of names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio_assist import protocol
from studio_assist.broker.clearances import ClearanceBook
from studio_assist.broker.naming import Naming
from studio_assist.broker.policies import DEFAULT, RuleFiles, chosen_of, pins, policy_files
from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.generation import TextRequest
from studio_assist.domain.names import Answers, NameTerm
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard, card_of
from studio_assist.domain.record import PolicyChosen
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.storage.project_file import ProjectInfo, read_info

if TYPE_CHECKING:
    from studio_assist.broker.session import Session


class House:
    """The rules of the house, for one broker.

    Files are read anew at every call, so that a changed one is seen at once; only what changed is parsed.

    Args:
        home: the user's own folder; `policies/` and `providers/` in it add to the built-in ones.
        session: gives the open project; raises `Unavailable` where there is none.
    """

    def __init__(self, home: Path, session: Callable[[], Session]) -> None:
        self._home: Final = home
        self._session: Final = session
        #: What the record says of clearance, in whichever project is open.
        self.clearances: Final = ClearanceBook()
        self._policies: Final = policy_files(home)
        self._cards: Final = RuleFiles(home, "providers", card_of)
        self._naming: Final = Naming()

    # for the gate

    def cards(self) -> tuple[ProviderCard, ...]:
        """Every provider card, the user's own first: they win over built-in ones of the same id or host.

        A card of the user's that cannot be read is missing, and so is the built-in one of its id.
        """
        return self._cards.shelf().values

    def problems(self) -> tuple[StudioError, ...]:
        """What is wrong with policies and cards that could not be read."""
        return (*self._policies.shelf().problems, *self._cards.shelf().problems)

    def policies(self, session: Session) -> tuple[tuple[Policy, ...], bool]:
        """The project's policy and its overlays, and whether they are the ones that the record names.

        Empty where the policy cannot be read: nothing leaves then.
        """
        try:
            info = _info(session)
        except StudioError:
            return (), False
        shelf = self._policies.shelf()
        policies = chosen_of(info, shelf)
        if not policies or session.is_altered:
            return policies, False
        return policies, _pinned(session) == pins(info, shelf)

    def material(self, session: Session) -> Sensitivity:
        """What the project's material counts as, at least.

        Raises:
            Damaged: project.toml cannot be read.
        """
        return _info(session).material

    def terms(self, session: Session, script: Screenplay) -> tuple[NameTerm, ...]:
        """Every name: those of the script and a person's own.

        Raises:
            Damaged: names.toml cannot be read; what stands in it would leave.
        """
        return self._naming.terms(session, script)

    def answers(self, session: Session, asked: TextRequest | None = None) -> Answers:
        """What people said about words that may be names, for good; and the names in our own prompt files.

        A name of the prompt files that stands in any other line of the request, or on the list that `terms`
        last gave, is not among them.

        Args:
            asked: what is to leave, with the real names; without it no name of a prompt file may.

        Raises:
            Damaged: names.toml cannot be read.
        """
        return self._naming.answers(session, asked)

    def keep_answers(self, session: Session, words: tuple[str, ...], names: tuple[NameTerm, ...]) -> None:
        """Keep lasting answers: words that are no names, and new names (kind and aliases as given).

        They are the answers of whoever works in the session.

        Raises:
            Damaged, Conflict: names.toml cannot be read, or changed meanwhile.
        """
        self._naming.keep(session, words, names)

    # calls

    async def list_names(self, params: protocol.ListNamesParams) -> protocol.Names:
        """The list of names as a person sees it."""
        return self._naming.seen(self._session(), params.script)

    async def set_name(self, params: protocol.SetNameParams) -> protocol.Names:
        """Add a name or change it.

        Raises:
            BadInput: it is no name, is on the list already, or comes from the script.
            Damaged, Conflict: names.toml cannot be read, or changed meanwhile.
        """
        session = self._session()
        self._naming.set(session, params)
        return self._naming.seen(session, params.script)

    async def remove_name(self, params: protocol.RemoveNameParams) -> protocol.Names:
        """Take a person's own name off the list, or the answer that a word is no name; as `set_name`."""
        session = self._session()
        self._naming.remove(session, params)
        return self._naming.seen(session, params.script)

    async def list_policies(self, params: protocol.Nothing) -> protocol.Policies:
        """Every policy, and the project's own; without a project the default one, with nothing to confirm."""
        shelf = self._policies.shelf()
        seen = tuple(_seen(policy) for policy in sorted(shelf.values, key=_order))
        told = tuple(str(problem) for problem in self.problems())
        try:
            session = self._session()
        except Unavailable:
            info, pinned = ProjectInfo(title="", policy=DEFAULT), True
        else:
            info, pinned = _info(session), self.policies(session)[1]
        return protocol.Policies(
            policies=seen,
            chosen=info.policy,
            overlays=info.overlays,
            material=info.material,
            pinned=pinned,
            problems=told,
        )

    async def choose_policy(self, params: protocol.ChoosePolicyParams) -> protocol.Policies:
        """Put the project under a policy, as its file reads now, by a named person's signature.

        Raises:
            BadInput: there is no such policy, it cannot be read, or it is an overlay.
            Refusal: the project is read-only here, its record was altered, or no person chose.
        """
        session = self._session()
        session.may_write()
        if params.person.automated:
            raise Refusal("A policy is chosen by a person.", remedy="Choose it in the window.", rule="policy")
        changed = {"policy": params.policy, "overlays": params.overlays, "material": params.material}
        body = pins(_info(session).model_copy(update=changed), self._policies.shelf())
        await session.ready(params.person)
        session.may_write()
        info = _info(session).model_copy(update=changed)
        if info != _info(session) or _pinned(session) != body:
            session.meet(params.person)
            # A crash between the two leaves a project whose policy the record does not name: nothing leaves.
            session.folder.save_info(info)
            session.append(body, person=params.person, durable=True)
        return await self.list_policies(protocol.Nothing())


def _info(session: Session) -> ProjectInfo:
    """What project.toml says now, whoever wrote it."""
    return read_info(session.folder.path / "project.toml", session.now())


def _pinned(session: Session) -> PolicyChosen | None:
    """What the record says that the project works under; None where nobody has said it."""
    for entry in session.ledger.entries(type="policy_chosen", newest_first=True, limit=1):
        if isinstance(entry.body, PolicyChosen):
            return entry.body
    return None


def _order(policy: Policy) -> tuple[bool, bool, str]:
    """The default first, overlays last."""
    return policy.overlay, policy.id != DEFAULT, policy.title


def _seen(policy: Policy) -> protocol.PolicySeen:
    parts = (*policy.principles, *policy.rules)
    return protocol.PolicySeen(
        id=policy.id,
        title=policy.title,
        version=policy.version,
        about=policy.about,
        disclaimer=policy.disclaimer,
        overlay=policy.overlay,
        allows=policy.allows,
        sentences=tuple((part.sentence, part.source.name, part.source.verified) for part in parts),
    )
