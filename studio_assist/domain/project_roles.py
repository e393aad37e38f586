"""Who has which role on a project, by its record alone.

Anybody can name themselves anything: a profile is a line in a file on their own machine. So the two roles of
trust, producer and approver, are held like this:

- Whoever works alone brings their roles along, and a role that nobody on the project has is anybody's to
  bring.
- Once somebody has one of them, nobody else gets it by naming themselves so. It has to be *given* to them, by
  somebody who may give roles at that moment; an entry by anybody else gives nothing, however it came into the
  record.
- What was given stands in place of what somebody says of themselves, until it is given anew.

Writer and artist are no roles of trust: to say so is enough, for they are what everybody may do who works
here. The automated tour and the command line's people (`cli-…`, made from a login name) hold their roles for
themselves alone: that they were here takes no right away from anybody.
"""

from __future__ import annotations

from typing import Final, Self

from studio_assist.domain.people import AUTOMATED, Person, Role, roles_in
from studio_assist.domain.record import Entry, PersonAdded, RolesGiven
from studio_assist.domain.rights import Right, may
from studio_assist.domain.values import PersonId

#: Roles that nobody takes from under somebody who has them.
TRUSTED: Final[frozenset[Role]] = frozenset(("producer", "approver"))
#: The types of entries that say something of roles.
ROLE_ENTRIES: Final = ("person_added", "roles_given")
#: How the ids of people begin that a command makes from a login name.
COMMAND_LINE: Final = "cli-"


class ProjectRoles:
    """The roles on one project, as far as its entries were noted."""

    def __init__(self) -> None:
        self._said: Final[dict[PersonId, tuple[Role, ...]]] = {}
        self._given: Final[dict[PersonId, tuple[tuple[Role, ...], PersonId]]] = {}
        self.names: Final[dict[PersonId, str]] = {}

    # what is known

    def roles_of(self, person: PersonId) -> tuple[Role, ...]:
        """The roles that count for somebody; none for who was never here."""
        given = self._given.get(person)
        return given[0] if given is not None else self._said.get(person, ())

    def giver_of(self, person: PersonId) -> PersonId | None:
        """Who gave somebody their roles; None where they brought them along."""
        given = self._given.get(person)
        return given[1] if given is not None and given[1] != person else None

    def everybodys(self) -> frozenset[Role]:
        """Every role that somebody has who can keep a right from others."""
        return frozenset(role for person in self._holding() for role in self.roles_of(person))

    def holder_of(self, role: Role, *, but: PersonId) -> PersonId | None:
        """Somebody else who has a role, if anybody does."""
        return next((who for who in self._holding() if who != but and role in self.roles_of(who)), None)

    def may(self, right: Right, person: PersonId) -> bool:
        """Whether somebody has a right here."""
        return may(right, self.roles_of(person), self.everybodys())

    # what is noted

    def note(self, entry: Entry) -> None:
        """Take in what an entry says of roles; the others say nothing of them."""
        body = entry.body
        if isinstance(body, PersonAdded):
            self.names[body.person] = body.name
            # Who names somebody else gives them nothing by that.
            if entry.person in (None, body.person):
                self._said[body.person] = self._counting(body.person, roles_in(body.role))
        elif isinstance(body, RolesGiven) and entry.person is not None:
            self._give(entry.person, body)

    def with_word_of(self, person: Person) -> Self:
        """The same, with what somebody says of themselves now, who may not have done anything here yet."""
        found = type(self)()
        found._said.update(self._said)
        found._given.update(self._given)
        found.names.update(self.names)
        found._said[person.id] = found._counting(person.id, person.roles)
        return found

    # internals

    def _give(self, giver: PersonId, body: RolesGiven) -> None:
        if giver == AUTOMATED.id or not self.may(Right.PEOPLE, giver):
            return
        # Who changes their own roles says something of themselves: no more counts than if they had said it.
        roles = self._counting(giver, body.roles) if giver == body.person else body.roles
        self._given[body.person] = (roles, giver)

    def _counting(self, person: PersonId, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        """Of the roles that somebody names for themselves, those that count."""
        return tuple(
            role
            for role in roles
            if role not in TRUSTED
            or role in self.roles_of(person)
            or self.holder_of(role, but=person) is None
        )

    def _holding(self) -> tuple[PersonId, ...]:
        """Everybody whose roles can keep a right from others."""
        everybody = dict.fromkeys((*self._said, *self._given))
        return tuple(
            who
            for who in everybody
            if who != AUTOMATED.id and (who in self._given or not who.startswith(COMMAND_LINE))
        )
