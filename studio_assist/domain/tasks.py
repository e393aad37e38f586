"""Tasks: what a person can ask for, each a data file, and how a request is made from one.

A task file is TOML (`resources/prompts/*.toml`; a copy in the user's own folder wins over the one that
came with the program). It names what it applies to, where an accepted answer goes, and one wording for
models that go on writing a text and one for models that answer messages. Pure: files are read elsewhere.

In a wording, `{line}` and the other names of `PLACES` stand for what the script holds. A line of the wording
that begins with `{?note}` is used only when there is a note, and one that begins with `{!note}` only when
there is none; so with every name. A brace itself is written twice.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError

from .context import ContextLine as ContextLine
from .context import TaskContext as TaskContext
from .context import name_in_prose
from .errors import BadInput
from .generation import MOST_CHOICES, BackendInfo, Message, Prompt, Sampling, Style, TextRequest
from .leads import Opening, openings_of
from .values import Value

#: What a wording can name, and what it stands for.
PLACES: Final[Mapping[str, str]] = {
    "title": "the script's title",
    "heading": "the scene's heading",
    "scene": "the whole scene, one element a line",
    "before": "the elements ahead of the selection, as many as `before_lines`",
    "after": "the elements past the selection, as many as `after_lines`",
    "line": "the selected text",
    "written": "the selected text with its speaker, as the scene shows it",
    "cue": "who speaks it",
    "length": "how many words it has",
    "characters": "who is in the scene",
    "synopses": "the script's scenes, one a line",
    "note": "what the person wrote in the ask field",
    "frame": "what the rules put before the answer",
    "lead": "the answer's first words, from the rules",
}

_PLACE: Final = re.compile(r"\{\{|\}\}|\{([?!]?)(\w*)\}|[{}]")
_AT_LINE: Final = re.compile(r"\(at line (\d+)")
_ELEMENTS: Final[Mapping[str, str]] = {
    "dialogue": "a line of dialogue",
    "lyrics": "a sung line",
    "action": "an action line",
    "parenthetical": "a parenthetical",
    "scene_heading": "a scene heading",
    "transition": "a transition",
}


class Placement(StrEnum):
    """Where an accepted answer goes."""

    REPLACE = "replace"  # in place of the selected element's text
    AFTER = "after"  # as new elements after the selected one, or at the scene's end
    SYNOPSIS = "synopsis"  # a synopsis line (`= …`) under the scene heading
    ACTION = "action"  # an action line under the scene heading
    LOGLINE = "title_page:logline"  # the title page's Logline field


class Wording(Value):
    """How one style of model is asked: `text` for completion, `system` and `user` for chat.

    Attributes:
        stop: a choice ends before any of these.
        before_lines, after_lines: how much of the scene around the selection is shown.
    """

    text: str = ""
    system: str = ""
    user: str = ""
    stop: tuple[str, ...] = ("\n",)
    before_lines: Annotated[int, Field(ge=0, le=200)] = 3
    after_lines: Annotated[int, Field(ge=0, le=200)] = 0


class Task(Value):
    """One task, complete.

    Attributes:
        about: one sentence for a tooltip.
        needs: kinds of element it can be asked on; empty: the scene as a whole.
        least_model: the smallest model it makes sense on, in millions of parameters.
        count: cards shown. oversample: choices sampled a card on a completion model.
        rules: which built-in rules open the answer ("", "line", "beats", "shot"); see `leads`.
        max_words: longer answers are trimmed at a sentence's end.
        source: the file it was read from.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Annotated[str, Field(min_length=1, max_length=40)]
    about: str = ""
    placement: Placement
    needs: tuple[str, ...] = ()
    least_model: Annotated[int, Field(ge=0)] = 0
    ask_hint: str = ""
    count: Annotated[int, Field(ge=1, le=8)] = 3
    oversample: Annotated[int, Field(ge=1, le=8)] = 1
    min_words: Annotated[int, Field(ge=1)] = 1
    max_words: Annotated[int, Field(ge=1, le=2000)] = 40
    max_tokens: Annotated[int, Field(ge=1, le=8192)] = 64
    rules: Annotated[str, Field(pattern=r"^(|line|beats|shot)$")] = ""
    sampling: Sampling = Sampling()
    completion: Wording | None = None
    chat: Wording | None = None
    source: str = ""


def task_of(text: str, place: str) -> Task:
    """Read one task file. Raises `BadInput` naming `place` and the line for anything that is wrong in it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else max(1, text.count("\n"))
        raise _bad(f"The task file is not TOML: {str(error).split(' (at', 1)[0]}.", place, line) from error
    try:
        # Through JSON, since a TOML list is a tuple here and a text is a Placement.
        task = Task.model_validate_json(_json({**content, "source": place}))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        line = _line_of(text, [str(part) for part in first["loc"]])
        raise _bad(f"{key or 'The file'} is wrong: {first['msg']}.", place, line) from error
    if task.completion is None and task.chat is None:
        raise _bad("A task needs a [completion] or a [chat] wording.", place, 1)
    for name, wording in (("completion", task.completion), ("chat", task.chat)):
        if wording is None:
            continue
        wanted = ("text",) if name == "completion" else ("user",)
        for key in wanted:
            if not getattr(wording, key):
                raise _bad(f"[{name}] needs {key!r}.", place, _line_of(text, [name]))
        for key in ("text", "system", "user"):
            _check(getattr(wording, key), text, place)
    return task


def why_not(task: Task, info: BackendInfo, selected: str | None) -> str:
    """Why this task cannot be asked of this backend on this kind of element; "" when it can.

    Args:
        selected: the `ElementType` value of the selected element, or None.
    """
    if task.needs and (selected is None or selected not in task.needs):
        wanted = " or ".join(_ELEMENTS.get(kind, kind.replace("_", " ")) for kind in task.needs)
        return f"{task.title} needs {wanted}: select one."
    if info.parameters is not None and info.parameters < task.least_model:
        return (
            f"{task.title} needs a larger model: {info.model} has {info.parameters:,} million parameters,"
            f" and it makes sense from {task.least_model:,} million."
        )
    style = info.capabilities.style
    if _wording(task, style) is None:
        return f"{task.title} has no wording for models that {_does(style)}."
    return ""


def render(
    task: Task, context: TaskContext, info: BackendInfo, *, count: int | None = None, seed: int = 0
) -> TextRequest:
    """The complete request. `count` is cards; the request's own count is what is sampled for them.

    Raises:
        BadInput: the task has no wording for this backend's style of model.
    """
    style = info.capabilities.style
    wording = _wording(task, style)
    if wording is None:
        raise _bad(f"{task.title} has no wording for models that {_does(style)}.", task.source, 1)
    cards = count or task.count
    values = _values(context, wording)
    prompts = [_prompt(wording, style, values, opening) for opening in openings(task, context, style, seed)]
    choices = cards * task.oversample if style is Style.COMPLETION else cards
    return TextRequest(
        prompts=tuple(prompts),
        count=min(choices, MOST_CHOICES),
        seed=seed,
        max_tokens=task.max_tokens,
        stop=wording.stop if style is Style.COMPLETION else (),
        sampling=task.sampling,
    )


def openings(task: Task, context: TaskContext, style: Style, seed: int) -> tuple[Opening, ...]:
    """The openings of a request, in the order of its prompts.

    A model that answers messages is not led by the hand: it gets the frame, if the wording names it.
    """
    found = openings_of(task.rules, context, seed)
    if style is Style.COMPLETION:
        return found
    if task.chat is None or "{frame}" not in task.chat.user:
        return (Opening(),)
    return tuple(dict.fromkeys(Opening(frame=opening.frame) for opening in found))


def examples(task: Task) -> str:
    """The completion wording without its places: an answer must not be a copy of what stands there."""
    return _PLACE.sub("", task.completion.text) if task.completion else ""


# internals


def _wording(task: Task, style: Style) -> Wording | None:
    return task.completion if style is Style.COMPLETION else task.chat


def _does(style: Style) -> str:
    return "go on writing" if style is Style.COMPLETION else "answer messages"


def _prompt(wording: Wording, style: Style, values: Mapping[str, str], opening: Opening) -> Prompt:
    values = {**values, "frame": opening.frame, "lead": opening.words}
    if style is Style.COMPLETION:
        # A space at the end would make the model begin in the middle of a word.
        return Prompt(text=_filled(wording.text, values).rstrip())
    turns = [("system", wording.system), ("user", wording.user)]
    return Prompt(
        messages=tuple(
            Message(role="system" if role == "system" else "user", text=_filled(text, values).strip())
            for role, text in turns
            if text
        )
    )


def _values(context: TaskContext, wording: Wording) -> dict[str, str]:
    line = context.line
    before = context.before[-wording.before_lines :] if wording.before_lines else ()
    after = context.after[: wording.after_lines]
    return {
        "title": context.title,
        "heading": context.heading,
        "scene": _written(context.scene),
        "before": _written(before),
        "after": _written(after),
        "line": line.text if line else "",
        "written": _written((line,)) if line else "",
        "cue": name_in_prose(line.cue) if line else "",
        "length": str(len(line.text.split())) if line else "",
        "characters": ", ".join(name_in_prose(name) for name in context.characters),
        "synopses": "\n".join(context.synopses),
        "note": " ".join(context.note.split()),
    }


def _written(lines: tuple[ContextLine, ...]) -> str:
    # Names as prose writes them: to a small model capitals are shouting, and it shouts back.
    return "\n".join(f"{name_in_prose(line.cue)}: {line.text}" if line.cue else line.text for line in lines)


def _filled(template: str, values: Mapping[str, str]) -> str:
    lines: list[str] = []
    for line in template.splitlines():
        condition = re.match(r"\{([?!])(\w+)\}", line)
        if condition and bool(values.get(condition[2])) is not (condition[1] == "?"):
            continue
        lines.append(line[condition.end() :] if condition else line)
    return _PLACE.sub(
        lambda found: found[0][0] if found[0] in ("{{", "}}") else values[found[2]], "\n".join(lines)
    )


def _check(template: str, text: str, place: str) -> None:
    for line in template.splitlines():
        for found in _PLACE.finditer(line):
            if found[0] in ("{{", "}}"):
                continue
            number = next((n for n, whole in enumerate(text.splitlines(), 1) if found[0] in whole), 1)
            if found[2] is None or not found[2]:
                raise _bad(f"A single {found[0]!r} stands in a wording; write it twice.", place, number)
            if found[2] not in PLACES:
                known = ", ".join(PLACES)
                raise _bad(f"{found[0]} is no name that a wording knows ({known}).", place, number)
            if found[1] and found.start() != 0:
                raise _bad(f"{found[0]} has to stand at the beginning of its line.", place, number)


def _bad(message: str, place: str, line: int) -> BadInput:
    return BadInput(
        message,
        remedy="Mend the file, or delete your copy to use the one that came with the program.",
        place=f"{place}, line {line}",
    )


def _line_of(text: str, path: list[str]) -> int:
    """The line of a key, or of the table that should have held it; 1 when it is nowhere."""
    number = 1
    for part in path:
        pattern = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{re.escape(part)}[\"']?\s*(?:=|\])")
        for candidate, line in enumerate(text.splitlines(), 1):
            if candidate >= number and pattern.match(line):
                number = candidate
                break
    return number


def _json(content: Mapping[str, Any]) -> str:

    return json.dumps(content, default=str)
