"""What would happen to a text at the gate: everything as for a real request, and nothing sent or recorded."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from studio_assist.backends.registry import Backends
from studio_assist.broker.clear_closing import CLOSED
from studio_assist.broker.errands import Errand
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.outgoing import Outgoing
from studio_assist.broker.session import Session, new_request_id
from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.generation import Message, Prompt, Style, TextRequest
from studio_assist.domain.people import Person
from studio_assist.domain.pictures import PictureRequest, ReferencePicture
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.findings import Action, Finding
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.rules import Check
from studio_assist.gate.transport import Asking, asking
from studio_assist.gate.verdict import HERE, Verdict
from studio_assist.interchange.fountain import parse


@dataclass(frozen=True)
class Rehearsal:
    """What would happen.

    Attributes:
        findings: in the words as they were given, and then in the bytes as they would leave.
        envelope: those bytes; None where nothing would leave.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    envelope: Envelope | None

    def closed_by(self, refusal: Refusal | None) -> Rehearsal:
        """The same for a task that is closed until clearance is given, wherever its model runs."""
        if refusal is None:
            return self
        check = Check(
            rule=CLOSED,
            sentence="What it names is cleared",
            holds=False,
            found="Not cleared",
            why=refusal.message,
            remedy=refusal.remedy,
        )
        verdict = Verdict(
            verdict="blocked",
            rules=(CLOSED,),
            why=refusal.message,
            remedy=refusal.remedy,
            checks=(check, *self.verdict.checks),
        )
        return replace(self, verdict=verdict)


async def rehearse(
    session: Session,
    gatekeeper: Gatekeeper,
    backends: Backends,
    wanted: str,
    text: str,
    person: Person,
    pictures: tuple[Path, ...] = (),
) -> Rehearsal:
    """Build the request that a backend would send for a text, and judge it.

    Args:
        wanted: the backend's id.
        pictures: files that would go along.

    Raises:
        BadInput: there is no such backend, it takes no pictures, or a file is none.
        Unavailable: the backend is not ready, or sends nothing that could be judged.
        Damaged, BadInput: the list of names cannot be read.
    """
    info = backends.get(wanted).info
    if pictures:
        backends.drawer(wanted)
    if not info.ready:
        raise Unavailable(info.why or f"{info.name} is not ready.", remedy=info.remedy, place=info.id)
    prompt = (
        Prompt(text=text)
        if info.capabilities.style is Style.COMPLETION
        else Prompt(messages=(Message(role="user", text=text),))
    )
    script = parse(session.state().script).screenplay
    errand = Errand(
        request=new_request_id(),
        person=person,
        info=info,
        task="A look at the gate",
        desk="Command line",
        scene=None,
        script=script,
        asked=TextRequest(prompts=(prompt,)),
    )
    token = asking.set(Asking(errand.request, info.id))
    try:
        outgoing = await gatekeeper.prepare(errand, dry=True, pictures=pictures)
        if info.stays_here:
            return Rehearsal(HERE, outgoing.draft.findings, None)
        try:
            async with aclosing(
                _work(backends, wanted, outgoing, gatekeeper.checked(errand.request))
            ) as stream:
                async for _event in stream:
                    break
        except StudioError:
            # The gate stops it there; anything else is for the person to know.
            if gatekeeper.seen(errand.request) is None:
                raise
        seen = gatekeeper.seen(errand.request)
        if seen is None:
            raise Unavailable(
                f"{info.name} sent nothing that could be judged.",
                remedy="Look at its settings.",
                place=info.id,
            )
        envelope, verdict, found = seen
        # What stands in the bytes as it stood in the words is said once.
        said = {(one.kind, one.text) for one in outgoing.draft.findings if one.action is not Action.REPLACED}
        left = tuple(one for one in found.findings if (one.kind, one.text) not in said)
        return Rehearsal(verdict, (*outgoing.draft.findings, *left), envelope)
    finally:
        asking.reset(token)
        gatekeeper.end(errand.request)


def _work(
    backends: Backends, wanted: str, outgoing: Outgoing, pictures: Sequence[PictureCheck]
) -> AsyncGenerator[object]:
    """What the backend does with it: writes, or draws where it does not write or pictures go along."""
    if "text" in backends.get(wanted).info.kinds and not pictures:
        return backends.get(wanted).generate(outgoing.request)
    prompt = outgoing.request.prompts[0]
    words = prompt.text or "\n\n".join(message.text for message in prompt.messages)
    drawer = backends.drawer(wanted)
    # A host that looks at none may still change one.
    role = "reference" if drawer.skills.references or not drawer.skills.edits else "edit"
    references = tuple(
        ReferencePicture(
            data=one.picture.data,
            media_type="image/png" if one.picture.media_type == "image/png" else "image/jpeg",
            name=one.picture.name,
            role=role,
        )
        for one in pictures
    )
    return drawer.draw(PictureRequest(prompt=words, references=references))
