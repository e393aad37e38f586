"""What desk and broker say about hosts, attestations, policies and the list of names."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from studio_assist.domain.generation import BackendInfo, HostSettings
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.people import Person
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, RequestId, Value


class Badge(Value):
    """A few words on how a backend handles data. tone: "plain", or "bad" where the policy blocks it."""

    text: str
    tone: Literal["plain", "bad"] = "plain"
    icon: Literal["stays", "leaves", "kept", "blocked"]


class Standing(Value):
    """Where a backend stands, as lists show it.

    Attributes:
        state: one line: "Ready", "No key", "Attested to 3 Feb 2027", "No attestation".
        badges: "Nothing leaves"; or "Off machine, asks first", "0 days kept", "30 days kept, blocked".
        blocked: why the project's policy, or the default one, keeps everything from it, in a sentence; ""
            where a sheet can come up.
        needs: what a person can do next: "key", "attestation", "model", or None.
        has_key: a key is in the keychain, or in the variable that is named for it.
        removable: somebody added it, and can take it away.
    """

    backend: str
    state: str
    badges: tuple[Badge, ...]
    blocked: str = ""
    needs: Literal["key", "attestation", "model"] | None = None
    has_key: bool = False
    removable: bool = False


class FoundServer(Value):
    """A server that was looked for on this machine.

    Attributes:
        kind: "Ollama", "LM Studio", "llama.cpp", "vLLM", "ComfyUI", "Stable Diffusion web UI".
        url: address of its API as `HostSettings.url` has it.
        type: which backend would speak to it; "" where there is none yet.
        models: what it offers; ones that its maker would run elsewhere are left out (see the provider cards).
        backend: id of a backend that is set up for it already, or "".
    """

    kind: str
    port: int
    url: str
    type: str
    running: bool
    models: tuple[str, ...] = ()
    backend: str = ""


class TermsSeen(Value):
    """What a provider's card says, for whoever sets a host up or attests it.

    Attributes:
        zero: how nothing is kept, in a sentence; `can_be_attested` is False where there is no way.
        residual: what is kept even so.
    """

    id: str
    plan: str
    retention: str
    trains: str
    zero: str
    can_be_attested: bool
    required: tuple[str, ...]
    forbidden: tuple[str, ...]
    residual: tuple[str, ...]


class CardSeen(Value):
    """The provider card that speaks of a host."""

    id: str
    name: str
    where: Literal["here", "studio", "outside"]
    about: str
    source: str
    checked_on: date
    expires_on: date
    terms: tuple[TermsSeen, ...]


class HostParams(Value):
    """Which card speaks of this address? `backend`: of a host that is set up, instead of an address."""

    url: str = ""
    backend: str = ""
    type: str = "openai-compatible"
    model: str = ""


class HostSeen(Value):
    """`statement` is what whoever attests puts their name to; `longest` the last day that may be chosen."""

    card: CardSeen
    statement: str
    longest: date


class AddBackendParams(Value):
    """Set a host up. `key` goes to the keychain and is kept nowhere else; None leaves what is there.

    Attributes:
        for_project: it is kept in the open project; else on this machine for every project.
    """

    settings: HostSettings
    key: Annotated[str | None, Field(repr=False)] = None
    person: Person
    for_project: bool = True


class BackendAdded(Value):
    """`key_note`: where the key went, in a sentence; "" where there was none."""

    info: BackendInfo
    standing: Standing
    key_note: str = ""


class RemoveBackendParams(Value):
    backend: str
    person: Person


class SetKeyParams(Value):
    """`key` None takes the key away."""

    backend: str
    key: Annotated[str | None, Field(repr=False)]
    person: Person


class KeySet(Value):
    """`kept` is False where no keychain keeps it: it ends with this session then."""

    kept: bool
    note: str


class AttestParams(Value):
    """Attributes:
    evidence: path of the document; a copy goes into the project by its hash.
    models: patterns; empty for the backend's own model alone.
    """

    backend: str
    evidence: str
    until: date
    plan: str = ""
    region: str = ""
    models: tuple[str, ...] = ()
    person: Person


class Attested(Value):
    attestation: str
    entry: EntryNumber
    until: date
    warnings: tuple[str, ...] = ()


class RevokeParams(Value):
    attestation: str
    why: str
    person: Person


class AttestationSeen(Value):
    """One attestation of the project. `state`: valid, or why it does not count any more."""

    id: str
    backend: str
    host: str
    by: str
    plan: str
    region: str
    made: date
    until: date
    evidence: str
    state: Literal["valid", "expired", "revoked", "not signed", "no evidence"]


class Attestations(Value):
    attestations: tuple[AttestationSeen, ...]


class Names(Value):
    """The production's names: from the script by itself, and a person's own.

    Attributes:
        no_names: words of which somebody said that they are no names.
    """

    names: tuple[NameTerm, ...]
    no_names: tuple[str, ...] = ()


class ListNamesParams(Value):
    """`script`: as it stands in the editor; None for the saved one."""

    script: str | None = None


class SetNameParams(Value):
    """Add a name or change it. `was`: the name before, where it is written otherwise now."""

    text: str
    kind: NameKind
    aliases: tuple[str, ...] = ()
    was: str | None = None
    person: Person
    script: str | None = None


class RemoveNameParams(Value):
    """Take a person's own name off the list, or the answer that a word is no name."""

    text: str
    no_name: bool = False
    person: Person
    script: str | None = None


class PolicySeen(Value):
    """A policy as it can be chosen and read.

    Attributes:
        sentences: its principles and rules, with where each comes from: (sentence, source, verified).
    """

    id: str
    title: str
    version: str
    about: str
    disclaimer: str
    overlay: bool
    allows: Literal["here", "studio", "outside"]
    sentences: tuple[tuple[str, str, bool], ...]


class Policies(Value):
    """Every policy, and the project's own.

    Attributes:
        chosen: the project's, or the default for new projects where none is open.
        pinned: the files are the ones that the record names; False asks for a named person's word.
        problems: files that could not be read, each with what is wrong.
    """

    policies: tuple[PolicySeen, ...]
    chosen: str
    overlays: tuple[str, ...]
    material: Sensitivity
    pinned: bool
    problems: tuple[str, ...] = ()


class ChoosePolicyParams(Value):
    policy: str
    overlays: tuple[str, ...] = ()
    material: Sensitivity = Sensitivity.CONFIDENTIAL
    person: Person


class DraftClearanceParams(Value):
    """Begin to ask for clearance of what the gate blocked."""

    request: RequestId | None
    rule: str
    why: str
    backend: str
    person: Person


class ClearanceDraft(Value):
    """`text`: the request in plain words, to be copied into a mail; `path`: where it is kept."""

    id: str
    path: str
    text: str
