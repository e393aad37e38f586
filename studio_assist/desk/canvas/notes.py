"""What the canvas tells above the page, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from studio_assist.desk.canvas.job import CanvasJob
from studio_assist.desk.shell.notices import Action, Notice
from studio_assist.domain.errors import StudioError

Do = Callable[[], object]


def read_only(why: str) -> Notice:
    sentence = why if why.endswith(".") else f"{why}."
    return Notice("read_only", "info", f"{sentence} You can look, not draw.", closable=False)


def cannot_open(error: StudioError, anew: Do, back: Do) -> Notice:
    """The drawing's file cannot be read: it stays as it is, and there are two ways on."""
    where = f" ({error.place})" if error.place else ""
    return Notice(
        "cannot_open",
        "warning",
        f"{error.message}{where} The file is left as it is; nothing can be drawn on it.",
        (Action("anew", "Begin a new drawing", anew), Action("back", "Back to Board", back)),
        closable=False,
    )


def of_layer(text: str, number: int) -> Notice:
    return Notice(f"layer-{number}", "warning", text)


def cannot_draw(why: str) -> Notice:
    return Notice("refused", "info", why)


def not_saved(error: StudioError, again: Do) -> Notice:
    where = f" ({error.place})" if error.place else ""
    return Notice(
        "save",
        "warning",
        f"{error.message}{where} {error.remedy}",
        (Action("again", "Try now", again),),
        closable=False,
    )


def refused(error: StudioError) -> Notice:
    return Notice("answer", "warning", f"{error.message} {error.remedy}")


def replaced(job: CanvasJob | None, undo: Do) -> Notice:
    number = job.number if job is not None else "The panel"
    return Notice(
        "replaced",
        "info",
        f"{number} is marked as replaced by human. The underlay is gone, and an entry is signed.",
        (Action("undo", "Undo", undo),),
    )


def editor_opened(editor: str) -> Notice:
    return Notice(
        "editor", "info", f"Open in {editor}. What it saves comes back here, with the underlay told apart."
    )


def editor_closed(editor: str) -> Notice:
    return Notice("editor", "warning", f"{editor} closed without saving. Nothing changed; keep working here.")
