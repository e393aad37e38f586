"""`studio-assist gate`: what would happen to a text at the gate. It sends nothing and records nothing."""

from __future__ import annotations

import asyncio
import base64
from argparse import Namespace

from studio_assist.broker.rehearsal import Rehearsal
from studio_assist.commands.opening import broker_with, current_person, open_to_write
from studio_assist.commands.output import Output, many
from studio_assist.domain.errors import BadInput
from studio_assist.gate.findings import Finding
from studio_assist.storage.atomic import read_bytes

#: The longest text that is looked at, in bytes: a script of a thousand pages.
_LONGEST = 4_000_000
_WORDS = {
    "here": "Nothing leaves this machine.",
    "ask": "It may be sent once a person has read it in the window.",
    "hold": "A person has to answer something first.",
    "blocked": "It is not sent.",
}


def gate(options: Namespace, output: Output) -> int:
    """Say what would happen, and why. Exit code 1 where it is blocked."""
    text = _text(options)
    found = asyncio.run(_rehearse(options, output, text))
    verdict = found.verdict
    reasons = [check for check in verdict.checks if not check.holds] or list(verdict.checks)
    output.document(
        {
            "verdict": verdict.verdict,
            "reasons": [{"rule": check.rule, "text": check.why or check.sentence} for check in reasons]
            or [{"rule": verdict.rules[0], "text": verdict.why}],
            "findings": [_finding(one) for one in found.findings],
            "envelope": {
                "method": found.envelope.method,
                "origin": found.envelope.origin,
                "path": found.envelope.target,
                "headers": dict(found.envelope.headers),
                "body_b64": base64.b64encode(found.envelope.body).decode(),
                "sha256": found.envelope.sha256,
            }
            if found.envelope
            else None,
        }
    )
    output.say(_WORDS[verdict.verdict])
    for check in reasons:
        if not check.holds:
            output.say(f"  {check.why} {check.remedy}".rstrip())
    if found.findings:
        output.say("", f"{many(len(found.findings), 'finding')}:")
        output.table(
            [
                (one.where, one.kind.value, one.action.value, one.text or "(not shown)", one.how)
                for one in found.findings
            ],
            heads=("where", "kind", "action", "what", "how"),
        )
    return 1 if verdict.verdict == "blocked" else 0


async def _rehearse(options: Namespace, output: Output, text: str) -> Rehearsal:
    person = current_person()
    async with broker_with() as broker:
        await open_to_write(broker, options.project, person, output)
        return await broker.rehearse(options.backend, text, person, tuple(options.image))


def _text(options: Namespace) -> str:
    data = read_bytes(options.text)
    if len(data) > _LONGEST:
        raise BadInput(
            "That text is too long to be one request.",
            remedy="Give it the part that you would ask about.",
            place=str(options.text),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"That file is not UTF-8 text (byte {error.start}).",
            remedy="Save it as UTF-8 text.",
            place=str(options.text),
        ) from error
    if not text.strip():
        raise BadInput(
            "That text is empty.", remedy="Check that it is the right file.", place=str(options.text)
        )
    return text


def _finding(one: Finding) -> dict[str, object]:
    return {
        "where": one.where,
        "kind": one.kind.value,
        "action": one.action.value,
        "how": one.how,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "name": one.term,
        "question": one.question or None,
    }
