"""Anthropic's Messages, and own servers that speak them (llama.cpp), spoken plainly over the door.

Source: Anthropic API reference, Messages and its streaming events, version header 2023-06-01 (read 2026-10).
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, Final

from studio_assist.domain.errors import StudioError
from studio_assist.domain.generation import (
    Event,
    FinishReason,
    TextBackend,
    TextRequest,
)
from studio_assist.domain.ports import Call, Reply

from .hookspec import BackendConfig, hookimpl
from .hosted import AtHost, Trouble, choices, key_for, trouble
from .sse import server_events

#: Errors by their names, and what they are to a person.
_ERRORS: Final[Mapping[str, Trouble]] = {
    "authentication_error": "key",
    "permission_error": "key",
    "billing_error": "quota",
    "rate_limit_error": "quota",
    "not_found_error": "missing",
    "invalid_request_error": "refused",
    "request_too_large": "refused",
    "timeout_error": "timeout",
}
_ENDS: Final[Mapping[str, FinishReason]] = {
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "refusal": FinishReason.REFUSED,
}
#: The most of an error's body that is read, in bytes.
_LONGEST_ERROR: Final = 65_536


class Anthropic(AtHost):
    """A model behind Anthropic's Messages."""

    async def generate(self, request: TextRequest) -> AsyncGenerator[Event]:
        """As `TextBackend.generate`."""
        key = await key_for(self.settings, self._key_of)

        async def one(index: int) -> AsyncGenerator[str | tuple[FinishReason, int]]:
            reply = await self._transport.send(self._call(request, index, key))
            async with aclosing(reply.body):
                if reply.status != 200:
                    raise await self._failure(reply)
                if not reply.headers.get("content-type", "").startswith("text/event-stream"):
                    raise trouble("malformed", self.host)
                end: FinishReason | None = None
                tokens = 0
                async for event in server_events(reply.body):
                    said: Any = json.loads(event.data)
                    match said["type"]:
                        case "content_block_delta" if said["delta"]["type"] == "text_delta":
                            yield said["delta"]["text"]
                        case "message_delta":
                            end = _ENDS.get(said["delta"].get("stop_reason") or "", FinishReason.STOP)
                            tokens = said.get("usage", {}).get("output_tokens", tokens)
                        case "message_stop":
                            yield end or FinishReason.STOP, tokens
                            return
                        case "error":
                            raise self._named(said["error"])
                        case _:
                            pass

        async for event in choices(request, self.host, one, self._explain):
            yield event

    # internals

    def _call(self, request: TextRequest, index: int, key: str) -> Call:
        messages = request.prompt(index).messages
        body: dict[str, object] = {
            "model": self.settings.model,
            "max_tokens": request.max_tokens,
            "messages": [
                {"role": message.role, "content": message.text}
                for message in messages
                if message.role != "system"
            ],
            # One of the two: newer models refuse both at once.
            "temperature": min(request.sampling.temperature, 1.0),
            "stream": True,
        }
        system = "\n\n".join(message.text for message in messages if message.role == "system")
        if system:
            body["system"] = system
        return Call(
            method="POST",
            url=f"{self.settings.url.rstrip('/').removesuffix('/v1')}/v1/messages",
            headers=(
                ("content-type", "application/json"),
                ("accept", "text/event-stream"),
                ("anthropic-version", "2023-06-01"),
                ("x-api-key", key),
            ),
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8"),
        )

    async def _failure(self, reply: Reply) -> StudioError:
        said = b""
        async for piece in reply.body:
            said += piece
            if len(said) > _LONGEST_ERROR:
                break
        try:
            error: Any = json.loads(said)["error"]
        except (ValueError, KeyError, TypeError, RecursionError):
            error = None
        if not isinstance(error, dict):
            by_status: dict[int, Trouble] = {401: "key", 403: "key", 404: "missing", 429: "quota"}
            return trouble(by_status.get(reply.status, "other"), self.host)
        return self._named(error)

    def _named(self, error: Any) -> StudioError:
        kind: Trouble = _ERRORS.get(str(error.get("type")), "other")
        # What is said of a wrong key may hold a part of it.
        said = "" if kind == "key" else " ".join(str(error.get("message", "")).split())[:160]
        return trouble(kind, self.host, said)

    def _explain(self, error: BaseException) -> StudioError:
        match error:
            case StudioError():
                return error
            case ValueError() | KeyError() | TypeError() | AttributeError():
                return trouble("malformed", self.host)
            case TimeoutError():
                return trouble("timeout", self.host)
            case _:
                raise error


@hookimpl
def studio_assist_backends(config: BackendConfig) -> Iterable[TextBackend]:
    for settings in config.hosts:
        if settings.type == "anthropic":
            yield Anthropic(settings, config.transport, config.key_of)
