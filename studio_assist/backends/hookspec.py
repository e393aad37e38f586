"""How to add a backend: the plugin interface, which the built-in backends use like anyone else's.

A plugin is a Python package that names a module under the entry-point group `studio_assist.backends`:

    [project.entry-points."studio_assist.backends"]
    parrot = "parrot"

The module implements one hook and yields its backends. This is a whole one:

    from studio_assist.backends.hookspec import hookimpl
    from studio_assist.domain.generation import BackendInfo, Capabilities, Delta, Finished, FinishReason
    from studio_assist.domain.generation import Where

    class Parrot:
        info = BackendInfo(
            id="parrot", name="Parrot", where=Where.HERE, model="none",
            capabilities=Capabilities(seed=True),
        )

        async def generate(self, request):
            for index in range(request.count):
                prompt = request.prompt(index)
                words = prompt.text or prompt.messages[-1].text
                yield Delta(index=index, text=words.splitlines()[-1])
                yield Finished(index=index, reason=FinishReason.STOP)

    @hookimpl
    def studio_assist_backends(config):
        yield Parrot()

What a backend is asked: `studio_assist.domain.generation`, which is all it needs to know.

- `generate` is an async generator. Closing it, or cancelling the task that reads it, has to stop the model:
  put what stops it into a `finally`.
- Choice `i` is made from `request.prompt(i)` with `request.seed_of(i)`. Its deltas come in order; choices may
  be mixed. Each ends in one `Finished` or `Failed`.
- Before the first event, raise `Unavailable` for what a person can mend and `BadInput` for a request that
  cannot be met, each with a remedy. Any other exception is a bug and is shown as one.
- The network is reached through `config.transport.send(call)` and nothing else: the gate looks at exactly the
  bytes of that call. A backend whose `where` is not `here` has to say its `host`.
- It knows nothing of policy, names, scripts or the ledger.
- `info.parameters` (millions) decides which tasks are offered; leave it out for a large model.
- `info.retention_days` and `info.trains`: what the provider says it does. Unknown (None) counts as the worst.
- A backend that draws has "pictures" in `info.kinds`, `skills` and `draw` instead of `generate`: the contract
  is `domain.pictures.PictureBackend`. It answers with files, never with addresses of files.
- A request of more than one call: `domain.following`. `present` has a person read several calls on one sheet.
  What may follow without a sheet is data of the program (`resources/follow-ups`), and none of a plugin's.
- A backend that cannot be used now says so: `ready=False` with `why` and `remedy`. A plugin that fails to
  load is listed so by the program itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pluggy

from studio_assist.domain.generation import HostSettings, TextBackend
from studio_assist.domain.pictures import PictureBackend
from studio_assist.domain.ports import ModelRuntime, Transport

#: The entry-point group, and the name pluggy knows the project by.
GROUP: Final = "studio_assist.backends"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


async def _no_key(_backend: str) -> str | None:
    return None


@dataclass(frozen=True)
class BackendConfig:
    """What a backend is made with.

    Attributes:
        transport: the one door out.
        runtime: runs model files of this machine in a process of its own.
        settings: the user's settings for backends. The built-in ones read `gguf` (a list of paths of
            model files that a person picked), `models_folder` (where the weights are, if not in the
            usual place) and `comfyui_folder` (the user's own graphs). A plugin reads a key of its own name.
        hosts: the hosts that somebody set up; a backend takes those of its own type.
        key_of: gives a host's key by the backend's id, at the moment it is needed; never keep or log it.
    """

    transport: Transport
    runtime: ModelRuntime
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hosts: tuple[HostSettings, ...] = ()
    key_of: Callable[[str], Awaitable[str | None]] = _no_key


@hookspec
def studio_assist_backends(config: BackendConfig) -> Iterable[TextBackend | PictureBackend]:  # pyright: ignore[reportReturnType]  # a specification has no body
    """Offer backends for this configuration.

    A backend turns a `TextRequest` or a `PictureRequest` into a stream of events. It reaches the network
    through `config.transport` and nothing else; it knows nothing of policy, names or the ledger. Raise
    `Unavailable` for what the user can mend; let everything else be a bug.
    """
