"""Reads the task files: those that came with the program, and a person's own, which win."""

from __future__ import annotations

from pathlib import Path

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.tasks import Task, task_of

#: No wording is longer; a larger file is something else.
_MOST_BYTES = 256 * 1024
#: The order in which the tray shows what came with the program; others follow by title.
_ORDER = ("alt-lines", "beats", "logline", "describe-shot", "continue-scene")


def built_in_folder() -> Path:
    """Where the program's own task files are: beside the code in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parents[1]
    for root in (package.parent, package):
        if (root / "resources" / "prompts").is_dir():
            return root / "resources" / "prompts"
    raise Unavailable(
        "The task files are missing from this installation.", remedy="Install the program again."
    )


def load_tasks(user_folder: Path | None = None) -> dict[str, Task]:
    """Every task by id, in the order the tray shows them.

    A file of the user's own that cannot be read leaves the built-in task of its id in place; see `problems`.
    """
    tasks = {task.id: task for task in map(_read, _files(built_in_folder()))}
    for path in _files(user_folder):
        try:
            task = _read(path)
        except BadInput:
            continue
        tasks[task.id] = task
    shown = sorted(tasks.values(), key=lambda task: (_place(task.id), task.title.casefold()))
    return {task.id: task for task in shown}


def problems(user_folder: Path | None) -> tuple[BadInput, ...]:
    """What is wrong with the user's own task files, each with its file and line."""
    found: list[BadInput] = []
    for path in _files(user_folder):
        try:
            _read(path)
        except BadInput as error:
            found.append(error)
    return tuple(found)


def _place(identifier: str) -> int:
    return _ORDER.index(identifier) if identifier in _ORDER else len(_ORDER)


def _files(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []


def _read(path: Path) -> Task:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput("The task file is far too large.", remedy="Shorten it.", place=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            "The task file is not UTF-8 text.", remedy="Save it as UTF-8.", place=str(path)
        ) from error
    except OSError as error:
        raise BadInput(
            f"The task file cannot be read: {error.strerror}.", remedy="Check the file.", place=str(path)
        ) from error
    return task_of(text, str(path))
