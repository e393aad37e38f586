"""What the table says of tools and purposes, in a few plain words; no text of a script is among them."""

from __future__ import annotations

import re
from typing import Final

from studio_assist.domain import record
from studio_assist.domain.record import Requested
from studio_assist.domain.review import DeskName

#: The tool of what a person did with their own hands.
BY_HAND: Final = "None, by hand"

_BOARD: Final = "board"
_TOOLS: Final = {
    "embedded": "Local",
    "ollama": "Ollama",
    "llama-server": "llama.cpp",
    "comfyui": "ComfyUI",
    "openai": "OpenAI",
    "anthropic": "Anthropic",
}
#: A model's size and kind, which the name is read without.
_SIZE: Final = re.compile(r"-\d.*$")
_TASKS: Final = {"continue-scene": "Continue"}
_SENSITIVITIES: Final = {"public": 1, "internal": 2, "production-confidential": 3, "talent-or-personal": 4}
#: Exports of these formats are of the board.
#: Formats of exports that show the script alone.
_OF_SCRIPT: Final = ("fountain", "fdx", "pdf")

_OTHERS: Final[dict[str, tuple[DeskName, str]]] = {
    "project_created": ("Record", "Project made"),
    "policy_chosen": ("Gate", "Policy chosen"),
    "names_changed": ("Gate", "List of names changed"),
    "references_changed": ("Clear", "List of references changed"),
    "contact_told": ("Clear", "Studio contact told"),
    "clearance_drafted": ("Clear", "Clearance begun"),
    "clearance_sent": ("Clear", "Clearance asked for"),
    "clearance_approved": ("Clear", "Clearance answered"),
    "clearance_refused": ("Clear", "Clearance answered"),
    "clearance_withdrawn": ("Clear", "Clearance taken back"),
    "pack_made": ("Record", "Evidence pack"),
    "key_added": ("Record", "Signing key added"),
    "key_vouched": ("Record", "Signing key vouched for"),
    "certificate_added": ("Record", "Certificate added"),
    "witnessed": ("Record", "Record witnessed"),
    "recovered": ("Record", "Recovered"),
    "boards_imported": ("Board", "Boards taken in"),
    "sound_added": ("Board", "Sound added"),
    "sound_marked": ("Board", "Sound marked"),
    "roles_given": ("Record", "Roles given"),
}


def tool_words(request: Requested) -> str:
    """Backend and model as people read them: "Local · SmolLM2"."""
    if request.backend == "file":
        return "A file of theirs"
    if request.backend in ("blockout", "previs"):
        # Drawn by the program, and named by what it is.
        return request.model
    model = _SIZE.sub("", request.model) if request.backend == "embedded" else request.model
    tool = _TOOLS.get(request.backend, request.backend)
    return f"{tool} · {model}" if model and model != tool else tool


def sensitivity_code(name: str) -> int:
    """The number of a class, by its name in the record; 0 for none that is known."""
    return _SENSITIVITIES.get(name, 0)


def desk_of(request: Requested) -> DeskName:
    """Where it was asked."""
    return "Board" if request.task == _BOARD else "Write"


def request_purpose(request: Requested) -> str:
    """What a request was for: "Alt lines, sc 14", "14D"."""
    if request.task == _BOARD:
        number = request.settings.get("number")
        return str(number) if number else "A panel"
    title = _TASKS.get(request.task) or request.task.replace("-", " ").replace("_", " ").capitalize()
    return f"{title}, sc {request.scene}" if request.scene else title


def shot_of(request: Requested) -> str:
    """The id of the shot that a picture was asked for, or ""."""
    return str(request.settings.get("shot", "")) if request.task == _BOARD else ""


def other_purpose(body: record.Body) -> tuple[DeskName, str]:
    """Desk and purpose of an entry that belongs to no request and no panel."""
    match body:
        case record.PersonAdded():
            # Its row has the name; a search for somebody is then counted from the sums.
            return "Record", "Joined the project"
        case record.ScriptImported(source_name=name):
            return "Write", f"Took in {name}"
        case record.Exported(name=name, format=kind):
            desk = "Record" if kind.startswith("report") else "Write" if kind in _OF_SCRIPT else "Board"
            return desk, f"Exported {name}"
        case record.HandedOver(name=name):
            return "Record", f"Handed over {name}"
        case record.Forgotten(entry=entry):
            return "Record", f"Texts of entry {entry} forgotten"
        case record.BackendAdded(backend=backend):
            return "Gate", f"{backend} set up"
        case record.BackendRemoved(backend=backend):
            return "Gate", f"{backend} taken away"
        case record.AttestationMade(host=host):
            return "Gate", f"{host} attested"
        case record.AttestationRevoked(attestation=attestation):
            return "Gate", f"Attestation {attestation} taken back"
        case record.ConsentRecorded() | record.ConsentRevoked():
            return "Clear", f"Consent {body.consent}"
        case _:
            return _OTHERS.get(body.type, ("Record", plain(body.type)))


def plain(type: str) -> str:
    """The type of an entry as words."""
    return type.replace("_", " ").capitalize()[:80]
