"""OpenAI's API (Responses) and the many servers that speak its chat completions, through its own SDK.

The SDK is imported when it is first needed: it takes half a second. It is given everything that it would
otherwise look for in the environment, and no chance to try again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from studio_assist.domain.errors import StudioError
from studio_assist.domain.generation import (
    Event,
    FinishReason,
    TextBackend,
    TextRequest,
)

from .hookspec import BackendConfig, hookimpl
from .hosted import AtHost, Trouble, choices, key_for, trouble
from .sealed_http import sealed_client, within

if TYPE_CHECKING:
    from openai import AsyncOpenAI

#: Models that think before they answer take no sampling settings, and count their thoughts as tokens.
_THINKS: Final = re.compile(r"^(o\d|gpt-5)")
#: Room for those thoughts, in tokens.
_THOUGHTS: Final = 2048


class OnHost(AtHost):
    """What all kinds share, those that draw too: the SDK on the sealed door."""

    async def client(self) -> AsyncOpenAI:
        """The SDK with the host's key, on the sealed door."""
        # A quarter of a second the first time, in which the broker has others to answer.
        await asyncio.to_thread(import_module, "openai.resources")
        from openai import AsyncOpenAI

        return AsyncOpenAI(
            api_key=await key_for(self.settings, self._key_of),
            base_url=self.settings.url,
            organization="",
            project="",
            max_retries=0,
            timeout=None,
            http_client=sealed_client(self._transport),
        )

    def explain(self, error: BaseException) -> StudioError:
        """What an exception out of the SDK means; raises it anew where it is a bug of ours."""
        return _explained(error, self.host)

    def extra(self) -> dict[str, object]:
        """The further fields of the settings, as JSON."""
        return _nested(self.settings.fields)


class OpenAI(OnHost):
    """OpenAI's Responses. Nothing is stored there: every request says so."""

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event]:
        """As `TextBackend.generate`."""
        client = await self.client()

        async def one(index: int) -> AsyncGenerator[str | tuple[FinishReason, int]]:
            thinks = bool(_THINKS.match(self.settings.model))
            sampling: dict[str, Any] = (
                {}
                if thinks
                else {"temperature": request.sampling.temperature, "top_p": request.sampling.top_p}
            )
            stream = await client.responses.create(
                model=self.settings.model,
                input=[
                    {"role": message.role, "content": message.text}
                    for message in request.prompt(index).messages
                ],
                max_output_tokens=request.max_tokens + (_THOUGHTS if thinks else 0),
                store=False,
                stream=True,
                extra_body=self.extra() or None,
                **sampling,
            )
            async with stream:
                _hold_stream(stream, self.host)
                async for event in stream:
                    match event.type:
                        case "response.output_text.delta":
                            yield event.delta
                        case "response.completed":
                            yield FinishReason.STOP, _output_tokens(event.response.usage)
                            return
                        case "response.incomplete":
                            details = event.response.incomplete_details
                            cut = details is not None and details.reason == "content_filter"
                            reason = FinishReason.REFUSED if cut else FinishReason.LENGTH
                            yield reason, _output_tokens(event.response.usage)
                            return
                        case "response.refusal.done":
                            raise trouble("moderation", self.host)
                        case "response.failed":
                            raise _failure(event.response.error, self.host)
                        case "error":
                            raise by_code(event.code, event.message, self.host)
                        case _:
                            pass

        async for event in choices(request, self.host, one, self.explain):
            yield event


class OpenAICompatible(OnHost):
    """Any host that speaks chat completions: vLLM, LM Studio, llama.cpp, Ollama, OpenRouter, Ray Serve."""

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event]:
        """As `TextBackend.generate`."""
        client = await self.client()

        async def one(index: int) -> AsyncGenerator[str | tuple[FinishReason, int]]:
            messages: list[Any] = [
                {"role": message.role, "content": message.text} for message in request.prompt(index).messages
            ]
            stream = await client.chat.completions.create(
                model=self.settings.model,
                messages=messages,
                max_tokens=request.max_tokens,
                temperature=request.sampling.temperature,
                top_p=request.sampling.top_p,
                stream=True,
                stream_options={"include_usage": True},
                extra_body=self.extra() or None,
            )
            end: FinishReason | None = None
            tokens = 0
            async with stream:
                _hold_stream(stream, self.host)
                async for chunk in stream:
                    if chunk.usage is not None:
                        tokens = chunk.usage.completion_tokens
                    # Some servers send an error as a piece of the stream, which the SDK leaves be.
                    if said := (chunk.model_extra or {}).get("error"):
                        raise by_code(None, str(said), self.host)
                    for choice in chunk.choices or ():
                        if choice.delta and choice.delta.content:
                            yield choice.delta.content
                        if choice.delta and choice.delta.refusal:
                            raise trouble("moderation", self.host)
                        if choice.finish_reason:
                            end = _ENDS.get(choice.finish_reason, FinishReason.STOP)
            if end is not None:
                yield end, tokens

        async for event in choices(request, self.host, one, self.explain):
            yield event


_ENDS: Final[Mapping[str, FinishReason]] = {
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSED,
}


def _hold_stream(stream: Any, host: str) -> None:
    """Raise for an answer that is no stream of events, such as a page: the SDK reads it as an empty one."""
    kind = str(stream.response.headers.get("content-type", ""))
    if not kind.startswith("text/event-stream"):
        raise trouble("malformed", host, f"it answered with {_short(kind) or 'no type'}")


def _output_tokens(usage: Any) -> int:
    return usage.output_tokens if usage is not None else 0


def _failure(error: Any, host: str) -> StudioError:
    return by_code(error.code, error.message, host) if error is not None else trouble("other", host)


def by_code(code: str | None, message: str, host: str) -> StudioError:
    """The error for a code of the API's, with the host's own words."""
    return trouble(_CODES.get(str(code), "other"), host, _short(message))


#: Errors by their codes, and what they are to a person.
_CODES: Final[Mapping[str | None, Trouble]] = {
    "moderation_blocked": "moderation",
    "content_filter": "moderation",
    "content_policy_violation": "moderation",
    "invalid_prompt": "moderation",
    "insufficient_quota": "quota",
    "rate_limit_exceeded": "quota",
    "billing_hard_limit_reached": "quota",
    "invalid_api_key": "key",
    "model_not_found": "missing",
}


def _explained(error: BaseException, host: str) -> StudioError:
    """What an exception out of the SDK means; raises it anew where it is a bug of ours."""
    ours = within(error)
    if ours is not None:
        return ours
    import openai

    match error:
        case openai.PermissionDeniedError() if _flagged(error):
            return trouble("moderation", host)
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return trouble("key", host, _said(error))
        case openai.RateLimitError():
            return trouble("quota", host, _said(error))
        case openai.NotFoundError():
            return trouble("missing", host, _said(error))
        case openai.APIStatusError() if error.status_code == 402:
            # OpenRouter and others: the account holds no money.
            return trouble("quota", host, _said(error))
        case openai.APIStatusError() if error.code in _CODES:
            return by_code(error.code, _said(error), host)
        case openai.BadRequestError() | openai.UnprocessableEntityError():
            return trouble("refused", host, _said(error))
        case openai.APITimeoutError() | TimeoutError():
            return trouble("timeout", host)
        case openai.APIResponseValidationError() | ValueError() | AttributeError() | TypeError() | KeyError():
            # A JSON that is none comes as a ValueError of the reader. One of another shape than promised is
            # not looked at by the SDK, and fails where a part of it is missing or of another kind.
            return trouble("malformed", host)
        case openai.APIStatusError():
            return trouble("other", host, _said(error))
        case openai.APIError():
            return by_code(error.code, _short(error.message), host)
        case _:
            raise error


def _flagged(error: Any) -> bool:
    """Whether a 403 speaks of the words and not of the key: OpenRouter's moderation names its reasons."""
    body: object = getattr(error, "body", None)
    about: object = body.get("metadata") if isinstance(body, Mapping) else None
    return isinstance(about, Mapping) and "reasons" in about


def _said(error: Any) -> str:
    """The host's own words, short; none about keys, for OpenAI's hold a part of the wrong one."""
    return (
        "" if getattr(error, "status_code", 0) in (401, 403) else _short(str(getattr(error, "message", "")))
    )


def _short(text: str) -> str:
    # The SDK puts the status in front, and nothing else where the host sent no words.
    line = re.sub(r"^Error code: \d+( - )?", "", " ".join(text.split()))
    return line if len(line) <= 160 else f"{line[:159]}…"


def _nested(fields: Mapping[str, object]) -> dict[str, object]:
    """Dotted paths as the JSON they stand for."""
    body: dict[str, Any] = {}
    for path, value in fields.items():
        *outer, last = path.split(".")
        at = body
        for name in outer:
            at = at.setdefault(name, {})
        at[last] = list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType]  # a tuple of words
    return body


_TYPES: Final[Mapping[str, type[OnHost]]] = {"openai": OpenAI, "openai-compatible": OpenAICompatible}


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[TextBackend]:
    for settings in config.hosts:
        kind = _TYPES.get(settings.type)
        if kind is not None:
            yield kind(settings, config.transport, config.key_of)  # pyright: ignore[reportReturnType]  # each kind has `generate`
