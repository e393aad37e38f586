"""Beginning to ask for clearance: a file in the project, an entry in the record, and words for a mail."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import ClearanceRequest, letter_of
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.policy import Policy
from studio_assist.domain.record import ClearanceDrafted, Judged, Requested
from studio_assist.storage.atomic import read_bytes
from studio_assist.storage.faults import disk


def draft_clearance(
    session: Session, params: protocol.DraftClearanceParams, policies: tuple[Policy, ...]
) -> protocol.ClearanceDraft:
    """Write the draft down. Whoever asks again for the same gets the same draft.

    Raises:
        Refusal: the project is read-only here, or its record was altered.
        BadInput: no such request, or no reason.
    """
    session.may_write()
    wanted = _request(session, params)
    folder = session.folder.clearance_path / "requests"
    found = _there_already(folder, wanted) or wanted
    entries = session.ledger.entries(type="clearance_drafted", limit=100_000)
    if not any(isinstance(one.body, ClearanceDrafted) and one.body.clearance == found.id for one in entries):
        session.meet(params.person)
        with disk(folder, "made"):
            folder.mkdir(parents=True, exist_ok=True)
        # The file before the entry that names it; what a crash left without one gets it now.
        session.folder.save_json(folder / f"{found.id}.json", found)
        entry = ClearanceDrafted(clearance=found.id, request=found.request, rule=found.rule)
        session.append(entry, person=params.person, durable=True)
    title = policies[0].title if policies else found.policy
    return protocol.ClearanceDraft(
        id=found.id,
        path=str(folder / f"{found.id}.json"),
        text=letter_of(found, session.folder.info.title, title),
    )


def _request(session: Session, params: protocol.DraftClearanceParams) -> ClearanceRequest:
    asked: Requested | None = None
    host = ""
    if params.request is not None:
        entries = session.ledger.entries(type="requested", request=params.request, limit=1)
        body = entries[0].body if entries else None
        if not isinstance(body, Requested):
            raise BadInput("There is no such request in the record.", remedy="Ask again.", place="request")
        asked = body
        judged = session.ledger.entries(type="judged", request=params.request, newest_first=True, limit=1)
        if judged and isinstance(judged[0].body, Judged):
            host = judged[0].body.origin
    now = session.now()
    try:
        return ClearanceRequest(
            id=f"{now:%Y%m%d}-{secrets.token_hex(4)}",
            made=now,
            by=params.person,
            rule=params.rule,
            why=params.why.strip(),
            backend=params.backend,
            host=host,
            request=params.request,
            scene=asked.scene if asked else None,
            task=asked.task if asked else "",
            policy=session.folder.info.policy,
        )
    except ValidationError as error:
        place = str(error.errors()[0]["loc"][0])
        raise BadInput(
            f"A clearance request cannot have that {place}.",
            remedy="Name the rule and its reason.",
            place=place,
        ) from error


def _there_already(folder: Path, wanted: ClearanceRequest) -> ClearanceRequest | None:
    def what(one: ClearanceRequest) -> tuple[object, ...]:
        return one.request, one.rule, one.backend, one.by.id, one.host, one.why, one.policy

    for file in sorted(folder.glob("*.json")):
        try:
            there = ClearanceRequest.model_validate_json(read_bytes(file))
        except (StudioError, ValidationError):
            # A file that is no draft any more, or never was one.
            continue
        if file.stem == there.id and what(there) == what(wanted):
            return there
    return None
