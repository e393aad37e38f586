"""The people who decide."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Literal

from pydantic import field_validator

from studio_assist.domain.values import PersonId, Value

Role = Literal["writer", "artist", "producer", "approver"]


class Person(Value):
    """A named person. Decisions carry their id; the record keeps their name beside it.

    Attributes:
        automated: True for the tour and the sample's maker, whose decisions are shown as automated and
            never pass for a person's.
    """

    id: PersonId
    name: str
    role: Role = "writer"
    automated: bool = False

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name.strip():
            raise ValueError("a person needs a name")
        return name.strip()

    @property
    def initials(self) -> str:
        """One or two capitals, as on the person button: R. Okafor is RO."""
        words = re.findall(r"\w+", self.name)
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def new_person(name: str, role: Role = "writer") -> Person:
    """A person with an id that says who it is and is unlike any other's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "person"
    return Person(id=PersonId(f"{slug}-{uuid.uuid4().hex[:8]}"), name=name, role=role)


#: Who decides in the tour and in the sample. Not a person, and marked so wherever it is shown.
AUTOMATED = Person(id=PersonId("automated"), name="Automated tour", role="writer", automated=True)
