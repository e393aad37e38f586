"""The people who decide."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Final, Literal

from pydantic import field_validator

from studio_assist.domain.values import PersonId, Value

Role = Literal["writer", "artist", "producer", "approver"]
ROLES: Final[tuple[Role, ...]] = ("writer", "artist", "producer", "approver")


class Person(Value):
    """A named person. Decisions carry their id; the record keeps their name beside it.

    Attributes:
        role: what they mainly do; `also` what they do besides (see `domain.rights`).
        automated: True for the tour and the sample's maker, whose decisions are shown as automated and
            never pass for a person's.
    """

    id: PersonId
    name: str
    role: Role = "writer"
    also: tuple[Role, ...] = ()
    automated: bool = False

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name.strip():
            raise ValueError("a person needs a name")
        return name.strip()

    @property
    def roles(self) -> tuple[Role, ...]:
        """Every role, the main one first, each once."""
        return tuple(dict.fromkeys((self.role, *self.also)))

    @property
    def initials(self) -> str:
        """One or two capitals, as on the person button: R. Okafor is RO."""
        words = re.findall(r"\w+", self.name)
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def roles_in(words: str) -> tuple[Role, ...]:
    """The roles that the record names in one field ("writer producer"); what is no role is passed over."""
    return tuple(role for role in ROLES if role in words.split())


def new_person(name: str, role: Role = "writer", also: tuple[Role, ...] = ()) -> Person:
    """A person with an id that says who it is and is unlike any other's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "person"
    return Person(id=PersonId(f"{slug}-{uuid.uuid4().hex[:8]}"), name=name, role=role, also=also)


#: Who decides in the tour and in the sample. Not a person, and marked so wherever it is shown.
AUTOMATED = Person(id=PersonId("automated"), name="Automated tour", role="writer", automated=True)
