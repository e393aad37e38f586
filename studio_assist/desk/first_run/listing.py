"""The models as rows: what writes here, servers that were found, hosts, and files of one's own."""

from __future__ import annotations

from typing import Final

from studio_assist import protocol
from studio_assist.desk.first_run.values import BackendRow, BadgeText
from studio_assist.desk.models import Models, badges_of
from studio_assist.domain.generation import BackendInfo, Where

#: What begins the ids of rows that are no backends.
FOLDER: Final = "folder:"
SERVER: Final = "server:"
LOOK_AGAIN: Final = "look:"
OWN_FILE: Final = "own-file"
_STAYS: Final = (BadgeText("Nothing leaves"),)
#: A server here may pass on what it is sent (Ollama's cloud models do), so it is asked about like any other.
_ASKS: Final = (BadgeText("On this machine, asks first", "plane"),)
#: Servers with a row of their own while they do not run; the others share one.
_USUAL: Final = ("Ollama", "ComfyUI")
#: The most ports whose numbers stand in a row.
_MOST_PORTS: Final = 2
_PICTURES: Final = ("ComfyUI", "Stable Diffusion web UI")
_FILES_WHY: Final = "Its model files are used directly; the program itself is not asked."


def rows_of(models: Models) -> tuple[BackendRow, ...]:
    """Every row, in the order of the page: this machine first, hosts after it, a file of one's own last."""
    here = [info for info in models.everything if info.host is None]
    near = [info for info in models.hosts if info.where is Where.HERE]
    far = [info for info in models.hosts if info.where is not Where.HERE]
    rows = [_local(info, models) for info in here] or [
        BackendRow("looking", "On this machine", "Looking", "looking", badges=_STAYS)
    ]
    rows += [_host(info, models) for info in near]
    rows += _servers(models)
    rows += [_host(info, models) for info in far]
    own = BackendRow(
        OWN_FILE,
        "A model file of yours",
        "Any GGUF text file",
        "found",
        "chip",
        _STAYS,
        "Choose a file",
    )
    return (*rows, own)


def _local(info: BackendInfo, models: Models) -> BackendRow:
    size = f" · {info.model}, CPU" if info.model else ""
    state = f"Ready{size}" if info.ready else (info.why or "Not ready")
    chosen = models.chosen
    action = ("Try it" if chosen is None or chosen.id == info.id else "Use") if info.ready else None
    return BackendRow(
        info.id,
        info.name,
        state,
        "ready" if info.ready else "off",
        "chip",
        badges_of(info, models.standing_of(info.id)),
        action,
        why=" ".join(part for part in (info.quality, info.why, info.remedy) if part),
    )


def _host(info: BackendInfo, models: Models) -> BackendRow:
    standing = models.standing_of(info.id)
    blocked = standing.blocked if standing else ""
    state = standing.state if standing else ("Ready" if info.ready else info.why or "Not ready")
    chosen = models.chosen is not None and models.chosen.id == info.id
    action, icon = _action(standing, ready=info.ready, chosen=chosen, text="text" in info.kinds)
    return BackendRow(
        info.id,
        info.name,
        f"{state} · in use" if chosen and not (standing and standing.needs) else state,
        "ready" if info.ready and not blocked else "off",
        "cloud" if info.where is Where.OUTSIDE else "server",
        badges_of(info, standing),
        action,
        icon,
        "Add key" if icon == "key" else "",
        why=blocked or " ".join(part for part in (info.why, info.remedy) if part),
    )


def _action(
    standing: protocol.Standing | None, *, ready: bool, chosen: bool, text: bool
) -> tuple[str | None, str]:
    """What a person can do next about a host, with its icon."""
    match standing.needs if standing else None:
        case "key":
            # Where nothing will be sent, it is said that the key itself is safe to give.
            return ("Add key to system keychain" if standing and standing.blocked else "Add key"), "key"
        case "attestation":
            return "Attest…", "shield-check"
        case "model":
            return "Name its model…", "pencil"
        case None:
            return ("Use" if ready and text and not chosen else None), ""


def _servers(models: Models) -> list[BackendRow]:
    known = {info.id for info in models.everything}
    waiting = [one for one in models.servers if one.backend not in known]
    running = {one.kind for one in models.servers if one.running}
    rows = [_running(one) for one in waiting if one.running]
    with_files = {found.tool for found in models.found if found.models}
    for found in models.found:
        if not found.models:
            continue
        count = _count(len(found.models))
        off = found.tool not in running and any(one.kind == found.tool for one in models.servers)
        rows.append(
            BackendRow(
                f"{FOLDER}{found.folder}",
                f"Model files of {found.tool}" if found.tool in running else found.tool,
                f"Not running · {count} in its folder" if off else f"Found · {count} in its folder",
                "found",
                "server",
                _STAYS,
                "Use",
                why=_FILES_WHY,
            )
        )
    off = [one for one in waiting if not one.running and one.kind not in with_files]
    single = [one for one in off if one.kind in _USUAL]
    others = [one for one in off if one.kind not in _USUAL]
    for one in single:
        words = f"Not running · looked on port {one.port}"
        rows.append(_off(one.kind, words, one.kind, looking=models.looking))
    if others:
        names = ", ".join(one.kind for one in others)
        ports = sorted({one.port for one in others})
        numbers = ", ".join(map(str, ports))
        on = f"port{'s' if len(ports) > 1 else ''} {numbers}"
        words = f"Not running · looked on {on}"
        if len(ports) > _MOST_PORTS:
            # So many numbers would be cut off in the row; its tip has them.
            words = f"None found on {len(ports)} ports"
        why = f"Looked for {names}, on {on}."
        rows.append(_off("Other servers", words, "others", looking=models.looking, why=why))
    if not models.servers and models.looking:
        rows += [_off(kind, "", kind, looking=True) for kind in _USUAL]
    return rows


def _running(one: protocol.FoundServer) -> BackendRow:
    count = f", {_count(len(one.models))}" if one.models else ""
    usable = bool(one.type)
    return BackendRow(
        SERVER + one.kind,
        one.kind,
        f"Found · localhost:{one.port}{count}",
        "found",
        "picture" if one.kind in _PICTURES else "server",
        _ASKS,
        "Use" if usable else None,
        why="" if usable else "This version does not ask it yet.",
    )


def _off(name: str, words: str, row: str, *, looking: bool, why: str = "") -> BackendRow:
    return BackendRow(
        LOOK_AGAIN + row,
        name,
        "Looking" if looking else words,
        "looking" if looking else "off",
        "picture" if name in _PICTURES else "server",
        _ASKS,
        "Look again",
        "refresh",
        why=why or ("" if looking else words),
    )


def _count(number: int) -> str:
    return "1 model" if number == 1 else f"{number:,} models"
