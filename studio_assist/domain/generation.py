"""What is asked of a model and what comes back: one complete request, a stream of small events.

A backend is anything that turns a `TextRequest` into events. It knows nothing of scripts, tasks, policy,
names or the ledger; what is done with its words is decided elsewhere, and by a person.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Annotated, Final, Literal, Protocol, Self

from pydantic import Field, StringConstraints, model_validator

from .errors import StudioError, error_of
from .values import Value

#: The most choices one request may ask for (cards times oversampling).
MOST_CHOICES: Final = 48


class Style(StrEnum):
    """How a model wants to be spoken to."""

    #: The model goes on writing a text; best for very small models, with worked examples in the text.
    COMPLETION = "completion"
    #: The model answers messages.
    CHAT = "chat"


class Sampling(Value):
    """How freely a model picks its next word. A backend leaves out what its provider does not know."""

    temperature: Annotated[float, Field(ge=0.0, le=2.0)] = 0.8
    top_p: Annotated[float, Field(gt=0.0, le=1.0)] = 0.92
    min_p: Annotated[float, Field(ge=0.0, le=1.0)] = 0.06
    top_k: Annotated[int, Field(ge=0, le=1000)] = 64
    repeat_penalty: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0


class Message(Value):
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    text: str


class Prompt(Value):
    """What one choice is made from: a text to go on from, or messages; exactly one of the two."""

    text: str = ""
    messages: tuple[Message, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.text) == bool(self.messages):
            raise ValueError("a prompt is either a text to go on from or messages")
        return self


class TextRequest(Value):
    """Everything that decides what a model writes. Nothing downstream reads a setting.

    Attributes:
        prompts: choice `i` is made from `prompts[i % len(prompts)]`; see `prompt`.
        count: how many choices.
        seed: the choices of one prompt are made with `seed`, `seed + 1`, …; see `seed_of`.
        max_tokens: longest answer, in the model's own tokens.
        stop: a choice ends before any of these strings; they are not part of its text.
        grammar: GBNF that the answer must follow, or None. Backends without grammars ignore it.
    """

    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=MOST_CHOICES)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    max_tokens: Annotated[int, Field(ge=1, le=32_768)] = 64
    stop: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    grammar: str | None = None

    def prompt(self, index: int) -> Prompt:
        """The prompt of choice `index`, counted from 0."""
        return self.prompts[index % len(self.prompts)]

    def seed_of(self, index: int) -> int:
        """The seed of choice `index`; with its prompt and count 1 it asks for that choice again."""
        return (self.seed + index // len(self.prompts)) % 2**31


class FinishReason(StrEnum):
    STOP = "stop"  # the model ended, or reached a stop string
    LENGTH = "length"  # max_tokens
    REFUSED = "refused"  # the provider's own filter cut it off


class Delta(Value):
    """More text of one choice. Joined in order, a choice's deltas are its text."""

    index: int
    text: str


class Finished(Value):
    """One choice is complete.

    Attributes:
        tokens: tokens the model made for it; 0 if the backend cannot tell.
        ms: milliseconds from the request to here.
        sureness: mean natural logarithm of the probability with which its tokens were picked (0 is
            certain), or None if the backend cannot tell. Very small models are worse where they are unsure.
    """

    index: int
    reason: FinishReason
    tokens: int = 0
    ms: int = 0
    sureness: float | None = None


class Failed(Value):
    """A choice will not be finished; what arrived of it before stands.

    Attributes:
        index: the choice, or None when it is true of every unfinished one.
        kind: as in `errors.ERRORS`.
        cause: a short name for programs: crash, old_cpu, out_of_memory, missing, damaged, timeout, other; of
            a host also key, quota, moderation, malformed, refused, lost.
    """

    index: int | None
    message: str
    remedy: str
    kind: str = "unavailable"
    cause: str = "other"

    @property
    def error(self) -> StudioError:
        return error_of(self.kind, self.message, self.remedy)


#: What a backend's stream holds.
Event = Delta | Finished | Failed


class Capabilities(Value):
    """What a backend can do.

    Attributes:
        streaming: deltas arrive while the model writes.
        stop: closing the stream stops the model itself, not only our reading.
        parallel: how many choices it makes at once.
        seed: the same request with the same seed gives the same text.
    """

    text: bool = True
    pictures: bool = False
    streaming: bool = True
    stop: bool = True
    parallel: Annotated[int, Field(ge=1)] = 1
    seed: bool = False
    style: Style = Style.CHAT


class Where(StrEnum):
    HERE = "here"  # nothing leaves the machine
    STUDIO = "studio"  # a host of the studio's own network
    OUTSIDE = "outside"


class BackendInfo(Value):
    """One backend as the provider list, the tray and `studio-assist backends` show it.

    Attributes:
        where: here, studio, outside.
        host: the host that is sent to, or None when nothing is sent.
        model: the model's name as a person knows it ("SmolLM2-135M").
        parameters: the model's size in millions of parameters, or None if unknown.
        quality: an honest label ("very small offline model: rough ideas"), or "".
        retention_days: how long what is sent is kept; 0 not at all, None unknown.
        trains: whether what is sent is used to train; None unknown.
        ready: it can be asked now. `why` and `remedy` say what is missing when it cannot.
    """

    id: str
    name: str
    kinds: tuple[Literal["text", "pictures"], ...] = ("text",)
    where: Where
    host: str | None = None
    model: str = ""
    parameters: int | None = None
    quality: str = ""
    retention_days: int | None = None
    trains: bool | None = None
    ready: bool = True
    why: str = ""
    remedy: str = ""
    capabilities: Capabilities = Capabilities()

    @property
    def stays_here(self) -> bool:
        """Whether it runs on this machine and has no host: it is given no way to send."""
        return self.where is Where.HERE and self.host is None


class HostSettings(Value):
    """A backend at a host, as somebody set it up.

    Attributes:
        type: which backend speaks to it: openai, openai-compatible, anthropic, openai-pictures,
            openai-compatible-pictures, or a plugin's own.
        url: address of the API without the endpoint: "https://api.openai.com/v1".
        model: as the host calls it.
        region: where it is asked to work, or "".
        key_env: name of the environment variable that holds the key; "" for the keychain.
        fields: further fields of the request's body by dotted path, as the provider's terms ask for them.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: str = ""
    url: Annotated[
        str,
        StringConstraints(
            pattern=r"^https?://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~%-]+)*/?$"
        ),
    ]
    model: str = ""
    region: str = ""
    key_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{0,80}$")] = ""
    fields: dict[str, bool | int | str | tuple[str, ...]] = {}

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's usual one, as the gate writes it."""
        scheme, _, rest = self.url.partition("://")
        authority = rest.split("/", 1)[0].lower()
        usual = ":443" if scheme == "https" else ":80"
        return authority.removesuffix(usual)

    @property
    def hostname(self) -> str:
        """The host without its port, and without the brackets of an IPv6 address."""
        authority = self.authority
        if authority.startswith("["):
            return authority[1:].split("]", 1)[0]
        return authority.split(":", 1)[0].rstrip(".")


class TextBackend(Protocol):
    """A model that writes. See `backends/hookspec.py` for how to add one."""

    @property
    def info(self) -> BackendInfo:
        """What it is and whether it is ready, as of now. Cheap: no network, at most a look at a file."""
        ...

    def generate(self, request: TextRequest) -> AsyncGenerator[Event, None]:
        """Write. Each choice ends in one `Finished` or `Failed`.

        Before the first event it may raise `Unavailable` or `BadInput`; once a delta is out, what goes
        wrong is a `Failed`. Closing the generator, or cancelling the task that reads it, stops the model.
        """
        ...
