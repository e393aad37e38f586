"""The messages as bytes: JSON-RPC 2.0, one document a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from studio_assist.domain.errors import BadInput, StudioError, error_of
from studio_assist.domain.values import Value
from studio_assist.protocol.events import Event
from studio_assist.protocol.methods import METHODS, Method, P

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)


@dataclass(frozen=True)
class Call:
    """A request as it came over the wire: its parameters are already of the method's type.

    Attributes:
        again: it may have been carried out before, by a broker that ended before it could answer.
    """

    id: int
    method: Method[Any, Any]
    params: Value
    again: bool = False


@dataclass(frozen=True)
class Answer:
    """How a call ended: with a result still as JSON, or with an error."""

    id: int
    result: bytes | None
    error: StudioError | None
    bug: str | None = None


def encode_call(number: int, method: Method[P, Any], params: P, *, again: bool = False) -> bytes:
    """One request as a line."""
    body = {"jsonrpc": "2.0", "id": number, "method": method.name, "params": params}
    return to_json(body | {"again": True} if again else body) + b"\n"


def encode_result(number: int, result: Value) -> bytes:
    """One answer as a line."""
    return to_json({"jsonrpc": "2.0", "id": number, "result": result}) + b"\n"


def encode_error(number: int | None, error: StudioError) -> bytes:
    """One refusal, bad input or other error that a person can act on, as a line (code 1)."""
    data = {"kind": error.kind, "remedy": error.remedy, "place": error.place, "rule": error.rule}
    body = {"code": 1, "message": error.message, "data": data}
    return to_json({"jsonrpc": "2.0", "id": number, "error": body}) + b"\n"


def encode_bug(number: int | None, details: str) -> bytes:
    """A fault of ours as a line (code 2): `details` is the traceback, which holds no script text."""
    body = {"code": 2, "message": "Something in Studio Assist failed.", "data": {"details": details}}
    return to_json({"jsonrpc": "2.0", "id": number, "error": body}) + b"\n"


def encode_event(event: Event) -> bytes:
    """One event as a line."""
    return to_json({"jsonrpc": "2.0", "method": "event", "params": event}) + b"\n"


def decode_call(line: bytes) -> Call:
    """Read a request. Raises `BadInput` for anything that is not exactly one of ours."""
    try:
        message = from_json(line)
        method = METHODS[message["method"]]
        # Strict models read a date or an enum from JSON only, so the parameters go through JSON again.
        params = method.params.model_validate_json(to_json(message.get("params", {})))
        return Call(int(message["id"]), method, params, message.get("again") is True)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"The window sent something that the broker does not understand: {type(error).__name__}.",
            remedy="Install the window and the broker from the same version of Studio Assist.",
        ) from error


def decode_from_broker(line: bytes) -> Answer | Event:
    """Read an answer or an event. Raises `BadInput` where the line is neither."""
    try:
        message = from_json(line)
        if message.get("method") == "event":
            return _EVENT.validate_json(to_json(message["params"]))
        if "error" in message:
            error = message["error"]
            data = error["data"]
            if error["code"] == 1:
                known = error_of(data["kind"], error["message"], data["remedy"], data["place"], data["rule"])
                return Answer(message["id"], None, known)
            return Answer(message["id"], None, None, bug=str(data["details"]))
        return Answer(message["id"], to_json(message["result"]), None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            f"The broker sent something that the window does not understand: {type(error).__name__}.",
            remedy="Install the window and the broker from the same version of Studio Assist.",
        ) from error
