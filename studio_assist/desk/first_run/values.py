"""What the start page is given to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio_assist.desk.shell.model import BadgeText
from studio_assist.domain.people import Role

#: "ready" can be used now, "found" answers on this machine, "off" is there but not running or lacks
#: something, "blocked" is against the policy, "looking" is being looked for.
StateKind = Literal["ready", "found", "off", "blocked", "looking"]
#: What the row's icon shows.
BackendKind = Literal["chip", "server", "picture", "cloud"]


@dataclass(frozen=True, slots=True)
class BackendRow:
    """One model that can be used, or could be.

    Attributes:
        state: the state in words ("Ready · SmolLM2-135M, CPU").
        action: label of its button, None where there is nothing to do; `action_short` where there is
            little room.
        action_icon: an icon on the button, or "".
        why: more words, as a tool tip: why it is off, what is missing.
    """

    id: str
    name: str
    state: str
    kind: StateKind
    icon: BackendKind = "chip"
    badges: tuple[BadgeText, ...] = ()
    action: str | None = None
    action_icon: str = ""
    action_short: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PolicyNote:
    """The policy that new projects get, in a sentence or two."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy that a new project can take."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The person at the keyboard, as they named themselves; `roles` has the main one first."""

    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class NewProject:
    """What was filled in for a new project. `folder` is the parent folder's path as typed."""

    title: str
    folder: str
    policy: str
