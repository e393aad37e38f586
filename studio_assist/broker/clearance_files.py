"""Clearance requests and consents as files of a project, and the documents that they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar, cast

from pydantic import ValidationError

from studio_assist.domain import clearance
from studio_assist.domain.clearance import ClearanceRequest, Consent, Scope
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.values import UtcTime, Value
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.evidence import EvidenceStore
from studio_assist.storage.faults import disk

_V = TypeVar("_V", bound=Value)

#: What the first version of a request's file did not have.
_FIRST: Final = 1


class ClearanceFiles:
    """Everything under `clearance/` but the attestations.

    Attributes:
        problems: files that could not be read at the last look, each with what is wrong.
    """

    def __init__(self, folder: Path) -> None:
        self._requests: Final = folder / "requests"
        self._consents: Final = folder / "consents"
        self.sent: Final = folder / "sent"
        self.store: Final = EvidenceStore(folder / "evidence")
        self.problems: tuple[str, ...] = ()

    def requests(self) -> dict[str, ClearanceRequest]:
        """Every request by its id, in the order of their numbers."""
        found: list[ClearanceRequest] = []
        problems: list[str] = []
        for file in sorted(self._requests.glob("*.json")):
            try:
                request = _request_in(read_bytes(file), len(found) + 1)
            except (StudioError, ValidationError, ValueError) as error:
                problems.append(f"{file.name} cannot be read: {_first(error)}")
                continue
            if request.id == file.stem:
                found.append(request)
            else:
                problems.append(f"{file.name} holds another request ({request.id}).")
        self.problems = tuple(problems)
        return {one.id: one for one in sorted(found, key=lambda one: one.number)}

    def consents(self) -> dict[str, Consent]:
        """Every consent by its id."""
        found: dict[str, Consent] = {}
        problems = list(self.problems)
        for file in sorted(self._consents.glob("*.json")):
            try:
                consent = Consent.model_validate_json(read_bytes(file))
            except (StudioError, ValidationError, ValueError) as error:
                problems.append(f"{file.name} cannot be read: {_first(error)}")
                continue
            found[consent.id] = consent
        self.problems = tuple(problems)
        return found

    def save_request(self, request: ClearanceRequest) -> None:
        """Keep a request. Raises `Unavailable` where the disk does not let it."""
        _save(self._requests, request.id, request)

    def save_consent(self, consent: Consent) -> None:
        """Keep a consent; as `save_request`."""
        _save(self._consents, consent.id, consent)

    def remove_request(self, identifier: str) -> None:
        """Take a draft away."""
        path = self._requests / f"{identifier}.json"
        with disk(path, "removed"):
            path.unlink(missing_ok=True)

    def keep(self, document: Path, by: str, at: UtcTime) -> clearance.Evidence:
        """Copy a document into the project. Errors as `EvidenceStore.keep`."""
        kept = self.store.keep(document)
        # A profile may be called what no line holds; what counts is the entry's person.
        name = " ".join(by.split())[:600] or "somebody"
        return clearance.Evidence(added=at, by=name, name=kept.name, sha256=kept.sha256, size=kept.size)

    def path_of_request(self, identifier: str) -> Path:
        """Where a request stands."""
        return self._requests / f"{identifier}.json"


def next_number(used: Iterable[int]) -> int:
    """The number of a new request: one more than the highest that was used."""
    return 1 + max(used, default=0)


def _save(folder: Path, identifier: str, value: Value) -> None:
    with disk(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)
    data = value.model_dump_json(indent=1).encode("utf-8") + b"\n"
    if type(value).model_validate_json(data) != value:
        raise ValueError("a value does not read back as what was written")
    write_atomic(folder / f"{identifier}.json", data)


def _request_in(data: bytes, number: int) -> ClearanceRequest:
    content = json.loads(data)
    if isinstance(content, dict):
        fields = cast("dict[str, object]", content)
        if fields.get("format_version") == _FIRST:
            # Drafts of the version that knew nothing but what the gate had blocked.
            scene = fields.get("scene")
            fields = {name: value for name, value in fields.items() if name != "state"}
            fields |= {
                "format_version": 2,
                "number": number,
                "changed": fields.get("made"),
                "scope": Scope(scenes=(scene,) if isinstance(scene, str) else ()).model_dump(mode="json"),
            }
            data = json.dumps(fields).encode("utf-8")
    return ClearanceRequest.model_validate_json(data)


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}."
    return str(error)


def wrong(error: ValidationError, what: str) -> BadInput:
    """What is wrong with fields that a person filled in."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or what
    words = str(first["msg"]).removeprefix("Value error, ")
    return BadInput(f"{what} cannot be kept: {words}.", remedy="Correct it and try again.", place=place)
